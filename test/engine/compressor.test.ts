// The compressor by its figures: static curve, times, linking, key, look-ahead.
import { describe, expect, test } from "vitest";
import { bestLag, channelOf, largestDifference, peakDb, rmsDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { concat, constant, dbToGain, noise, sine, spread } from "../support/signals.ts";

const RATE = 48_000;

/** Output level that the curve of Giannoulis, Massberg and Reiss (2012), eq. 4, gives. */
const curveDb = (levelDb: number, thresholdDb: number, ratio: number, kneeDb: number): number => {
  const over = levelDb - thresholdDb;
  if (2 * over <= -kneeDb) return levelDb;
  if (2 * Math.abs(over) <= kneeDb) return levelDb + ((1 / ratio - 1) * (over + kneeDb / 2) ** 2) / (2 * kneeDb);
  return thresholdDb + over / ratio;
};

/** Gain of a unity-ratio-free steady input over time: output over input, in dB, frame by frame. */
const gainCurveDb = (output: Float32Array, input: Float32Array): Float32Array =>
  output.map((value, i) => 20 * Math.log10(Math.abs(value / (input[i] ?? 1))));

/** Frames from `start` until a falling or rising curve has covered a share of its way from `from` to `to`. */
const framesToShare = (curve: Float32Array, start: number, from: number, to: number, share: number): number => {
  const goal = from + (to - from) * share;
  const reached = curve.findIndex((value, i) => i >= start && (to > from ? value >= goal : value <= goal));
  const before = curve[reached - 1] ?? 0;
  return reached - 1 + (goal - before) / ((curve[reached] ?? 0) - before) - start;
};

describe("compressor", () => {
  test.each([
    { thresholdDb: -20, ratio: 4, kneeDb: 0 },
    { thresholdDb: -20, ratio: 2, kneeDb: 12 },
    { thresholdDb: -40, ratio: 20, kneeDb: 24 },
    { thresholdDb: 0, ratio: 3, kneeDb: 6 },
  ])("the static curve at 61 levels errs under 0.05 dB: $thresholdDb dB, $ratio:1, knee $kneeDb dB", (values) => {
    const process = openProcessor("compressor", { ...values, attackMs: 1, releaseMs: 2000 });
    for (let levelDb = -60; levelDb <= 0; levelDb += 1) {
      process.reset();
      const input = spread(sine(1000, levelDb, RATE / 4));
      const settled = channelOf(process(input), 0).subarray(RATE / 8);
      const level = 20 * Math.log10(toneAmplitude(settled, 1000));
      expect(Math.abs(level - curveDb(levelDb, values.thresholdDb, values.ratio, values.kneeDb))).toBeLessThan(0.05);
    }
  });

  test("with its default times a 1 kHz tone still sits on the curve within 0.05 dB", () => {
    const output = openProcessor("compressor", { thresholdDb: -30, ratio: 4 })(spread(sine(1000, -6, RATE)));
    const level = 20 * Math.log10(toneAmplitude(channelOf(output, 0).subarray(RATE / 2), 1000));
    expect(Math.abs(level - curveDb(-6, -30, 4, 6))).toBeLessThan(0.05);
  });

  test.each([
    { attackMs: 1, releaseMs: 50 },
    { attackMs: 10, releaseMs: 150 },
    { attackMs: 100, releaseMs: 80 },
    { attackMs: 30, releaseMs: 1000 },
  ])(
    "attack $attackMs ms and release $releaseMs ms are kept to 5 % (63 %) and 2 % (10..90 %)",
    ({ attackMs, releaseMs }) => {
      const [low, high] = [dbToGain(-40), dbToGain(-4)];
      const input = concat(constant(low, 2 * RATE), constant(high, 4 * RATE), constant(low, 16 * RATE));
      const values = { thresholdDb: -24, ratio: 2, kneeDb: 0, attackMs, releaseMs };
      const curve = channelOf(gainCurveDb(openProcessor("compressor", values)(input), input), 0);
      const times = (start: number, from: number, to: number) => [
        framesToShare(curve, start, from, to, 1 - Math.exp(-1)),
        framesToShare(curve, start, from, to, 0.9) - framesToShare(curve, start, from, to, 0.1),
      ];
      const [attack63 = 0, attackSpan = 0] = times(RATE, 0, -10);
      const [release63 = 0, releaseSpan = 0] = times(3 * RATE, curve[3 * RATE - 1] ?? 0, 0);
      const frames = (ms: number) => (ms / 1000) * RATE;
      expect(Math.abs(attack63 / frames(attackMs) - 1)).toBeLessThan(0.05);
      expect(Math.abs(release63 / frames(releaseMs) - 1)).toBeLessThan(0.05);
      expect(Math.abs(attackSpan / (frames(attackMs) * Math.log(9)) - 1)).toBeLessThan(0.02);
      expect(Math.abs(releaseSpan / (frames(releaseMs) * Math.log(9)) - 1)).toBeLessThan(0.02);
    },
  );

  test("ratio 1 without makeup changes no bit, and so does sound below the knee", () => {
    const input = noise(-3, 2 * RATE);
    expect(openProcessor("compressor", { ratio: 1 })(input)).toEqual(input);
    const quiet = noise(-30, 2 * RATE);
    expect(openProcessor("compressor", { thresholdDb: -20, ratio: 8, kneeDb: 6 })(quiet)).toEqual(quiet);
  });

  test("the gain never rises above the makeup, and the meter says what happens", () => {
    const process = openProcessor("compressor", {
      thresholdDb: -30,
      ratio: 4,
      attackMs: 0.1,
      releaseMs: 20,
      makeupDb: 6,
    });
    const input = noise(0, 2 * RATE, 3);
    const output = process(input);
    const makeup = dbToGain(6);
    output.forEach(
      (value, i) => void expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(input[i] ?? 0) * makeup * 1.000001),
    );
    expect(process.reductionDb()).toBeLessThan(-5);
    process(new Float32Array(2 * RATE));
    expect(process.reductionDb()).toBeGreaterThan(-1e-6);
    expect(process.reductionDb()).toBeLessThanOrEqual(0);
  });

  test("all channels share one gain: the image does not move", () => {
    const left = noise(-1, RATE, 4);
    const input = new Float32Array(2 * RATE);
    left.forEach((value, i) => {
      input.set([value, value * 0.25], i * 2);
    });
    const output = openProcessor("compressor", { thresholdDb: -40, ratio: 10, attackMs: 0.1, releaseMs: 5 })(input);
    expect(
      largestDifference(
        channelOf(output, 1),
        channelOf(output, 0).map((value) => value * 0.25),
      ),
    ).toBe(0);
    const surround = new Float32Array(6 * RATE);
    left.forEach((value, i) => {
      surround.fill(value * 0.1, i * 6, i * 6 + 6).set([value], i * 6 + 4);
    });
    const linked = openProcessor("compressor", { thresholdDb: -20 }, { channels: 6 })(surround);
    expect(largestDifference(channelOf(linked, 0, 6), channelOf(linked, 5, 6))).toBe(0);
    expect(rmsDb(channelOf(linked, 0, 6))).toBeLessThan(rmsDb(channelOf(surround, 0, 6)) - 3);
  });

  test("the range bounds the reduction", () => {
    const values = { thresholdDb: -60, ratio: 20, rangeDb: 6, attackMs: 0.1, releaseMs: 2000 };
    const settled = openProcessor("compressor", values)(spread(sine(1000, 0, RATE / 2))).subarray(RATE / 2);
    expect(peakDb(settled)).toBeCloseTo(-6, 2);
  });

  test("the hold keeps the reduction for its time, then lets go", () => {
    const input = concat(constant(0.5, RATE), constant(0.001, 2 * RATE));
    const values = { thresholdDb: -20, ratio: 4, attackMs: 1, releaseMs: 5, holdMs: 200 };
    const curve = channelOf(gainCurveDb(openProcessor("compressor", values)(input), input), 0);
    const end = RATE / 2;
    expect(curve[end + 0.19 * RATE]).toBeCloseTo(curve[end - 1] ?? 0, 3);
    expect(curve[end + 0.25 * RATE]).toBeGreaterThan(-0.01);
  });

  test("looking ahead delays by the whole latency and catches the first peak", () => {
    const input = concat(constant(0.001, RATE), spread(sine(1000, 0, RATE / 4)));
    const values = { thresholdDb: -12, ratio: 20, kneeDb: 0, attackMs: 0.5, releaseMs: 500 };
    const late = openProcessor("compressor", values)(input);
    const process = openProcessor("compressor", { ...values, lookaheadMs: 5 });
    const ahead = process(input);
    expect(process.latencyFrames()).toBe(240);
    expect(peakDb(late)).toBeGreaterThan(-4);
    expect(peakDb(ahead)).toBeLessThan(-11);
    expect(bestLag(channelOf(late, 0), channelOf(ahead, 0), 480)).toBe(240);
  });

  test("a key drives the gain, whatever the sound itself does", () => {
    const key = concat(constant(0.001, RATE), constant(0.5, RATE), constant(0.001, 4 * RATE));
    const values = { thresholdDb: -20, ratio: 4, kneeDb: 0, attackMs: 1, releaseMs: 50 };
    const input = constant(0.9, 4 * RATE);
    const output = channelOf(openProcessor("compressor", values, { key })(input), 0);
    expect(output[RATE / 2 - 1]).toBeCloseTo(0.9, 6);
    const asked = curveDb(20 * Math.log10(0.5), -20, 4, 0) - 20 * Math.log10(0.5);
    expect(20 * Math.log10((output[RATE - 1] ?? 0) / 0.9)).toBeCloseTo(asked, 2);
    expect(output[2 * RATE - 1]).toBeCloseTo(0.9, 5);
    const mono = openProcessor("compressor", values, { key: channelOf(key, 0), keyChannels: 1 })(input);
    expect(largestDifference(channelOf(mono, 0), output)).toBe(0);
  });

  test("the rms detector reads a sine 3 dB lower than the peak detector", () => {
    const values = { thresholdDb: -30, ratio: 4, kneeDb: 0, attackMs: 5, releaseMs: 500 };
    const level = (detector: string) => {
      const output = openProcessor("compressor", { ...values, detector })(spread(sine(1000, -6, RATE)));
      return 20 * Math.log10(toneAmplitude(channelOf(output, 0).subarray(RATE / 2), 1000));
    };
    expect(level("peak")).toBeCloseTo(curveDb(-6, -30, 4, 0), 1);
    expect(level("rms") - level("peak")).toBeCloseTo(3.0103 * 0.75, 1);
  });

  test.each([
    { attackMs: 10, mostDb: -100 },
    { attackMs: 1, mostDb: -85 },
  ])(
    "6 dB of reduction of 5 kHz with $attackMs ms of attack folds nothing above $mostDb dB back into the band",
    ({ attackMs, mostDb }) => {
      const values = { thresholdDb: -18, ratio: 2, kneeDb: 0, attackMs, releaseMs: 150 };
      const settled = channelOf(openProcessor("compressor", values)(spread(sine(5000, -6, 2 * RATE))), 0).subarray(
        RATE,
      );
      const tone = toneAmplitude(settled, 5000);
      // Where the 7th to 21st harmonics come back to; the third, 15 kHz, is the curve's own.
      for (const hz of [13_000, 3000, 7000, 17_000, 21_000, 11_000, 1000, 9000])
        expect(20 * Math.log10(toneAmplitude(settled, hz) / tone)).toBeLessThan(mostDb);
    },
  );
});
