import type { Measures } from "../../engine/measures.ts";
import type { Decision, Role, Ticks } from "../../schema/generated/mix-document.ts";

/** What `premix mix --json` prints (facts: the command line's contract); `render` leaves out the keys of placing and balance. */
export type MixReport = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly document: { readonly path: string; readonly hash: string };
  readonly sequence: {
    readonly name: string;
    readonly sampleRate: number;
    readonly frames: number;
    readonly durationSeconds: number;
    readonly frameRate: string;
  };
  readonly clips: readonly ReportClip[];
  readonly stems: readonly ReportStem[];
  readonly mix: ReportStem;
  readonly target: {
    readonly profile: string;
    readonly verdict: "pass" | "warn" | "fail";
    readonly limits: { readonly [name: string]: number };
    readonly measured: { readonly [name: string]: number | null };
  };
  readonly placed?: readonly ReportPlaced[];
  readonly originalsUnchanged?: boolean;
  readonly decisions?: readonly Decision[];
  readonly report?: { readonly json: string; readonly html: string };
  readonly warnings: readonly string[];
};

export type ReportClip = {
  readonly id: string;
  readonly name: string;
  readonly media: string;
  readonly track: string;
  readonly role: Role;
  readonly roleEvidence: readonly string[];
  readonly startTicks: Ticks;
  readonly durationTicks: Ticks;
  readonly sourceInTicks: Ticks;
  readonly enabled: boolean;
};

export type ReportStem = {
  readonly name: string;
  readonly role: Role | null;
  readonly file: string;
  readonly sha256: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly measures: Measures;
};

export type ReportPlaced = {
  readonly trackName: string;
  readonly trackIndex: number;
  readonly file: string;
  readonly startTicks: Ticks;
  readonly endTicks: Ticks;
  readonly readBack: boolean;
};
