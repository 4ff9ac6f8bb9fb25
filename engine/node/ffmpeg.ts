import { spawn } from "node:child_process";
import { isAbsolute, resolve } from "node:path";
import type { Readable } from "node:stream";
import { ProblemError } from "../../schema/problem.ts";
import type { DecodedStream, ExternalDecoder, MediaInfo } from "../media/media.ts";
import { damagedMedia, notAudio } from "../media/media-problem.ts";

/** Kept of what ffmpeg says, for the problem's text. */
const MESSAGE_CHARACTERS = 400;
const BLOCK_FLOATS = 65_536;
const PROBE_MS = 20_000;

/** The ffmpeg that PREMIX_FFMPEG names, or the one on the PATH; null when none runs. */
export const findFfmpeg = async (): Promise<ExternalDecoder | null> => {
  const command = process.env["PREMIX_FFMPEG"] || "ffmpeg";
  const version = await run(command, ["-version"]);
  const match = /^ffmpeg version (\S+)/.exec(version?.output ?? "");
  if (version === null || version.exitCode !== 0 || match === null) return null;
  return {
    name: `ffmpeg ${match[1]} (${command})`,
    probe: (path) => probe(command, path),
    decode: async (path) => decode(command, path, await probe(command, path)),
  };
};

type Finished = { readonly exitCode: number; readonly output: string; readonly errors: string };

/** Runs to the end with both outputs kept (they are short here); null when the program cannot be started. */
const run = (command: string, args: readonly string[]): Promise<Finished | null> =>
  new Promise((settle) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true, timeout: PROBE_MS });
    const texts = { output: "", errors: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      texts.output = (texts.output + text).slice(0, 65_536);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      texts.errors = (texts.errors + text).slice(0, 65_536);
    });
    child.on("error", () => settle(null));
    child.on("close", (exitCode) => settle({ exitCode: exitCode ?? -1, ...texts }));
  });

/** No other protocol, an absolute path behind "file:": names such as "-i" or "concat:..." stay names. */
const inputArguments = (path: string): string[] => [
  ...["-nostdin", "-hide_banner", "-protocol_whitelist", "file", "-i"],
  `file:${isAbsolute(path) ? path : resolve(path)}`,
];

/** ffmpeg itself describes a file when it is given no output; so ffprobe need not be there. */
const probe = async (command: string, path: string): Promise<MediaInfo> => {
  const finished = await run(command, inputArguments(path));
  if (finished === null) throw new ProblemError(notAudio(path, `${command} cannot be started`));
  const info = parseDescription(finished.errors);
  if (info !== null) return info;
  throw new ProblemError(notAudio(path, `ffmpeg finds no sound in it (${lastLines(finished.errors)})`));
};

const CHANNEL_COUNTS: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  downmix: 2,
  "2.1": 3,
  "3.0": 3,
  "3.0(back)": 3,
  "3.1": 4,
  "4.0": 4,
  quad: 4,
  "quad(side)": 4,
  "4.1": 5,
  "5.0": 5,
  "5.0(side)": 5,
  "5.1": 6,
  "5.1(side)": 6,
  "6.0": 6,
  "6.0(front)": 6,
  hexagonal: 6,
  "6.1": 7,
  "6.1(back)": 7,
  "6.1(front)": 7,
  "7.0": 7,
  "7.0(front)": 7,
  "7.1": 8,
  "7.1(wide)": 8,
  "7.1(wide-side)": 8,
  octagonal: 8,
  hexadecagonal: 16,
};

/** Reads "Stream #0:1(und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 128 kb/s". */
export const parseDescription = (text: string): MediaInfo | null => {
  const stream = /Stream #0:\d+.*?: Audio: (\w+).*?, (\d+) Hz, ([^,\n]+), (\w+)(?: \((\d+) bit\))?/.exec(text);
  const container = /Input #0, ([^,\s]+)/.exec(text)?.[1];
  if (stream === null || container === undefined) return null;
  const [, codec = "", rate = "", layout = "", format = "", bits] = stream;
  const channels = CHANNEL_COUNTS[layout] ?? Number(/^(\d+) channels/.exec(layout)?.[1] ?? Number.NaN);
  if (!(channels >= 1) || !(Number(rate) >= 1)) return null;
  const formatBits = /^[su](\d+)/.exec(format)?.[1];
  return {
    container,
    codec: codec.startsWith("pcm_") ? "pcm" : codec,
    sampleRate: Number(rate),
    channels,
    frames: null,
    bitDepth: bits !== undefined ? Number(bits) : formatBits !== undefined ? Number(formatBits) : null,
    timeReference: null,
    pcm: null,
  };
};

const lastLines = (text: string): string => {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("At least one output file"));
  return lines.slice(-2).join(" | ").slice(-MESSAGE_CHARACTERS);
};

/** Streams the decoded first audio track; back-pressure comes from the pipe, which ffmpeg waits on. */
const decode = (command: string, path: string, info: MediaInfo): DecodedStream => {
  const args = [
    ...inputArguments(path),
    "-v",
    "error",
    "-map",
    "0:a:0",
    "-vn",
    "-f",
    "f32le",
    "-c:a",
    "pcm_f32le",
    "pipe:1",
  ];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-MESSAGE_CHARACTERS);
  });
  const ended = new Promise<number>((settle) => {
    child.on("error", () => settle(-1));
    child.on("close", (exitCode) => settle(exitCode ?? -1));
  });
  const blocks = floatBlocks(child.stdout, info.channels);
  return {
    info,
    next: async () => {
      const block = await blocks.next();
      if (block.done !== true) return block.value;
      const exitCode = await ended;
      if (exitCode === 0) return null;
      throw new ProblemError(damagedMedia(path, `ffmpeg stopped with exit code ${exitCode} (${lastLines(errors)})`));
    },
    close: async () => {
      child.kill("SIGKILL");
      await blocks.return(undefined);
      await ended;
    },
  };
};

/** Whole frames as floats; what the pipe cuts in the middle is put together again. */
async function* floatBlocks(output: Readable, channels: number): AsyncGenerator<Float32Array> {
  const frameBytes = 4 * channels;
  const blockBytes = Math.max(1, Math.floor(BLOCK_FLOATS / channels)) * frameBytes;
  let block = new Uint8Array(blockBytes);
  let filled = 0;
  for await (const chunk of output as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + blockBytes - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < blockBytes) continue;
      yield new Float32Array(block.buffer);
      block = new Uint8Array(blockBytes);
      filled = 0;
    }
  }
  const whole = filled - (filled % frameBytes);
  if (whole > 0) yield new Float32Array(block.buffer, 0, whole / 4);
}
