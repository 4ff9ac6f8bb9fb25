import { allocate } from "../abi/memory";
import { LineFilter } from "./absorption";

/** Delay lines of a network. */
export const LINES: i32 = 16;
/** Most frames a call. */
export const NETWORK_FRAMES: i32 = 64;
/** Bytes from one line's feed, or one channel's output, to the next. */
export const ROW_BYTES: usize = (<usize>NETWORK_FRAMES + 4) << 2;
/** A delay line is no shorter: four frames are done at once. */
export const LEAST_DELAY: i32 = 8;

// A bank is four lines in the lanes: six coefficients, then the last input, middle and output of the two shelves.
const BANK_BYTES: usize = 9 * 16;
/** Rings do not begin at the same place of the cache. */
const STAGGER: i32 = 20;

/**
 * Feedback delay network of sixteen lines with a Hadamard matrix (Jot and Chaigne, AES 90, 1991). Four frames at once: the lines are
 * read along time, turned so that four lines are filtered in the lanes, turned back and mixed in two radix-4 passes.
 */
export class FeedbackNetwork {
  private readonly rings: usize;
  private readonly banks: usize;
  private readonly mixed: usize;
  private readonly delays: StaticArray<i32> = new StaticArray<i32>(LINES);
  private readonly sources: StaticArray<usize> = new StaticArray<usize>(LINES);
  private ringFrames: i32 = 16;
  private position: i32 = 0;
  /** Nothing is left in it. */
  idle: bool = true;

  /** Allocates for delays below `mostFrames`, a power of two. */
  constructor(private readonly mostFrames: i32) {
    this.rings = allocate((LINES * (mostFrames + STAGGER)) << 2);
    this.banks = allocate(4 * <i32>BANK_BYTES);
    this.mixed = allocate(LINES << 4);
  }

  /** Sets one line; call `clear` when all are set. */
  setLine(line: i32, delayFrames: i32, filter: LineFilter): void {
    this.delays[line] = delayFrames;
    const at = this.banks + <usize>(line >> 2) * BANK_BYTES + ((<usize>(line & 3)) << 2);
    store<f32>(at, <f32>filter.b0);
    store<f32>(at, <f32>filter.b1, 16);
    store<f32>(at, <f32>filter.p, 32);
    store<f32>(at, <f32>filter.c0, 48);
    store<f32>(at, <f32>filter.c1, 64);
    store<f32>(at, <f32>filter.q, 80);
  }

  /** Silence; the rings become as short as the lines allow, so that they stay in the cache. */
  clear(): void {
    let longest = 0;
    for (let line = 0; line < LINES; ++line) longest = max(longest, this.delays[line]);
    this.ringFrames = min(this.mostFrames, max(256, 1 << (32 - clz(longest + 7))));
    for (let line = 0; line < LINES; ++line)
      this.sources[line] = this.rings + ((<usize>(line * (this.ringFrames + STAGGER))) << 2);
    this.position = 0;
    this.silence();
  }

  /** Forgets all: what has died away becomes zero, as subnormal numbers are slow. */
  silence(): void {
    memory.fill(this.rings, 0, (<usize>(LINES * (this.ringFrames + STAGGER))) << 2);
    for (let bank: usize = 0; bank < 4; ++bank) memory.fill(this.banks + bank * BANK_BYTES + 96, 0, 48);
    this.idle = true;
  }

  /**
   * Adds `feed` (a row a line) to the lines and writes the mixed sums of rows 1.. (orthogonal to each other, so decorrelated) to
   * `channels` rows at `out`. At most NETWORK_FRAMES.
   */
  process(feed: usize, out: usize, channels: i32, frames: i32): void {
    this.idle = false;
    for (let done = 0; done < frames; ) {
      const count = min(4 - (this.position & 3), frames - done);
      const offset = (<usize>done) << 2;
      for (let bank = 0; bank < 4; ++bank) this.absorb(bank, count);
      if (count == 4 && this.position >= 4) this.mixFour(feed + offset);
      else this.mix(feed + offset, count);
      for (let channel: usize = 0; channel < <usize>channels; ++channel)
        v128.store(out + offset + channel * ROW_BYTES, v128.load(this.mixed + ((channel + 1) << 4)));
      this.position = (this.position + count) & (this.ringFrames - 1);
      done += count;
    }
  }

  /** Lets time pass while it is idle and nothing comes in. */
  skip(frames: i32): void {
    this.position = (this.position + frames) & (this.ringFrames - 1);
  }

  /** Reads four lines and filters `count` frames of them; the first mixing pass is done on the way. */
  private absorb(bank: i32, count: i32): void {
    const sources = changetype<usize>(this.sources) + ((<usize>bank) << 4);
    const delays = changetype<usize>(this.delays) + ((<usize>bank) << 4);
    const mask = this.ringFrames - 1;
    const position = this.position;
    const l0 = v128.load(load<usize>(sources) + ((<usize>((position - load<i32>(delays)) & mask)) << 2));
    const l1 = v128.load(load<usize>(sources, 4) + ((<usize>((position - load<i32>(delays, 4)) & mask)) << 2));
    const l2 = v128.load(load<usize>(sources, 8) + ((<usize>((position - load<i32>(delays, 8)) & mask)) << 2));
    const l3 = v128.load(load<usize>(sources, 12) + ((<usize>((position - load<i32>(delays, 12)) & mask)) << 2));
    const low01 = v128.shuffle<f32>(l0, l1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(l0, l1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(l2, l3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(l2, l3, 2, 6, 3, 7);
    const at = this.banks + <usize>bank * BANK_BYTES;
    const b0 = v128.load(at);
    const b1 = v128.load(at, 16);
    const p = v128.load(at, 32);
    const c0 = v128.load(at, 48);
    const c1 = v128.load(at, 64);
    const q = v128.load(at, 80);
    let x = v128.load(at, 96);
    let u = v128.load(at, 112);
    let y = v128.load(at, 128);
    let frame = v128.shuffle<f64>(low01, low23, 0, 2);
    let middle = f32x4.add(f32x4.add(f32x4.mul(b0, frame), f32x4.mul(b1, x)), f32x4.mul(p, u));
    y = f32x4.add(f32x4.add(f32x4.mul(c0, middle), f32x4.mul(c1, u)), f32x4.mul(q, y));
    x = frame;
    u = middle;
    const y0 = y;
    if (count > 1) {
      frame = v128.shuffle<f64>(low01, low23, 1, 3);
      middle = f32x4.add(f32x4.add(f32x4.mul(b0, frame), f32x4.mul(b1, x)), f32x4.mul(p, u));
      y = f32x4.add(f32x4.add(f32x4.mul(c0, middle), f32x4.mul(c1, u)), f32x4.mul(q, y));
      x = frame;
      u = middle;
    }
    const y1 = y;
    if (count > 2) {
      frame = v128.shuffle<f64>(high01, high23, 0, 2);
      middle = f32x4.add(f32x4.add(f32x4.mul(b0, frame), f32x4.mul(b1, x)), f32x4.mul(p, u));
      y = f32x4.add(f32x4.add(f32x4.mul(c0, middle), f32x4.mul(c1, u)), f32x4.mul(q, y));
      x = frame;
      u = middle;
    }
    const y2 = y;
    if (count > 3) {
      frame = v128.shuffle<f64>(high01, high23, 1, 3);
      middle = f32x4.add(f32x4.add(f32x4.mul(b0, frame), f32x4.mul(b1, x)), f32x4.mul(p, u));
      y = f32x4.add(f32x4.add(f32x4.mul(c0, middle), f32x4.mul(c1, u)), f32x4.mul(q, y));
      x = frame;
      u = middle;
    }
    v128.store(at, x, 96);
    v128.store(at, u, 112);
    v128.store(at, y, 128);
    const low = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5);
    const high = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
    const nextLow = v128.shuffle<f32>(y2, y, 0, 4, 1, 5);
    const nextHigh = v128.shuffle<f32>(y2, y, 2, 6, 3, 7);
    storeHadamard(
      this.mixed + ((<usize>bank) << 6),
      16,
      v128.shuffle<f64>(low, nextLow, 0, 2),
      v128.shuffle<f64>(low, nextLow, 1, 3),
      v128.shuffle<f64>(high, nextHigh, 0, 2),
      v128.shuffle<f64>(high, nextHigh, 1, 3),
    );
  }

  /** The second mixing pass over a whole group inside the rings. */
  private mixFour(feed: usize): void {
    const sources = changetype<usize>(this.sources);
    const offset = (<usize>this.position) << 2;
    for (let k: usize = 0; k < 4; ++k) {
      const at = this.mixed + (k << 4);
      const a = v128.load(at);
      const b = v128.load(at, 64);
      const c = v128.load(at, 128);
      const d = v128.load(at, 192);
      const sum = f32x4.add(a, b);
      const difference = f32x4.sub(a, b);
      const otherSum = f32x4.add(c, d);
      const otherDifference = f32x4.sub(c, d);
      const row = feed + k * ROW_BYTES;
      const source = sources + (k << 2);
      const first = f32x4.add(sum, otherSum);
      const second = f32x4.add(difference, otherDifference);
      const third = f32x4.sub(sum, otherSum);
      // The sums that are heard: rows 1 to 8.
      v128.store(at, first);
      v128.store(at, second, 64);
      v128.store(at, third, 128);
      v128.store(load<usize>(source) + offset, f32x4.add(first, v128.load(row)));
      v128.store(load<usize>(source, 16) + offset, f32x4.add(second, v128.load(row, 4 * ROW_BYTES)));
      v128.store(load<usize>(source, 32) + offset, f32x4.add(third, v128.load(row, 8 * ROW_BYTES)));
      const fourth = f32x4.sub(difference, otherDifference);
      v128.store(load<usize>(source, 48) + offset, f32x4.add(fourth, v128.load(row, 12 * ROW_BYTES)));
    }
  }

  /** The second mixing pass over a part of a group, or the first group of the rings. */
  private mix(feed: usize, count: i32): void {
    for (let k: usize = 0; k < 4; ++k) {
      const at = this.mixed + (k << 4);
      storeHadamard(at, 64, v128.load(at), v128.load(at, 64), v128.load(at, 128), v128.load(at, 192));
      for (let bank: usize = 0; bank < 4; ++bank) {
        const line = (bank << 2) + k;
        this.write(line, f32x4.add(v128.load(at + (bank << 6)), v128.load(feed + line * ROW_BYTES)), count);
      }
    }
  }

  /** Writes `count` frames of a line; the first four frames of a ring stand again behind its end. */
  private write(line: usize, value: v128, count: i32): void {
    const ring = load<usize>(changetype<usize>(this.sources) + (line << 2));
    const at = ring + ((<usize>this.position) << 2);
    // Frames beyond `count` are written again before they are read.
    if ((this.position & 3) == 0) v128.store(at, value);
    else storeFrames(at, value, count);
    if (this.position < 4) v128.store(ring + ((<usize>this.ringFrames) << 2), v128.load(ring));
  }
}

/** Hadamard of order 4, unscaled. */
function storeHadamard(to: usize, step: usize, a: v128, b: v128, c: v128, d: v128): void {
  const sum = f32x4.add(a, b);
  const difference = f32x4.sub(a, b);
  const otherSum = f32x4.add(c, d);
  const otherDifference = f32x4.sub(c, d);
  v128.store(to, f32x4.add(sum, otherSum));
  v128.store(to + step, f32x4.add(difference, otherDifference));
  v128.store(to + 2 * step, f32x4.sub(sum, otherSum));
  v128.store(to + 3 * step, f32x4.sub(difference, otherDifference));
}

function storeFrames(at: usize, value: v128, count: i32): void {
  store<f32>(at, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(value, 2), 8);
}
