import type { MediaPaths } from "../../engine/engine.ts";
import type { FilePort } from "../../engine/files.ts";
import { channelOrder } from "../../engine/measure-file.ts";
import type { Measures } from "../../engine/measures.ts";
import type { MediaInfo } from "../../engine/media/media.ts";
import { type ChannelLayout, channelCount, channelLayouts } from "../../schema/channel-layout.ts";
import type { Processor } from "../../schema/generated/mix-document.ts";
import { fail, ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { chainDocument, chainFileId, chainMediaId, chainStemId } from "./chain-document.ts";
import { namedFiles } from "./chain-files.ts";
import type { Chain } from "./open-chain.ts";
import type { SessionPorts } from "./ports.ts";
import { settle, take } from "./settle.ts";
import { requireValid } from "./valid-document.ts";

export type ProcessRequest = {
  readonly inputFile: string;
  readonly outputFile: string;
  readonly chain: Chain;
  /** Default: 24 for up to 24 bits of integers, else 32 (float). */
  readonly bitDepth?: 16 | 24 | 32;
  /** Layout of the output; by default that of the file. */
  readonly layout?: ChannelLayout;
  /** true: the file goes on until the processors have fallen silent. */
  readonly tail?: boolean;
};

type SoundFile = {
  readonly file: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  readonly bitDepth: number | null;
};

export type ProcessReport = {
  readonly ok: true;
  readonly exitCode: 0;
  readonly input: SoundFile & Pick<MediaInfo, "container" | "codec">;
  readonly output: SoundFile & { readonly sha256: string };
  readonly chain: { readonly name: string; readonly file: string | null; readonly processors: readonly Processor[] };
  readonly before: Measures;
  readonly after: Measures;
  /** Deepest gain reduction by processor id, in dB (never positive). */
  readonly reductionsDb: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
};

const layouts = Object.keys(channelLayouts) as ChannelLayout[];
const RATES_HZ = { least: 8000, most: 192_000 };
/** A time stamp later than this says nothing about a day; such files are taken to start at 0. */
const LATEST_SECONDS = 7 * 24 * 3600;

const usage = (message: string, file: string): Problem => ({ code: "usage", message, file });

/** A media file that is not there is the environment's fault, not the user's. */
const asMedia = (problem: Problem): Problem =>
  problem.code === "missing-file" ? { ...problem, code: "missing-media" } : problem;

const takeMedia = <T>(result: Result<T>, warnings: Problem[]): T =>
  take(result.ok ? result : fail(...result.problems.map(asMedia)), warnings);

const samePlace = async (files: FilePort, one: string, other: string): Promise<boolean> => {
  if (one === other) return true;
  if (!files.realPath || !(await files.facts(one)) || !(await files.facts(other))) return false;
  return (await files.realPath(one)) === (await files.realPath(other));
};

const requireOutput = async (files: FilePort, { inputFile, outputFile }: ProcessRequest): Promise<void> => {
  if (await samePlace(files, inputFile, outputFile)) {
    throw new ProblemError(usage("The input file is never written: name another one behind -o.", outputFile));
  }
  if (/\.wav$/i.test(outputFile)) return;
  const message = `${outputFile} is written as WAV: let its name end in .wav.`;
  throw new ProblemError({ ...usage(message, outputFile), allowed: [".wav"] });
};

const layoutOf = (channels: number): ChannelLayout | undefined =>
  layouts.find((layout) => channelCount(layout) === channels);

const requireFormat = (file: string, { channels, sampleRate }: MediaInfo): void => {
  if (layoutOf(channels) && sampleRate >= RATES_HZ.least && sampleRate <= RATES_HZ.most) return;
  throw new ProblemError({
    code: "unsupported",
    message: `${file} has ${channels} channels at ${sampleRate} Hz; one file through one chain has 1, 2, 6 (5.1) or 8 (7.1) channels at ${RATES_HZ.least} to ${RATES_HZ.most} Hz. Convert it first.`,
    file,
    allowed: ["1, 2, 6 or 8 channels", `${RATES_HZ.least}..${RATES_HZ.most} Hz`],
  });
};

/** Processing makes values between the steps of 16 bits, so integers go out as 24; what is no integer goes out as float. */
const usualBitDepth = ({ bitDepth }: MediaInfo): 24 | 32 => (bitDepth !== null && bitDepth <= 24 ? 24 : 32);

const startOf = ({ timeReference, sampleRate }: MediaInfo): number => {
  const frames = Number(timeReference ?? 0);
  return frames <= LATEST_SECONDS * sampleRate ? frames : 0;
};

const requireSound = (file: string, { durationSeconds, sampleRate }: Measures): number => {
  const frames = Math.round(durationSeconds * sampleRate);
  if (frames > 0) return frames;
  throw new ProblemError({ code: "not-audio", message: `${file} holds no sound: it is 0 frames long.`, file });
};

/** Native paths of the document's media: the input, and what the inserts name. */
const mediaOf = (inputFile: string, { processors, files }: Chain): MediaPaths => ({
  [chainMediaId]: inputFile,
  ...Object.fromEntries(namedFiles(processors).map((path, index) => [chainFileId(index), files.get(path)!])),
});

/** Sends one file through one chain: same rate and channels, latency taken back, the engine's own plan and render. Measures before and after. */
export const processFile = (
  ports: Pick<SessionPorts, "files" | "engine" | "onProgress" | "signal">,
  request: ProcessRequest,
): Promise<Result<ProcessReport>> =>
  settle(async () => {
    const { files, engine, onProgress, signal } = ports;
    const { inputFile, outputFile, chain, tail = false } = request;
    const warnings: Problem[] = [];
    await requireOutput(files, request);
    const info = takeMedia(await engine.probe(inputFile), warnings);
    requireFormat(inputFile, info);
    onProgress?.({ phase: "measure", done: 0, total: 1 });
    const before = takeMedia(await engine.measure(inputFile, signal), []);
    const { sampleRate } = before;
    const { channels } = before;
    const layout = layoutOf(channels) ?? "stereo";
    const outputLayout = request.layout ?? layout;
    const frames = requireSound(inputFile, before);
    const bitDepth = request.bitDepth ?? usualBitDepth(info);
    const name = files.baseName(inputFile);
    const document = chainDocument({
      processors: chain.processors,
      name,
      timeReferenceFrames: startOf(info),
      channels: channelOrder(info),
      ...{ sampleRate, layout, outputLayout, frames, bitDepth },
    });
    requireValid(document);
    const render = takeMedia(
      await engine.render(document, mediaOf(inputFile, chain), {
        outputFolder: files.folderOf(outputFile),
        fileNames: { [chainStemId]: files.baseName(outputFile) },
        tail,
        ...(onProgress ? { onProgress } : {}),
        ...(signal ? { signal } : {}),
      }),
      warnings,
    );
    const [written] = render.files;
    if (!written) throw new TypeError("a render of one stem gave no file");
    const { measures: after, sha256 } = written;
    const { container, codec } = info;
    return ok({
      ok: true,
      exitCode: 0,
      input: { file: inputFile, container, codec, sampleRate, channels, frames, bitDepth: info.bitDepth },
      output: {
        file: outputFile,
        sha256,
        sampleRate,
        channels: written.channels,
        frames: written.frames,
        bitDepth,
      },
      chain: { name: chain.name, file: chain.file, processors: chain.processors },
      before,
      after,
      reductionsDb: render.reductionsDb,
      warnings: [...new Set([...warnings.map(({ message }) => message), ...render.warnings])],
    });
  });
