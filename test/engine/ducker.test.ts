import { describe, expect, test } from "vitest";
import { channelOf, largestDifference } from "../support/measure-signal.ts";
import { createMeterBench } from "../support/metered.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, spread } from "../support/signals.ts";
import { stretchesOf } from "../support/speech-measures.ts";
import { synthesiseMusic, synthesiseSpeech } from "../support/synthetic-speech.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const bench = createMeterBench(await openEngine());
const seconds = (count: number) => new Float32Array(count * RATE);

/** Two stretches of speech, 3..9 s and 13..19 s, the second by another voice 6 dB louder. */
const dialogue = concat(
  seconds(3),
  synthesiseSpeech(6, 0.05, RATE, 1, 120),
  seconds(4),
  synthesiseSpeech(6, 0.1, RATE, 2, 210),
  seconds(3),
);
const isSpoken = (second: number) => (second > 3.8 && second < 9) || (second > 13.8 && second < 19);

/** The ducked target, its delay taken out. */
const duck = (target: Float32Array, key: Float32Array, values: ProcessorValues = {}): Float32Array => {
  const latency = openProcessor("ducker", values).latencyFrames();
  const process = openProcessor("ducker", values, { key: spread(concat(key, new Float32Array(latency))) });
  return channelOf(process(spread(concat(target, new Float32Array(latency)))), 0).subarray(latency);
};

const momentary = (mono: Float32Array): number[] => {
  const meter = bench.meter(RATE, 2);
  const curve: number[] = [];
  for (let from = 0; from < mono.length; from += RATE) {
    const part = mono.subarray(from, from + RATE);
    bench.feed(meter, [part, part]);
    curve.push(...meter.takeHops().map(({ momentaryLufs }) => momentaryLufs ?? -120));
  }
  return curve;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Median loudness difference of key and target while somebody speaks. */
const spokenDifference = (key: Float32Array, target: Float32Array): number => {
  const [voice, under] = [momentary(key), momentary(target)];
  return median(voice.map((lufs, hop) => lufs - (under[hop] ?? 0)).filter((_, hop) => isSpoken(hop / 100)));
};

/** Reduction in dB of each 10 ms, from the energies before and after. */
const reductions = (before: Float32Array, after: Float32Array): number[] =>
  Array.from({ length: Math.floor(before.length / 480) }, (_, hop) => {
    const energy = (signal: Float32Array) =>
      signal.subarray(hop * 480, hop * 480 + 480).reduce((sum, x) => sum + x * x, 1e-12);
    return 10 * Math.log10(energy(after) / energy(before));
  });

const equalBetween = (a: Float32Array, b: Float32Array, from: number, to: number): number =>
  largestDifference(a.subarray(from * RATE, to * RATE), b.subarray(from * RATE, to * RATE));

describe("ducker: the loudness difference", () => {
  test.each([
    { rms: 0.1, lu: 10 },
    { rms: 0.05, lu: 10 },
    { rms: 0.05, lu: 15 },
    { rms: 0.025, lu: 10 },
    { rms: 0.025, lu: 15 },
  ])("steady music at rms $rms comes to lie $lu LU under the voice, within 1 LU", ({ rms, lu }) => {
    const out = duck(synthesiseMusic(22, rms), dialogue, { targetDifferenceLu: lu });
    expect(Math.abs(spokenDifference(dialogue, out) - lu)).toBeLessThan(1);
  });

  test.each([10, 15])(
    "music that swells by 6 dB keeps %i LU under the voice; its falls are followed no faster than the release",
    (lu) => {
      const difference = spokenDifference(
        dialogue,
        duck(synthesiseMusic(22, 0.03, RATE, 6), dialogue, { targetDifferenceLu: lu }),
      );
      expect(difference).toBeGreaterThan(lu - 1);
      expect(difference).toBeLessThan(lu + 2);
    },
  );

  test("music too loud for the greatest depth gets all of it", () => {
    const target = synthesiseMusic(22, 0.4);
    const before = spokenDifference(dialogue, target);
    expect(spokenDifference(dialogue, duck(target, dialogue)) - before).toBeCloseTo(18, 0);
  });

  test("music that lies low enough already is hardly touched", () => {
    const target = synthesiseMusic(22, 0.003);
    const out = duck(target, dialogue);
    const worst = Math.min(...reductions(target, out).filter((_, hop) => isSpoken(hop / 100)));
    expect(worst).toBeGreaterThan(-1);
  });

  test("the depth never passes its limit, and 0 dB of it is nothing at all", () => {
    const target = synthesiseMusic(22, 0.5);
    expect(Math.min(...reductions(target, duck(target, dialogue, { maxDepthDb: 6 })))).toBeGreaterThan(-6.05);
    expect(largestDifference(duck(target, dialogue, { maxDepthDb: 0 }), target)).toBe(0);
  });

  test("a surround target and a surround key are measured with their channel weights", () => {
    const music = synthesiseMusic(10, 0.05);
    const voice = concat(seconds(2), synthesiseSpeech(6, 0.05, RATE, 1), seconds(2));
    const layout = (mono: Float32Array, channel: number) =>
      Float32Array.from({ length: 6 * mono.length }, (_, i) =>
        i % 6 === channel ? (mono[Math.floor(i / 6)] ?? 0) : 0,
      );
    const deepest = (targetChannel: number) => {
      const process = openProcessor("ducker", { lookaheadMs: 300 }, { channels: 6, key: layout(voice, 2) });
      process(layout(music, targetChannel));
      return process.reductionDb();
    };
    expect(deepest(0)).toBeLessThan(-5);
    expect(deepest(4) - deepest(0)).toBeCloseTo(-10 * Math.log10(1.41), 1);
    expect(deepest(3), "the LFE has no loudness").toBeCloseTo(0, 6);
  });
});

describe("ducker: in time", () => {
  const target = synthesiseMusic(22, 0.05);

  test("without a voice the delayed target passes bit for bit", () => {
    for (const key of [seconds(22), noise(-30, 22 * RATE, 3)])
      expect(largestDifference(duck(target, key), target)).toBe(0);
    const alone = openProcessor("ducker", {});
    const latency = alone.latencyFrames();
    expect(latency).toBe(0.3 * RATE);
    expect(largestDifference(channelOf(alone(spread(target)), 0).subarray(latency), target.subarray(0, -latency))).toBe(
      0,
    );
  });

  test("music in the key does not duck for more than 250 ms", () => {
    const ducked = reductions(target, duck(target, synthesiseMusic(22, 0.1, RATE, 6))).map((db) => db < -0.5);
    expect(stretchesOf(ducked).filter(([from, to]) => to - from > 0.25)).toEqual([]);
  });

  test("it is down before the voice is heard, back up between the stretches, and whole after the last", () => {
    const out = duck(target, dialogue);
    const curve = reductions(target, out);
    expect(equalBetween(out, target, 0, 2.5)).toBe(0);
    expect(curve[299]).toBeLessThan(-3);
    expect(curve[330]).toBeLessThan(-8);
    expect(equalBetween(out, target, 11.7, 12.5)).toBe(0);
    expect(equalBetween(out, target, 21.5, 22)).toBe(0);
  });

  test("a pause shorter than the gap to merge does not let the target up", () => {
    const key = concat(
      seconds(2),
      synthesiseSpeech(3, 0.05, RATE, 1),
      new Float32Array(0.5 * RATE),
      synthesiseSpeech(3, 0.05, RATE, 4),
      seconds(3),
    );
    const curve = reductions(target.subarray(0, key.length), duck(target.subarray(0, key.length), key));
    const inPause = curve.slice(500, 560);
    expect(Math.max(...inPause)).toBeLessThan(-8);
    const split = duck(
      target.subarray(0, key.length),
      concat(key.subarray(0, 5 * RATE), seconds(3), key.subarray(5 * RATE)).subarray(0, key.length),
    );
    expect(Math.max(...reductions(target.subarray(0, key.length), split).slice(700, 790))).toBeGreaterThan(-3);
  });

  test("fades last as long as they are set to", () => {
    const between = (values: ProcessorValues, from: number, to: number) => {
      const curve = reductions(target, duck(target, dialogue, values)).slice(from, to);
      const deepest = Math.min(...curve);
      const crossing = (share: number) => curve.findIndex((db) => db < share * deepest);
      const rising = (share: number) => curve.length - [...curve].reverse().findIndex((db) => db < share * deepest);
      return { fall: crossing(0.95) - crossing(0.05), rise: rising(0.05) - rising(0.95) };
    };
    const short = between({ attackMs: 100, releaseMs: 200 }, 200, 1200);
    const long = between({ attackMs: 600, releaseMs: 1500 }, 200, 1250);
    expect(short.fall).toBeLessThan(40);
    expect(long.fall).toBeGreaterThan(short.fall + 20);
    expect(long.rise).toBeGreaterThan(short.rise + 60);
  });

  test("fades are free of clicks", () => {
    const tone = Float32Array.from({ length: 12 * RATE }, (_, n) => 0.5 * Math.sin((2 * Math.PI * 100 * n) / RATE));
    const out = duck(tone, dialogue, { attackMs: 50, releaseMs: 50 });
    // Six differences leave nothing of 100 Hz and of a smooth gain, and all of a step.
    let worst = 0;
    const binomial = [1, -6, 15, -20, 15, -6, 1];
    for (let n = 6; n < out.length; n += 1) {
      const difference = binomial.reduce((sum, weight, k) => sum + weight * (out[n - k] ?? 0), 0);
      worst = Math.max(worst, Math.abs(difference) / 64);
    }
    expect(20 * Math.log10(worst)).toBeLessThan(-90);
  });
});
