import { definitions } from "../entities/index.ts";
import type { JsonSchema } from "../json-schema.ts";

/** Where entities of one kind stand in another: a list of objects with `id`, or a map by id. */
export type EntityHome = {
  readonly name: string;
  readonly kind: string;
  readonly isMap: boolean;
  readonly schema: JsonSchema;
};

/** The entity that holds all others. */
export const ROOT_KIND = "MixDocument";

const nameOf = (schema: unknown): string | undefined => (schema as JsonSchema | undefined)?.$ref?.split("/").at(-1);

const hasId = (kind: string): boolean => {
  const schema = definitions[kind];
  return (schema?.oneOf ? definitions[nameOf(schema.oneOf[0]) ?? ""] : schema)?.properties?.["id"] !== undefined;
};

const homeIn = ([name, schema]: readonly [string, JsonSchema]): readonly EntityHome[] => {
  const item = nameOf(schema.items);
  if (item !== undefined && hasId(item)) return [{ name, kind: item, isMap: false, schema }];
  const member = schema.additionalProperties === true ? undefined : nameOf(schema.additionalProperties);
  return member === undefined ? [] : [{ name, kind: member, isMap: true, schema }];
};

const homesByKind = new Map<string, readonly EntityHome[]>();

/** The lists and maps of entities that an entity of this kind holds, in schema order. */
export const homesOf = (kind: string): readonly EntityHome[] => {
  const known = homesByKind.get(kind) ?? Object.entries(definitions[kind]?.properties ?? {}).flatMap(homeIn);
  homesByKind.set(kind, known);
  return known;
};

const namesByKind = new Map<string, ReadonlySet<string>>();

/** The members of an entity that hold other entities. */
export const homeNames = (kind: string): ReadonlySet<string> => {
  const known = namesByKind.get(kind) ?? new Set(homesOf(kind).map(({ name }) => name));
  namesByKind.set(kind, known);
  return known;
};

const depths = (kind: string, depth: number, found: Map<string, number>): Map<string, number> => {
  found.set(kind, Math.max(depth, found.get(kind) ?? 0));
  for (const home of homesOf(kind)) depths(home.kind, depth + 1, found);
  return found;
};

/** Every kind of entity, those that hold others in front of what they hold. */
export const entityKinds: readonly string[] = [...depths(ROOT_KIND, 0, new Map())]
  .sort(([, a], [, b]) => a - b)
  .map(([kind]) => kind);
