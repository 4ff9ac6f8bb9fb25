import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PcmEncoding, PcmLayout } from "../../../engine/media/media.ts";
import { decodePcm } from "../../../engine/media/pcm/decode.ts";
import { encodePcm } from "../../../engine/media/pcm/encode.ts";
import { BYTES_PER_SAMPLE } from "../../../engine/media/pcm/layout.ts";
import { openMedia } from "../../../engine/media/probe.ts";
import { sourceOf } from "./sources.ts";
import { bytes, chunk, format, riff, sound } from "./wave-bytes.ts";

const layout = (encoding: PcmEncoding, bigEndian = false, channels = 1): PcmLayout => ({
  encoding,
  bigEndian,
  dataOffset: 0,
  bytesPerFrame: BYTES_PER_SAMPLE[encoding] * channels,
  validBits: 8 * BYTES_PER_SAMPLE[encoding],
});

const decode = (encoding: PcmEncoding, bigEndian: boolean, data: Uint8Array): number[] => {
  const into = new Float32Array(data.length / BYTES_PER_SAMPLE[encoding]);
  expect(decodePcm(layout(encoding, bigEndian), data, into.length, into)).toBe(into.length);
  return Array.from(into);
};

const write = (samples: readonly number[], width: number, set: (view: DataView, at: number, value: number) => void) => {
  const data = new Uint8Array(samples.length * width);
  samples.forEach((sample, index) => {
    set(new DataView(data.buffer), index * width, sample);
  });
  return data;
};

/** Full scale down and up, small steps around 0. */
const integers = (bits: number) => [-(2 ** (bits - 1)), -1, 0, 1, 2 ** (bits - 1) - 1, 2 ** (bits - 2)];
const scaled = (bits: number) => integers(bits).map((value) => Math.fround(value / 2 ** (bits - 1)));

const s24 = (littleEndian: boolean) => (view: DataView, at: number, value: number) => {
  const [low, middle, high] = [value & 255, (value >> 8) & 255, (value >> 16) & 255];
  [low, middle, high].forEach((byte, index) => {
    view.setUint8(at + (littleEndian ? index : 2 - index), byte);
  });
};

describe.each([false, true])("big-endian: %s", (bigEndian) => {
  const le = !bigEndian;

  test("integers of 8, 16, 24, 32 and 64 bits reach full scale at -1", () => {
    const s8 = write(integers(8), 1, (view, at, value) => view.setInt8(at, value));
    const u8 = write(integers(8), 1, (view, at, value) => view.setUint8(at, value + 128));
    const s16 = write(integers(16), 2, (view, at, value) => view.setInt16(at, value, le));
    const s32 = write(integers(32), 4, (view, at, value) => view.setInt32(at, value, le));
    const s64 = write(integers(32), 8, (view, at, value) => view.setBigInt64(at, BigInt(value) << 32n, le));
    expect(decode("s8", bigEndian, s8)).toEqual(scaled(8));
    expect(decode("u8", bigEndian, u8)).toEqual(scaled(8));
    expect(decode("s16", bigEndian, s16)).toEqual(scaled(16));
    expect(decode("s24", bigEndian, write(integers(24), 3, s24(le)))).toEqual(scaled(24));
    expect(decode("s32", bigEndian, s32)).toEqual(scaled(32));
    expect(decode("s64", bigEndian, s64)).toEqual(scaled(32));
  });

  test("the padding byte of 24 bits in 32 is not looked at", () => {
    const data = write(integers(24), 4, (view, at, value) => {
      s24(le)(view, le ? at : at + 1, value);
      view.setUint8(le ? at + 3 : at, 0xa5);
    });
    expect(decode("s24in32", bigEndian, data)).toEqual(scaled(24));
  });

  test("floats keep values above full scale, and lose NaN and infinities", () => {
    const samples = [0, -0.5, 1, 3.5, 1e-40, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const kept = [0, -0.5, 1, 3.5, Math.fround(1e-40), 0, 0, 0];
    const f32 = write(samples, 4, (view, at, value) => view.setFloat32(at, value, le));
    const f64 = write([...samples, 1e300], 8, (view, at, value) => view.setFloat64(at, value, le));
    expect(decode("f32", bigEndian, f32)).toEqual(kept);
    expect(decode("f64", bigEndian, f64)).toEqual([...kept, 0]);
  });
});

test("A-law and mu-law follow the tables of ITU-T G.711", () => {
  const alaw = decode("alaw", false, bytes([0xd5, 0x55, 0xaa, 0x2a, 0x80, 0x00])).map((sample) => sample * 32_768);
  expect(alaw).toEqual([8, -8, 32_256, -32_256, 5504, -5504]);
  const ulaw = decode("ulaw", false, bytes([0xff, 0x7f, 0x80, 0x00, 0xf0, 0x70])).map((sample) => sample * 32_768);
  expect(ulaw).toEqual([0, -0, 32_124, -32_124, 120, -120]);
});

test("what a copy stores in 16 or 24 bits comes back bit for bit", () => {
  for (const bitDepth of [16, 24] as const) {
    const scale = 2 ** (bitDepth - 1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -scale, max: scale - 1 }), { minLength: 1, maxLength: 50 }), (samples) => {
        const floats = Float32Array.from(samples, (sample) => sample / scale);
        expect(decode(bitDepth === 16 ? "s16" : "s24", false, encodePcm(floats, bitDepth))).toEqual([...floats]);
      }),
    );
  }
});

describe("reading in place", () => {
  const file = riff(chunk("fmt ", format({ channels: 2 })), chunk("data", sound(40)));
  const all = Array.from({ length: 20 }, (_, index) => ((2 * index + 2) * 256 + 2 * index + 1) / 32_768);

  const reader = async (isAsync: boolean) => {
    const opened = await openMedia(sourceOf(file, isAsync), "a.wav");
    if (!opened.ok || opened.value.pcm === undefined) throw new Error("the file was not opened");
    return opened.value.pcm;
  };

  test("any stretch holds the same samples as the whole", async () => {
    const pcm = await reader(false);
    for (let start = 0; start <= 10; ++start) {
      const into = new Float32Array(20);
      expect(pcm.read(start, 10, into)).toBe(10 - start);
      expect(Array.from(into.subarray(0, 20 - 2 * start))).toEqual(all.slice(2 * start));
    }
  });

  test("a source that answers at once is read at once, another when it answers", async () => {
    const into = new Float32Array(20);
    expect((await reader(false)).read(0, 10, into)).toBe(10);
    const later = (await reader(true)).read(0, 10, into);
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toBe(10);
    expect(Array.from(into)).toEqual(all);
  });

  test("behind the end there is nothing", async () => {
    expect((await reader(false)).read(10, 5, new Float32Array(10))).toBe(0);
    expect((await reader(false)).read(1000, 5, new Float32Array(10))).toBe(0);
  });
});
