// The glue compressor by its figures: mean level, curve, times, and a release that suits itself to the sound.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, constant, dbToGain, noise, sine, spread } from "../support/signals.ts";

const RATE = 48_000;

/** The soft-knee curve of Giannoulis, Massberg and Reiss (2012), eq. 4. */
const curveDb = (levelDb: number, thresholdDb: number, ratio: number, kneeDb: number): number => {
  const over = levelDb - thresholdDb;
  if (2 * over <= -kneeDb) return levelDb;
  if (2 * Math.abs(over) <= kneeDb) return levelDb + ((1 / ratio - 1) * (over + kneeDb / 2) ** 2) / (2 * kneeDb);
  return thresholdDb + over / ratio;
};

/** Gain over time in dB of a unit signal that the key drives. */
const gainsDb = (key: Float32Array, values: ProcessorValues): Float32Array =>
  channelOf(openProcessor("glueCompressor", values, { key: spread(key) })(constant(1, 2 * key.length)), 0).map(toDb);

/** Frames after `start` until a rising curve has covered a share of the way to 0. */
const framesToRecover = (curve: Float32Array, start: number, share: number): number => {
  const goal = (curve[start] ?? 0) * (1 - share);
  return curve.findIndex((value, i) => i > start && value >= goal) - start;
};

describe("glue compressor", () => {
  test.each([
    { thresholdDb: -24, ratio: 2, kneeDb: 10 },
    { thresholdDb: -40, ratio: 4, kneeDb: 0 },
    { thresholdDb: -12, ratio: 1.5, kneeDb: 24 },
  ])("a tone at 61 levels sits on the curve of its mean level within 0.05 dB: $thresholdDb dB, $ratio:1", (values) => {
    const process = openProcessor("glueCompressor", { ...values, attackMs: 5 });
    for (let levelDb = -60; levelDb <= 0; levelDb += 1) {
      process.reset();
      const settled = channelOf(process(spread(sine(1000, levelDb, RATE / 2))), 0).subarray(RATE / 4);
      const mean = levelDb - 3.0103;
      const change = curveDb(mean, values.thresholdDb, values.ratio, values.kneeDb) - mean;
      const expected = levelDb + Math.max(change, -20);
      expect(Math.abs(toDb(toneAmplitude(settled, 1000)) - expected)).toBeLessThan(0.05);
    }
  });

  test("a short peak is let go sooner than a dense passage", () => {
    const released = (loudSeconds: number) => {
      const quiet = dbToGain(-60);
      const key = concat(constant(quiet, RATE / 2), constant(0.5, loudSeconds * RATE), constant(quiet, 4 * RATE));
      const gains = gainsDb(key, { thresholdDb: -30, kneeDb: 0, attackMs: 10, releaseMs: 100 });
      return framesToRecover(gains, RATE / 2 + loudSeconds * RATE, 0.63) / (RATE / 1000);
    };
    const [short, long] = [released(0.05), released(6)];
    expect(short).toBeLessThan(260);
    expect(long).toBeGreaterThan(700);
    expect(long).toBeLessThan(1000);
  });

  test("a sustained reduction ends with eight times the release", () => {
    const key = concat(constant(0.5, 8 * RATE), constant(0.001, 4 * RATE));
    const gains = gainsDb(key, { thresholdDb: -30, kneeDb: 0, releaseMs: 100 });
    const at = (seconds: number) => gains[(8 + seconds) * RATE] ?? 0;
    // From the mean level falling under the threshold on, the slow time constant alone.
    const slope = Math.log(at(0.6) / at(1.4)) / 0.8;
    expect(1 / slope).toBeGreaterThan(0.784);
    expect(1 / slope).toBeLessThan(0.816);
  });

  test("dense drums keep a steady gain where a plain release would pump", () => {
    const hit = concat(noise(-6, RATE / 10, 3), noise(-40, RATE / 5, 4));
    const beat = concat(...Array.from({ length: 40 }, () => hit));
    const swing = (gains: Float32Array) => {
      const late = gains.subarray(-3 * RATE);
      return Math.max(...late.subarray(0, RATE)) - Math.min(...late.subarray(0, RATE));
    };
    const glue = gainsDb(beat, { thresholdDb: -30, ratio: 3, attackMs: 10, releaseMs: 80 });
    const plainValues = { thresholdDb: -30, ratio: 3, attackMs: 10, releaseMs: 80, detector: "rms", kneeDb: 10 };
    const plain = openProcessor("compressor", plainValues, { key: spread(beat) })(constant(1, 2 * beat.length));
    expect(swing(glue)).toBeLessThan(0.75 * swing(channelOf(plain, 0).map(toDb)));
  });

  test("the automatic makeup is half of the reduction at full scale", () => {
    const values = { thresholdDb: -24, ratio: 4, kneeDb: 0, rangeDb: 20, autoMakeup: true };
    const quiet = spread(sine(1000, -50, RATE));
    const raised = openProcessor("glueCompressor", values)(quiet);
    expect(rmsDb(raised) - rmsDb(quiet)).toBeCloseTo(9, 3);
    const both = openProcessor("glueCompressor", { ...values, makeupDb: 2 })(quiet);
    expect(rmsDb(both) - rmsDb(quiet)).toBeCloseTo(11, 3);
  });

  test("with the low cut the detector does not hear the bass", () => {
    const bass = spread(sine(40, -6, RATE));
    const reduction = (detectorLowCutHz: number) => {
      const open = openProcessor("glueCompressor", { thresholdDb: -30, detectorLowCutHz });
      open(bass);
      return open.reductionDb();
    };
    expect(reduction(20)).toBeLessThan(-9);
    expect(reduction(200)).toBeGreaterThan(-2);
  });

  test("below the knee it changes no bit, and all channels share one gain", () => {
    const quiet = noise(-40, 2 * RATE, 5);
    expect(openProcessor("glueCompressor")(quiet)).toEqual(quiet);
    const input = noise(-3, RATE, 6).map((value, i, all) => (i & 1 ? 0.25 * (all[i - 1] ?? 0) : value));
    const output = openProcessor("glueCompressor", { thresholdDb: -40, ratio: 4 })(input);
    expect(
      largestDifference(
        channelOf(output, 0).map((value) => 0.25 * value),
        channelOf(output, 1),
      ),
    ).toBe(0);
  });
});
