import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { findFfmpeg, parseDescription } from "../../../engine/node/ffmpeg.ts";
import { ffmpegDecode, hasFfmpeg } from "../../support/ffmpeg.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { readOut } from "./sources.ts";
import { chunk, format, riff, sound } from "./wave-bytes.ts";

const newFolder = temporaryFolders();
const before = process.env["PREMIX_FFMPEG"];

afterEach(() => {
  if (before === undefined) delete process.env["PREMIX_FFMPEG"];
  else process.env["PREMIX_FFMPEG"] = before;
});

const DESCRIPTION = `Input #0, mov,mp4,m4a, from 'x':
  Stream #0:0[0x1](und): Video: mpeg4 (mp4v / 0x7634706D), yuv420p, 64x64, 25 fps
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 128 kb/s (default)`;

/** A program that behaves like ffmpeg as far as it is told to; it writes its arguments beside itself. */
const fakeFfmpeg = (decodeScript: string): { readonly program: string; readonly log: string } => {
  const folder = newFolder();
  const program = join(folder, "ffmpeg");
  const log = join(folder, "arguments");
  writeFileSync(
    program,
    `#!${process.execPath}
const args = process.argv.slice(2);
if (args[0] === "-version") console.log("ffmpeg version 9.9-test Copyright");
else if (!args.includes("-f")) { console.error(${JSON.stringify(DESCRIPTION)}); process.exitCode = 1; }
else { require("node:fs").writeFileSync(${JSON.stringify(log)}, JSON.stringify(args)); ${decodeScript} }
`,
  );
  chmodSync(program, 0o755);
  process.env["PREMIX_FFMPEG"] = program;
  return { program, log };
};

const decoder = async () => {
  const found = await findFfmpeg();
  if (found === null) throw new Error("no decoder was found");
  return found;
};

describe("the program", () => {
  test("is named with its version and place", async () => {
    const { program } = fakeFfmpeg("");
    expect((await decoder()).name).toBe(`ffmpeg 9.9-test (${program})`);
  });

  test("is null when it is not there or is something else", async () => {
    process.env["PREMIX_FFMPEG"] = join(newFolder(), "nothing");
    expect(await findFfmpeg()).toBeNull();
    process.env["PREMIX_FFMPEG"] = process.execPath;
    expect(await findFfmpeg()).toBeNull();
  });

  test("gets the path as an absolute file, so that a name is never an option or a protocol", async () => {
    const { log } = fakeFfmpeg("");
    await readOut(await (await decoder()).decode("-i concat:a|b.mp4"));
    const args = JSON.parse((await import("node:fs")).readFileSync(log, "utf8")) as string[];
    const input = args[args.indexOf("-i") + 1]!;
    expect(input).toBe(`file:${join(process.cwd(), "-i concat:a|b.mp4")}`);
    expect(args.slice(0, args.indexOf("-i"))).toEqual(["-nostdin", "-hide_banner", "-protocol_whitelist", "file"]);
  });
});

describe("decoding", () => {
  test("frames that the pipe cuts are put together again", async () => {
    fakeFfmpeg(`
      const floats = Buffer.from(Float32Array.from({ length: 200000 }, (_, index) => index).buffer);
      process.stdout.write(floats.subarray(0, 5)); setTimeout(() => process.stdout.write(floats.subarray(5)), 20);`);
    const samples = await readOut(await (await decoder()).decode("a.mp4"));
    expect(samples.length).toBe(200_000);
    expect(samples.every((sample, index) => sample === index)).toBe(true);
  });

  test("a failure names the file and what ffmpeg said", async () => {
    fakeFfmpeg(
      `process.stdout.write(Buffer.alloc(16)); console.error("moov atom is upside down"); process.exitCode = 69;`,
    );
    const reading = readOut(await (await decoder()).decode("a.mp4"));
    await expect(reading).rejects.toThrow(/a\.mp4 is damaged: ffmpeg stopped with exit code 69 \(moov atom/);
  });

  test("closing ends a program that would go on for ever", async () => {
    fakeFfmpeg("setInterval(() => process.stdout.write(Buffer.alloc(65536)), 1);");
    const stream = await (await decoder()).decode("a.mp4");
    expect(await stream.next()).not.toBeNull();
    await stream.close();
  });

  test("the real one decodes what it decodes by hand, or is not there", async () => {
    const path = join(newFolder(), "a.wav");
    writeFileSync(path, riff(chunk("fmt ", format({ channels: 2 })), chunk("data", sound(80))));
    const found = await findFfmpeg();
    if (found === null) {
      expect(hasFfmpeg).toBe(false);
      return;
    }
    expect(await found.probe(path)).toMatchObject({ container: "wav", codec: "pcm", sampleRate: 8000, channels: 2 });
    expect(await readOut(await found.decode(path))).toEqual(ffmpegDecode(path));
    await expect(found.probe(join(newFolder(), "gone.wav"))).rejects.toThrow(/gone\.wav is not a readable audio file/);
  });
});

describe("what ffmpeg says of a file", () => {
  const line = (text: string) => parseDescription(`Input #0, wav, from 'x':\n  Stream #0:0: Audio: ${text}`);

  test.each([
    ["pcm_s24le ([1][0][0][0] / 0x0001), 48000 Hz, mono, s32 (24 bit), 1152 kb/s", "pcm", 48_000, 1, 24],
    ["pcm_s16be (twos / 0x736F7774), 44100 Hz, 2 channels, s16, 1411 kb/s", "pcm", 44_100, 2, 16],
    ["aac (LC) (mp4a / 0x6134706D), 48000 Hz, 5.1(side), fltp, 384 kb/s (default)", "aac", 48_000, 6, null],
    ["ac3, 48000 Hz, 7.1, fltp", "ac3", 48_000, 8, null],
    ["pcm_s16le, 48000 Hz, 12 channels (FL+FR), s16, 100 kb/s", "pcm", 48_000, 12, 16],
  ])("%s", (text, codec, sampleRate, channels, bitDepth) => {
    expect(line(text)).toMatchObject({ container: "wav", codec, sampleRate, channels, bitDepth, frames: null });
  });

  test("a film without sound, and nonsense, have none", () => {
    expect(parseDescription(DESCRIPTION.split("\n").slice(0, 2).join("\n"))).toBeNull();
    expect(parseDescription("x: Invalid data found when processing input")).toBeNull();
    expect(line("aac, 48000 Hz, 0 channels, fltp")).toBeNull();
  });
});
