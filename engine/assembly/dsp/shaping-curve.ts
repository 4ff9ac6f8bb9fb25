import { allocate } from "../abi/memory";
import { exp } from "./math";

export const CURVE_TANH: i32 = 0;
export const CURVE_SOFT: i32 = 1;
export const CURVE_TAPE: i32 = 2;

/** The table counts in segments: 32 of them make 1 of the curve's own unit. */
export const SEGMENTS_PER_UNIT: f64 = 32;
const LAST_SEGMENT: i32 = 1024;
const WIDTH: f64 = 1 / SEGMENTS_PER_UNIT;
// A segment in memory: the six coefficients over 0..1 of the second integral of the cubic, f64 each.
const SEGMENT_BYTES: usize = 48;
/** A number this large has its whole part in the lowest bits. */
const WHOLE: f64 = 4503599627370496;

const curves: ShapingCurve[] = [];

/** Gives one of the curves; one table for all who ask. Allocates on first use. */
export function shapingCurve(kind: i32): ShapingCurve {
  while (curves.length <= kind) curves.push(new ShapingCurve(curves.length));
  return curves[kind];
}

/** tanh(x), x >= 0. */
function hyperbolicTangent(x: f64): f64 {
  return 1 - 2 / (exp(2 * x) + 1);
}

/** coth(y) - 1/y: how magnetic tape saturates. */
function langevin(y: f64): f64 {
  if (y < 0.05) return y * (1.0 / 3 - y * y * (1.0 / 45 - (y * y * 2) / 945));
  return 1 / hyperbolicTangent(y) - 1 / y;
}

function langevinSlope(y: f64): f64 {
  if (y < 0.05) return 1.0 / 3 - y * y * (1.0 / 15 - (y * y * 2) / 189);
  const coth = 1 / hyperbolicTangent(y);
  return 1 / (y * y) - (coth * coth - 1);
}

/**
 * An odd curve of slope 1 at 0 that saturates at 1, as a cubic spline of which the integrals are exact: what antiderivative
 * anti-aliasing needs. Beyond 32 it is constant.
 */
export class ShapingCurve {
  readonly segments: usize;

  constructor(private readonly kind: i32) {
    this.segments = allocate((LAST_SEGMENT + 1) * <i32>SEGMENT_BYTES);
    for (let i = 0; i <= LAST_SEGMENT; ++i) {
      const at = this.segments + <usize>i * SEGMENT_BYTES;
      this.layCubic(at, <f64>i * WIDTH, i == LAST_SEGMENT);
      if (i < LAST_SEGMENT) goOn(at, at + SEGMENT_BYTES);
    }
  }

  /** Hermite's cubic through values and slopes at both ends. */
  private layCubic(at: usize, start: f64, last: bool): void {
    const value = this.exact(start);
    store<f64>(at, value / 2, 16);
    if (last) return;
    const next = this.exact(start + WIDTH);
    const slope = this.slope(start) * WIDTH;
    const nextSlope = this.slope(start + WIDTH) * WIDTH;
    store<f64>(at, slope / 6, 24);
    store<f64>(at, (3 * (next - value) - 2 * slope - nextSlope) / 12, 32);
    store<f64>(at, (2 * (value - next) + slope + nextSlope) / 20, 40);
  }

  private exact(x: f64): f64 {
    if (this.kind == CURVE_TANH) return hyperbolicTangent(x);
    if (this.kind == CURVE_TAPE) return langevin(3 * x);
    return x < 1.5 ? x - (4.0 / 27) * x * x * x : 1;
  }

  private slope(x: f64): f64 {
    if (this.kind == CURVE_TAPE) return 3 * langevinSlope(3 * x);
    const tanh = hyperbolicTangent(x);
    if (this.kind == CURVE_TANH) return 1 - tanh * tanh;
    return x < 1.5 ? 1 - (4.0 / 9) * x * x : 0;
  }

  value(x: f64): f64 {
    bend(this.segments, f64x2.splat(x * SEGMENTS_PER_UNIT));
    return f64x2.extract_lane(value, 0);
  }
}

/** The integrals at the end of one segment are those at the start of the next. */
function goOn(at: usize, to: usize): void {
  const a2 = load<f64>(at, 16);
  const a3 = load<f64>(at, 24);
  const a4 = load<f64>(at, 32);
  const a5 = load<f64>(at, 40);
  store<f64>(to, load<f64>(at) + load<f64>(at, 8) + a2 + a3 + a4 + a5);
  store<f64>(to, load<f64>(at, 8) + 2 * a2 + 3 * a3 + 4 * a4 + 5 * a5, 8);
}

/** f and its two derivatives at two places, by the last call of `bend`. */
export let value: v128 = f64x2.splat(0);
export let slope: v128 = f64x2.splat(0);
export let curvature: v128 = f64x2.splat(0);
/** First and second integral of f from 0 to two places, by the last call of `integrate`. */
export let integral: v128 = f64x2.splat(0);
export let secondIntegral: v128 = f64x2.splat(0);

/** The numbers of the segments of two places, in the lowest bits: a border may count to either side. */
function segmentNumbers(magnitude: v128): v128 {
  const middle = f64x2.pmax(f64x2.sub(magnitude, f64x2.splat(0.5)), f64x2.splat(0));
  return f64x2.add(f64x2.pmin(middle, f64x2.splat(LAST_SEGMENT)), f64x2.splat(WHOLE));
}

function leftSegment(segments: usize, numbers: v128): usize {
  return segments + <usize>i32x4.extract_lane(numbers, 0) * SEGMENT_BYTES;
}

function rightSegment(segments: usize, numbers: v128): usize {
  return segments + <usize>i32x4.extract_lane(numbers, 2) * SEGMENT_BYTES;
}

function withSignOf(x: v128, magnitude: v128): v128 {
  return v128.xor(magnitude, v128.and(x, f64x2.splat(-0.0)));
}

/** Sets `value`, `slope` and `curvature` at two places counted in segments. */
export function bend(segments: usize, x: v128): void {
  const magnitude = f64x2.abs(x);
  const numbers = segmentNumbers(magnitude);
  const s = f64x2.sub(magnitude, f64x2.sub(numbers, f64x2.splat(WHOLE)));
  const left = leftSegment(segments, numbers);
  const right = rightSegment(segments, numbers);
  const left23 = v128.load(left, 16);
  const left45 = v128.load(left, 32);
  const right23 = v128.load(right, 16);
  const right45 = v128.load(right, 32);
  const a2 = v128.shuffle<f64>(left23, right23, 0, 2);
  const a3 = f64x2.mul(v128.shuffle<f64>(left23, right23, 1, 3), f64x2.splat(3));
  const a4 = f64x2.mul(v128.shuffle<f64>(left45, right45, 0, 2), f64x2.splat(6));
  const a5 = f64x2.mul(f64x2.mul(v128.shuffle<f64>(left45, right45, 1, 3), f64x2.splat(10)), s);
  const half = f64x2.add(a2, f64x2.mul(s, f64x2.add(a3, f64x2.mul(s, f64x2.add(a4, a5)))));
  value = withSignOf(x, f64x2.add(half, half));
  const turn = f64x2.add(f64x2.add(a4, a5), f64x2.add(a5, a5));
  const halfSlope = f64x2.add(a3, f64x2.mul(s, f64x2.add(f64x2.add(a4, a5), turn)));
  slope = f64x2.add(halfSlope, halfSlope);
  curvature = withSignOf(x, f64x2.mul(turn, f64x2.splat(4)));
}

/** Sets `integral` and `secondIntegral` at two places counted in segments. */
export function integrate(segments: usize, x: v128): void {
  const magnitude = f64x2.abs(x);
  const numbers = segmentNumbers(magnitude);
  const s = f64x2.sub(magnitude, f64x2.sub(numbers, f64x2.splat(WHOLE)));
  const left = leftSegment(segments, numbers);
  const right = rightSegment(segments, numbers);
  const left01 = v128.load(left);
  const left23 = v128.load(left, 16);
  const left45 = v128.load(left, 32);
  const right01 = v128.load(right);
  const right23 = v128.load(right, 16);
  const right45 = v128.load(right, 32);
  // Horner's rule for the polynomial and its derivative at once.
  let second = v128.shuffle<f64>(left45, right45, 1, 3);
  let first = second;
  second = f64x2.add(v128.shuffle<f64>(left45, right45, 0, 2), f64x2.mul(second, s));
  first = f64x2.add(second, f64x2.mul(first, s));
  second = f64x2.add(v128.shuffle<f64>(left23, right23, 1, 3), f64x2.mul(second, s));
  first = f64x2.add(second, f64x2.mul(first, s));
  second = f64x2.add(v128.shuffle<f64>(left23, right23, 0, 2), f64x2.mul(second, s));
  first = f64x2.add(second, f64x2.mul(first, s));
  second = f64x2.add(v128.shuffle<f64>(left01, right01, 1, 3), f64x2.mul(second, s));
  integral = f64x2.add(second, f64x2.mul(first, s));
  second = f64x2.add(v128.shuffle<f64>(left01, right01, 0, 2), f64x2.mul(second, s));
  secondIntegral = withSignOf(x, second);
}
