import type { JsonSchema } from "../json-schema.ts";

type Fields = Readonly<Record<string, JsonSchema>>;

/** An object whose unknown keys survive; fields named in `optional` may be absent. */
export const entity = (description: string, fields: Fields, optional: readonly string[] = []): JsonSchema => ({
  type: "object",
  description,
  additionalProperties: true,
  required: Object.keys(fields).filter((name) => !optional.includes(name)),
  properties: fields,
});

/** One of the named definitions. */
export const ref = (name: string, description?: string): JsonSchema => ({
  $ref: `#/definitions/${name}`,
  ...(description === undefined ? {} : { description }),
});

/** A simple definition in the place of a reference to it; what the reference says comes first. */
export const inPlace = (definition: JsonSchema, { description }: JsonSchema): JsonSchema =>
  description === undefined ? definition : { ...definition, description: `${description} ${definition.description}` };

/** An entity, or null. */
export const entityOrNull = (schema: JsonSchema, description: string): JsonSchema => ({
  ...schema,
  type: ["object", "null"],
  description,
});

/** Any text. */
export const text = (description: string): JsonSchema => ({ type: "string", description });

/** Any text, or null. */
export const textOrNull = (description: string): JsonSchema => ({ type: ["string", "null"], description });

/** true or false. */
export const flag = (description: string): JsonSchema => ({ type: "boolean", description });

/** A number in [minimum, maximum] `unit`; range and unit are added to the description. */
export const number = (description: string, minimum: number, maximum: number, unit: string): JsonSchema => ({
  type: "number",
  minimum,
  maximum,
  description: `${description} ${minimum} to ${`${maximum} ${unit}`.trim()}.`,
});

/** A whole number in [minimum, maximum] `unit`. */
export const integer = (description: string, minimum: number, maximum: number, unit: string): JsonSchema => ({
  ...number(description, minimum, maximum, unit),
  type: "integer",
});

/** The same, or null when it is not known. */
export const orNull = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  type: [schema.type as string, "null"],
  description: `${schema.description} null: not known.`,
});

/** Items of one kind, any number or at most `maxItems`. */
export const listOf = (items: JsonSchema, description: string, maxItems?: number): JsonSchema => ({
  type: "array",
  description: maxItems === undefined ? description : `${description} At most ${maxItems}.`,
  ...(maxItems === undefined ? {} : { maxItems }),
  items,
});

/** Free data under free names. */
export const freeMap = (description: string): JsonSchema => ({
  type: "object",
  description,
  additionalProperties: true,
});

/** Free text beside any entity. */
export const note = text("Free text for people; never changes the sound.");
/** What a host needs to find its own item again; opaque to everything else. */
export const host = freeMap("Anchors in a host, by host name; opaque.");
