import type { AverageSpectrum } from "./average-spectrum.ts";

/** One band of an equalizer, as it stands in a document. */
export type MatchedBand = {
  readonly kind: "lowShelf" | "bell" | "highShelf";
  readonly frequencyHz: number;
  readonly gainDb: number;
  readonly q: number;
};

export type MatchOptions = {
  /** How much of the difference is corrected, 0..100 (100). */
  readonly amountPercent?: number;
  /** Largest correction, up and down, 0..12 dB (12). */
  readonly maxGainDb?: number;
};

/** What is matched; beyond it spectra say little. */
const CORE_HZ = { from: 75, to: 12_900 };
/** Bands this far below the loudest hold nothing that is worth lifting. */
const ABSENT_DB = -60;
/** Nor do bands that lie under everything audible. */
const SILENT_DBFS = -150;
const BELLS = 14;
const BELL_HZ = { from: 90, to: 11_500 };
/** Bells meet half-way down. */
const BELL_Q = 1.9;
const SHELF_HZ = { low: 80, high: 13_000 };
const SHELF_Q = 0.71;
/** How far a band may move from where it begins, in octaves and in octaves of q. */
const MOST_MOVE = 0.5;
const MOST_Q_MOVE = 1.6;
const ROUNDS = 60;
/** Keeps neighbouring bands from working against each other: dB that cost as much as an error of 1 dB. */
const GAIN_COST_DB = 20;
/** Octaves that do. */
const MOVE_COST = 1;

type Point = { readonly hz: number; readonly db: number };
type Shape = Omit<MatchedBand, "gainDb">;

const powerDb = (power: number): number => 10 * Math.log10(power);

/** Gain in dB that an analogue bell or shelf has at a frequency. */
const bandDb = ({ kind, frequencyHz, q }: Shape, gainDb: number, hz: number): number => {
  const x = (hz / frequencyHz) ** 2;
  const a = 10 ** (gainDb / 40);
  if (kind === "bell") return powerDb(((1 - x) ** 2 + x * (a / q) ** 2) / ((1 - x) ** 2 + x / (a * q) ** 2));
  const damping = (x * a) / q ** 2;
  const [rise, fall] = [(a - x) ** 2 + damping, (1 - a * x) ** 2 + damping];
  return powerDb(a * a * (kind === "lowShelf" ? rise / fall : fall / rise));
};

const start: readonly Shape[] = [
  { kind: "lowShelf", frequencyHz: SHELF_HZ.low, q: SHELF_Q },
  ...Array.from({ length: BELLS }, (_, i): Shape => {
    const frequencyHz = BELL_HZ.from * (BELL_HZ.to / BELL_HZ.from) ** (i / (BELLS - 1));
    return { kind: "bell", frequencyHz, q: BELL_Q };
  }),
  { kind: "highShelf", frequencyHz: SHELF_HZ.high, q: SHELF_Q },
];

/** What is fitted of each band in turn: its gain in dB, and how far frequency and q are from the start, in octaves. */
type Unknowns = readonly number[];
const PER_BAND = 3;

const bandOf = (unknowns: Unknowns, i: number): MatchedBand => {
  const { kind, frequencyHz, q } = start[i]!;
  const [gainDb, moved, narrowed] = [unknowns[i * PER_BAND]!, unknowns[i * PER_BAND + 1]!, unknowns[i * PER_BAND + 2]!];
  return { kind, frequencyHz: frequencyHz * 2 ** moved, gainDb, q: q * 2 ** narrowed };
};

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Unlike the mean it does not follow bands in which one sound has next to nothing. */
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
};

/** The wanted gain at each frequency where both spectra have sound: their difference without the difference in level. */
const wantedCurve = (source: AverageSpectrum, reference: AverageSpectrum, share: number, most: number): Point[] => {
  const floor = (levels: readonly number[]) => Math.max(Math.max(...levels) + ABSENT_DB, SILENT_DBFS);
  const [sourceFloor, referenceFloor] = [floor(source.levelsDb), floor(reference.levelsDb)];
  const points = source.frequenciesHz.flatMap((hz, band): Point[] => {
    const [from, to] = [source.levelsDb[band]!, reference.levelsDb[band]!];
    const hasSound = from > sourceFloor && to > referenceFloor;
    return hz > CORE_HZ.from && hz < CORE_HZ.to && hasSound ? [{ hz, db: to - from }] : [];
  });
  const level = median(points.map(({ db }) => db));
  return points.map(({ hz, db }) => ({ hz, db: clamp(share * (db - level), most) }));
};

/** Solves a symmetric positive system by Cholesky. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const size = right.length;
  const factor = matrix.map((row) => row.slice());
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = factor[i]![j]!;
      for (let k = 0; k < j; k += 1) sum -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(sum) : sum / factor[j]![j]!;
    }
  const half = right.slice();
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < i; j += 1) half[i]! -= factor[i]![j]! * half[j]!;
    half[i]! /= factor[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let j = i + 1; j < size; j += 1) half[i]! -= factor[j]![i]! * half[j]!;
    half[i]! /= factor[i]![i]!;
  }
  return half;
};

const product = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Response of band i at every wanted frequency. */
const response = (unknowns: Unknowns, i: number, wanted: readonly Point[]): number[] => {
  const band = bandOf(unknowns, i);
  return wanted.map(({ hz }) => bandDb(band, band.gainDb, hz));
};

const errorsOf = (unknowns: Unknowns, wanted: readonly Point[]): number[] => {
  const responses = start.map((_, i) => response(unknowns, i, wanted));
  return wanted.map(({ db }, at) => db - responses.reduce((sum, curve) => sum + curve[at]!, 0));
};

const penalty = (i: number): number => 1 / (i % PER_BAND === 0 ? GAIN_COST_DB : MOVE_COST) ** 2;

const costOf = (unknowns: Unknowns, wanted: readonly Point[]): number => {
  const errors = errorsOf(unknowns, wanted);
  return product(errors, errors) + unknowns.reduce((sum, value, i) => sum + penalty(i) * value * value, 0);
};

const limits = (most: number): readonly number[] => [most, MOST_MOVE, MOST_Q_MOVE];

/** One step of Levenberg and Marquardt. */
const step = (unknowns: Unknowns, wanted: readonly Point[], most: number, damping: number): number[] => {
  const errors = errorsOf(unknowns, wanted);
  const slopes = unknowns.map((value, i) => {
    const delta = 1e-3;
    const moved = unknowns.map((other, j) => (j === i ? value + delta : other));
    const band = Math.floor(i / PER_BAND);
    const before = response(unknowns, band, wanted);
    return response(moved, band, wanted).map((db, at) => (db - before[at]!) / delta);
  });
  const matrix = slopes.map((row, i) =>
    slopes.map((other, j) => {
      const square = product(row, other);
      return i === j ? square * (1 + damping) + penalty(i) + 1e-6 : square;
    }),
  );
  const right = slopes.map((row, i) => product(row, errors) - penalty(i) * unknowns[i]!);
  return solve(matrix, right).map((move, i) => clamp(unknowns[i]! + move, limits(most)[i % PER_BAND]!));
};

const fitBands = (wanted: readonly Point[], most: number): Unknowns => {
  let best: Unknowns = start.flatMap(() => [0, 0, 0]);
  let cost = costOf(best, wanted);
  let damping = 0.1;
  for (let round = 0; round < ROUNDS && damping < 1e4; round += 1) {
    const tried = step(best, wanted, most, damping);
    const next = costOf(tried, wanted);
    damping = next < cost ? damping / 3 : damping * 4;
    if (next < cost) [best, cost] = [tried, next];
  }
  return best;
};

const rounded = ({ kind, frequencyHz, gainDb, q }: MatchedBand): MatchedBand => ({
  kind,
  frequencyHz: Math.round(frequencyHz),
  gainDb: Math.round(gainDb * 100) / 100,
  q: Math.round(q * 100) / 100,
});

/**
 * Equalizer bands that turn the average spectrum of one sound into that of another, whatever their levels: two shelves and fourteen
 * bells, fitted by least squares to the difference from 80 Hz to 12 kHz. Without anything in common: no bands.
 */
export const matchBands = (
  source: AverageSpectrum,
  reference: AverageSpectrum,
  { amountPercent = 100, maxGainDb = 12 }: MatchOptions = {},
): MatchedBand[] => {
  if (source.frequenciesHz.length !== reference.frequenciesHz.length)
    throw new TypeError("Both spectra must have the same bands.");
  const wanted = wantedCurve(source, reference, amountPercent / 100, maxGainDb);
  if (wanted.length < start.length) return [];
  // A bell may stand somewhat above the curve that it shares with its neighbours.
  const unknowns = fitBands(wanted, 1.5 * maxGainDb);
  return start.map((_, i) => rounded(bandOf(unknowns, i)));
};
