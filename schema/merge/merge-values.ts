import { byCodePoint } from "../canonical.ts";
import { isOpaque, type KeyedItems, type ListRule, listRule } from "../diff/keyed-items.ts";
import { isMembers, isSame, type Members } from "../diff/same.ts";
import type { JsonSchema } from "../json-schema.ts";
import { memberSchema } from "../schema-walk.ts";
import { mergeOrder } from "./merge-order.ts";
import type { Side, Three } from "./policy.ts";

export type Reason = "value" | "removed" | "order";

/** Both sides changed one thing, each in its own way; undefined = absent. */
export type Collision = { readonly reason: Reason; readonly path: readonly string[]; readonly values: Three<unknown> };
export type Decide = (collision: Collision) => Side;

/** `values` with a function applied to each. */
export const eachSide = <T, U>({ base, ours, theirs }: Three<T>, give: (value: T) => U): Three<U> => ({
  base: give(base),
  ours: give(ours),
  theirs: give(theirs),
});

type Schemas = Three<JsonSchema | undefined>;

const schemasBelow = (schemas: Schemas, key: string, values: Three<unknown>): Schemas => ({
  base: memberSchema(schemas.base, key, values.base),
  ours: memberSchema(schemas.ours, key, values.ours),
  theirs: memberSchema(schemas.theirs, key, values.theirs),
});

const collide = (values: Three<unknown>, path: readonly string[], decide: Decide): unknown => {
  const reason = values.ours === undefined || values.theirs === undefined ? "removed" : "value";
  return values[decide({ reason, path, values })];
};

const mergeMembers = (values: Three<Members>, schemas: Schemas, path: readonly string[], decide: Decide): Members => {
  const merged: Record<string, unknown> = {};
  for (const key of new Set([
    ...Object.keys(values.ours),
    ...Object.keys(values.theirs),
    ...Object.keys(values.base),
  ])) {
    const inner = eachSide(values, (members) => members[key]);
    const value = mergeValues(inner, schemasBelow(schemas, key, inner), [...path, key], decide);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
};

const orderOf = (
  rule: ListRule,
  items: Three<KeyedItems>,
  merged: ReadonlyMap<string, unknown>,
  path: readonly string[],
  decide: Decide,
): readonly unknown[] => {
  if (rule.order) return rule.order([...merged.keys()].sort(byCodePoint).map((key) => merged.get(key)));
  const lists = eachSide(items, (side) => [...side.keys()]);
  const members = new Set(merged.keys());
  const side = (order: readonly string[] | null) =>
    order ?? lists[decide({ reason: "order", path, values: lists })].filter((key) => members.has(key));
  const keys = side(mergeOrder(lists, members).order);
  return [...new Set([...keys, ...[...members].sort(byCodePoint)])].map((key) => merged.get(key));
};

const mergeLists = (
  lists: Three<readonly unknown[]>,
  rule: ListRule,
  schemas: Schemas,
  path: readonly string[],
  decide: Decide,
): readonly unknown[] => {
  const items = eachSide(lists, (list) => rule.keys(list, lists.base));
  const merged = new Map<string, unknown>();
  for (const key of new Set([...items.ours.keys(), ...items.theirs.keys(), ...items.base.keys()])) {
    const inner = eachSide(items, (side) => side.get(key)?.item);
    const value = mergeValues(inner, schemasBelow(schemas, "0", inner), [...path, key], decide);
    if (value !== undefined) merged.set(key, value);
  }
  return orderOf(rule, items, merged, path, decide);
};

/**
 * One value out of three, as deep as members and items can be told apart: what one side changed is taken, what both changed alike
 * too; all else goes to `decide`. undefined = absent.
 */
export const mergeValues = (
  values: Three<unknown>,
  schemas: Schemas,
  path: readonly string[],
  decide: Decide,
): unknown => {
  const { base, ours, theirs } = values;
  if (isSame(ours, theirs) || isSame(base, theirs)) return ours;
  if (isSame(base, ours)) return theirs;
  const isOneKind = schemas.ours === schemas.theirs && !isOpaque(schemas.ours);
  if (isOneKind && isMembers(ours) && isMembers(theirs)) {
    const members = { base: isMembers(base) ? base : {}, ours, theirs };
    return mergeMembers(members, { ...schemas, base: schemas.ours }, path, decide);
  }
  if (isOneKind && Array.isArray(ours) && Array.isArray(theirs)) {
    const lists = { base: Array.isArray(base) ? base : [], ours, theirs };
    const rule = listRule(schemas.ours, Object.values(lists));
    if (rule !== null) return mergeLists(lists, rule, { ...schemas, base: schemas.ours }, path, decide);
  }
  return collide(values, path, decide);
};
