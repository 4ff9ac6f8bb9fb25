import { ProblemError } from "../../schema/problem.ts";

// ASN.1 in its distinguished encoding (X.690), as much as certificates and PKCS #12 files need.

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag of a constructed context-specific part, `[n]`. */
export const contextTag = (number: number): number => 0xa0 + number;

const lengthBytes = (length: number): number[] => {
  if (length < 128) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
};

/** One element: tag, length, content. */
export const element = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.from([tag, ...lengthBytes(length)]), ...parts]);
};

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(tags.sequence, ...parts);

/** A string type, `printableString` or `utf8String`. */
export const text = (tag: number, value: string): Uint8Array => element(tag, Buffer.from(value, "utf8"));

/** A whole number that is not negative, from its big-endian bytes. */
export const integer = (bytes: Uint8Array): Uint8Array =>
  element(tags.integer, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Uint8Array.of(0), bytes]));

/** Bits of which the last `unused` do not count. */
export const bitString = (bytes: Uint8Array, unused = 0): Uint8Array =>
  element(tags.bitString, Uint8Array.of(unused), bytes);

/** An object identifier from its dotted form. */
export const objectId = (dotted: string): Uint8Array => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(128 + (left % 128));
    return groups;
  });
  return element(tags.objectId, Uint8Array.from(bytes));
};

/** A point in time to the second: with two digits for the year until 2049, with four after (RFC 5280, 4.1.2.5). */
export const time = (date: Date): Uint8Array => {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, "")}Z`;
  return date.getUTCFullYear() < 2050 ? text(tags.utcTime, digits.slice(2)) : text(tags.generalizedTime, digits);
};

/** One element as it was read. */
export type DerElement = { readonly tag: number; readonly content: Uint8Array };

const damaged = (): never => {
  throw new ProblemError({ code: "syntax", message: "Its ASN.1 is damaged, or not in the distinguished encoding." });
};

const readLength = (bytes: Uint8Array, at: number): { readonly length: number; readonly start: number } => {
  const first = bytes[at] ?? damaged();
  if (first < 128) return { length: first, start: at + 1 };
  const count = first - 128;
  if (count === 0 || count > 4 || at + count >= bytes.length) return damaged();
  const length = bytes.subarray(at + 1, at + 1 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return { length, start: at + 1 + count };
};

/** The elements that stand one after another in `bytes`. */
export const readElements = (bytes: Uint8Array): DerElement[] => {
  const list: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { length, start } = readLength(bytes, at + 1);
    if (start + length > bytes.length) return damaged();
    list.push({ tag: bytes[at]!, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return list;
};

/** The parts of a constructed element that is there and has the wanted tag. */
export const partsOf = (parent: DerElement | undefined, tag: number = tags.sequence): DerElement[] =>
  parent?.tag === tag ? readElements(parent.content) : damaged();

/** The content of an element that is there and has the wanted tag. */
export const contentOf = (part: DerElement | undefined, tag: number): Uint8Array =>
  part?.tag === tag ? part.content : damaged();

/** A small whole number, such as a count of rounds. */
export const readInteger = (part: DerElement | undefined): number => {
  const bytes = contentOf(part, tags.integer);
  return bytes.length > 6 ? damaged() : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
};

/** The dotted form of an object identifier. */
export const readObjectId = (part: DerElement | undefined): string => {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of contentOf(part, tags.objectId)) {
    arc = arc * 128 + (byte % 128);
    if (byte >= 128) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [joined = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - first * 40, ...rest].join(".");
};
