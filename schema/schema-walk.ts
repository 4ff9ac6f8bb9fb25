import { definitions, folderDefinitions } from "./entities/index.ts";
import type { Definitions, JsonSchema } from "./json-schema.ts";

const REF_PREFIX = "#/definitions/";
const all: Definitions = { ...definitions, ...folderDefinitions };

const byRef: ReadonlyMap<string, JsonSchema> = new Map(
  Object.entries(all).map(([name, schema]) => [REF_PREFIX + name, schema]),
);

type Branches = { readonly tag: string; readonly byName: ReadonlyMap<unknown, JsonSchema> };

const branchesOf = new WeakMap<JsonSchema, Branches>();

/** The alternatives of a schema by the constant that tells them apart. */
const branches = (choice: JsonSchema): Branches => {
  const known = branchesOf.get(choice);
  if (known !== undefined) return known;
  const tag = choice.discriminator?.propertyName ?? "type";
  const targets = (choice.oneOf ?? []).flatMap((branch) => resolve(branch, undefined) ?? []);
  const made = { tag, byName: new Map(targets.map((target) => [target.properties?.[tag]?.const, target])) };
  branchesOf.set(choice, made);
  return made;
};

/** Where a value stands in the schema: follows a $ref, and among alternatives the one that the value names. undefined = nothing known. */
const resolve = (schema: JsonSchema | undefined, value: unknown): JsonSchema | undefined => {
  if (schema?.$ref !== undefined) return resolve(byRef.get(schema.$ref), value);
  const choice = schema?.oneOf === undefined ? schema?.dependencies?.["type"] : schema;
  if (choice?.oneOf === undefined) return schema;
  const { tag, byName } = branches(choice);
  return byName.get((value as { readonly [name: string]: unknown } | null | undefined)?.[tag]);
};

/** The schema of a whole mix document. */
export const documentRoot: JsonSchema = definitions["MixDocument"]!;

const patternOf = ({ patternProperties }: JsonSchema, key: string): string | undefined =>
  patternProperties && Object.keys(patternProperties).find((pattern) => new RegExp(pattern, "u").test(key));

/** The schema of a member or item of `value`, whose own schema is given; undefined for what the schema does not know. */
export const memberSchema = (schema: JsonSchema | undefined, key: string, value: unknown): JsonSchema | undefined => {
  if (schema === undefined) return undefined;
  if (Array.isArray(schema.items)) return resolve((schema.items as readonly JsonSchema[])[Number(key)], value);
  if (schema.items !== undefined) return resolve(schema.items as JsonSchema, value);
  if (schema.properties && Object.hasOwn(schema.properties, key)) return resolve(schema.properties[key], value);
  const pattern = patternOf(schema, key);
  if (pattern !== undefined) return resolve(schema.patternProperties![pattern], value);
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

/** True when the schema says which keys an object has, and this is none of them. */
export const isStrange = (schema: JsonSchema, key: string): boolean => {
  const known = knownKeys(schema);
  if (known.length === 0 && schema.patternProperties === undefined) return false;
  return !known.includes(key) && patternOf(schema, key) === undefined;
};

/** The schema of the value at the end of a path into a document, or into another file that `root` describes. */
export const schemaAt = (
  document: unknown,
  segments: readonly string[],
  root: JsonSchema = documentRoot,
): JsonSchema | undefined => {
  let schema: JsonSchema | undefined = root;
  let value = document;
  for (const segment of segments) {
    value = value !== null && typeof value === "object" ? (value as Record<string, unknown>)[segment] : undefined;
    schema = memberSchema(schema, segment, value);
  }
  return schema;
};

/** The schema of one of the named entities; `value` tells alternatives apart. */
export const entitySchema = (name: string, value: unknown): JsonSchema | undefined =>
  resolve({ $ref: REF_PREFIX + name }, value);
