import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMedia } from "../../../engine/media/probe.ts";
import { oddFiles, verdictOf } from "./odd-headers.ts";
import { sourceOf, verdict } from "./sources.ts";
import { bytes, chunk, format, riff, sound, u32 } from "./wave-bytes.ts";

const names = Object.keys(oddFiles);

/** Reads that a header of 200 bytes may cost: one window for the sniffing, one for the walk. */
const MAX_READS = 8;

const openBytes = async (file: Uint8Array) => {
  const source = sourceOf(file);
  const opened = await openMedia(source, "odd.wav");
  return { opened, reads: source.reads() };
};

/** Whatever the header says, what is reported lies inside the file. */
const expectInside = (file: Uint8Array, { opened, reads }: Awaited<ReturnType<typeof openBytes>>) => {
  expect(reads).toBeLessThanOrEqual(MAX_READS);
  if (!opened.ok) {
    expect(["not-audio", "unsupported", "needs-ffmpeg"]).toContain(opened.problems[0]!.code);
    return;
  }
  const { pcm, frames } = opened.value.info;
  if (pcm === null || frames === null || frames === 0) return;
  expect(pcm.dataOffset + frames * pcm.bytesPerFrame).toBeLessThanOrEqual(file.length);
};

describe("odd headers", () => {
  test.each(names)("%s", async (name) => {
    const file = oddFiles[name]!;
    expect(file.length).toBeLessThanOrEqual(200);
    expect(verdict((await openBytes(file)).opened)).toBe(verdictOf(name));
  });

  test("every file cut off after every byte is read or refused, and never beyond its end", async () => {
    for (const name of names) {
      const file = oddFiles[name]!;
      for (let length = 0; length < file.length; ++length) {
        const cut = file.subarray(0, length);
        expectInside(cut, await openBytes(cut));
      }
    }
  });

  test("random changes never crash a reader, nor lead it beyond the file", async () => {
    const change = fc.record({ at: fc.nat(199), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff) });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.array(change, { maxLength: 6 }), async (name, changes) => {
        const file = oddFiles[name]!.slice();
        for (const { at, value } of changes) if (at < file.length) file[at] = value;
        expectInside(file, await openBytes(file));
      }),
      { numRuns: 2000 },
    );
  });

  test("a file of empty chunks is given up after 10,000 of them", async () => {
    const junk = chunk("junk", []);
    const many = new Uint8Array(20_000 * junk.length);
    for (let at = 0; at < many.length; at += junk.length) many.set(junk, at);
    const { opened } = await openBytes(riff(many, chunk("fmt ", format()), chunk("data", sound(8))));
    expect(verdict(opened)).toBe("not-audio");
  });

  test("the cut-off file is read and the loss is said", async () => {
    const { opened } = await openBytes(oddFiles["data size larger than the file"]!);
    expect(opened.ok && opened.warnings[0]!.message).toMatch(/odd\.wav claims 1000 bytes of sound and holds 8/);
  });

  test("the BWF time reference is frames since midnight", async () => {
    const bext = bytes(new Uint8Array(338), u32(172_800_000), u32(1), new Uint8Array(256));
    const { opened } = await openBytes(riff(chunk("bext", bext), chunk("fmt ", format()), chunk("data", sound(8))));
    expect(opened.ok && opened.value.info.timeReference).toBe("4467767296");
  });

  test("the basic UMID says which recording it is; an empty one says nothing", async () => {
    const umid = Uint8Array.from({ length: 64 }, (_, index) => (index < 32 ? index + 1 : 0));
    const of = async (given: Uint8Array) => {
      const bext = bytes(new Uint8Array(346), [1, 0], given, new Uint8Array(190));
      const { opened } = await openBytes(riff(chunk("bext", bext), chunk("fmt ", format()), chunk("data", sound(8))));
      return opened.ok && opened.value.info.umid;
    };
    expect(await of(umid)).toBe("0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20");
    expect(await of(new Uint8Array(64))).toBeUndefined();
  });

  test("bext is found behind the sound too", async () => {
    const bext = bytes(new Uint8Array(338), u32(48_000), u32(0), new Uint8Array(256));
    const { opened } = await openBytes(riff(chunk("fmt ", format()), chunk("data", sound(7)), chunk("bext", bext)));
    expect(opened.ok && opened.value.info.timeReference).toBe("48000");
  });
});
