import { stableId } from "../ids.ts";
import type { Rung } from "./ladder.ts";
import { isMembers, type Members } from "./layer.ts";
import { joinLocks, type Locks, locksOf } from "./locks.ts";
import { isIdList, type MergeNote, mergeValues } from "./merge.ts";

/** A note with the rung whose wish it was. */
export type NoteOf = (rung: Rung, note: MergeNote) => void;

/** Rungs laid on each other. */
export type Folded = {
  readonly value: Members;
  /** What later rungs may not change. */
  readonly locks: Locks | undefined;
  /** Ids of list items that templates brought in: every thing gets its own copy, so each needs an id of its own. */
  readonly shared: ReadonlySet<string>;
};

export const nothingFolded: Folded = { value: {}, locks: undefined, shared: new Set() };

/** Lists whose items a template may bring in. */
const copiedLists = ["processors", "sends"] as const;

const itemIds = (value: Members): readonly string[] =>
  copiedLists.flatMap((key) => {
    const list = value[key];
    return isIdList(list) ? list.map(({ id }) => id) : [];
  });

const LONGEST_ID = 96;

/** The id of a template's item on one track, clip or bus. */
export const copiedId = (owner: string, id: string): string => {
  const joined = `${owner}_${id}`;
  return joined.length <= LONGEST_ID ? joined : stableId("prc", owner, id);
};

const renamed = (value: Members, names: ReadonlyMap<string, string>): Members => {
  const copy: Record<string, unknown> = { ...value };
  for (const key of copiedLists) {
    const list = value[key];
    if (isIdList(list) && list.length > 0) copy[key] = list.map((item) => renamedItem(item, names));
  }
  return copy;
};

const renamedItem = (item: Members & { readonly id: string }, names: ReadonlyMap<string, string>): Members => {
  const copy = { ...item, id: names.get(item.id) ?? item.id };
  const after = names.get(String(item["$after"]));
  return after === undefined ? copy : { ...copy, $after: after };
};

const namesFor = (owner: string, shared: ReadonlySet<string>): ReadonlyMap<string, string> =>
  new Map([...shared].map((id) => [id, copiedId(owner, id)]));

/** Gives the items that templates brought in the ids of this owner. */
export const withCopiedIds = ({ value, shared }: Folded, owner: string): Members =>
  shared.size === 0 ? value : renamed(value, namesFor(owner, shared));

const hasItems = (value: Members): boolean =>
  copiedLists.some((key) => {
    const list = value[key];
    return Array.isArray(list) && list.length > 0;
  });

/** A rung that speaks of one owner may name a template's item by its id there or by the one it has on the owner. */
const withTemplateIds = (value: Members, owner: string, shared: ReadonlySet<string>): Members =>
  shared.size === 0 || !hasItems(value)
    ? value
    : renamed(value, new Map([...namesFor(owner, shared)].map(([id, copy]) => [copy, id])));

const step = (folded: Folded, rung: Rung, owner: string, note: NoteOf | null): Folded => {
  const value = rung.isTemplate ? rung.value : withTemplateIds(rung.value, owner, folded.shared);
  const tell = note && ((one: MergeNote) => note(rung, one));
  const place = { locks: folded.locks, key: "", above: null, note: tell };
  const brought = rung.isTemplate ? itemIds(value) : [];
  return {
    value: mergeValues(folded.value, value, place) as Members,
    locks: folded.locks,
    shared: brought.length === 0 ? folded.shared : new Set([...folded.shared, ...brought]),
  };
};

const lockedBy = (folded: Folded, rungs: readonly Rung[]): Folded => {
  const locks = rungs.map(({ source, path, value }) => locksOf(source, path, value)).reduce(joinLocks, folded.locks);
  return locks === folded.locks ? folded : { ...folded, locks };
};

/** Lays the rungs on what is there, lowest first; what a layer locks is closed behind its last rung. */
export const fold = (below: Folded, rungs: readonly Rung[], owner: string, note: NoteOf | null): Folded => {
  let folded = below;
  let open: Rung[] = [];
  for (const rung of rungs) {
    if (open[0] !== undefined && open[0].source !== rung.source) {
      folded = lockedBy(folded, open);
      open = [];
    }
    folded = step(folded, rung, owner, note);
    open.push(rung);
  }
  return lockedBy(folded, open);
};

/** True for what is worth a ladder. */
export const hasId = (value: unknown): value is Members & { readonly id: string } =>
  isMembers(value) && typeof value["id"] === "string";
