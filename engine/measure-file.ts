import { fail, ok, type Problem, ProblemError, type Result } from "../schema/problem.ts";
import type { ByteSource, FilePort } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { createLoudnessMeter } from "./loudness.ts";
import type { Measures } from "./measures.ts";
import type { DecodedStream, ExternalDecoder, MediaInfo } from "./media/media.ts";
import type { PcmInfo } from "./media/pcm/layout.ts";
import { type OpenedMedia, openMedia } from "./media/probe.ts";
import { decodePairs, scatterPair } from "./pair-decoder.ts";
import { waveChannelOrder } from "./wave-header.ts";

const CHUNK_FRAMES = 16_384;
/** A synchronous disk never lets go of the thread: now and then a signal to stop gets its chance. */
const CHUNKS_PER_TURN = 64;
/** ITU-R BS.1770 knows no more speakers. */
const MAX_CHANNELS = 8;
const RATES_HZ = { min: 8000, max: 192_000 };
/** Their eight channels stand in the order of the WAVE speaker bits. */
const waveOrdered: ReadonlySet<string> = new Set(["wav", "rf64", "w64", "flac"]);

/** Something that hears a file from its first frame to its last, as channel pairs at `ptr`. */
export type Ear = { feed(ptr: number, frames: number): void };

type Lanes = readonly (readonly [left: number, right: number])[];

/** The file's channels in our layouts' order. */
export const channelOrder = ({ channels, container }: Pick<MediaInfo, "channels" | "container">): readonly number[] =>
  waveOrdered.has(container) ? waveChannelOrder(channels) : [...Array(channels).keys()];

/** Channels of the file for the lanes of each pair, in our layouts' order; an odd last channel stands in both lanes. */
const lanesOf = (info: MediaInfo): Lanes => {
  const { channels } = info;
  const order = channelOrder(info);
  return Array.from({ length: (channels + 1) >> 1 }, (_, pair) => {
    const left = order[pair * 2]!;
    return [left, order[pair * 2 + 1] ?? left] as const;
  });
};

const unmeasurable = (path: string, { channels, sampleRate }: MediaInfo): Problem | null => {
  const allowed = `Loudness is measured of 1 to ${MAX_CHANNELS} channels at ${RATES_HZ.min} to ${RATES_HZ.max} Hz`;
  if (channels <= MAX_CHANNELS && sampleRate >= RATES_HZ.min && sampleRate <= RATES_HZ.max) return null;
  return {
    code: "unsupported",
    message: `${path} has ${channels} channels at ${sampleRate} Hz. ${allowed}; convert it first.`,
    file: path,
  };
};

const stopped = (path: string): ProblemError =>
  new ProblemError({
    code: "cancelled",
    message: `Measuring ${path} was cancelled; it was read only, nothing has changed.`,
    file: path,
  });

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const measurePcm = async (
  source: ByteSource,
  instance: EngineInstance,
  info: PcmInfo,
  ear: Ear,
  pause: (chunk: number) => Promise<void> | undefined,
): Promise<void> => {
  const lanes = lanesOf(info);
  const { bytesPerFrame, dataOffset } = info.pcm;
  const raw = instance.allocate(CHUNK_FRAMES * bytesPerFrame);
  const pairs = instance.allocate(CHUNK_FRAMES * lanes.length * 8);
  for (let frame = 0, chunk = 0; frame < info.frames; frame += CHUNK_FRAMES, chunk += 1) {
    const frames = Math.min(CHUNK_FRAMES, info.frames - frame);
    const read = source.read(dataOffset + frame * bytesPerFrame, instance.bytes(raw, frames * bytesPerFrame));
    if (read instanceof Promise) await read;
    decodePairs(instance, info, raw, frames, lanes, { at: pairs, stride: frames });
    ear.feed(pairs, frames);
    await pause(chunk);
  }
};

const measureStream = async (
  stream: DecodedStream,
  instance: EngineInstance,
  ear: Ear,
  pause: (chunk: number) => Promise<void> | undefined,
): Promise<void> => {
  const { channels } = stream.info;
  const lanes = lanesOf(stream.info);
  const pairs = instance.allocate(CHUNK_FRAMES * lanes.length * 8);
  for (let piece = await stream.next(), chunk = 0; piece !== null; piece = await stream.next(), chunk += 1) {
    const total = piece.length / channels;
    for (let frame = 0; frame < total; frame += CHUNK_FRAMES) {
      const frames = Math.min(CHUNK_FRAMES, total - frame);
      const stretch = piece.subarray(frame * channels, (frame + frames) * channels);
      lanes.forEach((pair, index) => {
        scatterPair(instance, stretch, channels, pair, frames, pairs + index * frames * 8);
      });
      ear.feed(pairs, frames);
    }
    await pause(chunk);
  }
};

const listenToOpened = async <Listener extends Ear>(
  source: ByteSource,
  instance: EngineInstance,
  path: string,
  { pcm, stream }: OpenedMedia,
  createEar: (info: MediaInfo) => Listener,
  signal?: AbortSignal,
): Promise<Listener> => {
  const pause = (chunk: number): Promise<void> | undefined => {
    if (signal?.aborted) throw stopped(path);
    return chunk % CHUNKS_PER_TURN === CHUNKS_PER_TURN - 1 ? nextTurn() : undefined;
  };
  const earFor = (info: MediaInfo): Listener => {
    const problem = unmeasurable(path, info);
    if (problem) throw new ProblemError(problem);
    return createEar(info);
  };
  if (pcm) {
    const ear = earFor(pcm.info);
    await measurePcm(source, instance, pcm.info, ear, pause);
    return ear;
  }
  if (!stream) throw new TypeError(`${path} was opened without sound`);
  const decoded = await stream();
  try {
    const ear = earFor(decoded.info);
    await measureStream(decoded, instance, ear, pause);
    return ear;
  } finally {
    await decoded.close();
  }
};

/** Lets an ear, made for the file's rate and channels, hear a whole file that is read as a stream. */
export const listenToFile = async <Listener extends Ear>(
  files: FilePort,
  instance: EngineInstance,
  path: string,
  createEar: (info: MediaInfo) => Listener,
  external?: ExternalDecoder,
  signal?: AbortSignal,
): Promise<Result<Listener>> => {
  try {
    if (signal?.aborted) throw stopped(path);
    const source = await files.open(path);
    try {
      const opened = await openMedia(source, path, external);
      if (!opened.ok) return opened;
      return ok(await listenToOpened(source, instance, path, opened.value, createEar, signal), opened.warnings);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

/** Loudness and peaks of a whole file. ITU-R BS.1770-5, EBU Tech 3341 and 3342. */
export const measureFile = async (
  files: FilePort,
  instance: EngineInstance,
  path: string,
  external?: ExternalDecoder,
  signal?: AbortSignal,
): Promise<Result<Measures>> => {
  const createEar = ({ sampleRate, channels }: MediaInfo) => createLoudnessMeter(instance, sampleRate, channels);
  const heard = await listenToFile(files, instance, path, createEar, external, signal);
  return heard.ok ? ok(heard.value.measures(), heard.warnings) : heard;
};
