import { allocate } from "../abi/memory";
import * as Param from "../generated/equalizer-params";
import { alivePair } from "./alive-pair";
import { isMidSide, laneMask, lanesOf, toLeftRight, toMidSide } from "./band-lanes";
import { FLUSH_FRAMES } from "./filter-cascade";

const PLANE: usize = FLUSH_FRAMES << 3;
const PLANES: i32 = 6;

/** Coefficients of a band for every frame of a piece, which all channel pairs share. */
export class BandCoefficients {
  /** Planes of f64: three of the integrators, then what band, low and input contribute. */
  readonly planes: usize = allocate(PLANES * <i32>PLANE);

  /**
   * For each frame: `roots` (f32) holds the square root of the gain, `turns` (f64) tan(pi f / rate), `dampings` (f64) 1 / q. Two
   * frames at a time; reads up to one behind the end.
   */
  fill(kind: i32, roots: usize, turns: usize, dampings: usize, frames: i32): void {
    const one = f64x2.splat(1);
    for (let i: usize = 0; i < (<usize>frames) << 3; i += 16) {
      const root = f64x2.promote_low_f32x4(v128.load64_zero(roots + (i >> 1)));
      const square = f64x2.mul(root, root);
      let g = v128.load(turns + i);
      let k = v128.load(dampings + i);
      let ofBand = f64x2.mul(k, f64x2.sub(root, one));
      let ofLow = f64x2.sub(square, one);
      let ofInput = one;
      if (kind == Param.KIND_BELL) {
        k = f64x2.div(k, root);
        ofBand = f64x2.mul(k, f64x2.sub(square, one));
        ofLow = f64x2.splat(0);
      } else if (kind == Param.KIND_LOW_SHELF) g = f64x2.div(g, f64x2.sqrt(root));
      else {
        g = f64x2.mul(g, f64x2.sqrt(root));
        ofBand = f64x2.mul(ofBand, f64x2.neg(root));
        ofLow = f64x2.neg(ofLow);
        ofInput = square;
      }
      const a1 = f64x2.div(one, f64x2.add(one, f64x2.mul(g, f64x2.add(g, k))));
      const to = this.planes + i;
      v128.store(to, a1);
      v128.store(to, f64x2.mul(g, a1), PLANE);
      v128.store(to, f64x2.mul(f64x2.mul(g, g), a1), 2 * PLANE);
      v128.store(to, ofBand, 3 * PLANE);
      v128.store(to, ofLow, 4 * PLANE);
      v128.store(to, ofInput, 5 * PLANE);
    }
  }
}

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

  /** Filters at most FLUSH_FRAMES frames in place. */
  process(coefficients: BandCoefficients, channels: i32, io: usize, frames: i32): void {
    const midSide = isMidSide(channels);
    const mask = laneMask(lanesOf(channels));
    const planes = coefficients.planes;
    let first = this.first;
    let second = this.second;
    for (let i: usize = 0; i < (<usize>frames) << 3; i += 8) {
      const at = planes + i;
      const a2 = v128.load64_splat(at, PLANE);
      const source = f64x2.promote_low_f32x4(v128.load64_zero(io + i));
      const x = midSide ? toMidSide(source) : source;
      const rest = f64x2.sub(x, second);
      const band = f64x2.add(f64x2.mul(v128.load64_splat(at), first), f64x2.mul(a2, rest));
      const moved = f64x2.add(f64x2.mul(a2, first), f64x2.mul(v128.load64_splat(at, 2 * PLANE), rest));
      const low = f64x2.add(second, moved);
      first = f64x2.sub(f64x2.add(band, band), first);
      second = f64x2.sub(f64x2.add(low, low), second);
      const ofBand = f64x2.mul(v128.load64_splat(at, 3 * PLANE), band);
      const added = f64x2.add(ofBand, f64x2.mul(v128.load64_splat(at, 4 * PLANE), low));
      const whole = f64x2.add(f64x2.mul(v128.load64_splat(at, 5 * PLANE), x), added);
      const y = v128.bitselect(whole, x, mask);
      v128.store64_lane(io + i, f32x4.demote_f64x2_zero(midSide ? toLeftRight(y) : y), 0);
    }
    this.first = first;
    this.second = second;
  }
}
