import { CustomSource, EncodedPacketSink, Input, type InputAudioTrack, Logging, MP4, QTFF } from "mediabunny";
import { ProblemError } from "../../../schema/problem.ts";
import type { ByteSource } from "../../files.ts";
import type { DecodedStream, MediaInfo, PcmEncoding } from "../media.ts";
import { damagedMedia, needsFfmpeg, notAudio } from "../media-problem.ts";
import { decodeInGroups } from "./flac-stream.ts";
import { decodedStream, streamInfo, trimBlocks } from "./planar-block.ts";
import { describedTrack, mpegTrack, pcmTrack, type TrackCodec } from "./track-codec.ts";

type Track = {
  readonly info: MediaInfo;
  readonly codec: TrackCodec;
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
export const mp4Info = async (source: ByteSource, _start: number, file: string): Promise<MediaInfo> => {
  const track = await openTrack(source, file);
  track.input.dispose();
  return track.info;
};

/** Decodes the first audio track of MP4 or MOV; what lies before time 0 by its edit list is trimmed. */
export const openMp4Stream = async (source: ByteSource, _start: number, file: string): Promise<DecodedStream> => {
  const { info, codec, packets, input } = await openTrack(source, file);
  const first = await damageNamed(file, () => packets.getFirstPacket({ metadataOnly: true }));
  const editFrames = first === null ? 0 : Math.round(-first.timestamp * info.sampleRate);
  const decoder = await codec.decoder();
  const skipFrames = editFrames > 0 ? editFrames : codec.skipFrames;
  const blocks = trimBlocks(decodeInGroups(packetBytes(packets, file), decoder), skipFrames);
  const close = () => {
    decoder.close();
    input.dispose();
  };
  return decodedStream(info, blocks, close, codec.order);
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
  const input = new Input({ source: byteSource(source), formats: [MP4, QTFF] });
  const track = await damageNamed(file, () => input.getPrimaryAudioTrack());
  if (track === null) throw new ProblemError(notAudio(file, "it has no audio track"));
  const [codec, sampleRate, channels] = await damageNamed(file, async () => [
    await track.getCodec(),
    await track.getSampleRate(),
    await track.getNumberOfChannels(),
  ]);
  const trackCodec = await trackCodecOf(track, codec, channels, file);
  const info = streamInfo("mp4", trackCodec.name, sampleRate, channels, trackCodec.bitDepth);
  return { info, codec: trackCodec, packets: new EncodedPacketSink(track), input };
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
  if (pcm !== undefined) return pcmTrack(...pcm, channels);
  if (codec === "mp3" && channels <= 2) return mpegTrack("mp3", channels);
  const described = codec === null ? null : describedTrack(codec, await description(track, file), channels, file);
  if (described !== null) return described;
  const internal = await track.getInternalCodecId();
  const name = codec ?? (typeof internal === "string" ? internal : "an unknown codec");
  throw new ProblemError(needsFfmpeg(file, `${name.toUpperCase()} sound`));
};

const description = async (track: InputAudioTrack, file: string): Promise<Uint8Array> => {
  const config = await damageNamed(file, () => track.getDecoderConfig());
  const bytes = config?.description;
  if (bytes === undefined) return new Uint8Array(0);
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
};
