import { fail, ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { createBreath, throwIfCancelled } from "../cancel.ts";
import type { ByteSource, FilePort } from "../files.ts";
import { type WaveFacts, waveHeader } from "../wave-header.ts";
import { contentKey } from "./content-key.ts";
import { HeaderWindow } from "./header-window.ts";
import type { DecodedStream, ExternalDecoder, MediaInfo, PcmLayout } from "./media.ts";
import { type CopyBitDepth, copyBitDepth, encodePcm } from "./pcm/encode.ts";
import type { PcmInfo } from "./pcm/layout.ts";
import { readWaveHeader } from "./pcm/wave.ts";
import { type OpenedMedia, openMedia } from "./probe.ts";

/** A file whose frames can be read at any position: the media file itself, or its decoded copy. */
export type ConformedMedia = {
  /** The file to read from. */
  readonly path: string;
  /** Container and codec of the original, frames and layout of the file to read from. */
  readonly info: MediaInfo & { readonly frames: number; readonly pcm: PcmLayout };
};

/** Part of the copies' names; a decoder that gives other samples gets the next number. */
const DECODER_VERSION = 1;
const LOSSLESS_CODECS: readonly string[] = ["pcm", "flac"];

/**
 * Makes `path` readable at random positions. PCM files are so already; others are decoded once into a WAV under
 * `cacheFolder`, named by their content and time of change, and found there the next time when it is whole.
 */
export const conformMedia = async (
  files: FilePort,
  path: string,
  cacheFolder: string,
  external?: ExternalDecoder,
  signal?: AbortSignal,
): Promise<Result<ConformedMedia>> => {
  try {
    const source = await files.open(path);
    try {
      return await conformSource(files, source, path, cacheFolder, external, signal);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

const conformSource = async (
  files: FilePort,
  source: ByteSource,
  path: string,
  cacheFolder: string,
  external: ExternalDecoder | undefined,
  signal: AbortSignal | undefined,
): Promise<Result<ConformedMedia>> => {
  const opened = await openMedia(source, path, external);
  if (!opened.ok) return opened;
  const { info, pcm } = opened.value;
  if (pcm !== undefined) return ok({ path, info: pcm.info }, opened.warnings);
  const key = await contentKey(source, files.createSha256?.());
  // The key knows only both ends of a long file: a word mended in its middle shows in the time of the change alone.
  const changed = Math.round((await files.facts(path))?.modifiedMs ?? 0).toString(36);
  const copyPath = files.join(cacheFolder, `${key}-${changed}-v${DECODER_VERSION}.wav`);
  const found = await readCopy(files, copyPath);
  const copy = found ?? (await decodeCopy(files, opened.value, copyPath, cacheFolder, signal));
  return ok({ path: copyPath, info: { ...info, frames: copy.frames, pcm: copy.pcm } }, opened.warnings);
};

/** Header of a decoded copy; null when there is none, or when its size is not what its header says. */
const readCopy = async (files: FilePort, copyPath: string): Promise<PcmInfo | null> => {
  if ((await files.facts(copyPath))?.kind !== "file") return null;
  const copy = await files.open(copyPath);
  try {
    const header = await readWaveHeader(new HeaderWindow(copy), 0);
    if (header.kind !== "pcm" || header.warnings.length > 0) return null;
    const { pcm, frames } = header.info;
    const dataBytes = frames * pcm.bytesPerFrame;
    return pcm.dataOffset + dataBytes + (dataBytes % 2) === copy.sizeBytes ? header.info : null;
  } finally {
    await copy.close();
  }
};

const decodeCopy = async (
  files: FilePort,
  opened: OpenedMedia,
  copyPath: string,
  cacheFolder: string,
  signal: AbortSignal | undefined,
): Promise<PcmInfo> => {
  if (opened.stream === undefined) throw new TypeError("media without random access must have a stream");
  throwIfCancelled(signal);
  await files.makeFolder(cacheFolder);
  const stream = await opened.stream();
  try {
    await writeCopy(files, stream, copyPath, signal);
  } finally {
    await stream.close();
  }
  const copy = await readCopy(files, copyPath);
  if (copy === null) throw new ProblemError(brokenCopy(copyPath));
  return copy;
};

const brokenCopy = (file: string): Problem => ({
  code: "io",
  message: `${file}, the decoded copy of a media file, was written but cannot be read back. Check the disk and that no other program cleans the folder while Premix works.`,
  file,
});

const writeCopy = async (
  files: FilePort,
  stream: DecodedStream,
  copyPath: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const facts = copyFacts(stream.info);
  const sink = await files.create(copyPath);
  try {
    const dataOffset = waveHeader(facts, 0).length;
    let dataBytes = 0;
    const breathe = createBreath(signal);
    for (let block = await stream.next(); block !== null; block = await stream.next()) {
      await breathe();
      const bytes = encodePcm(block, facts.bitDepth);
      await sink.write(dataOffset + dataBytes, bytes);
      dataBytes += bytes.length;
    }
    await sink.write(dataOffset + dataBytes, new Uint8Array(dataBytes % 2));
    await sink.write(0, waveHeader(facts, dataBytes));
  } catch (error) {
    await sink.abort();
    throw error;
  }
  await sink.commit();
};

const copyFacts = (info: MediaInfo): WaveFacts & { readonly bitDepth: CopyBitDepth } => ({
  sampleRate: info.sampleRate,
  channels: info.channels,
  bitDepth: copyBitDepth(info.bitDepth, LOSSLESS_CODECS.includes(info.codec)),
  timeReferenceFrames: 0n,
  description: "Decoded copy of a compressed file; may be deleted",
  originator: "Premix",
});
