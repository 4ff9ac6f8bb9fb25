import type { templateKeys } from "../entities/layer.ts";
import type { Role } from "../generated/mix-document.ts";

/** An object of which only the keys are known; what stands under them is checked after the layers are one document. */
export type Members = { readonly [key: string]: unknown };

export const isMembers = (value: unknown): value is Members =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Where layers come from, lowest first. */
export type LayerKind = "defaults" | "house" | "workspace" | "project" | "document";

/** One layer of a mix: plain data of the shape of settings.jsonc, and where it was read. */
export type LayerSource = {
  readonly kind: LayerKind;
  /** How people know it: "project", "@acme/mix-house@2.1.0". */
  readonly name: string;
  readonly layer: Members;
  /** null for what no file says. */
  readonly file: string | null;
  /** Where in the file stands what the layer has at a pointer. */
  readonly inFile: (pointer: string) => string;
  /** RFC 6901 pointers into the layer, list items by id, that no later layer may change. */
  readonly locked: readonly string[];
};

/** Document-level keys that a layer may give, merged into the document's own. */
export const sharedKeys = ["targets", "buses", "duckers", "stems"] as const;

/** Kinds of things that a layer speaks of without naming them. */
export type TemplateKind = keyof typeof templateKeys;

const roleBlock = /^(?:\[[^[\]]*\])+$/;

/** The names in a role block's key: "[dialogue][effects]" -> dialogue, effects; undefined for any other key. */
export const rolesOfKey = (key: string): readonly string[] | undefined =>
  roleBlock.test(key) ? key.slice(1, -1).split("][") : undefined;

/** The keys of a layer's blocks for a role: those for several roles first, so that the one for this role alone wins. */
export const blocksOf = (layer: Members, role: Role | null): readonly string[] => {
  if (role === null) return [];
  return Object.keys(layer)
    .map((key) => ({ key, roles: rolesOfKey(key) ?? [] }))
    .filter(({ roles }) => roles.includes(role))
    .sort((a, b) => b.roles.length - a.roles.length)
    .map(({ key }) => key);
};

/** A copy with these keys only. */
export const pick = (value: Members, keys: readonly string[]): Members =>
  Object.fromEntries(keys.filter((key) => Object.hasOwn(value, key)).map((key) => [key, value[key]]));

/** A copy without these keys. */
export const omit = (value: Members, keys: readonly string[]): Members =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** The role that a track, clip or bus names itself. */
export const roleOf = (value: Members): Role | null =>
  typeof value["role"] === "string" ? (value["role"] as Role) : null;
