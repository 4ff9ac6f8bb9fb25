import type { ByteSource } from "../../files.ts";
import { HeaderWindow } from "../header-window.ts";

const SEGMENT = 0x1853_8067;
const CLUSTER = 0x1f43_b675;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;
const DISCARD_PADDING = 0x75a2;
const ENTERED: ReadonlySet<number> = new Set([SEGMENT, CLUSTER, BLOCK_GROUP]);
/** Element ids (4 bytes) and sizes (8 bytes) together. */
const MAX_HEADER_BYTES = 12;

type Element = { readonly id: number; readonly dataOffset: number; readonly dataBytes: number };

/**
 * Nanoseconds to drop at the end of the last block of `track` (Matroska DiscardPadding, RFC 9559 5.1.3.5.7), 0 when
 * not said. The demuxer in use does not tell them.
 */
export const endPaddingNanoseconds = async (source: ByteSource, track: number): Promise<number> => {
  const window = new HeaderWindow(source);
  let padding = 0;
  let blockIsOurs = false;
  for (let at = 0; at < window.sizeBytes; ) {
    const element = await readElement(window, at);
    if (element === null) break;
    if (element.id === BLOCK || element.id === SIMPLE_BLOCK) {
      blockIsOurs = trackNumber(await window.bytes(element.dataOffset, 8)) === track;
      if (blockIsOurs) padding = 0;
    }
    if (element.id === DISCARD_PADDING && blockIsOurs) {
      padding = signedNumber(await window.bytes(element.dataOffset, Math.min(8, element.dataBytes)));
    }
    at = element.dataOffset + (ENTERED.has(element.id) ? 0 : element.dataBytes);
  }
  return Math.max(0, padding);
};

const readElement = async (window: HeaderWindow, at: number): Promise<Element | null> => {
  const bytes = await window.bytes(at, MAX_HEADER_BYTES);
  const idBytes = Math.clz32((bytes[0] ?? 0) << 24) + 1;
  const sizeBytes = Math.clz32((bytes[idBytes] ?? 0) << 24) + 1;
  if (idBytes > 4 || sizeBytes > 8 || bytes.length < idBytes + sizeBytes) return null;
  let id = 0;
  for (let index = 0; index < idBytes; ++index) id = id * 256 + bytes[index]!;
  let size = bytes[idBytes]! - (0x80 >> (sizeBytes - 1));
  for (let index = 1; index < sizeBytes; ++index) size = size * 256 + bytes[idBytes + index]!;
  return { id, dataOffset: at + idBytes + sizeBytes, dataBytes: size };
};

/** The first field of a block: a number with the length coding of sizes. */
const trackNumber = (bytes: Uint8Array): number => {
  const length = Math.clz32((bytes[0] ?? 0) << 24) + 1;
  let number = (bytes[0] ?? 0) - (0x80 >> (length - 1));
  for (let index = 1; index < length; ++index) number = number * 256 + (bytes[index] ?? 0);
  return number;
};

const signedNumber = (bytes: Uint8Array): number => {
  let number = (bytes[0] ?? 0) >= 0x80 ? -1 : 0;
  for (const byte of bytes) number = number * 256 + byte;
  return number;
};
