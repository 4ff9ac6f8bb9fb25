import { allocate } from "../abi/memory";

/** Values in front of and behind a frame that smoothing may read. */
const GUARD: i32 = 4;

/** Bytes that one frame of `bins` f32 takes with its guards; loops in fours may touch three values behind the last bin. */
function strideOf(bins: i32): usize {
  return (<usize>(((bins + 3) & ~3) + 2 * GUARD)) << 2;
}

/** Gives one frame of f32, zero, with room around it. Allocates. */
export function allocateBands(bins: i32): usize {
  return allocate(<i32>strideOf(bins)) + (GUARD << 2);
}

/** Bytes that a loop in fours covers. */
export function bandBytes(bins: i32): usize {
  return (<usize>((bins + 3) & ~3)) << 2;
}

/** The last frames of one f32 figure per bin, newest at `at(0)`. */
export class BandFrames {
  private readonly stride: usize;
  private readonly frames: usize;
  private newest: i32 = 0;

  /** Allocates. */
  constructor(
    bins: i32,
    private readonly length: i32,
  ) {
    this.stride = strideOf(bins);
    this.frames = allocate(length * <i32>this.stride);
  }

  reset(): void {
    memory.fill(this.frames, 0, <usize>this.length * this.stride);
    this.newest = 0;
  }

  /** Makes room for a new frame, whose values are to be written at `at(0)`. */
  turn(): void {
    this.newest = this.newest + 1 == this.length ? 0 : this.newest + 1;
  }

  /** Address of the frame `back` turns ago, below `length`. */
  at(back: i32): usize {
    const place = this.newest - back;
    return this.frames + <usize>(place < 0 ? place + this.length : place) * this.stride + (GUARD << 2);
  }

  /** Writes the mean of the frames `first`..`last` turns ago. */
  mean(first: i32, last: i32, to: usize, bytes: usize): void {
    const scale = f32x4.splat(<f32>(1 / <f64>(last - first + 1)));
    for (let back = first; back <= last; ++back) {
      const from = this.at(back);
      for (let i: usize = 0; i < bytes; i += 16) {
        const value = f32x4.mul(v128.load(from + i), scale);
        v128.store(to + i, back == first ? value : f32x4.add(v128.load(to + i), value));
      }
    }
  }
}

/** Writes the mean over `radius` (at most 4) bins on both sides; the outermost bins stand for those beyond. Not in place. */
export function smoothBins(from: usize, to: usize, bins: i32, radius: i32): void {
  const last = from + ((<usize>(bins - 1)) << 2);
  for (let i = 1; i <= GUARD; ++i) {
    store<f32>(from - ((<usize>i) << 2), load<f32>(from));
    store<f32>(last + ((<usize>i) << 2), load<f32>(last));
  }
  const reach = (<usize>radius) << 2;
  const scale = f32x4.splat(<f32>(1 / <f64>(2 * radius + 1)));
  const bytes = bandBytes(bins);
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = v128.load(from + i - reach);
    for (let at = from + i - reach + 4; at <= from + i + reach; at += 4) sum = f32x4.add(sum, v128.load(at));
    v128.store(to + i, f32x4.mul(sum, scale));
  }
}
