import { type ChannelLayout, layoutOfChannels } from "../schema/channel-layout.ts";
import { cueBus } from "../schema/cue-bus.ts";
import type {
  Bus,
  Clip,
  Cue,
  MixDocument,
  NoiseSource,
  RoomToneSource,
  SweepSource,
  ToneSource,
  Track,
} from "../schema/generated/mix-document.ts";
import { ticksToFrames } from "../schema/ticks.ts";
import { clipVolumeDb, fadeSegments } from "./gain-segments.ts";
import type { PlanGround } from "./plan-slots.ts";
import { silentReason } from "./plan-tracks.ts";
import type { ClipPlan, GeneratorPlan, GeneratorSound, TrackPlan } from "./render-plan.ts";
import { sourceTiming } from "./source-timing.ts";

const soundingCues = ({ cues = [] }: Pick<MixDocument, "cues">): Cue[] => cues.filter(({ enabled }) => enabled);

type Room = { readonly clip: Clip; readonly track: Track };

/** The clip whose room a cue plays. */
const roomOf = ({ tracks }: Pick<MixDocument, "tracks">, { clip: id }: RoomToneSource): Room => {
  for (const track of tracks) {
    const clip = track.clips.find((one) => one.id === id);
    if (clip) return { clip, track };
  }
  throw new TypeError(`no clip ${id}: the document was not validated`);
};

/** Media ids that cues will really read. */
export const cueMedia = (document: MixDocument): string[] =>
  soundingCues(document).flatMap(({ source }) => {
    if (source.kind === "file") return [source.media];
    if (source.kind !== "roomTone") return [];
    const { clip } = roomOf(document, source);
    return silentReason(clip) === null ? [clip.media!] : [];
  });

type Span = Pick<GeneratorPlan, "id" | "startFrame" | "endFrame" | "gainDb" | "segments">;

const spanOf = ({ id, startTicks, gainDb, fadeIn, fadeOut, source }: Cue, sampleRate: number): Span => {
  const startFrame = ticksToFrames(startTicks, sampleRate);
  const endFrame = ticksToFrames(BigInt(startTicks) + BigInt(source.durationTicks), sampleRate);
  const segments = fadeSegments(fadeIn, fadeOut, startFrame, endFrame, sampleRate);
  return { id, startFrame, endFrame, gainDb, segments };
};

/** A stretch of a file over a span, without inserts, on a track of `outputLayout`. */
const playFile = (
  span: Span,
  media: string,
  times: Pick<Clip, "startTicks" | "sourceInTicks">,
  channels: readonly number[],
  outputLayout: ChannelLayout,
  ground: PlanGround,
  sampleRate: number,
): ClipPlan => {
  const file = ground.media.get(media);
  if (!file) throw new TypeError(`media ${media} of cue ${span.id} was not opened`);
  return {
    ...span,
    media: file,
    ...sourceTiming(times, span.startFrame, file.sampleRate, sampleRate),
    layout: layoutOfChannels(channels.length),
    channels: channels.map((channel) => Math.min(channel, file.channels - 1)),
    volumeDb: 0,
    channelGainsDb: [],
    slots: [],
    outputLayout,
  };
};

const signalOf = (source: ToneSource | SweepSource | NoiseSource): GeneratorSound => {
  const { levelDbfs } = source;
  if (source.kind === "noise") return { kind: "noise", colour: source.colour, levelDbfs, seed: source.seed };
  const { frequencyHz } = source;
  if (source.kind === "tone" || source.toFrequencyHz === frequencyHz) return { kind: "tone", frequencyHz, levelDbfs };
  return { kind: "sweep", frequencyHz, toFrequencyHz: source.toFrequencyHz, levelDbfs };
};

/** Generators play one channel pair; files up to 7.1. */
const MOST_CHANNELS = { generator: 2, file: 8 };

const planRoomTone = (document: MixDocument, cue: Cue, source: RoomToneSource, ground: PlanGround): GeneratorPlan[] => {
  const { sampleRate } = document.sequence;
  const { clip, track } = roomOf(document, source);
  const reason = silentReason(clip);
  if (reason) {
    ground.warnings.push(
      `Cue "${cue.name}" plays the room of clip "${clip.name}" on track "${track.name}", which ${reason}: the cue is silent in this mix; name another clip.`,
    );
    return [];
  }
  const { id, startTicks, sourceInTicks, durationTicks } = clip;
  const startFrame = ticksToFrames(startTicks, sampleRate);
  const endFrame = ticksToFrames(BigInt(startTicks) + BigInt(durationTicks), sampleRate);
  const heard: Span = { id, startFrame, endFrame, gainDb: 0, segments: [] };
  const channels = clip.channels.slice(0, MOST_CHANNELS.generator);
  const layout = layoutOfChannels(channels.length);
  const room = playFile(heard, clip.media!, { startTicks, sourceInTicks }, channels, layout, ground, sampleRate);
  const span = spanOf(cue, sampleRate);
  const gainDb = span.gainDb + clip.gainDb + clipVolumeDb(clip) + track.volumeDb;
  return [{ ...span, name: cue.name, gainDb, sound: { kind: "roomTone", source: room, seed: source.seed } }];
};

const planGenerator = (document: MixDocument, cue: Cue, ground: PlanGround): GeneratorPlan[] => {
  const { source, name } = cue;
  if (source.kind === "file" || source.kind === "silence") return [];
  if (source.kind === "roomTone") return planRoomTone(document, cue, source, ground);
  return [{ ...spanOf(cue, document.sequence.sampleRate), name, sound: signalOf(source) }];
};

const planFile = (document: MixDocument, cue: Cue, layout: ChannelLayout, ground: PlanGround): ClipPlan[] => {
  const { source, startTicks } = cue;
  if (source.kind !== "file") return [];
  const { sampleRate } = document.sequence;
  const times = { startTicks, sourceInTicks: source.sourceInTicks };
  const length = Math.min(ground.media.get(source.media)?.channels ?? 0, MOST_CHANNELS.file);
  const channels = Array.from({ length }, (_, channel) => channel);
  return [playFile(spanOf(cue, sampleRate), source.media, times, channels, layout, ground, sampleRate)];
};

const hasLength = ({ startFrame, endFrame }: { readonly startFrame: number; readonly endFrame: number }) =>
  endFrame > startFrame;

/** The cues as hidden tracks, one a bus, in the order of the buses. */
export const planCues = (document: MixDocument, ground: PlanGround): TrackPlan[] => {
  const byBus = new Map<Bus, Cue[]>();
  for (const cue of soundingCues(document)) {
    const bus = cueBus(document, cue.role);
    if (!bus) throw new TypeError(`no bus for cue ${cue.id}: the document was not validated`);
    byBus.set(bus, [...(byBus.get(bus) ?? []), cue]);
  }
  return document.buses.flatMap((bus): TrackPlan[] => {
    const cues = byBus.get(bus);
    if (!cues) return [];
    // Sums depend on their order in the last bit: ids decide where starts are equal, not the document's order.
    const inOrder = [...cues].sort(
      (a, b) => compare(BigInt(a.startTicks), BigInt(b.startTicks)) || compare(a.id, b.id),
    );
    return [
      {
        id: `cues_${bus.id}`,
        clipLayout: bus.layout,
        layout: bus.layout,
        outputLayout: bus.layout,
        clips: inOrder.flatMap((cue) => planFile(document, cue, bus.layout, ground)).filter(hasLength),
        generators: inOrder.flatMap((cue) => planGenerator(document, cue, ground)).filter(hasLength),
        slots: [],
        bus: ground.busIndex(bus.id),
        volumeDb: 0,
        segments: [],
        sends: [],
      },
    ];
  });
};

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : Number(a > b));
