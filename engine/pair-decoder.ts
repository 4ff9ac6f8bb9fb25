import type { EngineInstance } from "./instance.ts";
import type { PairBlock } from "./layout-fold.ts";
import { decodePcm } from "./media/pcm/decode.ts";
import { isFloat, type PcmInfo } from "./media/pcm/layout.ts";

/** Kernels that decode straight from a file's bytes in engine memory; other encodings go through the reference decoder. */
const kernels = {
  u8: "decodeU8",
  s16: "decodeS16",
  s24: "decodeS24",
  s32: "decodeS32",
  f32: "decodeF32",
  f64: "decodeF64",
} as const;

const kernelOf = ({ pcm }: Pick<PcmInfo, "pcm">) =>
  !pcm.bigEndian && pcm.encoding in kernels ? kernels[pcm.encoding as keyof typeof kernels] : null;

/** Writes two channels of interleaved frames to the pair at `at`; a channel that a file lacks is never asked for. */
export const scatterPair = (
  instance: EngineInstance,
  interleaved: Float32Array,
  channels: number,
  [left, right]: readonly [left: number, right: number],
  frames: number,
  at: number,
): void => {
  const pair = instance.floats(at, frames * 2);
  for (let frame = 0; frame < frames; frame += 1) {
    pair[frame * 2] = interleaved[frame * channels + left]!;
    pair[frame * 2 + 1] = interleaved[frame * channels + right]!;
  }
};

/** A damaged float sample would ring through every filter behind it: it becomes silence where it is read. */
const sanitisePair = (instance: EngineInstance, { pcm }: Pick<PcmInfo, "pcm">, at: number, frames: number) => {
  if (isFloat(pcm.encoding)) instance.exports.sanitise(at, frames * 2);
};

/** Decodes `frames` frames of PCM that lie in engine memory at `raw` into one interleaved pair per entry of `pairs`. */
export const decodePairs = (
  instance: EngineInstance,
  info: Pick<PcmInfo, "pcm" | "channels">,
  raw: number,
  frames: number,
  pairs: readonly (readonly [left: number, right: number])[],
  { at, stride }: PairBlock,
): void => {
  const kernel = kernelOf(info);
  if (kernel) {
    pairs.forEach(([left, right], pair) => {
      instance.exports[kernel](raw, at + pair * stride * 8, frames, info.channels, left, right);
      sanitisePair(instance, info, at + pair * stride * 8, frames);
    });
    return;
  }
  const interleaved = new Float32Array(frames * info.channels);
  decodePcm(info.pcm, instance.bytes(raw, frames * info.pcm.bytesPerFrame), frames, interleaved);
  pairs.forEach((lanes, pair) => {
    scatterPair(instance, interleaved, info.channels, lanes, frames, at + pair * stride * 8);
    sanitisePair(instance, info, at + pair * stride * 8, frames);
  });
};
