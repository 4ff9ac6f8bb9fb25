import { allocateBands, BandFrames, bandBytes, smoothBins } from "./band-frames";
import { NoiseFloor } from "./noise-floor";

/** Frames by which the gains come after the newest frame, so that the noise floor sees about as much of what comes as of what was. */
export const GAIN_LAG: i32 = 60;
/** Frames of power that are kept: up to four older than the one whose gain is made. */
const POWER_FRAMES: i32 = GAIN_LAG + 6;
/** Frames on each side over which the power is averaged before it is compared with the noise. */
const REACH: i32 = 3;
/** Noise that is taken away in the first pass: its mean, and as much again for its fluctuation. */
const OVER: f32 = 2;
/** Weight of the last frame's speech in the decision-directed estimate. */
const INERTIA: f32 = 0.96;
const MOST_RATIO: f32 = 1e6;

/**
 * Gains of one channel, from 0 to 1 per bin and frame: the mean of two Wiener gains, whose ratios of speech to noise come
 * from the decision-directed estimate (Y. Ephraim and D. Malah, IEEE Trans. ASSP 32(6), 1984) and from a first pass of block
 * attenuation over time and frequency (G. Yu, S. Mallat and E. Bacry, IEEE Trans. Signal Processing 56(5), 2008).
 */
export class NoiseGains {
  /** Bins on each side over which the second estimate is smoothed, 0..4. */
  smoothingBands: i32 = 1;
  /** Factor on the noise power. */
  noiseScale: f32 = 1;
  /** Where the gains of the frame GAIN_LAG turns ago stand. */
  readonly gains: usize;
  private readonly bytes: usize;
  private readonly powers: BandFrames;
  private readonly floor: NoiseFloor;
  private readonly noise: usize;
  private readonly mean: usize;
  private readonly smooth: usize;
  /** Ratio of speech to noise after the first pass: that of the frame whose gain is made stands in the middle. */
  private readonly ratios: BandFrames;
  /** Power of the last frame's speech over the noise. */
  private readonly speech: usize;

  /** Allocates. `size` is that of the transform. */
  constructor(
    private readonly bins: i32,
    size: i32,
  ) {
    this.bytes = bandBytes(bins);
    this.gains = allocateBands(bins);
    this.powers = new BandFrames(bins, POWER_FRAMES);
    this.floor = new NoiseFloor(bins, size);
    this.noise = allocateBands(bins);
    this.mean = allocateBands(bins);
    this.smooth = allocateBands(bins);
    this.ratios = new BandFrames(bins, 3);
    this.speech = allocateBands(bins);
  }

  reset(): void {
    this.powers.reset();
    this.floor.reset();
    this.ratios.reset();
    memory.fill(this.speech, 0, this.bytes);
  }

  /** Where the power of the frame `back` turns ago stands, at most GAIN_LAG. */
  powerAt(back: i32): usize {
    return this.powers.at(back);
  }

  /** Hears the newest spectrum and makes the gains of the one GAIN_LAG turns before. */
  turn(re: usize, im: usize): void {
    this.takePower(re, im);
    this.floor.hear(this.powers);
    this.floor.estimate(this.noise, this.noiseScale);
    this.makeRatios();
    this.makeGains();
  }

  private takePower(re: usize, im: usize): void {
    this.powers.turn();
    const power = this.powers.at(0);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const real = v128.load(re + i);
      const imaginary = v128.load(im + i);
      v128.store(power + i, f32x4.add(f32x4.mul(real, real), f32x4.mul(imaginary, imaginary)));
    }
    // What stands behind the last bin is not of this signal.
    memory.fill(power + ((<usize>this.bins) << 2), 0, 12);
  }

  /** First pass, one frame ahead of the gains. */
  private makeRatios(): void {
    const ahead = GAIN_LAG - 1;
    this.ratios.turn();
    const ratios = this.ratios.at(0);
    const power = this.powers.at(ahead);
    this.powers.mean(ahead - REACH, ahead + REACH, this.mean, this.bytes);
    smoothBins(this.mean, this.smooth, this.bins, this.smoothingBands);
    const zero = f32x4.splat(0);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const noise = v128.load(this.noise + i);
      const level = f32x4.pmax(v128.load(this.smooth + i), noise);
      const gain = f32x4.pmax(f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.mul(noise, f32x4.splat(OVER)), level)), zero);
      v128.store(ratios + i, f32x4.mul(f32x4.mul(gain, gain), f32x4.div(v128.load(power + i), noise)));
    }
  }

  private makeGains(): void {
    this.ratios.mean(0, 2, this.mean, this.bytes);
    smoothBins(this.mean, this.smooth, this.bins, this.smoothingBands);
    const power = this.powers.at(GAIN_LAG);
    const one = f32x4.splat(1);
    const half = f32x4.splat(0.5);
    const zero = f32x4.splat(0);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const block = v128.load(this.smooth + i);
      const ratio = f32x4.pmin(f32x4.div(v128.load(power + i), v128.load(this.noise + i)), f32x4.splat(MOST_RATIO));
      const fresh = f32x4.mul(f32x4.pmax(f32x4.sub(ratio, one), zero), f32x4.splat(1 - INERTIA));
      const speech = f32x4.add(f32x4.mul(v128.load(this.speech + i), f32x4.splat(INERTIA)), fresh);
      const directed = f32x4.div(speech, f32x4.add(one, speech));
      v128.store(this.speech + i, f32x4.mul(f32x4.mul(directed, directed), ratio));
      const limited = f32x4.pmin(block, f32x4.splat(MOST_RATIO));
      const smoothed = f32x4.div(limited, f32x4.add(one, limited));
      v128.store(this.gains + i, f32x4.mul(f32x4.add(directed, smoothed), half));
    }
  }
}
