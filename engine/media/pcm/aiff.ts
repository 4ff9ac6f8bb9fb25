import { fourCharacters, type HeaderWindow } from "../header-window.ts";
import type { PcmEncoding } from "../media.ts";
import { type Chunk, riffForm, walkChunks } from "./chunks.ts";
import { integerEncoding, type ParsedHeader, pcmHeader } from "./layout.ts";

type Common = {
  readonly channels: number;
  readonly bits: number;
  readonly sampleRate: number;
  /** Four characters of AIFC; "NONE" for AIFF. */
  readonly compression: string;
};

type Sample = { readonly encoding: PcmEncoding; readonly bigEndian: boolean };

/** Encodings of AIFC compression types; those of whole integers take their width from the bit count. */
const COMPRESSIONS: Readonly<Record<string, (bits: number) => Sample | null>> = {
  NONE: (bits) => integer(bits, true),
  twos: (bits) => integer(bits, true),
  sowt: (bits) => integer(bits, false),
  "raw ": (bits) => (bits <= 8 ? { encoding: "u8", bigEndian: true } : null),
  in24: () => ({ encoding: "s24", bigEndian: true }),
  "42ni": () => ({ encoding: "s24", bigEndian: false }),
  in32: () => ({ encoding: "s32", bigEndian: true }),
  "23ni": () => ({ encoding: "s32", bigEndian: false }),
  fl32: () => ({ encoding: "f32", bigEndian: true }),
  FL32: () => ({ encoding: "f32", bigEndian: true }),
  fl64: () => ({ encoding: "f64", bigEndian: true }),
  FL64: () => ({ encoding: "f64", bigEndian: true }),
  alaw: () => ({ encoding: "alaw", bigEndian: true }),
  ALAW: () => ({ encoding: "alaw", bigEndian: true }),
  ulaw: () => ({ encoding: "ulaw", bigEndian: true }),
  ULAW: () => ({ encoding: "ulaw", bigEndian: true }),
};

const integer = (bits: number, bigEndian: boolean): Sample | null => {
  const encoding = bits >= 1 ? integerEncoding(bits) : null;
  return encoding === null ? null : { encoding, bigEndian };
};

const COMMON_BYTES = 22;

/** Reads the header of AIFF and AIFC, COMM before or after SSND. Apple "Audio Interchange File Format", 1991. */
export const readAiffHeader = async (window: HeaderWindow, start: number): Promise<ParsedHeader> => {
  const isAifc = fourCharacters(await window.bytes(start + 8, 4), 0) === "AIFC";
  let common: Common | null = null;
  let sound: { offset: number; bytes: number } | null = null;
  await walkChunks(window, start + 12, riffForm(true), async (chunk) => {
    if (chunk.id === "COMM") common ??= await readCommon(window, chunk, isAifc);
    if (chunk.id === "SSND") sound ??= await readSound(window, chunk);
    return common !== null && sound !== null ? "stop" : chunk.declaredBytes;
  });
  return aiffFacts(isAifc ? "aifc" : "aiff", common, sound);
};

const aiffFacts = (
  container: string,
  common: Common | null,
  sound: { readonly offset: number; readonly bytes: number } | null,
): ParsedHeader => {
  if (common === null) return { kind: "not-audio", reason: "its AIFF header has no COMM chunk" };
  if (sound === null) return { kind: "not-audio", reason: "its AIFF header has no SSND chunk" };
  const sample = COMPRESSIONS[common.compression]?.(common.bits) ?? null;
  if (sample === null) {
    return { kind: "unsupported", reason: `AIFC compression "${common.compression}" at ${common.bits} bits` };
  }
  const width = { u8: 8, s8: 8, s16: 16, s24: 24, s32: 32, s64: 64, f32: 32, f64: 64, alaw: 8, ulaw: 8, s24in32: 24 }[
    sample.encoding
  ];
  const isInteger = sample.encoding.startsWith("s");
  return pcmHeader({
    container,
    ...sample,
    channels: common.channels,
    sampleRate: common.sampleRate,
    validBits: isInteger && common.bits >= 1 && common.bits < width ? common.bits : width,
    dataOffset: sound.offset,
    dataBytes: sound.bytes,
  });
};

const readCommon = async (window: HeaderWindow, chunk: Chunk, isAifc: boolean): Promise<Common | null> => {
  const bytes = await window.bytes(chunk.dataOffset, Math.min(chunk.dataBytes, COMMON_BYTES));
  if (bytes.length < 18) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    channels: view.getUint16(0),
    bits: view.getUint16(6),
    sampleRate: extendedFloat(view, 8),
    compression: isAifc && bytes.length >= COMMON_BYTES ? fourCharacters(bytes, 18) : "NONE",
  };
};

const readSound = async (window: HeaderWindow, chunk: Chunk): Promise<{ offset: number; bytes: number }> => {
  const view = await window.view(chunk.dataOffset, Math.min(chunk.dataBytes, 8));
  if (view.byteLength < 8) return { offset: chunk.dataOffset + 8, bytes: 0 };
  const rest = chunk.dataBytes - 8;
  // An offset past the chunk leaves no sound (libsndfile issue 106: 170 with blocks of 3,183,330,648 bytes).
  const skipped = Math.min(view.getUint32(0), rest);
  return { offset: chunk.dataOffset + 8 + skipped, bytes: rest - skipped };
};

/** IEEE 754 80-bit extended number, big-endian; NaN for infinities and NaNs. */
export const extendedFloat = (view: DataView, at: number): number => {
  const exponent = view.getUint16(at) & 0x7fff;
  const sign = view.getUint16(at) & 0x8000 ? -1 : 1;
  const high = view.getUint32(at + 2);
  const low = view.getUint32(at + 6);
  if (exponent === 0x7fff) return Number.NaN;
  return sign * (high * 2 ** (exponent - 16383 - 31) + low * 2 ** (exponent - 16383 - 63));
};
