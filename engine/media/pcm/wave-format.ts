import type { PcmEncoding } from "../media.ts";
import { floatEncoding, integerEncoding } from "./layout.ts";

/** The `fmt ` chunk of WAV and W64, reduced to what a reader needs. */
export type WaveFormat = {
  readonly channels: number;
  readonly sampleRate: number;
  readonly encoding: PcmEncoding;
  readonly validBits: number;
};

export type ParsedFormat =
  | { readonly kind: "format"; readonly format: WaveFormat }
  | { readonly kind: "unsupported" | "not-audio"; readonly reason: string };

const TAG_PCM = 1;
const TAG_FLOAT = 3;
const TAG_ALAW = 6;
const TAG_ULAW = 7;
const TAG_EXTENSIBLE = 0xfffe;
/** Tail of KSDATAFORMAT_SUBTYPE_*, and of the ambisonic B-format subtypes (AMB). */
const SUBTYPE_TAILS = ["000000001000800000aa00389b71", "00002107d3118644c8c1ca000000"];

const CODEC_NAMES: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  64: "G.721 ADPCM",
  80: "MPEG layer 2",
  85: "MP3",
  255: "AAC",
};

const hex = (bytes: DataView, from: number, to: number): string => {
  let text = "";
  for (let at = from; at < to; ++at) text += bytes.getUint8(at).toString(16).padStart(2, "0");
  return text;
};

/** Parses WAVEFORMAT (14 bytes), PCMWAVEFORMAT (16), WAVEFORMATEX (18) and WAVEFORMATEXTENSIBLE (40, mmreg.h). */
export const parseWaveFormat = (fmt: DataView, littleEndian: boolean): ParsedFormat => {
  if (fmt.byteLength < 14) return { kind: "not-audio", reason: "its fmt chunk is shorter than 14 bytes" };
  const channels = fmt.getUint16(2, littleEndian);
  const sampleRate = fmt.getUint32(4, littleEndian);
  const blockAlign = fmt.getUint16(12, littleEndian);
  const bits = fmt.byteLength >= 16 ? fmt.getUint16(14, littleEndian) : 8 * Math.floor(blockAlign / (channels || 1));
  const tag = subFormatTag(fmt, littleEndian);
  if (tag === null) return { kind: "unsupported", reason: "an unknown extensible format" };
  const encoding = waveEncoding(tag, bits, blockAlign === 4 * channels);
  if (encoding === null) {
    const name = CODEC_NAMES[tag] ?? `format ${tag}`;
    return { kind: "unsupported", reason: tag === TAG_PCM || tag === TAG_FLOAT ? `${bits} bit samples` : name };
  }
  return {
    kind: "format",
    format: { channels, sampleRate, encoding, validBits: validBits(fmt, littleEndian, bits, encoding) },
  };
};

const subFormatTag = (fmt: DataView, littleEndian: boolean): number | null => {
  const tag = fmt.getUint16(0, littleEndian);
  if (tag !== TAG_EXTENSIBLE) return tag;
  if (fmt.byteLength < 40 || !SUBTYPE_TAILS.includes(hex(fmt, 26, 40))) return null;
  return fmt.getUint16(24, littleEndian);
};

/** Trusts the bit count above the block size, which lies more often; only 24 bits in 4 bytes are told apart by it. */
const waveEncoding = (tag: number, bits: number, fourBytesPerSample: boolean): PcmEncoding | null => {
  if (tag === TAG_FLOAT) return floatEncoding(bits);
  if (tag === TAG_ALAW || tag === TAG_ULAW) return bits === 8 ? (tag === TAG_ALAW ? "alaw" : "ulaw") : null;
  if (tag !== TAG_PCM) return null;
  if (bits >= 1 && bits <= 8) return "u8";
  if (bits === 24 && fourBytesPerSample) return "s24in32";
  return integerEncoding(bits);
};

const validBits = (fmt: DataView, littleEndian: boolean, bits: number, encoding: PcmEncoding): number => {
  const extensible = fmt.getUint16(0, littleEndian) === TAG_EXTENSIBLE;
  const valid = extensible ? fmt.getUint16(18, littleEndian) : bits;
  const isInteger = encoding === "s16" || encoding === "s24" || encoding === "s32" || encoding === "s64";
  return isInteger && valid >= 1 && valid < bits ? valid : bits;
};
