import { describe, expect, test } from "vitest";
import { channelOf, peakOf } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { dbToGain, noise } from "../support/signals.ts";

/** What one channel at full scale becomes on the left and right. */
const weights = (source: number, channels: number, values: ProcessorValues = {}): readonly [number, number] => {
  const input = Float32Array.from({ length: channels * 100 }, (_, i) => (i % channels === source ? 1 : 0));
  const output = openProcessor("downmix", values, { channels })(input);
  for (let channel = 2; channel < channels; channel += 1) expect(peakOf(channelOf(output, channel, channels))).toBe(0);
  return [output[99 * channels] ?? 0, output[99 * channels + 1] ?? 0];
};

const expectClose = (actual: readonly [number, number], left: number, right: number): void => {
  expect(Math.abs(actual[0] - left)).toBeLessThan(1e-7);
  expect(Math.abs(actual[1] - right)).toBeLessThan(1e-7);
};

describe("downmix", () => {
  test("5.1 folds by the coefficients of ITU-R BS.775, to 1e-7; the LFE is left out", () => {
    expectClose(weights(0, 6), 1, 0);
    expectClose(weights(1, 6), 0, 1);
    expectClose(weights(2, 6), Math.SQRT1_2, Math.SQRT1_2);
    expectClose(weights(3, 6), 0, 0);
    expectClose(weights(4, 6), Math.SQRT1_2, 0);
    expectClose(weights(5, 6), 0, Math.SQRT1_2);
  });

  test("7.1 folds side and rear alike", () => {
    for (const source of [4, 6]) expectClose(weights(source, 8), Math.SQRT1_2, 0);
    for (const source of [5, 7]) expectClose(weights(source, 8), 0, Math.SQRT1_2);
  });

  test("the levels are those of the parameters; -60 is off", () => {
    expectClose(weights(2, 6, { centreDb: -6 }), dbToGain(-6), dbToGain(-6));
    expectClose(weights(4, 6, { surroundDb: 3 }), dbToGain(3), 0);
    expectClose(weights(2, 6, { centreDb: -60 }), 0, 0);
    expectClose(weights(5, 6, { surroundDb: -60 }), 0, 0);
  });

  test("mono and stereo pass bit for bit", () => {
    const input = noise(-3, 4800, 1);
    for (const channels of [1, 2]) expect(openProcessor("downmix", {}, { channels })(input)).toEqual(input);
  });
});
