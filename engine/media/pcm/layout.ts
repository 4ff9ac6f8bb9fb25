import type { MediaInfo, PcmEncoding, PcmLayout } from "../media.ts";

/** What a PCM header says, all facts checked and clamped to the file. */
export type PcmInfo = MediaInfo & { readonly frames: number; readonly pcm: PcmLayout };

/** Outcome of a header parser: an audio file, an encoding without a reader, or no audio file. `reason` is a clause. */
export type ParsedHeader =
  | { readonly kind: "pcm"; readonly info: PcmInfo; readonly warnings: readonly string[] }
  | { readonly kind: "unsupported"; readonly reason: string }
  | { readonly kind: "not-audio"; readonly reason: string };

/** Bytes of one sample of one channel as it lies in the file. */
export const BYTES_PER_SAMPLE: Readonly<Record<PcmEncoding, number>> = {
  u8: 1,
  s8: 1,
  s16: 2,
  s24: 3,
  s24in32: 4,
  s32: 4,
  s64: 8,
  f32: 4,
  f64: 8,
  alaw: 1,
  ulaw: 1,
};

/** Channels that any reader accepts; a larger number is a broken header (ffmpeg 512, libsndfile 1024). */
export const MAX_CHANNELS = 512;
/** Hz; 64 times 48 kHz. Above it a rate is a broken header. */
export const MAX_SAMPLE_RATE = 3_072_000;

const INTEGERS: readonly (PcmEncoding | null)[] = [null, "s8", "s16", "s24", "s32", null, null, null, "s64"];

/** Signed integer encoding of whole bytes that holds `bits`; null when there is none (33..56 bits). */
export const integerEncoding = (bits: number): PcmEncoding | null => INTEGERS[Math.ceil(bits / 8)] ?? null;

/** Float encoding of `bits`; null when there is none (16, 24). */
export const floatEncoding = (bits: number): PcmEncoding | null => (bits === 32 ? "f32" : bits === 64 ? "f64" : null);

export const isFloat = (encoding: PcmEncoding): boolean => encoding === "f32" || encoding === "f64";

type HeaderFacts = {
  readonly container: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly encoding: PcmEncoding;
  readonly bigEndian: boolean;
  readonly validBits: number;
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly timeReference?: string | null;
  readonly umid?: string | null;
  readonly warnings?: readonly string[];
};

/** Makes the MediaInfo of a PCM container, or says which figure of the header is impossible. */
export const pcmHeader = (facts: HeaderFacts): ParsedHeader => {
  const { container, sampleRate, channels, encoding, bigEndian, validBits, dataOffset, dataBytes } = facts;
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    return { kind: "not-audio", reason: `its header names ${channels} channels, allowed are 1 to ${MAX_CHANNELS}` };
  }
  if (!(sampleRate >= 1 && sampleRate <= MAX_SAMPLE_RATE)) {
    return { kind: "not-audio", reason: `its header names ${sampleRate} Hz, allowed are 1 to ${MAX_SAMPLE_RATE} Hz` };
  }
  const bytesPerFrame = BYTES_PER_SAMPLE[encoding] * channels;
  const info: PcmInfo = {
    container,
    codec: "pcm",
    sampleRate,
    channels,
    frames: Math.max(0, Math.floor(dataBytes / bytesPerFrame)),
    bitDepth: validBits,
    timeReference: facts.timeReference ?? null,
    ...(facts.umid ? { umid: facts.umid } : {}),
    pcm: { encoding, bigEndian, dataOffset, bytesPerFrame, validBits },
  };
  return { kind: "pcm", info, warnings: facts.warnings ?? [] };
};
