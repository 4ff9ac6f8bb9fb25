// The multiband compressor by its figures: what the bands add up to, how they part, and that each is compressed by itself.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, responseDb, rmsOf, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { impulse, noise, sine, spread } from "../support/signals.ts";

const RATE = 48_000;
type Band = Readonly<Record<string, number | boolean>>;

/** Bands up to each edge and one above; all at rest unless `settings` say otherwise. */
const bandsAt = (edgesHz: readonly number[], settings: readonly Band[] = []): Band[] =>
  [...edgesHz, 20_000].map((crossoverHz, i) => ({ crossoverHz, thresholdDb: 0, kneeDb: 0, ...settings[i] }));

const through = (bands: readonly Band[], mono: Float32Array): Float32Array =>
  channelOf(openProcessor("multibandCompressor", { bands })(spread(mono)), 0);

/** Second-order all-pass of a Butterworth pair, bilinear, in f64: what a Linkwitz-Riley split adds up to. */
const allPass = (input: Float64Array, hz: number, sampleRate: number): Float64Array => {
  const g = Math.tan((Math.PI * hz) / sampleRate);
  const a0 = 1 + Math.SQRT2 * g + g * g;
  const a1 = (2 * (g * g - 1)) / a0;
  const a2 = (1 - Math.SQRT2 * g + g * g) / a0;
  const out = new Float64Array(input.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  input.forEach((x, i) => {
    const y = a2 * x + a1 * x1 + x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    out[i] = y;
  });
  return out;
};

const layouts: readonly { readonly edges: readonly number[] }[] = [
  { edges: [250, 4000] },
  { edges: [120, 1000, 6000] },
  { edges: [80, 400, 2500, 9000] },
  { edges: [20, 20, 1000, 20_000] },
  { edges: [900, 1000, 1100, 1200] },
];

describe("multiband compressor", () => {
  test.each(layouts)("the bands of $edges Hz add up with less than 0.01 dB of ripple", ({ edges }) => {
    const response = through(bandsAt(edges), impulse(RATE));
    for (let hz = 20; hz <= 20_000; hz *= 2 ** (1 / 6)) expect(Math.abs(responseDb(response, hz))).toBeLessThan(0.01);
  });

  test.each(layouts)("at rest $edges Hz null against their all-passes below -140 dB", ({ edges }) => {
    const input = noise(-20, RATE, 3);
    const expected = edges.reduce<Float64Array>((sound, hz) => allPass(sound, hz, RATE), Float64Array.from(input));
    const output = through(bandsAt(edges), input);
    const residue = Float64Array.from(output, (value, i) => value - (expected[i] ?? 0));
    expect(toDb(rmsOf(residue) / rmsOf(input))).toBeLessThan(-140);
  });

  test("a band falls by 24 dB per octave outside its edges and stands at -6 dB on them", () => {
    const edges = [300, 3000];
    const turn = (hz: number) => Math.tan((Math.PI * hz) / RATE);
    const low = (hz: number, edge: number) => 1 / (1 + (turn(hz) / turn(edge)) ** 4);
    const responses = [0, 1, 2].map((solo) =>
      through(
        bandsAt(edges).map((band, i) => ({ ...band, solo: i === solo })),
        impulse(RATE),
      ),
    );
    for (const hz of [100, 300, 600, 1000, 2000, 3000, 6000, 12_000]) {
      const [lower, upper] = [low(hz, 300), low(hz, 3000)];
      const expected = [lower, (1 - lower) * upper, (1 - lower) * (1 - upper)].map(toDb);
      responses.forEach((response, i) => {
        if ((expected[i] ?? 0) > -80) expect(responseDb(response, hz)).toBeCloseTo(expected[i] ?? 0, 2);
      });
    }
  });

  test.each([
    { band: 0, edges: [2000, 8000], hz: 200, otherHz: 14_013 },
    { band: 1, edges: [60, 12_000], hz: 997, otherHz: 5 },
    { band: 2, edges: [100, 800], hz: 11_003, otherHz: 20 },
  ])("band $band follows its own curve within 0.05 dB, and only it", ({ band, edges, hz, otherHz }) => {
    const settings = [0, 1, 2].map((i) => (i === band ? { thresholdDb: -30, ratio: 4, releaseMs: 500 } : {}));
    const other = sine(otherHz, -30, 4 * RATE);
    const input = sine(hz, -14, 4 * RATE).map((value, i) => value + (other[i] ?? 0));
    const settled = through(bandsAt(edges, settings), input).subarray(3 * RATE);
    expect(Math.abs(toDb(toneAmplitude(settled, hz)) + 14 + 12)).toBeLessThan(0.05);
    expect(Math.abs(toDb(toneAmplitude(settled, otherHz)) + 30)).toBeLessThan(0.05);
  });

  test("makeup raises its band alone, a band that is off passes, solo mutes the others", () => {
    const edges = [250, 4000];
    const level = (settings: readonly Band[], hz: number) =>
      toDb(toneAmplitude(through(bandsAt(edges, settings), sine(hz, -6, RATE)).subarray(RATE / 2), hz)) + 6;
    expect(level([{}, {}, { makeupDb: 6 }], 12_000)).toBeCloseTo(6, 1);
    expect(level([{}, {}, { makeupDb: 6 }], 40)).toBeCloseTo(0, 2);
    expect(level([{ thresholdDb: -40, ratio: 10, makeupDb: 6, enabled: false }], 40)).toBeCloseTo(0, 2);
    expect(level([{}, { solo: true }], 1000)).toBeCloseTo(-0.05, 1);
    expect(level([{}, { solo: true }], 40)).toBeLessThan(-60);
  });

  test("with one band it is the compressor, bit for bit", () => {
    const values = { thresholdDb: -30, ratio: 4, kneeDb: 8, attackMs: 3, releaseMs: 90, rangeDb: 20, makeupDb: 4 };
    const input = noise(-3, 2 * RATE, 7);
    const single = openProcessor("multibandCompressor", { bands: [values] })(input);
    expect(largestDifference(single, openProcessor("compressor", values)(input))).toBe(0);
  });

  test("without bands it changes no bit", () => {
    const input = noise(-3, RATE, 8);
    expect(openProcessor("multibandCompressor")(input)).toEqual(input);
  });

  test("all channels of a band share one gain", () => {
    const loud = noise(-3, RATE, 9);
    const input = Float32Array.from(
      { length: 6 * RATE },
      (_, i) => (i % 6 === 4 ? 1 : 0.125) * (loud[Math.floor(i / 6)] ?? 0),
    );
    const bands = bandsAt([300, 3000], [{ thresholdDb: -40 }, { thresholdDb: -40 }, { thresholdDb: -40 }]);
    const output = openProcessor("multibandCompressor", { bands }, { channels: 6 })(input);
    const scaled = channelOf(output, 4, 6).map((value) => value * 0.125);
    expect(largestDifference(scaled, channelOf(output, 1, 6))).toBeLessThan(1e-7);
    expect(rmsOf(scaled)).toBeLessThan(0.5 * 0.125 * rmsOf(loud));
  });

  test("after crossovers have moved the sound is that of the new ones", () => {
    const open = openProcessor("multibandCompressor", { bands: bandsAt([200, 2000]) });
    const input = noise(-6, 2 * RATE, 10);
    open(input);
    open.set({ bands: bandsAt([500, 5000, 9000]) });
    open(input);
    const fresh = openProcessor("multibandCompressor", { bands: bandsAt([500, 5000, 9000]) });
    fresh(input);
    expect(largestDifference(open(input), fresh(input))).toBeLessThan(1e-6);
  });
});
