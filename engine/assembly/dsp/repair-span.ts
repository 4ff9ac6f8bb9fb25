import { allocate } from "../abi/memory";
import { exp2, log2 } from "./math";

/** So that silence has a logarithm: -200 dB. */
const LEAST: f64 = 1e-20;

/** One marked stretch of time and frequency, and what stands before and after it. */
export class RepairSpan {
  /** First frame and the one behind the last, counted as the marks are. */
  from: i64 = 0;
  to: i64 = 0;
  /** First bin and the one behind the last. */
  firstBin: i32 = 0;
  endBin: i32 = 0;
  /** The stretch with its neighbours in the same band that leave no room to listen between them. */
  wholeFrom: i64 = 0;
  wholeTo: i64 = 0;
  hasBefore: bool = false;
  hasAfter: bool = false;
  /** Middle of the frame that was repaired first after `hasAfter`. */
  afterSince: i64 = 0;
  /** log2 of the power of each bin, f32, channel by channel. */
  private readonly before: usize;
  private readonly after: usize;
  private readonly channelBytes: usize;

  /** Allocates. */
  constructor(bins: i32, channels: i32) {
    this.channelBytes = (<usize>bins) << 2;
    this.before = allocate(channels * <i32>this.channelBytes);
    this.after = allocate(channels * <i32>this.channelBytes);
  }

  get isMarked(): bool {
    return this.to > this.from && this.endBin > this.firstBin;
  }

  forget(): void {
    this.hasBefore = false;
    this.hasAfter = false;
  }

  touches(first: i64, end: i64): bool {
    return this.isMarked && first < this.to && end > this.from;
  }

  sharesBandWith(other: RepairSpan): bool {
    return this.firstBin < other.endBin && other.firstBin < this.endBin;
  }

  /** Writes down the mean powers (f32) of one channel on one side. */
  learn(powers: usize, channel: i32, isAfter: bool): void {
    const to = (isAfter ? this.after : this.before) + <usize>channel * this.channelBytes;
    for (let i: usize = 0; i < this.channelBytes; i += 4)
      store<f32>(to + i, <f32>log2(<f64>load<f32>(powers + i) + LEAST));
  }

  /** How far the frame around `middle` has gone from before (0) to after (1). */
  wayAt(middle: i64): f64 {
    if (!this.hasAfter) return 0;
    if (!this.hasBefore) return 1;
    const start = max(this.wholeFrom, this.afterSince);
    return max(0, min(1, <f64>(middle - start) / <f64>max<i64>(1, this.wholeTo - start)));
  }

  /** The power that a bin would have had: logarithms run straight from one side to the other. */
  powerAt(channel: i32, bin: i32, way: f64): f64 {
    const at = <usize>channel * this.channelBytes + ((<usize>bin) << 2);
    return exp2((1 - way) * <f64>load<f32>(this.before + at) + way * <f64>load<f32>(this.after + at));
  }

  /** 0 outside, 1 inside, and a smooth way of `fade` frames between, all of it inside. */
  weightAt(frame: i64, fade: i64): f64 {
    const inside = min(frame - this.from + 1, this.to - frame);
    if (inside <= 0) return 0;
    const way = min(1, <f64>inside / <f64>fade);
    return way * way * (3 - 2 * way);
  }
}
