import type { MpegHeader } from "./mpeg-frames.ts";

/** What a Xing, Info or VBRI frame says. Such a frame holds no sound. */
export type MpegTag = {
  /** Frames to drop at the start: encoder and decoder delay. */
  readonly skipFrames: number;
  /** Where padding begins, counted with the delay; infinite when not said. */
  readonly endFrame: number;
};

/** Delay of any MP3 decoder: one granule less than the filter bank's, as LAME and mpg123 count it. */
const DECODER_DELAY = 528 + 1;
const FLAG_FRAMES = 1;
const FLAG_BYTES = 2;
const FLAG_TOC = 4;
const FLAG_QUALITY = 8;
const NOTHING_TRIMMED: MpegTag = { skipFrames: 0, endFrame: Number.POSITIVE_INFINITY };

const text = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Reads the tag of a stream's first frame; null when it is an ordinary frame. gabriel.mp3-tech.org, "Mp3 Info Tag". */
export const parseMpegTag = (frame: Uint8Array, header: MpegHeader): MpegTag | null => {
  if (header.layer !== 3) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (text(frame, 36) === "VBRI") return NOTHING_TRIMMED;
  const at = header.tagOffset;
  const id = text(frame, at);
  if ((id !== "Xing" && id !== "Info") || frame.length < at + 8) return null;
  const flags = view.getUint32(at + 4);
  // A tag without frames and bytes is taken for sound by ffmpeg, and by us.
  if ((flags & (FLAG_FRAMES | FLAG_BYTES)) === 0) return null;
  let cursor = at + 8;
  const count = (flags & FLAG_FRAMES) !== 0 && cursor + 4 <= frame.length ? view.getUint32(cursor) : 0;
  for (const [flag, size] of [
    [FLAG_FRAMES, 4],
    [FLAG_BYTES, 4],
    [FLAG_TOC, 100],
    [FLAG_QUALITY, 4],
  ] as const) {
    if ((flags & flag) !== 0) cursor += size;
  }
  return lameTrim(frame, cursor, count * header.samplesPerFrame);
};

/** The LAME extension: 12 bits of encoder delay and 12 of padding, 21 bytes behind the encoder's name. */
const lameTrim = (frame: Uint8Array, at: number, totalFrames: number): MpegTag => {
  if (frame.length < at + 24 || !["LAME", "Lavf", "Lavc"].includes(text(frame, at))) return NOTHING_TRIMMED;
  const [high = 0, middle = 0, low = 0] = frame.subarray(at + 21, at + 24);
  const delay = (high << 4) | (middle >> 4);
  const padding = ((middle & 15) << 8) | low;
  const dropped = Math.max(0, padding - DECODER_DELAY);
  return {
    skipFrames: delay + DECODER_DELAY,
    endFrame: totalFrames > 0 ? totalFrames - dropped : Number.POSITIVE_INFINITY,
  };
};
