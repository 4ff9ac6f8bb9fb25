import { allocate } from "../abi/memory";
import { cos, PI } from "./math";

/** Keeps the equations solvable when a sound is nothing but a few tones: -90 dB of white noise. */
const REGULARISATION: f64 = 1e-9;

/** All-pole model of a stretch of sound by the autocorrelation method (Levinson and Durbin), f64. */
export class LinearPrediction {
  /** 1, a1 .. ap: the sound is predicted as the sum of -a[k] x[n - k]. */
  readonly coefficients: StaticArray<f64>;
  /** Sums of a[i] a[i + lag], lags 0..p. */
  readonly products: StaticArray<f64>;
  private readonly correlation: StaticArray<f64>;
  private readonly scratch: StaticArray<f64>;
  private readonly window: usize;
  private readonly windowed: usize;

  /** Allocates for stretches of `frames` samples. */
  constructor(
    readonly order: i32,
    private readonly frames: i32,
  ) {
    this.coefficients = new StaticArray<f64>(order + 1);
    this.products = new StaticArray<f64>(order + 1);
    this.correlation = new StaticArray<f64>(order + 1);
    this.scratch = new StaticArray<f64>(order + 1);
    this.window = allocate(frames << 3);
    // Zeros behind the end let every lag run over the whole.
    this.windowed = allocate((frames + order + 8) << 3);
    for (let i = 0; i < frames; ++i)
      store<f64>(this.window + ((<usize>i) << 3), 0.5 - 0.5 * cos((2 * PI * (<f64>i + 0.5)) / <f64>frames));
  }

  /** Models `frames` f32 samples; false when they are silent. */
  model(samples: usize): bool {
    for (let i: usize = 0; i < <usize>this.frames; ++i)
      store<f64>(this.windowed + (i << 3), <f64>load<f32>(samples + (i << 2)) * load<f64>(this.window + (i << 3)));
    this.correlate();
    if (!(this.correlation[0] > 1e-18)) return false;
    this.correlation[0] *= 1 + REGULARISATION;
    this.solve();
    for (let lag = 0; lag <= this.order; ++lag) {
      let sum: f64 = 0;
      for (let i = 0; i + lag <= this.order; ++i) sum += this.coefficients[i] * this.coefficients[i + lag];
      this.products[lag] = sum;
    }
    return true;
  }

  /** Four lags at a time, two samples in the lanes. */
  private correlate(): void {
    const end = this.windowed + ((<usize>this.frames) << 3);
    for (let lag = 0; lag <= this.order; lag += 4) {
      const shift = (<usize>lag) << 3;
      let first = f64x2.splat(0);
      let second = f64x2.splat(0);
      let third = f64x2.splat(0);
      let fourth = f64x2.splat(0);
      for (let at = this.windowed; at < end; at += 16) {
        const x = v128.load(at);
        first = f64x2.add(first, f64x2.mul(x, v128.load(at + shift)));
        second = f64x2.add(second, f64x2.mul(x, v128.load(at + shift, 8)));
        third = f64x2.add(third, f64x2.mul(x, v128.load(at + shift, 16)));
        fourth = f64x2.add(fourth, f64x2.mul(x, v128.load(at + shift, 24)));
      }
      this.keep(lag, first);
      this.keep(lag + 1, second);
      this.keep(lag + 2, third);
      this.keep(lag + 3, fourth);
    }
  }

  private keep(lag: i32, sums: v128): void {
    if (lag <= this.order) this.correlation[lag] = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  }

  private solve(): void {
    const a = this.coefficients;
    let error = this.correlation[0];
    a[0] = 1;
    for (let i = 1; i <= this.order; ++i) {
      let sum = this.correlation[i];
      for (let j = 1; j < i; ++j) sum += a[j] * this.correlation[i - j];
      const reflection = -sum / error;
      for (let j = 1; j < i; ++j) this.scratch[j] = a[j] + reflection * a[i - j];
      for (let j = 1; j < i; ++j) a[j] = this.scratch[j];
      a[i] = reflection;
      error *= 1 - reflection * reflection;
    }
  }
}
