import { describe, expect, test } from "vitest";
import { ebu3341Peaks } from "../support/ebu-cases.ts";
import { createMeterBench } from "../support/metered.ts";
import { referenceTruePeakDbtp } from "../support/peak-reference.ts";
import { noise, sine } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const bench = createMeterBench(await openEngine());
const truePeak = (mono: Float32Array, sampleRate = 48_000) =>
  bench.measure([mono, mono], sampleRate).truePeakDbtp ?? Number.NEGATIVE_INFINITY;

describe("true-peak meter", () => {
  test.each(
    ebu3341Peaks.flatMap((peakCase) =>
      [44_100, 48_000, 69_313, 96_000].map((sampleRate) => ({ ...peakCase, sampleRate })),
    ),
  )(
    "EBU Tech $name at $sampleRate Hz reads $expectedDbtp dBTP within +0.2 / -0.4",
    ({ render, expectedDbtp, sampleRate }) => {
      const error = truePeak(render(sampleRate), sampleRate) - expectedDbtp;
      expect(error).toBeLessThan(0.2);
      expect(error).toBeGreaterThan(-0.4);
    },
  );

  test("any steady tone up to 0.45 of the rate reads its amplitude within 0.05 dB, whatever its phase", () => {
    for (let share = 0.01; share <= 0.45; share += 0.0137)
      for (const phase of [0, 0.4, 0.8, 1.2]) {
        // Faded: a tone cut off holds higher peaks than its amplitude.
        const tone = sine(share * 48_000, -6, 24_000, 48_000, phase).map(
          (x, n) => x * Math.min(1, n / 6000, (24_000 - n) / 6000),
        );
        expect(Math.abs(truePeak(tone) + 6), `${share} of the rate`).toBeLessThan(0.05);
      }
  });

  test("a 16x reference agrees on noise within 0.05 dB", () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const white = noise(-6, 24_000, seed);
      expect(Math.abs(truePeak(white) - referenceTruePeakDbtp(white))).toBeLessThan(0.05);
    }
  });

  test("a peak that rings after the last sample is heard", () => {
    const cut = sine(12_000, -6, 4801, 48_000, Math.PI / 4);
    expect(Math.abs(truePeak(cut) - referenceTruePeakDbtp(cut))).toBeLessThan(0.05);
    const lone = new Float32Array(100).fill(0.5, 98, 100);
    expect(Math.abs(truePeak(lone) - referenceTruePeakDbtp(lone))).toBeLessThan(0.05);
  });

  test("asking does not change what comes after", () => {
    const white = noise(-6, 9600, 5);
    const meter = bench.meter(48_000, 1);
    for (let from = 0; from < white.length; from += 100) {
      bench.feed(meter, [white.subarray(from, from + 100)]);
      meter.measures();
    }
    expect(meter.measures().truePeakDbtp).toBe(bench.measure([white], 48_000).truePeakDbtp);
  });

  test("the sample peak is the largest sample of any channel", () => {
    const quiet = noise(-20, 5000, 6);
    const loud = quiet.map((x, n) => (n === 3210 ? -0.5 : x));
    expect(bench.measure([quiet, quiet, loud], 48_000).samplePeakDbfs).toBeCloseTo(20 * Math.log10(0.5), 6);
  });
});
