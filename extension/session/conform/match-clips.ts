import { type CutItem, compare, least, most, originOf, sharedSource } from "./cut-item.ts";

/** Which clip of the mix a clip of the cut is, and how it was known. */
export type Match = { readonly old: CutItem; readonly by: "host" | "source" | "copy" };

type Pair = {
  readonly old: CutItem;
  readonly now: CutItem;
  /** How much later the material lies now. */
  readonly shift: bigint;
  readonly isHost: boolean;
  readonly overlap: bigint;
};

const guidOf = ({ clip }: CutItem): string | null => {
  const premiere = clip.host?.["premiere"];
  const guid = typeof premiere === "object" && premiere !== null && "itemGuid" in premiere ? premiere.itemGuid : null;
  return typeof guid === "string" ? guid : null;
};

const pairOf = (old: CutItem, now: CutItem): Pair | null => {
  const guid = guidOf(old);
  const isHost = guid !== null && guid === guidOf(now);
  const isSameRun = old.clip.speed === now.clip.speed && old.clip.reversed === now.clip.reversed;
  const overlap = sharedSource(old, now);
  if (!isHost && old.clip.id !== now.clip.id && (overlap <= 0n || !isSameRun)) return null;
  return { old, now, shift: originOf(now) - originOf(old), isHost, overlap };
};

const grouped = <T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> => {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

/** Further uses of one stretch of material are not compared with each other: a sound that is used a thousand times would take for ever. */
const MOST_CANDIDATES = 48;

/** Where in a sorted list the first value stands that is not below this one. */
const placeIn = (values: readonly bigint[], value: bigint): number => {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Finds the clips of one material that may be a clip: those that play near it in the material, of very many those at its place in the cut. */
const candidateFinder = (olds: readonly CutItem[], nows: readonly CutItem[]) => {
  const bySource = [...olds].sort((a, b) => compare(a.sourceIn, b.sourceIn));
  const sources = bySource.map(({ sourceIn }) => sourceIn);
  const longest = olds.reduce((all, { start, end }) => most(all, end - start), 0n);
  const starts = nows.map(({ start }) => start).sort(compare);
  return (now: CutItem): readonly CutItem[] => {
    const near = bySource.slice(placeIn(sources, now.sourceIn - longest), placeIn(sources, now.sourceOut));
    if (near.length <= MOST_CANDIDATES) return near;
    const share = placeIn(starts, now.start) / starts.length;
    const first = Math.max(0, Math.round(share * near.length) - MOST_CANDIDATES / 2);
    return near.sort((a, b) => compare(a.start, b.start)).slice(first, first + MOST_CANDIDATES);
  };
};

const pairsOf = (olds: readonly CutItem[], nows: readonly CutItem[]): Pair[] => {
  const groups = grouped(olds, ({ material }) => material);
  const known = grouped(olds, (old) => guidOf(old) ?? "");
  const named = grouped(olds, ({ clip }) => clip.id);
  return [...grouped(nows, ({ material }) => material)].flatMap(([material, own]) => {
    const candidates = candidateFinder(groups.get(material) ?? [], own);
    return own.flatMap((now) => {
      const guid = guidOf(now);
      const sure = [...(guid === null ? [] : (known.get(guid) ?? [])), ...(named.get(now.clip.id) ?? [])];
      const all = new Set([...sure.filter((old) => old.material === material), ...candidates(now)]);
      return [...all].flatMap((old) => pairOf(old, now) ?? []);
    });
  });
};

const counted = <T>(values: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/**
 * How well a shift fits what lies around: clips that the host knows or that can only be one clip say how their neighbourhood moved, and all pairs together
 * say how most of the cut moved. So a sound that is used ten times stays with its own place, wherever that went.
 */
const supportOf = (pairs: readonly Pair[]) => {
  const known = new Set(pairs.filter(({ isHost }) => isHost).map(({ now }) => now));
  const open = pairs.filter(({ now, isHost }) => isHost || !known.has(now));
  const uses = counted(open.map(({ now }) => now));
  const oldUses = counted(open.map(({ old }) => old));
  const sure = open
    .filter(({ old, now, isHost }) => isHost || (uses.get(now) === 1 && oldUses.get(old) === 1))
    .sort((a, b) => compare(a.old.start, b.old.start));
  const starts = sure.map(({ old }) => old.start);
  const votes = counted(open.map(({ shift }) => String(shift)));
  const neighbours = ({ old }: Pair): readonly (Pair | undefined)[] => {
    const place = placeIn(starts, old.start);
    return [sure[place - 1], sure[place]];
  };
  return {
    against: (pair: Pair): number => neighbours(pair).filter((one) => one && one.shift !== pair.shift).length,
    overall: ({ shift }: Pair): number => votes.get(String(shift)) ?? 0,
  };
};

const distance = ({ shift }: Pair): bigint => (shift < 0n ? -shift : shift);

const sameChannels = ({ old, now }: Pair): boolean => String(old.clip.channels) === String(now.clip.channels);
const sameRange = ({ old, now }: Pair): boolean => old.sourceIn === now.sourceIn && old.sourceOut === now.sourceOut;

/** Best first: what speaks for a pair, most telling first. */
const ranked = (pairs: readonly Pair[]): Pair[] => {
  const support = supportOf(pairs);
  const weighed = pairs.map((pair) => {
    const { old, now, isHost } = pair;
    const words = [
      isHost,
      sameChannels(pair),
      -support.against(pair),
      old.track.id === now.track.id,
      sameRange(pair),
      support.overall(pair),
      old.clip.id === now.clip.id,
      old.role === now.role,
      old.clip.name === now.clip.name,
      old.track.name === now.track.name,
    ].map(Number);
    return { pair, words };
  });
  weighed.sort((a, b) => {
    const word = a.words.findIndex((value, index) => value !== b.words[index]);
    if (word >= 0) return b.words[word]! - a.words[word]!;
    return compare(b.pair.overlap, a.pair.overlap) || compare(distance(a.pair), distance(b.pair));
  });
  return weighed.map(({ pair }) => pair);
};

/** True when a clip that was taken already plays part of what this one would take of the old clip. */
const isTaken = ({ old, now }: Pair, taken: readonly CutItem[]): boolean =>
  taken.some(
    (other) =>
      least(least(old.sourceOut, now.sourceOut), other.sourceOut) >
      most(most(old.sourceIn, now.sourceIn), other.sourceIn),
  );

/** True when the cut between an old clip and its neighbour was taken out: all of it lies in sync inside the neighbour's new clip. */
const isJoined = ({ old, now }: Pair, neighbour: CutItem): boolean =>
  old !== neighbour &&
  old.track === neighbour.track &&
  originOf(old) === originOf(neighbour) &&
  old.sourceIn >= now.sourceIn &&
  old.sourceOut <= now.sourceOut;

/**
 * Which clip of the mix each clip of the cut is. By the host's GUID where both have one, else by the stretch of material that both
 * play, with channels, edges, the movement around them, role and names to choose between several. Pieces of one clip never overlap in
 * its material; what repeats material is a copy.
 */
export const matchClips = (olds: readonly CutItem[], nows: readonly CutItem[]): ReadonlyMap<CutItem, Match> => {
  const pairs = ranked(pairsOf(olds, nows));
  const ofNow = grouped(pairs, ({ now }) => now);
  const matches = new Map<CutItem, Match>();
  const pieces = new Map<CutItem, CutItem[]>();
  const joined = new Set<CutItem>();
  const take = (pair: Pair): boolean => {
    const taken = pieces.get(pair.old) ?? [];
    if (matches.has(pair.now) || joined.has(pair.old) || isTaken(pair, taken)) return false;
    matches.set(pair.now, { old: pair.old, by: pair.isHost ? "host" : "source" });
    pieces.set(pair.old, [...taken, pair.now]);
    return true;
  };
  const join = (now: CutItem) => {
    const match = matches.get(now);
    const free = (ofNow.get(now) ?? []).filter(({ old }) => !pieces.has(old));
    for (const pair of free) if (match && isJoined(pair, match.old)) joined.add(pair.old);
  };
  for (const pair of pairs) if (pair.isHost) take(pair);
  for (const now of [...matches.keys()]) join(now);
  for (const pair of pairs) if (take(pair)) join(pair.now);
  for (const { old, now, overlap } of pairs) {
    if (!matches.has(now) && overlap > 0n) matches.set(now, { old, by: "copy" });
  }
  return matches;
};
