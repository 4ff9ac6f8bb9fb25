// Transcendental functions of the engine: plain IEEE arithmetic only, so that every machine gives the same bits.
// Scalar f64 within about 2 ulp; f32x4 polynomials for gains, where a lane's result depends on that lane alone.

const LOG2_E: f64 = 1.4426950408889634;
const LN_2: f64 = 0.6931471805599453;
// ln 2 and pi/2 cut into parts whose products with small integers are exact (Cody and Waite 1980).
const LN_2_HIGH: f64 = 0.69314718036912381649;
const LN_2_LOW: f64 = 1.90821492927058770002e-10;
const HALF_PI_HIGH: f64 = 1.57079632673412561417;
const HALF_PI_MIDDLE: f64 = 6.0771005063039659766e-11;
const HALF_PI_LOW: f64 = 2.02226624879595063154e-21;
/** pi, nearest f64. */
export const PI: f64 = 3.141592653589793;
/** log2(10) / 20: log2 units in one dB. */
export const LOG2_PER_DB: f64 = 0.16609640474436813;
/** 20 log10(2): dB in one log2 unit. */
export const DB_PER_LOG2: f64 = 6.020599913279624;
/** At and below this level in dB a gain is "off", exactly zero. */
export const OFF_DB: f64 = -120;

/** 2^k for an integer k in -1022..1023. */
function powerOfTwo(k: i32): f64 {
  return reinterpret<f64>((<i64>(k + 1023)) << 52);
}

/** e^r for |r| <= 0.35: Taylor to r^13, remainder under 5e-18. */
function expKernel(r: f64): f64 {
  let p: f64 = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  return 1.0 + (r + r * r * p);
}

/** 2^x; 0 below -1022, infinity above 1023.99. */
export function exp2(x: f64): f64 {
  if (!(x >= -1022)) return x == x ? 0 : x;
  if (x >= 1024) return Infinity;
  const k = nearest(x);
  const half = <i32>k >> 1;
  return expKernel((x - k) * LN_2) * powerOfTwo(half) * powerOfTwo(<i32>k - half);
}

/** e^x; 0 below -708. */
export function exp(x: f64): f64 {
  if (!(x >= -708)) return x == x ? 0 : x;
  if (x > 709.782712893384) return Infinity;
  const k = nearest(x * LOG2_E);
  const half = <i32>k >> 1;
  return expKernel(x - k * LN_2_HIGH - k * LN_2_LOW) * powerOfTwo(half) * powerOfTwo(<i32>k - half);
}

/** ln(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)): 2 artanh(f / (2 + f)), the leading terms taken out so that small f keep their digits. */
function logKernel(f: f64): f64 {
  const s = f / (2.0 + f);
  const z = s * s;
  let p: f64 = 2.0 / 25.0;
  p = p * z + 2.0 / 23.0;
  p = p * z + 2.0 / 21.0;
  p = p * z + 2.0 / 19.0;
  p = p * z + 2.0 / 17.0;
  p = p * z + 2.0 / 15.0;
  p = p * z + 2.0 / 13.0;
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  const halfSquare = 0.5 * f * f;
  return f - (halfSquare - s * (halfSquare + z * p));
}

/** Exponent k of x = 2^k m with m in [sqrt(1/2), sqrt(2)); x normal and positive. */
function exponentOf(x: f64): i32 {
  const bits = reinterpret<i64>(x);
  const k = <i32>(bits >> 52) - 1023;
  return (bits & 0xfffffffffffff) > 0x6a09e667f3bcc ? k + 1 : k;
}

/** Natural logarithm; -infinity at 0 and below the normal numbers, NaN for negatives. */
export function log(x: f64): f64 {
  if (!(x >= f64.MIN_NORMAL_VALUE)) return x >= 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  const k = exponentOf(x);
  const low = logKernel(x * powerOfTwo(-(k >> 1)) * powerOfTwo(-(k - (k >> 1))) - 1.0);
  return <f64>k * LN_2_HIGH + (low + <f64>k * LN_2_LOW);
}

/** Base 2 logarithm; exact for powers of two. */
export function log2(x: f64): f64 {
  if (!(x >= f64.MIN_NORMAL_VALUE)) return x >= 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  const k = exponentOf(x);
  return <f64>k + logKernel(x * powerOfTwo(-(k >> 1)) * powerOfTwo(-(k - (k >> 1))) - 1.0) * LOG2_E;
}

/** x^y for x >= 0; relative error about 1e-16 (1 + |y log2 x|). */
export function pow(x: f64, y: f64): f64 {
  if (y == 0) return 1;
  return x <= 0 ? 0 : exp2(y * log2(x));
}

function sinKernel(x: f64): f64 {
  const z = x * x;
  let p: f64 = 1.0 / 355687428096000.0;
  p = p * z - 1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return x + x * z * p;
}

function cosKernel(x: f64): f64 {
  const z = x * x;
  let p: f64 = 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  return 1.0 - (0.5 * z - z * z * p);
}

/** Sine of `quarter` quarter turns plus x radians, |x| <= pi/4. */
function quarterSine(x: f64, quarter: i32): f64 {
  const value = quarter & 1 ? cosKernel(x) : sinKernel(x);
  return quarter & 2 ? -value : value;
}

/** Sine of x radians, |x| below 1e5 (absolute error 2e-16). */
export function sin(x: f64): f64 {
  const k = nearest(x * (2.0 / PI));
  return quarterSine(x - k * HALF_PI_HIGH - k * HALF_PI_MIDDLE - k * HALF_PI_LOW, <i32>k);
}

/** Cosine of x radians, |x| below 1e5 (absolute error 2e-16). */
export function cos(x: f64): f64 {
  const k = nearest(x * (2.0 / PI));
  return quarterSine(x - k * HALF_PI_HIGH - k * HALF_PI_MIDDLE - k * HALF_PI_LOW, <i32>k + 1);
}

/** Tangent of x radians, |x| below 1e5. */
export function tan(x: f64): f64 {
  return sin(x) / cos(x);
}

/** Linear gain of a level in dB; exactly 1 at 0 dB and exactly 0 at -120 dB ("off") and below. */
export function dbToGain(db: f64): f64 {
  return db <= OFF_DB ? 0 : exp2(db * LOG2_PER_DB);
}

/** Level in dB of a linear gain, not below -120 dB. */
export function gainToDb(gain: f64): f64 {
  return gain <= 1e-6 ? OFF_DB : log2(gain) * DB_PER_LOG2;
}

/** Pole of a one-pole smoother that covers 63 % of a step in `ms`; 0 (at once) for 0 ms. */
export function onePole(ms: f64, sampleRate: f64): f64 {
  return ms <= 0 ? 0 : exp(-1000.0 / (ms * sampleRate));
}

/**
 * log2 of four positive normal f32, error under 2e-7 (1e-6 dB), exactly 0 at 1: the exponent plus the odd minimax series of
 * artanh on m in [0.707, 1.414). Zero and subnormals give about -127.
 */
export function log2x4(x: v128): v128 {
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(bits, 23));
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(0.5957793593406677);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(0.9615883827209473));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.885390520095825));
  return f32x4.add(exponent, f32x4.mul(s, p));
}

/** 2^x of four f32 in -126..126, relative error under 2e-7, exactly 1 at 0; outside the range clamped. */
export function exp2x4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(126)), f32x4.splat(-126));
  const k = f32x4.nearest(clamped);
  const f = f32x4.sub(clamped, k);
  let p = f32x4.splat(0.001326472731307149);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.009671512991189957));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.05550733581185341));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.24022242426872253));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.6931470036506653));
  const fraction = f32x4.add(f32x4.mul(p, f), f32x4.splat(1));
  return i32x4.add(fraction, i32x4.shl(i32x4.trunc_sat_f32x4_s(k), 23));
}
