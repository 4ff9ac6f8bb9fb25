// Dither by what it leaves: noise of the right level and nothing else.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakOf, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { concat, noise, sine, spread } from "../support/signals.ts";

const SECOND = 48_000;
const STEP = { "16": 2 ** -15, "24": 2 ** -23 } as const;
type Bits = keyof typeof STEP;
const shapings = ["none", "lipshitz5", "wannamaker9"] as const;

const errorOf = (input: Float32Array, values: { bits: Bits; shaping?: string }, sampleRate = SECOND): Float32Array => {
  const output = openProcessor("dither", values, { sampleRate })(input);
  return output.map((value, i) => value - (input[i] ?? 0));
};
const programme = noise(-20, 2 * 10 * SECOND, 3);

const correlation = (a: Float32Array, b: Float32Array): number => {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / Math.sqrt(aa * bb);
};

/** Power of noise between two frequencies, in dB, from the bins of short pieces under a Hann window. */
const bandDb = (signal: Float32Array, fromHz: number, toHz: number): number => {
  let power = 0;
  for (let piece = 0; piece < 200; piece += 1) {
    const hann = signal
      .subarray(piece * 480, (piece + 1) * 480)
      .map((value, i) => value * (1 - Math.cos((2 * Math.PI * i) / 480)));
    for (let hz = fromHz; hz < toHz; hz += 100) power += toneAmplitude(hann, hz) ** 2;
  }
  return 10 * Math.log10(power);
};

describe("dither", () => {
  test.each(["16", "24"] as const)("%s bits: every sample lies on the grid", (bits) => {
    for (const shaping of shapings) {
      const output = openProcessor("dither", { bits, shaping })(noise(-6, 9600, 2));
      expect(output.every((value) => Number.isInteger(value / STEP[bits]))).toBe(true);
    }
  });

  test("16 bits: the error is -96.3 dBFS RMS and a hundredth of a step off the middle at most", () => {
    for (const channel of [0, 1]) {
      const error = channelOf(errorOf(programme, { bits: "16" }), channel);
      expect(Math.abs(rmsDb(error) + 96.33)).toBeLessThan(0.05);
      const mean = error.reduce((sum, value) => sum + value, 0) / error.length;
      expect(Math.abs(mean / STEP["16"])).toBeLessThan(0.01);
    }
  });

  test("24 bits: the error is 48.2 dB lower", () => {
    const quiet = noise(-40, 2 * 10 * SECOND, 4);
    expect(Math.abs(rmsDb(errorOf(quiet, { bits: "24" })) + 96.33 + 48.16)).toBeLessThan(0.05);
  });

  test("a 997 Hz sine of -90 dBFS: noise of -96.3 dBFS, no harmonic above it", () => {
    const tone = sine(997, -90, 10 * SECOND);
    const output = channelOf(openProcessor("dither", { bits: "16" })(spread(tone)), 0);
    expect(toDb(toneAmplitude(output, 997))).toBeCloseTo(-90, 0);
    const error = output.map((value, i) => value - (tone[i] ?? 0));
    expect(Math.abs(rmsDb(error) + 96.33)).toBeLessThan(0.1);
    // A bin of 10 s of this noise lies at -147 dBFS; 12 dB above is what chance allows.
    for (let n = 2; n <= 20; n += 1) expect(toDb(toneAmplitude(output, 997 * n))).toBeLessThan(-135);
  });

  test.each(shapings)("a 1 kHz sine of -110 dBFS survives 16 bits without harmonics, shaping %s", (shaping) => {
    const output = channelOf(
      openProcessor("dither", { bits: "16", shaping })(spread(sine(1000, -110, 20 * SECOND))),
      0,
    );
    expect(toDb(toneAmplitude(output, 1000))).toBeCloseTo(-110, 0);
    // Shaped noise itself rises above -130 dBFS per bin beyond 15 kHz.
    const highest = shaping === "none" ? 23 : 13;
    for (let n = 2; n <= highest; n += 1) expect(toDb(toneAmplitude(output, 1000 * n))).toBeLessThan(-130);
  });

  test("channels do not share their noise, nor do two stems", () => {
    const same = spread(noise(-20, 10 * SECOND, 7));
    const error = errorOf(same, { bits: "16" });
    expect(Math.abs(correlation(channelOf(error, 0), channelOf(error, 1)))).toBeLessThan(0.01);
    const other = errorOf(spread(noise(-20, 10 * SECOND, 8)), { bits: "16" });
    expect(Math.abs(correlation(channelOf(error, 0), channelOf(other, 0)))).toBeLessThan(0.01);
    const input = spread(noise(-20, 2 * SECOND, 9), 6);
    const output = openProcessor("dither", { bits: "16" }, { channels: 6 })(input);
    const surround = output.map((value, i) => value - (input[i] ?? 0));
    expect(Math.abs(correlation(channelOf(surround, 2, 6), channelOf(surround, 5, 6)))).toBeLessThan(0.01);
  });

  test("mono stays mono", () => {
    const tone = sine(440, -50, SECOND);
    const output = openProcessor("dither", { bits: "16" }, { channels: 1, readChannels: 2 })(tone);
    expect(largestDifference(channelOf(output, 0), channelOf(output, 1))).toBe(0);
  });

  test("shaping takes the noise out of the ear's best octave: 5 taps 18 dB, 9 taps 21 dB at 2 to 5 kHz", () => {
    const [plain, five, nine] = shapings.map((shaping) => channelOf(errorOf(programme, { bits: "16", shaping }), 0));
    if (!plain || !five || !nine) throw new TypeError("three shapings");
    const least = bandDb(plain, 2000, 5000);
    expect(least - bandDb(five, 2000, 5000)).toBeGreaterThan(18);
    expect(least - bandDb(nine, 2000, 5000)).toBeGreaterThan(21);
    // What it costs: more noise in all.
    expect(rmsDb(five)).toBeCloseTo(-84.1, 0);
    expect(rmsDb(nine)).toBeCloseTo(-77.9, 0);
  });

  test("at 96 kHz shaping leaves the noise white", () => {
    const error = errorOf(programme, { bits: "16", shaping: "wannamaker9" }, 96_000);
    expect(Math.abs(rmsDb(error) + 96.33)).toBeLessThan(0.05);
  });

  test("what already lies on the grid passes bit for bit, and 24-bit dither leaves 16-bit sound alone", () => {
    const onGrid = noise(-6, 9600, 5).map((value) => Math.round(value * 32_768) / 32_768);
    for (const shaping of shapings)
      for (const bits of ["16", "24"]) expect(openProcessor("dither", { bits, shaping })(onGrid)).toEqual(onGrid);
  });

  test("digital silence stays digital silence; after sound it is reached within 100 ms", () => {
    for (const shaping of shapings) {
      const process = openProcessor("dither", { bits: "16", shaping });
      expect(peakOf(process(new Float32Array(9600)))).toBe(0);
      const output = process(concat(noise(-30, 9600, 6), new Float32Array(19_200)));
      expect(peakOf(output.subarray(9600, 9600 + 9000))).toBeGreaterThan(0);
      expect(peakOf(output.subarray(9600 + 9600))).toBe(0);
    }
  });
});
