import type { AverageSpectrum } from "../../engine/average-spectrum.ts";
import { createSpectrumMeter } from "../../engine/average-spectrum.ts";
import { openEngine } from "./wasm.ts";

const instance = await openEngine();

/** The average spectrum of interleaved samples, mono or pairs of channels; null in silence. */
export const spectrumOf = (signal: Float32Array, channels = 2, sampleRate = 48_000): AverageSpectrum | null => {
  const meter = createSpectrumMeter(instance, sampleRate, channels);
  const pairs = (channels + 1) >> 1;
  const block = 4096;
  const at = instance.allocate(block * pairs * 8);
  const total = signal.length / channels;
  for (let done = 0; done < total; done += block) {
    const frames = Math.min(block, total - done);
    const io = instance.floats(at, frames * pairs * 2);
    for (let i = 0; i < frames; i += 1)
      for (let lane = 0; lane < 2 * pairs; lane += 1)
        io[((lane >> 1) * frames + i) * 2 + (lane & 1)] =
          signal[(done + i) * channels + Math.min(lane, channels - 1)] ?? 0;
    meter.feed(at, frames);
  }
  return meter.spectrum();
};

/** RMS over the bands from 80 Hz to 12 kHz of the distance between levels, their mean distance taken out, in dB. */
export const distanceDb = (
  spectrum: AverageSpectrum,
  target: (hz: number, band: number) => number,
  [fromHz, toHz]: readonly [number, number] = [80, 12_000],
): number => {
  const distances = spectrum.frequenciesHz.flatMap((hz, band) =>
    hz >= fromHz && hz <= toHz ? [(spectrum.levelsDb[band] ?? 0) - target(hz, band)] : [],
  );
  const mean = distances.reduce((sum, value) => sum + value, 0) / distances.length;
  return Math.sqrt(distances.reduce((sum, value) => sum + (value - mean) ** 2, 0) / distances.length);
};
