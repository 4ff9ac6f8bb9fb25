import { ProblemError } from "../../../schema/problem.ts";
import { damagedMedia } from "../media-problem.ts";
import type { ForwardReader } from "./forward-reader.ts";

/** STREAMINFO. RFC 9639 8.2. */
export type FlacStreamInfo = {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number;
  /** 0 = unknown. */
  readonly frames: number;
  /** "fLaC" and the STREAMINFO block, marked as the last: what a decoder must see before the first frame. */
  readonly header: Uint8Array<ArrayBuffer>;
};

/** Largest frame that can exist: 65,535 samples of 8 channels at 32 bits, stored verbatim, and headers. */
const MAX_FRAME_BYTES = 65_535 * 8 * 4 + 4096;
/** How far on a header's number may be to belong to the same stream: a few blocks, counted in frames or in samples. */
const MAX_LATER = 4 * 65_535;
const SCAN_STEP_BYTES = 65_536;

const crcTable = (bits: 8 | 16, polynomial: number): Uint16Array => {
  const top = 1 << (bits - 1);
  const mask = (1 << bits) - 1;
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (bits - 8);
    for (let bit = 0; bit < 8; ++bit) crc = ((crc << 1) ^ ((crc & top) !== 0 ? polynomial : 0)) & mask;
    return crc;
  });
};

const CRC8 = crcTable(8, 0x07);
const CRC16 = crcTable(16, 0x8005);

/** Parses STREAMINFO from "fLaC" on; null when it is broken. */
export const parseStreamInfo = (bytes: Uint8Array): FlacStreamInfo | null => {
  if (bytes.length < 42 || (bytes[4]! & 0x7f) !== 0 || bytes[7]! < 34) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed = view.getBigUint64(18);
  const header = new Uint8Array(42);
  header.set(bytes.subarray(0, 42));
  header.set([0x80, 0, 0, 34], 4);
  const sampleRate = Number(packed >> 44n);
  if (sampleRate === 0) return null;
  return {
    sampleRate,
    channels: (Number(packed >> 41n) & 7) + 1,
    bitDepth: (Number(packed >> 36n) & 31) + 1,
    frames: Number(packed & 0xf_ffff_ffffn),
    header,
  };
};

/** Length in bytes of the frame header at `at`, its CRC-8 included; 0 where none stands. RFC 9639 9.1. */
export const flacHeaderBytes = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8 || at + 6 > bytes.length) return 0;
  const blockCode = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  const bitCode = (bytes[at + 3]! >> 1) & 7;
  if (blockCode === 0 || rateCode === 15 || bytes[at + 3]! >> 4 > 10 || bitCode === 3 || bytes[at + 3]! & 1) return 0;
  const numberBytes = codedNumberBytes(bytes[at + 4]!);
  if (numberBytes === 0) return 0;
  const blockBytes = blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  const length = 4 + numberBytes + blockBytes + rateBytes;
  if (at + length >= bytes.length) return 0;
  let crc = 0;
  for (let index = at; index < at + length; ++index) crc = CRC8[crc ^ bytes[index]!]!;
  return crc === bytes[at + length] ? length + 1 : 0;
};

/** Bytes of the UTF-8 like frame number by its first byte; 0 when that is none. */
const codedNumberBytes = (first: number): number => {
  if (first < 0x80) return 1;
  if (first < 0xc0 || first === 0xff) return 0;
  return Math.clz32(~(first << 24));
};

/** Number of the frame (fixed block size) or of its first sample whose header stands at `at`. RFC 9639 9.1.5. */
const frameNumber = (bytes: Uint8Array, at: number): number => {
  const length = codedNumberBytes(bytes[at + 4]!);
  let number = length === 1 ? bytes[at + 4]! : bytes[at + 4]! & (0x7f >> length);
  for (let index = 1; index < length; ++index) number = number * 64 + (bytes[at + 4 + index]! & 0x3f);
  return number;
};

/** Cuts a native FLAC stream into whole frames, each checked by its CRC-16 and followed by another or the end. */
export async function* flacFrames(reader: ForwardReader, file: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const head = await reader.need(32);
    if (head.length === 0 || isTrailingTag(head)) return;
    if (flacHeaderBytes(head, 0) === 0) {
      // Fewer bytes than a frame header: the rest of a file that was cut off.
      if (head.length < 16) return;
      throw new ProblemError(damagedMedia(file, `no FLAC frame stands at byte ${reader.position}`));
    }
    const length = await frameLength(reader, file);
    if (length === 0) return;
    yield (await reader.need(length)).slice(0, length);
    reader.skip(length);
  }
}

/** Length of the frame at the front of `reader`; 0 for a last frame that was cut off. A damaged frame is a problem. */
const frameLength = async (reader: ForwardReader, file: string): Promise<number> => {
  let crc = 0;
  let at = 0;
  let tagEnd = 0;
  let isFollowed = false;
  const number = frameNumber(await reader.need(16), 0);
  for (;;) {
    const bytes = await reader.need(at + SCAN_STEP_BYTES);
    const atEnd = bytes.length < at + SCAN_STEP_BYTES;
    // A header takes up to 16 bytes: the last of them are looked at with the next stretch.
    const limit = atEnd ? bytes.length : bytes.length - 16;
    for (; at < limit; ++at) {
      if (crc === 0 && at > 0) {
        if (flacHeaderBytes(bytes, at) > 0) return at;
        if (isTrailingTag(bytes.subarray(at))) tagEnd = at;
      }
      if (bytes[at] === 0xff && at > 0 && flacHeaderBytes(bytes, at) > 0) {
        const later = frameNumber(bytes, at) - number;
        isFollowed ||= later > 0 && later <= MAX_LATER;
      }
      crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ bytes[at]!]!;
    }
    if (at > MAX_FRAME_BYTES || (atEnd && crc !== 0 && tagEnd === 0 && isFollowed)) {
      throw new ProblemError(damagedMedia(file, `the FLAC frame at byte ${reader.position} fails its checksum`));
    }
    if (atEnd) return crc === 0 ? at : tagEnd;
  }
};

/** ID3v1 and APE tags that some taggers put behind the last frame. */
const isTrailingTag = (bytes: Uint8Array): boolean => {
  const text = String.fromCharCode(...bytes.subarray(0, 8));
  return (text.startsWith("TAG") && bytes.length <= 128 + 32) || text === "APETAGEX";
};
