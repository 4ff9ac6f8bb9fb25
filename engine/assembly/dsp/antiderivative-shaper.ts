import { bend, curvature, integral, integrate, SEGMENTS_PER_UNIT, secondIntegral, slope, value } from "./shaping-curve";

/** The shaper is late by this many of its outgoing frames. */
export const SHAPER_DELAY: i32 = 2;
/** Over shorter steps three terms of Taylor's series do (error below 1e-9). */
const SHORT: f64 = 0.01 * SEGMENTS_PER_UNIT;
/** Over still shorter ones the antiderivatives would lose their digits. */
const TINY: f64 = 0.0005 * SEGMENTS_PER_UNIT;
/** Far beyond where the curves are flat, and near enough for the digits of the antiderivatives. */
const MOST: f64 = 128 * SEGMENTS_PER_UNIT;

/**
 * Sends one pair through a curve as if it were continuous: on straight lines from frame to frame the exact mean of the curve under a
 * triangle, two for every frame. Second-order antiderivative anti-aliasing; Parker, Zavalishin and Le Bivic, DAFx 2016; Bilbao et
 * al., IEEE SPL 24(7), 2017.
 */
export class AntiderivativeShaper {
  private last: v128 = f64x2.splat(0);
  /** Mean of the last line under the rising half of the triangle. */
  private risen: v128 = f64x2.splat(0);

  reset(): void {
    this.last = f64x2.splat(0);
    this.risen = f64x2.splat(0);
  }

  /** Goes on where another stands; what the first frame lacks of another curve is faded over. */
  startFrom(other: AntiderivativeShaper): void {
    this.last = other.last;
    this.risen = other.risen;
  }

  /** Writes twice as many frames. */
  process(segments: usize, from: usize, to: usize, frames: i32): void {
    const most = f64x2.splat(MOST);
    let last = this.last;
    let risen = this.risen;
    // Integral and moment of `last` are known.
    let known = false;
    for (const end = from + ((<usize>frames) << 3); from < end; from += 8, to += 16) {
      const loud = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(from)), f64x2.splat(SEGMENTS_PER_UNIT));
      const x = f64x2.pmax(f64x2.pmin(loud, most), f64x2.neg(most));
      const step = f64x2.mul(f64x2.sub(x, last), f64x2.splat(0.5));
      const middle = f64x2.add(last, step);
      const length = f64x2.abs(step);
      if (i64x2.all_true(f64x2.lt(length, f64x2.splat(SHORT)))) {
        known = false;
        meanOfShort(segments, last, step);
        risen = leave(to, risen);
        meanOfShort(segments, middle, step);
      } else {
        if (!known) integrate(segments, last);
        known = true;
        const isTiny = f64x2.lt(length, f64x2.splat(TINY));
        const inverse = f64x2.div(f64x2.splat(1), step);
        meanOfLong(segments, middle, inverse);
        if (v128.any_true(isTiny)) mendTiny(segments, last, step, isTiny);
        risen = leave(to, risen);
        meanOfLong(segments, x, inverse);
        if (v128.any_true(isTiny)) mendTiny(segments, middle, step, isTiny);
      }
      risen = leave(to + 8, risen);
      last = x;
    }
    this.last = last;
    this.risen = risen;
  }
}

/** Means over one line: the plain one, and that under the rising half of the triangle. */
let whole: v128 = f64x2.splat(0);
let rising: v128 = f64x2.splat(0);

/** From the antiderivatives; those where the line begins are the ones last computed, those of its end come next. */
function meanOfLong(segments: usize, end: v128, inverse: v128): void {
  const integralBefore = integral;
  const secondBefore = secondIntegral;
  integrate(segments, end);
  whole = f64x2.mul(f64x2.sub(integral, integralBefore), inverse);
  const mean = f64x2.mul(f64x2.sub(secondIntegral, secondBefore), inverse);
  rising = f64x2.mul(f64x2.sub(integral, mean), inverse);
}

function meanOfShort(segments: usize, from: v128, step: v128): void {
  bend(segments, f64x2.add(from, f64x2.mul(step, f64x2.splat(0.5))));
  whole = f64x2.add(value, f64x2.mul(f64x2.mul(curvature, f64x2.splat(1.0 / 24)), f64x2.mul(step, step)));
  const rise = f64x2.add(whole, f64x2.mul(f64x2.mul(slope, f64x2.splat(1.0 / 6)), step));
  rising = f64x2.mul(rise, f64x2.splat(0.5));
}

/** Takes the short line's means in the lanes where the line is tiny. */
function mendTiny(segments: usize, from: v128, step: v128, isTiny: v128): void {
  const longWhole = whole;
  const longRising = rising;
  meanOfShort(segments, from, step);
  whole = v128.bitselect(whole, longWhole, isTiny);
  rising = v128.bitselect(rising, longRising, isTiny);
}

/** Writes one frame: the rising half before it and the falling half behind. */
function leave(to: usize, risen: v128): v128 {
  v128.store64_lane(to, f32x4.demote_f64x2_zero(f64x2.add(risen, f64x2.sub(whole, rising))), 0);
  return rising;
}
