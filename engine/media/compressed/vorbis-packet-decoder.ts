import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { ProblemError } from "../../../schema/problem.ts";
import { damagedMedia } from "../media-problem.ts";
import type { PacketDecoder } from "./planar-block.ts";

/** What the package's input buffer holds. */
const MAX_PACKET_BYTES = 131_072;

/**
 * The package offers whole Ogg pages only, cut by a slow generic parser; the packet decoder inside is reached by its
 * field. The package's version is pinned, and the tests fail when the field goes.
 */
type PacketLevel = {
  readonly _decoder: {
    sendSetupHeader(packet: Uint8Array): void;
    initDsp(): void;
    decodePackets(packets: readonly Uint8Array[]): { channelData: Float32Array[]; samplesDecoded: number };
  };
};

/** Sample rate and channels of a Vorbis identification header; null when it is none. Vorbis I, 4.2.2. */
export const parseVorbisHead = (packet: Uint8Array): { sampleRate: number; channels: number } | null => {
  if (packet.length < 30 || packet[0] !== 1 || String.fromCharCode(...packet.subarray(1, 7)) !== "vorbis") return null;
  const sampleRate = new DataView(packet.buffer, packet.byteOffset).getUint32(12, true);
  const channels = packet[11]!;
  return channels > 0 && sampleRate > 0 ? { sampleRate, channels } : null;
};

/** libvorbis in WebAssembly; `head` and `setup` are the first and third header packets. */
export const createVorbisDecoder = async (
  head: Uint8Array,
  setup: Uint8Array,
  file: string,
): Promise<PacketDecoder> => {
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  const { _decoder: packetLevel } = decoder as unknown as PacketLevel;
  const check = (packet: Uint8Array) => {
    if (packet.length <= MAX_PACKET_BYTES) return;
    throw new ProblemError(damagedMedia(file, `a Vorbis packet is ${packet.length} bytes long`));
  };
  for (const header of [head, setup]) {
    check(header);
    packetLevel.sendSetupHeader(header);
  }
  packetLevel.initDsp();
  return {
    decode: (packets) => {
      packets.forEach(check);
      const { channelData, samplesDecoded } = packetLevel.decodePackets(packets);
      return { channels: channelData, frames: samplesDecoded };
    },
    close: () => decoder.free(),
  };
};
