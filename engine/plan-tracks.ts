import { layoutOfChannels } from "../schema/channel-layout.ts";
import type { Automation, ChannelLayout, Clip, MixDocument, Track } from "../schema/generated/mix-document.ts";
import { ticksToFrames } from "../schema/ticks.ts";
import { automationSegments, clipSegments, clipVolumeDb, type GainSegment } from "./gain-segments.ts";
import { ownChainPlan, type PlanGround } from "./plan-slots.ts";
import type { ClipPlan, TrackPlan } from "./render-plan.ts";
import { sourceTiming } from "./source-timing.ts";

/** Why a clip cannot sound, or null. */
export const silentReason = (clip: Clip): string | null => {
  if (clip.media === null) return "has no media file (nested, multicam or synthetic)";
  if (clip.speed !== "1/1" && clip.speed !== "1") return `plays at speed ${clip.speed}`;
  if (clip.reversed) return "plays backwards";
  return null;
};

const planClip = (
  document: MixDocument,
  track: Track,
  clip: Clip,
  target: ChannelLayout,
  ground: PlanGround,
): ClipPlan[] => {
  if (!clip.enabled) return [];
  const reason = silentReason(clip);
  if (reason) {
    ground.warnings.push(
      `Clip "${clip.name}" on track "${track.name}" ${reason}: it is silent in this mix; bounce it in Premiere and mix again.`,
    );
    return [];
  }
  const source = ground.media.get(clip.media!);
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
      layout: layoutOfChannels(clip.channels.length),
      channels: clip.channels.map((channel) => Math.min(channel, source.channels - 1)),
      gainDb: clip.gainDb,
      volumeDb: clipVolumeDb(clip),
      channelGainsDb: clip.channelGainsDb ?? [],
      segments: clipSegments(clip, document.crossfades, startFrame, endFrame, sampleRate),
      ...ownChainPlan(clip.processors, track.layout, target, ground),
    },
  ];
};

const laneSegments = (lanes: readonly Automation[], frames: number, sampleRate: number): GainSegment[] => {
  const lane = lanes.find(({ param }) => param === "volumeDb");
  return lane ? automationSegments(lane.points, 0, 0, frames, sampleRate) : [];
};

const planTrack = (document: MixDocument, track: Track, frames: number, ground: PlanGround): TrackPlan => {
  const bus = ground.busIndex(track.output);
  const target = document.buses[bus]!.layout;
  const clips = track.clips.flatMap((clip) => planClip(document, track, clip, target, ground));
  // One clip that is placed in the wider layout takes the others along.
  const layout = clips.some(({ outputLayout }) => outputLayout === target) ? target : track.layout;
  return {
    id: track.id,
    clipLayout: track.layout,
    layout,
    clips: clips.sort((a, b) => a.startFrame - b.startFrame),
    generators: [],
    ...ownChainPlan(track.processors, layout, target, ground),
    bus,
    volumeDb: track.automation.length > 0 ? 0 : track.volumeDb,
    segments: laneSegments(track.automation, frames, document.sequence.sampleRate),
    sends: track.sends.map(({ to, levelDb, tap }) => ({ bus: ground.busIndex(to), gainDb: levelDb, tap })),
  };
};

/** The tracks that are not muted, in the sequence's order. */
export const planTracks = (document: MixDocument, frames: number, ground: PlanGround): TrackPlan[] =>
  [...document.tracks]
    .sort((a, b) => a.order - b.order)
    .filter(({ muted }) => !muted)
    .map((track) => planTrack(document, track, frames, ground));
