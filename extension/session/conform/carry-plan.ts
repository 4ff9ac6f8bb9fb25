import { isSame } from "../../../schema/diff/same.ts";
import type { Clip, Processor } from "../../../schema/generated/mix-document.ts";
import { stableId } from "../../../schema/ids.ts";
import type { Parts } from "./carry-clip.ts";
import { type CutItem, compare, originOf } from "./cut-item.ts";
import type { Match } from "./match-clips.ts";

/** Where one clip of the cut comes from, and its name in the conformed mix. */
export type Carry = {
  readonly now: CutItem;
  /** Null for a clip that the mix does not know. */
  readonly match: Match | null;
  /** Clips of the mix that it is made of; null for a new one. */
  readonly parts: Parts | null;
  readonly id: string;
  /** How many pieces its clip of the mix has become. */
  readonly pieces: number;
  /** True when it goes on being its clip of the mix: it has its id and the ids of its inserts. */
  readonly isHeir: boolean;
};

const withoutIds = (processors: readonly Processor[]) => processors.map(({ id: _, ...params }) => params);

/** All of a clip that is not where it lies and what is at its edges. */
const soundOf = (clip: Clip) => {
  const { id, name, startTicks, durationTicks, sourceInTicks, fadeIn, fadeOut, host, roleSource, ...sound } = clip;
  const lanes = sound.automation.map(({ param, timebase }) => ({ param, timebase }));
  return { ...sound, processors: withoutIds(sound.processors), automation: lanes };
};

/** Clips of the mix between which the cut was taken out: all in sync on one track, alike in sound, wholly inside the new clip. */
const joinedTo = (main: CutItem, now: CutItem, free: readonly CutItem[]): CutItem[] =>
  free.filter(
    (other) =>
      other !== main &&
      other.track === main.track &&
      other.material === main.material &&
      originOf(other) === originOf(main) &&
      other.sourceIn >= now.sourceIn &&
      other.sourceOut <= now.sourceOut &&
      isSame(soundOf(other.clip), soundOf(main.clip)),
  );

const piecesOf = (matches: ReadonlyMap<CutItem, Match>): ReadonlyMap<CutItem, readonly CutItem[]> => {
  const pieces = new Map<CutItem, CutItem[]>();
  for (const [now, { old, by }] of matches) {
    if (by !== "copy") pieces.set(old, [...(pieces.get(old) ?? []), now]);
  }
  return pieces;
};

/** The piece that goes on being the clip: the one that the host knows by its id, else the first in the material. */
const heirOf = (old: CutItem, pieces: readonly CutItem[], matches: ReadonlyMap<CutItem, Match>): CutItem => {
  const known =
    pieces.find((now) => matches.get(now)?.by === "host") ?? pieces.find(({ clip }) => clip.id === old.clip.id);
  return known ?? pieces.reduce((first, now) => (now.sourceIn < first.sourceIn ? now : first));
};

/** Gives each clip of the cut its clip of the mix, its parts and an id that no other clip has or had. */
export const planCarries = (
  olds: readonly CutItem[],
  nows: readonly CutItem[],
  matches: ReadonlyMap<CutItem, Match>,
): readonly Carry[] => {
  const pieces = piecesOf(matches);
  const free = olds.filter((old) => !pieces.has(old));
  const heirs = new Set([...pieces].map(([old, own]) => heirOf(old, own, matches)));
  const taken = new Set(olds.map(({ clip }) => clip.id));
  const freshId = (now: CutItem, origin: string): string => {
    let id = now.clip.id;
    for (let nth = 0; taken.has(id); nth += 1) id = stableId("clp", origin, now.clip.id, nth);
    taken.add(id);
    return id;
  };
  return nows.map((now): Carry => {
    const match = matches.get(now) ?? null;
    if (!match) return { now, match, parts: null, id: freshId(now, ""), pieces: 0, isHeir: false };
    const main = match.old;
    const isHeir = heirs.has(now);
    const joined = match.by === "copy" ? [] : joinedTo(main, now, free);
    const parts = [main, ...joined].sort((a, b) => compare(a.sourceIn, b.sourceIn)) as unknown as Parts;
    const id = isHeir ? main.clip.id : freshId(now, main.clip.id);
    return { now, match, parts, id, pieces: pieces.get(main)?.length ?? 0, isHeir };
  });
};

/** Inserts of a further piece or a copy are its own: the same settings under other ids. */
export const ownProcessors = ({ isHeir, id, match }: Carry): readonly Processor[] => {
  const processors = match?.old.clip.processors ?? [];
  return isHeir ? processors : processors.map((one) => ({ ...one, id: stableId("prc", one.id, id) }));
};
