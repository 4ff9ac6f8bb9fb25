import * as Param from "../generated/equalizer-params";
import { alivePair } from "./alive-pair";
import { isMidSide, laneMask, lanesOf, toLeftRight, toMidSide } from "./band-lanes";

/**
 * Bell or shelf of one channel pair whose gain, corner and damping may move with every frame; at a gain of 1 it passes every bit.
 * Simper, "Solving the continuous SVF equations using trapezoidal integration", 2013.
 */
export class DynamicBandFilter {
  private first: v128 = f64x2.splat(0);
  private second: v128 = f64x2.splat(0);

  reset(): void {
    this.first = f64x2.splat(0);
    this.second = f64x2.splat(0);
  }

  /** States that have died away become zero. */
  flush(): void {
    this.first = alivePair(this.first);
    this.second = alivePair(this.second);
  }

  /**
   * Filters in place. For each frame: `roots` (f32) holds the square root of the gain, `turns` (f64) tan(pi f / rate), `dampings`
   * (f64) 1 / q.
   */
  process(kind: i32, channels: i32, io: usize, roots: usize, turns: usize, dampings: usize, frames: i32): void {
    const midSide = isMidSide(channels);
    const mask = laneMask(lanesOf(channels));
    let first = this.first;
    let second = this.second;
    for (let i: usize = 0; i < (<usize>frames) << 3; i += 8) {
      const root = <f64>load<f32>(roots + (i >> 1));
      let g = load<f64>(turns + i);
      let k = load<f64>(dampings + i);
      // What band and low contribute, and the input.
      let ofBand = k * (root - 1);
      let ofLow = root * root - 1;
      let ofInput: f64 = 1;
      if (kind == Param.KIND_BELL) {
        k /= root;
        ofBand = k * (root * root - 1);
        ofLow = 0;
      } else if (kind == Param.KIND_LOW_SHELF) g /= sqrt(root);
      else {
        g *= sqrt(root);
        ofBand *= -root;
        ofLow = -ofLow;
        ofInput = root * root;
      }
      const a1 = 1 / (1 + g * (g + k));
      const source = f64x2.promote_low_f32x4(v128.load64_zero(io + i));
      const x = midSide ? toMidSide(source) : source;
      const rest = f64x2.sub(x, second);
      const band = f64x2.add(f64x2.mul(f64x2.splat(a1), first), f64x2.mul(f64x2.splat(g * a1), rest));
      const moved = f64x2.add(f64x2.mul(f64x2.splat(g * a1), first), f64x2.mul(f64x2.splat(g * g * a1), rest));
      const low = f64x2.add(second, moved);
      first = f64x2.sub(f64x2.add(band, band), first);
      second = f64x2.sub(f64x2.add(low, low), second);
      const added = f64x2.add(f64x2.mul(f64x2.splat(ofBand), band), f64x2.mul(f64x2.splat(ofLow), low));
      const y = v128.bitselect(f64x2.add(f64x2.mul(f64x2.splat(ofInput), x), added), x, mask);
      v128.store64_lane(io + i, f32x4.demote_f64x2_zero(midSide ? toLeftRight(y) : y), 0);
    }
    this.first = first;
    this.second = second;
  }
}
