import type { EngineInstance } from "./instance.ts";

/** Long-term average spectrum of a stretch of sound, plain data. */
export type AverageSpectrum = {
  /** Centres of bands a third of an octave wide, six an octave. */
  readonly frequenciesHz: readonly number[];
  /** Level of each band in dBFS RMS, all channels but the LFE together; -200 stands for nothing. */
  readonly levelsDb: readonly number[];
};

/** A spectrum meter over one programme, fed block by block. */
export type SpectrumMeter = {
  /** Takes `frames` frames of channel pairs at `ptr`. */
  feed(ptr: number, frames: number): void;
  reset(): void;
  /** null while nothing was louder than -70 dBFS for a third of a second. */
  spectrum(): AverageSpectrum | null;
};

const LEAST_DB = -200;

const levelDb = (power: number): number => (power > 0 ? Math.max(10 * Math.log10(power), LEAST_DB) : LEAST_DB);

/** A meter of the average spectrum in `instance`, gated like loudness. Keeps about 1 MB for ever: reuse it with `reset`. */
export const createSpectrumMeter = (instance: EngineInstance, sampleRate: number, channels: number): SpectrumMeter => {
  if (!(sampleRate >= 8000 && sampleRate <= 192000)) {
    throw new TypeError(`A spectrum meter takes 8000..192000 Hz, not ${sampleRate}.`);
  }
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 8)) {
    throw new TypeError(`A spectrum meter takes 1..8 channels, not ${channels}.`);
  }
  const { exports } = instance;
  const handle = exports.createSpectrum(sampleRate, channels);
  const bands = exports.spectrumBandCount();
  const frequenciesHz = Array.from({ length: bands }, (_, band) => exports.spectrumBandHz(band));
  return {
    feed: (ptr, frames) => exports.feedSpectrum(handle, ptr, frames),
    reset: () => exports.resetSpectrum(handle),
    spectrum: () => {
      const at = exports.averageSpectrum(handle);
      return at === 0 ? null : { frequenciesHz, levelsDb: Array.from(instance.doubles(at, bands), levelDb) };
    },
  };
};
