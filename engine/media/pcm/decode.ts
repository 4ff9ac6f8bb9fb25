import type { PcmEncoding, PcmLayout } from "../media.ts";
import { BYTES_PER_SAMPLE } from "./layout.ts";

type ReadSample = (view: DataView, at: number, littleEndian: boolean) => number;

const s24 = (view: DataView, at: number, littleEndian: boolean): number =>
  littleEndian
    ? view.getUint16(at, true) | (view.getInt8(at + 2) << 16)
    : view.getUint16(at + 1, false) | (view.getInt8(at) << 16);

/** ITU-T G.711 A-law: 13-bit segments, every second bit inverted on the line; scaled to 16 bits. */
const alawToLinear = (code: number): number => {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return bits & 0x80 ? magnitude : -magnitude;
};

/** ITU-T G.711 mu-law: 14-bit segments with a bias of 33 (132 at 16 bits), all bits inverted on the line. */
const ulawToLinear = (code: number): number => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
};

const table = (toLinear: (code: number) => number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, code) => toLinear(code) / 32_768);

const ALAW = table(alawToLinear);
const ULAW = table(ulawToLinear);

const READERS: Readonly<Record<PcmEncoding, ReadSample>> = {
  u8: (view, at) => (view.getUint8(at) - 128) / 128,
  s8: (view, at) => view.getInt8(at) / 128,
  s16: (view, at, littleEndian) => view.getInt16(at, littleEndian) / 32_768,
  s24: (view, at, littleEndian) => s24(view, at, littleEndian) / 8_388_608,
  // The sample lies in the low three bytes; the fourth is padding, not always sign-extended.
  s24in32: (view, at, littleEndian) => s24(view, littleEndian ? at : at + 1, littleEndian) / 8_388_608,
  s32: (view, at, littleEndian) => view.getInt32(at, littleEndian) / 2_147_483_648,
  s64: (view, at, littleEndian) => Number(view.getBigInt64(at, littleEndian)) / 2 ** 63,
  f32: (view, at, littleEndian) => finite(view.getFloat32(at, littleEndian)),
  f64: (view, at, littleEndian) => finite(Math.fround(view.getFloat64(at, littleEndian))),
  alaw: (view, at) => ALAW[view.getUint8(at)]!,
  ulaw: (view, at) => ULAW[view.getUint8(at)]!,
};

/** NaN and infinities become 0, so that one broken sample cannot poison a filter. */
const finite = (sample: number): number => (Number.isFinite(sample) ? sample : 0);

/**
 * Decodes whole frames of any layout to interleaved floats, full scale = 1.0; gives the number of frames decoded.
 * The reference for the kernels in engine.wasm, and the reader of the encodings that have none.
 */
export const decodePcm = (layout: PcmLayout, bytes: Uint8Array, frames: number, into: Float32Array): number => {
  const sampleBytes = BYTES_PER_SAMPLE[layout.encoding];
  const channels = layout.bytesPerFrame / sampleBytes;
  const count = Math.min(frames, Math.floor(bytes.length / layout.bytesPerFrame), Math.floor(into.length / channels));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READERS[layout.encoding];
  const littleEndian = !layout.bigEndian;
  for (let sample = 0; sample < count * channels; ++sample) {
    into[sample] = read(view, sample * sampleBytes, littleEndian);
  }
  return count;
};
