// Cut-off peaks come back; sound that was never cut off passes bit for bit.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakOf, rmsOf, toDb } from "../support/measure-signal.ts";
import { cleanSpeech } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, sine } from "../support/signals.ts";
import { synthesiseMusic } from "../support/synthetic-speech.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const speech = (await demoSpeech(await openEngine())).map((take) => cleanSpeech(take, 6));
const music = synthesiseMusic(5, 0.05);
const sounds = [...speech.map((take, i) => ({ name: `speech ${i}`, take })), { name: "music", take: music }];

const deClip = (input: Float32Array, values: ProcessorValues = {}, channels = 1, sampleRate = RATE): Float32Array => {
  const process = openProcessor("deClip", values, { channels, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames() * channels;
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

const sdrDb = (reference: Float32Array, signal: Float32Array): number =>
  toDb(rmsOf(reference) / rmsOf(reference.map((x, i) => x - (signal[i] ?? 0))));

const clipAt = (signal: Float32Array, level: number): Float32Array =>
  signal.map((x) => Math.max(-level, Math.min(level, x)));

/** Cuts a sound off so low that `targetDb` of signal-to-distortion ratio are left. */
const clipTo = (signal: Float32Array, targetDb: number): { clipped: Float32Array; level: number } => {
  let [low, high] = [0, peakOf(signal)];
  for (let i = 0; i < 30; i += 1) {
    const middle = (low + high) / 2;
    if (sdrDb(signal, clipAt(signal, middle)) < targetDb) low = middle;
    else high = middle;
  }
  return { clipped: clipAt(signal, high), level: high };
};

const gainOf = (take: Float32Array, targetDb: number, values: ProcessorValues = {}): number => {
  const { clipped } = clipTo(take, targetDb);
  return sdrDb(take, deClip(clipped, values)) - sdrDb(take, clipped);
};

/** Every sound cut off to 10 dB, and restored. */
const restored = sounds.map(({ name, take }) => {
  const { clipped, level } = clipTo(take, 10);
  return { name, take, clipped, level, out: deClip(clipped) };
});

describe("de-clip", () => {
  test("gains 13 dB of signal-to-distortion ratio on average where clipping has left 10 dB, 8 at least", () => {
    const gains = restored.map(({ take, clipped, out }) => sdrDb(take, out) - sdrDb(take, clipped));
    expect(gains.reduce((sum, x) => sum + x, 0) / gains.length).toBeGreaterThan(13);
    for (const gain of gains) expect(gain).toBeGreaterThan(8);
  });

  test.each([5, 20])("gains 9 dB on average where clipping has left %i dB, 6 at least", (targetDb) => {
    const gains = sounds.map(({ take }) => gainOf(take, targetDb));
    expect(gains.reduce((sum, x) => sum + x, 0) / gains.length).toBeGreaterThan(9);
    for (const gain of gains) expect(gain).toBeGreaterThan(6);
  });

  test("finds the clipping level as well as one who is told", () => {
    for (const { take, clipped, level, out } of restored) {
      const told = deClip(clipped, { findThreshold: false, thresholdDb: toDb(level) - 0.01 });
      expect(sdrDb(take, out)).toBeGreaterThan(sdrDb(take, told) - 0.5);
    }
  });

  test("finds it in 16-bit sound, too", () => {
    const { clipped } = clipTo(music, 10);
    const coarse = clipped.map((x) => Math.round(x * 32_768) / 32_768);
    expect(sdrDb(music, deClip(coarse)) - sdrDb(music, coarse)).toBeGreaterThan(8);
  });

  test("what is not clipped stays to the bit: whole sounds, and the good samples of a clipped one", () => {
    for (const { take, clipped, level, out } of restored) {
      expect(largestDifference(deClip(take), take)).toBe(0);
      const changed = out.filter((x, i) => x !== clipped[i] && Math.abs(clipped[i] ?? 0) < 0.99 * level);
      expect(changed.length).toBe(0);
    }
    const low = sine(40, -3, 2 * RATE).map((x) => Math.round(x * 32_768) / 32_768);
    expect(largestDifference(deClip(low), low)).toBe(0);
  });

  test("restored peaks lie beyond the clipping level", () => {
    for (const { clipped, level, out } of restored) {
      const inward = out.filter((x, i) => Math.abs(clipped[i] ?? 0) >= level && Math.abs(x) < 0.999 * level);
      expect(inward.length).toBe(0);
      expect(peakOf(out)).toBeGreaterThan(1.5 * level);
    }
  });

  test("a clipped channel leaves the other alone", () => {
    const { clipped } = clipTo(music, 10);
    const hiss = noise(-20, clipped.length, 3);
    const both = Float32Array.from({ length: 2 * clipped.length }, (_, i) => (i & 1 ? hiss : clipped)[i >> 1] ?? 0);
    const out = deClip(both, {}, 2);
    expect(largestDifference(channelOf(out, 1), hiss)).toBe(0);
    expect(sdrDb(music, channelOf(out, 0))).toBeGreaterThan(18);
  });

  test.each([16_000, 44_100, 96_000])("works at %i Hz", (sampleRate) => {
    const tones = sine(330, -12, sampleRate, sampleRate).map(
      (x, i) => x + 0.2 * Math.sin((2 * Math.PI * 790 * i) / sampleRate),
    );
    const { clipped } = clipTo(tones, 10);
    const out = deClip(clipped, {}, 1, sampleRate);
    expect(sdrDb(tones, out)).toBeGreaterThan(18);
  });
});
