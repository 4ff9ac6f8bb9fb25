// Tonal balance by the average spectrum of what comes out.
import { describe, expect, test } from "vitest";
import { createLoudnessMeter } from "../../engine/loudness.ts";
import { distanceDb, spectrumOf } from "../support/average-spectrum.ts";
import { channelOf, largestDifference, rmsDb } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, sine, spread } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const instance = await openEngine();

// Byrne et al. 1994, thirds of an octave from 63 Hz.
const speech = [
  38.6, 43.5, 54.4, 57.7, 56.8, 60.2, 60.3, 59.0, 62.1, 62.1, 60.5, 56.8, 53.7, 53.0, 52.0, 48.7, 48.1, 46.8, 45.6,
  44.5, 44.3, 43.7, 43.4, 41.3, 40.7,
];
const speechDb = (hz: number): number => {
  const place = Math.min(Math.max(3 * Math.log2(hz / 62.5), 0), speech.length - 1);
  const [low, high] = [Math.floor(place), Math.ceil(place)];
  return (speech[low] ?? 0) + ((speech[high] ?? 0) - (speech[low] ?? 0)) * (place - low);
};
const musicDb = (hz: number): number =>
  -2 * Math.max(0, Math.log2(Math.min(hz, 4000) / 100)) - 6 * Math.max(0, Math.log2(hz / 4000));
const targets = {
  speech: speechDb,
  music: musicDb,
  pink: () => 0,
  film: (hz: number) => 0.5 * (speechDb(hz) + musicDb(hz)),
} as const;

/** 60 s of noise whose spectrum is some decibels off the target, by an equalizer over white noise. */
const white = noise(-20, 2 * 60 * RATE, 1);
const offTarget = (bands: readonly unknown[]): Float32Array => openProcessor("equalizer", { bands })(white);
/** Pink with a bump and a hole. */
const lively = openProcessor("equalizer", {
  bands: [
    { kind: "tilt", frequencyHz: 1000, gainDb: -24 },
    { kind: "bell", frequencyHz: 400, gainDb: 5, q: 1.5 },
    { kind: "bell", frequencyHz: 3000, gainDb: -5, q: 1 },
  ],
})(white);

const settledAfter = (values: ProcessorValues, input: Float32Array, seconds = 30) =>
  openProcessor("tonalBalance", { averageSeconds: 5, ...values })(input).subarray(2 * seconds * RATE);

const distanceTo = (signal: Float32Array, target: (hz: number) => number): number => {
  const spectrum = spectrumOf(signal);
  if (!spectrum) throw new TypeError("silence");
  return distanceDb(spectrum, target);
};

const loudness = (stereo: Float32Array): number => {
  const meter = createLoudnessMeter(instance, RATE, 2);
  const at = instance.allocate(stereo.length * 4);
  instance.floats(at, stereo.length).set(stereo);
  meter.feed(at, stereo.length / 2);
  return meter.measures().integratedLufs ?? Number.NaN;
};

describe("tonal balance", () => {
  test.each(Object.keys(targets) as (keyof typeof targets)[])(
    "%s: what remains is under 0.5 dB RMS, 80 Hz to 12 kHz",
    (target) => {
      const before = distanceTo(lively, targets[target]);
      const after = distanceTo(settledAfter({ target, maxGainDb: 12 }, lively), targets[target]);
      expect(before).toBeGreaterThan(2);
      expect(after).toBeLessThan(0.5);
    },
  );

  test("half the amount leaves half the difference", () => {
    const before = distanceTo(lively, targets.pink);
    const after = distanceTo(settledAfter({ target: "pink", maxGainDb: 12, amountPercent: 50 }, lively), targets.pink);
    expect(after / before).toBeCloseTo(0.5, 1);
  });

  test("no amount changes nothing", () => {
    const process = openProcessor("tonalBalance", { amountPercent: 0 });
    const late = 2 * process.latencyFrames();
    const input = lively.subarray(0, 2 * 5 * RATE);
    const output = process(input);
    const error = output.subarray(late).map((value, i) => value - (input[i] ?? 0));
    expect(rmsDb(error) - rmsDb(input)).toBeLessThan(-120);
  });

  test("no band moves by more than maxGainDb against the others' middle, and the loudness stays within 0.5 LU", () => {
    const input = offTarget([{ kind: "tilt", frequencyHz: 1000, gainDb: 24 }]);
    const output = settledAfter({ target: "speech", maxGainDb: 4 }, input);
    const tail = input.subarray(2 * 30 * RATE);
    const [before, after] = [spectrumOf(tail), spectrumOf(output)];
    const gains = (before?.frequenciesHz ?? []).flatMap((hz, band) =>
      hz > 80 && hz < 12_000 ? [(after?.levelsDb[band] ?? 0) - (before?.levelsDb[band] ?? 0)] : [],
    );
    expect(Math.max(...gains) - Math.min(...gains)).toBeLessThan(8.4);
    expect(Math.abs(loudness(output) - loudness(tail))).toBeLessThan(0.5);
  });

  test("pauses do not count: hum between the words is not taken for the voice", () => {
    const words = lively.subarray(0, 2 * 2 * RATE);
    const pause = spread(sine(100, -50, RATE));
    const input = concat(...Array.from({ length: 20 }, (_, i) => (i % 2 ? pause : words)));
    const [withPauses, without] = [input, concat(...Array.from({ length: 20 }, () => words))].map((signal) => {
      const process = openProcessor("tonalBalance", { target: "pink", averageSeconds: 5, maxGainDb: 12 });
      process(signal);
      // What it has learnt, read off faint noise that it does not learn from.
      return spectrumOf(process(noise(-40, 2 * 4 * RATE, 5)).subarray(2 * 9000));
    });
    const differences = (withPauses?.levelsDb ?? []).flatMap((level, band) => {
      const hz = without?.frequenciesHz[band] ?? 0;
      return hz > 80 && hz < 12_000 ? [Math.abs(level - (without?.levelsDb[band] ?? 0))] : [];
    });
    expect(Math.max(...differences)).toBeLessThan(1.5);
  });

  test("all channels get the same correction, in 5.1 and in mono", () => {
    const mono = channelOf(lively.subarray(0, 2 * 10 * RATE), 0);
    const surround = openProcessor("tonalBalance", {}, { channels: 6 })(spread(mono, 6));
    for (const channel of [1, 2, 4, 5])
      expect(largestDifference(channelOf(surround, 0, 6), channelOf(surround, channel, 6))).toBeLessThan(1e-6);
    const alone = openProcessor("tonalBalance", {}, { channels: 1, readChannels: 2 })(mono);
    expect(largestDifference(channelOf(alone, 0), channelOf(alone, 1))).toBeLessThan(1e-6);
    expect(largestDifference(channelOf(alone, 0), channelOf(surround, 0, 6))).toBeLessThan(1e-3);
  });
});
