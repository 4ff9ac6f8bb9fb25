import { describe, expect, test } from "vitest";
import { largestDifference } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { constant, noise } from "../support/signals.ts";

/** Gains of L and R for a mono signal of 1. */
const panMono = (azimuthDegrees: number, law: string): readonly [number, number] => {
  const output = openProcessor("panner", { azimuthDegrees, law }, { channels: 1, outputChannels: 2 })(constant(1, 8));
  return [output[0] ?? 0, output[1] ?? 0];
};

const azimuths = Array.from({ length: 37 }, (_, i) => -90 + i * 5);

describe("panner", () => {
  test("sinCos keeps the power of a mono signal at every angle", () => {
    for (const azimuth of azimuths) {
      const [left, right] = panMono(azimuth, "sinCos");
      expect(Math.abs(left * left + right * right - 1)).toBeLessThan(1e-6);
    }
  });

  test.each([
    { law: "sinCos", middleDb: -3.0103 },
    { law: "compromise", middleDb: -4.5154 },
    { law: "linear", middleDb: -6.0206 },
    { law: "balance", middleDb: 0 },
  ])("$law stands at $middleDb dB in the middle and at full level on one side", ({ law, middleDb }) => {
    const [left, right] = panMono(0, law);
    expect(left).toBe(right);
    expect(20 * Math.log10(left)).toBeCloseTo(middleDb, 3);
    expect(panMono(90, law)).toEqual([0, 1]);
    expect(panMono(-90, law)).toEqual([1, 0]);
  });

  test("linear keeps the sum, and every law turns steadily to the right", () => {
    for (const law of ["sinCos", "compromise", "linear", "balance"]) {
      const gains = azimuths.map((azimuth) => panMono(azimuth, law));
      gains.forEach(([left, right], i) => {
        const [before] = gains[i - 1] ?? [2];
        expect(left).toBeLessThanOrEqual(before);
        if (law === "linear") expect(left + right).toBeCloseTo(1, 6);
      });
    }
  });

  test("what lies behind folds to the front", () => {
    expect(panMono(150, "sinCos")).toEqual(panMono(30, "sinCos"));
    expect(panMono(-135, "linear")).toEqual(panMono(-45, "linear"));
    expect(panMono(180, "sinCos")).toEqual(panMono(0, "sinCos"));
  });

  test("a stereo signal in the middle changes no bit under any law", () => {
    const input = noise(-3, 2000);
    for (const law of ["sinCos", "compromise", "linear", "balance"])
      expect(largestDifference(openProcessor("panner", { law })(input), input)).toBe(0);
  });

  test("a stereo signal is balanced: one side falls, the other follows the law", () => {
    const [left = 0, right = 0] = openProcessor("panner", { azimuthDegrees: 45, law: "balance" })(constant(1, 8));
    expect([left, right]).toEqual([0.5, 1]);
    const [far = 1, near = 0] = openProcessor("panner", { azimuthDegrees: 90 })(constant(1, 8));
    expect(far).toBe(0);
    expect(near).toBeCloseTo(Math.SQRT2, 6);
  });
});
