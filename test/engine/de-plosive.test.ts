// Pops lose their thump; what is no pop is left alone.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, rmsDb, rmsOf, toDb } from "../support/measure-signal.ts";
import { cleanSpeech, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, randomSource, sine, spread } from "../support/signals.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const speech = (await demoSpeech(await openEngine())).map((take, i) => {
  const room = noise(-75, take.length, 80 + i);
  return cleanSpeech(take).map((x, n) => x + (room[n] ?? 0));
});

const dePlosive = (input: Float32Array, values: ProcessorValues = {}, sampleRate = RATE): Float32Array => {
  const process = openProcessor("dePlosive", values, { channels: 1, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

/** A gust of air on the capsule: 80 ms of rumble between 15 and 60 Hz that swells fast and fades. */
const pop = (seed: number, sampleRate = RATE): Float32Array => {
  const random = randomSource(seed);
  const parts = [18, 26, 35, 47].map((hz) => [hz * (0.9 + 0.2 * random()), 2 * Math.PI * random()] as const);
  return Float32Array.from({ length: 0.12 * sampleRate }, (_, i) => {
    const t = i / sampleRate;
    const shape = Math.sin(Math.PI * Math.min(1, t / 0.12)) ** 2;
    return 0.25 * shape * parts.reduce((sum, [hz, phase]) => sum + Math.sin(2 * Math.PI * hz * t + phase), 0);
  });
};

const popsAt = (places: readonly number[], frames: number): Float32Array => {
  const out = new Float32Array(frames);
  places.forEach((place, i) => void out.set(pop(i + 1), place));
  return out;
};

describe("de-plosive", () => {
  const places = [1.5, 2.7, 4.1, 5.2, 6.6].map((seconds) => seconds * RATE);

  test("a pop comes out 10 dB quieter by itself, 6 dB and more within words", () => {
    for (const clean of speech) {
      const pops = popsAt(places, clean.length);
      const left = dePlosive(clean.map((x, i) => x + (pops[i] ?? 0)));
      const levels = places.map((at) => {
        const part = (signal: Float32Array) => signal.subarray(at + 0.02 * RATE, at + 0.1 * RATE);
        const rest = part(left).map((x, i) => x - (clean[at + 0.02 * RATE + i] ?? 0));
        return rmsDb(rest) - rmsDb(part(pops));
      });
      levels.sort((a, b) => a - b);
      expect(levels[2]).toBeLessThan(-8);
      expect(levels[4]).toBeLessThan(-6);
    }
    const alone = concat(new Float32Array(2 * RATE), pop(3), new Float32Array(RATE));
    expect(toDb(rmsOf(dePlosive(alone)) / rmsOf(alone))).toBeLessThan(-10);
    expect(toDb(rmsOf(dePlosive(alone, { rangeDb: 20 })) / rmsOf(alone))).toBeLessThan(-14);
  });

  test("speech without pops changes by less than 0.1 dB", () => {
    for (const clean of speech) {
      const left = dePlosive(clean);
      for (let at = RATE; at + 4800 < clean.length; at += 4800) {
        const part = (signal: Float32Array) => rmsDb(signal.subarray(at, at + 4800));
        if (part(clean) > -60) expect(Math.abs(part(left) - part(clean))).toBeLessThan(0.1);
      }
      expect(siSdrDb(clean, left)).toBeGreaterThan(35);
    }
  });

  test("hiss, a steady bass and silence pass bit for bit", () => {
    const hiss = noise(-20, RATE, 4);
    expect(largestDifference(dePlosive(hiss), hiss)).toBe(0);
    const silence = new Float32Array(RATE);
    expect(largestDifference(dePlosive(silence), silence)).toBe(0);
    const bass = sine(60, -12, 4 * RATE);
    expect(largestDifference(dePlosive(bass).subarray(2 * RATE, 3.9 * RATE), bass.subarray(2 * RATE, 3.9 * RATE))).toBe(
      0,
    );
  });

  test("a pop in one channel leaves the other alone", () => {
    const both = spread(concat(new Float32Array(RATE), pop(5), new Float32Array(RATE)));
    const hiss = noise(-40, both.length / 2, 6);
    hiss.forEach((x, i) => {
      both[2 * i + 1] = x;
    });
    const process = openProcessor("dePlosive");
    const late = 2 * process.latencyFrames();
    const out = process(concat(both, new Float32Array(late))).subarray(late);
    expect(largestDifference(channelOf(out, 1), hiss)).toBe(0);
    expect(rmsDb(channelOf(out, 0))).toBeLessThan(rmsDb(channelOf(both, 0)) - 10);
  });

  test.each([16_000, 44_100, 96_000])("works at %i Hz", (sampleRate) => {
    const alone = concat(new Float32Array(sampleRate), pop(3, sampleRate), new Float32Array(sampleRate));
    expect(toDb(rmsOf(dePlosive(alone, {}, sampleRate)) / rmsOf(alone))).toBeLessThan(-10);
  });
});
