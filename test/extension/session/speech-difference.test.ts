import { describe, expect, test } from "vitest";
import type { MediaInfo } from "../../../engine/media/media.ts";
import { speechDifference, speechHops } from "../../../extension/session/speech-difference.ts";
import { kSections, readStemHops } from "../../../extension/session/stem-hops.ts";
import { createMemoryFiles } from "../../support/memory-files.ts";

const RATE = 48_000;

/** 24-bit stereo of a 1 kHz tone whose peak level per second is given in dBFS; -200 is silence. */
const tone = (levelsDb: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(levelsDb.length * RATE * 6);
  const view = new DataView(bytes.buffer);
  for (let frame = 0; frame < levelsDb.length * RATE; frame += 1) {
    const gain = 10 ** (levelsDb[Math.floor(frame / RATE)]! / 20);
    const value = Math.round(gain * Math.sin((2 * Math.PI * 1000 * frame) / RATE) * 8_388_607);
    for (const channel of [0, 3]) {
      view.setInt16(frame * 6 + channel, value & 0xffff, true);
      view.setInt8(frame * 6 + channel + 2, value >> 16);
    }
  }
  return bytes;
};

const hops = async (levelsDb: readonly number[]) => {
  const bytes = tone(levelsDb);
  const files = createMemoryFiles({ "a.wav": bytes });
  const info: MediaInfo = {
    container: "wav",
    codec: "pcm",
    sampleRate: RATE,
    channels: 2,
    frames: levelsDb.length * RATE,
    bitDepth: 24,
    timeReference: null,
    pcm: { encoding: "s24", bigEndian: false, dataOffset: 0, bytesPerFrame: 6, validBits: 24 },
  };
  return readStemHops("files" in files ? files.files : files, "a.wav", info);
};

describe("speech against other stems", () => {
  test("the K filter at 48 kHz is the table of BS.1770", () => {
    const [shelf, pass] = kSections(48_000);
    expect(shelf!.b[0]).toBeCloseTo(1.53512485958697, 10);
    expect(shelf!.a[1]).toBeCloseTo(0.73248077421585, 10);
    expect(pass!.a[0]).toBeCloseTo(-1.99004745483398, 10);
  });

  test("a stereo tone of -23 dBFS has the energy of -23 LUFS", async () => {
    const { energies } = await hops([-23, -23, -23, -23]);
    expect(-0.691 + 10 * Math.log10(energies[20]!)).toBeCloseTo(-23, 1);
  });

  test("speech is where the dialogue stem stands within 10 LU of itself; pauses and noise are not", async () => {
    const speaks = speechHops(await hops([-23, -23, -200, -45, -23]));
    const share = (second: number) => speaks.slice(second * 10 + 3, second * 10 + 7).every(Boolean);
    expect([0, 1, 2, 3, 4].map(share)).toEqual([true, true, false, false, true]);
  });

  test("the difference counts only the seconds in which both sound", async () => {
    const speech = await hops([-23, -23, -23, -23, -200, -200, -23, -23]);
    const music = await hops([-35, -35, -35, -35, -20, -20, -200, -200]);
    const found = speechDifference(speech, music, 10);
    expect(found.differenceLu).toBeCloseTo(12, 0);
    expect(found.coverage).toBeCloseTo(4 / 6, 1);
    expect(found.critical).toEqual([]);
  });

  test("a passage that comes too near is named with its place", async () => {
    const speech = await hops(Array.from({ length: 16 }, () => -23));
    const music = await hops([...Array.from({ length: 8 }, () => -40), ...Array.from({ length: 8 }, () => -29)]);
    const { critical } = speechDifference(speech, music, 10);
    expect(critical).toHaveLength(1);
    expect(critical[0]!.startSeconds).toBeGreaterThanOrEqual(6);
    expect(critical[0]!.endSeconds).toBeCloseTo(16, 0);
    expect(critical[0]!.differenceLu).toBeCloseTo(6, 0);
  });

  test("stems that never sound together have no difference", async () => {
    const found = speechDifference(await hops([-23, -200]), await hops([-200, -23]), 10);
    expect(found.differenceLu).toBeNull();
  });
});
