import { ProblemError } from "../../../schema/problem.ts";
import { damagedMedia } from "../media-problem.ts";
import { BitReader } from "./bit-reader.ts";
import type { FlacStreamInfo } from "./flac-frames.ts";
import type { PacketDecoder, PlanarBlock } from "./planar-block.ts";

/*
 * An own decoder, because the packaged one (libFLAC in WebAssembly, 0.2.11) has a fixed memory that eight channels or
 * long blocks overrun, and scales by 32767 instead of 32768. All arithmetic is on doubles, which hold every
 * intermediate of a 32-bit stream exactly (33 + 15 + 5 bits).
 */

type FrameHeader = { readonly blockFrames: number; readonly assignment: number; readonly bits: number };

const SAMPLE_BITS = [0, 8, 12, 0, 16, 20, 24, 32];
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;

class FlacDamage extends Error {}

/** Decodes FLAC frames bit by bit; exact at every depth, rounded to float only above 24 bits. RFC 9639. */
export const createFlacDecoder = (info: FlacStreamInfo, file: string): PacketDecoder => ({
  decode: (frames) => {
    try {
      return join(
        frames.map((frame) => decodeFrame(frame, info)),
        info.channels,
      );
    } catch (error) {
      if (error instanceof FlacDamage) throw new ProblemError(damagedMedia(file, error.message));
      throw error;
    }
  },
  close: () => undefined,
});

const join = (blocks: readonly PlanarBlock[], channels: number): PlanarBlock => {
  const frames = blocks.reduce((sum, block) => sum + block.frames, 0);
  const joined = Array.from({ length: channels }, () => new Float32Array(frames));
  let at = 0;
  for (const block of blocks) {
    for (let channel = 0; channel < channels; ++channel) joined[channel]!.set(block.channels[channel]!, at);
    at += block.frames;
  }
  return { channels: joined, frames };
};

const decodeFrame = (frame: Uint8Array, info: FlacStreamInfo): PlanarBlock => {
  const reader = new BitReader(frame);
  const header = readHeader(reader, info);
  const channels = header.assignment < LEFT_SIDE ? header.assignment + 1 : 2;
  if (channels !== info.channels) throw new FlacDamage(`its channels change from ${info.channels} to ${channels}`);
  const samples = Array.from({ length: channels }, (_, channel) =>
    readSubframe(reader, header.blockFrames, header.bits + (isSide(header.assignment, channel) ? 1 : 0)),
  );
  if (reader.isPastEnd) throw new FlacDamage("a FLAC frame is shorter than its contents");
  if (samples.length === 2) restoreStereo(header.assignment, samples[0]!, samples[1]!);
  return { channels: samples.map((channel) => toFloats(channel, header.bits)), frames: header.blockFrames };
};

const toFloats = (samples: Float64Array, bits: number): Float32Array => {
  const floats = new Float32Array(samples.length);
  const scale = 2 ** (1 - bits);
  for (let at = 0; at < samples.length; ++at) floats[at] = samples[at]! * scale;
  return floats;
};

const isSide = (assignment: number, channel: number): boolean =>
  (assignment === SIDE_RIGHT && channel === 0) ||
  ((assignment === LEFT_SIDE || assignment === MID_SIDE) && channel === 1);

const readHeader = (reader: BitReader, info: FlacStreamInfo): FrameHeader => {
  reader.skip(16);
  const blockCode = reader.unsigned(4);
  const rateCode = reader.unsigned(4);
  const assignment = reader.unsigned(4);
  const bitCode = reader.unsigned(3);
  reader.skip(1);
  const first = reader.unsigned(8);
  if (first >= 0xc0) reader.skip(8 * (Math.clz32(~(first << 24)) - 1));
  const blockFrames = blockLength(reader, blockCode);
  reader.skip((rateCode === 12 ? 8 : rateCode === 13 || rateCode === 14 ? 16 : 0) + 8);
  const bits = bitCode === 0 ? info.bitDepth : SAMPLE_BITS[bitCode]!;
  if (bits < 4 || assignment > MID_SIDE) throw new FlacDamage("a FLAC frame header uses reserved values");
  return { blockFrames, assignment, bits };
};

const blockLength = (reader: BitReader, code: number): number => {
  if (code === 1) return 192;
  if (code < 6) return 576 << (code - 2);
  if (code === 6) return reader.unsigned(8) + 1;
  return code === 7 ? reader.unsigned(16) + 1 : 256 << (code - 8);
};

const readSubframe = (reader: BitReader, length: number, frameBits: number): Float64Array => {
  const samples = new Float64Array(length);
  reader.skip(1);
  const type = reader.unsigned(6);
  const wasted = reader.unsigned(1) === 1 ? reader.unary() + 1 : 0;
  const bits = frameBits - wasted;
  if (bits < 1) throw new FlacDamage("a FLAC subframe wastes all its bits");
  if (type === 0) samples.fill(reader.signed(bits));
  else if (type === 1) for (let at = 0; at < length; ++at) samples[at] = reader.signed(bits);
  else if (type >= 8 && type <= 12) readFixed(reader, samples, type - 8, bits);
  else if (type >= 32) readLinear(reader, samples, type - 31, bits);
  else throw new FlacDamage("a FLAC subframe has a reserved type");
  if (wasted > 0) for (let at = 0; at < length; ++at) samples[at] = samples[at]! * 2 ** wasted;
  return samples;
};

const readWarmUp = (reader: BitReader, samples: Float64Array, order: number, bits: number): void => {
  if (order > samples.length) throw new FlacDamage("a FLAC predictor is longer than its block");
  for (let at = 0; at < order; ++at) samples[at] = reader.signed(bits);
};

/** Fixed predictors are differences of order 0 to 4. */
const readFixed = (reader: BitReader, samples: Float64Array, order: number, bits: number): void => {
  readWarmUp(reader, samples, order, bits);
  readResidual(reader, samples, order);
  const [a, b, c, d] = [
    [0, 0, 0, 0],
    [1, 0, 0, 0],
    [2, -1, 0, 0],
    [3, -3, 1, 0],
    [4, -6, 4, -1],
  ][order] as number[];
  for (let at = order; at < samples.length; ++at) {
    let predicted = 0;
    if (order > 0) predicted += a! * samples[at - 1]!;
    if (order > 1) predicted += b! * samples[at - 2]!;
    if (order > 2) predicted += c! * samples[at - 3]!;
    if (order > 3) predicted += d! * samples[at - 4]!;
    samples[at] = samples[at]! + predicted;
  }
};

const readLinear = (reader: BitReader, samples: Float64Array, order: number, bits: number): void => {
  readWarmUp(reader, samples, order, bits);
  const precision = reader.unsigned(4) + 1;
  const shift = reader.signed(5);
  if (precision === 16 || shift < 0) throw new FlacDamage("a FLAC predictor has an invalid precision or shift");
  const coefficients = new Float64Array(order);
  for (let index = 0; index < order; ++index) coefficients[index] = reader.signed(precision);
  readResidual(reader, samples, order);
  const scale = 2 ** -shift;
  for (let at = order; at < samples.length; ++at) {
    let sum = 0;
    for (let index = 0; index < order; ++index) sum += coefficients[index]! * samples[at - 1 - index]!;
    samples[at] = samples[at]! + Math.floor(sum * scale);
  }
};

/** Partitioned Rice residuals behind the warm-up samples. RFC 9639 9.2.7. */
const readResidual = (reader: BitReader, samples: Float64Array, order: number): void => {
  const method = reader.unsigned(2);
  if (method > 1) throw new FlacDamage("a FLAC residual uses a reserved coding");
  const parameterBits = method === 0 ? 4 : 5;
  const rawCode = 2 ** parameterBits - 1;
  const partitions = 2 ** reader.unsigned(4);
  const length = samples.length / partitions;
  if (!Number.isInteger(length) || length < order) throw new FlacDamage("a FLAC residual has impossible partitions");
  for (let partition = 0; partition < partitions; ++partition) {
    const from = partition === 0 ? order : partition * length;
    const to = (partition + 1) * length;
    const parameter = reader.unsigned(parameterBits);
    if (parameter < rawCode) reader.rice(parameter, samples, from, to);
    else readRaw(reader, samples, from, to);
    if (reader.isPastEnd) throw new FlacDamage("a FLAC frame is shorter than its contents");
  }
};

const readRaw = (reader: BitReader, samples: Float64Array, from: number, to: number): void => {
  const bits = reader.unsigned(5);
  for (let at = from; at < to; ++at) samples[at] = bits === 0 ? 0 : reader.signed(bits);
};

const restoreStereo = (assignment: number, first: Float64Array, second: Float64Array): void => {
  for (let at = 0; at < first.length; ++at) {
    const a = first[at]!;
    const b = second[at]!;
    if (assignment === LEFT_SIDE) second[at] = a - b;
    if (assignment === SIDE_RIGHT) first[at] = a + b;
    if (assignment !== MID_SIDE) continue;
    const middle = 2 * a + (b & 1);
    first[at] = (middle + b) / 2;
    second[at] = (middle - b) / 2;
  }
};
