import type { PcmEncoding } from "../media.ts";
import { parseStreamInfo } from "./flac-frames.ts";
import { parseOpusHead } from "./opus-head.ts";
import { createPcmPacketDecoder } from "./pcm-packet-decoder.ts";
import { type PacketDecoder, waveOrder } from "./planar-block.ts";

/** How the sound inside a film container is decoded. */
export type TrackCodec = {
  readonly name: string;
  readonly bitDepth: number | null;
  /** Frames of encoder delay that the codec's own header names. */
  readonly skipFrames: number;
  readonly order: readonly number[] | null;
  decoder(): Promise<PacketDecoder>;
};

const PLAIN = { bitDepth: null, skipFrames: 0, order: null };

export const pcmTrack = (
  encoding: PcmEncoding,
  bigEndian: boolean,
  bitDepth: number,
  channels: number,
): TrackCodec => ({
  ...PLAIN,
  name: "pcm",
  bitDepth,
  decoder: async () => createPcmPacketDecoder(encoding, bigEndian, channels),
});

export const mpegTrack = (name: string, channels: number): TrackCodec => ({
  ...PLAIN,
  name,
  decoder: async () => (await import("./mpeg-decoder.ts")).createMpegDecoder(channels),
});

/** FLAC, Opus or Vorbis, whose headers stand in the container's description of the track; null where they are broken. */
export const describedTrack = (name: string, header: Uint8Array, channels: number, file: string): TrackCodec | null => {
  const codec = name === "flac" ? flacTrack(header, file) : name === "opus" ? opusTrack(header, file) : null;
  const found = codec ?? (name === "vorbis" ? vorbisTrack(header, file) : null);
  return found !== null && found.channels === channels ? found.codec : null;
};

type Described = { readonly codec: TrackCodec; readonly channels: number };

const flacTrack = (header: Uint8Array, file: string): Described | null => {
  const info = parseStreamInfo(header);
  if (info === null) return null;
  const decoder = async () => (await import("./flac-decoder.ts")).createFlacDecoder(info, file);
  return { codec: { ...PLAIN, name: "flac", bitDepth: info.bitDepth, decoder }, channels: info.channels };
};

const opusTrack = (header: Uint8Array, file: string): Described | null => {
  const head = parseOpusHead(header);
  if (head === null) return null;
  const { channels, preSkipFrames: skipFrames } = head;
  const decoder = async () => (await import("./opus-packet-decoder.ts")).createOpusDecoder(head, file);
  return { codec: { ...PLAIN, name: "opus", skipFrames, order: waveOrder(channels), decoder }, channels };
};

const vorbisTrack = (bytes: Uint8Array, file: string): Described | null => {
  const headers = vorbisHeaders(bytes);
  if (headers === null) return null;
  const channels = headers.head[11]!;
  const decoder = async () =>
    (await import("./vorbis-packet-decoder.ts")).createVorbisDecoder(headers.head, headers.setup, file);
  return { codec: { ...PLAIN, name: "vorbis", order: waveOrder(channels), decoder }, channels };
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
  const head = bytes.slice(at, at + lengths[0]!);
  const setup = bytes.slice(at + lengths[0]! + lengths[1]!);
  return head.length >= 30 && setup.length > 0 ? { head, setup } : null;
};
