// What is left of noise and what is left of speech, on the demo's speech and noises made here.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, rmsDb } from "../support/measure-signal.ts";
import { cleanSpeech, mixNoise, NOISES, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise as hiss, sine } from "../support/signals.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const speech = (await demoSpeech(await openEngine())).map((take) => cleanSpeech(take));

/** A mono signal without noise, the latency taken off. */
const reduce = (input: Float32Array, values: ProcessorValues = {}, sampleRate = RATE): Float32Array => {
  const process = openProcessor("noiseReduction", values, { channels: 1, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

const longest = Math.max(...speech.map(({ length }) => length));
const noises = Object.values(NOISES).map((make) => make(longest, 500));

const gainsOf = (noise: Float32Array, snrDb: number): number[] =>
  speech.map((clean) => {
    const noisy = mixNoise(clean, noise, snrDb);
    return siSdrDb(clean, reduce(noisy)) - siSdrDb(clean, noisy);
  });
/** A tone of 0.15 s every second, over faint hiss. */
const bursts = (hz: number, frames: number): Float32Array => {
  const tone = sine(hz, -20, frames);
  const floor = hiss(-70, frames, 77);
  return tone.map((x, i) => (i % RATE < 0.15 * RATE ? x : 0) + (floor[i] ?? 0));
};
/** A signal that a gate closes 60 ms after the voice in it, in 5 ms, and opens 10 ms before. */
const gated = (signal: Float32Array, voice: Float32Array): Float32Array => {
  const open = new Uint8Array(signal.length);
  voice.forEach((x, i) => {
    if (Math.abs(x) > 0.003) open.fill(1, Math.max(0, i - 0.01 * RATE), i + 0.06 * RATE);
  });
  let gain = 0;
  return signal.map((x, i) => {
    gain = Math.min(1, Math.max(0, gain + (open[i] === 1 ? 1 : -1) / (0.005 * RATE)));
    return x * gain;
  });
};
/** Pieces of 0.15 to 1 s with digital silence of 0.1 to 0.5 s between them. */
const cutUp = (take: Float32Array): Float32Array => {
  const pieces = take.slice();
  for (let at = 0.8 * RATE, n = 0; at < pieces.length; n += 1) {
    const cut = Math.floor(at + (0.15 + 0.85 * ((0.618 * n) % 1)) * RATE);
    at = cut + (0.1 + 0.4 * ((0.37 * n) % 1)) * RATE;
    pieces.fill(0, cut, Math.floor(at));
  }
  return pieces;
};
const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

const RATIOS = [0, 5, 10, 15];
const rows = new Map(RATIOS.map((snrDb) => [snrDb, noises.flatMap((noise) => gainsOf(noise, snrDb))]));

describe("noise reduction: speech in noise", () => {
  test("gains 5.5 dB of SI-SDR on average over noises and ratios", () => {
    expect(meanOf([...rows.values()].flat())).toBeGreaterThan(5.5);
  });

  test("gains 4 dB where the noise is 15 dB down already, and never loses", () => {
    expect(meanOf(rows.get(15) ?? [])).toBeGreaterThan(4);
    for (const gain of [...rows.values()].flat()) expect(gain).toBeGreaterThan(0.5);
  });

  test.each(speech.map((take, i) => ({ take, i })))("leaves clean speech alone: take $i", ({ take, i }) => {
    const room = hiss(-75, take.length, 30 + i);
    const clean = take.map((x, n) => x + (room[n] ?? 0));
    const variants = {
      "in a quiet room, 54 dB under the speech": clean,
      "with digital silence between the words, as it was made": take,
      "the room gated between the words": gated(clean, take),
      "cut into pieces": cutUp(take),
    };
    for (const [name, input] of Object.entries(variants))
      expect(siSdrDb(input, reduce(input)), name).toBeGreaterThan(35);
  });

  test("treats a noisy clip of 2 s that has no lead-in", () => {
    const gains = speech.flatMap((take) =>
      noises.map((noise) => {
        const [clean, noisy] = [take, mixNoise(take, noise, 10)].map((x) => x.subarray(3.5 * RATE, 5.5 * RATE));
        if (!clean || !noisy) throw new TypeError("Two signals make two clips.");
        return siSdrDb(clean, reduce(noisy), 0) - siSdrDb(clean, noisy, 0);
      }),
    );
    expect(meanOf(gains)).toBeGreaterThan(7);
    for (const gain of gains) expect(gain).toBeGreaterThan(2);
  });
});

describe("noise reduction: the sound", () => {
  test("lowers steady noise by the reduction asked for", () => {
    const steady = hiss(-30, 4 * RATE, 3);
    for (const reductionDb of [6, 12, 20]) {
      const left = reduce(steady, { reductionDb }).subarray(RATE, 3 * RATE);
      expect(rmsDb(left) - rmsDb(steady)).toBeLessThan(-0.9 * reductionDb);
      expect(rmsDb(left) - rmsDb(steady)).toBeGreaterThan(-reductionDb - 0.1);
    }
  });

  test("at 0 dB it is its input to -120 dB", () => {
    const input = speech[0] ?? new Float32Array();
    const error = reduce(input, { reductionDb: 0 }).map((x, i) => x - (input[i] ?? 0));
    expect(rmsDb(error) - rmsDb(input)).toBeLessThan(-120);
  });

  test("what is left and what was removed add up to the input", () => {
    const clean = speech[1] ?? new Float32Array();
    const noisy = mixNoise(clean, hiss(0, clean.length, 5), 10);
    const removed = reduce(noisy, { output: "removed" });
    const sum = reduce(noisy).map((x, i) => x + (removed[i] ?? 0));
    expect(largestDifference(sum, noisy)).toBeLessThan(1e-6);
    expect(rmsDb(removed)).toBeGreaterThan(-45);
  });

  test.each([9000, 14_000, 20_000])("keeps sound at %i Hz that comes and goes", (hz) => {
    const input = bursts(hz, 4 * RATE);
    const burst = (signal: Float32Array) => rmsDb(signal.subarray(2 * RATE, 2.15 * RATE));
    expect(burst(reduce(input)) - burst(input)).toBeCloseTo(0, 0);
  });

  test("more sensitivity takes more", () => {
    const clean = speech[2] ?? new Float32Array();
    const noisy = mixNoise(clean, hiss(0, clean.length, 6), 10);
    const levels = [0, 50, 100].map((sensitivityPercent) => rmsDb(reduce(noisy, { sensitivityPercent })));
    expect(levels[0]).toBeGreaterThan(levels[1] ?? 0);
    expect(levels[1]).toBeGreaterThan(levels[2] ?? 0);
  });

  test("does not take a gap of digital silence for the noise", () => {
    const steady = hiss(-40, 4 * RATE, 8);
    const gapped = steady.map((x, i) => (i > 1.5 * RATE && i < 2 * RATE ? 0 : x));
    const left = reduce(gapped).subarray(2.2 * RATE, 3.2 * RATE);
    expect(rmsDb(left) - rmsDb(steady)).toBeLessThan(-17);
  });

  test("channels have their own noise, mono is one of them, and every rate works", () => {
    const [left, right] = [hiss(-30, 3 * RATE, 9), bursts(1000, 3 * RATE)];
    const process = openProcessor("noiseReduction");
    const latency = process.latencyFrames();
    const both = Float32Array.from({ length: 6 * RATE }, (_, i) => (i & 1 ? right : left)[i >> 1] ?? 0);
    const out = process(concat(both, new Float32Array(2 * latency))).subarray(2 * latency);
    expect(rmsDb(channelOf(out, 0).subarray(RATE, 2 * RATE))).toBeLessThan(rmsDb(left) - 17);
    expect(rmsDb(channelOf(out, 1)) - rmsDb(right)).toBeGreaterThan(-0.3);
    for (const sampleRate of [16_000, 44_100, 96_000]) {
      const steady = hiss(-30, 4 * sampleRate, 10);
      const rest = reduce(steady, {}, sampleRate).subarray(sampleRate, 3 * sampleRate);
      expect(rmsDb(rest) - rmsDb(steady)).toBeLessThan(-17);
    }
  });
});
