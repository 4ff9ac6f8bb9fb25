import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakOf, responseDb, rmsDb, toDb } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, impulse, sine, spread } from "../support/signals.ts";

const RATE = 48_000;
const dull = { highCutHz: 20_000 };

/** Both channels after an impulse on the left (and one on the right). */
const echoes = (values: ProcessorValues, seconds: number, right = 0): [Float32Array, Float32Array] => {
  const input = impulse(2 * seconds * RATE);
  input[1] = right;
  const output = openProcessor("delay", values)(input);
  return [channelOf(output, 0), channelOf(output, 1)];
};

const energyAround = (signal: Float32Array, frame: number): number =>
  Math.sqrt(signal.subarray(frame - 40, frame + 200).reduce((sum, value) => sum + value * value, 0));

/** Delay in frames by the phase of one tone. */
const phaseDelay = (output: Float32Array, frequencyHz: number, roughly: number): number => {
  const step = (2 * Math.PI * frequencyHz) / RATE;
  let [re, im] = [0, 0];
  output.forEach((value, i) => {
    re += value * Math.cos(step * i);
    im -= value * Math.sin(step * i);
  });
  const turns = (-Math.atan2(im, re) - roughly * step) / (2 * Math.PI);
  return roughly + ((turns - Math.round(turns)) * 2 * Math.PI) / step;
};

describe("delay: echoes", () => {
  test("come after the time, and again after it, each quieter by the feedback", () => {
    const [left, right] = echoes({ timeMs: 250, feedbackDb: -6, ...dull }, 2);
    expect(peakOf(left.subarray(0, 11_990))).toBe(0);
    const levels = [1, 2, 3, 4].map((n) => toDb(energyAround(left, n * 12_000)));
    expect(levels[0]).toBeGreaterThan(-2);
    for (const n of [1, 2, 3]) expect((levels[n] ?? 0) - (levels[n - 1] ?? 0)).toBeLessThan(-6);
    for (const n of [1, 2, 3]) expect((levels[n] ?? 0) - (levels[n - 1] ?? 0)).toBeGreaterThan(-7.5);
    expect(peakOf(right)).toBe(0);
  });

  test("a tone's echoes lose exactly the feedback", () => {
    const burst = concat(sine(1000, -6, 9600), new Float32Array(4 * RATE));
    const output = channelOf(openProcessor("delay", { timeMs: 500, feedbackDb: -9, ...dull })(spread(burst)), 0);
    const level = (n: number) => rmsDb(output.subarray(n * 24_000 + 2400, n * 24_000 + 7200));
    expect(level(2) - level(1)).toBeCloseTo(-9, 1);
    expect(level(3) - level(2)).toBeCloseTo(-9, 1);
  });

  test("-120 dB is a single echo", () => {
    const [left] = echoes({ timeMs: 100, feedbackDb: -120, ...dull }, 1);
    expect(energyAround(left, 4800)).toBeGreaterThan(0.8);
    expect(peakOf(left.subarray(9000))).toBeLessThan(1e-6);
  });

  test("every echo is 3 dB down at the cut, 6 dB per octave beyond", () => {
    const [left] = echoes({ timeMs: 300, feedbackDb: -3, highCutHz: 2000 }, 1);
    const first = left.subarray(14_400 - 100, 14_400 + 5000);
    const second = left.subarray(28_800 - 100, 28_800 + 5000);
    expect(responseDb(first, 2000)).toBeCloseTo(-3.01, 1);
    expect(responseDb(first, 4000)).toBeCloseTo(-7, 0);
    expect(responseDb(second, 2000)).toBeCloseTo(-6.02 - 3, 1);
    expect(responseDb(first, 50)).toBeCloseTo(0, 1);
  });

  test("ping-pong begins on the left with both channels and changes sides", () => {
    const [left, right] = echoes({ timeMs: 100, feedbackDb: -3, pingPong: true, ...dull }, 1, 1);
    for (const n of [1, 3, 5]) expect(energyAround(left, n * 4800)).toBeGreaterThan(20 * energyAround(right, n * 4800));
    for (const n of [2, 4]) expect(energyAround(right, n * 4800)).toBeGreaterThan(20 * energyAround(left, n * 4800));
    expect(energyAround(left, 4800)).toBeGreaterThan(0.8);
  });

  test("mono and the centre pair of 5.1 have no sides to change", () => {
    const mono = openProcessor("delay", { pingPong: true, timeMs: 50, ...dull }, { channels: 1 })(impulse(RATE));
    expect(energyAround(mono, 2400)).toBeGreaterThan(0.8);
    expect(energyAround(mono, 4800)).toBeGreaterThan(0.1);
    const surround = openProcessor(
      "delay",
      { pingPong: true, timeMs: 50, ...dull },
      { channels: 6 },
    )(impulse(6 * RATE, 2));
    expect(peakOf(channelOf(surround, 3, 6))).toBe(0);
  });
});

describe("delay: between frames", () => {
  test.each([10.3, 101.01, 333.333])("%f ms is right to a thousandth of a frame", (timeMs) => {
    const frames = timeMs * 48;
    const values = { timeMs, feedbackDb: -120, highCutHz: 20_000 };
    const tone = spread(Float32Array.from(sine(1000, -6, 2 * RATE, RATE, Math.PI / 2)));
    const output = channelOf(openProcessor("delay", values)(tone), 0).subarray(RATE);
    const whole = channelOf(openProcessor("delay", { ...values, timeMs: Math.round(frames) / 48 })(tone), 0).subarray(
      RATE,
    );
    const difference = phaseDelay(output, 1000, 0) - phaseDelay(whole, 1000, 0);
    expect(Math.abs(difference - (frames - Math.round(frames)))).toBeLessThan(1e-3);
  });

  test("the interpolation's error at 1 kHz is under -120 dB", () => {
    const tone = (phase: number) => sine(1000, 0, RATE, RATE, phase);
    const [whole, half] = [100, 100.5].map((frames) =>
      channelOf(
        openProcessor("delay", { timeMs: frames / 48, feedbackDb: -120, highCutHz: 20_000 })(spread(tone(0))),
        0,
      ).subarray(24_000),
    ) as [Float32Array, Float32Array];
    const shifted = channelOf(
      openProcessor("delay", { timeMs: 100 / 48, feedbackDb: -120, highCutHz: 20_000 })(
        spread(tone((-2 * Math.PI * 1000 * 0.5) / RATE)),
      ),
      0,
    ).subarray(24_000);
    const error = half.map((value, i) => value - (shifted[i] ?? 0));
    expect(rmsDb(error) - rmsDb(whole)).toBeLessThan(-120);
  });

  test("a reset forgets every echo", () => {
    const open = openProcessor("delay", { timeMs: 100, feedbackDb: -1 });
    open(impulse(RATE));
    open.reset();
    expect(largestDifference(open(new Float32Array(RATE)), new Float32Array(RATE))).toBe(0);
  });
});
