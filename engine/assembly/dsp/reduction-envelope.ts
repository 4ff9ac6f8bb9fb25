import { exp } from "./math";

/** Reductions are integers: 2^30 is full. Sums of integers are exact, so the envelope comes back to exactly nothing. */
export const FULL: i64 = 1 << 30;
const POLE_BITS: i64 = 32;
/** The slow part of the release, in release times: it follows how much of the time the gain is down. */
const SUSTAIN_RATIO: f64 = 5;
/** Less than this (0.008 dB) is no reason to hold back: without it the gain would creep for ten seconds. */
const SUSTAIN_FLOOR: i64 = 1 << 20;

/**
 * Turns the reduction that each frame needs into a smooth one that is never less: sliding maximum, release, two box filters.
 * `smooth` frames of the maximum's window are spent on the boxes, the rest keep the full reduction on both sides of the frame.
 * The release falls quickly to the recent average of the need and slowly from there, so that dense passages do not pump.
 */
export class ReductionEnvelope {
  /** Largest window and box that fit. */
  private readonly capacity: i32;
  private window: i32 = 1;
  private firstBox: i32 = 1;
  private secondBox: i32 = 1;
  private scale: f64 = 0;
  /** Frames of the falling run of needs within the window, and the needs. Circular, a power of two long. */
  private readonly runFrames: StaticArray<i64>;
  private readonly runNeeds: StaticArray<i64>;
  private readonly mask: i32;
  private runStart: i32 = 0;
  private runEnd: i32 = 0;
  private frame: i64 = 0;
  private pole: i64 = 0;
  private sustainStep: f64 = 0;
  private sustain: f64 = 0;
  private held: i64 = 0;
  private readonly first: StaticArray<i64>;
  private readonly second: StaticArray<i64>;
  private firstAt: usize = 0;
  private secondAt: usize = 0;
  private firstSum: i64 = 0;
  private secondSum: i64 = 0;

  constructor(capacity: i32) {
    const ring = 1 << (32 - clz(capacity));
    this.capacity = capacity;
    this.mask = ring - 1;
    this.runFrames = new StaticArray<i64>(ring);
    this.runNeeds = new StaticArray<i64>(ring);
    this.first = new StaticArray<i64>(ring);
    this.second = new StaticArray<i64>(ring);
  }

  /** The maximum holds for `window` frames, `smooth` of them (at least 1) under the boxes. Call when idle. */
  configure(window: i32, smooth: i32): void {
    this.window = min(window, this.capacity);
    this.firstBox = (smooth + 1) >> 1;
    this.secondBox = smooth + 1 - this.firstBox;
    this.scale = 1 / (<f64>this.firstBox * <f64>this.secondBox * <f64>FULL);
  }

  setRelease(ms: f64, sampleRate: f64): void {
    const frames = (ms * sampleRate) / 1000;
    this.pole = <i64>(exp(-1 / frames) * <f64>((<i64>1) << POLE_BITS));
    this.sustainStep = 1 - exp(-1 / (SUSTAIN_RATIO * frames));
  }

  reset(): void {
    this.runStart = 0;
    this.runEnd = 0;
    this.frame = 0;
    this.sustain = 0;
    this.held = 0;
    this.firstAt = 0;
    this.secondAt = 0;
    this.firstSum = 0;
    this.secondSum = 0;
    this.first.fill(0);
    this.second.fill(0);
  }

  /** Takes over the state of an envelope of the same window. */
  copyFrom(other: ReductionEnvelope): void {
    memory.copy(
      changetype<usize>(this.runFrames),
      changetype<usize>(other.runFrames),
      (<usize>other.runFrames.length) << 3,
    );
    memory.copy(
      changetype<usize>(this.runNeeds),
      changetype<usize>(other.runNeeds),
      (<usize>other.runNeeds.length) << 3,
    );
    memory.copy(changetype<usize>(this.first), changetype<usize>(other.first), (<usize>other.first.length) << 3);
    memory.copy(changetype<usize>(this.second), changetype<usize>(other.second), (<usize>other.second.length) << 3);
    this.runStart = other.runStart;
    this.runEnd = other.runEnd;
    this.frame = other.frame;
    this.sustain = other.sustain;
    this.held = other.held;
    this.firstAt = other.firstAt;
    this.secondAt = other.secondAt;
    this.firstSum = other.firstSum;
    this.secondSum = other.secondSum;
  }

  /** Nothing is held: frames that need nothing leave the gain at exactly 1 and may be left out. */
  get idle(): bool {
    return this.secondSum == 0;
  }

  /** Turns `count` needs (i64) at `needs` into as many gains (f32) at `gains`; gives the lowest of them. */
  process(needs: usize, gains: usize, count: i32): f32 {
    const first = changetype<usize>(this.first);
    const second = changetype<usize>(this.second);
    const firstEnd = (<usize>this.firstBox) << 3;
    const secondEnd = (<usize>this.secondBox) << 3;
    let firstAt = this.firstAt;
    let secondAt = this.secondAt;
    let firstSum = this.firstSum;
    let secondSum = this.secondSum;
    let sustain = this.sustain;
    let held = this.held;
    let lowest: f32 = 1;
    for (let i = 0; i < count; ++i) {
      const need = this.largest(load<i64>(needs + ((<usize>i) << 3)));
      sustain += (<f64>need - sustain) * this.sustainStep;
      held = this.fall(need, held, sustain);
      firstSum += held - load<i64>(first + firstAt);
      store<i64>(first + firstAt, held);
      firstAt = firstAt + 8 == firstEnd ? 0 : firstAt + 8;
      secondSum += firstSum - load<i64>(second + secondAt);
      store<i64>(second + secondAt, firstSum);
      secondAt = secondAt + 8 == secondEnd ? 0 : secondAt + 8;
      if (secondSum == 0) sustain = 0;
      const gain = <f32>(1 - <f64>secondSum * this.scale);
      store<f32>(gains + ((<usize>i) << 2), gain);
      lowest = gain < lowest ? gain : lowest;
    }
    this.firstAt = firstAt;
    this.secondAt = secondAt;
    this.firstSum = firstSum;
    this.secondSum = secondSum;
    this.sustain = sustain;
    this.held = held;
    return lowest;
  }

  /** Largest need of the last `window` frames. Needs of nothing are not kept: an empty run means nothing. */
  private largest(need: i64): i64 {
    const frame = this.frame;
    this.frame = frame + 1;
    if (need == 0 && this.runStart == this.runEnd) return 0;
    const needs = changetype<usize>(this.runNeeds);
    const frames = changetype<usize>(this.runFrames);
    const mask = this.mask;
    let start = this.runStart;
    let end = this.runEnd;
    if (start != end && load<i64>(frames + ((<usize>(start & mask)) << 3)) <= frame - this.window) start += 1;
    if (need > 0) {
      while (end != start && load<i64>(needs + ((<usize>((end - 1) & mask)) << 3)) <= need) end -= 1;
      store<i64>(frames + ((<usize>(end & mask)) << 3), frame);
      store<i64>(needs + ((<usize>(end & mask)) << 3), need);
      end += 1;
    }
    this.runStart = start;
    this.runEnd = end;
    return start == end ? 0 : load<i64>(needs + ((<usize>(start & mask)) << 3));
  }

  /** One frame of release from `held`, never below the need. */
  private fall(need: i64, held: i64, sustain: f64): i64 {
    const slow = <i64>sustain - SUSTAIN_FLOOR;
    const floor = slow < 0 ? 0 : slow < held ? slow : held;
    const fallen = floor + (((held - floor) * this.pole) >> POLE_BITS);
    return need > fallen ? need : fallen;
  }
}
