import { compareTicks, type FrameRate, sourceTicks, ticksOfFrame } from "../frame-rate.ts";
import type { Carried } from "../timeline.ts";
import { children, integerAt, textAt, type XmlElement } from "../xml-tree.ts";
import { carriedBy, flagAt, nameOf, type XmemlDocument } from "./document.ts";
import { type ClipFilters, filtersOf } from "./filters.ts";
import { rateOf } from "./rate.ts";
import { type ClipSource, sourceOf } from "./source.ts";
import { type PlacedTransition, transitionOf } from "./transitions.ts";

/** A clip item of one exploded track with DOM meaning: it begins and ends at its cuts. */
export type PlacedClip = {
  readonly id: string;
  readonly name: string;
  readonly source: ClipSource;
  readonly filters: ClipFilters;
  readonly rate: FrameRate;
  readonly enabled: boolean;
  readonly startTicks: bigint;
  readonly endTicks: bigint;
  readonly inTicks: bigint;
  readonly outTicks: bigint;
  /** In and out as the file writes them, in frames of the clip item's rate. */
  readonly inFrame: number;
  readonly outFrame: number;
  /** How far keyframes lie behind their media frames, so that they stay with the frames of the timeline. */
  readonly keyShiftTicks: bigint;
  /** Ticks by which the timeline range and the file's own source range differ; 0 in a sound file. */
  readonly disagreementTicks: bigint;
  /** Source channel from 0, or null when the file does not tell. */
  readonly channel: number | null;
  readonly linkedIds: readonly string[];
  readonly carried: Carried | null;
};

export type PlacedTrack = {
  readonly clips: readonly PlacedClip[];
  readonly transitions: readonly PlacedTransition[];
  /** Names of clip items that have no place on the timeline. */
  readonly unplaced: readonly string[];
};

type Range = { readonly start: bigint; readonly end: bigint };

/** Where a clip lies between its cuts; `keyShiftTicks` is what a speed makes of the handle in front of it. */
type Place = { readonly timeline: Range; readonly source: Range; readonly keyShiftTicks: bigint };

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Exact source ticks beside the frames, where Premiere writes them. */
const pproTicks = (clip: XmlElement, name: string): bigint | null => {
  const text = textAt(clip, name);
  return text !== null && /^\d{1,20}$/.test(text) ? BigInt(text) : null;
};

/** Part of a frame between the exact source start and the frame that stands beside it; 0 when the two do not belong together. */
const withinFrame = (clip: XmlElement, rate: FrameRate): bigint => {
  const inFrame = integerAt(clip, "in") ?? 0;
  const exact = pproTicks(clip, "pproTicksIn");
  const rest = exact === null ? 0n : exact - ticksOfFrame(inFrame, rate);
  return magnitude(rest) < ticksOfFrame(1, rate) ? rest : 0n;
};

/** Source range as written: it includes the handle wherever the timeline side is -1. */
const writtenSource = (clip: XmlElement, rate: FrameRate): Range => {
  const inFrame = integerAt(clip, "in") ?? 0;
  const start = pproTicks(clip, "pproTicksIn") ?? ticksOfFrame(Math.max(0, inFrame), rate);
  const outFrame = integerAt(clip, "out") ?? -1;
  const frames = outFrame > inFrame ? outFrame : inFrame + (integerAt(clip, "duration") ?? 0);
  return { start, end: pproTicks(clip, "pproTicksOut") ?? ticksOfFrame(frames, rate) };
};

const openRange = (value: number | null, rate: FrameRate): bigint | null =>
  value === null || value < 0 ? null : ticksOfFrame(value, rate);

/**
 * Places one clip. A side written as -1 lies under the transition beside it: there the clip ends at the transition's far
 * edge and its source range with it, so both are moved back to the cut.
 */
const place = (
  clip: XmlElement,
  before: PlacedTransition | null,
  after: PlacedTransition | null,
  sequenceRate: FrameRate,
  speed: number,
): Place | null => {
  const written = writtenSource(clip, rateOf(clip, sequenceRate));
  const length = written.end - written.start;
  const start = openRange(integerAt(clip, "start"), sequenceRate);
  const end = openRange(integerAt(clip, "end"), sequenceRate);
  const outerStart = start ?? before?.startTicks ?? (end === null ? null : end - length);
  const outerEnd = end ?? after?.endTicks ?? (outerStart === null ? null : outerStart + length);
  if (outerStart === null || outerEnd === null) return null;
  const timeline = {
    start: start ?? before?.cutTicks ?? outerStart,
    end: end ?? after?.cutTicks ?? outerEnd,
  };
  if (timeline.end <= timeline.start) return null;
  const handle = timeline.start - outerStart;
  const sourceHandle = sourceTicks(handle, speed);
  return {
    timeline,
    keyShiftTicks: sourceHandle - handle,
    source: {
      start: written.start + sourceHandle,
      end: written.end - sourceTicks(outerEnd - timeline.end, speed),
    },
  };
};

const readClip = (
  clip: XmlElement,
  placed: Place,
  document: XmemlDocument,
  sequenceRate: FrameRate,
  filters: ClipFilters,
): PlacedClip => {
  const rate = rateOf(clip, sequenceRate);
  const { timeline, source } = placed;
  const disagreement = timeline.end - timeline.start - (source.end - source.start);
  const channel = children(clip, "sourcetrack").find((track) => textAt(track, "mediatype") !== "video");
  const index = channel === undefined ? null : integerAt(channel, "trackindex");
  return {
    id: clip.attributes["id"] ?? "",
    name: nameOf(clip),
    source: sourceOf(clip, document, sequenceRate),
    filters,
    rate,
    enabled: flagAt(clip, "enabled", true),
    startTicks: timeline.start,
    endTicks: timeline.end,
    inTicks: source.start,
    // Premiere's own `out` can be a frame short; at normal speed the timeline range says how much is played.
    outTicks: filters.speed === 1 ? source.start + (timeline.end - timeline.start) : source.end,
    inFrame: integerAt(clip, "in") ?? 0,
    outFrame: integerAt(clip, "out") ?? 0,
    keyShiftTicks: withinFrame(clip, rate) + placed.keyShiftTicks,
    disagreementTicks: filters.speed === 1 ? magnitude(disagreement) : 0n,
    channel: index === null || index < 1 ? null : index - 1,
    linkedIds: children(clip, "link").flatMap((link) => textAt(link, "linkclipref") ?? []),
    carried: carriedBy(clip),
  };
};

const neighbour = (items: readonly XmlElement[], at: number, rate: FrameRate): PlacedTransition | null => {
  const item = items[at];
  return item?.name === "transitionitem" ? transitionOf(item, rate) : null;
};

/** Reads the items of one track of the file. */
export const placeTrack = (track: XmlElement, document: XmemlDocument, sequenceRate: FrameRate): PlacedTrack => {
  const rate = rateOf(track, sequenceRate);
  const items = track.children.filter(({ name }) => ["clipitem", "generatoritem", "transitionitem"].includes(name));
  const clips: PlacedClip[] = [];
  const unplaced: string[] = [];
  for (const [at, item] of items.entries()) {
    if (item.name === "transitionitem") continue;
    const filters = filtersOf(item);
    const placed = place(item, neighbour(items, at - 1, rate), neighbour(items, at + 1, rate), rate, filters.speed);
    if (placed === null) unplaced.push(nameOf(item));
    else clips.push(readClip(item, placed, document, rate, filters));
  }
  const transitions = children(track, "transitionitem").flatMap((item) => transitionOf(item, rate) ?? []);
  const byStart = (a: { startTicks: bigint }, b: { startTicks: bigint }): number =>
    compareTicks(a.startTicks, b.startTicks);
  return { clips: clips.sort(byStart), transitions: transitions.sort(byStart), unplaced };
};
