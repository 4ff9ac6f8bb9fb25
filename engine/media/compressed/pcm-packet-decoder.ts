import type { PcmEncoding, PcmLayout } from "../media.ts";
import { decodePcm } from "../pcm/decode.ts";
import { BYTES_PER_SAMPLE } from "../pcm/layout.ts";
import type { PacketDecoder, PlanarBlock } from "./planar-block.ts";

/** Decodes PCM that a film container holds in packets. */
export const createPcmPacketDecoder = (encoding: PcmEncoding, bigEndian: boolean, channels: number): PacketDecoder => {
  const bytesPerFrame = BYTES_PER_SAMPLE[encoding] * channels;
  const layout: PcmLayout = { encoding, bigEndian, dataOffset: 0, bytesPerFrame, validBits: 0 };
  return {
    decode: (packets) => {
      const frames = packets.reduce((sum, { length }) => sum + Math.floor(length / bytesPerFrame), 0);
      const interleaved = new Float32Array(frames * channels);
      let at = 0;
      for (const packet of packets) {
        at += decodePcm(layout, packet, frames - at, interleaved.subarray(at * channels));
      }
      return deinterleave(interleaved, frames, channels);
    },
    close: () => undefined,
  };
};

const deinterleave = (samples: Float32Array, frames: number, channels: number): PlanarBlock => ({
  channels: Array.from({ length: channels }, (_, channel) => {
    const planar = new Float32Array(frames);
    for (let frame = 0; frame < frames; ++frame) planar[frame] = samples[frame * channels + channel]!;
    return planar;
  }),
  frames,
});
