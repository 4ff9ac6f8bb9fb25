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

/** The undo stack's position before and after an operation; null = the host does not tell. */
export type UndoPositions = { readonly before: number | null; readonly after: number | null };

export type HostResponse =
  | {
      readonly v: 1;
      readonly id: string;
      readonly ok: true;
      readonly result: unknown;
      readonly next?: unknown;
      /** With every operation that places. */
      readonly undo?: UndoPositions;
      readonly build: string;
    }
  | {
      readonly v: 1;
      readonly id: string;
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly line?: number;
        readonly op: string;
      };
      /** With every operation that places. */
      readonly undo?: UndoPositions;
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

// What the single operations of the host scripts answer. A session never sees these: it sees the Host interface.

export type ConnectReply = { readonly appVersion: string; readonly appBuild: string; readonly qe: boolean };

/** A clip as it travels: long key lists stay behind (volumeKeys empty, keyCount not 0) and are read in pages. */
export type ClipPageItem = AudioClipReply & { readonly keyCount: number };
export type ClipPageReply = { readonly clips: readonly ClipPageItem[]; readonly total: number };

/** 16 hex digits over every clip and transition of a track so far; mute and lock stand in `track`. */
export type FingerprintReply = { readonly track: TrackReply; readonly trackCount: number; readonly hash: string };

export type PreflightReply = {
  readonly timebaseTicks: Ticks;
  readonly tracks: readonly TrackReply[];
};

export type ItemReply = { readonly nodeId: string; readonly name: string; readonly mediaPath: string };

export type ImportReply = ItemReply & {
  readonly changed: boolean;
  /** "" when the item has the wanted layout. */
  readonly mappingComplaint: string;
};

export type AddTrackReply = {
  readonly index: number;
  readonly id: string;
  readonly changed: boolean;
  /** Whether the bin's name remembers the track. */
  readonly noted: boolean;
};

export type NameTrackReply = { readonly named: boolean; readonly name: string };
export type OverwriteReply = { readonly changed: boolean };

export type ReadBackReply = {
  readonly trackIndex: number;
  readonly trackName: string;
  readonly clipCount: number;
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
  readonly inTicks: Ticks;
  readonly outTicks: Ticks;
  readonly mediaPath: string;
  readonly disabled: boolean;
  readonly speed: number;
  /** Channels that the clip carries; 0 unknown. */
  readonly channelCount: number;
  readonly volumeDb: number | null;
};

export type MuteReply = {
  /** Tracks that read back as muted. */
  readonly mutedIds: readonly string[];
  /** Those of them that were open before. */
  readonly changedIds: readonly string[];
  readonly noted: boolean;
};

export type SetLevelReply = { readonly levelDb: number };

export type OwnClipReply = { readonly itemNodeId: string; readonly startTicks: Ticks; readonly endTicks: Ticks };
export type OwnTrackReply = {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly clipCount: number;
  readonly ours: readonly OwnClipReply[];
};

/** What an operation has left in the project so far. */
export type OperationReply = {
  /** nodeId of our bin; null when there is none. */
  readonly bin: string | null;
  readonly items: readonly ItemReply[];
  readonly tracks: readonly OwnTrackReply[];
  readonly notedTracks: readonly { readonly stem: string; readonly id: string }[];
  readonly mutedIds: readonly string[];
};

export type UndoReply = { readonly steps: number };

export type UnmuteReply = { readonly openedIds: readonly string[]; readonly stuckIds: readonly string[] };

export type RemoveReply = {
  readonly removed: boolean;
  /** Why it had to stay; "" when it is gone or was not there. */
  readonly warning: string;
};

/** What stands under each name of one object: the kind of its value, "absent", or "throws"; null = there is no such object to ask. */
export type MemberKinds = { readonly [member: string]: string } | null;

/** Kinds by object (app, project, sequence ...). */
export type MembersReply = { readonly [subject: string]: MemberKinds };

/** The script engine as a script finds it. */
export type EngineReply = {
  /** typeof JSON, and whether it writes and reads. */
  readonly json: string;
  readonly jsonWorks: boolean;
  /** Kinds of what came after ES3 (Array map, String trim ...). */
  readonly later: { readonly [feature: string]: string };
  /** Ticks that a Time of one second has. */
  readonly ticksOfSecond: string;
  /** Kind of a Time's ticks. */
  readonly ticksKind: string;
};

/** The raw Level of one audio clip: Premiere's own number, not dB. */
export type RawLevelReply = { readonly matchName: string; readonly raw: number; readonly moves: boolean };

/** What came of adding and naming a track on a copy of the sequence. */
export type ScratchReply = {
  /** What clone gives: Premiere says true, not the sequence. */
  readonly cloneGives: string;
  /** The new track stands at the end, and all others are as they were. */
  readonly appended: boolean;
  readonly named: boolean;
  /** The copy is gone again, and the editor's sequence in front. */
  readonly removed: boolean;
  readonly restored: boolean;
  /** The host's complaint when a step failed; "" when none did. */
  readonly complaint: string;
};

/** What was found out about a host by asking it. Holds no name, path or id of the project. */
export type HostFindings = {
  readonly appVersion: string;
  readonly appBuild: string;
  readonly qe: boolean;
  readonly engine: EngineReply;
  readonly members: MembersReply;
  readonly levels: readonly RawLevelReply[];
  /** null = was not asked for. */
  readonly scratch: ScratchReply | null;
};
