import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../../engine/files.ts";
import { openMedia } from "../../../engine/media/probe.ts";
import { findFfmpeg } from "../../../engine/node/ffmpeg.ts";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { ffmpegDecode, hasFfmpeg } from "../../support/ffmpeg.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { largestDifference, readOut, sourceOf } from "./sources.ts";
import { bytes, u32, u64 } from "./wave-bytes.ts";

/*
 * Each packaged decoder against ffmpeg on the same file: the same number of frames, no offset, the same samples. Files
 * are encoded by ffmpeg on the spot. Where there is no ffmpeg, the readers are held to refusing broken streams.
 */

const newFolder = temporaryFolders();
const files = createNodeFiles();

const withSource = async <T>(path: string, work: (source: ByteSource) => Promise<T>): Promise<T> => {
  const source = await files.open(path);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
};

const decodeFile = (path: string) =>
  withSource(path, async (source) => {
    const opened = await openMedia(source, path);
    if (!opened.ok) throw new Error(opened.problems[0]!.message);
    const { info, stream } = opened.value;
    if (stream === undefined) throw new TypeError(`${path} was not taken for a compressed file`);
    return { info, samples: await readOut(await stream()) };
  });

const encode = (path: string, rate: number, channels: number, options: readonly string[]) => {
  const noise = `anoisesrc=r=${rate}:d=1.37:a=0.4:c=pink:s=7[n];[n]aformat=channel_layouts=mono,`;
  const pan = `pan=${channels}c|${Array.from({ length: channels }, (_, c) => `c${c}=${1 - c / 10}*c0`).join("|")}`;
  const filter = noise + pan;
  const input = ["-nostdin", "-v", "error", "-y", "-filter_complex", filter];
  execFileSync(process.env["PREMIX_FFMPEG"] ?? "ffmpeg", [...input, "-strict", "-2", ...options, path]);
};

type Case = readonly [name: string, rate: number, channels: number, options: readonly string[], tolerance: number];

/** Tolerances: FLAC and PCM exact, others 1e-4. */
const cases: readonly Case[] = [
  ["a.flac", 44_100, 2, ["-sample_fmt", "s16"], 0],
  ["b.flac", 96_000, 6, ["-sample_fmt", "s32"], 0],
  ["c.flac", 48_000, 8, ["-sample_fmt", "s16", "-compression_level", "12"], 0],
  ["a.mp3", 44_100, 2, ["-b:a", "128k"], 1e-4],
  ["b.mp3", 48_000, 1, ["-q:a", "4"], 1e-4],
  ["c.mp3", 22_050, 2, ["-b:a", "64k"], 1e-4],
  ["d.mp3", 8000, 1, ["-b:a", "16k"], 1e-4],
  ["e.mp3", 44_100, 2, ["-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0"], 1e-4],
  ["f.mp3", 32_000, 2, ["-b:a", "96k", "-write_id3v1", "1", "-metadata", "title=A"], 1e-4],
  ["a.mp2", 48_000, 2, ["-b:a", "192k"], 1e-4],
  ["a.ogg", 44_100, 2, ["-c:a", "libvorbis"], 1e-4],
  ["b.ogg", 48_000, 6, ["-c:a", "libvorbis"], 1e-4],
  ["c.ogg", 22_050, 1, ["-c:a", "libvorbis"], 1e-4],
  ["flac.ogg", 48_000, 2, ["-c:a", "flac"], 0],
  ["a.opus", 48_000, 2, ["-c:a", "libopus"], 1e-4],
  ["b.opus", 48_000, 6, ["-c:a", "libopus"], 1e-4],
  ["c.opus", 16_000, 1, ["-c:a", "libopus"], 1e-4],
  ["a.mov", 48_000, 2, ["-c:a", "pcm_s24be"], 0],
  ["b.mov", 48_000, 1, ["-c:a", "pcm_s16le"], 0],
  ["c.mov", 44_100, 2, ["-c:a", "pcm_f32le"], 0],
  ["flac.mp4", 48_000, 2, ["-c:a", "flac"], 0],
  ["fragments.mp4", 48_000, 2, ["-c:a", "flac", "-movflags", "frag_keyframe+empty_moov"], 0],
  ["mp3.mp4", 44_100, 2, ["-c:a", "libmp3lame"], 1e-4],
  ["opus.mp4", 48_000, 2, ["-c:a", "libopus"], 1e-4],
  ["flac.mkv", 48_000, 2, ["-c:a", "flac"], 0],
  ["pcm.mkv", 48_000, 2, ["-c:a", "pcm_s24le"], 0],
  ["mp3.mkv", 44_100, 2, ["-c:a", "libmp3lame"], 1e-4],
  ["opus.mkv", 48_000, 2, ["-c:a", "libopus"], 1e-4],
  ["vorbis.webm", 44_100, 2, ["-c:a", "libvorbis"], 1e-4],
];

/** ffmpeg's own Opus decoder differs from the codec's authors' by up to 0.02: the latter is the judge. */
const judge = (path: string, options: readonly string[]): Float32Array => {
  if (!path.endsWith(".opus") && !options.includes("libopus")) return ffmpegDecode(path);
  const output = execFileSync(
    process.env["PREMIX_FFMPEG"] ?? "ffmpeg",
    ["-nostdin", "-v", "error", "-c:a", "libopus", "-i", path, "-f", "f32le", "-"],
    { maxBuffer: 1 << 28 },
  );
  return new Float32Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length));
};

describe("against ffmpeg", () => {
  let folder = "";
  beforeAll(() => {
    folder = newFolder();
  });

  test("the judge is found when it is there", async () => {
    expect((await findFfmpeg()) !== null).toBe(hasFfmpeg);
  });

  test.each(hasFfmpeg ? cases : [])("%s at %i Hz, %i channels", async (name, rate, channels, options, tolerance) => {
    const path = join(folder, name);
    encode(path, rate, channels, options);
    const { info, samples } = await decodeFile(path);
    const expected = judge(path, options);
    expect([info.channels, samples.length / channels]).toEqual([channels, expected.length / channels]);
    expect(largestDifference(samples, expected)).toBeLessThanOrEqual(tolerance);
  });
});

const oggPage = (flags: number, granule: number, body: Uint8Array): Uint8Array =>
  bytes("OggS", [0, flags], u64(granule), u32(1), u32(0), u32(0), [1, body.length], body);

describe("broken streams are refused by name", () => {
  const opusHead = bytes("OpusHead", [1, 2, 0, 0], u32(48_000), [0, 0, 0]);
  const broken: readonly (readonly [string, Uint8Array])[] = [
    ["an Ogg page with a wrong checksum", oggPage(2, 0, opusHead)],
    ["an Ogg page of an unknown codec", oggPage(2, 0, bytes("Speex   ", new Uint8Array(72)))],
    ["Matroska with a track of an unknown codec", bytes([0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0xff])],
    ["a film whose boxes claim 4 GB", bytes([0, 0, 0, 16], "ftypqt  \0\0\0\0", [0xff, 0xff, 0xff, 0xff], "moov")],
  ];
  test.each(broken)("%s", async (_, file) => {
    const opened = await openMedia(sourceOf(file), "broken.bin");
    expect(opened.ok ? [] : opened.problems.map((problem) => problem.file)).toEqual(["broken.bin"]);
  });
});

const material = process.env["PREMIX_MATERIAL"];

describe("real material", () => {
  test.each([
    "scene/media/AMB_room_tone.flac",
    "scene/media/VO_take4.flac",
    "scene/media/Cue_07.mp3",
    "scene/media/Sting.ogg",
    "audio/music/freezingpoint.ogg",
  ])("%s decodes as ffmpeg decodes it, or its absence is said", async (name) => {
    const path = join(material ?? newFolder(), name);
    if (!existsSync(path) || !hasFfmpeg) {
      await expect(files.open(join(newFolder(), name))).rejects.toThrow(ProblemError);
      return;
    }
    const { samples } = await decodeFile(path);
    const tolerance = name.endsWith(".flac") ? 0 : 1e-4;
    expect(largestDifference(samples, ffmpegDecode(path))).toBeLessThanOrEqual(tolerance);
  });
});
