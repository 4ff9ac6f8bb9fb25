import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { MeanSquare } from "./decoupled-envelope";
import { absoluteLevels } from "./levels";

/** What a level is taken from: the largest magnitude of all channels, or its running mean square. */
export const PEAK: i32 = 0;
export const RMS: i32 = 1;

/** Room in front of and behind a buffer of levels, which work in groups of four needs. */
const MARGIN: i32 = 16;

/** Gives a buffer of f32 for MAX_FRAMES frames, with room on both sides for groups of four. */
export function frameBuffer(): usize {
  return allocate((MAX_FRAMES << 2) + MARGIN + MARGIN) + MARGIN;
}

/** One level for all channels of a signal, frame by frame. */
export class LevelDetector {
  private readonly meanSquare: MeanSquare = new MeanSquare();
  private peaks: usize = 0;
  private squares: usize = 0;
  private kind: i32 = PEAK;
  /** The mean of squares is or was asked for since the last reset, and must not miss a frame. */
  private meansSquares: bool = false;

  prepare(sampleRate: f64, meanSquareMs: f64): void {
    this.peaks = frameBuffer();
    this.squares = frameBuffer();
    this.meanSquare.setTime(meanSquareMs, sampleRate);
  }

  /** From now on `kind` may be asked for. */
  use(kind: i32): void {
    this.kind = kind;
    this.meansSquares = this.meansSquares || kind == RMS;
  }

  reset(): void {
    this.meanSquare.reset();
    this.meansSquares = this.kind == RMS;
  }

  listen(key: usize, keyPairs: i32, frames: i32): void {
    absoluteLevels(key, keyPairs, frames, this.peaks);
    if (!this.meansSquares) return;
    memory.copy(this.squares, this.peaks, (<usize>frames) << 2);
    this.meanSquare.process(this.squares, frames);
  }

  /** The levels (f32, linear; RMS as mean squares) of the last block. */
  levels(kind: i32): usize {
    return kind == RMS ? this.squares : this.peaks;
  }
}
