import { fourCharacters, type HeaderWindow } from "../header-window.ts";
import type { PcmEncoding } from "../media.ts";
import { type Chunk, type ChunkForm, walkChunks } from "./chunks.ts";
import { BYTES_PER_SAMPLE, floatEncoding, integerEncoding, type ParsedHeader, pcmHeader } from "./layout.ts";

type Description = {
  readonly sampleRate: number;
  readonly formatId: string;
  readonly flags: number;
  readonly bytesPerPacket: number;
  readonly channels: number;
  readonly bits: number;
};

const FLAG_FLOAT = 1;
const FLAG_LITTLE_ENDIAN = 2;
const DESCRIPTION_BYTES = 32;

const cafForm: ChunkForm = {
  headerBytes: 12,
  alignBytes: 1,
  // A size of -1 (data up to the end) arrives as 2^64 - 1 and is clamped like any other lie.
  parse: (header, bytes) => ({ id: fourCharacters(bytes, 0), declaredBytes: Number(header.getBigUint64(4)) }),
};

/** Reads the header of Core Audio Format. Apple "Core Audio Format Specification 1.0". */
export const readCafHeader = async (window: HeaderWindow, start: number): Promise<ParsedHeader> => {
  let description: Description | null = null;
  let data: { offset: number; bytes: number } | null = null;
  await walkChunks(window, start + 8, cafForm, async (chunk) => {
    if (chunk.id === "desc") description ??= await readDescription(window, chunk);
    // The sound follows a 32-bit edit count.
    if (chunk.id === "data") data ??= { offset: chunk.dataOffset + 4, bytes: chunk.dataBytes - 4 };
    return description !== null && data !== null ? "stop" : chunk.declaredBytes;
  });
  return cafFacts(description, data);
};

const cafFacts = (
  description: Description | null,
  data: { readonly offset: number; readonly bytes: number } | null,
): ParsedHeader => {
  if (description === null) return { kind: "not-audio", reason: "its CAF header has no desc chunk" };
  if (data === null) return { kind: "not-audio", reason: "its CAF header has no data chunk" };
  const encoding = cafEncoding(description);
  const packed = encoding !== null && description.bytesPerPacket === BYTES_PER_SAMPLE[encoding] * description.channels;
  if (encoding === null || (description.channels > 0 && !packed)) {
    return {
      kind: "unsupported",
      reason: `CAF format "${description.formatId}" with ${description.bits} bits in ${description.bytesPerPacket} bytes a packet`,
    };
  }
  return pcmHeader({
    container: "caf",
    encoding,
    bigEndian: (description.flags & FLAG_LITTLE_ENDIAN) === 0,
    channels: description.channels,
    sampleRate: description.sampleRate,
    validBits: description.formatId === "lpcm" ? description.bits : 8,
    dataOffset: data.offset,
    dataBytes: data.bytes,
  });
};

const cafEncoding = ({ formatId, flags, bits }: Description): PcmEncoding | null => {
  if (formatId === "alaw" || formatId === "ulaw") return formatId;
  if (formatId !== "lpcm" || bits < 1) return null;
  return (flags & FLAG_FLOAT) !== 0 ? floatEncoding(bits) : integerEncoding(bits);
};

const readDescription = async (window: HeaderWindow, chunk: Chunk): Promise<Description | null> => {
  const bytes = await window.bytes(chunk.dataOffset, Math.min(chunk.dataBytes, DESCRIPTION_BYTES));
  if (bytes.length < DESCRIPTION_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    sampleRate: view.getFloat64(0),
    formatId: fourCharacters(bytes, 8),
    flags: view.getUint32(12),
    bytesPerPacket: view.getUint32(16),
    channels: view.getUint32(24),
    bits: view.getUint32(28),
  };
};
