import { definitions } from "./entities/index.ts";
import type { JsonSchema } from "./json-schema.ts";

const REF_PREFIX = "#/definitions/";

/** Where a value stands in the schema: follows a $ref, and among alternatives the one that the value names. undefined = nothing known. */
const resolve = (schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined => {
  if (schema?.$ref !== undefined) return resolve(definitions[schema.$ref.slice(REF_PREFIX.length)], value);
  if (schema?.oneOf === undefined) return schema;
  const tag = schema.discriminator?.propertyName ?? "type";
  const named = (value as { readonly [name: string]: unknown } | null | undefined)?.[tag];
  return schema.oneOf
    .map((branch) => resolve(branch, value))
    .find((branch) => branch?.properties?.[tag]?.const === named);
};

/** The schema of a whole mix document. */
export const documentRoot: JsonSchema = definitions["MixDocument"]!;

/** The schema of a member or item of `value`, whose own schema is given; undefined for what the schema does not know. */
export const memberSchema = (schema: JsonSchema | undefined, key: string, value: unknown): JsonSchema | undefined => {
  if (schema === undefined) return undefined;
  if (Array.isArray(schema.items)) return resolve((schema.items as readonly JsonSchema[])[Number(key)], value);
  if (schema.items !== undefined) return resolve(schema.items as JsonSchema, value);
  if (schema.properties && Object.hasOwn(schema.properties, key)) return resolve(schema.properties[key], value);
  const others = schema.additionalProperties;
  return others === true ? undefined : resolve(others, value);
};

const keysOf = new WeakMap<JsonSchema, readonly string[]>();

/** The names that the schema gives to members of an object; empty for free maps. */
export const knownKeys = (schema: JsonSchema | undefined): readonly string[] => {
  if (schema?.properties === undefined) return [];
  const known = keysOf.get(schema) ?? Object.keys(schema.properties);
  keysOf.set(schema, known);
  return known;
};

/** The schema of the value at the end of a path into a document. */
export const schemaAt = (document: unknown, segments: readonly string[]): JsonSchema | undefined => {
  let schema: JsonSchema | undefined = documentRoot;
  let value = document;
  for (const segment of segments) {
    value = value !== null && typeof value === "object" ? (value as Record<string, unknown>)[segment] : undefined;
    schema = memberSchema(schema, segment, value);
  }
  return schema;
};
