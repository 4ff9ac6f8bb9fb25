/** Kinds of parameters; numbers carry range, default and one sentence. Every other form (JSON Schema, engine index, help text) is derived. */
export type NumberParam = {
  readonly kind: "number";
  readonly unit:
    | "dB"
    | "dBFS"
    | "dBTP"
    | "LU"
    | "LUFS"
    | "ms"
    | "s"
    | "m"
    | "Hz"
    | "ratio"
    | "percent"
    | "degrees"
    | "dB/oct"
    | "dB/s"
    | "q"
    | "none";
  /** How a control travels between min and max. */
  readonly scale: "linear" | "log";
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly doc: string;
};
export type ChoiceParam = {
  readonly kind: "choice";
  readonly options: readonly string[];
  readonly default: string;
  readonly doc: string;
};
export type FlagParam = { readonly kind: "flag"; readonly default: boolean; readonly doc: string };
export type ScalarParam = NumberParam | ChoiceParam | FlagParam;
/** A list of at most `maxItems` groups of scalar parameters (equalizer bands). */
export type ListParam = {
  readonly kind: "list";
  readonly maxItems: number;
  readonly item: Readonly<Record<string, ScalarParam>>;
  readonly doc: string;
};
export type Param = ScalarParam | ListParam;

export type ProcessorDefinition = {
  readonly type: string;
  readonly title: string;
  readonly doc: string;
  readonly params: Readonly<Record<string, Param>>;
  /** True when the processor listens to a second signal (ducker, side-chain). */
  readonly keyed?: boolean;
  /** What the file is for, when the processor reads one: the insert's `file` names a media, the engine gets its sound. */
  readonly file?: string;
  /** True when its output has the layout that the chain leads to, where that has more channels than its input (panner, upmix). */
  readonly widens?: boolean;
  /** True when it works with networks that run beside the engine. */
  readonly neural?: boolean;
  /** True when it stands in the document as a rule of its own (`duckers`) and never in a chain. */
  readonly rule?: boolean;
};

type Range = {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly doc: string;
  readonly scale?: NumberParam["scale"];
};

const numberIn =
  (unit: NumberParam["unit"], usualScale: NumberParam["scale"] = "linear") =>
  (range: Range): NumberParam => ({ kind: "number", unit, scale: usualScale, ...range });

/** A gain or a level difference in dB. */
export const db = numberIn("dB");
/** A true-peak level in dBTP (ITU-R BS.1770). */
export const dbtp = numberIn("dBTP");
/** A loudness difference in LU. */
export const lu = numberIn("LU");
/** A time in milliseconds; controls travel logarithmically unless the range starts at 0. */
export const ms = (range: Range): NumberParam => numberIn("ms", range.min > 0 ? "log" : "linear")(range);
/** A time in seconds; controls travel logarithmically. */
export const seconds = numberIn("s", "log");
/** A length in metres; controls travel logarithmically. */
export const metres = numberIn("m", "log");
/** A frequency in hertz; controls travel logarithmically. */
export const hz = numberIn("Hz", "log");
/** dB in per dB out. */
export const ratio = numberIn("ratio", "log");
/** What something is multiplied by. */
export const factor = numberIn("none", "log");
/** A share of a whole, 100 = all of it. */
export const percent = numberIn("percent");
/** How many of something. */
export const count = numberIn("none");
/** An angle; 0 is in front, positive is to the right. */
export const degrees = numberIn("degrees");
/** A loudness (ITU-R BS.1770) in LUFS. */
export const lufs = numberIn("LUFS");
/** How fast a gain moves. */
export const dbPerSecond = numberIn("dB/s");
/** The steepness of a cut filter. */
export const dbPerOctave = numberIn("dB/oct");
/** Centre frequency over bandwidth. */
export const quality = numberIn("q", "log");

/** One of a few names; the engine sees the position in `options`. */
export const choice = <const Options extends readonly string[]>(spec: {
  readonly options: Options;
  readonly default: Options[number];
  readonly doc: string;
}): ChoiceParam & { readonly options: Options } => ({ kind: "choice", ...spec });

/** On or off; the engine sees 1 or 0. */
export const flag = (spec: Omit<FlagParam, "kind">): FlagParam => ({ kind: "flag", ...spec });

/** At most `maxItems` groups of scalar parameters. */
export const list = <const Item extends ListParam["item"]>(spec: {
  readonly maxItems: number;
  readonly item: Item;
  readonly doc: string;
}): ListParam & { readonly item: Item } => ({ kind: "list", ...spec });
