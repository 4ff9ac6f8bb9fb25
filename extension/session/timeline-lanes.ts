import type { Clip, Crossfade, MixDocument, Track } from "../../schema/generated/mix-document.ts";

/** A track of the host: the tracks of a document that came from it, as far as their clips lie beside each other. */
export type Lane = { readonly members: readonly Track[]; readonly crossfades: readonly Crossfade[] };

type Owned = { readonly clip: Clip; readonly track: Track };

/** More tracks than a host has: an anchor beyond it is nobody's. */
const MAX_HOST_TRACKS = 999;

const anchorOf = ({ host }: Track | Clip): Readonly<Record<string, unknown>> => {
  const premiere = host?.["premiere"];
  return typeof premiere === "object" && premiere !== null ? (premiere as Record<string, unknown>) : {};
};

/** Whether the importer left a mark of this name with an entity. */
export const isAnchored = (owner: Track | Clip, name: string): boolean => anchorOf(owner)[name] === true;

/** Index of the host track that a track came from, or null. */
const hostIndexOf = (track: Track): number | null => {
  const index = anchorOf(track)["trackIndex"];
  return Number.isInteger(index) && Number(index) >= 0 && Number(index) < MAX_HOST_TRACKS ? Number(index) : null;
};

const endOf = ({ startTicks, durationTicks }: Clip): bigint => BigInt(startTicks) + BigInt(durationTicks);

/** Two clips of different roles under one transition: the importer gave each its half as a fade. */
const rejoined = (left: Clip, right: Clip): Crossfade | null => {
  const { fadeOut } = left;
  const { fadeIn } = right;
  const span = endOf(left) - BigInt(right.startTicks);
  if (fadeOut === null || fadeIn === null || fadeOut.curve !== fadeIn.curve) return null;
  if (BigInt(fadeOut.durationTicks) !== span || BigInt(fadeIn.durationTicks) !== span) return null;
  const { startTicks } = right;
  return { id: "", from: left.id, to: right.id, startTicks, durationTicks: String(span), curve: fadeIn.curve };
};

/** The fades that join clips of different tracks, or null when two of them overlap otherwise. */
const joinsBetween = (members: readonly Track[]): Crossfade[] | null => {
  const owned: Owned[] = members.flatMap((track) => track.clips.map((clip) => ({ clip, track })));
  owned.sort((a, b) => Number(BigInt(a.clip.startTicks) - BigInt(b.clip.startTicks)));
  const joins: Crossfade[] = [];
  let sounding: Owned[] = [];
  for (const one of owned) {
    sounding = sounding.filter(({ clip }) => endOf(clip) > BigInt(one.clip.startTicks));
    for (const other of sounding) {
      if (other.track === one.track) continue;
      const join = rejoined(other.clip, one.clip);
      if (join === null) return null;
      joins.push(join);
    }
    sounding.push(one);
  }
  return joins;
};

const laneOf = (members: readonly Track[], joins: readonly Crossfade[], document: MixDocument): Lane => {
  const ids = new Set(members.flatMap(({ clips }) => clips.map(({ id }) => id)));
  const own = document.crossfades.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { members, crossfades: [...own, ...joins] };
};

/** The members of one host track as one lane; those whose clips were moved over the others get lanes of their own. */
const lanesOf = (members: readonly Track[], document: MixDocument): Lane[] => {
  const joins = joinsBetween(members);
  if (joins !== null) return [laneOf(members, joins, document)];
  return members.map((track) => laneOf([track], [], document));
};

/**
 * The host tracks of a document, in order; null stands for one that the document says nothing of. Tracks that the importer split by
 * role come together again at their old place; the others follow. A track without clips has no place in a host's mix and is left out.
 */
export const hostLanes = (document: MixDocument): (Lane | null)[] => {
  const filled = [...document.tracks].filter(({ clips }) => clips.length > 0).sort((a, b) => a.order - b.order);
  const lanes: (Lane | null)[] = [];
  const others: Lane[] = [];
  const byIndex = new Map<number, Track[]>();
  for (const track of filled) {
    const index = hostIndexOf(track);
    if (index === null) others.push(laneOf([track], [], document));
    else byIndex.set(index, [...(byIndex.get(index) ?? []), track]);
  }
  for (const [index, members] of byIndex) {
    const [first, ...rest] = lanesOf(members, document);
    lanes[index] = first!;
    others.push(...rest);
  }
  return [...Array.from(lanes, (lane) => lane ?? null), ...others];
};
