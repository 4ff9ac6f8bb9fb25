import type { ChannelLayout, Role } from "../../schema/generated/mix-document.ts";
import type { Ticks } from "../../schema/ticks.ts";

/**
 * What a reader of a foreign project file gives: the audio of one sequence with the meaning Premiere's DOM has (a cut is
 * one point; a transition lies over it; source in and out belong to the cut, not to the transition's handles).
 */
export type Timeline = {
  readonly format: "xmeml" | "prproj";
  /** prproj <Project Version> or xmeml version attribute. */
  readonly formatVersion: string;
  readonly id: string;
  readonly name: string;
  readonly frameRate: string;
  readonly dropFrame: boolean;
  readonly zeroPointTicks: Ticks;
  readonly durationTicks: Ticks;
  readonly sampleRate: number;
  readonly layout: ChannelLayout;
  /** Id that an export of Premix left in the file. */
  readonly carriedId?: string;
  readonly tracks: readonly TimelineTrack[];
  readonly fidelity: readonly FidelityEntry[];
};

export type TimelineTrack = {
  readonly id: string;
  readonly name: string;
  readonly layout: ChannelLayout;
  readonly muted: boolean;
  readonly locked: boolean;
  readonly volumeDb: number;
  /** -1 left .. 1 right. */
  readonly pan: number;
  readonly clips: readonly TimelineClip[];
  readonly transitions: readonly TimelineTransition[];
};

export type TimelineClip = {
  /** GUID in a prproj, clipitem id in xmeml. */
  readonly id: string;
  readonly name: string;
  readonly kind: "media" | "sequence" | "multicam" | "synthetic";
  /** Path as written in the file, percent-decoded, without file://localhost; "" when there is none. */
  readonly mediaPath: string;
  readonly mediaName: string;
  readonly mediaChannels: number | null;
  readonly mediaSampleRate: number | null;
  readonly mediaDurationTicks: Ticks | null;
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
  readonly inTicks: Ticks;
  readonly outTicks: Ticks;
  readonly speed: number;
  readonly reversed: boolean;
  readonly enabled: boolean;
  /** Clip Audio Gain (the DOM cannot read it). */
  readonly gainDb: number;
  readonly volumeDb: number;
  readonly volumeKeys: readonly { readonly mediaTicks: Ticks; readonly levelDb: number }[];
  readonly pan: number;
  /** Source channel (from 0) of each channel of the track. */
  readonly channels: readonly number[];
  readonly essentialSound: Role | null;
  readonly effects: readonly string[];
  readonly carried?: Carried;
};

/** What an export of Premix leaves beside a clip, because the format has no place for it. */
export type Carried = {
  readonly id?: string;
  readonly role?: Role;
  readonly roleSource?: string;
  /** Id of the medium in the document. */
  readonly media?: string;
  readonly note?: string;
};

export type TimelineTransition = {
  readonly name: string;
  readonly matchName: string;
  readonly curve: "constantPower" | "constantGain" | "other";
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
  /** Of a transition that belongs to one clip although another is beside it: the edge that it fades. */
  readonly side?: "start" | "end";
};

/** Nothing is dropped silently: each property of the file is mapped, carried opaque, or dropped, by name. */
export type FidelityEntry = {
  readonly property: string;
  readonly outcome: "mapped" | "carried" | "dropped";
  readonly count: number;
  readonly note?: string;
};
