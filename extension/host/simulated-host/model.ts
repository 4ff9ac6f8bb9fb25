import type { UndoStack } from "./undo-stack.ts";

/** One keyframe in the clip's media time. */
export type ModelKey = { ticks: bigint; value: number };

/** A parameter's value; `keys` null = it does not move. */
export type ModelParam = { value: number | boolean; keys: ModelKey[] | null };

/** 0 mono, 1 stereo, 2 5.1: Premiere's own numbers. */
export type ChannelType = 0 | 1 | 2;

export type ModelClip = {
  readonly nodeId: string;
  name: string;
  item: ModelItem | null;
  start: bigint;
  end: bigint;
  /** null = "not set" (items without media). */
  inPoint: bigint | null;
  outPoint: bigint | null;
  speed: number;
  reversed: boolean;
  disabled: boolean;
  readonly channelType: ChannelType;
  readonly bypass: ModelParam;
  readonly level: ModelParam;
  /** One per channel; empty for mono, which has no Channel Volume. */
  readonly channelLevels: readonly ModelParam[];
  /** Match names after the intrinsic components. */
  readonly effects: readonly string[];
};

export type ModelTransition = {
  readonly nodeId: string;
  readonly name: string;
  readonly matchName: string;
  readonly start: bigint;
  readonly end: bigint;
};

export type ModelTrack = {
  readonly id: number;
  /** null = Premiere's running name ("Audio 3"). */
  name: string | null;
  readonly channelType: ChannelType;
  muted: boolean;
  locked: boolean;
  clips: ModelClip[];
  readonly transitions: readonly ModelTransition[];
};

export type ModelSequence = {
  readonly sequenceId: string;
  name: string;
  readonly timebase: bigint;
  readonly zeroPoint: bigint;
  readonly end: bigint;
  readonly sampleRate: number;
  readonly channelType: number;
  readonly displayFormat: number;
  tracks: ModelTrack[];
  readonly item: ModelItem;
};

/** ProjectItemType: clip 1, bin 2, root 3, file 4. */
export type ItemType = 1 | 2 | 3 | 4;

export type ModelItem = {
  readonly nodeId: string;
  name: string;
  readonly type: ItemType;
  readonly mediaPath: string;
  readonly durationTicks: bigint;
  readonly isSequence: boolean;
  readonly isMulticam: boolean;
  channelType: ChannelType;
  /** How many track items the source is split into. */
  clipsNumber: number;
  children: ModelItem[];
};

export type ModelProject = {
  readonly documentId: string;
  readonly name: string;
  readonly path: string;
  readonly root: ModelItem;
  readonly sequences: ModelSequence[];
  active: ModelSequence | null;
  readonly undo: UndoStack;
};

/** Length and channels of a media file. */
export type MediaFacts = { readonly durationTicks: bigint; readonly channels: number };

/** Normalised Level of a gain in dB: 0 dB is 0.17782794, 1 is +15 dB and the most there is. */
export const levelOfDb = (levelDb: number): number =>
  levelDb <= -120 ? 0 : Math.min(1, 10 ** ((Math.min(levelDb, 15) - 15) / 20));

export const channelsOfType: { readonly [type in ChannelType]: number } = { 0: 1, 1: 2, 2: 6 };

/** The nearest of Premiere's three clip layouts that holds so many channels. */
export const typeOfChannels = (channels: number): ChannelType => (channels <= 1 ? 0 : channels === 2 ? 1 : 2);

/** A parameter that stands still. */
export const still = (value: number | boolean): ModelParam => ({ value, keys: null });
