import type { ClipAnalysis, Measures } from "../measures.ts";
import type { HopRange } from "../media-peaks.ts";

/** What a listener found in one stretch of a medium. */
export type Hearing = Omit<ClipAnalysis, "clipId">;

/** A hearing with all that it depends on besides the medium's content, and the numbers of its arrays. */
export type HearingEntry = {
  readonly stretch: string;
  readonly hearing: Hearing;
  /** f64, K-weighted mean squares of the 10 ms hops. */
  readonly meanSquares: number;
  /** u8, 1 = speech, of the same hops. */
  readonly speech: number;
};

/** f32 peaks [hop][channel][low, high]; `state` is the time of the medium's last change. */
export type PeaksEntry = HopRange & { readonly state: string; readonly channels: number; readonly values: number };

/** The index of a sidecar, by which everything else in it is found. */
export type SidecarIndex = {
  /** Fingerprint of the medium. */
  readonly medium: string;
  /** What listened: other engines hear other things. */
  readonly engine: string;
  /** SHA-256 of the content of each array's chunk, in the file's order. */
  readonly arrays: readonly string[];
  readonly hearings: readonly HearingEntry[];
  readonly peaks: readonly PeaksEntry[];
};

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isText: Check = (value) => typeof value === "string";
const isLevel: Check = (value) => value === null || isNumber(value);
const isShare: Check = (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= 1;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
/** Exactly these members: what is spread into a document brings nothing along. */
const record =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const found = value as Readonly<Record<string, unknown>>;
    const names = Object.keys(members);
    return names.length === Object.keys(found).length && names.every((name) => members[name]!(found[name]));
  };

const measures: Readonly<Record<keyof Measures, Check>> = {
  integratedLufs: isLevel,
  maxMomentaryLufs: isLevel,
  maxShortTermLufs: isLevel,
  loudnessRangeLu: isLevel,
  truePeakDbtp: isLevel,
  samplePeakDbfs: isLevel,
  durationSeconds: isNumber,
  sampleRate: isCount,
  channels: isCount,
};

const hearing: Readonly<Record<keyof Hearing, Check>> = {
  measures: record(measures),
  speechLufs: isLevel,
  speechRatio: isShare,
  noiseFloorLufs: isLevel,
  musicLikelihood: isShare,
};

const isIndex = record({
  medium: isText,
  engine: isText,
  arrays: listOf((value) => isText(value) && /^[0-9a-f]{64}$/.test(value as string)),
  hearings: listOf(record({ stretch: isText, hearing: record(hearing), meanSquares: isCount, speech: isCount })),
  peaks: listOf(
    record({ state: isText, channels: isCount, firstHop: Number.isSafeInteger, hops: isCount, values: isCount }),
  ),
});

/** Decoded data as an index, or null when it is none or names arrays that are not there. */
export const asSidecarIndex = (value: unknown): SidecarIndex | null => {
  if (!isIndex(value)) return null;
  const index = value as SidecarIndex;
  const named = [
    ...index.hearings.flatMap(({ meanSquares, speech }) => [meanSquares, speech]),
    ...index.peaks.map(({ values }) => values),
  ];
  return named.every((number) => number < index.arrays.length) ? index : null;
};
