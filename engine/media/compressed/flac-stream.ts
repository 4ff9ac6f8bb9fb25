import { ProblemError } from "../../../schema/problem.ts";
import type { ByteSource } from "../../files.ts";
import type { DecodedStream, MediaInfo } from "../media.ts";
import { damagedMedia } from "../media-problem.ts";
import { type FlacStreamInfo, flacFrames, parseStreamInfo } from "./flac-frames.ts";
import { ForwardReader } from "./forward-reader.ts";
import { decodedStream, type PacketDecoder, type PlanarBlock, streamInfo } from "./planar-block.ts";

const FRAMES_AT_A_TIME = 8;

const readStreamInfo = async (reader: ForwardReader, file: string): Promise<FlacStreamInfo> => {
  const info = parseStreamInfo(await reader.need(42));
  if (info === null) throw new ProblemError(damagedMedia(file, "its FLAC header has no usable STREAMINFO"));
  return info;
};

/** What STREAMINFO says; the frames stay uncounted. */
export const flacInfo = async (source: ByteSource, start: number, file: string): Promise<MediaInfo> => {
  const { sampleRate, channels, bitDepth } = await readStreamInfo(new ForwardReader(source, start), file);
  return streamInfo("flac", "flac", sampleRate, channels, bitDepth);
};

/** Decodes a native FLAC file. RFC 9639. */
export const openFlacStream = async (source: ByteSource, start: number, file: string): Promise<DecodedStream> => {
  const reader = new ForwardReader(source, start);
  const info = await readStreamInfo(reader, file);
  await skipMetadata(reader);
  const { createFlacDecoder } = await import("./flac-decoder.ts");
  const decoder = createFlacDecoder(info, file);
  return decodedStream(
    streamInfo("flac", "flac", info.sampleRate, info.channels, info.bitDepth),
    decodeInGroups(flacFrames(reader, file), decoder),
    () => decoder.close(),
  );
};

const skipMetadata = async (reader: ForwardReader): Promise<void> => {
  reader.skip(4);
  for (let last = false; !last; ) {
    const [flags = 0x80, high = 0, middle = 0, low = 0] = await reader.need(4);
    last = (flags & 0x80) !== 0;
    reader.skip(4 + ((high << 16) | (middle << 8) | low));
  }
};

/** Decodes a few packets per call, which costs less than one by one. */
export async function* decodeInGroups(
  packets: AsyncIterable<Uint8Array>,
  decoder: PacketDecoder,
): AsyncGenerator<PlanarBlock> {
  let group: Uint8Array[] = [];
  for await (const packet of packets) {
    group.push(packet);
    if (group.length < FRAMES_AT_A_TIME) continue;
    yield await decoder.decode(group);
    group = [];
  }
  if (group.length > 0) yield await decoder.decode(group);
}
