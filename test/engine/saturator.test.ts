// The saturator against its curves in closed form: the right harmonics, and nothing else.
import { describe, expect, test } from "vitest";
import { effort } from "../support/effort.ts";
import { channelOf, largestDifference, peakDb, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, dbToGain, noise, sine, spread } from "../support/signals.ts";

const RATE = 48_000;
const curves = {
  tanh: Math.tanh,
  soft: (x: number) => (Math.abs(x) < 1.5 ? x - (4 / 27) * x ** 3 : Math.sign(x)),
  tape: (x: number) => (Math.abs(x) < 1e-3 ? x : 1 / Math.tanh(3 * x) - 1 / (3 * x)),
} as const;
type Curve = keyof typeof curves;
const names = Object.keys(curves) as Curve[];

/** What one sample becomes: the drive, the curve, and the level that keeps peaks of -12 dBFS. */
const shape = (curve: Curve, driveDb: number, x: number): number => {
  const drive = dbToGain(driveDb) - 1;
  const kept = dbToGain(-12);
  return (kept * curves[curve](drive * x)) / curves[curve](drive * kept);
};

/** Amplitude of the n-th harmonic of a sine through a curve, by the mean over one period. */
const harmonic = (curve: Curve, driveDb: number, peak: number, n: number): number => {
  const points = 20_000;
  let sum = 0;
  for (let i = 0; i < points; i += 1) {
    const angle = (2 * Math.PI * (i + 0.5)) / points;
    sum += shape(curve, driveDb, peak * Math.sin(angle)) * Math.sin(n * angle);
  }
  return Math.abs((2 * sum) / points);
};

/** A settled second of a tone, L. */
const settled = (values: ProcessorValues, hz: number, levelDbfs: number, sampleRate = RATE): Float32Array => {
  const input = spread(sine(hz, levelDbfs, 1.5 * sampleRate, sampleRate));
  return channelOf(openProcessor("saturator", values, { sampleRate })(input), 0).subarray(sampleRate / 2);
};

/** Loudest alias between 20 Hz and 20 kHz of the odd harmonics of a tone, in dB against the tone. */
const aliasDbc = (output: Float32Array, hz: number, sampleRate = RATE): number => {
  const tone = toneAmplitude(output, hz, sampleRate);
  let worst = Number.NEGATIVE_INFINITY;
  for (let n = 3; n < 1000; n += 2) {
    const folded = Math.abs(n * hz - sampleRate * Math.round((n * hz) / sampleRate));
    if (n * hz < sampleRate / 2 || folded < 20 || folded > 20_000 || folded % hz === 0) continue;
    worst = Math.max(worst, toDb(toneAmplitude(output, folded, sampleRate) / tone));
  }
  return worst;
};

describe("saturator", () => {
  test.each(effort(names.slice(0, 1), names))(
    "%s: aliases of 5 kHz at full scale and full drive stay under -100 dBc",
    (curve) => {
      for (const hz of [5000, 4987])
        expect(aliasDbc(settled({ curve, driveDb: 36 }, hz, 0), hz), `${hz} Hz`).toBeLessThan(-100);
      // Twice as high, twice as hard.
      expect(aliasDbc(settled({ curve, driveDb: 36 }, 9983, 0), 9983)).toBeLessThan(-88);
      expect(aliasDbc(settled({ curve, driveDb: 12 }, 9983, 0), 9983)).toBeLessThan(-100);
    },
  );

  test.each(effort([44_100], [44_100, 96_000, 192_000]))(
    "%d Hz: aliases of 5 kHz at full drive stay under -90 dBc",
    (sampleRate) => {
      const output = settled({ driveDb: 36 }, 4987, 0, sampleRate);
      expect(aliasDbc(output, 4987, sampleRate)).toBeLessThan(-90);
    },
  );

  test.each(names.flatMap((curve) => [3, 12, 24, 36].map((driveDb) => ({ curve, driveDb }))))(
    "$curve at $driveDb dB gives the harmonics of the curve",
    ({ curve, driveDb }) => {
      for (const level of [0, -12, -30]) {
        const output = settled({ curve, driveDb }, 1000, level);
        for (const n of [1, 3, 5, 7, 13]) {
          const expected = harmonic(curve, driveDb, dbToGain(level), n);
          const error = Math.abs(toneAmplitude(output, 1000 * n) - expected);
          // Within 0.05 dB, and -100 dBFS where there is next to nothing.
          expect(error, `${level} dBFS, harmonic ${n}`).toBeLessThan(0.006 * expected + 1e-5);
        }
        for (const n of [0, 2, 4]) expect(toneAmplitude(output, 1000 * n)).toBeLessThan(1e-6);
      }
    },
  );

  test.each(names)("%s keeps peaks of -12 dBFS at any drive", (curve) => {
    for (const driveDb of [1, 6, 18, 36]) {
      const tone = openProcessor("saturator", { curve, driveDb })(spread(sine(100, -12, RATE)));
      expect(Math.abs(peakDb(tone.subarray(RATE)) + 12)).toBeLessThan(0.05);
    }
  });

  test("no drive changes no bit, whatever else is set, and is late by the latency", () => {
    const input = noise(-3, 2 * RATE, 4);
    for (const values of [{}, { curve: "tape", toneDb: 12 }, { mode: "excite", exciteDb: 12 }]) {
      const process = openProcessor("saturator", { ...values, driveDb: 0 });
      const late = 2 * process.latencyFrames();
      expect(late).toBeGreaterThan(0);
      const output = process(input);
      expect(largestDifference(output.subarray(late), input.subarray(0, input.length - late))).toBe(0);
    }
  });

  test.each(effort([48_000], [44_100, 48_000, 96_000]))(
    "%d Hz: what is too quiet to bend passes flat and in time up to 20 kHz",
    (sampleRate) => {
      const process = openProcessor("saturator", { driveDb: 0.01 }, { sampleRate });
      const late = process.latencyFrames();
      for (const hz of [20, 1000, 10_000, 15_000, 20_000]) {
        const tone = sine(hz, -60, sampleRate, sampleRate);
        process.reset();
        const output = channelOf(process(spread(tone)), 0);
        const from = sampleRate / 2;
        const error = output.subarray(from).map((value, i) => value - (tone[from - late + i] ?? 0));
        // 0.006 dB of level or a thousandth of a radian would be -63 dB.
        expect(rmsDb(error) - rmsDb(tone), `${hz} Hz`).toBeLessThan(-62);
      }
    },
  );

  test("tone: a positive tilt bends the treble more and the bass less, and quiet sound keeps its balance", () => {
    const third = (toneDb: number, hz: number) => {
      const output = settled({ driveDb: 12, toneDb }, hz, -12);
      return toDb(toneAmplitude(output, 3 * hz) / toneAmplitude(output, hz));
    };
    expect(third(9, 5000)).toBeGreaterThan(third(0, 5000) + 3);
    expect(third(9, 100)).toBeLessThan(third(0, 100) - 6);
    expect(third(-9, 100)).toBeGreaterThan(third(0, 100) + 3);
    for (const hz of [50, 1000, 15_000]) {
      const level = toneAmplitude(settled({ driveDb: 0.01, toneDb: 12, toneHz: 700 }, hz, -60), hz);
      expect(Math.abs(toDb(level) + 60)).toBeLessThan(0.01);
    }
  });

  test("excite leaves what lies below the band and adds harmonics to what lies above", () => {
    const values = { mode: "excite", driveDb: 12, exciteHz: 3000, exciteDb: 0 };
    const low = settled(values, 300, -12);
    expect(Math.abs(toDb(toneAmplitude(low, 300)) + 12)).toBeLessThan(0.1);
    for (const n of [3, 5, 7]) expect(toDb(toneAmplitude(low, 300 * n) / toneAmplitude(low, 300))).toBeLessThan(-80);
    const high = settled(values, 5000, -12);
    const third = (exciteDb: number) => toneAmplitude(settled({ ...values, exciteDb }, 5000, -12), 15_000);
    expect(toDb(toneAmplitude(high, 15_000) / toneAmplitude(high, 5000))).toBeGreaterThan(-30);
    expect(toDb(third(-20) / third(0))).toBeCloseTo(-20, 1);
    expect(aliasDbc(settled({ ...values, driveDb: 36 }, 4987, 0), 4987)).toBeLessThan(-100);
  });

  test("the output gain is that gain", () => {
    const input = noise(-20, 9600, 5);
    const [plain, loud] = [0, 6].map((outputDb) => openProcessor("saturator", { outputDb })(input));
    expect(rmsDb(loud ?? input) - rmsDb(plain ?? input)).toBeCloseTo(6, 4);
  });

  test("two seconds of +40 dBFS and silence behind: finite, and silent again", () => {
    const process = openProcessor("saturator", { driveDb: 36, curve: "tape", toneDb: 12 });
    const output = process(concat(noise(40, 2 * RATE, 6), new Float32Array(2 * RATE)));
    expect(peakDb(output)).toBeLessThan(12);
    expect(peakDb(output.subarray(3 * RATE))).toBeLessThan(-150);
  });

  test("a change of the curve is a cross-fade between both", () => {
    const process = openProcessor("saturator", { driveDb: 24 });
    const tone = spread(sine(200, -6, RATE));
    process(tone);
    process.set({ driveDb: 24, curve: "soft" });
    process(tone);
    const after = process(tone);
    const fresh = openProcessor("saturator", { driveDb: 24, curve: "soft" });
    fresh(concat(tone, tone));
    expect(largestDifference(after, fresh(tone))).toBeLessThan(1e-6);
  });
});
