import { PI, sin } from "./math";

/** Sample pairs around the half-way point: 64 taps, +-0.001 dB up to 0.45 of the rate with the window below. */
const PAIRS: i32 = 32;
const KAISER_BETA: f64 = 6;
/** The short kernel that picks the frames worth the long one, and how far below the threshold it looks. */
const SCREEN_PAIRS: i32 = 8;
const SCREEN_BETA: f64 = 3.5;
const SCREEN_SHARE: f32 = 0.7;
/** A crest lies at most this far over the largest of the 4x samples around it (0.45 of the rate: 1.06). */
const CREST: f32 = 1.0625;

/** Frames after a frame within the interpolator's reach; one fewer before it. */
export const TAPS_AHEAD: i32 = PAIRS;
/** Old frames before the new ones of a stretch. */
export const HISTORY: i32 = 2 * PAIRS;
/** Frames that are looked at or passed over together. */
export const GROUP: i32 = 32;
/** Readable frames behind a stretch. */
export const SPARE: i32 = 4;

/** Modified Bessel function of the first kind, order 0. */
function besselI0(x: f64): f64 {
  let term: f64 = 1;
  let sum: f64 = 1;
  for (let k: f64 = 1; k < 40; ++k) {
    term *= (0.5 * x) / k;
    sum += term * term;
  }
  return sum;
}

function windowedSinc(at: f64, half: f64, beta: f64): f64 {
  if (abs(at) >= half) return 0;
  const window = besselI0(beta * sqrt(1 - (at / half) * (at / half))) / besselI0(beta);
  return (window * sin(PI * at)) / (PI * at);
}

/**
 * 4x interpolation by a Kaiser-windowed sinc with a parabola for the crest between the 4x samples (ITU-R BS.1770-5 annex 2; -0.05 dB
 * at worst up to 0.45 of the rate). Four frames in the lanes. About the half-way point the kernels are even (phase 2) or mirror
 * images (phases 1 and 3), so sums and differences of sample pairs serve all three; phase 0 is the sample.
 */
export class PeakInterpolator {
  /** For each pair: the weight of its sum at 1/2, then of sum and difference at 1/4. */
  private readonly taps: StaticArray<f32> = new StaticArray<f32>(3 * PAIRS);
  private readonly screenTaps: StaticArray<f32> = new StaticArray<f32>(SCREEN_PAIRS);
  /** No crest passes this times the largest sample within reach. */
  private gainBound: f32 = 0;
  /** Largest magnitude in each group of the stretch that was scanned. */
  private readonly groupPeaks: StaticArray<f32>;

  /** For stretches of up to `maxFrames` frames. */
  constructor(maxFrames: i32) {
    this.groupPeaks = new StaticArray<f32>((HISTORY + maxFrames) / GROUP + 3);
    let half: f64 = 0;
    let quarter: f64 = 0;
    for (let k = 0; k < PAIRS; ++k) {
      const middle = windowedSinc(<f64>k + 0.5, PAIRS, KAISER_BETA);
      const near = windowedSinc(<f64>k + 0.25, PAIRS, KAISER_BETA);
      const far = windowedSinc(<f64>k + 0.75, PAIRS, KAISER_BETA);
      this.taps[3 * k] = <f32>middle;
      this.taps[3 * k + 1] = <f32>(0.5 * (near + far));
      this.taps[3 * k + 2] = <f32>(0.5 * (near - far));
      half += 2 * abs(middle);
      quarter += abs(near) + abs(far);
    }
    for (let k = 0; k < SCREEN_PAIRS; ++k)
      this.screenTaps[k] = <f32>windowedSinc(<f64>k + 0.5, SCREEN_PAIRS, SCREEN_BETA);
    this.gainBound = <f32>(max(half, quarter) * CREST * 1.0001);
  }

  /**
   * Looks over HISTORY + `count` f32 frames of one channel at `stretch` and gives the largest magnitude. `bound` then answers for the
   * `count` frames from TAPS_AHEAD on: those with all their neighbours.
   */
  scan(stretch: usize, count: i32): f32 {
    const total = HISTORY + count;
    let largest: f32 = 0;
    let group = 0;
    for (let start = 0; start < total; start += GROUP) {
      const peak = largestMagnitude(stretch + ((<usize>start) << 2), min(GROUP, total - start));
      this.groupPeaks[group++] = peak;
      largest = max(largest, peak);
    }
    this.groupPeaks[group] = 0;
    return largest;
  }

  /** What no true peak passes in the group of frames from `start` on (TAPS_AHEAD + a multiple of GROUP). */
  bound(start: i32): f32 {
    const group = start / GROUP;
    const peaks = this.groupPeaks;
    return max(max(unchecked(peaks[group - 1]), unchecked(peaks[group])), unchecked(peaks[group + 1])) * this.gainBound;
  }

  /**
   * Writes the true peak of each of `count` frames (up to the next frame) as f32 to `out`, in fours; 0 for frames that the short kernel
   * finds well below `threshold`. Reads TAPS_AHEAD frames on both sides.
   */
  framePeaks(at: usize, count: i32, threshold: f32, out: usize): void {
    const candidate = f32x4.splat(threshold * SCREEN_SHARE);
    for (let i = 0; i < count; i += 4, at += 16, out += 16) {
      const promising = f32x4.gt(this.screen(at), candidate);
      v128.store(out, v128.any_true(promising) ? v128.and(this.crests(at), promising) : f32x4.splat(0));
    }
  }

  /** Magnitudes of the samples and the half-way points by the short kernel, the larger of both. */
  private screen(at: usize): v128 {
    const taps = changetype<usize>(this.screenTaps);
    let half = f32x4.splat(0);
    for (let k: usize = 0; k < (<usize>SCREEN_PAIRS) << 2; k += 4) {
      const sum = f32x4.add(v128.load(at - k), v128.load(at + k, 4));
      half = f32x4.add(half, f32x4.mul(v128.load32_splat(taps + k), sum));
    }
    return f32x4.pmax(f32x4.pmax(f32x4.abs(v128.load(at)), f32x4.abs(v128.load(at, 4))), f32x4.abs(half));
  }

  private crests(at: usize): v128 {
    let taps = changetype<usize>(this.taps);
    let half = f32x4.splat(0);
    let even = f32x4.splat(0);
    let odd = f32x4.splat(0);
    for (let k: usize = 0; k < (<usize>PAIRS) << 2; k += 4, taps += 12) {
      const left = v128.load(at - k);
      const right = v128.load(at + k, 4);
      const sum = f32x4.add(left, right);
      half = f32x4.add(half, f32x4.mul(v128.load32_splat(taps), sum));
      even = f32x4.add(even, f32x4.mul(v128.load32_splat(taps, 4), sum));
      odd = f32x4.add(odd, f32x4.mul(v128.load32_splat(taps, 8), f32x4.sub(left, right)));
    }
    const y0 = v128.load(at);
    const y1 = f32x4.add(even, odd);
    const y3 = f32x4.sub(even, odd);
    const y4 = v128.load(at, 4);
    return f32x4.pmax(f32x4.pmax(crest(y0, y1, half), crest(y1, half, y3)), crest(half, y3, y4));
  }
}

/** The largest magnitude of three neighbouring 4x samples, or of their parabola when its crest lies among them. */
function crest(before: v128, middle: v128, after: v128): v128 {
  const sign = v128.and(middle, f32x4.splat(-0.0));
  const left = v128.xor(before, sign);
  const here = f32x4.abs(middle);
  const right = v128.xor(after, sign);
  const tilt = f32x4.sub(left, right);
  const bend = f32x4.sub(f32x4.add(here, here), f32x4.add(left, right));
  const largest = f32x4.pmax(here, f32x4.pmax(f32x4.abs(before), f32x4.abs(after)));
  const top = f32x4.add(here, f32x4.div(f32x4.mul(tilt, tilt), f32x4.mul(bend, f32x4.splat(8))));
  const among = f32x4.le(f32x4.abs(tilt), f32x4.add(bend, bend));
  const lifted = f32x4.pmin(f32x4.mul(largest, f32x4.splat(CREST)), f32x4.pmax(largest, top));
  return v128.bitselect(lifted, largest, among);
}

function largestMagnitude(at: usize, count: i32): f32 {
  let peaks = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4, at += 16) peaks = f32x4.pmax(peaks, f32x4.abs(v128.load(at)));
  let largest = max(
    max(f32x4.extract_lane(peaks, 0), f32x4.extract_lane(peaks, 1)),
    max(f32x4.extract_lane(peaks, 2), f32x4.extract_lane(peaks, 3)),
  );
  for (; i < count; ++i, at += 4) largest = max(largest, abs(load<f32>(at)));
  return largest;
}

/** Splits interleaved pairs into two channels; NaN and infinity become 0. Writes up to SPARE frames more. */
export function separate(from: usize, left: usize, right: usize, frames: i32): void {
  const infinity = f32x4.splat(Infinity);
  for (let i: usize = 0; i < (<usize>frames) << 2; i += 16) {
    let first = v128.load(from + (i << 1));
    let second = v128.load(from + (i << 1), 16);
    first = v128.and(first, f32x4.lt(f32x4.abs(first), infinity));
    second = v128.and(second, f32x4.lt(f32x4.abs(second), infinity));
    v128.store(left + i, v128.shuffle<f32>(first, second, 0, 2, 4, 6));
    v128.store(right + i, v128.shuffle<f32>(first, second, 1, 3, 5, 7));
  }
}
