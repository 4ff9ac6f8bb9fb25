import type { EngineInstance } from "./instance.ts";

/** Delays a pair-layout signal by a whole number of frames, to line up paths whose processors look ahead. */
export type DelayLine = {
  readonly frames: number;
  /** In place. */
  process(at: number, frames: number): void;
};

/** A ring of `values` floats through which blocks of any length pass. */
const createRing = (values: number) => {
  const ring = new Float32Array(values);
  const swapped = new Float32Array(values);
  let position = 0;
  return (block: Float32Array) => {
    let done = 0;
    while (done < block.length) {
      const count = Math.min(block.length - done, values - position);
      const piece = block.subarray(done, done + count);
      const held = ring.subarray(position, position + count);
      swapped.set(held);
      held.set(piece);
      piece.set(swapped.subarray(0, count));
      position = (position + count) % values;
      done += count;
    }
  };
};

export const createDelayLine = (instance: EngineInstance, delayFrames: number, pairs: number): DelayLine => {
  if (delayFrames === 0) return { frames: 0, process: () => {} };
  const rings = Array.from({ length: pairs }, () => createRing(delayFrames * 2));
  return {
    frames: delayFrames,
    process: (at, frames) => {
      rings.forEach((pass, pair) => {
        pass(instance.floats(at + pair * frames * 8, frames * 2));
      });
    },
  };
};
