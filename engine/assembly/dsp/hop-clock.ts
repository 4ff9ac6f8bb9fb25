/** The grid of every meter. */
export const HOPS_PER_SECOND: i32 = 100;

/** Cuts a stream into hops of 10 ms: hop k covers the frames from floor(k rate / 100) to floor((k + 1) rate / 100), without drift at any rate. */
export class HopClock {
  /** Finished hops. */
  hops: i64 = 0;
  /** Frames until the present hop is finished. */
  left: i32 = 0;
  private readonly sampleRate: i64;

  constructor(sampleRate: f64) {
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
    return <i32>(((hop + 1) * this.sampleRate) / HOPS_PER_SECOND - (hop * this.sampleRate) / HOPS_PER_SECOND);
  }
}
