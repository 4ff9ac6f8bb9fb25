import {
  createSimulatedHost,
  type SimulatedHost,
  type SimulatedHostOptions,
} from "../../extension/host/simulated-host.ts";
import type { Timeline, TimelineClip, TimelineTrack } from "../../extension/interchange/timeline.ts";
import type { PlaceRequest } from "../../schema/host-protocol.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";

/** Ticks of a point in seconds, as a decimal string. */
export const seconds = (value: number): string => String((BigInt(Math.round(value * 1000)) * TICKS_PER_SECOND) / 1000n);

/** A mono dialogue clip of 2 s, 2 s after the one before. */
export const clip = (at: number, changes: Partial<TimelineClip> = {}): TimelineClip => ({
  id: `clip-${at}`,
  name: `Take ${at + 1}`,
  kind: "media",
  mediaPath: `/media/take-${at % 5}.wav`,
  mediaName: `take-${at % 5}.wav`,
  mediaChannels: 1,
  mediaSampleRate: 48_000,
  mediaDurationTicks: seconds(60),
  startTicks: seconds(at * 4),
  endTicks: seconds(at * 4 + 2),
  inTicks: seconds(at),
  outTicks: seconds(at + 2),
  speed: 1,
  reversed: false,
  enabled: true,
  gainDb: 0,
  volumeDb: 0,
  volumeKeys: [],
  pan: 0,
  channels: [0],
  essentialSound: null,
  effects: [],
  ...changes,
});

export const track = (
  name: string,
  clips: readonly TimelineClip[],
  changes: Partial<TimelineTrack> = {},
): TimelineTrack => ({
  id: name,
  name,
  layout: "stereo",
  muted: false,
  locked: false,
  volumeDb: 0,
  pan: 0,
  clips,
  transitions: [],
  ...changes,
});

export const timeline = (
  name: string,
  tracks: readonly TimelineTrack[],
  changes: Partial<Timeline> = {},
): Timeline => ({
  format: "xmeml",
  formatVersion: "5",
  id: `sequence-${name}`,
  name,
  frameRate: "25",
  dropFrame: false,
  zeroPointTicks: "0",
  durationTicks: seconds(60),
  sampleRate: 48_000,
  layout: "stereo",
  tracks,
  fidelity: [],
  ...changes,
});

const music = (at: number): TimelineClip =>
  clip(at, {
    name: "Theme",
    mediaPath: "/media/theme.wav",
    mediaName: "theme.wav",
    mediaChannels: 2,
    channels: [0, 1],
    volumeDb: -6,
  });

/** A small scene: two dialogue tracks, a muted guide, music with volume keys and a cross-fade. */
export const scene = (): Timeline =>
  timeline("Scene", [
    track("", [clip(0), clip(1, { volumeDb: -3, enabled: false }), clip(2)]),
    track("Boom", [clip(1, { speed: 1.5, reversed: true }), clip(3, { effects: ["AE.ADBE DeNoise"] })]),
    track("Guide", [clip(0, { name: "Guide" })], { muted: true, locked: true }),
    track("Music", [music(0), music(1)], {
      transitions: [
        {
          name: "Constant Power",
          matchName: "AE.ADBE Cross Fade",
          curve: "constantPower",
          startTicks: seconds(3),
          endTicks: seconds(5),
        },
      ],
    }),
  ]);

/** Another sequence, for an editor who switches. */
export const other = (): Timeline => timeline("Other", [track("A", [clip(0)]), track("B", [clip(2)])]);

/** Every file exists and every stem is 20 s of stereo, so no test needs a disk. */
export const simulate = (options: Partial<SimulatedHostOptions> = {}): SimulatedHost =>
  createSimulatedHost({
    timelines: [scene(), other()],
    projectPath: "/projects/Scene.prproj",
    projectName: "Scene.prproj",
    mediaFacts: () => ({ durationTicks: BigInt(seconds(20)), channels: 2 }),
    fileExists: () => true,
    ...options,
  });

export const STEMS = ["DX", "MX", "FX", "BG", "Mix"] as const;

/** Five stereo stems of 20 s from the start; the first two tracks and the music are to be muted. */
export const placeRequest = (changes: Partial<PlaceRequest> = {}): PlaceRequest => ({
  operationId: "op-1",
  binName: "Scene Mix",
  startTicks: "0",
  stems: STEMS.map((name) => ({
    trackName: name,
    file: `/projects/mix/stems/${name}.wav`,
    channelType: 1 as const,
    durationTicks: seconds(20),
  })),
  muteTrackIndices: [0, 1, 3],
  ...changes,
});
