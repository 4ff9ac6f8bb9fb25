/** The grid of every meter. */
export const HOPS_PER_SECOND: i32 = 100;

/**
 * Cuts a stream into hops (of 10 ms unless told otherwise): hop k covers the frames from floor(k rate / hopsPerSecond) to
 * floor((k + 1) rate / hopsPerSecond), without drift at any rate.
 */
export class HopClock {
  /** Finished hops. */
  hops: i64 = 0;
  /** Frames until the present hop is finished. */
  left: i32 = 0;
  private readonly sampleRate: i64;

  constructor(
    sampleRate: f64,
    private readonly hopsPerSecond: i64 = HOPS_PER_SECOND,
  ) {
    this.sampleRate = <i64>nearest(sampleRate);
    this.left = this.framesOfHop(0);
  }

  reset(): void {
    this.hops = 0;
    this.left = this.framesOfHop(0);
  }

  /** Goes on by at most `left` frames; true when that finished a hop. */
  advance(frames: i32): bool {
    this.left -= frames;
    if (this.left > 0) return false;
    this.hops += 1;
    this.left = this.framesOfHop(this.hops);
    return true;
  }

  framesOfHop(hop: i64): i32 {
    return <i32>(((hop + 1) * this.sampleRate) / this.hopsPerSecond - (hop * this.sampleRate) / this.hopsPerSecond);
  }
}
