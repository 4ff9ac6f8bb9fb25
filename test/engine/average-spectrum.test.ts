// The average spectrum against signals whose spectra are known.
import { describe, expect, test } from "vitest";
import { createSpectrumMeter } from "../../engine/average-spectrum.ts";
import { spectrumOfFile } from "../../engine/spectrum-of-file.ts";
import { createWaveWriter } from "../../engine/wave-writer.ts";
import { distanceDb, spectrumOf } from "../support/average-spectrum.ts";
import { rmsDb } from "../support/measure-signal.ts";
import { createMemoryFiles } from "../support/memory-files.ts";
import { concat, noise, sine, spread } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const SECOND = 48_000;

const levelAt = (signal: Float32Array, hz: number, channels = 2, sampleRate = SECOND): number => {
  const spectrum = spectrumOf(signal, channels, sampleRate);
  if (!spectrum) throw new TypeError("silence");
  const band = spectrum.frequenciesHz.findIndex((centre) => centre >= hz * 0.999);
  return spectrum.levelsDb[band] ?? Number.NaN;
};

describe("average spectrum", () => {
  test.each([44_100, 48_000, 96_000])("white noise at %d Hz rises 3 dB per octave within 0.3 dB RMS", (sampleRate) => {
    const spectrum = spectrumOf(noise(-10, 2 * 30 * sampleRate, 1), 2, sampleRate);
    if (!spectrum) throw new TypeError("silence");
    expect(distanceDb(spectrum, (hz) => 10 * Math.log10(hz), [80, 16_000])).toBeLessThan(0.3);
  });

  test("levels are those of the sound in the band", () => {
    const white = noise(-10, 2 * 10 * SECOND, 2);
    const width = 1000 * (2 ** (1 / 6) - 2 ** (-1 / 6));
    // Both channels together.
    expect(levelAt(white, 1000)).toBeCloseTo(rmsDb(white) + 3.01 + 10 * Math.log10(width / (SECOND / 2)), 0);
    const tone = sine(1000, -20, 5 * SECOND);
    expect(levelAt(tone, 1000, 1)).toBeCloseTo(-23.01, 1);
    expect(levelAt(spread(tone), 1000)).toBeCloseTo(-20, 1);
  });

  test("a tone stands in its bands and nowhere else", () => {
    const spectrum = spectrumOf(spread(sine(1000, -6, 5 * SECOND)));
    spectrum?.frequenciesHz.forEach((hz, band) => {
      if (Math.abs(Math.log2(hz / 1000)) > 0.2) expect(spectrum.levelsDb[band]).toBeLessThan(-70);
    });
  });

  test("pauses do not count", () => {
    const loud = noise(-10, 2 * 10 * SECOND, 3);
    const quiet = spread(sine(200, -40, 30 * SECOND));
    for (const hz of [200, 1000, 8000])
      expect(Math.abs(levelAt(concat(quiet, loud, quiet), hz) - levelAt(loud, hz))).toBeLessThan(0.7);
  });

  test("the LFE does not count, all other channels do", () => {
    const tone = sine(50, -20, 4 * SECOND);
    const alone = (channel: number) => {
      const signal = new Float32Array(tone.length * 6);
      tone.forEach((value, i) => {
        signal[i * 6 + channel] = value;
      });
      return spectrumOf(signal, 6);
    };
    expect(alone(3)).toBeNull();
    for (const channel of [0, 1, 2, 4, 5]) {
      const spectrum = alone(channel);
      expect(Math.max(...(spectrum?.levelsDb ?? []))).toBeCloseTo(-23, 0);
    }
  });

  test("silence has no spectrum, and a reset forgets", async () => {
    expect(spectrumOf(new Float32Array(2 * SECOND))).toBeNull();
    const instance = await openEngine();
    const meter = createSpectrumMeter(instance, SECOND, 1);
    const at = instance.allocate(SECOND * 8);
    instance.floats(at, 2 * SECOND).set(noise(-10, 2 * SECOND, 4));
    meter.feed(at, SECOND);
    expect(meter.spectrum()).not.toBeNull();
    meter.reset();
    expect(meter.spectrum()).toBeNull();
    expect(() => createSpectrumMeter(instance, 4000, 2)).toThrow(TypeError);
    expect(() => createSpectrumMeter(instance, SECOND, 9)).toThrow(TypeError);
  });

  test("a stretch of a file is heard alone", async () => {
    const { files } = createMemoryFiles();
    const [low, high] = [sine(100, -20, 3 * SECOND), sine(5000, -20, 3 * SECOND)];
    const writer = await createWaveWriter(files, "tones.wav", {
      sampleRate: SECOND,
      channels: 1,
      bitDepth: 32,
      timeReferenceFrames: 0n,
      description: "",
      originator: "",
    });
    await writer.write(new Uint8Array(concat(low, high).buffer));
    await writer.finish();
    const instance = await openEngine();
    const loudestHz = async (fromSeconds: number, toSeconds: number) => {
      const result = await spectrumOfFile(files, instance, "tones.wav", { fromSeconds, toSeconds });
      if (!result.ok || !result.value) return null;
      const { levelsDb, frequenciesHz } = result.value;
      return [100, 5000].filter((hz) => levelsDb[frequenciesHz.findIndex((centre) => centre >= hz * 0.99)]! > -30);
    };
    expect(await loudestHz(0, 3)).toEqual([100]);
    expect(await loudestHz(3.1, 5)).toEqual([5000]);
    expect(await loudestHz(0, Number.POSITIVE_INFINITY)).toEqual([100, 5000]);
    expect(await loudestHz(7, 9)).toBeNull();
    expect((await spectrumOfFile(files, instance, "absent.wav")).ok).toBe(false);
  });
});
