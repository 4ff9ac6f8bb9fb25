import { crc32, deflateRawSync } from "node:zlib";
import type { PackageFile } from "./package-signature.ts";

/** 1 January 1980, 00:00, the first time that a ZIP can say: packages of the same files are the same bytes. */
const DOS_DATE = (1 << 5) | 1;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const STORED = 0;
const DEFLATED = 8;

type Packed = PackageFile & { readonly method: number; readonly packed: Uint8Array; readonly crc: number };

const pack = ({ path, bytes }: PackageFile, index: number): Packed => {
  const deflated = index === 0 ? bytes : deflateRawSync(bytes, { level: 9 });
  const smaller = deflated.length < bytes.length;
  return { path, bytes, method: smaller ? DEFLATED : STORED, packed: smaller ? deflated : bytes, crc: crc32(bytes) };
};

/** What the header of an entry and its line in the directory have in common: 26 bytes. */
const common = ({ path, bytes, method, packed, crc }: Packed): Buffer => {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(UTF8_NAMES, 2);
  header.writeUInt16LE(method, 4);
  header.writeUInt16LE(DOS_DATE, 8);
  header.writeUInt32LE(crc, 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(Buffer.byteLength(path), 22);
  return header;
};

const directoryLine = (file: Packed, offset: number): Buffer => {
  const line = Buffer.alloc(46);
  line.write("PK\u0001\u0002", 0, "latin1");
  line.writeUInt16LE(VERSION, 4);
  common(file).copy(line, 6);
  line.writeUInt32LE(offset, 42);
  return Buffer.concat([line, Buffer.from(file.path)]);
};

const endRecord = (count: number, directoryBytes: number, directoryOffset: number): Buffer => {
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(directoryOffset, 16);
  return end;
};

/** A ZIP of the files in their order, the first one stored, with fixed times and no attributes. */
export const writeZip = (files: readonly PackageFile[]): Uint8Array => {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of files.map(pack)) {
    directory.push(directoryLine(file, offset));
    const local = [Buffer.from("PK\u0003\u0004", "latin1"), common(file), Buffer.from(file.path), file.packed];
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const lines = Buffer.concat(directory);
  return Buffer.concat([...parts, lines, endRecord(files.length, lines.length, offset)]);
};
