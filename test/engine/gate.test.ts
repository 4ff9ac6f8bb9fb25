// The gate by its figures: no chatter on speech, whole first syllables, hysteresis, hold, range and times.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakDb, rmsDb, toDb } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, constant, dbToGain, noise, sine, spread } from "../support/signals.ts";
import { type SpeechLikeOptions, speechLike } from "../support/speech-like.ts";

const RATE = 48_000;
const frames = (ms: number) => Math.round((ms / 1000) * RATE);

/** Gain in dB over time, by a constant key that is as loud as the sound. */
const gainsDb = (key: Float32Array, values: ProcessorValues): Float32Array => {
  const output = openProcessor(
    "gate",
    { lookaheadMs: 0, ...values },
    { key: spread(key) },
  )(constant(1, 2 * key.length));
  return channelOf(output, 0).map((value) => toDb(value));
};

/** How often a curve of gains falls through the middle of the range. */
const closings = (gains: Float32Array, rangeDb: number): number =>
  gains.reduce((count, gain, i) => count + (gain < -rangeDb / 2 && (gains[i - 1] ?? -99) >= -rangeDb / 2 ? 1 : 0), 0);

/** Frames that a curve takes from 10 to 90 % of the way between two values, after `start`. */
const span = (curve: Float32Array, start: number, from: number, to: number): number => {
  const at = (share: number) => {
    const goal = from + (to - from) * share;
    const i = curve.findIndex((value, n) => n > start && (to > from ? value >= goal : value <= goal));
    const before = curve[i - 1] ?? 0;
    return i - 1 + (goal - before) / ((curve[i] ?? 0) - before);
  };
  return at(0.9) - at(0.1);
};

describe("gate on speech", () => {
  const voices: readonly { name: string; options: SpeechLikeOptions }[] = [
    { name: "usual", options: {} },
    { name: "quiet, near the threshold", options: { levelsDbfs: [-30], floorDbfs: -58, seed: 2 } },
    { name: "very uneven", options: { levelsDbfs: [-6, -24, -32, -12], floorDbfs: -60, seed: 3 } },
    { name: "with a floor between the two thresholds", options: { levelsDbfs: [-20], floorDbfs: -47, seed: 4 } },
  ];

  test.each(voices)("$name: it closes in the pauses and nowhere else", ({ options }) => {
    const { signal, phrases } = speechLike(options);
    const gains = gainsDb(signal, {});
    const floor = options.floorDbfs ?? -65;
    // Above the closing level it must not close at all once it is open.
    expect(closings(gains, 20)).toBe(floor > -49 ? 0 : phrases.length);
    for (const { start, end } of phrases) {
      const opened = gains.subarray(start, end).findIndex((gain) => gain > -0.1);
      expect(Math.min(...gains.subarray(start + opened, end))).toBeGreaterThan(-0.1);
    }
  });

  test.each(voices)("$name: the first syllable of a phrase loses no more than 0.2 dB", ({ options }) => {
    const { signal, phrases, syllables } = speechLike(options);
    const open = openProcessor("gate");
    const output = channelOf(open(spread(concat(signal, new Float32Array(480)))), 0).subarray(open.latencyFrames());
    for (const { start } of phrases) {
      const end = syllables.find((syllable) => syllable.start === start)?.end ?? 0;
      expect(rmsDb(signal.subarray(start, end)) - rmsDb(output.subarray(start, end))).toBeLessThan(0.2);
    }
  });

  test("the pauses are down by the range", () => {
    const { signal, phrases } = speechLike({ pauseSeconds: 2 });
    const output = channelOf(openProcessor("gate", { rangeDb: 30, lookaheadMs: 0 })(spread(signal)), 0);
    const pause = (phrases[1]?.start ?? 0) - 9600;
    const part = (of: Float32Array) => rmsDb(of.subarray(pause, pause + 4800));
    expect(part(output) - part(signal)).toBeCloseTo(-30, 0);
  });
});

describe("gate", () => {
  test.each([
    { attackMs: 1, releaseMs: 50 },
    { attackMs: 20, releaseMs: 200 },
    { attackMs: 50, releaseMs: 1000 },
  ])("opens in $attackMs ms and closes in $releaseMs ms, kept to 2 % (10..90 %)", ({ attackMs, releaseMs }) => {
    const key = concat(constant(0.001, RATE), constant(0.5, RATE), constant(0.001, 8 * RATE));
    const gains = gainsDb(key, { attackMs, releaseMs, holdMs: 0, rangeDb: 20 });
    expect(Math.abs(span(gains, RATE, -20, 0) / (frames(attackMs) * Math.log(9)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(span(gains, 2 * RATE, 0, -20) / (frames(releaseMs) * Math.log(9)) - 1)).toBeLessThan(0.02);
  });

  test("opens at the threshold, closes only below threshold minus hysteresis", () => {
    const at = (levelDb: number) => constant(dbToGain(levelDb), RATE);
    const values = { thresholdDb: -40, hysteresisDb: 6, holdMs: 0, releaseMs: 5, rangeDb: 20 };
    const gains = gainsDb(concat(at(-40.1), at(-39.9), at(-45.9), at(-46.1)), values);
    const settled = [1, 2, 3, 4].map((second) => gains[second * RATE - 1] ?? 0);
    [-20, 0, 0, -20].forEach((gain, i) => void expect(settled[i]).toBeCloseTo(gain, 3));
  });

  test("stays open for the hold and not longer", () => {
    const key = concat(constant(0.5, RATE), constant(0, RATE));
    const gains = gainsDb(key, { holdMs: 120, releaseMs: 5 });
    expect(Math.min(...gains.subarray(9600, RATE + frames(119)))).toBeGreaterThan(-0.001);
    expect(gains[RATE + frames(122)]).toBeLessThan(-1);
  });

  test("the gain on a tone does not ripple, down to 50 Hz and without any hold", () => {
    for (const hz of [50, 55, 120, 997]) {
      const gains = gainsDb(sine(hz, -30, 2 * RATE), { holdMs: 0, hysteresisDb: 0, attackMs: 0.1, releaseMs: 5 });
      expect(Math.min(...gains.subarray(RATE))).toBeGreaterThan(-0.001);
    }
  });

  test("an open gate passes every bit; a closed one at range 0 does as well", () => {
    const loud = noise(-6, 2 * RATE, 5);
    const output = openProcessor("gate", { lookaheadMs: 0, attackMs: 0.1 })(concat(loud, loud));
    expect(largestDifference(output.subarray(2 * RATE), loud)).toBe(0);
    const quiet = noise(-60, 2 * RATE, 6);
    expect(openProcessor("gate", { rangeDb: 0, lookaheadMs: 0 })(quiet)).toEqual(quiet);
  });

  test("sound begins behind a closed gate", () => {
    const quiet = noise(-60, 2 * RATE, 7);
    expect(peakDb(openProcessor("gate", { rangeDb: 40 })(quiet))).toBeLessThan(-99.9);
  });

  test("all channels share one gain and a key opens it", () => {
    const input = new Float32Array(2 * RATE).map((_, i) => (i & 1 ? 0.0001 : 0.3));
    const output = openProcessor("gate", { lookaheadMs: 0 })(input);
    expect(channelOf(output, 1)[RATE - 1]).toBeCloseTo(0.0001, 8);
    const keyed = openProcessor("gate", {}, { key: new Float32Array(2 * RATE) })(constant(0.5, 2 * RATE));
    expect(toDb((keyed[2 * RATE - 1] ?? 0) / 0.5)).toBeCloseTo(-20, 2);
  });
});
