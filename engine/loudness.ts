import type { EngineInstance } from "./instance.ts";
import type { Measures } from "./measures.ts";

/** Places of the channels: `speakers` = the usual order of that many channels, `discrete` = none, each counts once. */
export type MeterLayout = "speakers" | "discrete";

/** Momentary loudness and energy of one 10 ms hop. */
export type LoudnessHop = {
  /** Mean square of the K-weighted, channel-weighted hop. */
  readonly meanSquare: number;
  /** LUFS of the 400 ms that end with the hop; null in the first 400 ms and in silence. */
  readonly momentaryLufs: number | null;
};

/** A meter over one programme, fed block by block. */
export type LoudnessMeter = {
  /** Takes `frames` frames of channel pairs at `ptr`. */
  feed(ptr: number, frames: number): void;
  reset(): void;
  momentaryLufs(): number | null;
  shortTermLufs(): number | null;
  /** The hops finished since the last call; call at least every ten seconds, older ones are lost. */
  takeHops(): LoudnessHop[];
  measures(): Measures;
};

/** Codes of `createLoudness`. */
const layoutCode = { discrete: 0, speakers: 1 } as const;

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** LUFS of a channel-weighted K-weighted mean square; null in silence. ITU-R BS.1770-5. */
export const lufsOfMeanSquare = (meanSquare: number): number | null =>
  meanSquare > 0 ? -0.691 + 10 * Math.log10(meanSquare) : null;

const check = (sampleRate: number, channels: number): void => {
  if (!(sampleRate >= 8000 && sampleRate <= 192000)) {
    throw new TypeError(`A loudness meter takes 8000..192000 Hz, not ${sampleRate}.`);
  }
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 8)) {
    throw new TypeError(`A loudness meter takes 1..8 channels, not ${channels}.`);
  }
};

/** A loudness, peak and true-peak meter in `instance`, ITU-R BS.1770-5, EBU Tech 3341 and 3342. Keeps about 250 kB for ever: reuse it with `reset`. */
export const createLoudnessMeter = (
  instance: EngineInstance,
  sampleRate: number,
  channels: number,
  layout: MeterLayout = "speakers",
): LoudnessMeter => {
  check(sampleRate, channels);
  const { exports } = instance;
  const handle = exports.createLoudness(sampleRate, channels, layoutCode[layout]);
  const ring = exports.recentHopCount();
  let frames = 0;
  let taken = 0;
  const readHop = (hop: number): LoudnessHop => ({
    meanSquare: instance.doubles(exports.recentHopEnergies(handle), ring)[hop % ring] as number,
    momentaryLufs: lufsOfMeanSquare(
      instance.doubles(exports.recentMomentaryEnergies(handle), ring)[hop % ring] as number,
    ),
  });
  return {
    feed: (ptr, count) => {
      exports.feedLoudness(handle, ptr, count);
      frames += count;
    },
    reset: () => {
      exports.resetLoudness(handle);
      frames = 0;
      taken = 0;
    },
    momentaryLufs: () => orNull(exports.momentaryLoudness(handle)),
    shortTermLufs: () => orNull(exports.shortTermLoudness(handle)),
    takeHops: () => {
      const hops = exports.loudnessHops(handle);
      const from = Math.max(taken, hops - ring);
      taken = hops;
      return Array.from({ length: hops - from }, (_, i) => readHop(from + i));
    },
    measures: () => ({
      integratedLufs: orNull(exports.integratedLoudness(handle)),
      maxMomentaryLufs: orNull(exports.maxMomentaryLoudness(handle)),
      maxShortTermLufs: orNull(exports.maxShortTermLoudness(handle)),
      loudnessRangeLu: orNull(exports.loudnessRange(handle)),
      truePeakDbtp: orNull(exports.truePeakLevel(handle)),
      samplePeakDbfs: orNull(exports.samplePeakLevel(handle)),
      durationSeconds: frames / sampleRate,
      sampleRate,
      channels,
    }),
  };
};
