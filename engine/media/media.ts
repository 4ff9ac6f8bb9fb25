import type { MaybePromise } from "../files.ts";

export type PcmEncoding = "u8" | "s8" | "s16" | "s24" | "s24in32" | "s32" | "s64" | "f32" | "f64" | "alaw" | "ulaw";

/** Where the samples of a PCM container lie. Never larger than the file: a lying header is clamped. */
export type PcmLayout = {
  readonly encoding: PcmEncoding;
  readonly bigEndian: boolean;
  readonly dataOffset: number;
  readonly bytesPerFrame: number;
  /** Valid bits where fewer than the container's (20 in 24). */
  readonly validBits: number;
};

export type MediaInfo = {
  /** "wav" "rf64" "w64" "aiff" "aifc" "caf" "flac" "mp3" "ogg" "mp4" "matroska" ... */
  readonly container: string;
  /** "pcm" "flac" "mp3" "vorbis" "opus" "aac" ... */
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Exact for PCM and for decoded media; null while a compressed stream has not been counted. */
  readonly frames: number | null;
  readonly bitDepth: number | null;
  /** BWF bext TimeReference, frames since midnight, decimal string. */
  readonly timeReference: string | null;
  /** BWF bext UMID (SMPTE ST 330, the basic 32 bytes) in hexadecimal, where there is one. */
  readonly umid?: string;
  /** Present when the samples can be read in place. */
  readonly pcm: PcmLayout | null;
};

/** Forward decoding of a compressed stream. */
export type DecodedStream = {
  readonly info: MediaInfo;
  /** Next stretch, interleaved frames x channels, +-1.0; null at the end. Encoder delay and padding are already trimmed. */
  next(): Promise<Float32Array | null>;
  close(): MaybePromise<void>;
};

/** Decodes what the packaged decoders cannot (AAC ...): ffmpeg in the CLI, the browser or a bounce in the panel. */
export type ExternalDecoder = {
  /** Names the tool for messages: "ffmpeg 5.1 (/usr/bin/ffmpeg)". */
  readonly name: string;
  probe(path: string): Promise<MediaInfo>;
  decode(path: string): Promise<DecodedStream>;
};
