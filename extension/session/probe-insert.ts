import { didYouMean } from "../../schema/did-you-mean.ts";
import type {
  Bus,
  ChannelLayout,
  Clip,
  Ducker,
  MixDocument,
  Processor,
  Stem,
  Track,
} from "../../schema/generated/mix-document.ts";
import { partyFinder } from "../../schema/meaning/references.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import { guessSentence, shown } from "../../schema/shown.ts";

/** An insert and what it stands on, or a ducking rule and one of the buses that it turns down. */
export type InsertPlace =
  | { readonly on: "clip"; readonly track: Track; readonly clip: Clip; readonly index: number }
  | { readonly on: "track"; readonly track: Track; readonly index: number }
  | { readonly on: "bus"; readonly bus: Bus; readonly index: number }
  | { readonly on: "ducker"; readonly bus: Bus; readonly ducker: Ducker };

/** Something to be done to one insert or rule of a document. */
export type InsertRequest = {
  /** Is changed. */
  readonly documentFile: string;
  readonly insertId: string;
  readonly mediaFolders: readonly string[];
};

const indexOf = (list: readonly Processor[], id: string) => list.findIndex((insert) => insert.id === id);

const placesOf = (document: MixDocument, id: string): readonly InsertPlace[] => {
  for (const track of document.tracks) {
    const index = indexOf(track.processors, id);
    if (index >= 0) return [{ on: "track", track, index }];
    for (const clip of track.clips) {
      const at = indexOf(clip.processors, id);
      if (at >= 0) return [{ on: "clip", track, clip, index: at }];
    }
  }
  for (const bus of document.buses) {
    const index = indexOf(bus.processors, id);
    if (index >= 0) return [{ on: "bus", bus, index }];
  }
  const ducker = document.duckers.find((rule) => rule.id === id);
  if (!ducker) return [];
  const targets = partyFinder(document)(ducker.targets);
  return document.buses.filter((bus) => targets.includes(bus.id)).map((bus) => ({ on: "ducker", bus, ducker }));
};

/** The insert or rule that a place is about. */
export const insertAt = (place: InsertPlace): Processor | Ducker => {
  if (place.on === "ducker") return place.ducker;
  const owner = place.on === "clip" ? place.clip : place.on === "track" ? place.track : place.bus;
  return owner.processors[place.index]!;
};

const idsOf = ({ tracks, buses, duckers }: MixDocument): string[] => {
  const chains = [...tracks, ...tracks.flatMap(({ clips }) => clips), ...buses];
  return [...chains.flatMap(({ processors }) => processors), ...duckers].map(({ id }) => id);
};

/** Longer lists of names stand in no message. */
const LISTED_IDS = 20;

/** Where an insert of a validated document stands; a rule stands at each bus that it turns down. Throws when none has that id. */
export const findInsert = (document: MixDocument, id: string): readonly InsertPlace[] => {
  const places = placesOf(document, id);
  if (places.length > 0) return places;
  const ids = idsOf(document);
  const allowed = ids.slice(0, LISTED_IDS);
  const guess = didYouMean(id, ids);
  const choice = ids.length === 0 ? "there is none" : `there are ${allowed.join(", ")}`;
  const message = `No insert or rule of the document has the id ${shown(id)}; ${choice}${ids.length > LISTED_IDS ? ", ..." : ""}.${guessSentence(guess)}`;
  const problem: Problem = { code: "usage", message, allowed, ...(guess === undefined ? {} : { didYouMean: guess }) };
  throw new ProblemError(problem);
};

/** The document with one insert or rule changed, wherever it stands. */
export const changeInsert = (document: MixDocument, id: string, change: object): MixDocument => {
  const changed = <T extends { readonly id: string }>(list: readonly T[]): T[] =>
    list.map((one) => (one.id === id ? { ...one, ...change } : one));
  return {
    ...document,
    duckers: changed(document.duckers),
    buses: document.buses.map((bus) => ({ ...bus, processors: changed(bus.processors) })),
    tracks: document.tracks.map((track) => ({
      ...track,
      processors: changed(track.processors),
      clips: track.clips.map((clip) => ({ ...clip, processors: changed(clip.processors) })),
    })),
  };
};

/** Inserts in order, the one at `index` last and switched on. */
const upTo = (list: readonly Processor[], index: number): Processor[] => [
  ...list.slice(0, index),
  { ...list[index]!, enabled: true },
];

const plainBus = (id: string, layout: ChannelLayout, more: Partial<Bus> = {}): Bus => ({
  id,
  name: id,
  kind: "submix",
  role: null,
  layout,
  output: null,
  volumeDb: 0,
  sends: [],
  processors: [],
  ...more,
});

const stemOf = ({ id, layout }: Bus, sampleRate: number): Stem => ({
  id: `stm_${id}`,
  name: id,
  role: null,
  from: id,
  layout,
  sampleRate,
  bitDepth: 32,
});

/** The same track twice, up to its insert and with it, each on a bus of its own and nothing else. */
const probeTrack = (document: MixDocument, [before, after]: readonly [Track, Track]): MixDocument => {
  const pair = [before, after].map((track, index) => {
    const id = index === 0 ? "before" : "after";
    return { ...track, id, order: index, output: id, muted: false, volumeDb: 0, sends: [], automation: [] };
  });
  // Inserts may place the sound in the layout of their bus, so that stays.
  const { layout } = document.buses.find(({ id }) => id === before.output)!;
  const buses = pair.map(({ id }) => plainBus(id, layout));
  const stems = buses.map((bus) => stemOf(bus, document.sequence.sampleRate));
  return { ...document, tracks: pair, buses, stems, duckers: [], cues: [] };
};

const probeClip = (document: MixDocument, track: Track, clip: Clip, index: number): MixDocument => {
  const alone = (processors: readonly Processor[]): Track => {
    const plain = { enabled: true, volumeDb: 0, automation: [], channelGainsDb: [], fadeIn: null, fadeOut: null };
    return { ...track, processors: [], clips: [{ ...clip, ...plain, processors: [...processors] }] };
  };
  const pair = [alone(clip.processors.slice(0, index)), alone(upTo(clip.processors, index))] as const;
  return probeTrack({ ...document, crossfades: [] }, pair);
};

/** An id that no bus has. */
const freeId = (document: MixDocument, wanted: string): string =>
  document.buses.some(({ id }) => id === wanted) ? freeId(document, `${wanted}_`) : wanted;

/** The rules without the bus among their targets, except those that come before `end`. */
const dropTarget = (document: MixDocument, { id }: Bus, end: number): Ducker[] => {
  const find = partyFinder(document);
  return document.duckers.map((rule, index) =>
    index < end ? rule : { ...rule, targets: find(rule.targets).filter((target) => target !== id) },
  );
};

/** The bus up to its insert or rule, into one more bus that has nothing else. */
const probeBus = (document: MixDocument, before: Bus, duckers: Ducker[], insert: Processor | null): MixDocument => {
  const id = freeId(document, "after");
  const after = plainBus(id, before.layout, { processors: insert ? [{ ...insert, enabled: true }] : [] });
  const fed: Bus = { ...before, output: id, sends: [] };
  const buses = [...document.buses.map((bus) => (bus.id === before.id ? fed : bus)), after];
  const stems = [fed, after].map((bus) => stemOf(bus, document.sequence.sampleRate));
  return { ...document, buses, stems, duckers };
};

const probeDucker = (document: MixDocument, bus: Bus, ducker: Ducker): MixDocument => {
  const place = document.duckers.indexOf(ducker);
  const after = freeId(document, "after");
  const rule = { ...ducker, targets: [after], enabled: true };
  return probeBus(document, bus, [...dropTarget(document, bus, place), rule], null);
};

/**
 * The document as far as it takes to hear one insert: its first stem is what enters the insert, its second what leaves it. To be
 * rendered, never to be kept.
 */
export const probeInsert = (document: MixDocument, place: InsertPlace): MixDocument => {
  if (place.on === "ducker") return probeDucker(document, place.bus, place.ducker);
  if (place.on === "clip") return probeClip(document, place.track, place.clip, place.index);
  const { index } = place;
  if (place.on === "bus") {
    const { bus } = place;
    const before = { ...bus, volumeDb: 0, processors: bus.processors.slice(0, index) };
    return probeBus(document, before, dropTarget(document, bus, 0), bus.processors[index]!);
  }
  const { track } = place;
  const cut = (processors: readonly Processor[]): Track => ({ ...track, processors: [...processors] });
  return probeTrack(document, [cut(track.processors.slice(0, index)), cut(upTo(track.processors, index))]);
};
