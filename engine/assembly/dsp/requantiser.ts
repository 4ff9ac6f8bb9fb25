import { Random } from "./random";

/** Most taps of a noise-shaping filter. */
export const SHAPING_TAPS: i32 = 9;

/**
 * Rounds one channel to a grid with triangular noise of two steps, the rounding error fed back through a filter. The sound steers the
 * seed, so that equal requantisers on different sounds do not add up their noise.
 */
export class Requantiser {
  private readonly noise: Random = new Random(0);
  /** The last errors in steps, newest first. */
  private readonly errors: StaticArray<f64> = new StaticArray<f64>(SHAPING_TAPS);
  /** Samples in a row that lay on the grid. */
  private onGrid: i32 = 0;

  /** `restFrames` on the grid make it let the sound pass; at first it does. */
  constructor(
    private readonly seed: u64,
    private readonly restFrames: i32,
  ) {
    this.reset();
  }

  reset(): void {
    this.noise.seed(this.seed);
    this.onGrid = this.restFrames;
    this.errors.fill(0);
  }

  /** In place over f32 samples eight bytes apart; `steps` of the grid make 1. No `taps` = white noise. */
  process(at: usize, frames: i32, steps: f64, taps: StaticArray<f64> | null): void {
    const end = at + ((<usize>frames) << 3);
    for (; at < end; at += 8) {
      const x = load<f32>(at);
      const scaled = <f64>x * steps;
      this.onGrid = scaled == nearest(scaled) ? min(this.onGrid + 1, this.restFrames) : 0;
      if (this.onGrid == this.restFrames) {
        if (taps) this.errors.fill(0);
        continue;
      }
      const wanted = taps ? scaled - this.fedBack(taps) : scaled;
      const rounded = nearest(wanted + this.noise.triangular(reinterpret<u32>(x)));
      if (taps) this.errors[0] = rounded - wanted;
      store<f32>(at, <f32>(rounded / steps));
    }
  }

  /** What the filter makes of the last errors; makes room for the next. */
  private fedBack(taps: StaticArray<f64>): f64 {
    let sum: f64 = 0;
    for (let i = SHAPING_TAPS - 1; i >= 0; --i) {
      sum += taps[i] * this.errors[i];
      if (i > 0) this.errors[i] = this.errors[i - 1];
    }
    return sum;
  }
}
