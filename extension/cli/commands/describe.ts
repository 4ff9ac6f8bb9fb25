import { didYouMean } from "../../../schema/did-you-mean.ts";
import { Cue, cueDefinitions, cueKinds } from "../../../schema/entities/cue.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Param, ProcessorDefinition, ScalarParam } from "../../../schema/param.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { defaultsOf, toJsonSchema } from "../../../schema/processor.ts";
import { unitSuffix } from "../../../schema/processor-schema.ts";
import { processors } from "../../../schema/processors/index.ts";
import { usageProblem } from "../arguments.ts";
import type { Command } from "../command.ts";
import { columns } from "../text.ts";

const all: readonly ProcessorDefinition[] = processors;

const scalarRange = (param: ScalarParam): string => {
  if (param.kind === "number") return `${param.min} to ${param.max}${unitSuffix[param.unit]}`;
  return param.kind === "choice" ? param.options.join(" | ") : "true | false";
};

const scalarRow = (name: string, param: ScalarParam) => [name, scalarRange(param), String(param.default), param.doc];

const rows = (name: string, param: Param): string[][] => {
  if (param.kind !== "list") return [scalarRow(`  ${name}`, param)];
  return [
    [`  ${name}`, `list, at most ${param.maxItems}`, "[]", param.doc],
    ...Object.entries(param.item).map(([key, item]) => scalarRow(`    ${key}`, item)),
  ];
};

const commonDoc = (name: string, description = ""): string => {
  if (name === "id") return "Unique in the document.";
  return name === "file" ? `${description} In a chain file: its path.` : description;
};

/** The keys that stand beside the parameters: none of a rule, which has a form of its own in the document. */
const commonKeys = (definition: ProcessorDefinition) =>
  definition.rule
    ? []
    : Object.entries(toJsonSchema(definition).properties ?? {})
        .filter(([name]) => !Object.hasOwn(definition.params, name))
        .map(([name, schema]) => ({
          name,
          ...(schema.default === undefined ? {} : { default: schema.default }),
          doc: commonDoc(name, schema.description),
        }));

const described = (definition: ProcessorDefinition) => ({ ...definition, common: commonKeys(definition) });

const commonRow = ({ name, doc, ...more }: ReturnType<typeof commonKeys>[number]) => [
  `  ${name}`,
  "default" in more ? JSON.stringify(more.default) : "",
  doc,
];

const describeText = (definition: ProcessorDefinition): string => {
  const { type, title, doc, params, rule } = definition;
  const parameters = Object.entries(params).flatMap(([name, param]) => rows(name, param));
  const head = ["  parameter", "range", "default", ""];
  const where = rule
    ? "A rule of the document, not an insert.\n"
    : `Also\n${columns(commonKeys(definition).map(commonRow))}\nIn a chain\n  ${JSON.stringify({ type, ...defaultsOf(definition) })}\n`;
  return `${type}: ${title}. ${doc}\n\n${columns([head, ...parameters])}\n${where}`;
};

/** How many parameters a processor has, those of its lists included. */
const parameterCount = ({ params }: ProcessorDefinition): number =>
  Object.values(params).reduce(
    (sum, param) => sum + 1 + (param.kind === "list" ? Object.keys(param.item).length : 0),
    0,
  );

const overview = (): string =>
  columns([
    ["type", "stands in", "parameters", ""],
    ...all.map((definition) => [
      definition.type,
      definition.rule ? "rule" : "chain",
      String(parameterCount(definition)),
      definition.doc,
    ]),
  ]);

const CUE = "cue";

const fieldRows = (schema: JsonSchema, indent: string): string[][] =>
  Object.entries(schema.properties ?? {}).map(([name, { description = "" }]) => [`${indent}${name}`, description]);

const describedCue = () => ({
  type: CUE,
  doc: Cue.description,
  fields: Cue.properties,
  sources: Object.fromEntries(Object.values(cueDefinitions).map((schema, index) => [cueKinds[index]!, schema])),
});

/** Cues are no processors, but people ask for both in one place. */
const describeCueText = (): string => {
  const { doc, sources } = describedCue();
  const kinds = Object.entries(sources).flatMap(([kind, schema]) => [
    [`  ${kind}`, schema.description ?? ""],
    ...fieldRows(schema, "    ").filter(([name]) => name?.trim() !== "kind"),
  ]);
  return `${CUE}: ${doc}\n\n${columns(fieldRows(Cue, "  "))}\nKinds of source\n${columns(kinds)}`;
};

export const describeCommand: Command = {
  name: "describe",
  summary: "the parameters of every processor, from the registry, and what a cue may play",
  usage: "[<processor> | cue]",
  options: [],
  examples: ["premix describe", "premix describe compressor --json"],
  positionals: [0, 1],
  run: async ({ positionals: [name] }) => {
    if (name === undefined) {
      return { exitCode: 0, json: { ok: true, exitCode: 0, processors: all.map(described) }, text: overview() };
    }
    if (name === CUE)
      return { exitCode: 0, json: { ok: true, exitCode: 0, ...describedCue() }, text: describeCueText() };
    const found = all.find(({ type }) => type === name);
    if (found) return { exitCode: 0, json: { ok: true, exitCode: 0, ...described(found) }, text: describeText(found) };
    const allowed = [...all.map(({ type }) => type), CUE];
    const guess = didYouMean(name, allowed);
    const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
    const message = `There is no processor ${JSON.stringify(name)}; the processors are ${allowed.join(", ")}.${hint}`;
    throw new ProblemError(usageProblem(message, { allowed, ...(guess === undefined ? {} : { didYouMean: guess }) }));
  },
};
