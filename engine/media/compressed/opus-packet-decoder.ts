import { OpusDecoder } from "opus-decoder";
import { ProblemError } from "../../../schema/problem.ts";
import { damagedMedia } from "../media-problem.ts";
import type { OpusHead } from "./opus-head.ts";
import type { PacketDecoder } from "./planar-block.ts";

/** What the package's input buffer holds for each channel. */
const MAX_PACKET_BYTES_PER_CHANNEL = 3840;

/** libopus in WebAssembly at 48 kHz; pre-skip is left to the caller, the header's gain is applied. */
export const createOpusDecoder = async (head: OpusHead, file: string): Promise<PacketDecoder> => {
  const decoder = new OpusDecoder({
    channels: head.channels,
    streamCount: head.streams,
    coupledStreamCount: head.coupledStreams,
    channelMappingTable: [...head.mapping],
    preSkip: 0,
  });
  await decoder.ready;
  return {
    decode: (packets) => {
      for (const { length } of packets) {
        if (length > MAX_PACKET_BYTES_PER_CHANNEL * head.channels) {
          throw new ProblemError(damagedMedia(file, `an Opus packet is ${length} bytes long`));
        }
      }
      const { channelData, samplesDecoded, errors } = decoder.decodeFrames([...packets]);
      const [error] = errors;
      // Leaving the packet out would move all that follows to an earlier time.
      if (error !== undefined) throw new ProblemError(damagedMedia(file, `an Opus packet says ${error.message}`));
      if (head.gain !== 1) for (const samples of channelData) amplify(samples, head.gain);
      return { channels: channelData, frames: samplesDecoded };
    },
    close: () => decoder.free(),
  };
};

const amplify = (samples: Float32Array, gain: number): void => {
  for (let at = 0; at < samples.length; ++at) samples[at] = samples[at]! * gain;
};
