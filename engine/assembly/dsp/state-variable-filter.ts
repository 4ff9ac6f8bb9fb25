import { PI, tan } from "./math";

/** No corner lies beyond this share of the sample rate. */
const HIGHEST_SHARE: f64 = 0.49;
const NOTHING: f64 = 1e-20;

/**
 * Second-order filter on two f64 lanes that gives low-pass, band-pass and high-pass at once and stays quiet while its frequency
 * moves. Trapezoidal integrators: Simper, Solving the continuous SVF equations, 2013.
 */
export class StateVariableFilter {
  /** Outputs of the last frame; `band` times `damping` has a gain of 1 in its middle. */
  low: v128 = f64x2.splat(0);
  band: v128 = f64x2.splat(0);
  high: v128 = f64x2.splat(0);
  damping: v128 = f64x2.splat(1);
  private first: v128 = f64x2.splat(0);
  private second: v128 = f64x2.splat(0);
  private a1: v128 = f64x2.splat(0);
  private a2: v128 = f64x2.splat(0);
  private a3: v128 = f64x2.splat(0);

  /** `q` 0.7071 is Butterworth. */
  set(frequencyHz: f64, q: f64, sampleRate: f64): void {
    const g = tan(PI * min<f64>(frequencyHz / sampleRate, HIGHEST_SHARE));
    const a1 = 1 / (1 + g * (g + 1 / q));
    this.damping = f64x2.splat(1 / q);
    this.a1 = f64x2.splat(a1);
    this.a2 = f64x2.splat(g * a1);
    this.a3 = f64x2.splat(g * g * a1);
  }

  reset(): void {
    this.first = f64x2.splat(0);
    this.second = f64x2.splat(0);
  }

  takeState(other: StateVariableFilter): void {
    this.first = other.first;
    this.second = other.second;
  }

  /** Takes one frame. */
  next(x: v128): void {
    const first = this.first;
    const second = this.second;
    const rest = f64x2.sub(x, second);
    const band = f64x2.add(f64x2.mul(this.a1, first), f64x2.mul(this.a2, rest));
    const low = f64x2.add(second, f64x2.add(f64x2.mul(this.a2, first), f64x2.mul(this.a3, rest)));
    this.first = f64x2.sub(f64x2.add(band, band), first);
    this.second = f64x2.sub(f64x2.add(low, low), second);
    this.low = low;
    this.band = band;
    this.high = f64x2.sub(f64x2.sub(x, f64x2.mul(this.damping, band)), low);
  }

  /** Clears states too small to be heard: wasm cannot flush subnormals by itself. */
  settle(): void {
    this.first = alive(this.first);
    this.second = alive(this.second);
  }
}

function alive(state: v128): v128 {
  return v128.and(state, f64x2.gt(f64x2.abs(state), f64x2.splat(NOTHING)));
}
