import type { ByteSource } from "../files.ts";
import { parseStreamInfo } from "./compressed/flac-frames.ts";
import { ForwardReader } from "./compressed/forward-reader.ts";
import { findMpegStart, type MpegHeader } from "./compressed/mpeg-frames.ts";
import { parseMpegTag } from "./compressed/mpeg-tag.ts";
import { fourCharacters, HeaderWindow } from "./header-window.ts";
import { sniff } from "./sniff.ts";

const OGG_TAIL_BYTES = 65_535;
const OGG_HEAD_BYTES = 512;
const HAS_FRAME_COUNT = 1;

/** Frames that a Xing or Info tag counts; null without one. */
const countedFrames = (frame: Uint8Array, { tagOffset, samplesPerFrame }: MpegHeader): number | null => {
  const id = fourCharacters(frame, tagOffset);
  if ((id !== "Xing" && id !== "Info") || frame.length < tagOffset + 12) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const hasCount = (view.getUint32(tagOffset + 4) & HAS_FRAME_COUNT) !== 0;
  return hasCount ? view.getUint32(tagOffset + 8) * samplesPerFrame : null;
};

/** By the tag of the first frame; without one, as if all frames were as long as the first. */
const mpegFrames = async (source: ByteSource, start: number): Promise<number | null> => {
  const reader = new ForwardReader(source, start);
  const header = await findMpegStart(reader, null);
  if (header === null) return null;
  const frame = (await reader.need(header.frameBytes)).subarray(0, header.frameBytes);
  const tag = parseMpegTag(frame, header);
  if (tag !== null && Number.isFinite(tag.endFrame)) return Math.max(0, tag.endFrame - tag.skipFrames);
  const counted = countedFrames(frame, header);
  const frames = Math.floor((source.sizeBytes - reader.position) / header.frameBytes);
  return counted ?? frames * header.samplesPerFrame;
};

const flacFrames = async (window: HeaderWindow, start: number): Promise<number | null> =>
  parseStreamInfo((await window.bytes(start, 42)).slice())?.frames || null;

const lastIndexOf = (bytes: Uint8Array, word: string): number => {
  for (let at = bytes.length - 14; at >= 0; at -= 1) if (fourCharacters(bytes, at) === word) return at;
  return -1;
};

/** Frames that an Opus decoder drops at the start (RFC 7845 5.1); 0 of other codecs. */
const preSkipFrames = (head: Uint8Array): number => {
  const at = lastIndexOf(head, "Opus");
  if (at < 0 || fourCharacters(head, at + 4) !== "Head") return 0;
  return head[at + 10]! | (head[at + 11]! << 8);
};

/** By the position that the last page states. */
const oggFrames = async (window: HeaderWindow, start: number): Promise<number | null> => {
  const preSkip = preSkipFrames(await window.bytes(start, OGG_HEAD_BYTES));
  const tail = await window.bytes(Math.max(start, window.sizeBytes - OGG_TAIL_BYTES), OGG_TAIL_BYTES);
  const page = lastIndexOf(tail, "OggS");
  if (page < 0) return null;
  const granule = new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getBigInt64(page + 6, true);
  return granule >= 0n && granule < 2n ** 52n ? Math.max(0, Number(granule) - preSkip) : null;
};

/**
 * The length that a compressed file claims without being decoded: FLAC, MPEG audio, Ogg. null when it claims none, or in another
 * container. A header may lie: good for lists, never for a render.
 */
export const statedFrames = async (source: ByteSource): Promise<number | null> => {
  const window = new HeaderWindow(source);
  const sniffed = await sniff(window);
  if (sniffed.kind === "flac") return flacFrames(window, sniffed.start);
  if (sniffed.kind === "mpeg") return mpegFrames(source, sniffed.start);
  return sniffed.kind === "ogg" ? oggFrames(window, sniffed.start) : null;
};
