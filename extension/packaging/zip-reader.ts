import { crc32, inflateRawSync } from "node:zlib";
import { ProblemError } from "../../schema/problem.ts";
import type { PackageFile } from "./package-signature.ts";

/** A panel is some dozen files of a few MB; what is far beyond is no panel. */
const limits = { entries: 10_000, bytes: 512 * 1024 * 1024, pathBytes: 1024 } as const;

const END_BYTES = 22;
const MAX_COMMENT = 65_535;

const refuse = (message: string): never => {
  throw new ProblemError({ code: "syntax", message: `This is no package that can be read: ${message}` });
};

type Entry = {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
};

const findEnd = (zip: Buffer): number => {
  for (let at = zip.length - END_BYTES; at >= Math.max(0, zip.length - END_BYTES - MAX_COMMENT); at -= 1)
    if (zip.readUInt32LE(at) === 0x06054b50 && at + END_BYTES + zip.readUInt16LE(at + 20) === zip.length) return at;
  return refuse("it has no directory of a ZIP file.");
};

/** Paths that would leave the folder, or mean another file on another system. */
const isSafePath = (path: string): boolean =>
  path !== "" &&
  !/[\\:\p{Cc}\uFFFD]/u.test(path) &&
  path.split("/").every((part) => part !== "" && part !== "." && part !== "..");

const SYMBOLIC_LINK = 0o12;

const readEntry = (zip: Buffer, at: number): { readonly entry: Entry; readonly next: number } => {
  if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) return refuse("its directory is damaged.");
  const nameBytes = zip.readUInt16LE(at + 28);
  const next = at + 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  if (nameBytes > limits.pathBytes || next > zip.length) return refuse("its directory is damaged.");
  const path = zip.toString("utf8", at + 46, at + 46 + nameBytes);
  if (zip.readUInt16LE(at + 8) & 1) return refuse(`${path} is encrypted.`);
  if (zip.readUInt32LE(at + 38) >>> 28 === SYMBOLIC_LINK) return refuse(`${path} is a symbolic link.`);
  const entry = {
    path,
    method: zip.readUInt16LE(at + 10),
    crc: zip.readUInt32LE(at + 16),
    packedBytes: zip.readUInt32LE(at + 20),
    bytes: zip.readUInt32LE(at + 24),
    offset: zip.readUInt32LE(at + 42),
  };
  return { entry, next };
};

const readDirectory = (zip: Buffer): Entry[] => {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > limits.entries) return refuse(`it has ${count} entries; at most ${limits.entries} are read.`);
  const entries: Entry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readEntry(zip, at);
    if (!entry.path.endsWith("/")) entries.push(entry);
    at = next;
  }
  if (at !== end) return refuse("its directory is damaged.");
  return entries;
};

const checkEntries = (entries: readonly Entry[]): void => {
  const seen = new Set<string>();
  let total = 0;
  for (const { path, bytes } of entries) {
    if (!isSafePath(path)) refuse(`the path ${JSON.stringify(path)} is not allowed.`);
    const key = path.normalize("NFC").toLowerCase();
    if (seen.has(key)) refuse(`${path} is in it twice.`);
    seen.add(key);
    total += bytes;
  }
  if (total > limits.bytes) refuse(`unpacked it has ${total} bytes; at most ${limits.bytes} are read.`);
};

const unpack = (packed: Uint8Array, { path, method, bytes }: Entry): Uint8Array => {
  if (method === 0) return packed;
  if (method !== 8) return refuse(`${path} is packed in a way that is not known here (${method}).`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    return refuse(`${path} cannot be unpacked.`);
  }
};

const readFile = (zip: Buffer, entry: Entry): PackageFile => {
  const { path, offset, packedBytes } = entry;
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== 0x04034b50) return refuse(`${path} is damaged.`);
  const nameBytes = zip.readUInt16LE(offset + 26);
  if (zip.toString("utf8", offset + 30, offset + 30 + nameBytes) !== path)
    return refuse(`${path} has another name in its own header.`);
  const start = offset + 30 + nameBytes + zip.readUInt16LE(offset + 28);
  if (start + packedBytes > zip.length) return refuse(`${path} is cut off.`);
  const bytes = unpack(zip.subarray(start, start + packedBytes), entry);
  if (bytes.length !== entry.bytes || crc32(bytes) !== entry.crc) return refuse(`${path} is damaged.`);
  return { path, bytes };
};

/** The files of a ZIP in the order of its directory; nothing that could escape a folder or fill the memory is taken. */
export const readZip = (bytes: Uint8Array): PackageFile[] => {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (zip.length < END_BYTES) return refuse("it is too short.");
  const entries = readDirectory(zip);
  checkEntries(entries);
  return entries.map((entry) => readFile(zip, entry));
};
