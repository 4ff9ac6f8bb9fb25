import { describe, expect, test } from "vitest";
import { openMedia } from "../../../engine/media/probe.ts";
import { type FlacFacts, flacFrame, flacHeader } from "./flac-writer.ts";
import { readOut, sourceOf } from "./sources.ts";
import { be16, be32, be64, bytes, sound, u32, u64 } from "./wave-bytes.ts";

/* Containers made by hand: what encoders seldom write, and what must hold where there is no ffmpeg to compare with. */

const decode = async (file: Uint8Array): Promise<number[]> => {
  const opened = await openMedia(sourceOf(file, true), "a.bin");
  if (!opened.ok) throw new Error(opened.problems[0]!.message);
  return Array.from(await readOut(await opened.value.stream!()));
};

/** An EBML element with a size of one byte, or of unknown length. */
const element = (id: number[], body: Uint8Array, isOpen = false) =>
  bytes(id, [isOpen ? 0xff : 0x80 + body.length], body);

const SEGMENT = [0x18, 0x53, 0x80, 0x67];
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];
const TRACKS = [0x16, 0x54, 0xae, 0x6b];

const matroska = (...blocks: Uint8Array[]): Uint8Array => {
  const audio = element([0xe1], bytes(element([0xb5], bytes(be32(0x45fa_0000))), element([0x62, 0x64], bytes([16]))));
  const codec = element([0x86], bytes("A_PCM/INT/LIT"));
  const entry = element([0xae], bytes(element([0xd7], bytes([1])), element([0x83], bytes([2])), codec, audio));
  const video = element([0xae], bytes(element([0xd7], bytes([2])), element([0x83], bytes([1]))));
  const cluster = element(CLUSTER, bytes(element([0xe7], bytes([0])), ...blocks), true);
  const header = bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80]);
  return bytes(header, element(SEGMENT, bytes(element(TRACKS, bytes(video, entry)), cluster), true));
};

const simpleBlock = (track: number, lacing: number, body: Uint8Array) =>
  element([0xa3], bytes([0x80 + track], be16(0), [0x80 | (lacing << 1)], body));

const s16 = (data: Uint8Array): number[] =>
  Array.from({ length: data.length / 2 }, (_, index) => (data[2 * index + 1]! * 256 + data[2 * index]!) / 32_768);

describe("Matroska", () => {
  const twelve = sound(12);

  test.each([
    ["no lacing", 0, twelve],
    ["Xiph lacing", 1, bytes([2, 4, 6], twelve)],
    ["equal lacing", 2, bytes([2], twelve)],
    ["EBML lacing", 3, bytes([2, 0x84, 0x80 + 63 + 2], twelve)],
  ])("%s", async (_, lacing, body) => {
    expect(await decode(matroska(simpleBlock(1, lacing, body)))).toEqual(s16(twelve));
  });

  test("blocks of another track are left out, blocks in groups are not", async () => {
    const group = element([0xa0], element([0xa1], bytes([0x81], be16(0), [0], sound(4))));
    const file = matroska(simpleBlock(2, 0, sound(6)), group, simpleBlock(1, 0, sound(2)));
    expect(await decode(file)).toEqual([...s16(sound(4)), ...s16(sound(2))]);
  });

  test("lacing that promises more than the block holds is cut, cut files end", async () => {
    const file = matroska(simpleBlock(1, 1, bytes([2, 200, 200], twelve)), simpleBlock(1, 0, sound(4)));
    expect(await decode(file)).toEqual(s16(sound(4)));
    for (let length = 0; length < file.length; ++length) {
      const opened = await openMedia(sourceOf(file.subarray(0, length)), "a.mkv");
      if (opened.ok) expect((await readOut(await opened.value.stream!())).length).toBeLessThanOrEqual(6);
    }
  });
});

const crc = (page: Uint8Array): number => {
  let value = 0;
  for (const byte of page) {
    value ^= byte << 24;
    for (let bit = 0; bit < 8; ++bit) value = value < 0 ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  }
  return value >>> 0;
};

type Page = { flags?: number; granule?: number; serial?: number; lacing: readonly number[]; body: Uint8Array };

const oggPage = ({ flags = 0, granule = 0, serial = 1, lacing, body }: Page): Uint8Array => {
  const page = bytes("OggS", [0, flags], u64(granule), u32(serial), u32(0), u32(0), [lacing.length, ...lacing], body);
  page.set(u32(crc(page)), 22);
  return page;
};

const FIRST = 2;
const LAST = 4;
const CONTINUED = 1;

describe("Ogg", () => {
  const facts: FlacFacts = { bits: 16, channels: 1, blockFrames: 4 };
  const head = bytes("\x7fFLAC", [1, 0, 0, 0], flacHeader(facts, 8));
  const frame = (number: number) => flacFrame(facts, number, 0, (writer) => writer.put(0, 8).signed(number + 1, 16));
  const levels = (...values: number[]) => values.map((value) => value / 32_768);
  const begin = (serial = 1) => oggPage({ flags: FIRST, serial, lacing: [head.length], body: head });
  const comment = oggPage({ lacing: [4], body: bytes([0x84, 0, 0, 0]) });
  const page = (number: number, granule: number, flags = 0) =>
    oggPage({ flags, granule, lacing: [frame(number).length], body: frame(number) });

  test("the last granule position cuts the padding off", async () => {
    const file = bytes(begin(), comment, page(0, 4), page(1, 6, LAST));
    expect(await decode(file)).toEqual(levels(1, 1, 1, 1, 2, 2));
  });

  test("a stream that begins late keeps all its frames", async () => {
    const file = bytes(begin(), comment, page(0, 1004), page(1, 1006, LAST));
    expect(await decode(file)).toEqual(levels(1, 1, 1, 1, 2, 2));
  });

  test("a packet goes on over pages, other streams in between do not disturb it", async () => {
    const long = bytes(frame(0), new Uint8Array(300));
    const other = oggPage({ serial: 9, lacing: [3], body: bytes("abc") });
    const start = oggPage({ granule: -1, lacing: [255], body: long.subarray(0, 255) });
    const rest = long.subarray(255);
    const end = oggPage({ flags: CONTINUED | LAST, granule: 4, lacing: [rest.length], body: rest });
    const file = bytes(begin(), oggPage({ flags: FIRST, serial: 9, lacing: [5], body: bytes("other") }), comment);
    expect(await decode(bytes(file, start, other, end))).toEqual(levels(1, 1, 1, 1));
  });

  test("a file that is cut off gives its whole pages", async () => {
    const whole = bytes(begin(), comment, page(0, 4), page(1, 8, LAST));
    expect(await decode(whole.subarray(0, whole.length - 3))).toEqual(levels(1, 1, 1, 1));
  });

  test("a damaged page and a chain of streams are said", async () => {
    const damaged = bytes(begin(), comment, page(0, 4), page(1, 8, LAST));
    damaged[damaged.length - 3]! ^= 1;
    await expect(decode(damaged)).rejects.toThrow(/a\.bin is damaged: the Ogg page at byte \d+ fails its checksum/);
    const chain = bytes(begin(), comment, page(0, 4, LAST), begin(2));
    await expect(decode(chain)).rejects.toThrow(/a\.bin is a chain of several Ogg streams/);
  });
});

const box = (type: string, ...parts: (Uint8Array | number[])[]): Uint8Array => {
  const body = bytes(...parts);
  return bytes(be32(body.length + 8), type, body);
};

describe("MOV", () => {
  const sample = sound(8);
  const table = (...values: number[]) => values.flatMap(be32);

  /** A QuickTime film of one 16-bit little-endian track at 8 kHz; `editFrames` are to be dropped at its start. */
  const film = (editFrames: number): Uint8Array => {
    const ftyp = box("ftyp", bytes("qt  "), be32(0), bytes("qt  "));
    const mdat = box("mdat", sample);
    const sowt = bytes(new Uint8Array(6), be16(1), be32(0), be32(0), be16(1), be16(16), be32(0), be16(8000), be16(0));
    const stbl = box(
      "stbl",
      box("stsd", table(0, 1), box("sowt", sowt)),
      box("stts", table(0, 1, 4, 1)),
      box("stsc", table(0, 1, 1, 4, 1)),
      box("stsz", table(0, 2, 4)),
      box("stco", table(0, 1, ftyp.length + 8)),
    );
    const mdhd = box("mdhd", table(0, 0, 0, 8000, 4), be32(0));
    const hdlr = box("hdlr", be32(0), bytes("mhlr", "soun"), new Uint8Array(13));
    const dinf = box("dinf", box("dref", table(0, 1), box("alis", be32(1))));
    const minf = box("minf", box("smhd", be64(0)), dinf, stbl);
    const tkhd = box("tkhd", be32(1), table(0, 0, 1, 0, 4), new Uint8Array(60));
    const edts = box("edts", box("elst", table(0, 1, 4 - editFrames, editFrames, 0x1_0000)));
    const mvhd = box("mvhd", table(0, 0, 0, 8000, 4), new Uint8Array(80));
    return bytes(ftyp, mdat, box("moov", mvhd, box("trak", tkhd, edts, box("mdia", mdhd, hdlr, minf))));
  };

  test("PCM packets are put together", async () => {
    expect(await decode(film(0))).toEqual(s16(sample));
  });

  test("what lies before the edit list's beginning is dropped", async () => {
    expect(await decode(film(1))).toEqual(s16(sample).slice(1));
  });

  test("films cut off after every byte neither crash nor hang", async () => {
    const whole = film(0);
    for (let length = 0; length < whole.length; length += 3) {
      const opened = await openMedia(sourceOf(whole.subarray(0, length)), "a.mov");
      if (opened.ok) expect((await readOut(await opened.value.stream!())).length).toBeLessThanOrEqual(4);
      else expect(opened.problems[0]!.file).toBe("a.mov");
    }
  });
});

describe("MP3", () => {
  /** MPEG 2.5 layer III at 8 kHz, 8 kbit/s mono: frames of 72 bytes and 576 samples, all zero = silence. */
  const frame = bytes([0xff, 0xe3, 0x18, 0xc4], new Uint8Array(68));

  test("each frame counts, also behind a tag with padding and in front of another", async () => {
    const id3 = bytes("ID3", [3, 0, 0, 0, 0, 0, 4], new Uint8Array(4), new Uint8Array(50));
    const tag = bytes("TAG", new Uint8Array(125));
    const samples = await decode(bytes(id3, frame, frame, frame, tag));
    expect(samples.length).toBe(3 * 576);
    expect(samples.every((sample) => sample === 0)).toBe(true);
  });

  test("a LAME tag is no sound, and its delay and padding are cut off", async () => {
    // Info at 4 + 9 side bytes: flags "frames", 4 frames; LAME's delay 576 and padding 600.
    const info = frame.slice();
    info.set(bytes("Info", be32(1), be32(4), "LAME"), 13);
    info.set([576 >> 4, ((576 & 15) << 4) | (600 >> 8), 600 & 255], 13 + 12 + 21);
    const samples = await decode(bytes(info, frame, frame, frame, frame));
    expect(samples.length).toBe(4 * 576 - 576 - 600);
  });
});
