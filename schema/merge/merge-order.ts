import { byCodePoint } from "../canonical.ts";
import type { Three } from "./policy.ts";

export type MergedOrder = {
  /** null: both sides moved the same items in ways that exclude each other. */
  readonly order: readonly string[] | null;
  /** Items that both sides put into one gap: which stands first was nobody's decision. */
  readonly together: readonly (readonly string[])[];
};

const isEqual = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((key, index) => key === b[index]);

const positionsOf = (list: readonly string[]) => new Map(list.map((key, index) => [key, index]));

/**
 * The order in which each pair stands as the side that changed it wants. A pair can never collide, for it has two orders only; the
 * pairs together may go in a circle: null.
 */
const pairwise = ({ base, ours, theirs }: Three<readonly string[]>): readonly string[] | null => {
  const [was, our, their] = [positionsOf(base), positionsOf(ours), positionsOf(theirs)];
  const isBefore = (places: ReadonlyMap<string, number>, a: string, b: string) => places.get(a)! < places.get(b)!;
  const precedes = (a: string, b: string): boolean => {
    const wanted = isBefore(our, a, b);
    if (wanted === isBefore(their, a, b)) return wanted;
    return was.has(a) && was.has(b) ? !isBefore(was, a, b) : byCodePoint(a, b) < 0;
  };
  const places: string[] = [];
  for (const key of ours) {
    const followers = ours.filter((other) => other !== key && precedes(key, other)).length;
    const place = ours.length - 1 - followers;
    if (places[place] !== undefined) return null;
    places[place] = key;
  }
  return places;
};

const skeletonOf = (lists: Three<readonly string[]>): readonly string[] | null => {
  const { base, ours, theirs } = lists;
  if (isEqual(ours, theirs) || isEqual(base, theirs)) return ours;
  return isEqual(base, ours) ? theirs : pairwise(lists);
};

/** What one side alone has, by the item of the skeleton behind which it stands ("" = at the start). */
const runsOf = (list: readonly string[], skeleton: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> => {
  const runs = new Map<string, string[]>();
  let anchor = "";
  for (const key of list) {
    if (skeleton.has(key)) anchor = key;
    else runs.set(anchor, [...(runs.get(anchor) ?? []), key]);
  }
  return runs;
};

/**
 * One order of `members` out of three: moves and insertions of both sides. What both put into one gap stands by id, so that it does
 * not matter who is ours.
 */
export const mergeOrder = (lists: Three<readonly string[]>, members: ReadonlySet<string>): MergedOrder => {
  const [ours, theirs] = [lists.ours, lists.theirs].map((list) => list.filter((key) => members.has(key))) as [
    string[],
    string[],
  ];
  if (isEqual(ours, theirs)) return { order: ours, together: [] };
  const inTheirs = new Set(theirs);
  const shared = new Set(ours.filter((key) => inTheirs.has(key)));
  const onlyShared = (list: readonly string[]) => list.filter((key) => shared.has(key));
  const skeleton = skeletonOf({ base: onlyShared(lists.base), ours: onlyShared(ours), theirs: onlyShared(theirs) });
  if (skeleton === null) return { order: null, together: [] };
  const [ourRuns, theirRuns] = [runsOf(ours, shared), runsOf(theirs, shared)];
  const order: string[] = [];
  const together: (readonly string[])[] = [];
  for (const anchor of ["", ...skeleton]) {
    const runs = [ourRuns.get(anchor) ?? [], theirRuns.get(anchor) ?? []].filter((run) => run.length > 0);
    if (runs.length === 2) together.push(runs.flat().sort(byCodePoint));
    runs.sort(([a = ""], [b = ""]) => byCodePoint(a, b));
    order.push(...(anchor === "" ? [] : [anchor]), ...runs.flat());
  }
  return { order, together };
};
