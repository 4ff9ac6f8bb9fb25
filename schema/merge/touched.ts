import { isSortedList } from "../canonical.ts";
import { homeNames, homesOf } from "../diff/entity-kinds.ts";
import { type EntityTable, homeKey, homeParts } from "../diff/entity-table.ts";
import { movedItems } from "../diff/moved-items.ts";
import { haveSameMembers } from "../diff/same.ts";

const hasNewOrder = (base: EntityTable, side: EntityTable, key: string, kind: string): boolean =>
  homesOf(kind).some(({ name, schema, isMap }) => {
    const home = homeKey(key, name);
    const [was, is] = [base.lists.get(home) ?? [], side.lists.get(home) ?? []];
    const isEqual = was.length === is.length && was.every((id, index) => id === is[index]);
    return !isMap && !isEqual && !isSortedList(schema) && movedItems(was, is).length > 0;
  });

/** What a side did, by keys of entities. */
export type Touched = {
  /** Whose own fields it changed, or which it added. */
  readonly fields: ReadonlySet<string>;
  /** Those, what it moved or reordered, and all that hold them: what must not go away unseen. */
  readonly any: ReadonlySet<string>;
};

/** Compares a side with the base, each entity once. */
export const touchedBy = (base: EntityTable, side: EntityTable): Touched => {
  const touched = new Set<string>();
  const fields = new Set<string>();
  const touch = (key: string) => {
    for (let at: string | undefined = key; at !== undefined && !touched.has(at); ) {
      touched.add(at);
      const home: string | undefined = side.entities.get(at)?.home;
      at = home === undefined || home === "" ? undefined : homeParts(home).owner;
    }
  };
  for (const { key, kind, home, value } of side.entities.values()) {
    const was = base.entities.get(key);
    if (was === undefined || !haveSameMembers(was.value, value, homeNames(kind))) fields.add(key);
    if (fields.has(key) || was?.home !== home || hasNewOrder(base, side, key, kind)) touch(key);
  }
  return { fields, any: touched };
};
