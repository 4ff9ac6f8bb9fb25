import type { JsonSchema } from "../json-schema.ts";
import { memberSchema } from "../schema-walk.ts";
import { isOpaque, listRule } from "./keyed-items.ts";
import { movedItems } from "./moved-items.ts";
import { isMembers, isSame } from "./same.ts";

type Segments = readonly (string | number)[];

/** Where two values stand: by keys, and by positions in each document. */
export type Place = { readonly path: Segments; readonly before: Segments; readonly after: Segments };

/** A difference of two values below one entity; undefined = absent. */
export type ValueChange = Place & {
  readonly op: "add" | "remove" | "change" | "move";
  readonly values: readonly [before: unknown, after: unknown];
};

export const atStart: Place = { path: [], before: [], after: [] };

const below = ({ path, before, after }: Place, key: string, was: string | number, is: string | number): Place => ({
  path: [...path, key],
  before: [...before, was],
  after: [...after, is],
});

const diffList = (
  lists: readonly [readonly unknown[], readonly unknown[]],
  schema: JsonSchema | undefined,
  place: Place,
): readonly ValueChange[] | null => {
  const rule = listRule(schema, lists);
  if (rule === null) return null;
  const [before, after] = lists.map((list) => rule.keys(list, lists[0])) as [
    ReturnType<typeof rule.keys>,
    ReturnType<typeof rule.keys>,
  ];
  const spot = (key: string) => {
    const [was, is] = [before.get(key)?.index ?? -1, after.get(key)?.index ?? -1];
    return below(place, key, was, is);
  };
  const keys = [...new Set([...after.keys(), ...before.keys()])];
  const changes = keys.flatMap((key) => {
    const [was, is] = [before.get(key)?.item, after.get(key)?.item];
    return diffValues(was, is, memberSchema(schema, "0", is ?? was), spot(key));
  });
  const moved = rule.order ? [] : movedItems([...before.keys()], [...after.keys()]);
  const moves = moved.map((key): ValueChange => {
    const where = spot(key);
    return { ...where, op: "move", values: [where.before.at(-1), where.after.at(-1)] };
  });
  return [...changes, ...moves];
};

/** What differs between two values of one schema, as deep as members and items can be told apart; undefined = absent. */
export const diffValues = (
  before: unknown,
  after: unknown,
  schema: JsonSchema | undefined,
  place: Place,
  except?: ReadonlySet<string>,
): readonly ValueChange[] => {
  if (before === after) return [];
  if (isMembers(before) && isMembers(after) && !isOpaque(schema)) {
    const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter((key) => !except?.has(key));
    return keys.flatMap((key) =>
      diffValues(
        before[key],
        after[key],
        memberSchema(schema, key, after[key] ?? before[key]),
        below(place, key, key, key),
      ),
    );
  }
  if (isSame(before, after)) return [];
  const items = Array.isArray(before) && Array.isArray(after) ? diffList([before, after], schema, place) : null;
  if (items !== null) return items;
  const op = before === undefined ? "add" : after === undefined ? "remove" : "change";
  return [{ ...place, op, values: [before, after] }];
};
