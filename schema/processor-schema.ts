import type { JsonSchema } from "./json-schema.ts";
import type { NumberParam, Param, ProcessorDefinition } from "./param.ts";

/** How a unit is written behind a number, with its space; nothing where the name says it. */
export const unitSuffix: Readonly<Record<NumberParam["unit"], string>> = {
  dB: " dB",
  dBFS: " dBFS",
  dBTP: " dBTP",
  LU: " LU",
  LUFS: " LUFS",
  ms: " ms",
  s: " s",
  m: " m",
  Hz: " Hz",
  ratio: " : 1",
  percent: " %",
  degrees: "°",
  "dB/oct": " dB/oct",
  "dB/s": " dB/s",
  q: "",
  none: "",
};

const described = (doc: string, text: string, markdown: string) => ({
  description: `${doc} ${text}`,
  markdownDescription: `${doc}\n\n${markdown}`,
});

const numberSchema = (param: NumberParam): JsonSchema => {
  const { min, max, default: usual, doc } = param;
  const unit = unitSuffix[param.unit];
  return {
    type: "number",
    minimum: min,
    maximum: max,
    default: usual,
    ...described(
      doc,
      `${min} to ${max}${unit}, default ${usual}.`,
      `**${min}** to **${max}**${unit}, default \`${usual}\``,
    ),
  };
};

/** One parameter as a schema node, with unit and range in its descriptions. */
const paramSchema = (param: Param): JsonSchema => {
  if (param.kind === "number") return numberSchema(param);
  const { doc } = param;
  if (param.kind === "flag") {
    const usual = String(param.default);
    return {
      type: "boolean",
      default: param.default,
      ...described(doc, `Default ${usual}.`, `Default \`${usual}\``),
    };
  }
  if (param.kind === "choice") {
    const marked = param.options.map((option) => `\`${option}\``).join(", ");
    return {
      type: "string",
      enum: param.options,
      default: param.default,
      ...described(
        doc,
        `One of ${param.options.join(", ")}; default ${param.default}.`,
        `${marked}; default \`${param.default}\``,
      ),
    };
  }
  return {
    type: "array",
    maxItems: param.maxItems,
    default: [],
    items: { type: "object", additionalProperties: true, properties: paramSchemas(param.item) },
    ...described(doc, `At most ${param.maxItems}.`, `At most **${param.maxItems}**`),
  };
};

/** The parameters of a definition as schema properties, in declaration order. */
export const paramSchemas = (params: Readonly<Record<string, Param>>): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(Object.entries(params).map(([name, param]) => [name, paramSchema(param)]));

const idSchema: JsonSchema = { $ref: "#/definitions/Id" };
const noteSchema: JsonSchema = { type: "string", description: "Free text for people; never changes the sound." };

const sidechainSchema: JsonSchema = {
  type: ["string", "null"],
  default: null,
  description: "Id of the bus that the detector listens to; null or absent: the signal itself.",
};

const fileSchema = (description: string): JsonSchema => ({ type: ["string", "null"], default: null, description });

/** The keys that every insert has, in order. */
export const insertSchema = (type: JsonSchema): Readonly<Record<string, JsonSchema>> => ({
  id: idSchema,
  type,
  enabled: { type: "boolean", default: true, description: "false: the signal passes unchanged, with the same delay." },
  mixPercent: {
    type: "number",
    minimum: 0,
    maximum: 100,
    default: 100,
    description: "Share of the processed signal. 0 to 100 %, default 100.",
  },
  note: noteSchema,
});

/** Draft-07 schema of one insert: the common keys, then the definition's parameters flat beside them. */
export const toJsonSchema = (definition: ProcessorDefinition): JsonSchema => ({
  type: "object",
  description: definition.doc,
  additionalProperties: true,
  required: ["id", "type", "enabled", "mixPercent"],
  properties: {
    ...insertSchema({ const: definition.type, description: definition.title }),
    ...(definition.keyed ? { sidechain: sidechainSchema } : {}),
    ...(definition.file === undefined ? {} : { file: fileSchema(definition.file) }),
    ...paramSchemas(definition.params),
  },
});
