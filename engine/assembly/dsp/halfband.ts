import { allocate } from "../abi/memory";
import { kaiserBeta, kaiserLength, kaiserWindow } from "./kaiser";
import { PI } from "./math";

const ATTENUATION_DB: f64 = 110;

/**
 * A linear-phase half-band filter, Kaiser-windowed: every second tap is zero but the middle one, the others are symmetric.
 * Frames are interleaved f32 pairs.
 */
class Halfband {
  /** Taps on one side of the middle that are not zero. */
  readonly taps: i32;
  /** Splatted f32x4 each, nearest to the middle first. */
  readonly weights: usize;

  /** `width` of the transition around a quarter of the higher rate, in parts of it. */
  constructor(width: f64) {
    this.taps = max<i32>(2, <i32>ceil((kaiserLength(ATTENUATION_DB, width) + 1) / 4));
    this.weights = allocate(this.taps << 4);
    let sum: f64 = 0;
    for (let i = 0; i < this.taps; ++i) sum += this.ideal(i);
    for (let i = 0; i < this.taps; ++i) {
      v128.store(this.weights + ((<usize>i) << 4), f32x4.splat(<f32>((0.5 * this.ideal(i)) / sum)));
    }
  }

  private ideal(i: i32): f64 {
    const offset = <f64>(2 * i + 1);
    const sign: f64 = i & 1 ? -1 : 1;
    return (sign / (0.5 * PI * offset)) * kaiserWindow(offset / <f64>(2 * this.taps), kaiserBeta(ATTENUATION_DB));
  }

  /** Writes frames, each the weighted sum of those around the gap behind one of the line; up to three more mean nothing. */
  sums(line: usize, frames: i32, to: usize): void {
    const weights = this.weights;
    const weightsEnd = weights + ((<usize>this.taps) << 4);
    for (const end = line + ((<usize>frames) << 3); line < end; line += 32, to += 32) {
      let first = f32x4.splat(0);
      let second = f32x4.splat(0);
      let left = line;
      let right = line + 8;
      for (let at = weights; at < weightsEnd; at += 16) {
        const weight = v128.load(at);
        first = f32x4.add(first, f32x4.mul(weight, f32x4.add(v128.load(left), v128.load(right))));
        second = f32x4.add(second, f32x4.mul(weight, f32x4.add(v128.load(left, 16), v128.load(right, 16))));
        left -= 8;
        right += 8;
      }
      v128.store(to, first);
      v128.store(to, second, 16);
    }
  }
}

/** Doubles the rate of one pair. */
export class HalfbandUp {
  private readonly filter: Halfband;
  private readonly history: usize;
  private readonly line: usize;
  private readonly between: usize;

  constructor(width: f64, maxFrames: i32) {
    this.filter = new Halfband(width);
    this.history = (<usize>(2 * this.filter.taps)) << 3;
    this.line = allocate(<i32>this.history + (maxFrames << 3) + 48);
    this.between = allocate((maxFrames << 3) + 32);
  }

  /** Where the frames to be doubled are to be written. */
  get input(): usize {
    return this.line + this.history;
  }

  /** In frames of the higher rate. */
  get delayFrames(): i32 {
    return 2 * this.filter.taps - 1;
  }

  reset(): void {
    memory.fill(this.line, 0, this.history);
  }

  /** Writes twice as many frames, and two more that mean nothing. */
  process(frames: i32, to: usize): void {
    const bytes = (<usize>frames) << 3;
    const middle = this.input - ((<usize>this.filter.taps) << 3);
    this.filter.sums(middle, frames, this.between);
    for (let i: usize = 0; i < bytes; i += 16) {
      const between = v128.load(this.between + i);
      const own = v128.load(middle + i, 8);
      v128.store(to + (i << 1), v128.shuffle<f64>(between, own, 0, 2));
      v128.store(to + (i << 1), v128.shuffle<f64>(between, own, 1, 3), 16);
    }
    memory.copy(this.line, this.line + bytes, this.history);
  }
}

/** Halves the rate of one pair. */
export class HalfbandDown {
  private readonly filter: Halfband;
  private readonly history: usize;
  private readonly even: usize;
  private readonly odd: usize;

  /** `maxFrames` of the lower rate. */
  constructor(width: f64, maxFrames: i32) {
    this.filter = new Halfband(width);
    this.history = (<usize>(2 * this.filter.taps)) << 3;
    this.even = allocate(<i32>this.history + (maxFrames << 3) + 32);
    this.odd = allocate(<i32>this.history + (maxFrames << 3) + 48);
  }

  /** In frames of the higher rate. */
  get delayFrames(): i32 {
    return 2 * this.filter.taps - 2;
  }

  reset(): void {
    memory.fill(this.even, 0, this.history);
    memory.fill(this.odd, 0, this.history);
  }

  /** Writes `frames` from twice as many, and up to three more that mean nothing; reads two frames too many. */
  process(from: usize, frames: i32, to: usize): void {
    const even = this.even + this.history;
    const odd = this.odd + this.history;
    const bytes = (<usize>frames) << 3;
    for (let i: usize = 0; i < bytes; i += 16) {
      const first = v128.load(from + (i << 1));
      const second = v128.load(from + (i << 1), 16);
      v128.store(even + i, v128.shuffle<f64>(first, second, 0, 2));
      v128.store(odd + i, v128.shuffle<f64>(first, second, 1, 3));
    }
    const back = (<usize>this.filter.taps) << 3;
    const half = f32x4.splat(0.5);
    this.filter.sums(odd - back, frames, to);
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(to + i, f32x4.mul(f32x4.add(v128.load(to + i), v128.load(even + i - back, 8)), half));
    }
    memory.copy(this.even, this.even + bytes, this.history);
    memory.copy(this.odd, this.odd + bytes, this.history);
  }
}
