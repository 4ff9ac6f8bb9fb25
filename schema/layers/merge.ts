import { definitions } from "../entities/index.ts";
import { isMembers, type Members } from "./layer.ts";
import type { Locks } from "./locks.ts";

/** What a merge did not do as asked. */
export type MergeNote = {
  readonly kind: "locked" | "nothing-to-remove" | "nothing-to-follow";
  /** Keys and item ids below the merged value. */
  readonly path: readonly string[];
  /** The id that `$after` names. */
  readonly id?: string;
};

/** Where the merge stands and whom it tells. */
export type MergePlace = {
  readonly locks: Locks | undefined;
  /** Key or item id under the place above. */
  readonly key: string;
  /** null: this is the merged value itself. */
  readonly above: MergePlace | null;
  /** null: nobody wants to know. */
  readonly note: ((note: MergeNote) => void) | null;
};

type Item = Members & { readonly id: string };

/** Data of hosts and extensions: replaced whole, never looked into. */
const opaqueKeys: ReadonlySet<string> = new Set(["host", "extensions", "extras", "state"]);

export const isOpaque = (key: string): boolean => opaqueKeys.has(key);

const mayBeNull = ([, schema]: [string, { readonly type?: string | readonly string[] }]) =>
  Array.isArray(schema.type) && schema.type.includes("null");

/** Keys to which the schema gives null as a value; elsewhere null deletes. */
export const nullableKeys: ReadonlySet<string> = new Set(
  Object.values(definitions).flatMap(({ properties = {} }) =>
    Object.entries(properties)
      .filter(mayBeNull)
      .map(([key]) => key),
  ),
);

/** A list whose items are told apart by `id`. */
export const isIdList = (value: unknown): value is readonly Item[] =>
  Array.isArray(value) && value.every((item) => isMembers(item) && typeof item["id"] === "string");

const below = (place: MergePlace, key: string): MergePlace => ({
  locks: place.locks?.below.get(key),
  key,
  above: place,
  note: place.note,
});

const pathOf = ({ above, key }: MergePlace): readonly string[] => (above === null ? [] : [...pathOf(above), key]);

const tell = (place: MergePlace, kind: MergeNote["kind"], more: Partial<MergeNote> = {}): void =>
  place.note?.({ kind, path: pathOf(place), ...more });

const isEqual = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** A list on a list, or an object on an object, goes into it; everything else takes its place. */
const goesInto = (lower: unknown, higher: unknown): boolean =>
  (isMembers(lower) && isMembers(higher)) || (isIdList(lower) && isIdList(higher));

/** True when a lock keeps the lower value whole. */
const isKept = (lower: unknown, higher: unknown, { locks }: MergePlace): boolean =>
  locks !== undefined && (locks.locked || !goesInto(lower, higher));

/** Values that no merge looks into. */
const isWhole = (key: string, value: unknown): boolean =>
  isOpaque(key) || (value === null ? nullableKeys.has(key) : typeof value !== "object");

const mergeObject = (lower: Members, higher: Members, place: MergePlace): Members => {
  const merged: Record<string, unknown> = { ...lower };
  for (const key of Object.keys(higher)) {
    const value = higher[key];
    if (isWhole(key, value) && !place.locks?.below.has(key)) merged[key] = value;
    else if (value === null && !nullableKeys.has(key)) remove(merged, key, place);
    else {
      const inner = mergeValues(merged[key], value, below(place, key));
      // Nothing, when a house locks that nothing stands here.
      if (inner !== undefined) merged[key] = inner;
    }
  }
  return merged;
};

const remove = (merged: Record<string, unknown>, key: string, place: MergePlace): void => {
  if (place.locks?.below.has(key)) tell(below(place, key), "locked");
  else delete merged[key];
};

const withoutDirectives = ({ $remove: _, $after: __, ...item }: Item): Item => item as Item;

/** Where a new item goes: behind its neighbour in its own list, else in front of the next one that is there, else to the end. */
const placeBeside = (items: readonly Item[], list: readonly Item[], index: number): number => {
  const before = list[index - 1];
  const behind = before === undefined ? -1 : items.findIndex(({ id }) => id === before.id);
  if (behind >= 0) return behind + 1;
  const next = list.slice(index + 1).flatMap(({ id }) => items.findIndex((item) => item.id === id));
  return next.find((at) => at >= 0) ?? items.length;
};

const placeAfter = (items: readonly Item[], item: Item, place: MergePlace): number | undefined => {
  const after = item["$after"];
  if (after === null) return 0;
  const at = items.findIndex(({ id }) => id === after);
  if (at >= 0) return at + 1;
  tell(below(place, item.id), "nothing-to-follow", { id: String(after) });
  return undefined;
};

const insertAt = (items: readonly Item[], list: readonly Item[], index: number, place: MergePlace): number => {
  const item = list[index]!;
  return ("$after" in item ? placeAfter(items, item, place) : placeBeside(items, list, index)) ?? items.length;
};

const mergeList = (lower: readonly Item[], higher: readonly Item[], place: MergePlace): readonly Item[] => {
  const items = [...lower];
  const waiting = new Set(lower.map(({ id }) => id));
  for (const [index, item] of higher.entries()) {
    // An id that stands twice in one list is no item of the lower one: both stay, and the check of ids names them.
    const at = waiting.delete(item.id) ? items.findIndex(({ id }) => id === item.id) : -1;
    const inner = below(place, item.id);
    if (item["$remove"] === true) {
      if (at < 0) tell(inner, "nothing-to-remove");
      else if (inner.locks !== undefined) tell(inner, "locked");
      else items.splice(at, 1);
      continue;
    }
    const merged = mergeValues(items[at], withoutDirectives(item), inner) as Item | undefined;
    // A house locks that no item of this id stands here.
    if (merged === undefined) continue;
    const stays = at >= 0 && !("$after" in item);
    if (at >= 0) items.splice(at, 1);
    items.splice(stays ? at : insertAt(items, higher, index, place), 0, merged);
  }
  return items;
};

/**
 * The higher value on the lower one: objects deep, lists of items with ids by id (`$remove`, `$after`), everything else replaces; null
 * deletes where the schema has no null. What is locked stays and is noted. Neither value is changed.
 */
export const mergeValues = (lower: unknown, higher: unknown, place: MergePlace): unknown => {
  if (isKept(lower, higher, place)) {
    if (place.note !== null && !isEqual(lower, higher)) tell(place, "locked");
    return lower;
  }
  if (isMembers(higher)) return mergeObject(isMembers(lower) ? lower : {}, higher, place);
  if (!isIdList(higher)) return higher;
  if (isIdList(lower)) return mergeList(lower, higher, place);
  return higher.length === 0 ? higher : mergeList([], higher, place);
};
