import {
  CustomSource,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  Logging,
  MATROSKA,
  MP4,
  QTFF,
  WEBM,
} from "mediabunny";
import { ProblemError } from "../../../schema/problem.ts";
import type { ByteSource } from "../../files.ts";
import type { DecodedStream, MediaInfo, PcmEncoding } from "../media.ts";
import { damagedMedia, needsFfmpeg, notAudio } from "../media-problem.ts";
import { parseStreamInfo } from "./flac-frames.ts";
import { decodeInGroups } from "./flac-stream.ts";
import { endPaddingNanoseconds } from "./matroska-padding.ts";
import { parseOpusHead } from "./opus-head.ts";
import { createPcmPacketDecoder } from "./pcm-packet-decoder.ts";
import { decodedStream, dropLast, type PacketDecoder, streamInfo, trimBlocks, waveOrder } from "./planar-block.ts";

/** How a codec inside MP4, MOV or Matroska is decoded. */
type TrackCodec = {
  readonly name: string;
  readonly bitDepth: number | null;
  /** Frames of encoder delay that the codec's own header names. */
  readonly skipFrames: number;
  readonly order: readonly number[] | null;
  decoder(): Promise<PacketDecoder>;
};

type Track = {
  readonly info: MediaInfo;
  readonly codec: TrackCodec;
  readonly number: number;
  readonly packets: EncodedPacketSink;
  readonly input: Input;
};

const PCM_CODECS: Readonly<Record<string, readonly [PcmEncoding, bigEndian: boolean, bits: number]>> = {
  "pcm-u8": ["u8", false, 8],
  "pcm-s8": ["s8", false, 8],
  "pcm-s16": ["s16", false, 16],
  "pcm-s16be": ["s16", true, 16],
  "pcm-s24": ["s24", false, 24],
  "pcm-s24be": ["s24", true, 24],
  "pcm-s32": ["s32", false, 32],
  "pcm-s32be": ["s32", true, 32],
  "pcm-f32": ["f32", false, 32],
  "pcm-f32be": ["f32", true, 32],
  "pcm-f64": ["f64", false, 64],
  "pcm-f64be": ["f64", true, 64],
  alaw: ["alaw", false, 8],
  ulaw: ["ulaw", false, 8],
};

/** What the first audio track says. */
export const containerInfo = async (source: ByteSource, _start: number, file: string): Promise<MediaInfo> => {
  const track = await openTrack(source, file);
  track.input.dispose();
  return track.info;
};

/** Decodes the first audio track of MP4, MOV, Matroska or WebM; what lies before time 0 by its edit list is trimmed. */
export const openContainerStream = async (source: ByteSource, _start: number, file: string): Promise<DecodedStream> => {
  const { info, codec, number, packets, input } = await openTrack(source, file);
  const first = await damageNamed(file, () => packets.getFirstPacket({ metadataOnly: true }));
  const editFrames = first === null ? 0 : Math.round(-first.timestamp * info.sampleRate);
  const decoder = await codec.decoder();
  const skipFrames = editFrames > 0 ? editFrames : codec.skipFrames;
  const blocks = trimBlocks(decodeInGroups(packetBytes(packets, file), decoder), skipFrames);
  const isPadded = info.container === "matroska" && (codec.name === "opus" || codec.name === "mp3");
  const paddingNanoseconds = isPadded ? await endPaddingNanoseconds(source, number) : 0;
  const paddingFrames = Math.round((paddingNanoseconds * info.sampleRate) / 1e9);
  const close = () => {
    decoder.close();
    input.dispose();
  };
  return decodedStream(info, paddingFrames > 0 ? dropLast(blocks, paddingFrames) : blocks, close, codec.order);
};

async function* packetBytes(packets: EncodedPacketSink, file: string): AsyncGenerator<Uint8Array> {
  let packet = await damageNamed(file, () => packets.getFirstPacket());
  while (packet !== null) {
    yield packet.data;
    const { sequenceNumber } = packet;
    const last = packet;
    packet = await damageNamed(file, () => packets.getNextPacket(last));
    if (packet !== null && packet.sequenceNumber <= sequenceNumber) {
      throw new ProblemError(damagedMedia(file, "its packets do not follow one another"));
    }
  }
}

const openTrack = async (source: ByteSource, file: string): Promise<Track> => {
  Logging.level = 0;
  const input = new Input({ source: byteSource(source), formats: [MP4, QTFF, MATROSKA, WEBM] });
  const track = await damageNamed(file, () => input.getPrimaryAudioTrack());
  if (track === null) throw new ProblemError(notAudio(file, "it has no audio track"));
  const [codec, sampleRate, channels, format] = await damageNamed(file, async () => [
    await track.getCodec(),
    await track.getSampleRate(),
    await track.getNumberOfChannels(),
    await input.getFormat(),
  ]);
  const container = format === MATROSKA || format === WEBM ? "matroska" : "mp4";
  const trackCodec = await trackCodecOf(track, codec, channels, file);
  const info = streamInfo(container, trackCodec.name, sampleRate, channels, trackCodec.bitDepth);
  return { info, codec: trackCodec, number: track.id, packets: new EncodedPacketSink(track), input };
};

const byteSource = (source: ByteSource): CustomSource =>
  new CustomSource({
    getSize: () => source.sizeBytes,
    read: async (start, end) => {
      const bytes = new Uint8Array(end - start);
      return bytes.subarray(0, await source.read(start, bytes));
    },
  });

/** The demuxer throws plain errors about the file's contents: they become a problem that names the file. */
const damageNamed = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(damagedMedia(file, error instanceof Error ? error.message : String(error)));
  }
};

const trackCodecOf = async (
  track: InputAudioTrack,
  codec: string | null,
  channels: number,
  file: string,
): Promise<TrackCodec> => {
  const pcm = PCM_CODECS[codec ?? ""];
  const base = { name: codec ?? "", bitDepth: null, skipFrames: 0, order: null };
  if (pcm !== undefined) {
    const decoder = async () => createPcmPacketDecoder(pcm[0], pcm[1], channels);
    return { ...base, name: "pcm", bitDepth: pcm[2], decoder };
  }
  if (codec === "mp3") {
    return { ...base, decoder: async () => (await import("./mpeg-decoder.ts")).createMpegDecoder(channels) };
  }
  const described = await describedCodec(base, codec, await description(track, file), file);
  if (described !== null) return described;
  const internal = await track.getInternalCodecId();
  const name = codec ?? (typeof internal === "string" ? internal : "an unknown codec");
  throw new ProblemError(needsFfmpeg(file, `${name.toUpperCase()} sound`));
};

/** FLAC, Opus and Vorbis carry their headers in the container's description of the track. */
const describedCodec = async (
  base: Omit<TrackCodec, "decoder">,
  codec: string | null,
  header: Uint8Array,
  file: string,
): Promise<TrackCodec | null> => {
  const flac = codec === "flac" ? parseStreamInfo(header) : null;
  if (flac !== null) {
    const decoder = async () => (await import("./flac-decoder.ts")).createFlacDecoder(flac, file);
    return { ...base, bitDepth: flac.bitDepth, decoder };
  }
  const opus = codec === "opus" ? parseOpusHead(header) : null;
  if (opus !== null) {
    const decoder = async () => (await import("./opus-packet-decoder.ts")).createOpusDecoder(opus, file);
    return { ...base, skipFrames: opus.preSkipFrames, order: waveOrder(opus.channels), decoder };
  }
  const vorbis = codec === "vorbis" ? vorbisHeaders(header) : null;
  if (vorbis === null) return null;
  const decoder = async () =>
    (await import("./vorbis-packet-decoder.ts")).createVorbisDecoder(vorbis.head, vorbis.setup, file);
  return { ...base, order: waveOrder(vorbis.head[11]!), decoder };
};

const description = async (track: InputAudioTrack, file: string): Promise<Uint8Array> => {
  const config = await damageNamed(file, () => track.getDecoderConfig());
  const bytes = config?.description;
  if (bytes === undefined) return new Uint8Array(0);
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
};

/** Three headers with Xiph lacing: a count of 2, two lengths in runs of 255, then the packets. */
const vorbisHeaders = (bytes: Uint8Array): { readonly head: Uint8Array; readonly setup: Uint8Array } | null => {
  if (bytes[0] !== 2) return null;
  let at = 1;
  const lengths = [0, 0].map(() => {
    let length = 0;
    while (bytes[at] === 255) length += bytes[at++]!;
    return length + (bytes[at++] ?? 0);
  });
  const head = bytes.subarray(at, at + lengths[0]!);
  const setup = bytes.subarray(at + lengths[0]! + lengths[1]!);
  return head.length >= 30 && setup.length > 0 ? { head, setup } : null;
};
