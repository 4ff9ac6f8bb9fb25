import type { ByteSource, MaybePromise } from "../../files.ts";
import { decodePcm } from "./decode.ts";
import type { PcmInfo } from "./layout.ts";

/** Random access to the frames of a PCM file. Synchronous when its source is. */
export type PcmReader = {
  readonly info: PcmInfo;
  /** Fills `into` with interleaved floats from `startFrame`; gives the frames read, fewer than asked only at the end. */
  read(startFrame: number, frames: number, into: Float32Array): MaybePromise<number>;
};

/** Reads with the reference decoder; one scratch buffer as large as the longest stretch asked for. */
export const createPcmReader = (source: ByteSource, info: PcmInfo): PcmReader => {
  const { bytesPerFrame, dataOffset } = info.pcm;
  let scratch = new Uint8Array(0);
  return {
    info,
    read: (startFrame, frames, into) => {
      if (!(startFrame >= 0)) throw new TypeError(`A PCM read starts at frame 0 or later, not ${startFrame}.`);
      const count = Math.max(0, Math.min(frames, info.frames - startFrame, Math.floor(into.length / info.channels)));
      if (count === 0) return 0;
      if (scratch.length < count * bytesPerFrame) scratch = new Uint8Array(count * bytesPerFrame);
      const bytes = scratch.subarray(0, count * bytesPerFrame);
      const decode = (got: number) => decodePcm(info.pcm, bytes.subarray(0, got), count, into);
      const got = source.read(dataOffset + startFrame * bytesPerFrame, bytes);
      return typeof got === "number" ? decode(got) : got.then(decode);
    },
  };
};
