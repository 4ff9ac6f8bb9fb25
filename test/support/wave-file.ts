import { expect } from "vitest";

/** What a WAV says of itself, read strictly: every size must agree with the file. */
export type ParsedWave = {
  readonly form: "RIFF" | "RF64";
  readonly chunks: readonly { readonly id: string; readonly offset: number; readonly bytes: number }[];
  readonly tag: number;
  readonly subformat: number | null;
  readonly mask: number | null;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bitDepth: number;
  readonly factFrames: number | null;
  readonly data: Uint8Array;
  readonly bext: ParsedBext;
};

export type ParsedBext = {
  readonly description: string;
  readonly originator: string;
  readonly date: string;
  readonly time: string;
  readonly timeReference: bigint;
  readonly version: number;
  readonly loudness: readonly number[];
  readonly history: string;
};

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const unpadded = (text: string): string => text.replace(/\0+$/, "");

const parseBext = (bytes: Uint8Array): ParsedBext => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expect(latin(bytes.subarray(422, 602)), "the reserved bytes are zero").toMatch(/^\0+$/);
  return {
    description: unpadded(latin(bytes.subarray(0, 256))),
    originator: unpadded(latin(bytes.subarray(256, 288))),
    date: unpadded(latin(bytes.subarray(320, 330))),
    time: unpadded(latin(bytes.subarray(330, 338))),
    timeReference: view.getBigUint64(338, true),
    version: view.getUint16(346, true),
    loudness: [412, 414, 416, 418, 420].map((at) => view.getInt16(at, true)),
    history: unpadded(latin(bytes.subarray(602))),
  };
};

/** Fails on any lie in the file: sizes, order, padding, block align, byte rate, `fact`. */
export const parseWave = (file: Uint8Array): ParsedWave => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const form = latin(file.subarray(0, 4)) as "RIFF" | "RF64";
  expect(["RIFF", "RF64"]).toContain(form);
  expect(latin(file.subarray(8, 12))).toBe("WAVE");
  const large = form === "RF64";
  const riffBytes = large ? Number(view.getBigUint64(20, true)) : view.getUint32(4, true);
  if (large) expect(view.getUint32(4, true)).toBe(0xffff_ffff);
  expect(riffBytes, "RIFF size").toBe(file.length - 8);
  const chunks: { id: string; offset: number; bytes: number }[] = [];
  let at = 12;
  while (at < file.length) {
    const id = latin(file.subarray(at, at + 4));
    const declared = view.getUint32(at + 4, true);
    const bytes = large && id === "data" ? Number(view.getBigUint64(28, true)) : declared;
    if (large && id === "data") expect(declared).toBe(0xffff_ffff);
    chunks.push({ id, offset: at + 8, bytes });
    if (bytes % 2 === 1) expect(file[at + 8 + bytes], "pad byte").toBe(0);
    at += 8 + bytes + (bytes % 2);
  }
  expect(at, "the chunks end where the file ends").toBe(file.length);
  expect(chunks[0]?.id).toBe(large ? "ds64" : "JUNK");
  const chunk = (id: string) => chunks.find((candidate) => candidate.id === id);
  const body = (id: string) => {
    const found = chunk(id);
    if (found === undefined) throw new Error(`no ${id} chunk`);
    return file.subarray(found.offset, found.offset + found.bytes);
  };
  const format = chunk("fmt ")!.offset;
  const channels = view.getUint16(format + 2, true);
  const sampleRate = view.getUint32(format + 4, true);
  const bitDepth = view.getUint16(format + 14, true);
  const frameBytes = (channels * bitDepth) / 8;
  expect(view.getUint16(format + 12, true), "block align").toBe(frameBytes);
  expect(view.getUint32(format + 8, true), "byte rate").toBe(frameBytes * sampleRate);
  const extensible = chunk("fmt ")!.bytes === 40;
  const data = body("data");
  expect(data.length % frameBytes).toBe(0);
  if (large) expect(Number(view.getBigUint64(36, true)), "ds64 frames").toBe(data.length / frameBytes);
  const fact = chunk("fact");
  return {
    form,
    chunks,
    tag: view.getUint16(format, true),
    mask: extensible ? view.getUint32(format + 20, true) : null,
    subformat: extensible ? view.getUint16(format + 24, true) : null,
    channels,
    sampleRate,
    bitDepth,
    factFrames: fact ? view.getUint32(fact.offset, true) : null,
    data,
    bext: parseBext(body("bext")),
  };
};
