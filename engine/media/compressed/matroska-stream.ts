import { ProblemError } from "../../../schema/problem.ts";
import type { ByteSource } from "../../files.ts";
import { HeaderWindow } from "../header-window.ts";
import type { DecodedStream, MediaInfo } from "../media.ts";
import { damagedMedia, needsFfmpeg, notAudio } from "../media-problem.ts";
import { floatEncoding, integerEncoding, MAX_CHANNELS, MAX_SAMPLE_RATE } from "../pcm/layout.ts";
import { decodeInGroups } from "./flac-stream.ts";
import { readElement, signedNumber, variableNumber } from "./matroska-elements.ts";
import { CLUSTER, findMatroskaTrack, type MatroskaTrack, SEGMENT } from "./matroska-tracks.ts";
import { decodedStream, dropLast, streamInfo, trimBlocks } from "./planar-block.ts";
import { describedTrack, mpegTrack, pcmTrack, type TrackCodec } from "./track-codec.ts";

const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;
const DISCARD_PADDING = 0x75a2;
/** A block of sound is some kilobytes; the largest are PCM of many channels. */
const MAX_BLOCK_BYTES = 1 << 24;

const trackCodecOf = (track: MatroskaTrack, file: string): TrackCodec | null => {
  const { codecId, codecPrivate, channels, bitDepth } = track;
  if (track.isEncoded) return null;
  if (codecId === "A_FLAC") return describedTrack("flac", codecPrivate, channels, file);
  if (codecId === "A_OPUS") return describedTrack("opus", codecPrivate, channels, file);
  if (codecId === "A_VORBIS") return describedTrack("vorbis", codecPrivate, channels, file);
  const layer = /^A_MPEG\/L([123])$/.exec(codecId)?.[1];
  if (layer !== undefined) return channels <= 2 ? mpegTrack(`mp${layer}`, channels) : null;
  const encoding = codecId === "A_PCM/FLOAT/IEEE" ? floatEncoding(bitDepth) : integerEncoding(bitDepth);
  if (encoding === null || !codecId.startsWith("A_PCM/")) return null;
  // RFC 9559 leaves 8 bits unsigned, as in WAV.
  return pcmTrack(encoding === "s8" ? "u8" : encoding, codecId === "A_PCM/INT/BIG", bitDepth, channels);
};

type OpenedTrack = { readonly track: MatroskaTrack; readonly codec: TrackCodec; readonly info: MediaInfo };

const openTrack = async (source: ByteSource, file: string): Promise<OpenedTrack> => {
  const track = await findMatroskaTrack(new HeaderWindow(source));
  if (track === null) throw new ProblemError(notAudio(file, "it has no audio track"));
  const { channels, sampleRate, codecId } = track;
  if (!(channels >= 1 && channels <= MAX_CHANNELS && sampleRate >= 1 && sampleRate <= MAX_SAMPLE_RATE)) {
    throw new ProblemError(notAudio(file, `its track names ${channels} channels at ${sampleRate} Hz`));
  }
  const codec = trackCodecOf(track, file);
  if (codec === null) throw new ProblemError(needsFfmpeg(file, `Matroska sound of the kind ${codecId}`));
  // Opus always decodes at 48 kHz, whatever the track says.
  const rate = codec.name === "opus" ? 48_000 : sampleRate;
  return { track, codec, info: streamInfo("matroska", codec.name, rate, channels, codec.bitDepth) };
};

/** What the first audio track says. */
export const matroskaInfo = async (source: ByteSource, _start: number, file: string): Promise<MediaInfo> =>
  (await openTrack(source, file)).info;

/** Decodes the first audio track of Matroska or WebM. RFC 9559; delay and padding as ffmpeg counts them. */
export const openMatroskaStream = async (source: ByteSource, _start: number, file: string): Promise<DecodedStream> => {
  const { track, codec, info } = await openTrack(source, file);
  const paddingFrames = Math.round(((await endPaddingNanoseconds(source, track.number)) * info.sampleRate) / 1e9);
  const decoder = await codec.decoder();
  const packets = packetsOf(source, track.number, file);
  const blocks = trimBlocks(decodeInGroups(packets, decoder), codec.skipFrames);
  return decodedStream(info, dropLast(blocks, paddingFrames), () => decoder.close(), codec.order);
};

type Block = { readonly dataOffset: number; readonly dataBytes: number; readonly paddingNanoseconds: number };

/** The blocks of one track in the order of the file; a damaged size ends the walk, it cannot hold it. */
async function* blocksOf(source: ByteSource, trackNumber: number): AsyncGenerator<Block> {
  const window = new HeaderWindow(source);
  let block: Block | null = null;
  for (let at = 0; at < window.sizeBytes; ) {
    const element = await readElement(window, at);
    if (element === null) break;
    const { id, dataOffset, dataBytes } = element;
    if (id === BLOCK || id === SIMPLE_BLOCK) {
      if (block !== null) yield block;
      const isOurs = variableNumber(await window.bytes(dataOffset, 8), 0).value === trackNumber;
      block = isOurs ? { dataOffset, dataBytes, paddingNanoseconds: 0 } : null;
    }
    if (id === DISCARD_PADDING && block !== null) {
      const paddingNanoseconds = signedNumber(await window.bytes(dataOffset, Math.min(8, dataBytes)));
      block = { ...block, paddingNanoseconds };
    }
    const isEntered = id === SEGMENT || id === CLUSTER || id === BLOCK_GROUP;
    at = dataOffset + (isEntered ? 0 : dataBytes);
  }
  if (block !== null) yield block;
}

/** Nanoseconds to drop at the end of the last block (DiscardPadding). */
const endPaddingNanoseconds = async (source: ByteSource, trackNumber: number): Promise<number> => {
  let padding = 0;
  for await (const block of blocksOf(source, trackNumber)) padding = block.paddingNanoseconds;
  return Math.max(0, padding);
};

async function* packetsOf(source: ByteSource, trackNumber: number, file: string): AsyncGenerator<Uint8Array> {
  for await (const { dataOffset, dataBytes } of blocksOf(source, trackNumber)) {
    if (dataBytes > MAX_BLOCK_BYTES) throw new ProblemError(damagedMedia(file, `a block of ${dataBytes} bytes in it`));
    const bytes = new Uint8Array(dataBytes);
    const got = await source.read(dataOffset, bytes);
    yield* unlace(bytes.subarray(0, got));
  }
}

/** The packets of one block: one, or several with Xiph, EBML or equal sizes. RFC 9559 10.3. */
const unlace = (block: Uint8Array): readonly Uint8Array[] => {
  const flagsAt = variableNumber(block, 0).bytes + 2;
  const lacing = ((block[flagsAt] ?? 0) >> 1) & 3;
  const body = block.subarray(flagsAt + 1);
  if (lacing === 0) return body.length > 0 ? [body] : [];
  const count = (body[0] ?? 0) + 1;
  const { sizes, at } =
    lacing === 2 ? { sizes: equalSizes(body, count), at: 1 } : lacedSizes(body, count, lacing === 1);
  return cut(body.subarray(at), sizes);
};

const equalSizes = (body: Uint8Array, count: number): number[] =>
  new Array<number>(count - 1).fill(Math.floor((body.length - 1) / count));

const lacedSizes = (body: Uint8Array, count: number, isXiph: boolean): { sizes: number[]; at: number } => {
  const sizes: number[] = [];
  let at = 1;
  while (sizes.length < count - 1) {
    if (isXiph) {
      let size = 0;
      while (body[at] === 255) size += body[at++]!;
      sizes.push(size + (body[at++] ?? 0));
      continue;
    }
    const { value, bytes } = variableNumber(body, at);
    // EBML lacing: the first size as it is, then signed differences around the middle of their range.
    sizes.push(sizes.length === 0 ? value : sizes.at(-1)! + value - (2 ** (7 * bytes - 1) - 1));
    at += bytes;
  }
  return { sizes, at };
};

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const packets: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    if (size < 0 || at + size > bytes.length) return packets;
    packets.push(bytes.subarray(at, at + size));
    at += size;
  }
  packets.push(bytes.subarray(at));
  return packets;
};
