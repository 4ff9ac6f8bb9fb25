// The compressor by its figures: static curve, times, linking, key, look-ahead.
import { describe, expect, test } from "vitest";
import { bestLag, channelOf, largestDifference, peakDb, rmsDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
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
    { attackMs: 10, releaseMs: 150 },
    { attackMs: 1, releaseMs: 150 },
    { attackMs: 1, releaseMs: 50 },
    { attackMs: 0.1, releaseMs: 150 },
  ])(
    "6 dB of reduction of 5 kHz, attack $attackMs ms, release $releaseMs ms, folds nothing above -115 dB back",
    ({ attackMs, releaseMs }) => {
      const values = { thresholdDb: -18, ratio: 2, kneeDb: 0, attackMs, releaseMs };
      const output = openProcessor("compressor", values)(spread(sine(5000, -6, 2 * RATE)));
      const settled = channelOf(output, 0).subarray(RATE);
      const tone = toneAmplitude(settled, 5000);
      // The third harmonic, 15 kHz, would be the curve's own; all other multiples of 1 kHz are aliases.
      for (let hz = 1000; hz < 24_000; hz += 1000)
        if (hz !== 5000) expect(20 * Math.log10(toneAmplitude(settled, hz) / tone)).toBeLessThan(-115);
    },
  );

  test.each([
    { hz: 5001, beatHz: 48 },
    { hz: 4987, beatHz: 2 },
    { hz: 5011, beatHz: 2 },
  ])(
    "at $hz Hz, where samples hit the crests in a slow pattern, the gain beats by less than -90 dB",
    ({ hz, beatHz }) => {
      const values = { thresholdDb: -18, ratio: 2, kneeDb: 0, attackMs: 1, releaseMs: 150 };
      const settled = channelOf(openProcessor("compressor", values)(spread(sine(hz, -6, 2 * RATE))), 0).subarray(RATE);
      const tone = toneAmplitude(settled, hz);
      for (const side of [-3, -2, -1, 1, 2, 3])
        expect(20 * Math.log10(toneAmplitude(settled, hz + side * beatHz) / tone)).toBeLessThan(-90);
    },
  );

  test("an automatic release lets a short peak go at once and a long passage slowly", () => {
    const values = { thresholdDb: -30, ratio: 4, kneeDb: 0, attackMs: 5, releaseMs: 100 };
    const recovered = (loudSeconds: number, autoRelease: boolean) => {
      const input = concat(constant(0.5, 2 * loudSeconds * RATE), constant(0.001, 4 * RATE));
      const output = openProcessor("compressor", { ...values, autoRelease })(input);
      const curve = channelOf(gainCurveDb(output, input), 0);
      return framesToShare(curve, loudSeconds * RATE, curve[loudSeconds * RATE - 1] ?? 0, 0, 0.63) / (RATE / 1000);
    };
    expect(recovered(0.04, true)).toBeLessThan(1.15 * recovered(0.04, false));
    expect(recovered(6, false)).toBeCloseTo(100, -1);
    expect(recovered(6, true)).toBeGreaterThan(700);
    expect(recovered(6, true)).toBeLessThan(850);
  });

  test("an automatic release does not change the static curve", () => {
    const values = { thresholdDb: -30, ratio: 4, kneeDb: 6, autoRelease: true, releaseMs: 50 };
    for (const levelDb of [-40, -28, -20, -6]) {
      const output = openProcessor("compressor", values)(spread(sine(1000, levelDb, 4 * RATE)));
      const level = 20 * Math.log10(toneAmplitude(channelOf(output, 0).subarray(3 * RATE), 1000));
      expect(Math.abs(level - curveDb(levelDb, -30, 4, 6))).toBeLessThan(0.05);
    }
  });

  test.each([
    { thresholdDb: -20, ratio: 4, kneeDb: 0, raiseDb: 7.5 },
    { thresholdDb: -40, ratio: 2, kneeDb: 24, raiseDb: 10 },
    { thresholdDb: -6, ratio: 20, kneeDb: 24, raiseDb: (0.5 * 0.95 * (18 * 18)) / 48 },
  ])("the automatic makeup is half of the reduction at 0 dBFS: $raiseDb dB", ({ raiseDb, ...values }) => {
    const quiet = spread(sine(1000, -58, RATE / 2));
    const raised = openProcessor("compressor", { ...values, autoMakeup: true })(quiet);
    expect(rmsDb(raised) - rmsDb(quiet)).toBeCloseTo(raiseDb, 3);
  });

  test("the loudness detector reads the momentary loudness of all channels together, K-weighted", () => {
    const values = { thresholdDb: -30, ratio: 4, kneeDb: 0, attackMs: 5, detector: "loudness" };
    const reduction = (input: Float32Array, channels = 2) => {
      const open = openProcessor("compressor", values, { channels });
      open(input);
      return open.reductionDb();
    };
    // BS.1770: a 997 Hz sine of 0 dBFS is -3.01 LUFS in one channel.
    expect(reduction(spread(sine(997, -14, RATE)))).toBeCloseTo(-0.75 * 16, 1);
    expect(reduction(sine(997, -14, RATE), 1)).toBeCloseTo(-0.75 * 12.99, 1);
    const rumble = reduction(spread(sine(30, -14, RATE)));
    expect(rumble).toBeGreaterThan(-0.75 * 8);
    const lfe = sine(60, -6, RATE);
    const surround = Float32Array.from({ length: 6 * RATE }, (_, i) => (i % 6 === 3 ? (lfe[(i - 3) / 6] ?? 0) : 0));
    expect(reduction(surround, 6)).toBeCloseTo(0, 6);
  });

  test("the loudness detector follows within its 400 ms, without steps", () => {
    const input = concat(constant(0, RATE), spread(sine(997, -10, RATE)));
    const values = { thresholdDb: -40, ratio: 2, kneeDb: 0, attackMs: 0.1, releaseMs: 5, detector: "loudness" };
    const key = input.slice();
    const gains = channelOf(openProcessor("compressor", values, { key })(constant(1, input.length)), 0).map(
      (value) => 20 * Math.log10(value),
    );
    expect(gains[RATE / 2 + 0.45 * RATE]).toBeCloseTo(-15, 1);
    expect(gains[RATE / 2 + 0.1 * RATE]).toBeGreaterThan(-13);
    const steps = gains.subarray(RATE / 2 + 1440).map((value, i, all) => Math.abs(value - (all[i - 1] ?? value)));
    expect(Math.max(...steps)).toBeLessThan(0.02);
  });

  test("the detector's low cut and bell change what it hears, not the sound", () => {
    const reduction = (hz: number, filter: ProcessorValues) => {
      const open = openProcessor("compressor", { thresholdDb: -30, ratio: 2, kneeDb: 0, releaseMs: 400, ...filter });
      const output = open(spread(sine(hz, -12, 3 * RATE)));
      const level = 20 * Math.log10(toneAmplitude(channelOf(output, 0).subarray(2 * RATE), hz)) + 12;
      expect(Math.abs(level - open.reductionDb())).toBeLessThan(0.25);
      return open.reductionDb();
    };
    expect(reduction(100, {})).toBeCloseTo(-9, 1);
    // A Butterworth low cut: -3 dB on the corner, -12.3 dB an octave below.
    expect(reduction(100, { detectorLowCutHz: 100 })).toBeCloseTo(-7.5, 1);
    expect(reduction(50, { detectorLowCutHz: 100 })).toBeCloseTo(-2.85, 1);
    expect(reduction(6000, { detectorBellHz: 6000, detectorBellDb: 12 })).toBeCloseTo(-15, 1);
    expect(reduction(6000, { detectorBellHz: 6000, detectorBellDb: -12 })).toBeCloseTo(-3, 1);
    expect(reduction(200, { detectorBellHz: 6000, detectorBellDb: 12, detectorBellQ: 4 })).toBeCloseTo(-9, 1);
  });
});
