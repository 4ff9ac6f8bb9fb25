import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { statedFrames } from "../../../engine/media/stated-frames.ts";
import { createMemoryFiles } from "../../support/memory-files.ts";

const stated = async (bytes: Uint8Array) => statedFrames(await createMemoryFiles({ a: bytes }).files.open("a"));
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo: 417 bytes, 1152 frames each. */
const mpegFrame = (body: readonly number[] = []): number[] => {
  const frame = [0xff, 0xfb, 0x90, 0x00, ...body];
  return [...frame, ...Array.from({ length: 417 - frame.length }, () => 0)];
};
const mpeg = (count: number) => Array.from({ length: count }, () => mpegFrame()).flat();

const oggPage = (granule: number, body: readonly number[]): number[] => {
  const position = [...new Uint8Array(new BigInt64Array([BigInt(granule)]).buffer)];
  return [...letters("OggS"), 0, 0, ...position, ...Array.from({ length: 12 }, () => 0), 1, body.length, ...body];
};

describe("the length that a compressed file states", () => {
  test("FLAC: by STREAMINFO, whatever stands behind it", async () => {
    const speech = join(import.meta.dirname, "../../../extension/cli/demo/speech");
    const flac = readFileSync(join(speech, "DX_anna.flac"));
    const frames = (await stated(flac))!;
    expect(frames).toBeGreaterThan(48_000);
    expect(await stated(flac.subarray(0, 4_096))).toBe(frames);
  });

  test("MPEG: by the count of its tag, else as if all frames were like the first", async () => {
    const bytes = Uint8Array.from(mpeg(100));
    expect(await stated(bytes)).toBe(100 * 1152);
    const tag = [...Array.from({ length: 32 }, () => 0), ...letters("Xing"), 0, 0, 0, 1, 0, 0, 3, 232];
    expect(await stated(Uint8Array.from([...mpegFrame(tag), ...mpeg(20)]))).toBe(1000 * 1152);
  });

  test("Ogg: by the position of its last page, without what Opus drops at the start", async () => {
    const head = [...letters("OpusHead"), 1, 2, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0];
    const bytes = Uint8Array.from([...oggPage(0, head), ...oggPage(960, [1]), ...oggPage(48_312, [1, 2, 3])]);
    expect(await stated(bytes)).toBe(48_000);
  });

  test("null where nothing is stated", async () => {
    expect(await stated(Uint8Array.from(letters("only a text, and not a sound at all")))).toBeNull();
    expect(await stated(new Uint8Array(0))).toBeNull();
    expect(await stated(Uint8Array.from([...letters("fLaC"), 0, 0, 0, 34]))).toBeNull();
  });
});
