// The block kernels against plain references, at frame counts around every vector width.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestDifference } from "../support/measure-signal.ts";
import { noise, randomSource } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const engine = await openEngine();
const { exports } = engine;
const MOST_FRAMES = 300;
const io = engine.allocate(MOST_FRAMES * 4 * 8);
const other = engine.allocate(MOST_FRAMES * 4 * 8);
const raw = engine.allocate(MOST_FRAMES * 8 * 8);
const framesCounts = fc.oneof(fc.integer({ min: 1, max: 17 }), fc.integer({ min: 1, max: MOST_FRAMES }));

/** Puts a block of channel pairs into the engine. */
const put = (at: number, values: Float32Array): void => engine.floats(at, values.length).set(values);
const take = (at: number, length: number): Float32Array => engine.floats(at, length).slice();

const formats = {
  U8: { bytes: 1, read: (view: DataView, at: number) => (view.getUint8(at) - 128) / 128 },
  S16: { bytes: 2, read: (view: DataView, at: number) => view.getInt16(at, true) / 32_768 },
  S24: {
    bytes: 3,
    read: (view: DataView, at: number) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608,
  },
  S32: { bytes: 4, read: (view: DataView, at: number) => Math.fround(view.getInt32(at, true)) / 2_147_483_648 },
  F32: { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) },
  F64: { bytes: 8, read: (view: DataView, at: number) => Math.fround(view.getFloat64(at, true)) },
} as const;
type Format = keyof typeof formats;

/** Random file bytes; floats are made from numbers so that they are sound. */
const fileBytes = (format: Format, samples: number, seed: number): Uint8Array => {
  const random = randomSource(seed);
  const { bytes } = formats[format];
  const view = new DataView(new ArrayBuffer(samples * bytes));
  for (let i = 0; i < samples; i += 1) {
    if (format === "F32") view.setFloat32(i * 4, random() * 2 - 1, true);
    else if (format === "F64") view.setFloat64(i * 8, random() * 2 - 1, true);
    else for (let byte = 0; byte < bytes; byte += 1) view.setUint8(i * bytes + byte, Math.floor(random() * 256));
  }
  return new Uint8Array(view.buffer);
};

describe("decoding", () => {
  test.each(Object.keys(formats) as Format[])("%s: any channels of any frames, bit for bit", (format) => {
    const { bytes, read } = formats[format];
    fc.assert(
      fc.property(
        framesCounts,
        fc.integer({ min: 1, max: 8 }),
        fc.nat(7),
        fc.nat(7),
        fc.nat(),
        (frames, channels, a, b, seed) => {
          const [left, right] = [a % channels, b % channels];
          const file = fileBytes(format, frames * channels, seed);
          engine.bytes(raw, file.length).set(file);
          engine.floats(io + frames * 8, 2).fill(7);
          exports[`decode${format}`](raw, io, frames, channels, left, right);
          const view = new DataView(file.buffer);
          const sample = (i: number, channel: number) => read(view, (i * channels + channel) * bytes);
          const expected = Float32Array.from({ length: frames * 2 }, (_, i) => sample(i >> 1, i & 1 ? right : left));
          expect(take(io, frames * 2)).toEqual(expected);
          expect([...engine.floats(io + frames * 8, 2)]).toEqual([7, 7]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

const roundHalfEven = (x: number): number => {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
};
const encodeInteger = (x: number, bits: number): number => {
  const full = 2 ** (bits - 1);
  return Math.min(full - 1, Math.max(-full, roundHalfEven(x * full)));
};
const isClipped = (x: number, bits: number): boolean => {
  const rounded = roundHalfEven(x * 2 ** (bits - 1));
  return rounded > 2 ** (bits - 1) - 1 || rounded < -(2 ** (bits - 1));
};

/** Channel pairs of a signal given by frame and channel, some of it beyond full scale. */
const pairsOf = (
  frames: number,
  channels: number,
  seed: number,
): { block: Float32Array; sample: (i: number, c: number) => number } => {
  const values = noise(1, frames * channels, seed);
  const pairs = (channels + 1) >> 1;
  const block = new Float32Array(frames * pairs * 2);
  const sample = (frame: number, channel: number) => values[frame * channels + channel] ?? 0;
  for (let frame = 0; frame < frames; frame += 1)
    for (let channel = 0; channel < channels; channel += 1)
      block[((channel >> 1) * frames + frame) * 2 + (channel & 1)] = sample(frame, channel);
  return { block, sample };
};

describe("encoding", () => {
  const encoded = (
    kernel: "encodeS16" | "encodeS24" | "encodeF32",
    bytes: number,
    frames: number,
    channels: number,
    seed: number,
  ) => {
    const { block, sample } = pairsOf(frames, channels, seed);
    put(io, block);
    const length = frames * channels * bytes;
    engine.bytes(raw + length, 16).fill(99);
    const clipped = exports[kernel](io, raw, frames, channels);
    expect([...engine.bytes(raw + length, 16)]).toEqual(Array.from({ length: 16 }, () => 99));
    const samples = Array.from({ length: frames * channels }, (_, i) => sample(Math.floor(i / channels), i % channels));
    return { view: new DataView(engine.bytes(raw, length).slice().buffer), clipped, samples };
  };

  test.each([
    { kernel: "encodeS24", bytes: 3, bits: 24 },
    { kernel: "encodeS16", bytes: 2, bits: 16 },
  ] as const)(
    "$kernel rounds to the nearest step, clamps, counts the clips and writes no byte too many",
    ({ kernel, bytes, bits }) => {
      const { read } = bits === 24 ? formats.S24 : formats.S16;
      fc.assert(
        fc.property(framesCounts, fc.integer({ min: 1, max: 8 }), fc.nat(), (frames, channels, seed) => {
          const { view, clipped, samples } = encoded(kernel, bytes, frames, channels, seed);
          expect(samples.map((_, i) => read(view, i * bytes) * 2 ** (bits - 1))).toEqual(
            samples.map((x) => encodeInteger(x, bits) + 0),
          );
          expect(clipped).toBe(samples.filter((x) => isClipped(x, bits)).length);
        }),
        { numRuns: 80 },
      );
    },
  );

  test("encodeF32 keeps every bit", () => {
    fc.assert(
      fc.property(framesCounts, fc.integer({ min: 1, max: 8 }), fc.nat(), (frames, channels, seed) => {
        const { view, clipped, samples } = encoded("encodeF32", 4, frames, channels, seed);
        expect(samples.map((_, i) => view.getFloat32(i * 4, true))).toEqual(samples);
        expect(clipped).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  test("ties go to the even step; full scale, infinity and NaN end inside the range", () => {
    const step = 2 ** -23;
    const values = [0.5 * step, 1.5 * step, -0.5 * step, 2.5 * step, 1, -1, Number.POSITIVE_INFINITY, -2];
    put(io, Float32Array.from(values));
    expect(exports.encodeS24(io, raw, 4, 2)).toBe(3);
    const view = new DataView(engine.bytes(raw, 24).slice().buffer);
    const integers = values.map((_, i) => formats.S24.read(view, i * 3) * 2 ** 23);
    expect(integers).toEqual([0, 2, 0, 2, 8_388_607, -8_388_608, 8_388_607, -8_388_608]);
    put(io, Float32Array.from([Number.NaN, 0]));
    exports.encodeS16(io, raw, 1, 2);
    expect([...engine.bytes(raw, 4)]).toEqual([0, 0, 0, 0]);
  });

  test("what quantizeS24 leaves is what a 24-bit file gives back", () => {
    fc.assert(
      fc.property(framesCounts, fc.integer({ min: 1, max: 4 }), fc.nat(), (frames, pairs, seed) => {
        const { block } = pairsOf(frames, pairs * 2, seed);
        put(io, block);
        const clipped = exports.quantizeS24(io, pairs, frames);
        const expected = block.map((x) => encodeInteger(x, 24) / 2 ** 23 + 0);
        expect(largestDifference(take(io, block.length), expected)).toBe(0);
        expect(clipped).toBe([...block].filter((x) => isClipped(x, 24)).length);
      }),
      { numRuns: 60 },
    );
  });
});

describe("gains", () => {
  test("mixAdd, applyGain and applyPairGains are products and sums in f32", () => {
    fc.assert(
      fc.property(framesCounts, fc.integer({ min: 1, max: 4 }), fc.nat(), (frames, pairs, seed) => {
        const [a, b] = [noise(0, frames * pairs * 2, seed), noise(0, frames * pairs * 2, seed + 1)];
        const gain = Math.fround(0.7);
        put(io, a);
        put(other, b);
        exports.mixAdd(io, other, pairs, frames, gain);
        expect(take(io, a.length)).toEqual(a.map((value, i) => value + Math.fround((b[i] ?? 0) * gain)));
        put(io, a);
        exports.applyGain(io, pairs, frames, gain);
        expect(take(io, a.length)).toEqual(a.map((value) => value * gain));
        put(io, a);
        exports.applyPairGains(io, frames, 0.5, gain);
        expect(take(io, frames * 2)).toEqual(a.subarray(0, frames * 2).map((value, i) => value * (i & 1 ? gain : 0.5)));
      }),
      { numRuns: 60 },
    );
  });

  test("monoToStereo copies left over right", () => {
    put(io, Float32Array.from([1, 2, 3, 4, 5, 6]));
    exports.monoToStereo(io, 3);
    expect([...take(io, 6)]).toEqual([1, 1, 3, 3, 5, 5]);
  });

  const amplitude = (db: number) => (db <= -120 ? 0 : 10 ** (db / 20));
  const shapes = [
    (from: number) => amplitude(from),
    (from: number, to: number, way: number) => amplitude(from) + (amplitude(to) - amplitude(from)) * way,
    (from: number, to: number, way: number) => amplitude(from + (to - from) * way),
    (_from: number, _to: number, way: number) => Math.sin((Math.PI / 2) * way),
    (_from: number, _to: number, way: number) => Math.cos((Math.PI / 2) * way),
  ];

  /** The gains that a segment gives to `frames` frames from `offset`. */
  const segment = (
    shape: number,
    frames: number,
    from: number,
    to: number,
    offset: number,
    length: number,
  ): Float32Array => {
    put(io, new Float32Array(frames * 4).fill(1));
    exports.applySegment(io, 2, frames, shape, from, to, offset, length);
    const gains = take(io, frames * 4);
    expect(gains.subarray(0, frames * 2)).toEqual(gains.subarray(frames * 2));
    return Float32Array.from({ length: frames }, (_, i) => gains[i * 2] ?? Number.NaN);
  };

  test.each([0, 1, 2, 3, 4])("segment shape %d follows its formula, whatever the block", (shape) => {
    const level = fc.oneof(fc.constant(-120), fc.constant(0), fc.double({ min: -60, max: 20, noNaN: true }));
    fc.assert(
      fc.property(
        framesCounts,
        level,
        level,
        fc.integer({ min: -50, max: 5000 }),
        fc.integer({ min: 1, max: 4000 }),
        (frames, from, to, offset, length) => {
          const gains = segment(shape, frames, from, to, offset, length);
          gains.forEach((gain, i) => {
            const way = Math.min(1, Math.max(0, (offset + i) / length));
            const expected = shapes[shape]?.(from, to, way) ?? Number.NaN;
            expect(Math.abs(gain - expected)).toBeLessThan(1e-6 * Math.max(1, expected));
          });
          const cut = frames >> 1;
          if (cut > 0) {
            const tail = segment(shape, frames - cut, from, to, offset + cut, length);
            expect(largestDifference(tail, gains.subarray(cut))).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("the two halves of a constant-power fade keep the power, those of an amplitude fade the sum", () => {
    const [rising, falling] = [segment(3, 257, 0, 0, 0, 256), segment(4, 257, 0, 0, 0, 256)];
    rising.forEach((gain, i) => {
      expect(gain ** 2 + (falling[i] ?? 0) ** 2).toBeCloseTo(1, 6);
    });
    expect([rising[0], falling[0], rising[256]]).toEqual([0, 1, 1]);
    const [up, down] = [segment(1, 257, -120, 0, 0, 256), segment(1, 257, 0, -120, 0, 256)];
    up.forEach((gain, i) => {
      expect(gain + (down[i] ?? 0)).toBe(1);
    });
  });
});

describe("levels", () => {
  test("blockPeak and isSilent see every sample of every pair", () => {
    fc.assert(
      fc.property(framesCounts, fc.integer({ min: 1, max: 4 }), fc.nat(), (frames, pairs, where) => {
        const block = new Float32Array(frames * pairs * 2);
        put(io, block);
        engine.floats(io + block.length * 4, 4).fill(9);
        expect(exports.isSilent(io, pairs, frames)).toBe(1);
        expect(exports.blockPeak(io, pairs, frames)).toBe(0);
        block[where % block.length] = -1e-40;
        put(io, block);
        expect(exports.isSilent(io, pairs, frames)).toBe(0);
        block[where % block.length] = -0.75;
        put(io, block);
        expect(exports.blockPeak(io, pairs, frames)).toBe(0.75);
      }),
      { numRuns: 60 },
    );
  });
});
