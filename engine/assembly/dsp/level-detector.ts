import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { RunningMean } from "./decoupled-envelope";
import { KeyFilter } from "./key-filter";
import { absoluteLevels } from "./levels";
import { MomentaryLevel } from "./momentary-level";

/** What a level is taken from: the largest magnitude of all channels, its running mean square, or the momentary loudness. */
export const PEAK: i32 = 0;
export const RMS: i32 = 1;
export const LOUDNESS: i32 = 2;

/** Room in front of and behind a buffer of levels, which work in groups of four needs. */
const MARGIN: i32 = 16;

/** Gives a buffer of f32 for MAX_FRAMES frames, with room on both sides for groups of four. */
export function frameBuffer(): usize {
  return allocate((MAX_FRAMES << 2) + MARGIN + MARGIN) + MARGIN;
}

/** One level for all channels of a signal, frame by frame. */
export class LevelDetector {
  readonly filter: KeyFilter = new KeyFilter();
  private readonly mean: RunningMean = new RunningMean();
  private momentary: MomentaryLevel = new MomentaryLevel(48000, 0);
  private sampleRate: f64 = 48000;
  private peaks: usize = 0;
  private squares: usize = 0;
  private loudness: usize = 0;
  private kind: i32 = PEAK;
  /** Each is or was asked for since the last reset, and must not miss a frame. */
  private meansSquares: bool = false;
  private weighs: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.peaks = frameBuffer();
    this.squares = frameBuffer();
    this.loudness = frameBuffer();
    this.filter.prepare(sampleRate);
    this.momentary = new MomentaryLevel(sampleRate, channels);
  }

  /** Time constant of the mean of squares. */
  setMeanTime(ms: f64): void {
    this.mean.setTime(ms, this.sampleRate);
  }

  /** From now on `kind` may be asked for. */
  use(kind: i32): void {
    this.kind = kind;
    this.meansSquares = this.meansSquares || kind == RMS;
    this.weighs = this.weighs || kind == LOUDNESS;
  }

  reset(): void {
    this.filter.reset();
    this.mean.reset();
    this.momentary.reset();
    this.meansSquares = this.kind == RMS;
    this.weighs = this.kind == LOUDNESS;
  }

  listen(key: usize, keyPairs: i32, frames: i32): void {
    const heard = this.filter.process(key, keyPairs, frames);
    absoluteLevels(heard, keyPairs, frames, this.peaks);
    if (this.meansSquares) {
      square(this.peaks, this.squares, frames);
      this.mean.process(this.squares, frames);
    }
    if (this.weighs) this.momentary.process(heard, keyPairs, frames, this.loudness);
  }

  /** The levels (f32, linear; all but PEAK as mean squares) of the last block. */
  levels(kind: i32): usize {
    return kind == RMS ? this.squares : kind == LOUDNESS ? this.loudness : this.peaks;
  }
}

/** Writes up to three values behind the end. */
function square(from: usize, to: usize, frames: i32): void {
  for (let i: usize = 0; i < (<usize>frames) << 2; i += 16) {
    const value = v128.load(from + i);
    v128.store(to + i, f32x4.mul(value, value));
  }
}
