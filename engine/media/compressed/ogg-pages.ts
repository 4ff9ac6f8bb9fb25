import { ProblemError } from "../../../schema/problem.ts";
import { damagedMedia } from "../media-problem.ts";
import type { ForwardReader } from "./forward-reader.ts";

/** One page of an Ogg file, cut into packets. RFC 3533. */
export type OggPage = {
  readonly serial: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Codec's position at the end of the last packet that ends here; -1 when none does. */
  readonly granule: number;
  /** The page goes on with a packet of the page before. */
  readonly isContinued: boolean;
  /** Packets and, when `isOpen`, the beginning of one more. */
  readonly pieces: readonly Uint8Array[];
  readonly isOpen: boolean;
};

const HEADER_BYTES = 27;
/** RFC 3533 section 6: 255 segments of 255 bytes. */
const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0);
  return crc;
});

/** The checksum of a page, its own four bytes taken as 0. */
const pageCrc = (page: Uint8Array): number => {
  let crc = 0;
  for (let at = 0; at < page.length; ++at) {
    const byte = at >= 22 && at < 26 ? 0 : page[at]!;
    crc = (crc << 8) ^ CRC[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
};

/** Reads page after page; a page that the end of the file cuts off is left out, rubbish in between is a problem. */
export async function* oggPages(reader: ForwardReader, file: string): AsyncGenerator<OggPage> {
  for (;;) {
    const bytes = await reader.need(MAX_PAGE_BYTES);
    if (bytes.length < HEADER_BYTES) return;
    if (bytes[0] !== 0x4f || bytes[1] !== 0x67 || bytes[2] !== 0x67 || bytes[3] !== 0x53) {
      throw new ProblemError(damagedMedia(file, `no Ogg page stands at byte ${reader.position}`));
    }
    const segments = bytes[26]!;
    const bodyOffset = HEADER_BYTES + segments;
    const lacing = bytes.slice(HEADER_BYTES, bodyOffset);
    const length = bodyOffset + lacing.reduce((sum, size) => sum + size, 0);
    if (bytes.length < length) return;
    const page = bytes.slice(0, length);
    const view = new DataView(page.buffer);
    if (pageCrc(page) !== view.getUint32(22, true)) {
      throw new ProblemError(damagedMedia(file, `the Ogg page at byte ${reader.position} fails its checksum`));
    }
    reader.skip(length);
    yield parsePage(page, view, lacing, bodyOffset);
  }
}

const parsePage = (page: Uint8Array, view: DataView, lacing: Uint8Array, bodyOffset: number): OggPage => {
  const pieces: Uint8Array[] = [];
  let start = bodyOffset;
  let end = bodyOffset;
  for (const size of lacing) {
    end += size;
    if (size === 255) continue;
    pieces.push(page.subarray(start, end));
    start = end;
  }
  const isOpen = lacing.length > 0 && lacing.at(-1) === 255;
  if (isOpen) pieces.push(page.subarray(start, end));
  const flags = page[5]!;
  return {
    serial: view.getUint32(14, true),
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    granule: Number(view.getBigInt64(6, true)),
    isContinued: (flags & 1) !== 0,
    pieces,
    isOpen,
  };
};

/** The whole packets that end on one page of one logical stream. */
export type OggPackets = {
  readonly packets: readonly Uint8Array[];
  readonly granule: number;
  readonly isLast: boolean;
};

/** A packet larger than this is no audio packet; headers with cover art stay below. */
const MAX_PACKET_BYTES = 1 << 25;

/** Puts packets together over page borders, for one logical stream. */
export class PacketAssembler {
  private open: Uint8Array[] = [];
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  take(page: OggPage): OggPackets {
    const pieces = [...page.pieces];
    const packets: Uint8Array[] = [];
    // A packet that began before the first page we saw has no beginning: left out.
    if (page.isContinued && this.open.length === 0) pieces.shift();
    const rest = page.isOpen ? pieces.pop() : undefined;
    for (const piece of pieces) {
      packets.push(this.open.length === 0 ? piece : concatenate([...this.open, piece]));
      this.open = [];
    }
    if (rest !== undefined) this.open.push(rest);
    if (this.open.reduce((sum, { length }) => sum + length, 0) > MAX_PACKET_BYTES) {
      throw new ProblemError(damagedMedia(this.file, `an Ogg packet is longer than ${MAX_PACKET_BYTES} bytes`));
    }
    return { packets, granule: page.granule, isLast: page.isLast };
  }
}

const concatenate = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
