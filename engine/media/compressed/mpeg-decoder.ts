import { MPEGDecoder } from "mpg123-decoder";
import type { PacketDecoder } from "./planar-block.ts";

/** mpg123 in WebAssembly, layers I to III; it always gives two channels, equal ones for mono. */
export const createMpegDecoder = async (channels: number): Promise<PacketDecoder> => {
  const decoder = new MPEGDecoder({ enableGapless: false });
  await decoder.ready;
  return {
    // Errors are single broken frames, which mpg123 conceals like every player does.
    decode: (frames) => {
      const { channelData, samplesDecoded } = decoder.decodeFrames([...frames]);
      return { channels: channelData.slice(0, channels), frames: samplesDecoded };
    },
    close: () => decoder.free(),
  };
};
