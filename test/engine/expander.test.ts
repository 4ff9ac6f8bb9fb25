// The expander by its figures: static curve, hysteresis, range, and what it does to speech and its pauses.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { concat, constant, dbToGain, noise, sine, spread } from "../support/signals.ts";
import { speechLike } from "../support/speech-like.ts";

const RATE = 48_000;

describe("expander", () => {
  test.each([
    { thresholdDb: -20, ratio: 2, rangeDb: 80 },
    { thresholdDb: -30, ratio: 1.5, rangeDb: 10 },
    { thresholdDb: -10, ratio: 10, rangeDb: 60 },
    { thresholdDb: -45, ratio: 4, rangeDb: 20 },
  ])("the static curve at 61 levels errs under 0.05 dB: $thresholdDb dB, 1:$ratio, range $rangeDb dB", (values) => {
    const process = openProcessor("expander", { ...values, hysteresisDb: 0, releaseMs: 5, attackMs: 0.1 });
    for (let levelDb = -60; levelDb <= 0; levelDb += 1) {
      process.reset();
      const settled = channelOf(process(spread(sine(1000, levelDb, RATE / 4))), 0).subarray(RATE / 8);
      const reduction = Math.min(values.rangeDb, Math.max(0, (values.ratio - 1) * (values.thresholdDb - levelDb)));
      expect(Math.abs(toDb(toneAmplitude(settled, 1000)) - (levelDb - reduction))).toBeLessThan(0.05);
    }
  });

  test("sound that was above the threshold is left alone down to threshold minus hysteresis", () => {
    const at = (levelDb: number) => constant(dbToGain(levelDb), 2 * RATE);
    const input = concat(at(-30), at(-41), at(-43.9), at(-44.1), at(-43.9));
    const values = { thresholdDb: -40, hysteresisDb: 4, ratio: 3, holdMs: 0, releaseMs: 20, lookaheadMs: 0 };
    const output = channelOf(openProcessor("expander", values)(input), 0);
    const gains = [1, 2, 3, 4, 5].map((second) =>
      toDb((output[second * RATE - 1] ?? 0) / (input[second * 2 * RATE - 2] ?? 1)),
    );
    [0, 0, 0, -8.2, -7.8].forEach((gain, i) => void expect(gains[i]).toBeCloseTo(gain, 2));
  });

  test("ratio 1 changes no bit", () => {
    const input = noise(-50, 2 * RATE, 3);
    expect(openProcessor("expander", { ratio: 1, lookaheadMs: 0 })(input)).toEqual(input);
  });

  test.each([
    { name: "usual", options: {} },
    { name: "uneven", options: { levelsDbfs: [-6, -30, -18], floorDbfs: -58, seed: 9 } },
  ])("$name speech keeps its syllables within 0.2 dB, and its pauses fall", ({ options }) => {
    const { signal, phrases, syllables } = speechLike(options);
    const open = openProcessor("expander", { ratio: 2 });
    const output = channelOf(open(spread(concat(signal, new Float32Array(480)))), 0).subarray(open.latencyFrames());
    const change = (start: number, end: number) =>
      rmsDb(output.subarray(start, end)) - rmsDb(signal.subarray(start, end));
    for (const { start, end } of syllables) expect(change(start, end)).toBeGreaterThan(-0.2);
    for (const { start } of phrases) expect(change(start - 9600, start - 2400)).toBeLessThan(-9);
  });

  test("a key lowers the gain whatever the sound does, for all channels alike", () => {
    const key = constant(dbToGain(-50), 2 * RATE);
    const output = openProcessor("expander", { ratio: 2 }, { key })(noise(-6, 2 * RATE, 4));
    const input = noise(-6, 2 * RATE, 4);
    expect(rmsDb(output.subarray(RATE)) - rmsDb(input.subarray(RATE))).toBeCloseTo(-5, 1);
    const images = new Float32Array(2 * RATE).map((_, i) => (i & 1 ? 0.25 : 1) * Math.sin(i >> 1) * 0.002);
    const moved = openProcessor("expander", { lookaheadMs: 0 })(images);
    const left = channelOf(moved, 0).map((value, i) => value * ((images[i * 2 + 1] ?? 0) / (images[i * 2] || 1)));
    expect(largestDifference(left, channelOf(moved, 1))).toBeLessThan(1e-9);
  });
});
