// The Fourier transform and the overlap-add machinery against a plain DFT in f64 and against the identity.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileAssembly } from "../support/compile-assembly.ts";
import { largestDifference, rmsDb, rmsOf, toneAmplitude } from "../support/measure-signal.ts";
import { concat, noise, sine, spread } from "../support/signals.ts";

const { exports, memory } = compileAssembly("test/fixtures/assembly/spectra.ts");
const call = (name: string, ...args: number[]): number => {
  const fn = exports[name];
  if (!fn) throw new TypeError(`no ${name}`);
  return fn(...args);
};
const allocate = (values: number): number => call("allocate", values * 4);
const put = (at: number, values: Float32Array): void => new Float32Array(memory.buffer, at, values.length).set(values);
const take = (at: number, length: number): Float32Array => new Float32Array(memory.buffer, at, length).slice();

type Complex = { readonly re: Float32Array; readonly im: Float32Array };

const randomComplex = (size: number, seed: number): Complex => ({
  re: noise(0, size, seed),
  im: noise(0, size, seed + 1000),
});

const transform = (name: "forward" | "inverse", { re, im }: Complex): Complex => {
  const size = re.length;
  const [reAt, imAt] = [allocate(size), allocate(size)];
  put(reAt, re);
  put(imAt, im);
  call(name, size, reAt, imAt);
  return { re: take(reAt, size), im: take(imAt, size) };
};

/** One bin of the definition, in f64. */
const dftBin = ({ re, im }: Complex, k: number): readonly [number, number] => {
  const size = re.length;
  let [sumRe, sumIm] = [0, 0];
  for (let n = 0; n < size; n += 1) {
    const angle = (-2 * Math.PI * ((k * n) % size)) / size;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    sumRe += (re[n] ?? 0) * c - (im[n] ?? 0) * s;
    sumIm += (re[n] ?? 0) * s + (im[n] ?? 0) * c;
  }
  return [sumRe, sumIm];
};

const sizes = Array.from({ length: 11 }, (_, i) => 64 << i);

describe("Fourier transform", () => {
  test.each(sizes)("%i points: relative rms error against the definition <= 1e-6", (size) => {
    const input = randomComplex(size, size);
    const output = transform("forward", input);
    const bins = Math.min(size, 97);
    let [error, power] = [0, 0];
    for (let i = 0; i < bins; i += 1) {
      const k = Math.floor((i * size) / bins) + (i % 3 === 0 ? 0 : i % Math.floor(size / bins || 1));
      const [re, im] = dftBin(input, k);
      error += ((output.re[k] ?? 0) - re) ** 2 + ((output.im[k] ?? 0) - im) ** 2;
      power += re * re + im * im;
    }
    expect(Math.sqrt(error / power)).toBeLessThan(1e-6);
  });

  test.each(sizes)("%i points: forth and back gives the input times the size", (size) => {
    const input = randomComplex(size, size + 7);
    const back = transform("inverse", transform("forward", input));
    const error = back.re.map((value, i) => value / size - (input.re[i] ?? 0));
    expect(rmsOf(error) / rmsOf(input.re)).toBeLessThan(1e-6);
  });

  test("the same bits every time", () => {
    const input = randomComplex(1024, 3);
    expect(transform("forward", input)).toEqual(transform("forward", input));
  });

  test.each([64, 128, 1024])("%i points: two real signals come apart and together again", (size) => {
    const [left, right] = [noise(0, size, 21), noise(0, size, 22)];
    const both = transform("forward", { re: left, im: right });
    const bins = size / 2 + 1;
    const [re, im] = [allocate(size), allocate(size)];
    const parts = [0, 1, 2, 3].map(() => allocate(bins + 3)) as [number, number, number, number];
    put(re, both.re);
    put(im, both.im);
    call("splitPair", re, im, size, ...parts);
    const zero = new Float32Array(size);
    const alone = [left, right].map((real) => transform("forward", { re: real, im: zero }));
    const expected = alone.flatMap((spectrum) => [spectrum.re.subarray(0, bins), spectrum.im.subarray(0, bins)]);
    expected.forEach(
      (values, i) => void expect(largestDifference(take(parts[i] ?? 0, bins), values)).toBeLessThan(2e-5),
    );
    call("joinPair", ...parts, size, re, im);
    expect(largestDifference(take(re, size), both.re)).toBeLessThan(1e-5);
    expect(largestDifference(take(im, size), both.im)).toBeLessThan(1e-5);
  });
});

type StftSetup = { readonly size: number; readonly hop: number; readonly pairs: number };

/** Runs channel pairs (each interleaved) through the machinery, cut into blocks of the given sizes. */
const overlapAdd = ({ size, hop, pairs }: StftSetup, input: readonly Float32Array[], blocks: readonly number[]) => {
  call("openStft", size, hop, pairs);
  return runOpened(pairs, input, blocks);
};

const runOpened = (pairs: number, input: readonly Float32Array[], blocks: readonly number[]): Float32Array[] => {
  const total = (input[0]?.length ?? 0) / 2;
  const io = allocate(Math.max(...blocks) * 2 * pairs);
  const output = input.map((pair) => new Float32Array(pair.length));
  for (let done = 0, turn = 0; done < total; turn += 1) {
    const frames = Math.min(blocks[turn % blocks.length] ?? 1, total - done);
    input.forEach((pair, p) => void put(io + p * frames * 8, pair.subarray(done * 2, (done + frames) * 2)));
    call("processStft", io, frames);
    output.forEach((pair, p) => void pair.set(take(io + p * frames * 8, frames * 2), done * 2));
    done += frames;
  }
  return output;
};

const setGains = (gains: readonly number[]): void =>
  gains.forEach((gain, channel) => void call("setGain", channel, gain));

describe("overlap-add", () => {
  test.each([
    { size: 1024, hop: 512 },
    { size: 1024, hop: 256 },
    { size: 2048, hop: 512 },
    { size: 4096, hop: 512 },
    { size: 512, hop: 128 },
  ])("frames of $size every $hop rebuild the input to -120 dB, late by the latency", ({ size, hop }) => {
    setGains([1, 1, 1, 1]);
    const input = [noise(0, 24_000, 1), noise(0, 24_000, 2)];
    const output = overlapAdd({ size, hop, pairs: 2 }, input, [480]);
    const late = call("stftLatency") * 2;
    expect(late).toBe(size * 2);
    output.forEach((pair, p) => {
      const source = input[p] ?? pair;
      const error = pair.subarray(late).map((value, i) => value - (source[i] ?? 0));
      expect(rmsDb(error) - rmsDb(source)).toBeLessThan(-120);
      expect(rmsOf(pair.subarray(0, late))).toBeLessThan(1e-6);
    });
  });

  test("no block size changes a bit", () => {
    setGains([1, 0.5, 0.25, 1]);
    const setup = { size: 512, hop: 128, pairs: 2 };
    const input = [noise(0, 6000, 3), noise(0, 6000, 4)];
    const expected = overlapAdd(setup, input, [480]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1024 }), { minLength: 1, maxLength: 5 }), (blocks) => {
        expect(overlapAdd(setup, input, blocks)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  test("each channel's spectrum is its own: left is halved, right is left alone", () => {
    setGains([0.5, 1]);
    const tones = [sine(1000, -6, 24_000), sine(3000, -6, 24_000)];
    const input = Float32Array.from({ length: 48_000 }, (_, i) => tones[i & 1]?.[i >> 1] ?? 0);
    const [output = input] = overlapAdd({ size: 1024, hop: 256, pairs: 1 }, [input], [1000]);
    const channel = (c: number) => Float32Array.from({ length: 9600 }, (_, i) => output[(i + 9600) * 2 + c] ?? 0);
    const amplitude = 10 ** (-6 / 20);
    expect(toneAmplitude(channel(0), 1000)).toBeCloseTo(amplitude / 2, 6);
    expect(toneAmplitude(channel(1), 3000)).toBeCloseTo(amplitude, 6);
    expect(toneAmplitude(channel(0), 3000)).toBeLessThan(1e-6);
    expect(toneAmplitude(channel(1), 1000)).toBeLessThan(1e-6);
  });

  test("a reset forgets everything, and silence comes out as silence", () => {
    setGains([1, 1]);
    const input = [concat(spread(sine(440, -3, 4000)), new Float32Array(8192))];
    const fresh = overlapAdd({ size: 1024, hop: 256, pairs: 1 }, input, [333]);
    call("resetStft");
    expect(runOpened(1, input, [333])).toEqual(fresh);
    expect(Math.max(...(fresh[0] ?? []).slice(-2048).map(Math.abs))).toBe(0);
  });
});
