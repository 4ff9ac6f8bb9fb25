// The loudness insert: what was measured becomes what is wanted.
import { describe, expect, test } from "vitest";
import { createLoudnessMeter } from "../../engine/loudness.ts";
import { largestDifference, rmsDb } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { noise } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const instance = await openEngine();

const measure = (stereo: Float32Array): number => {
  const meter = createLoudnessMeter(instance, RATE, 2);
  const at = instance.allocate(stereo.length * 4);
  instance.floats(at, stereo.length).set(stereo);
  meter.feed(at, stereo.length / 2);
  return meter.measures().integratedLufs ?? Number.NaN;
};

describe("loudness insert", () => {
  test.each([-14, -16, -23, -27])("what was measured before arrives at %d LUFS within 0.01 LU", (targetLufs) => {
    const input = noise(-31, 2 * 5 * RATE, 3);
    const output = openProcessor("loudness", { targetLufs, measuredLufs: measure(input) })(input);
    expect(Math.abs(measure(output) - targetLufs)).toBeLessThan(0.01);
  });

  test("a sound that has its loudness changes no bit, and the gain is linear", () => {
    const input = noise(-6, 9600, 4);
    expect(openProcessor("loudness", { targetLufs: -27, measuredLufs: -27 })(input)).toEqual(input);
    const values = { targetLufs: -33, measuredLufs: -23 };
    const output = openProcessor("loudness", values)(input);
    const scaled = input.map((value) => value * 10 ** (-10 / 20));
    expect(largestDifference(output, scaled)).toBeLessThan(1e-7);
  });

  test("a measure that is far off moves the level by 40 dB at most", () => {
    const input = noise(-40, 9600, 5);
    const up = openProcessor("loudness", { targetLufs: 0, measuredLufs: -70 })(input);
    expect(rmsDb(up) - rmsDb(input)).toBeCloseTo(40, 3);
    const down = openProcessor("loudness", { targetLufs: -70, measuredLufs: 0 })(input);
    expect(rmsDb(down) - rmsDb(input)).toBeCloseTo(-40, 3);
  });
});
