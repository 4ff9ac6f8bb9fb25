import type {
  ChannelLayout,
  Clip,
  Crossfade,
  Cue,
  Decision,
  Media,
  Role,
  Ticks,
} from "../../../schema/generated/mix-document.ts";

/**
 * `kept`: lies where it lay; `moved`: the same material at another time or on another track; `trimmed`: other edges; `split`: one of
 * several pieces of one clip; `new`: was not there; `gone`: is not there any more.
 */
export type ConformState = "kept" | "moved" | "trimmed" | "split" | "new" | "gone";

/** Where a clip lies, in ticks and as people read it. */
export type ClipPlace = {
  /** "A1" is the first audio track. */
  readonly track: string;
  readonly startTicks: Ticks;
  readonly durationTicks: Ticks;
  readonly sourceInTicks: Ticks;
  readonly from: string;
  readonly to: string;
};

/** What the mix had and the conformed one has not, whole, so that it can be brought back. */
export type Dropped = { readonly what: string; readonly value: unknown };

export type ConformedClip = {
  readonly state: ConformState;
  /** In the conformed mix; null when gone. */
  readonly id: string | null;
  /** In the old mix; of a copy the clip that it repeats; null for a new one. */
  readonly oldId: string | null;
  readonly name: string;
  readonly role: Role | null;
  /** By what it was known again; `copy`: material that the mix knows from a clip that lies elsewhere too. */
  readonly by: "host" | "source" | "copy" | null;
  readonly before: ClipPlace | null;
  readonly after: ClipPlace | null;
  /** What came along: "gain", "fade in", "2 inserts" ... */
  readonly carried: readonly string[];
  readonly dropped: readonly Dropped[];
  /** Where the cut says something else and the mix was followed. */
  readonly overruled: readonly string[];
  /** Of a gone clip: the clip that has its material since the cut between them was taken out. */
  readonly joinedInto?: string;
};

export type ConformedTrack = {
  readonly id: string;
  readonly name: string;
  /** `emptied`: has no clip any more and keeps its inserts; `widened`: has more channels than it had. */
  readonly state: "kept" | "moved" | "new" | "emptied" | "widened";
  readonly layout: ChannelLayout;
  /** What became of its ride; null when it has none. */
  readonly ride: "kept" | "followed its clips" | "left at its time" | null;
  readonly dropped: readonly Dropped[];
};

export type ConformedCue = {
  readonly id: string;
  readonly name: string;
  /** `left`: nothing tells where it belongs, so it stays at its time. */
  readonly state: "kept" | "moved" | "left" | "gone";
  readonly before: string;
  readonly after: string | null;
  readonly why: string;
};

/** What is in the conformed mix no more, as it stood. */
export type Gone = {
  readonly clips: readonly { readonly track: string; readonly clip: Clip; readonly decisions: readonly Decision[] }[];
  readonly crossfades: readonly Crossfade[];
  readonly cues: readonly Cue[];
  readonly media: Readonly<Record<string, Media>>;
};

export type ConformReport = {
  readonly counts: Readonly<Record<ConformState, number>>;
  readonly clips: readonly ConformedClip[];
  readonly tracks: readonly ConformedTrack[];
  readonly cues: readonly ConformedCue[];
  readonly gone: Gone;
  readonly warnings: readonly string[];
};
