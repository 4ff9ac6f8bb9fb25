import { besselI0 } from "./kaiser";
import { PI, sin } from "./math";

/**
 * Polyphase resampling by a Kaiser-windowed sinc. J. O. Smith, "Digital Audio Resampling" (bandlimited interpolation), and
 * Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974.
 * All frequencies are parts of the lower of the two rates: flat within 0.01 dB to 0.4535 (20 kHz of 44.1 kHz), -140 dB from 0.5102 (22.5 kHz).
 */
const HALF_PERIODS: f64 = 76;
const KAISER_BETA: f64 = 14.5;
const CUTOFF: f64 = 0.47636;

/** Up to here every phase of the ratio has its own row (44.1 kHz with any rate of the 48 kHz family needs at most 640). */
const EXACT_PHASES: i32 = 1280;
/** Rows per period of the lower rate for other ratios; cubic interpolation between them errs by less than -150 dB. */
const COARSE_PHASES: f64 = 128;

function greatestCommonDivisor(a: i32, b: i32): i32 {
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** The taps of one ratio: one row of `taps` f32 values per phase, made once, shared by all who resample by it. */
export class Resampler {
  /** Output frames per `down` source frames. */
  readonly up: i32;
  readonly down: i32;
  /** Source frames that one output frame looks at, a multiple of 8. */
  readonly taps: i32;
  private readonly phases: i32;
  private readonly exact: bool;
  private readonly rows: usize;
  /** The stretch of source around one output frame where the given source does not cover it. */
  private readonly edge: usize;

  constructor(inRate: i32, outRate: i32) {
    const common = greatestCommonDivisor(inRate, outRate);
    this.up = outRate / common;
    this.down = inRate / common;
    const stretch = max(1.0, <f64>inRate / <f64>outRate);
    this.taps = (<i32>ceil(2 * HALF_PERIODS * stretch) + 7) & ~7;
    this.exact = this.up <= EXACT_PHASES;
    this.phases = this.exact ? this.up : <i32>max(16.0, ceil(COARSE_PHASES / stretch));
    // The cubic needs one row before the first phase and two after the last.
    this.rows = allocateFloats((this.phases + 3) * this.taps);
    this.edge = allocateFloats(this.taps * 2);
    for (let row = 0; row < this.phases + 3; ++row) this.designRow(row, stretch);
  }

  /** First source frame that the output frame at `position` looks at. `position` counts 1 / `up` source frames. */
  firstFrame(position: i64): i64 {
    return this.wholeFrame(position) - this.taps / 2 + 1;
  }

  /** Number of source frames that `frames` output frames from `position` on look at. */
  sourceFrames(position: i64, frames: i32): i32 {
    if (frames <= 0) return 0;
    const last = position + <i64>(frames - 1) * this.down;
    return <i32>(this.firstFrame(last) - this.firstFrame(position)) + this.taps;
  }

  /**
   * Writes `frames` frames of one interleaved pair, the first at `position`. `source` holds the pair's `count` frames from frame
   * `first` on; all around it is silence. Every output frame depends on its own position only.
   */
  process(position: i64, source: usize, first: i64, count: i32, out: usize, frames: i32): void {
    const whole = this.wholeFrame(position);
    let phase = <i32>(position - whole * this.up);
    const wholeStep = this.down / this.up;
    const phaseStep = this.down % this.up;
    const inside = count - this.taps;
    let at = whole - this.taps / 2 + 1 - first;
    for (const end = out + ((<usize>frames) << 3); out < end; out += 8) {
      const from = at >= 0 && at <= inside ? source + ((<usize>at) << 3) : this.edgeOf(source, at, count);
      const sum = this.exact ? dot(this.row(phase + 1), from, this.taps) : this.interpolatedDot(phase, from);
      v128.store64_lane(out, sum, 0);
      at += wholeStep;
      phase += phaseStep;
      if (phase >= this.up) {
        phase -= this.up;
        at += 1;
      }
    }
  }

  private wholeFrame(position: i64): i64 {
    const whole = position / this.up;
    return whole * this.up > position ? whole - 1 : whole;
  }

  @inline
  private row(index: i32): usize {
    return this.rows + ((<usize>(index * this.taps)) << 2);
  }

  /** Row 1 + p stands p / phases of a source frame after the middle of the window. */
  private designRow(index: i32, stretch: f64): void {
    const at = this.row(index);
    const offset = <f64>(index - 1) / <f64>this.phases;
    // `edge` has room for one row of f64.
    let sum: f64 = 0;
    for (let tap = 0; tap < this.taps; ++tap) {
      const value = this.tap(tap, offset, stretch);
      sum += value;
      store<f64>(this.edge + ((<usize>tap) << 3), value);
    }
    // Every row sums to 1: no ripple at 0 Hz from phase to phase.
    for (let tap = 0; tap < this.taps; ++tap) {
      store<f32>(at + ((<usize>tap) << 2), <f32>(load<f64>(this.edge + ((<usize>tap) << 3)) / sum));
    }
  }

  /** Kernel at the distance of one tap from the output frame, before scaling. */
  private tap(tap: i32, offset: f64, stretch: f64): f64 {
    const periods = (<f64>(tap - this.taps / 2 + 1) - offset) / stretch;
    const part = periods / HALF_PERIODS;
    if (part <= -1 || part >= 1) return 0;
    const angle = 2 * PI * CUTOFF * periods;
    const sinc = abs(angle) < 1e-9 ? 1 : sin(angle) / angle;
    return sinc * besselI0(KAISER_BETA * sqrt(1 - part * part));
  }

  /** Third-order Lagrange interpolation between what the four rows around `phase` give. */
  private interpolatedDot(phase: i32, source: usize): v128 {
    const place = (<f64>phase * <f64>this.phases) / <f64>this.up;
    const index = <i32>place;
    const t = place - <f64>index;
    const before = weighted(this.row(index), source, this.taps, (t * (t - 1) * (t - 2)) / -6);
    const low = weighted(this.row(index + 1), source, this.taps, ((t + 1) * (t - 1) * (t - 2)) / 2);
    const high = weighted(this.row(index + 2), source, this.taps, ((t + 1) * t * (t - 2)) / -2);
    const after = weighted(this.row(index + 3), source, this.taps, ((t + 1) * t * (t - 1)) / 6);
    return f32x4.add(f32x4.add(before, after), f32x4.add(low, high));
  }

  /** The window that starts `at` frames after `source`, with silence where the source does not reach. */
  private edgeOf(source: usize, at: i64, count: i32): usize {
    memory.fill(this.edge, 0, (<usize>this.taps) << 3);
    const from = max<i64>(at, 0);
    const to = min<i64>(at + this.taps, count);
    if (to > from)
      memory.copy(this.edge + ((<usize>(from - at)) << 3), source + ((<usize>from) << 3), (<usize>(to - from)) << 3);
    return this.edge;
  }
}

function allocateFloats(count: i32): usize {
  return (heap.alloc(((<usize>count) << 2) + 16) + 15) & ~15;
}

function weighted(row: usize, source: usize, taps: i32, weight: f64): v128 {
  return f32x4.mul(dot(row, source, taps), f32x4.splat(<f32>weight));
}

/**
 * Sum of `taps` frames of a pair, each by its tap; L and R in the low lanes. It goes from both ends to the middle, so that the
 * small products meet small sums, which keeps the rounding noise of f32 below -142 dB.
 */
function dot(row: usize, source: usize, taps: i32): v128 {
  let low = row;
  let high = row + ((<usize>taps) << 2) - 16;
  let left = source;
  let right = source + ((<usize>taps) << 3) - 32;
  let left0 = f32x4.splat(0);
  let left1 = left0;
  let right0 = left0;
  let right1 = left0;
  while (low < high) {
    const lows = v128.load(low);
    const highs = v128.load(high);
    left0 = f32x4.add(left0, f32x4.mul(v128.load(left), v128.shuffle<f32>(lows, lows, 0, 0, 1, 1)));
    right1 = f32x4.add(right1, f32x4.mul(v128.load(right, 16), v128.shuffle<f32>(highs, highs, 2, 2, 3, 3)));
    left1 = f32x4.add(left1, f32x4.mul(v128.load(left, 16), v128.shuffle<f32>(lows, lows, 2, 2, 3, 3)));
    right0 = f32x4.add(right0, f32x4.mul(v128.load(right), v128.shuffle<f32>(highs, highs, 0, 0, 1, 1)));
    low += 16;
    high -= 16;
    left += 32;
    right -= 32;
  }
  const sum = f32x4.add(f32x4.add(left0, right1), f32x4.add(left1, right0));
  return f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 2, 3));
}
