import { GROUP, HISTORY, PeakInterpolator, SPARE, separate, TAPS_AHEAD } from "./true-peak";

const CHUNK: i32 = 1024;
const LINE_FRAMES: i32 = HISTORY + CHUNK + SPARE;

/** Running sample peak and true peak of channel pairs, as linear magnitudes. Stretches that cannot raise the peak are not interpolated. */
export class TruePeakMeter {
  samplePeak: f32 = 0;
  private peak: f32 = 0;
  private readonly interpolator: PeakInterpolator = new PeakInterpolator(CHUNK);
  /** HISTORY old and CHUNK new frames of each channel. */
  private readonly lines: StaticArray<f32>;
  private readonly found: StaticArray<f32> = new StaticArray<f32>(GROUP);
  private readonly pairs: i32;

  constructor(pairs: i32) {
    this.pairs = pairs;
    this.lines = new StaticArray<f32>(2 * pairs * LINE_FRAMES);
  }

  reset(): void {
    this.samplePeak = 0;
    this.peak = 0;
    this.lines.fill(0);
  }

  /** Takes one block of channel pairs. NaN and infinity count as 0. */
  feed(io: usize, frames: i32): void {
    for (let from = 0; from < frames; from += CHUNK) {
      const count = min(CHUNK, frames - from);
      for (let pair = 0; pair < this.pairs; ++pair) {
        const left = this.lineOf(2 * pair);
        const right = this.lineOf(2 * pair + 1);
        const at = io + ((<usize>(pair * frames + from)) << 3);
        separate(at, left + (HISTORY << 2), right + (HISTORY << 2), count);
        this.search(left, count);
        this.search(right, count);
        memory.copy(left, left + ((<usize>count) << 2), HISTORY << 2);
        memory.copy(right, right + ((<usize>count) << 2), HISTORY << 2);
      }
    }
  }

  /** The true peak so far, the ringing behind the last frame included. */
  truePeak(): f32 {
    const soFar = this.peak;
    for (let channel = 0; channel < 2 * this.pairs; ++channel) {
      const line = this.lineOf(channel);
      memory.fill(line + (HISTORY << 2), 0, HISTORY << 2);
      this.search(line, HISTORY);
    }
    const peak = this.peak;
    this.peak = soFar;
    return peak;
  }

  private lineOf(channel: i32): usize {
    return changetype<usize>(this.lines) + ((<usize>(channel * LINE_FRAMES)) << 2);
  }

  /** Looks at the `count` frames that are TAPS_AHEAD behind the newest ones. */
  private search(line: usize, count: i32): void {
    this.samplePeak = max(this.samplePeak, this.interpolator.scan(line, count));
    const found = changetype<usize>(this.found);
    for (let start = TAPS_AHEAD; start < TAPS_AHEAD + count; start += GROUP) {
      if (this.interpolator.bound(start) <= this.peak) continue;
      const frames = min(GROUP, TAPS_AHEAD + count - start);
      this.interpolator.framePeaks(line + ((<usize>start) << 2), frames, this.peak, found);
      for (let i = 0; i < frames; ++i) this.peak = max(this.peak, unchecked(this.found[i]));
    }
  }
}
