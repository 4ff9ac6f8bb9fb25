// What the rate change does to sound, measured on its output: purity of tones, aliases and images, passband, time, level, length.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { EngineInstance } from "../../engine/instance.ts";
import { createResampler, resampledFrames } from "../../engine/resampler.ts";
import { openEngine } from "../support/wasm.ts";

const PAIRS = [
  [44100, 48000],
  [48000, 44100],
  [96000, 48000],
  [96000, 44100],
  [16000, 48000],
  [192000, 48000],
  [22050, 48000],
  [69313, 48000],
  [48000, 69313],
] as const;

type Signal = (frame: number) => readonly [left: number, right: number];
type Stretch = { readonly left: Float64Array; readonly right: Float64Array };

const FRAMES = 12_000;
const SCRATCH_BYTES = 4 << 20;

let engine: EngineInstance;
let scratch: number;

beforeAll(async () => {
  engine = await openEngine();
  scratch = engine.allocate(SCRATCH_BYTES);
});

/** Resamples what the stretch needs of an endless signal; `position` counts source frames x up. */
const resample = (inRate: number, outRate: number, signal: Signal, position = 0, frames = FRAMES): Stretch => {
  const resampler = createResampler(engine, inRate, outRate, 1);
  const { first, count } = resampler.sourceRange(position, frames);
  const source = engine.floats(scratch, count * 2);
  for (let frame = 0; frame < count; frame += 1) source.set(signal(first + frame), frame * 2);
  const out = scratch + count * 8;
  expect(out + frames * 8).toBeLessThanOrEqual(scratch + SCRATCH_BYTES);
  resampler.process(position, scratch, first, count, out, frames);
  const samples = engine.floats(out, frames * 2);
  return {
    left: Float64Array.from({ length: frames }, (_, frame) => samples[frame * 2]!),
    right: Float64Array.from({ length: frames }, (_, frame) => samples[frame * 2 + 1]!),
  };
};

const tone =
  (frequencyHz: number, rateHz: number, amplitude: number): Signal =>
  (frame) => {
    const value = amplitude * Math.sin((2 * Math.PI * frequencyHz * frame) / rateHz);
    return [value, -0.5 * value];
  };

const decibels = (ratio: number): number => 20 * Math.log10(ratio);
const rms = (values: Float64Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** Amplitude and phase of the sine that fits best, and what remains without it. */
const fitSine = (values: Float64Array, radians: number) => {
  let [cc, cs, ss, yc, ys] = [0, 0, 0, 0, 0];
  values.forEach((value, index) => {
    const c = Math.cos(radians * index);
    const s = Math.sin(radians * index);
    cc += c * c;
    cs += c * s;
    ss += s * s;
    yc += value * c;
    ys += value * s;
  });
  const determinant = cc * ss - cs * cs;
  const a = (yc * ss - ys * cs) / determinant;
  const b = (ys * cc - yc * cs) / determinant;
  const rest = values.map((value, index) => value - a * Math.cos(radians * index) - b * Math.sin(radians * index));
  return { amplitude: Math.hypot(a, b), phase: Math.atan2(a, b), rest };
};

/** Part of the lower rate: 20 kHz of 44.1 kHz, whatever the rates. */
const scaled = (kilohertzOf44: number, inRate: number, outRate: number): number =>
  (kilohertzOf44 / 44.1) * Math.min(inRate, outRate);

describe.each(PAIRS)("%i -> %i Hz", (inRate, outRate) => {
  test.each([0.997, 10, 19, 20])(
    "a -1 dBFS tone at %d/44.1 of the lower rate keeps its level and gains nothing above -140 dB",
    (khz) => {
      const frequencyHz = scaled(khz, inRate, outRate);
      const amplitude = 10 ** (-1 / 20);
      const { left, right } = resample(inRate, outRate, tone(frequencyHz, inRate, amplitude), 12_345);
      for (const [values, level] of [
        [left, amplitude],
        [right, amplitude / 2],
      ] as const) {
        const fitted = fitSine(values, (2 * Math.PI * frequencyHz) / outRate);
        expect(decibels((rms(fitted.rest) * Math.SQRT2) / fitted.amplitude)).toBeLessThan(-140);
        expect(Math.abs(decibels(fitted.amplitude / level))).toBeLessThan(0.01);
      }
    },
  );

  test("a 1 kHz tone has no single spur above -150 dB", () => {
    const frequencyHz = scaled(1, inRate, outRate);
    const radians = (2 * Math.PI * frequencyHz) / outRate;
    const { left } = resample(inRate, outRate, tone(frequencyHz, inRate, 0.891), 0, 8192);
    const { amplitude, rest } = fitSine(left, radians);
    const worst = Array.from({ length: 400 }, (_, bin) => fitSine(rest, (Math.PI * (bin + 1)) / 401).amplitude);
    expect(decibels(Math.max(...worst) / amplitude)).toBeLessThan(-150);
  });

  test("a stretch that starts between two frames is the sine at exactly that time", () => {
    const { up, down } = createResampler(engine, inRate, outRate, 1);
    const frequencyHz = scaled(3, inRate, outRate);
    const position = 7 * up + Math.floor(up / 3) + 1;
    const { left } = resample(inRate, outRate, tone(frequencyHz, inRate, 0.5), position, 500);
    left.forEach((value, frame) => {
      const sourceFrame = (position + frame * down) / up;
      expect(Math.abs(value - 0.5 * Math.sin((2 * Math.PI * frequencyHz * sourceFrame) / inRate))).toBeLessThan(3e-7);
    });
  });

  test("an impulse arrives at its own time, symmetric around it", () => {
    const { up, down } = createResampler(engine, inRate, outRate, 1);
    const frame = Math.round((1000 * up) / down);
    const position = 1000 * up - frame * down;
    const { left } = resample(inRate, outRate, (at) => (at === 1000 ? [1, 1] : [0, 0]), position, 2 * frame + 1);
    const area = left.reduce((sum, value) => sum + value, 0);
    const centre = left.reduce((sum, value, at) => sum + value * (at - frame), 0) / area;
    expect(Math.abs(centre)).toBeLessThan(1e-4);
    expect(left.reduce((best, value, at) => (value > left[best]! ? at : best), 0)).toBe(frame);
    for (const [at, value] of left.entries()) expect(Math.abs(value - left[2 * frame - at]!)).toBeLessThan(1e-7);
  });

  test("a constant stays what it is to one part in a million", () => {
    const { left } = resample(inRate, outRate, () => [1, 1], 3);
    for (const value of left) expect(Math.abs(value - 1)).toBeLessThan(1e-6);
  });
});

describe.each(PAIRS.filter(([inRate, outRate]) => inRate > outRate))("aliases of %i -> %i Hz", (inRate, outRate) => {
  const above = [22.5, 23, 23.5, 24.1, 30, 43].filter((khz) => scaled(khz, inRate, outRate) < inRate / 2);
  test.each(above)("%d/44.1 of the new rate is gone: under -138 dB", (khz) => {
    const { left } = resample(inRate, outRate, tone(scaled(khz, inRate, outRate), inRate, 0.5));
    expect(decibels((rms(left) * Math.SQRT2) / 0.5)).toBeLessThan(-138);
  });
});

describe.each(PAIRS.filter(([inRate, outRate]) => inRate < outRate))("images of %i -> %i Hz", (inRate, outRate) => {
  test.each([15, 20, 21.6])("the mirror of %d/44.1 of the old rate is under -138 dB", (khz) => {
    const frequencyHz = scaled(khz, inRate, outRate);
    const { left } = resample(inRate, outRate, tone(frequencyHz, inRate, 0.5));
    const { rest } = fitSine(left, (2 * Math.PI * frequencyHz) / outRate);
    const mirror = fitSine(rest, (2 * Math.PI * (inRate - frequencyHz)) / outRate);
    expect(decibels(mirror.amplitude / 0.5)).toBeLessThan(-138);
  });
});

const rates = fc.constantFrom(...PAIRS);
const noise: Signal = (frame) => [Math.sin(frame * frame * 0.37) * 0.7, Math.cos(frame * frame * 0.11) * 0.7];

describe("whatever the stretch", () => {
  test("cutting it into blocks never changes a bit", () => {
    const blocks = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rates, fc.integer({ min: -200_000, max: 200_000 }), blocks, ([inRate, outRate], start, sizes) => {
        const { down } = createResampler(engine, inRate, outRate, 1);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const whole = resample(inRate, outRate, noise, start, total);
        let done = 0;
        for (const size of sizes) {
          const part = resample(inRate, outRate, noise, start + done * down, size);
          expect(part.left).toEqual(whole.left.subarray(done, done + size));
          expect(part.right).toEqual(whole.right.subarray(done, done + size));
          done += size;
        }
      }),
      { numRuns: 30 },
    );
  });

  test("what lies outside the given source is silence, as if zeros had been given", () => {
    const lengths = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(rates, lengths, fc.integer({ min: -900, max: 900 }), ([inRate, outRate], length, startFrame) => {
        const resampler = createResampler(engine, inRate, outRate, 1);
        const position = startFrame * resampler.up + 1;
        const file: Signal = (frame) => (frame >= 0 && frame < length ? noise(frame) : [0, 0]);
        const padded = resample(inRate, outRate, file, position, 200);
        const source = engine.floats(scratch, length * 2 + 4096).fill(Number.NaN);
        for (let frame = 0; frame < length; frame += 1) source.set(noise(frame), frame * 2);
        const out = scratch + (length + 4096) * 8;
        resampler.process(position, scratch, 0, length, out, 200);
        const samples = engine.floats(out, 400);
        for (const [frame, value] of padded.left.entries()) expect(samples[frame * 2]).toBe(value);
      }),
      { numRuns: 60 },
    );
  });

  test("it asks for no more source than it announced", () => {
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: -1e9, max: 1e12 }),
        fc.integer({ min: 1, max: 20_000 }),
        (pair, at, frames) => {
          const resampler = createResampler(engine, pair[0], pair[1], 1);
          expect(resampler.sourceRange(at, frames).count).toBeLessThanOrEqual(resampler.sourceFramesFor(frames));
        },
      ),
    );
  });

  test("a position after 24 hours is as exact as one at the start", () => {
    const up = 160;
    const day = 24 * 3600 * 44_100;
    const early = resample(44_100, 48_000, noise, 5, 300);
    const late = resample(44_100, 48_000, (frame) => noise(frame - day), day * up + 5, 300);
    expect(late.left).toEqual(early.left);
  });

  test("every pair of channels is resampled alike", () => {
    const one = resample(48_000, 44_100, noise, 0, 400);
    const resampler = createResampler(engine, 48_000, 44_100, 3);
    const { first, count } = resampler.sourceRange(0, 400);
    const source = engine.floats(scratch, count * 6);
    for (let frame = 0; frame < count * 3; frame += 1) source.set(noise(first + (frame % count)), frame * 2);
    const out = scratch + count * 24;
    resampler.process(0, scratch, first, count, out, 400);
    const samples = engine.floats(out, 2400);
    for (let pair = 0; pair < 3; pair += 1) {
      for (const [frame, value] of one.left.entries()) expect(samples[pair * 800 + frame * 2]).toBe(value);
    }
  });
});

describe("the number of frames", () => {
  test.each([
    [48_000, 44_100, 48_000, 52_245],
    [1, 44_100, 48_000, 1],
    [0, 44_100, 48_000, 0],
    [3, 96_000, 48_000, 2],
    [24 * 3600 * 192_000, 192_000, 44_100, 24 * 3600 * 44_100],
  ])("%i frames of %i Hz at %i Hz become %i: round(n x out / in)", (frames, inRate, outRate, expected) => {
    expect(resampledFrames(frames, inRate, outRate)).toBe(expected);
  });
});

test.each([0, -48_000, 44_100.5, Number.NaN, 2_000_000])("a rate of %d Hz is refused", (rate) => {
  expect(() => createResampler(engine, rate, 48_000, 1)).toThrow(TypeError);
});
