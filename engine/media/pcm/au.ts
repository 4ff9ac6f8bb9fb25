import { fourCharacters, type HeaderWindow } from "../header-window.ts";
import type { PcmEncoding } from "../media.ts";
import { BYTES_PER_SAMPLE, type ParsedHeader, pcmHeader } from "./layout.ts";

const ENCODINGS: Readonly<Record<number, PcmEncoding>> = {
  1: "ulaw",
  2: "s8",
  3: "s16",
  4: "s24",
  5: "s32",
  6: "f32",
  7: "f64",
  27: "alaw",
};
const UNKNOWN_SIZE = 0xffff_ffff;
const HEADER_BYTES = 24;

/** Reads the header of Sun/NeXT AU, big-endian ".snd" or little-endian "dns.". */
export const readAuHeader = async (window: HeaderWindow, start: number): Promise<ParsedHeader> => {
  const bytes = await window.bytes(start, HEADER_BYTES);
  if (bytes.length < HEADER_BYTES) return { kind: "not-audio", reason: "its AU header is shorter than 24 bytes" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const littleEndian = fourCharacters(bytes, 0) === "dns.";
  const field = (at: number) => view.getUint32(at, littleEndian);
  const encoding = ENCODINGS[field(12)];
  if (encoding === undefined) return { kind: "unsupported", reason: `AU encoding ${field(12)}` };
  const dataOffset = Math.max(start + field(4), start + HEADER_BYTES);
  const rest = Math.max(0, window.sizeBytes - dataOffset);
  return pcmHeader({
    container: "au",
    encoding,
    bigEndian: !littleEndian,
    sampleRate: field(16),
    channels: field(20),
    validBits: 8 * BYTES_PER_SAMPLE[encoding],
    dataOffset,
    dataBytes: field(8) === UNKNOWN_SIZE ? rest : Math.min(field(8), rest),
  });
};
