import { channelCount } from "../schema/channel-layout.ts";
import type { Automation, Clip, MixDocument, Track } from "../schema/generated/mix-document.ts";
import { ticksToFrames } from "../schema/ticks.ts";
import { automationSegments, clipSegments, clipVolumeDb, type GainSegment } from "./gain-segments.ts";
import { ownSlotPlans, type PlanGround } from "./plan-slots.ts";
import type { ClipPlan, TrackPlan } from "./render-plan.ts";
import { sourceTiming } from "./source-timing.ts";

/** Why a clip cannot sound, or null. */
export const silentReason = (clip: Clip): string | null => {
  if (clip.media === null) return "has no media file (nested, multicam or synthetic)";
  if (clip.speed !== "1/1" && clip.speed !== "1") return `plays at speed ${clip.speed}`;
  if (clip.reversed) return "plays backwards";
  return null;
};

const planClip = (document: MixDocument, track: Track, clip: Clip, ground: PlanGround): ClipPlan[] => {
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
      channels: clip.channels.map((channel) => Math.min(channel, source.channels - 1)),
      gainDb: clip.gainDb,
      volumeDb: clipVolumeDb(clip),
      channelGainsDb: clip.channelGainsDb ?? [],
      segments: clipSegments(clip, document.crossfades, startFrame, endFrame, sampleRate),
      slots: ownSlotPlans(clip.processors, ground),
    },
  ];
};

const laneSegments = (lanes: readonly Automation[], frames: number, sampleRate: number): GainSegment[] => {
  const lane = lanes.find(({ param }) => param === "volumeDb");
  return lane ? automationSegments(lane.points, 0, 0, frames, sampleRate) : [];
};

/** The tracks that are not muted, in the sequence's order. */
export const planTracks = (document: MixDocument, frames: number, ground: PlanGround): TrackPlan[] => {
  const { sampleRate } = document.sequence;
  const bySequence = [...document.tracks].sort((a, b) => a.order - b.order);
  return bySequence
    .filter(({ muted }) => !muted)
    .map((track) => ({
      id: track.id,
      channels: channelCount(track.layout),
      clips: track.clips
        .flatMap((clip) => planClip(document, track, clip, ground))
        .sort((a, b) => a.startFrame - b.startFrame),
      generators: [],
      slots: ownSlotPlans(track.processors, ground),
      bus: ground.busIndex(track.output),
      volumeDb: track.automation.length > 0 ? 0 : track.volumeDb,
      segments: laneSegments(track.automation, frames, sampleRate),
      sends: track.sends.map(({ to, levelDb, tap }) => ({ bus: ground.busIndex(to), gainDb: levelDb, tap })),
    }));
};
