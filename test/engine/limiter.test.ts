import { describe, expect, test } from "vitest";
import { ebu3341Peaks } from "../support/ebu-cases.ts";
import { effort } from "../support/effort.ts";
import { channelOf, largestDifference, peakOf, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { type OpenOptions, openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { referenceTruePeakDbtp } from "../support/peak-reference.ts";
import { concat, dbToGain, noise, randomSource, sine, spread } from "../support/signals.ts";

const CEILING = -1;
const ALLOWED_OVER_DB = 0.05;
const BOOST = dbToGain(12);

/** Limits a mono signal in two channels and gives the left one, the latency and the tail of the signal included. */
const limit = (mono: Float32Array, values: ProcessorValues = {}, options: OpenOptions = {}): Float32Array => {
  const open = openProcessor("limiter", { ceilingDbtp: CEILING, ...values }, options);
  return channelOf(open(spread(concat(mono, new Float32Array(2000)))), 0);
};

const boosted = (signal: Float32Array): Float32Array => signal.map((x) => x * BOOST);

/** Tones, a decaying hiss twice a second and a low rumble: dense and with attacks. */
const music = (sampleRate: number): Float32Array => {
  const random = randomSource(7);
  return Float32Array.from({ length: 2 * sampleRate }, (_, n) => {
    const t = n / sampleRate;
    const tones = [110, 441, 1760, 3511].reduce((sum, hz) => sum + 0.2 * Math.sin(2 * Math.PI * hz * t), 0);
    return tones + 0.4 * Math.exp(-8 * ((2 * t) % 1)) * (2 * random() - 1);
  });
};

const bursts = (sampleRate: number): Float32Array =>
  Float32Array.from({ length: sampleRate }, (_, n) => (n % 1777 < 200 ? (n & 1 ? 1 : -1) : 0));

/** What makes true peaks hard: EBU cases 15 to 23, a cut tone at a quarter of the rate, the highest frequency in bursts, noise, music. */
const hard: readonly { readonly name: string; readonly render: (sampleRate: number) => Float32Array }[] = [
  ...ebu3341Peaks.map(({ name, render }) => ({ name, render: (rate: number) => boosted(render(rate)) })),
  { name: "fs/4 at 45 degrees", render: (rate) => boosted(sine(rate / 4, -3, rate / 2, rate, Math.PI / 4)) },
  { name: "0.48 of the rate", render: (rate) => boosted(sine(0.48 * rate, -9, rate / 2, rate)) },
  { name: "alternating +-1 bursts", render: bursts },
  { name: "alternating bursts at +12", render: (rate) => boosted(bursts(rate)) },
  { name: "white noise", render: (rate) => boosted(noise(0, rate / 2, 5)) },
  { name: "music", render: (rate) => boosted(music(rate)) },
];

const quantised = (signal: Float32Array, bits: number): Float32Array => {
  const steps = 2 ** (bits - 1);
  return signal.map((x) => Math.round(x * steps) / steps);
};

describe("limiter: the ceiling", () => {
  test.each(
    hard.flatMap(({ name, render }) =>
      effort([48_000], [44_100, 48_000, 96_000]).map((rate) => ({ name, render, rate })),
    ),
  )("$name at $rate Hz stays under it, as float, 24 and 16 bit", ({ render, rate }) => {
    const out = limit(render(rate), {}, { sampleRate: rate });
    for (const written of [out, quantised(out, 24), quantised(out, 16)])
      expect(referenceTruePeakDbtp(written)).toBeLessThan(CEILING + ALLOWED_OVER_DB);
    expect(referenceTruePeakDbtp(out), "no more is taken than needed").toBeGreaterThan(CEILING - 0.1);
  });

  test.each([1.5, 5])("%f ms of look-ahead hold it, too", (lookaheadMs) => {
    for (const { render } of hard.slice(-3))
      expect(referenceTruePeakDbtp(limit(render(48_000), { lookaheadMs }))).toBeLessThan(CEILING + ALLOWED_OVER_DB);
  });

  test.each([-12, 0])("%i dBTP is kept as well", (ceilingDbtp) => {
    const out = limit(boosted(music(48_000)), { ceilingDbtp, releaseMs: 10 });
    expect(referenceTruePeakDbtp(out)).toBeLessThan(ceilingDbtp + ALLOWED_OVER_DB);
  });

  test("unlinked channels keep it each for itself", () => {
    const open = openProcessor("limiter", { ceilingDbtp: CEILING, linkPercent: 40 });
    const loud = boosted(music(48_000));
    const other = noise(6, loud.length, 9);
    const out = open(Float32Array.from({ length: 2 * loud.length }, (_, i) => (i & 1 ? other : loud)[i >> 1] ?? 0));
    for (const channel of [0, 1])
      expect(referenceTruePeakDbtp(channelOf(out, channel).subarray(0, -200))).toBeLessThan(CEILING + ALLOWED_OVER_DB);
  });
});

describe("limiter: the sound", () => {
  test("what stays under the ceiling passes bit for bit, late by the latency", () => {
    const quiet = noise(-12, 20_000, 11);
    const open = openProcessor("limiter", { ceilingDbtp: CEILING });
    const out = channelOf(open(spread(quiet)), 0);
    const latency = open.latencyFrames();
    expect(latency).toBe(96 + 32);
    expect(largestDifference(out.subarray(latency), quiet.subarray(0, -latency))).toBe(0);
  });

  test("after a peak it comes back to bit transparency", () => {
    const signal = concat(sine(1000, 6, 24_000), noise(-12, 480_000, 12));
    const open = openProcessor("limiter", { ceilingDbtp: CEILING });
    const out = channelOf(open(spread(signal)), 0);
    const latency = open.latencyFrames();
    expect(largestDifference(out.subarray(-96_000), signal.subarray(-96_000 - latency, -latency))).toBe(0);
  });

  test("1 kHz with 3 dB of reduction has less than 0.1 % of harmonics", () => {
    const out = limit(sine(1000, CEILING + 3, 96_000));
    const settled = out.subarray(48_000, 96_000);
    const harmonics = [2, 3, 4, 5, 6, 7, 8, 9].map((k) => toneAmplitude(settled, 1000 * k));
    const distortion = Math.hypot(...harmonics) / toneAmplitude(settled, 1000);
    expect(distortion).toBeLessThan(0.001);
    expect(toDb(toneAmplitude(settled, 1000))).toBeCloseTo(CEILING, 1);
  });

  test("linked channels share one gain; unlinked, a quiet channel is left alone", () => {
    const loud = sine(1000, 5, 48_000);
    const quiet = sine(300, -20, 48_000);
    const both = Float32Array.from({ length: 96_000 }, (_, i) => (i & 1 ? quiet : loud)[i >> 1] ?? 0);
    const quietAfter = (linkPercent: number) => {
      const out = channelOf(openProcessor("limiter", { ceilingDbtp: CEILING, linkPercent })(both), 1);
      return rmsDb(out.subarray(24_000)) - rmsDb(quiet.subarray(24_000));
    };
    expect(quietAfter(100)).toBeCloseTo(-6.02, 1);
    expect(quietAfter(0)).toBeCloseTo(0, 6);
    expect(quietAfter(50)).toBeCloseTo(toDb((1 + dbToGain(-6.02)) / 2), 1);
  });

  test("a lone peak is let go faster than a dense passage", () => {
    const reductionAfter = (loudFrames: number) => {
      const signal = concat(sine(1000, 5, loudFrames), sine(1000, -20, 24_000));
      const out = limit(signal);
      const from = loudFrames + 128 + 7200;
      return toDb(peakOf(out.subarray(from, from + 480))) + 20;
    };
    expect(reductionAfter(240)).toBeGreaterThan(-1.2);
    expect(reductionAfter(96_000)).toBeLessThan(reductionAfter(240) - 1);
  });

  test("the meter shows the deepest reduction since it was last asked", () => {
    const open = openProcessor("limiter", { ceilingDbtp: CEILING }, { blockFrames: 4096 });
    open(spread(concat(sine(1000, 5, 4800), sine(1000, -20, 480_000))));
    expect(open.reductionDb()).toBeCloseTo(-6.02, 1);
    open(spread(sine(1000, -20, 4800)));
    expect(open.reductionDb()).toBeCloseTo(0, 6);
  });
});
