import { ProblemError } from "../../../schema/problem.ts";
import type { ByteSource } from "../../files.ts";
import type { DecodedStream, MediaInfo } from "../media.ts";
import { notAudio } from "../media-problem.ts";
import { decodeInGroups } from "./flac-stream.ts";
import { ForwardReader } from "./forward-reader.ts";
import { findMpegStart, type MpegHeader, mpegFrames } from "./mpeg-frames.ts";
import { parseMpegTag } from "./mpeg-tag.ts";
import { decodedStream, streamInfo, trimBlocks } from "./planar-block.ts";

const firstHeader = async (reader: ForwardReader, file: string): Promise<MpegHeader> => {
  const header = await findMpegStart(reader, null);
  if (header === null) throw new ProblemError(notAudio(file, "no two MPEG audio frames follow each other in it"));
  return header;
};

const infoOf = ({ layer, sampleRate, channels }: MpegHeader): MediaInfo =>
  streamInfo("mp3", `mp${layer}`, sampleRate, channels);

/** What the first frame says. */
export const mpegInfo = async (source: ByteSource, start: number, file: string): Promise<MediaInfo> =>
  infoOf(await firstHeader(new ForwardReader(source, start), file));

/** Decodes MPEG layers I to III; the delay and padding that a LAME tag names are trimmed. */
export const openMpegStream = async (source: ByteSource, start: number, file: string): Promise<DecodedStream> => {
  const reader = new ForwardReader(source, start);
  const header = await firstHeader(reader, file);
  const tag = parseMpegTag((await reader.need(header.frameBytes)).subarray(0, header.frameBytes), header);
  if (tag !== null) reader.skip(header.frameBytes);
  const { createMpegDecoder } = await import("./mpeg-decoder.ts");
  const decoder = await createMpegDecoder(header.channels);
  const blocks = decodeInGroups(mpegFrames(reader, header), decoder);
  return decodedStream(infoOf(header), trimBlocks(blocks, tag?.skipFrames ?? 0, tag?.endFrame), () => decoder.close());
};
