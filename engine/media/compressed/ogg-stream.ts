import { type Problem, ProblemError } from "../../../schema/problem.ts";
import type { ByteSource } from "../../files.ts";
import type { DecodedStream, MediaInfo } from "../media.ts";
import { damagedMedia, needsFfmpeg, notAudio } from "../media-problem.ts";
import { parseStreamInfo } from "./flac-frames.ts";
import { ForwardReader } from "./forward-reader.ts";
import { type OggPackets, type OggPage, oggPages, PacketAssembler } from "./ogg-pages.ts";
import { parseOpusHead } from "./opus-head.ts";
import {
  decodedStream,
  type PacketDecoder,
  type PlanarBlock,
  sliceBlock,
  streamInfo,
  trimBlocks,
  waveOrder,
} from "./planar-block.ts";

/** A codec inside Ogg, known from its first packet. */
type OggCodec = {
  readonly info: MediaInfo;
  /** Header packets behind the first, which come before the sound. */
  readonly moreHeaders: number;
  readonly skipFrames: number;
  readonly order: readonly number[] | null;
  decoder(headers: readonly Uint8Array[], file: string): Promise<PacketDecoder>;
};

const ascii = (packet: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...packet.subarray(from, to));

const vorbis = async (head: Uint8Array): Promise<OggCodec | null> => {
  const { createVorbisDecoder, parseVorbisHead } = await import("./vorbis-packet-decoder.ts");
  const facts = parseVorbisHead(head);
  if (facts === null) return null;
  return {
    info: streamInfo("ogg", "vorbis", facts.sampleRate, facts.channels),
    moreHeaders: 2,
    skipFrames: 0,
    order: waveOrder(facts.channels),
    decoder: ([, setup], file) => createVorbisDecoder(head, setup!, file),
  };
};

const opus = (packet: Uint8Array): OggCodec | null => {
  const head = parseOpusHead(packet);
  if (head === null) return null;
  return {
    info: streamInfo("ogg", "opus", 48_000, head.channels),
    moreHeaders: 1,
    skipFrames: head.preSkipFrames,
    order: waveOrder(head.channels),
    decoder: async (_, file) => (await import("./opus-packet-decoder.ts")).createOpusDecoder(head, file),
  };
};

/** RFC 9639 10.1: nine bytes, then a native header. Metadata packets follow, whose number writers may leave out. */
const flac = (packet: Uint8Array): OggCodec | null => {
  const info = parseStreamInfo(packet.subarray(9));
  if (info === null) return null;
  return {
    info: streamInfo("ogg", "flac", info.sampleRate, info.channels, info.bitDepth),
    moreHeaders: 0,
    skipFrames: 0,
    order: null,
    decoder: async (_, file) => {
      const decoder = (await import("./flac-decoder.ts")).createFlacDecoder(info, file);
      return { ...decoder, decode: (packets) => decoder.decode(packets.filter(([first]) => first === 0xff)) };
    },
  };
};

const codecOf = async (packet: Uint8Array): Promise<OggCodec | null> => {
  if (ascii(packet, 1, 7) === "vorbis") return vorbis(packet);
  if (ascii(packet, 0, 8) === "OpusHead") return opus(packet);
  return ascii(packet, 0, 5) === "\x7fFLAC" ? flac(packet) : null;
};

type Logical = { readonly codec: OggCodec; readonly serial: number; readonly pages: AsyncGenerator<OggPage> };

/** Finds the first stream with sound among the logical streams, which all begin before any goes on. */
const findAudio = async (source: ByteSource, start: number, file: string): Promise<Logical> => {
  const pages = oggPages(new ForwardReader(source, start), file);
  let isEmpty = true;
  for (let page = await pages.next(); page.done !== true && page.value.isFirst; page = await pages.next()) {
    isEmpty = false;
    const codec = await codecOf(page.value.pieces[0] ?? new Uint8Array(0));
    if (codec !== null) return { codec, serial: page.value.serial, pages };
  }
  if (isEmpty) throw new ProblemError(notAudio(file, "it has no first page of an Ogg stream"));
  throw new ProblemError(needsFfmpeg(file, "an Ogg stream that is neither Vorbis nor Opus nor FLAC"));
};

/** What the first packets say. */
export const oggInfo = async (source: ByteSource, start: number, file: string): Promise<MediaInfo> => {
  const { codec, pages } = await findAudio(source, start, file);
  await pages.return(undefined);
  return codec.info;
};

/** Decodes the first audio stream of an Ogg file; delay and padding are trimmed by pre-skip and granule positions. */
export const openOggStream = async (source: ByteSource, start: number, file: string): Promise<DecodedStream> => {
  const { codec, serial, pages } = await findAudio(source, start, file);
  const packets = packetsOf(pages, serial, file);
  const { headers, first } = await readHeaders(packets, codec.moreHeaders, file);
  const decoder = await codec.decoder(headers, file);
  const blocks = trimBlocks(decodePages(first, packets, decoder), codec.skipFrames);
  return decodedStream(codec.info, blocks, () => decoder.close(), codec.order);
};

async function* packetsOf(pages: AsyncIterable<OggPage>, serial: number, file: string): AsyncGenerator<OggPackets> {
  const assembler = new PacketAssembler(file);
  let ended = false;
  for await (const page of pages) {
    if (ended && page.isFirst) throw new ProblemError(chained(file));
    if (page.serial !== serial) continue;
    yield assembler.take(page);
    ended ||= page.isLast;
  }
}

const chained = (file: string): Problem => ({
  code: "unsupported",
  message: `${file} is a chain of several Ogg streams, one behind the other. Premix reads files of one stream: bounce the clip to WAV in Premiere (Clip > Render and Replace), or cut the chain apart.`,
  file,
});

const readHeaders = async (packets: AsyncGenerator<OggPackets>, count: number, file: string) => {
  const headers: Uint8Array[] = [];
  while (headers.length < count) {
    const page = await packets.next();
    if (page.done === true) throw new ProblemError(damagedMedia(file, "it ends inside its Ogg headers"));
    headers.push(...page.value.packets);
    // Sound on a header page is not allowed (RFC 7845 3, Vorbis I A.2), but is kept.
    if (headers.length > count) return { headers, first: { ...page.value, packets: headers.splice(count) } };
  }
  return { headers, first: null };
};

/** Decodes page by page: the granule position of the last page says how much of it is sound. */
async function* decodePages(
  first: OggPackets | null,
  rest: AsyncIterable<OggPackets>,
  decoder: PacketDecoder,
): AsyncGenerator<PlanarBlock> {
  let decoded = 0;
  let startGranule: number | null = null;
  const decodePage = async (page: OggPackets): Promise<PlanarBlock> => {
    const block = await decoder.decode(page.packets);
    const before = decoded;
    decoded += block.frames;
    if (page.granule < 0 || decoded === 0) return block;
    // A stream cut out of a longer one begins at a later position; a last page must not define the beginning.
    startGranule ??= page.isLast ? 0 : Math.max(0, page.granule - decoded);
    const end = page.granule - startGranule - before;
    return page.isLast && end < block.frames ? sliceBlock(block, 0, Math.max(0, end)) : block;
  };
  if (first !== null) yield decodePage(first);
  for await (const page of rest) {
    if (page.packets.length > 0) yield decodePage(page);
  }
}
