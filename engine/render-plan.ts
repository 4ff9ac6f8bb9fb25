import { type ChannelLayout, channelCount } from "../schema/channel-layout.ts";
import type { Automation, Clip, MixDocument, Processor, Track } from "../schema/generated/mix-document.ts";
import { fail, ok, type Problem, type Result } from "../schema/problem.ts";
import { defaultsOf, flattenParams } from "../schema/processor.ts";
import { processors } from "../schema/processors/index.ts";
import { ticksToFrames } from "../schema/ticks.ts";
import { cueMedia, planCues } from "./cue-plan.ts";
import { automationSegments, clipSegments, clipVolumeDb, type GainSegment } from "./gain-segments.ts";
import type { PcmLayout } from "./media/media.ts";
import { sourceTiming } from "./source-timing.ts";

/** A file whose samples can be read at any position: a PCM container, or the decoded copy of a compressed one. */
export type PlanMedia = {
  readonly path: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly pcm: PcmLayout;
};

/** One insert as the engine sees it: registry position and flat parameter values. */
export type SlotPlan = {
  readonly id: string;
  readonly typeId: number;
  readonly values: readonly number[];
  readonly enabled: boolean;
  readonly mixPercent: number;
};

export type ClipPlan = {
  readonly id: string;
  readonly media: PlanMedia;
  readonly startFrame: number;
  readonly endFrame: number;
  /** Position in the source of the clip's first frame: source frames x `sourceStep.denominator`. */
  readonly sourceStart: number;
  /** Source frames per output frame, in lowest terms. */
  readonly sourceStep: { readonly numerator: number; readonly denominator: number };
  /** Source channel of each channel of the track. */
  readonly channels: readonly number[];
  /** Before the clip's processors. */
  readonly gainDb: number;
  /** After them. */
  readonly volumeDb: number;
  readonly channelGainsDb: readonly number[];
  readonly segments: readonly GainSegment[];
  readonly slots: readonly SlotPlan[];
};

/** What a generator plays; levels are peaks of sines and the RMS of noise, in dBFS. */
export type GeneratorSound =
  | { readonly kind: "tone"; readonly frequencyHz: number; readonly levelDbfs: number }
  | {
      readonly kind: "sweep";
      readonly frequencyHz: number;
      readonly toFrequencyHz: number;
      readonly levelDbfs: number;
    }
  | {
      readonly kind: "noise";
      readonly colour: "white" | "pink" | "brown";
      readonly levelDbfs: number;
      readonly seed: number;
    };

/** A sound without a file. */
export type GeneratorPlan = {
  readonly id: string;
  readonly startFrame: number;
  readonly endFrame: number;
  readonly sound: GeneratorSound;
  readonly gainDb: number;
  readonly segments: readonly GainSegment[];
};

export type SendPlan = { readonly bus: number; readonly gainDb: number; readonly tap: "pre" | "post" };

export type TrackPlan = {
  readonly id: string;
  readonly channels: number;
  readonly clips: readonly ClipPlan[];
  readonly generators: readonly GeneratorPlan[];
  readonly slots: readonly SlotPlan[];
  readonly bus: number;
  readonly volumeDb: number;
  readonly segments: readonly GainSegment[];
  readonly sends: readonly SendPlan[];
};

export type DuckPlan = { readonly id: string; readonly slot: SlotPlan; readonly keys: readonly number[] };

export type BusPlan = {
  readonly id: string;
  readonly channels: number;
  readonly layout: ChannelLayout;
  readonly output: number | null;
  readonly volumeDb: number;
  readonly sends: readonly SendPlan[];
  readonly slots: readonly SlotPlan[];
  readonly duckers: readonly DuckPlan[];
};

export type StemPlan = {
  readonly id: string;
  readonly name: string;
  readonly bus: number;
  readonly channels: number;
  readonly layout: ChannelLayout;
  readonly bitDepth: 16 | 24 | 32;
};

/** Everything that a render does, as plain data: the document's ids, ticks and layers are resolved to indices and frames. */
export type RenderPlan = {
  readonly sampleRate: number;
  readonly frames: number;
  /** BWF TimeReference of the first frame. */
  readonly timeReferenceFrames: number;
  readonly tracks: readonly TrackPlan[];
  readonly buses: readonly BusPlan[];
  /** Bus indices, every one after all that feed or key it. */
  readonly busOrder: readonly number[];
  readonly stems: readonly StemPlan[];
  readonly warnings: readonly string[];
};

const slotPlan = (processor: { readonly [key: string]: unknown }, type: string): SlotPlan => {
  const typeId = processors.findIndex((definition) => definition.type === type);
  const definition = processors[typeId];
  if (!definition) throw new TypeError(`no processor "${type}": the document was not validated`);
  return {
    id: String(processor["id"]),
    typeId,
    values: flattenParams(definition, { ...defaultsOf(definition), ...processor }),
    enabled: processor["enabled"] !== false,
    mixPercent: typeof processor["mixPercent"] === "number" ? processor["mixPercent"] : 100,
  };
};

/** `external` inserts belong to another program: they are kept in the document and bypassed here. */
const slotPlans = (list: readonly Processor[]): SlotPlan[] =>
  list.filter(({ type }) => type !== "external").map((processor) => slotPlan(processor, processor.type));

/** Why a clip cannot sound, or null. */
const silentReason = (clip: Clip): string | null => {
  if (clip.media === null) return "has no media file (nested, multicam or synthetic)";
  if (clip.speed !== "1/1" && clip.speed !== "1") return `plays at speed ${clip.speed}`;
  if (clip.reversed) return "plays backwards";
  return null;
};

type Gathered = { readonly warnings: string[]; readonly problems: Problem[] };

const planClip = (
  document: MixDocument,
  track: Track,
  clip: Clip,
  media: ReadonlyMap<string, PlanMedia>,
  gathered: Gathered,
): ClipPlan[] => {
  if (!clip.enabled) return [];
  const reason = silentReason(clip);
  if (reason) {
    gathered.warnings.push(
      `Clip "${clip.name}" on track "${track.name}" ${reason}: it is silent in this mix; bounce it in Premiere and mix again.`,
    );
    return [];
  }
  const source = media.get(clip.media!);
  if (!source) throw new TypeError(`media ${clip.media} of clip ${clip.id} was not opened`);
  const { sampleRate } = document.sequence;
  const startFrame = ticksToFrames(clip.startTicks, sampleRate);
  const endFrame = ticksToFrames(BigInt(clip.startTicks) + BigInt(clip.durationTicks), sampleRate);
  if (endFrame <= startFrame) return [];
  return [
    {
      id: clip.id,
      media: source,
      startFrame,
      endFrame,
      ...sourceTiming(clip, startFrame, source.sampleRate, sampleRate),
      channels: clip.channels.map((channel) => Math.min(channel, source.channels - 1)),
      gainDb: clip.gainDb,
      volumeDb: clipVolumeDb(clip),
      channelGainsDb: clip.channelGainsDb ?? [],
      segments: clipSegments(clip, document.crossfades, startFrame, endFrame, sampleRate),
      slots: slotPlans(clip.processors),
    },
  ];
};

const laneSegments = (lanes: readonly Automation[], frames: number, sampleRate: number): GainSegment[] => {
  const lane = lanes.find(({ param }) => param === "volumeDb");
  return lane ? automationSegments(lane.points, 0, 0, frames, sampleRate) : [];
};

const planTracks = (
  document: MixDocument,
  frames: number,
  media: ReadonlyMap<string, PlanMedia>,
  busIndex: (id: string) => number,
  gathered: Gathered,
): TrackPlan[] => {
  const { sampleRate } = document.sequence;
  const bySequence = [...document.tracks].sort((a, b) => a.order - b.order);
  return bySequence
    .filter(({ muted }) => !muted)
    .map((track) => ({
      id: track.id,
      channels: channelCount(track.layout),
      clips: track.clips
        .flatMap((clip) => planClip(document, track, clip, media, gathered))
        .sort((a, b) => a.startFrame - b.startFrame),
      generators: [],
      slots: slotPlans(track.processors),
      bus: busIndex(track.output),
      volumeDb: track.automation.length > 0 ? 0 : track.volumeDb,
      segments: laneSegments(track.automation, frames, sampleRate),
      sends: track.sends.map(({ to, levelDb, tap }) => ({ bus: busIndex(to), gainDb: levelDb, tap })),
    }));
};

const resolveBuses = (document: MixDocument, names: readonly string[]): number[] =>
  document.buses.flatMap((bus, index) =>
    names.some((name) => name === bus.id || (bus.role !== null && name === `role:${bus.role}`)) ? [index] : [],
  );

const planBuses = (document: MixDocument, busIndex: (id: string) => number): BusPlan[] =>
  document.buses.map((bus, index) => ({
    id: bus.id,
    channels: channelCount(bus.layout),
    layout: bus.layout,
    output: bus.output === null ? null : busIndex(bus.output),
    volumeDb: bus.volumeDb,
    sends: bus.sends.map(({ to, levelDb, tap }) => ({ bus: busIndex(to), gainDb: levelDb, tap })),
    slots: slotPlans(bus.processors),
    duckers: document.duckers
      .filter((ducker) => ducker.enabled && resolveBuses(document, ducker.targets).includes(index))
      .map((ducker) => ({
        id: ducker.id,
        slot: slotPlan(ducker, "ducker"),
        keys: resolveBuses(document, ducker.keys),
      })),
  }));

/** Every bus after all that feed or key it; the document's order decides among equals. null when there is a cycle. */
const orderBuses = (buses: readonly BusPlan[]): number[] | null => {
  const needs = buses.map((bus, index) => {
    const feeding = buses.flatMap((other, at) =>
      other.output === index || other.sends.some((send) => send.bus === index) ? [at] : [],
    );
    return new Set([...feeding, ...bus.duckers.flatMap(({ keys }) => keys)]);
  });
  const order: number[] = [];
  while (order.length < buses.length) {
    const next = buses.findIndex(
      (_, index) => !order.includes(index) && [...needs[index]!].every((at) => order.includes(at)),
    );
    if (next < 0) return null;
    order.push(next);
  }
  return order;
};

/** Stereo signals that lead to a mono bus. */
const widerInputs = (document: MixDocument): { from: string; to: string }[] => {
  const mono = new Set(document.buses.filter(({ layout }) => layout === "mono").map(({ id }) => id));
  return [...document.tracks, ...document.buses]
    .filter(({ layout }) => layout !== "mono")
    .flatMap(({ id, output, sends }) => [output, ...sends.map(({ to }) => to)].map((to) => ({ from: id, to })))
    .flatMap(({ from, to }) => (to !== null && mono.has(to) ? [{ from, to }] : []));
};

const layoutProblems = (document: MixDocument): Problem[] => [
  ...document.tracks
    .filter(({ layout }) => channelCount(layout) > 2)
    .map(
      ({ name, layout }): Problem => ({
        code: "unsupported",
        message: `Track "${name}" is ${layout}; this version mixes mono and stereo tracks.`,
        allowed: ["mono", "stereo"],
      }),
    ),
  ...document.buses
    .filter(({ layout }) => channelCount(layout) > 2)
    .map(
      ({ id, layout }): Problem => ({
        code: "unsupported",
        message: `${id} is ${layout}; this version renders mono and stereo buses.`,
        allowed: ["mono", "stereo"],
      }),
    ),
  ...widerInputs(document).map(
    ({ from, to }): Problem => ({
      code: "unsupported",
      message: `${from} is stereo and leads to the mono bus ${to}; this version does not mix down. Make the bus stereo.`,
      allowed: ["stereo"],
    }),
  ),
  ...document.stems
    .filter(({ from, layout }) => document.buses.some((bus) => bus.id === from && bus.layout !== layout))
    .map(
      ({ id, from, layout }): Problem => ({
        code: "unsupported",
        message: `Stem ${id} is ${layout}, but its bus ${from} is not; this version writes a bus in its own layout.`,
      }),
    ),
  ...document.stems
    .filter(({ sampleRate }) => sampleRate !== document.sequence.sampleRate)
    .map(
      ({ id, sampleRate }): Problem => ({
        code: "unsupported",
        message: `Stem ${id} asks for ${sampleRate} Hz; stems are rendered at the sequence's ${document.sequence.sampleRate} Hz.`,
        allowed: [String(document.sequence.sampleRate)],
      }),
    ),
];

/** Media ids that clips and cues of the document will really read. */
export const soundingMedia = (document: MixDocument): string[] => [
  ...new Set([
    ...document.tracks
      .filter(({ muted }) => !muted)
      .flatMap(({ clips }) =>
        clips.filter((clip) => clip.enabled && silentReason(clip) === null).map(({ media }) => media!),
      ),
    ...cueMedia(document),
  ]),
];

/** Resolves a validated document against its opened media. */
export const planRender = (document: MixDocument, media: ReadonlyMap<string, PlanMedia>): Result<RenderPlan> => {
  const { sampleRate, durationTicks, startTicks } = document.sequence;
  const gathered: Gathered = { warnings: [], problems: layoutProblems(document) };
  const busIndex = (id: string) => document.buses.findIndex((bus) => bus.id === id);
  const frames = ticksToFrames(durationTicks, sampleRate);
  const buses = planBuses(document, busIndex);
  const busOrder = orderBuses(buses);
  if (!busOrder)
    gathered.problems.push({
      code: "meaning",
      message: "The buses feed each other in a circle; a mix needs one way from the tracks to the master.",
      pointer: "/buses",
    });
  if (gathered.problems.length > 0 || !busOrder) return fail(...gathered.problems);
  const tracks = [...planTracks(document, frames, media, busIndex, gathered), ...planCues(document, media, busIndex)];
  const stems = document.stems.map((stem): StemPlan => {
    const bus = busIndex(stem.from);
    return {
      id: stem.id,
      name: stem.name,
      bus,
      channels: channelCount(stem.layout),
      layout: stem.layout,
      bitDepth: stem.bitDepth,
    };
  });
  return ok({
    sampleRate,
    frames,
    timeReferenceFrames: ticksToFrames(startTicks, sampleRate),
    tracks,
    buses,
    busOrder,
    stems,
    warnings: gathered.warnings,
  });
};
