import type { HeaderWindow } from "../header-window.ts";

/** One element of an EBML document, its size clamped to the file. */
export type Element = { readonly id: number; readonly dataOffset: number; readonly dataBytes: number };

/** Ids take up to 4 bytes, sizes up to 8. */
const MAX_HEADER_BYTES = 12;

/** Bytes of a number whose length stands in the leading zeros of its first byte; over 8 where there is none. */
const numberBytes = (first: number): number => Math.clz32(first << 24) + 1;

/** A number with its length marker removed, and the bytes that it took. RFC 8794 4. */
export const variableNumber = (bytes: Uint8Array, at: number): { readonly value: number; readonly bytes: number } => {
  const first = bytes[at] ?? 0;
  const length = numberBytes(first);
  if (length > 8) return { value: 0, bytes: 9 };
  let value = first - (0x80 >> (length - 1));
  for (let index = 1; index < length; ++index) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, bytes: length };
};

/** The element at `at`; null where none begins before the end of the file. A size of all ones means "to the end". */
export const readElement = async (window: HeaderWindow, at: number): Promise<Element | null> => {
  const bytes = await window.bytes(at, MAX_HEADER_BYTES);
  const idBytes = numberBytes(bytes[0] ?? 0);
  if (idBytes > 4 || bytes.length <= idBytes) return null;
  const size = variableNumber(bytes, idBytes);
  if (size.bytes > 8 || bytes.length < idBytes + size.bytes) return null;
  let id = 0;
  for (let index = 0; index < idBytes; ++index) id = id * 256 + bytes[index]!;
  const dataOffset = at + idBytes + size.bytes;
  return { id, dataOffset, dataBytes: Math.min(size.value, window.sizeBytes - dataOffset) };
};

export const unsignedNumber = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0);

export const signedNumber = (bytes: Uint8Array): number =>
  bytes.reduce((value, byte) => value * 256 + byte, (bytes[0] ?? 0) >= 0x80 ? -1 : 0);

export const floatNumber = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 4) return view.getFloat32(0);
  return bytes.length === 8 ? view.getFloat64(0) : 0;
};
