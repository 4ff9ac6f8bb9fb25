import { PI, tan } from "./math";

const DAMPING: f64 = 1.4142135623730951;
/** No corner lies beyond this share of the sample rate. */
const HIGHEST_SHARE: f64 = 0.45;
const NOTHING: f64 = 1e-20;

/**
 * High shelf of one channel pair whose gain may move with every frame; at a gain of 1 it passes every bit. Simper, Solving the
 * continuous SVF equations, 2013.
 */
export class DynamicShelf {
  private turn: f64 = 0;
  private first: v128 = f64x2.splat(0);
  private second: v128 = f64x2.splat(0);

  /** `frequencyHz` is where half of the gain (in dB) is reached. */
  setFrequency(frequencyHz: f64, sampleRate: f64): void {
    this.turn = tan(PI * min<f64>(frequencyHz / sampleRate, HIGHEST_SHARE));
  }

  reset(): void {
    this.first = f64x2.splat(0);
    this.second = f64x2.splat(0);
  }

  /** Filters in place; `roots` holds the square root of the shelf's gain for each frame (f32). */
  process(io: usize, roots: usize, frames: i32): void {
    let first = this.first;
    let second = this.second;
    for (let i: usize = 0; i < <usize>frames; ++i) {
      const at = io + (i << 3);
      const root = <f64>load<f32>(roots + (i << 2));
      const g = this.turn * sqrt(root);
      const a1 = 1 / (1 + g * (g + DAMPING));
      const a2 = f64x2.splat(g * a1);
      const x = f64x2.promote_low_f32x4(v128.load64_zero(at));
      const rest = f64x2.sub(x, second);
      const band = f64x2.add(f64x2.mul(f64x2.splat(a1), first), f64x2.mul(a2, rest));
      const low = f64x2.add(second, f64x2.add(f64x2.mul(a2, first), f64x2.mul(f64x2.splat(g * g * a1), rest)));
      first = f64x2.sub(f64x2.add(band, band), first);
      second = f64x2.sub(f64x2.add(low, low), second);
      const high = f64x2.mul(f64x2.splat(root * root), x);
      const middle = f64x2.mul(f64x2.splat(DAMPING * (1 - root) * root), band);
      const y = f64x2.add(f64x2.add(high, middle), f64x2.mul(f64x2.splat(1 - root * root), low));
      v128.store64_lane(at, f32x4.demote_f64x2_zero(y), 0);
    }
    this.first = first;
    this.second = second;
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
