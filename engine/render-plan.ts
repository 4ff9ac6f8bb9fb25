import type { ChannelLayout } from "../schema/channel-layout.ts";
import type { GainSegment } from "./gain-segments.ts";
import type { PcmLayout } from "./media/media.ts";

/** A file whose samples can be read at any position: a PCM container, or the decoded copy of a compressed one. */
export type PlanMedia = {
  readonly path: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly pcm: PcmLayout;
};

/** One insert as the engine sees it: registry position and flat parameter values. */
export type SlotPlan = {
  readonly id: string;
  readonly typeId: number;
  readonly values: readonly number[];
  readonly enabled: boolean;
  readonly mixPercent: number;
  /** It works with networks that run beside the engine. */
  readonly neural: boolean;
  /** The sound of a file that the processor works with. */
  readonly resource: PlanMedia | null;
  /** Channels in which its sound arrives, and of the blocks that it works on: more where it places the sound in a wider layout. */
  readonly inputChannels: number;
  readonly channels: number;
  /** Buses that it listens to; none = itself. */
  readonly keys: readonly number[];
};

export type ClipPlan = {
  readonly id: string;
  readonly media: PlanMedia;
  readonly startFrame: number;
  readonly endFrame: number;
  /** Position in the source of the clip's first frame: source frames x `sourceStep.denominator`. */
  readonly sourceStart: number;
  /** Source frames per output frame, in lowest terms. */
  readonly sourceStep: { readonly numerator: number; readonly denominator: number };
  /** How the clip is read, and the source channel of each of its channels. */
  readonly layout: ChannelLayout;
  readonly channels: readonly number[];
  /** Before the clip's processors. */
  readonly gainDb: number;
  /** After them. */
  readonly volumeDb: number;
  readonly channelGainsDb: readonly number[];
  readonly segments: readonly GainSegment[];
  readonly slots: readonly SlotPlan[];
  /** Behind the inserts. */
  readonly outputLayout: ChannelLayout;
};

/** What a generator plays; levels are peaks of sines and the RMS of noise, in dBFS. */
export type GeneratorSound =
  | { readonly kind: "tone"; readonly frequencyHz: number; readonly levelDbfs: number }
  | {
      readonly kind: "sweep";
      readonly frequencyHz: number;
      readonly toFrequencyHz: number;
      readonly levelDbfs: number;
    }
  | {
      readonly kind: "noise";
      readonly colour: "white" | "pink" | "brown";
      readonly levelDbfs: number;
      readonly seed: number;
    }
  /** As loud as the room is in `source`, of which nothing but the media and the range counts. */
  | { readonly kind: "roomTone"; readonly source: ClipPlan; readonly seed: number };

/** A sound without a file. */
export type GeneratorPlan = {
  readonly id: string;
  readonly name: string;
  readonly startFrame: number;
  readonly endFrame: number;
  readonly sound: GeneratorSound;
  readonly gainDb: number;
  readonly segments: readonly GainSegment[];
};

export type SendPlan = { readonly bus: number; readonly gainDb: number; readonly tap: "pre" | "post" };

export type TrackPlan = {
  readonly id: string;
  /** In which clips pass their inserts, in which they are summed, and behind the inserts of the track. */
  readonly clipLayout: ChannelLayout;
  readonly layout: ChannelLayout;
  readonly outputLayout: ChannelLayout;
  readonly clips: readonly ClipPlan[];
  readonly generators: readonly GeneratorPlan[];
  readonly slots: readonly SlotPlan[];
  readonly bus: number;
  readonly volumeDb: number;
  readonly segments: readonly GainSegment[];
  readonly sends: readonly SendPlan[];
};

export type BusPlan = {
  readonly id: string;
  readonly layout: ChannelLayout;
  readonly output: number | null;
  readonly volumeDb: number;
  readonly sends: readonly SendPlan[];
  readonly slots: readonly SlotPlan[];
  /** Behind the fader: the duckers that turn this bus down. */
  readonly duckers: readonly SlotPlan[];
};

export type StemPlan = {
  readonly id: string;
  readonly name: string;
  readonly bus: number;
  readonly channels: number;
  readonly layout: ChannelLayout;
  readonly bitDepth: 16 | 24 | 32;
};

/** Everything that a render does, as plain data: the document's ids, ticks and layers are resolved to indices and frames. */
export type RenderPlan = {
  readonly sampleRate: number;
  readonly frames: number;
  /** BWF TimeReference of the first frame. */
  readonly timeReferenceFrames: number;
  readonly tracks: readonly TrackPlan[];
  readonly buses: readonly BusPlan[];
  /** Bus indices, every one after all that feed or key it. */
  readonly busOrder: readonly number[];
  readonly stems: readonly StemPlan[];
  readonly warnings: readonly string[];
};
