/**
 * Holds the simulated host's object model against the public typings: every member has a name that Premiere has, and the
 * same kind of value. What the typings lack stands here by name, each with where it is known from.
 */
import type {
  DomApplication,
  DomChannelMapping,
  DomComponent,
  DomComponentParam,
  DomProject,
  DomProjectItem,
  DomSequence,
  DomSettings,
  DomTime,
  DomTrack,
  DomTrackItem,
  QeProject,
  QeSequence,
  QeTrack
} from "../../extension/host/simulated-host/dom-surface.ts";

type NonNullish<T> = T extends null | undefined ? never : T;

/** What sort of value a type is; `any` is every sort, a union is several. */
type Kind<T> = T extends string | String
  ? "text"
  : T extends number | Number
    ? "number"
    : T extends boolean | Boolean
      ? "truth"
      : T extends void
        ? "nothing"
        : "object";

type SameKind<Ours, Theirs> = Kind<NonNullish<Ours>> extends Kind<NonNullish<Theirs>> ? true : false;

/** Where the typings say any, everything fits. Functions are compared by what they give; where the typings say void, Premiere gives 0, true or undefined without system. */
type Fits<Ours, Theirs> = 0 extends 1 & Theirs ? true : FitsKnown<Ours, Theirs>;

type FitsKnown<Ours, Theirs> = Theirs extends (...args: never[]) => infer Result
  ? Ours extends (...args: never[]) => infer Given
    ? [Kind<Result>] extends ["nothing"]
      ? true
      : SameKind<Given, Result>
    : false
  : SameKind<Ours, Theirs>;

/** Names of ours that Premiere's typings do not have, beyond the known gaps. */
type Unknown<Ours, Theirs, Gaps extends string> = {
  [Name in keyof Ours]-?: Name extends keyof Theirs | Gaps ? never : Name;
}[keyof Ours];

/** Names that both have with values of different kinds, beyond the known gaps. */
type Clashing<Ours, Theirs, Gaps extends string> = {
  [Name in keyof Ours & keyof Theirs]: Name extends Gaps
    ? never
    : Fits<NonNullish<Ours[Name]>, NonNullish<Theirs[Name]>> extends true
      ? never
      : Name;
}[keyof Ours & keyof Theirs];

type Holds<Ours, Theirs, Gaps extends string = never> = [
  Unknown<Ours, Theirs, Gaps> | Clashing<Ours, Theirs, Gaps>
] extends [never]
  ? "holds"
  : { readonly differs: Unknown<Ours, Theirs, Gaps> | Clashing<Ours, Theirs, Gaps> };

type Checks = {
  /** setSecondsAsFraction: scripting guide. */
  time: Holds<DomTime, Time, "setSecondsAsFraction">;
  param: Holds<DomComponentParam, ComponentParam>;
  component: Holds<DomComponent, Component>;
  /** isMGT, matchName: reflection of 26.3.2. */
  trackItem: Holds<DomTrackItem, TrackItem, "isMGT" | "matchName">;
  track: Holds<DomTrack, Track>;
  settings: Holds<DomSettings, SequenceSettings>;
  /** clone gives true, not the sequence (live). */
  sequence: Holds<DomSequence, Sequence, "clone">;
  mapping: Holds<DomChannelMapping, AudioChannelMapping, "setMappingForChannel">;
  /** createBin gives 0 when it fails (live). */
  item: Holds<DomProjectItem, ProjectItem, "createBin">;
  project: Holds<DomProject, Project>;
  application: Holds<DomApplication, Application>;
  /** Seen live; QE has no documentation at all. */
  qeProject: Holds<QeProject, QEProject, "name">;
  qeSequence: Holds<QeSequence, QESequence, "name" | "numAudioTracks" | "removeEmptyAudioTracks">;
  qeTrack: Holds<QeTrack, QETrack, "name" | "numItems" | "setMute" | "setLock">;
};

/** Fails to compile with the name of the object and of the member that differs. */
export const checks: { readonly [Name in keyof Checks]: "holds" } = {} as Checks;
