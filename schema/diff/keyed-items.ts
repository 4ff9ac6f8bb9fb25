import { definitions } from "../entities/index.ts";
import type { JsonSchema } from "../json-schema.ts";
import { isMembers, isSame, type Members } from "./same.ts";

/** An item of a list that can be told apart from the others, and its position. */
export type KeyedItem = { readonly item: unknown; readonly index: number };
export type KeyedItems = ReadonlyMap<string, KeyedItem>;

type KeyOf = (item: unknown, index: number) => string;

const resolved = (schema: JsonSchema): JsonSchema =>
  schema.$ref === undefined ? schema : (definitions[schema.$ref.split("/").at(-1)!] ?? schema);

/** Keys by what an item says of itself; the second with one key gets a number. */
const ownKeys = (list: readonly unknown[], keyOf: KeyOf): KeyedItems => {
  const seen = new Map<string, number>();
  const items = new Map<string, KeyedItem>();
  for (const [index, item] of list.entries()) {
    const own = keyOf(item, index);
    const count = seen.get(own) ?? 0;
    seen.set(own, count + 1);
    items.set(count === 0 ? own : `${own}#${count + 1}`, { item, index });
  }
  return items;
};

const haveIds = (list: readonly unknown[]): boolean => {
  const ids = list.map((item) => (isMembers(item) ? item["id"] : undefined));
  return ids.every((id) => typeof id === "string") && new Set(ids).size === ids.length;
};

/** How much of two groups is equal: 0 to 1, 2 when all is. */
const likeness = (a: unknown, b: unknown): number => {
  if (isSame(a, b)) return 2;
  if (!isMembers(a) || !isMembers(b)) return 0;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.filter((key) => isSame(a[key], b[key])).length / keys.length;
};

/** Pairs of positions that keep their order and are most alike together (Needleman and Wunsch 1970). */
const alignment = (base: readonly unknown[], side: readonly unknown[]): ReadonlyMap<number, number> => {
  const columns = side.length + 1;
  const best = new Float64Array((base.length + 1) * columns);
  const pairs = base.map((item) => side.map((other) => likeness(item, other)));
  for (let row = base.length - 1; row >= 0; row -= 1)
    for (let column = side.length - 1; column >= 0; column -= 1) {
      const at = row * columns + column;
      const paired = pairs[row]![column]! + best[at + columns + 1]!;
      best[at] = Math.max(paired, best[at + columns]!, best[at + 1]!);
    }
  const found = new Map<number, number>();
  for (let row = 0, column = 0; row < base.length && column < side.length; ) {
    const at = row * columns + column;
    const like = pairs[row]![column]!;
    if (like > 0 && best[at] === like + best[at + columns + 1]!) found.set(column++, row++);
    else if (best[at] === best[at + columns]!) row += 1;
    else column += 1;
  }
  return found;
};

/** Keys of groups that have no name of their own (bands): the position of what they were in `base`, or their content. */
const alignedKeys = (base: readonly unknown[], side: readonly unknown[]): KeyedItems => {
  const was = alignment(base, side);
  return ownKeys(side, (item, index) => String(was.get(index) ?? `+${JSON.stringify(item)}`));
};

/** What tells the items of a list apart, and the one order of its items where the document leaves no choice. */
export type ListRule = {
  readonly keys: (list: readonly unknown[], base: readonly unknown[]) => KeyedItems;
  readonly order?: (items: readonly unknown[]) => readonly unknown[];
};

/** Points of automations in time order; equal times stay in the order in which they came. */
const inTimeOrder = (points: readonly unknown[]): readonly unknown[] =>
  points
    .map((point) => ({ point, at: BigInt((point as readonly string[])[0]!) }))
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))
    .map(({ point }) => point);

const byOwn = (keyOf: KeyOf): ListRule => ({ keys: (list) => ownKeys(list, keyOf) });
const byParameter = byOwn((item) => String((item as Members)["param"]));
const byTime: ListRule = { ...byOwn((item) => String((item as readonly unknown[])[0])), order: inTimeOrder };
const byPosition: ListRule = { ...byOwn((_, index) => String(index)), order: (items) => items };
const byText = byOwn(String);
const byId = byOwn((item) => String((item as Members)["id"]));
const byLikeness: ListRule = { keys: (list, base) => alignedKeys(base, list) };

/**
 * How the items of some versions of one list are told apart: automation by parameter, points by time, texts by themselves, groups of
 * parameters by likeness, parts of a point by position, unknown objects by id. null: the list is one value.
 */
export const listRule = (schema: JsonSchema | undefined, lists: readonly (readonly unknown[])[]): ListRule | null => {
  if (schema === undefined) return lists.every(haveIds) ? byId : null;
  if (schema.items === undefined) return null;
  if (Array.isArray(schema.items)) return byPosition;
  const items = schema.items as JsonSchema;
  if (items.$ref === "#/definitions/Automation") return byParameter;
  if (items.$ref === "#/definitions/AutomationPoint") return byTime;
  const { type } = resolved(items);
  if (type === "string") return byText;
  return type === "object" ? byLikeness : null;
};

/** Whether the schema names a value but not what is in it: the state of a foreign plug-in is one value. */
export const isOpaque = (schema: JsonSchema | undefined): boolean =>
  schema !== undefined && schema.type === undefined && schema.$ref === undefined && schema.oneOf === undefined;
