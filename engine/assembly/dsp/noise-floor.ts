import { allocateBands, BandFrames, bandBytes, smoothBins } from "./band-frames";
import { PauseEvidence } from "./pause-evidence";

/** Frames that one value of the minimum is the mean of. */
const MEAN_FRAMES: i32 = 7;
/** Frames before it that must be whole, and after it (four hops make a frame). */
const EDGE_FRAMES: i32 = 3;
/** Sub-windows of the minimum, and frames of one. */
const MINIMA: i32 = 11;
const MINIMUM_FRAMES: i32 = 12;
/** Sub-windows of the mean over pauses, and frames of one. */
const MEANS: i32 = 8;
const PAUSE_FRAMES: i32 = 10;
/** Mean over minimum of such values in steady noise. */
const BIAS: f32 = 2;
/** The lowest bins are few and slow, so their minimum lies deeper. */
const LOW_BIASES: StaticArray<f32> = [8, 5, 2.5, 1.5];
/** Louder than this times the floor, over five frames and three bins, is not a pause. */
const PAUSE_RATIO: f32 = 2.5;
/** The floor from the minimum weighs as much as so many frames of pauses. */
const PRIOR_FRAMES: f32 = 6;
/** Pauses that were found before the floor sank count no more than this times the floor. */
const MOST_OVER_FLOOR: f32 = 1.5;
/** Below this mean power a frame is digital silence, which says nothing of the noise: -110 dBFS. */
const SILENCE: f32 = 1e-11;
/** Never less, so that one may divide by it. */
const LEAST: f32 = 1e-12;

/**
 * Noise power in each bin, without a learned profile: the minimum of the smoothed power over about 1.5 s, then the mean over
 * the frames that this floor takes for pauses (two passes as in I. Cohen, IEEE Trans. Speech and Audio Processing 11(5), 2003, here
 * with look-ahead). Stretches of digital silence are left out, and where no pause was heard there is no noise.
 */
export class NoiseFloor {
  private readonly bytes: usize;
  private readonly silence: f32;
  /** Frames in a row without digital silence. */
  private whole: i32 = 0;
  private readonly mean: usize;
  private readonly smooth: usize;
  private readonly minima: BandFrames;
  private readonly minimum: usize;
  private readonly oldMinimum: usize;
  private minimumFrames: i32 = 0;
  private readonly floor: usize;
  private readonly sums: BandFrames;
  private readonly counts: BandFrames;
  private readonly sum: usize;
  private readonly count: usize;
  private readonly oldSum: usize;
  private readonly oldCount: usize;
  private pauseFrames: i32 = 0;
  private readonly evidence: PauseEvidence;

  /** Allocates. `size` is that of the transform. */
  constructor(
    private readonly bins: i32,
    size: i32,
  ) {
    this.bytes = bandBytes(bins);
    this.silence = SILENCE * <f32>size * <f32>0.5;
    this.mean = allocateBands(bins);
    this.smooth = allocateBands(bins);
    this.minima = new BandFrames(bins, MINIMA);
    this.minimum = allocateBands(bins);
    this.oldMinimum = allocateBands(bins);
    this.floor = allocateBands(bins);
    this.sums = new BandFrames(bins, MEANS);
    this.counts = new BandFrames(bins, MEANS);
    this.sum = allocateBands(bins);
    this.count = allocateBands(bins);
    this.oldSum = allocateBands(bins);
    this.oldCount = allocateBands(bins);
    this.evidence = new PauseEvidence(bins);
    this.reset();
  }

  reset(): void {
    this.whole = 0;
    this.minimumFrames = 0;
    this.pauseFrames = 0;
    for (let i = 0; i < MINIMA; ++i, this.minima.turn()) this.fill(this.minima.at(0), Infinity);
    this.fill(this.minimum, Infinity);
    this.fill(this.oldMinimum, Infinity);
    this.fill(this.floor, LEAST);
    this.sums.reset();
    this.counts.reset();
    this.fill(this.sum, 0);
    this.fill(this.count, 0);
    this.fill(this.oldSum, 0);
    this.fill(this.oldCount, 0);
    this.evidence.reset();
  }

  private fill(to: usize, value: f32): void {
    for (let i: usize = 0; i < this.bytes; i += 16) v128.store(to + i, f32x4.splat(value));
  }

  /** Hears the newest frame of `powers`, which holds at least 13. */
  hear(powers: BandFrames): void {
    this.whole = this.isSilent(powers.at(0)) ? 0 : this.whole + 1;
    if (this.whole < MEAN_FRAMES + 2 * EDGE_FRAMES) return;
    powers.mean(EDGE_FRAMES, EDGE_FRAMES + MEAN_FRAMES - 1, this.mean, this.bytes);
    smoothBins(this.mean, this.smooth, this.bins, 1);
    this.findMinimum();
    this.findPauses(powers, EDGE_FRAMES + MEAN_FRAMES / 2);
  }

  private isSilent(power: usize): bool {
    let sums = f32x4.splat(0);
    for (let i: usize = 0; i < this.bytes; i += 16) sums = f32x4.add(sums, v128.load(power + i));
    const sum =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    return sum < this.silence * <f32>this.bins;
  }

  private findMinimum(): void {
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const least = f32x4.pmin(v128.load(this.minimum + i), v128.load(this.smooth + i));
      v128.store(this.minimum + i, least);
      const floor = f32x4.mul(f32x4.pmin(least, v128.load(this.oldMinimum + i)), f32x4.splat(BIAS));
      v128.store(this.floor + i, f32x4.pmax(floor, f32x4.splat(LEAST)));
    }
    for (let k = 0; k < LOW_BIASES.length; ++k) {
      const at = this.floor + ((<usize>k) << 2);
      store<f32>(at, load<f32>(at) * unchecked(LOW_BIASES[k]));
    }
    if (++this.minimumFrames == MINIMUM_FRAMES) this.turnMinimum();
  }

  private turnMinimum(): void {
    this.minimumFrames = 0;
    this.minima.turn();
    memory.copy(this.minima.at(0), this.minimum, this.bytes);
    memory.copy(this.oldMinimum, this.minimum, this.bytes);
    this.fill(this.minimum, Infinity);
    for (let back = 1; back < MINIMA; ++back) {
      const from = this.minima.at(back);
      for (let i: usize = 0; i < this.bytes; i += 16)
        v128.store(this.oldMinimum + i, f32x4.pmin(v128.load(this.oldMinimum + i), v128.load(from + i)));
    }
  }

  /** Adds the frame `back` turns ago to the mean of every bin in which it is a pause. */
  private findPauses(powers: BandFrames, back: i32): void {
    powers.mean(back - 2, back + 2, this.mean, this.bytes);
    smoothBins(this.mean, this.smooth, this.bins, 1);
    const power = powers.at(back);
    const one = f32x4.splat(1);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const most = f32x4.mul(v128.load(this.floor + i), f32x4.splat(PAUSE_RATIO));
      const pause = f32x4.lt(v128.load(this.smooth + i), most);
      v128.store(this.sum + i, f32x4.add(v128.load(this.sum + i), v128.and(pause, v128.load(power + i))));
      v128.store(this.count + i, f32x4.add(v128.load(this.count + i), v128.and(pause, one)));
      v128.store(this.mean + i, v128.and(pause, one));
    }
    this.evidence.hear(this.mean);
    if (++this.pauseFrames == PAUSE_FRAMES) this.turnPauses();
  }

  private turnPauses(): void {
    this.pauseFrames = 0;
    this.sums.turn();
    this.counts.turn();
    memory.copy(this.sums.at(0), this.sum, this.bytes);
    memory.copy(this.counts.at(0), this.count, this.bytes);
    this.fill(this.sum, 0);
    this.fill(this.count, 0);
    // The mean of all, times their number: added up anew each time, so that nothing is left of what was loud.
    this.sums.mean(0, MEANS - 1, this.oldSum, this.bytes);
    this.counts.mean(0, MEANS - 1, this.oldCount, this.bytes);
  }

  /** Writes the noise power times `scale`. */
  estimate(to: usize, scale: f32): void {
    const all = f32x4.splat(<f32>MEANS);
    const prior = f32x4.splat(PRIOR_FRAMES);
    const factor = f32x4.splat(scale);
    const trust = this.evidence.trust;
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const sum = f32x4.add(v128.load(this.sum + i), f32x4.mul(v128.load(this.oldSum + i), all));
      const count = f32x4.add(v128.load(this.count + i), f32x4.mul(v128.load(this.oldCount + i), all));
      const total = f32x4.add(sum, f32x4.mul(v128.load(this.floor + i), prior));
      const mean = f32x4.pmin(
        f32x4.div(total, f32x4.add(count, prior)),
        f32x4.mul(v128.load(this.floor + i), f32x4.splat(MOST_OVER_FLOOR)),
      );
      v128.store(to + i, f32x4.pmax(f32x4.mul(f32x4.mul(mean, factor), v128.load(trust + i)), f32x4.splat(LEAST)));
    }
  }
}
