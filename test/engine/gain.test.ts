import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakDb } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { concat, constant, noise, sine, spread } from "../support/signals.ts";

describe("gain", () => {
  test("0 dB changes no bit, also after a detour", () => {
    const input = noise(-3, 9600);
    expect(openProcessor("gain")(input)).toEqual(input);
    const process = openProcessor("gain", { gainDb: -20 });
    process(input);
    process.set({ gainDb: 0 });
    process(noise(-3, 9600));
    expect(process(input)).toEqual(input);
  });

  test.each([24, 6, -6, -40, -119])("%d dB is that many dB, from the first frame on", (gainDb) => {
    const output = openProcessor("gain", { gainDb })(constant(0.05, 960));
    expect(peakDb(output.subarray(0, 2)) - 20 * Math.log10(0.05)).toBeCloseTo(gainDb, 4);
    expect(largestDifference(output, constant(output[0] ?? 0, 960))).toBe(0);
  });

  test("-120 dB is silence", () => {
    expect(peakDb(openProcessor("gain", { gainDb: -120 })(noise(0, 960)))).toBe(-600);
  });

  test("a change has arrived after 15 ms and goes one way", () => {
    const process = openProcessor("gain", { gainDb: -20 });
    process(constant(1, 2));
    process.set({ gainDb: 0 });
    const rise = channelOf(process(constant(1, 2 * 4800)), 0);
    expect(rise.every((value, i) => i === 0 || value >= (rise[i - 1] ?? 0))).toBe(true);
    expect(rise[720]).toBeGreaterThan(0.999);
    expect(rise[4799]).toBe(1);
  });

  test("works alike on every channel of 5.1 and on mono", () => {
    const surround = noise(-6, 6 * 1000, 2);
    const half = openProcessor(
      "gain",
      { gainDb: -6.020599913279624 },
      { channels: 6, blockFrames: [333, 64] },
    )(surround);
    expect(
      largestDifference(
        half,
        surround.map((value) => value * 0.5),
      ),
    ).toBeLessThan(1e-7);
    const mono = sine(1000, -6, 1000);
    const up = openProcessor("gain", { gainDb: 6.020599913279624 }, { channels: 1 })(mono);
    expect(
      largestDifference(
        up,
        mono.map((value) => value * 2),
      ),
    ).toBeLessThan(2e-7);
  });

  test("blocks longer than the engine's own pieces come out whole", () => {
    const input = concat(spread(sine(50, -1, 20_000)), noise(-20, 20_001 * 2, 9));
    const output = openProcessor("gain", { gainDb: -3 }, { blockFrames: 65_536 })(input);
    expect(largestDifference(output, openProcessor("gain", { gainDb: -3 }, { blockFrames: 100 })(input))).toBe(0);
  });
});
