import type { Ticks } from "./ticks.ts";

/** What crosses the bridge. Every time is a decimal tick string; levels are dB already (the host scripts convert once and read back). */
export type HostRequest = {
  readonly v: 1;
  readonly id: string;
  readonly op: string;
  readonly args: { readonly [name: string]: unknown };
  /** The host refuses when the active project or sequence is another one. */
  readonly expect?: { readonly documentId: string; readonly sequenceId: string };
};

export type HostResponse =
  | {
      readonly v: 1;
      readonly id: string;
      readonly ok: true;
      readonly result: unknown;
      readonly next?: unknown;
      readonly build: string;
    }
  | {
      readonly v: 1;
      readonly id: string;
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string; readonly line?: number; readonly op: string };
      readonly build: string;
    };

export type SequenceReply = {
  readonly documentId: string;
  readonly projectName: string;
  readonly projectPath: string;
  readonly sequenceId: string;
  readonly name: string;
  readonly timebaseTicks: Ticks;
  readonly zeroPointTicks: Ticks;
  readonly endTicks: Ticks;
  readonly sampleRate: number;
  /** 0 mono, 1 stereo, 2 5.1, 3 multichannel. */
  readonly audioChannelType: number;
  readonly dropFrame: boolean;
  readonly audioTrackCount: number;
};

export type TrackReply = {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly muted: boolean;
  readonly locked: boolean;
  readonly clipCount: number;
  readonly transitionCount: number;
};

export type KeyframeReply = { readonly mediaTicks: Ticks; readonly levelDb: number };

export type AudioClipReply = {
  readonly trackIndex: number;
  readonly clipIndex: number;
  readonly nodeId: string;
  readonly name: string;
  /** "" for synthetic items (nested sequences have isSequence). */
  readonly mediaPath: string;
  readonly offline: boolean;
  readonly isSequence: boolean;
  readonly isMulticam: boolean;
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
  readonly inTicks: Ticks;
  readonly outTicks: Ticks;
  readonly speed: number;
  readonly reversed: boolean;
  readonly disabled: boolean;
  /** Static clip Volume > Level; -120 = off. null when the clip has no volume component or it is animated. */
  readonly volumeDb: number | null;
  /** Animated Level, in time order; empty when static. Premiere moves straight in linear gain between keys. */
  readonly volumeKeys: readonly KeyframeReply[];
  /** Channel Volume per channel when present and not 0. */
  readonly channelGainsDb: readonly number[];
  /** Source channel (from 0) of each clip channel; empty when the host does not tell. */
  readonly channels: readonly number[];
  /** Number of channels the clip carries on its track (1, 2, 6), from the component match names; 0 unknown. */
  readonly channelCount: number;
  /** Match names of components beyond the intrinsic ones. */
  readonly effects: readonly string[];
};

export type TransitionReply = {
  readonly trackIndex: number;
  readonly name: string;
  readonly matchName: string;
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
};

/** Everything that was read from one sequence, checked. */
export type SequenceSnapshot = {
  readonly sequence: SequenceReply;
  readonly tracks: readonly (TrackReply & {
    readonly clips: readonly AudioClipReply[];
    readonly transitions: readonly TransitionReply[];
  })[];
};

export type StemPlacement = {
  /** Name of the new track. */
  readonly trackName: string;
  /** Native absolute path of a finished WAV. */
  readonly file: string;
  readonly channelType: 0 | 1 | 2;
  readonly durationTicks: Ticks;
};

export type PlaceRequest = {
  /** Stored in the bin item's name, so that a re-run finds what an earlier one placed. */
  readonly operationId: string;
  readonly binName: string;
  readonly startTicks: Ticks;
  readonly stems: readonly StemPlacement[];
  /** Indices of the tracks to mute after everything was read back; empty = none. */
  readonly muteTrackIndices: readonly number[];
};

export type PlacedStem = {
  readonly trackName: string;
  readonly trackIndex: number;
  readonly trackId: string;
  readonly file: string;
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
  readonly readBack: boolean;
};

export type PlaceResult = {
  readonly placed: readonly PlacedStem[];
  readonly originalsUnchanged: boolean;
  readonly mutedTrackIndices: readonly number[];
  /** Sentences about anything that did not go as asked but harmed nothing (a track that could not be named). */
  readonly warnings: readonly string[];
};
