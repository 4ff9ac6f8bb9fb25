import { cueBus } from "../../schema/cue-bus.ts";
import type { Bus, Clip, MixDocument, Processor, Track } from "../../schema/generated/mix-document.ts";
import { partyFinder } from "../../schema/meaning/references.ts";
import type { Problem } from "../../schema/problem.ts";
import { ProblemError } from "../../schema/problem.ts";
import { type InsertPlace, insertAt } from "./probe-insert.ts";

/** Whose volume can do what an insert does: clips or tracks. */
export type KeyframeTarget =
  | { readonly on: "clip"; readonly clip: Clip }
  | { readonly on: "track"; readonly track: Track };

/** Behind these a gain is what it is in front of them; every other insert would hear the difference. */
const passesGain: ReadonlySet<string> = new Set(["gain", "panner", "external"]);

const hears = ({ type, enabled }: Processor) => enabled && !passesGain.has(type);

const refuse = (id: string, why: string): ProblemError => {
  const message = `The gain of ${id} cannot be written as keyframes: ${why}`;
  return new ProblemError({ code: "meaning", message } satisfies Problem);
};

const clipsOf = ({ clips }: Track): KeyframeTarget[] =>
  clips.filter(({ enabled }) => enabled).map((clip) => ({ on: "clip", clip }));

const ofTrack = (track: Track, index: number, id: string): KeyframeTarget[] => {
  const behind = track.processors.slice(index + 1).find(hears);
  const early = track.sends.some(({ tap }) => tap === "pre");
  if (!behind && !early) return [{ on: "track", track }];
  const infront = track.processors.slice(0, index).find(hears);
  if (!infront) return clipsOf(track);
  const other = behind
    ? `insert ${behind.id} stands behind it and hears what it does`
    : `track ${track.id} has a send in front of its fader`;
  throw refuse(
    id,
    `${other}, and insert ${infront.id} in front of it keeps the gain from the clips. Move it to either end of its chain.`,
  );
};

/** The tracks of a bus, when everything that it plays comes from their faders and goes nowhere else. */
const feedersOf = (document: MixDocument, bus: Bus, id: string): KeyframeTarget[] => {
  const { tracks, buses, cues = [] } = document;
  const tracksOfBus = tracks.filter(({ output, muted }) => output === bus.id && !muted);
  const sender = tracksOfBus.find(({ sends }) => sends.length > 0);
  if (sender) throw refuse(id, `track ${sender.id} also goes elsewhere by a send, which the gain must not reach.`);
  const other =
    [...tracks, ...buses].find(({ sends }) => sends.some(({ to }) => to === bus.id)) ??
    buses.find(({ output }) => output === bus.id) ??
    cues.find((cue) => cue.enabled && cueBus(document, cue.role)?.id === bus.id);
  if (other) throw refuse(id, `bus ${bus.id} also plays ${other.id}, which has no volume of its own to write on.`);
  return tracksOfBus.map((track) => ({ on: "track", track }));
};

const ofBus = (document: MixDocument, bus: Bus, index: number, id: string): KeyframeTarget[] => {
  const infront = bus.processors.slice(0, index).find(hears);
  if (!infront) return feedersOf(document, bus, id);
  throw refuse(
    id,
    `insert ${infront.id} of bus ${bus.id} stands in front of it and would hear the gain. Move it to the front.`,
  );
};

const ofDucker = (document: MixDocument, bus: Bus, id: string): KeyframeTarget[] => {
  const infront = bus.processors.find(hears);
  if (infront) throw refuse(id, `insert ${infront.id} of bus ${bus.id} would hear the gain.`);
  if (bus.sends.some(({ tap }) => tap === "pre")) throw refuse(id, `bus ${bus.id} has a send in front of its fader.`);
  const find = partyFinder(document);
  const other = document.duckers.find((rule) => rule.enabled && rule.id !== id && find(rule.targets).includes(bus.id));
  if (other) throw refuse(id, `the rule ${other.id} turns down bus ${bus.id} too and would hear it.`);
  return feedersOf(document, bus, id);
};

/**
 * The clips or tracks whose volume keyframes sound as the gain of an insert does there: what lies between must not hear a gain. Throws
 * with the reason when there are none.
 */
export const keyframeTargets = (document: MixDocument, place: InsertPlace): KeyframeTarget[] => {
  const { id } = insertAt(place);
  if (place.on === "ducker") return ofDucker(document, place.bus, id);
  if (place.on === "bus") return ofBus(document, place.bus, place.index, id);
  if (place.on === "track") return ofTrack(place.track, place.index, id);
  const behind = place.clip.processors.slice(place.index + 1).find(hears);
  if (behind) throw refuse(id, `insert ${behind.id} stands behind it and hears what it does. Move it to the end.`);
  return [{ on: "clip", clip: place.clip }];
};
