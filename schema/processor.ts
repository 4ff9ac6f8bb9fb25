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
    | "Hz"
    | "ratio"
    | "percent"
    | "degrees"
    | "dB/oct"
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
/** A list of at most `maxItems` groups of scalar parameters (equalizer bands). */
export type ListParam = {
  readonly kind: "list";
  readonly maxItems: number;
  readonly item: Readonly<Record<string, NumberParam | ChoiceParam | FlagParam>>;
  readonly doc: string;
};
export type Param = NumberParam | ChoiceParam | FlagParam | ListParam;

export type ProcessorDefinition = {
  readonly type: string;
  readonly title: string;
  readonly doc: string;
  readonly params: Readonly<Record<string, Param>>;
  /** True when the processor listens to a second signal (ducker, side-chain). */
  readonly keyed?: boolean;
};
