import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakOf, responseDb, rmsDb, toDb } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { impulse, noise } from "../support/signals.ts";

const RATE = 48_000;

const sidesOf = (stereo: Float32Array): { mid: Float32Array; side: Float32Array } => {
  const [left, right] = [channelOf(stereo, 0), channelOf(stereo, 1)];
  return {
    mid: left.map((value, i) => 0.5 * (value + (right[i] ?? 0))),
    side: left.map((value, i) => 0.5 * (value - (right[i] ?? 0))),
  };
};

/** What an impulse on the left becomes, as mid and side, times two. */
const answer = (values: ProcessorValues) => {
  const { mid, side } = sidesOf(openProcessor("width", values)(impulse(2 * RATE)));
  return { mid: mid.map((value) => 2 * value), side: side.map((value) => 2 * value) };
};

describe("width", () => {
  test("100 % without mono bass is bit-transparent; 0 % is mono", () => {
    const input = noise(-3, 2 * 9600, 1);
    expect(openProcessor("width", { monoBelowHz: 0 })(input)).toEqual(input);
    const mono = openProcessor("width", { monoBelowHz: 0, widthPercent: 0 })(input);
    expect(largestDifference(channelOf(mono, 0), channelOf(mono, 1))).toBe(0);
  });

  test.each([0, 50, 150, 200])("%i %% changes the side by as much and the mono sum by nothing", (widthPercent) => {
    const input = noise(-6, 2 * 48_000, 2);
    const output = openProcessor("width", { monoBelowHz: 0, widthPercent })(input);
    const [before, after] = [sidesOf(input), sidesOf(output)];
    const error = after.mid.map((value, i) => value - (before.mid[i] ?? 0));
    expect(rmsDb(error) - rmsDb(before.mid)).toBeLessThan(-140);
    const expected = before.side.map((value) => (value * widthPercent) / 100);
    expect(rmsDb(after.side.map((value, i) => value - (expected[i] ?? 0)))).toBeLessThan(-140);
  });

  test.each([60, 120, 300])("mono below %i Hz: the side falls by 24 dB per octave", (monoBelowHz) => {
    const { side } = answer({ monoBelowHz });
    expect(responseDb(side, monoBelowHz)).toBeCloseTo(-6.02, 2);
    expect(responseDb(side, monoBelowHz / 2)).toBeCloseTo(toDb(1 / 17), 1);
    expect(responseDb(side, monoBelowHz / 4)).toBeCloseTo(toDb(1 / 257), 1);
    for (const factor of [4, 10, 40]) expect(Math.abs(responseDb(side, monoBelowHz * factor))).toBeLessThan(0.05);
  });

  test("the mono sum keeps its level at every frequency", () => {
    const { mid } = answer({ monoBelowHz: 120, widthPercent: 170 });
    for (let frequencyHz = 20; frequencyHz < 20_000; frequencyHz *= 1.2)
      expect(Math.abs(responseDb(mid, frequencyHz))).toBeLessThan(0.001);
  });

  test("with mono bass the image above stays: what is on the left leaves the right alone", () => {
    const output = openProcessor("width", { monoBelowHz: 120 })(impulse(2 * RATE));
    for (const frequencyHz of [600, 1200, 5000])
      expect(responseDb(channelOf(output, 1), frequencyHz)).toBeLessThan(-50);
    expect(responseDb(channelOf(output, 0), 20)).toBeCloseTo(-6.02, 1);
    expect(responseDb(channelOf(output, 1), 20)).toBeCloseTo(-6.02, 1);
  });

  test("mono passes bit for bit, and so do centre and LFE of 5.1", () => {
    const input = noise(-3, 9600, 3);
    expect(openProcessor("width", { widthPercent: 0 }, { channels: 1 })(input)).toEqual(input);
    const surround = noise(-3, 6 * 4800, 4);
    const output = openProcessor("width", { widthPercent: 0 }, { channels: 6 })(surround);
    for (const channel of [2, 3]) expect(channelOf(output, channel, 6)).toEqual(channelOf(surround, channel, 6));
    expect(
      peakOf(sidesOf(Float32Array.from({ length: 9600 }, (_, i) => output[(i >> 1) * 6 + (i & 1)] ?? 0)).side),
    ).toBe(0);
  });
});
