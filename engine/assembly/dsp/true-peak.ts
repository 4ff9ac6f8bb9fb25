import { PI, sin } from "./math";

/** Taps of each phase: +-0.05 dB up to 0.45 of the rate with the window below. */
export const TAPS: i32 = 32;
/** Frames that lie after a frame within the interpolator's reach. */
export const TAPS_AHEAD: i32 = 16;
const KAISER_BETA: f64 = 4.7;
const GROUP: i32 = 16;
/** A parabola through three of the 4x samples reaches at most this far over the middle one below 0.45 of the rate. */
const CREST: f32 = 1.0625;

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

function windowedSinc(at: f64): f64 {
  const half: f64 = 0.5 * <f64>TAPS;
  if (at == floor(at)) return at == 0 ? 1 : 0;
  if (abs(at) >= half) return 0;
  const window = besselI0(KAISER_BETA * sqrt(1 - (at / half) * (at / half))) / besselI0(KAISER_BETA);
  return (window * sin(PI * at)) / (PI * at);
}

/**
 * 4x interpolation by a Kaiser-windowed sinc, the four phases in the lanes of a vector; phase 0 is the sample itself. ITU-R
 * BS.1770-5 annex 2. Between the 4x samples a parabola finds the crest: -0.05 dB at worst up to 0.45 of the rate.
 */
export class PeakInterpolator {
  /** TAPS vectors; tap k meets the frame k - (TAPS - 1 - TAPS_AHEAD) from the one looked at. */
  private readonly taps: StaticArray<f32> = new StaticArray<f32>(4 * TAPS);
  /** No interpolated value passes this times the largest sample within reach. */
  readonly gainBound: f32;

  constructor() {
    const before = TAPS - 1 - TAPS_AHEAD;
    let bound: f64 = 0;
    for (let phase = 0; phase < 4; ++phase) {
      let sum: f64 = 0;
      for (let k = 0; k < TAPS; ++k) {
        const tap = windowedSinc(<f64>(k - before) - 0.25 * <f64>phase);
        this.taps[4 * k + phase] = <f32>tap;
        sum += abs(tap);
      }
      bound = max(bound, sum);
    }
    this.gainBound = <f32>(bound * CREST * 1.0001);
  }

  /** The four phases at the f32 sample at `at` (interleaved pair: the neighbours are 8 bytes apart). */
  private vectorAt(at: usize): v128 {
    const taps = changetype<usize>(this.taps);
    let from = at - ((<usize>(TAPS - 1 - TAPS_AHEAD)) << 3);
    let even = f32x4.splat(0);
    let odd = f32x4.splat(0);
    for (let k: usize = 0; k < (<usize>TAPS) << 4; k += 32, from += 16) {
      even = f32x4.add(even, f32x4.mul(v128.load(taps + k), v128.load32_splat(from)));
      odd = f32x4.add(odd, f32x4.mul(v128.load(taps + k, 16), v128.load32_splat(from, 8)));
    }
    return f32x4.add(even, odd);
  }
  /**
   * Writes the true peak of each of `count` frames from `at` on (up to the next frame) as f32 to `out`; 0 where it cannot pass
   * `threshold`. Reads TAPS_AHEAD frames on both sides.
   */
  framePeaks(at: usize, count: i32, threshold: f32, out: usize): void {
    const candidate = f32x4.splat(threshold / CREST);
    let before = this.vectorAt(at - 8);
    for (let i = 0; i < count; ++i, at += 8) {
      const here = this.vectorAt(at);
      let peak: f32 = 0;
      if (v128.any_true(f32x4.gt(f32x4.abs(here), candidate))) {
        peak = crestOf(f32x4.extract_lane(before, 3), here, load<f32>(at, 8));
      }
      store<f32>(out + ((<usize>i) << 2), peak);
      before = here;
    }
  }
}

/** The largest magnitude of four neighbouring 4x samples, each local maximum lifted to the crest of its parabola. */
function crestOf(before: f32, here: v128, after: f32): f32 {
  const y0 = f32x4.extract_lane(here, 0);
  const y1 = f32x4.extract_lane(here, 1);
  const y2 = f32x4.extract_lane(here, 2);
  const y3 = f32x4.extract_lane(here, 3);
  return max(max(crest(before, y0, y1), crest(y0, y1, y2)), max(crest(y1, y2, y3), crest(y2, y3, after)));
}

function crest(before: f32, here: f32, after: f32): f32 {
  const middle = abs(here);
  const left = here < 0 ? -before : before;
  const right = here < 0 ? -after : after;
  const bend = middle - left + (middle - right);
  if (left > middle || right > middle || bend <= 0) return middle;
  const tilt = left - right;
  return min(middle + (tilt * tilt) / (<f32>8 * bend), middle * CREST);
}

const CHUNK: i32 = 1024;
const HISTORY: i32 = 2 * TAPS_AHEAD;

/** Running sample peak and true peak of channel pairs, as linear magnitudes. Stretches that cannot raise the peak are not interpolated. */
export class TruePeakMeter {
  samplePeak: f32 = 0;
  private peak: f32 = 0;
  private readonly interpolator: PeakInterpolator = new PeakInterpolator();
  /** HISTORY + CHUNK frames a pair, the new ones behind the old. */
  private readonly frames: StaticArray<f32>;
  /** Largest magnitude of both channels in each group of frames. */
  private readonly groupPeaks: StaticArray<f32> = new StaticArray<f32>(2 * ((HISTORY + CHUNK) / GROUP + 2));
  private readonly found: StaticArray<f32> = new StaticArray<f32>(GROUP);
  private readonly pairs: i32;

  constructor(pairs: i32) {
    this.pairs = pairs;
    this.frames = new StaticArray<f32>(2 * (HISTORY + CHUNK + TAPS) * pairs);
  }

  reset(): void {
    this.samplePeak = 0;
    this.peak = 0;
    this.frames.fill(0);
  }

  /** Takes one block of channel pairs. NaN and infinity count as 0. */
  feed(io: usize, frames: i32): void {
    for (let from = 0; from < frames; from += CHUNK) {
      const count = min(CHUNK, frames - from);
      for (let pair = 0; pair < this.pairs; ++pair) {
        this.feedPair(pair, io + ((<usize>pair * frames + from) << 3), count);
      }
    }
  }

  /** The true peak so far, the ringing behind the last frame included. */
  truePeak(): f32 {
    const soFar = this.peak;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const buffer = this.bufferOf(pair);
      memory.fill(buffer + (HISTORY << 3), 0, HISTORY << 3);
      this.search(buffer, HISTORY);
    }
    const peak = this.peak;
    this.peak = soFar;
    return peak;
  }

  private bufferOf(pair: i32): usize {
    return changetype<usize>(this.frames) + ((<usize>pair * (HISTORY + CHUNK + TAPS)) << 3);
  }

  private feedPair(pair: i32, from: usize, count: i32): void {
    const buffer = this.bufferOf(pair);
    copyFinite(from, buffer + (HISTORY << 3), count);
    this.search(buffer, count);
    memory.copy(buffer, buffer + ((<usize>count) << 3), HISTORY << 3);
  }

  /** Looks at the `count` frames that are TAPS_AHEAD behind the newest ones. */
  private search(buffer: usize, count: i32): void {
    this.findGroupPeaks(buffer, HISTORY + count);
    const peaks = changetype<usize>(this.groupPeaks);
    for (let start = TAPS_AHEAD; start < TAPS_AHEAD + count; start += GROUP) {
      const group = peaks + ((<usize>start / GROUP) << 3);
      for (let channel: usize = 0; channel < 8; channel += 4) {
        const near = max(
          max(load<f32>(group - 8 + channel), load<f32>(group + channel)),
          load<f32>(group + 8 + channel),
        );
        if (near * this.interpolator.gainBound <= this.peak) continue;
        this.searchGroup(buffer + ((<usize>start) << 3) + channel, min(GROUP, TAPS_AHEAD + count - start));
      }
    }
  }

  private searchGroup(at: usize, count: i32): void {
    const found = changetype<usize>(this.found);
    this.interpolator.framePeaks(at, count, this.peak, found);
    for (let i = 0; i < count; ++i) this.peak = max(this.peak, unchecked(this.found[i]));
  }

  private findGroupPeaks(buffer: usize, total: i32): void {
    let to = changetype<usize>(this.groupPeaks);
    for (let start = 0; start < total; start += GROUP, to += 8) {
      const end = buffer + ((<usize>min(start + GROUP, total)) << 3);
      let peaks = f32x4.splat(0);
      for (let at = buffer + ((<usize>start) << 3); at < end; at += 8) {
        peaks = f32x4.pmax(peaks, f32x4.abs(v128.load64_zero(at)));
      }
      v128.store64_lane(to, peaks, 0);
      this.samplePeak = max(this.samplePeak, max(f32x4.extract_lane(peaks, 0), f32x4.extract_lane(peaks, 1)));
    }
    store<u64>(to, 0);
  }
}

/** Copies interleaved pairs; NaN and infinity become 0. Writes up to one frame more. */
export function copyFinite(from: usize, to: usize, frames: i32): void {
  const infinity = f32x4.splat(Infinity);
  const bytes = (<usize>frames) << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(from + at);
    v128.store(to + at, v128.and(x, f32x4.lt(f32x4.abs(x), infinity)));
  }
}
