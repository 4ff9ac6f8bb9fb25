// The files that editors receive: read back by a strict parser of our own and, where they are installed, by ffprobe and sndfile-info.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { FilePort } from "../../engine/files.ts";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import { bytesPerFrame, type WaveBitDepth, waveChannelOrder, waveHeader } from "../../engine/wave-header.ts";
import { createWaveWriter, type WaveWriterOptions } from "../../engine/wave-writer.ts";
import { parseWave } from "../support/wave-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "premix-wave-"));
afterAll(() => rmSync(folder, { recursive: true }));

const files = createNodeFiles();
const plain: WaveWriterOptions = {
  sampleRate: 48_000,
  channels: 2,
  bitDepth: 24,
  timeReferenceFrames: 0n,
  description: "DX",
  originator: "Premix",
};

const bodyOf = (options: Pick<WaveWriterOptions, "channels" | "bitDepth">, frames: number): Uint8Array =>
  Uint8Array.from({ length: frames * bytesPerFrame(options) }, (_, index) => (index * 31 + 7) & 0x3f);

let count = 0;
const writeWave = async (changes: Partial<WaveWriterOptions>, frames: number, port: FilePort = files) => {
  count += 1;
  const file = path.join(folder, `${count}.wav`);
  const options = { ...plain, ...changes };
  const writer = await createWaveWriter(port, file, options);
  const body = bodyOf(options, frames);
  const half = Math.floor(frames / 2) * bytesPerFrame(options);
  await writer.write(body.subarray(0, half));
  await writer.write(body.subarray(half));
  const written = await writer.finish();
  return { file, body, written, bytes: readFileSync(file) };
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("what stands in the file", () => {
  const shapes = fc.record({
    sampleRate: fc.constantFrom(8000, 44_100, 48_000, 192_000),
    channels: fc.integer({ min: 1, max: 16 }),
    bitDepth: fc.constantFrom<WaveBitDepth>(16, 24, 32),
    totalFrames: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
    rf64AboveBytes: fc.constantFrom(1000, 0xffff_ffff),
  });

  test("any shape gives a file without a lie, the samples as given, and the hash and size that it names", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer({ min: 0, max: 60 }), async ({ totalFrames, ...shape }, frames) => {
        const known = totalFrames === undefined ? {} : { totalFrames };
        const { bytes, body, written } = await writeWave({ ...shape, ...known }, frames);
        const wave = parseWave(bytes);
        expect(wave).toMatchObject({
          channels: shape.channels,
          sampleRate: shape.sampleRate,
          bitDepth: shape.bitDepth,
          form: bytes.length > shape.rf64AboveBytes ? "RF64" : "RIFF",
        });
        expect(Buffer.from(wave.data).equals(body)).toBe(true);
        expect(written).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [1, 16, { tag: 1, mask: null, factFrames: null }],
    [2, 24, { tag: 1, mask: null, factFrames: null }],
    [2, 32, { tag: 3, mask: null, factFrames: 9 }],
    [6, 24, { tag: 0xfffe, mask: 0x3f, subformat: 1, factFrames: null }],
    [8, 32, { tag: 0xfffe, mask: 0x63f, subformat: 3, factFrames: 9 }],
    [12, 24, { tag: 0xfffe, mask: 0, subformat: 1 }],
  ] as const)("%i channels of %i bits stand under the right format", async (channels, bitDepth, expected) => {
    const { bytes } = await writeWave({ channels, bitDepth }, 9);
    expect(parseWave(bytes)).toMatchObject(expected);
  });

  test("7.1 goes to the file with the back pair before the side pair, as its speaker mask says", () => {
    expect(waveChannelOrder(8)).toEqual([0, 1, 2, 3, 6, 7, 4, 5]);
    expect(waveChannelOrder(6)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("the broadcast chunk tells where the sound stands, what it is and how loud", async () => {
    count += 1;
    const file = path.join(folder, `${count}.wav`);
    const writer = await createWaveWriter(files, file, {
      ...plain,
      timeReferenceFrames: 172_800_000n * 2n ** 10n,
      description: "Früh 日本",
      originator: "A name that is far longer than the thirty-two characters",
      codingHistory: "A=PCM,F=48000,W=24,M=stereo,T=Premix",
    });
    await writer.write(bodyOf(plain, 4));
    const { sha256: hash } = await writer.finish({
      integratedLufs: -22.994,
      loudnessRangeLu: 6.5,
      truePeakDbtp: -1.006,
      maxMomentaryLufs: null,
      maxShortTermLufs: Number.NEGATIVE_INFINITY,
    });
    const bytes = readFileSync(file);
    expect(parseWave(bytes).bext).toEqual({
      description: "Fruh ??",
      originator: "A name that is far longer than t",
      date: "",
      time: "",
      timeReference: 172_800_000n * 2n ** 10n,
      version: 2,
      loudness: [-2299, 650, -101, 0x7fff, 0x7fff],
      history: "A=PCM,F=48000,W=24,M=stereo,T=Premix\r\n",
    });
    expect(hash).toBe(sha256(bytes));
  });

  test("date and time are there only when they were given", async () => {
    const { bytes } = await writeWave({ originationDate: "2026-11-03", originationTime: "10:20:30" }, 2);
    expect(parseWave(bytes).bext).toMatchObject({ date: "2026-11-03", time: "10:20:30" });
  });
});

describe("the same sound", () => {
  test("gives the same bytes whether the length was known or not, and whoever counts the hash", async () => {
    const { createSha256: _, ...withoutHash } = files;
    const known = await writeWave({ totalFrames: 1001 }, 1001);
    const unknown = await writeWave({}, 1001);
    const wrong = await writeWave({ totalFrames: 5 }, 1001);
    const portable = await writeWave({ totalFrames: 1001 }, 1001, withoutHash);
    for (const { bytes, written } of [unknown, wrong, portable]) {
      expect(bytes.equals(known.bytes)).toBe(true);
      expect(written).toEqual(known.written);
    }
  });
});

describe("more than 4 GiB", () => {
  test("turns the reserved chunk into ds64 with the true sizes, at the byte where 32 bits end", () => {
    const headerBytes = waveHeader(plain, 0).length;
    const most = 0xffff_ffff - headerBytes;
    const fits = waveHeader(plain, most - (most % 6));
    const tooLong = waveHeader(plain, most - (most % 6) + 6);
    expect(Buffer.from(fits.subarray(0, 4)).toString()).toBe("RIFF");
    expect(Buffer.from(tooLong.subarray(0, 4)).toString()).toBe("RF64");
    const view = new DataView(tooLong.buffer);
    const dataBytes = view.getBigUint64(28, true);
    expect(Number(dataBytes)).toBe(most - (most % 6) + 6);
    expect(view.getBigUint64(20, true)).toBe(dataBytes + BigInt(headerBytes - 8));
    expect(view.getBigUint64(36, true)).toBe(dataBytes / 6n);
    expect(view.getUint32(tooLong.length - 4, true)).toBe(0xffff_ffff);
  });
});

describe("other programs", () => {
  const judges = [
    { tool: "ffprobe", args: ["-v", "error", "-show_entries", "stream=sample_rate,channels,duration_ts"] },
    { tool: "sndfile-info", args: [] },
  ] as const;

  test.each([
    [{ channels: 2, bitDepth: 24 }, 4801],
    [{ channels: 1, bitDepth: 24 }, 4801],
    [{ channels: 2, bitDepth: 32 }, 4801],
    [{ channels: 8, bitDepth: 24 }, 4801],
    [{ channels: 6, bitDepth: 16, rf64AboveBytes: 1000 }, 4801],
    [{ channels: 2, bitDepth: 32, rf64AboveBytes: 1000 }, 4801],
  ] as const)("read the length of %o", async (changes, frames) => {
    const { file, bytes } = await writeWave(changes, frames);
    const wave = parseWave(bytes);
    expect(wave.data.length / bytesPerFrame({ ...plain, ...changes })).toBe(frames);
    for (const { tool, args } of judges) {
      const { error, stdout, stderr, status } = spawnSync(tool, [...args, file], { encoding: "utf8" });
      // Not installed: the strict parser above has judged alone.
      if (error !== undefined) continue;
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(stdout).toMatch(tool === "ffprobe" ? `duration_ts=${frames}` : new RegExp(`Frames *: ${frames}\\b`));
      expect(stdout).toMatch(tool === "ffprobe" ? `channels=${changes.channels}` : `Channels    : ${changes.channels}`);
    }
  });
});

describe("an unfinished file", () => {
  test("leaves nothing behind when it is given up, and the old one stays", async () => {
    const place = mkdtempSync(path.join(folder, "abort-"));
    const file = path.join(place, "DX.wav");
    writeFileSync(file, "old");
    const writer = await createWaveWriter(files, file, plain);
    await writer.write(bodyOf(plain, 10));
    await writer.abort();
    expect(readdirSync(place)).toEqual(["DX.wav"]);
    expect(readFileSync(file, "utf8")).toBe("old");
  });

  test("is not under its final name before it is finished", async () => {
    const file = path.join(folder, "pending.wav");
    const writer = await createWaveWriter(files, file, plain);
    await writer.write(bodyOf(plain, 10));
    expect(existsSync(file)).toBe(false);
    await writer.finish();
    expect(parseWave(readFileSync(file)).data.length).toBe(60);
  });

  test("refuses a piece of a frame", async () => {
    const writer = await createWaveWriter(files, path.join(folder, "piece.wav"), plain);
    expect(() => writer.write(new Uint8Array(7))).toThrow(TypeError);
    await writer.abort();
  });
});
