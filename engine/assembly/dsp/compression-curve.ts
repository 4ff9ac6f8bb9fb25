import { PEAK } from "./level-detector";
import { exp2x4, LOG2_PER_DB, log2x4 } from "./math";

/** A knee narrower than this is none: its curvature would overflow. */
const LEAST_KNEE_DB: f64 = 1e-3;

/**
 * The static curve of a compressor, in log2 units of amplitude: how much reduction (>= 0) a level asks for. Quadratic knee of
 * Giannoulis, Massberg and Reiss, JAES 60(6), 2012, eq. 4, without branches.
 */
export class CompressionCurve {
  threshold: f32 = 0;
  knee: f32 = 0;
  /** 1 - 1 / ratio. */
  slope: f32 = 0;
  range: f32 = 0;
  /** What the levels are; all but PEAK are mean squares. */
  detector: i32 = PEAK;

  set(thresholdDb: f64, ratio: f64, kneeDb: f64, rangeDb: f64, detector: i32): void {
    this.threshold = <f32>(thresholdDb * LOG2_PER_DB);
    this.knee = kneeDb < LEAST_KNEE_DB ? 0 : <f32>(kneeDb * LOG2_PER_DB);
    this.slope = <f32>(1 - 1 / ratio);
    this.range = <f32>(rangeDb * LOG2_PER_DB);
    this.detector = detector;
  }

  copyFrom(other: CompressionCurve): void {
    this.threshold = other.threshold;
    this.knee = other.knee;
    this.slope = other.slope;
    this.range = other.range;
    this.detector = other.detector;
  }

  equals(other: CompressionCurve): bool {
    return (
      this.threshold == other.threshold &&
      this.knee == other.knee &&
      this.slope == other.slope &&
      this.range == other.range &&
      this.detector == other.detector
    );
  }

  /** The reduction at one level, in log2 units of amplitude. */
  reductionAt(level: f32): f32 {
    const over = max<f32>(0, level - this.threshold + <f32>0.5 * this.knee);
    const inKnee = min(over, this.knee);
    const bend: f32 = this.knee > 0 ? <f32>0.5 / this.knee : 0;
    return min(this.slope * (inKnee * inKnee * bend + (over - inKnee)), this.range);
  }

  /** Writes the wanted reduction of `frames` levels; reads and writes up to three values behind the end. */
  reductions(levels: usize, to: usize, frames: i32): void {
    const scale = f32x4.splat(this.detector == PEAK ? 1 : 0.5);
    const kneeStart = f32x4.splat(this.threshold - <f32>0.5 * this.knee);
    const knee = f32x4.splat(this.knee);
    const bend = f32x4.splat(this.knee > 0 ? <f32>0.5 / this.knee : 0);
    const slope = f32x4.splat(this.slope);
    const range = f32x4.splat(this.range);
    const zero = f32x4.splat(0);
    for (let i = 0; i < frames; i += 4) {
      const at = (<usize>i) << 2;
      const level = f32x4.mul(log2x4(v128.load(levels + at)), scale);
      const over = f32x4.pmax(f32x4.sub(level, kneeStart), zero);
      const inKnee = f32x4.pmin(over, knee);
      // Inside the knee x^2 / 2W; above it W / 2 + (x - W).
      const asked = f32x4.add(f32x4.mul(f32x4.mul(inKnee, inKnee), bend), f32x4.sub(over, inKnee));
      v128.store(to + at, f32x4.pmin(f32x4.mul(slope, asked), range));
    }
  }
}

/** Linear gains 2^(makeup - reduction) of `frames` reductions; writes up to three values behind the end. */
export function reductionsToGains(reductions: usize, gains: usize, frames: i32, makeup: f32): void {
  const raise = f32x4.splat(makeup);
  for (let i = 0; i < frames; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(gains + at, exp2x4(f32x4.sub(raise, v128.load(reductions + at))));
  }
}
