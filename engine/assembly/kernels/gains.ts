import { applyFrameGains } from "../dsp/frame-gains";
import { dbToGain, exp2x4, LOG2_PER_DB, OFF_DB } from "../dsp/math";

const HOLD: i32 = 0;
const AMPLITUDE: i32 = 1;
const DECIBEL: i32 = 2;
const POWER_IN: i32 = 3;
const POWER_OUT: i32 = 4;

const SINE_1: f64 = 1.5707962900224914;
const SINE_3: f64 = -0.645963359867171;
const SINE_5: f64 = 0.07968848054441913;
const SINE_7: f64 = -0.0046722279282865875;
const SINE_9: f64 = 0.0001508205666671536;

const PIECE_FRAMES: i32 = 128;
const pieceGains: usize = memory.data(512, 16);

/** Multiplies every sample of a block of channel pairs by a linear gain. */
export function applyGain(io: usize, pairs: i32, frames: i32, gain: f32): void {
  for (let pair = 0; pair < pairs; ++pair) applyPairGains(io + ((<usize>(pair * frames)) << 3), frames, gain, gain);
}

/** Multiplies the two channels of one pair by a linear gain each. */
export function applyPairGains(pair: usize, frames: i32, left: f32, right: f32): void {
  const gains = f32x4(left, right, left, right);
  const whole = frames & ~1;
  for (let i = 0; i < whole; i += 2) {
    const at = pair + ((<usize>i) << 3);
    v128.store(at, f32x4.mul(v128.load(at), gains));
  }
  if (frames & 1) {
    const at = pair + ((<usize>whole) << 3);
    v128.store64_lane(at, f32x4.mul(v128.load64_zero(at), gains), 0);
  }
}

/** Adds src * gain to dst, both of the same pairs and frames. */
export function mixAdd(dst: usize, src: usize, pairs: i32, frames: i32, gain: f32): void {
  const samples = (pairs * frames) << 1;
  const gains = f32x4.splat(gain);
  for (let i = 0; i < (samples & ~3); i += 4) {
    const at = (<usize>i) << 2;
    v128.store(dst + at, f32x4.add(v128.load(dst + at), f32x4.mul(v128.load(src + at), gains)));
  }
  if (samples & 2) {
    const at = (<usize>(samples - 2)) << 2;
    const sum = f32x4.add(v128.load64_zero(dst + at), f32x4.mul(v128.load64_zero(src + at), gains));
    v128.store64_lane(dst + at, sum, 0);
  }
}

/** Adds one pair to another, each side of the source with its own gain to each side of the target. */
export function mixAddCrossed(
  dst: usize,
  src: usize,
  frames: i32,
  leftToLeft: f32,
  rightToLeft: f32,
  leftToRight: f32,
  rightToRight: f32,
): void {
  const own = f32x4(leftToLeft, rightToRight, leftToLeft, rightToRight);
  const other = f32x4(rightToLeft, leftToRight, rightToLeft, leftToRight);
  for (let i = 0; i < frames; ++i) {
    const at = (<usize>i) << 3;
    const source = v128.load64_zero(src + at);
    const crossed = v128.shuffle<f32>(source, source, 1, 0, 3, 2);
    const given = f32x4.add(f32x4.mul(source, own), f32x4.mul(crossed, other));
    v128.store64_lane(dst + at, f32x4.add(v128.load64_zero(dst + at), given), 0);
  }
}

/** Copies the L lane of one pair over its R lane. */
export function monoToStereo(pair: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) store<f32>(pair + ((<usize>i) << 3), load<f32>(pair + ((<usize>i) << 3)), 4);
}

/** Sine of a quarter turn times x in 0..1, as an odd polynomial (minimax, error 4e-9); exactly 0 at 0. */
function quarterWave(x: v128): v128 {
  const z = f64x2.mul(x, x);
  let p = f64x2.splat(SINE_9);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(SINE_7));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(SINE_5));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(SINE_3));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(SINE_1));
  return f64x2.mul(p, x);
}

function demote(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** One gain movement; ends in dB, power shapes are the quarter waves of a cross-fade and know no ends. */
class Segment {
  shape: i32 = HOLD;
  /** Ends in dB or linear, as the shape moves between them. */
  from: f64 = 0;
  to: f64 = 0;
  length: f64 = 1;

  set(shape: i32, fromDb: f64, toDb: f64, length: f64): void {
    this.shape = shape;
    this.from = shape == AMPLITUDE ? dbToGain(fromDb) : fromDb;
    this.to = shape == AMPLITUDE ? dbToGain(toDb) : toDb;
    this.length = length;
  }

  /** Where two frames stand on the way from 0 to 1. */
  private way(position: f64): v128 {
    const raw = f64x2.div(f64x2(position, position + 1), f64x2.splat(this.length));
    return f64x2.pmax(f64x2.pmin(raw, f64x2.splat(1)), f64x2.splat(0));
  }

  /** What moves, at two frames: gain, level in dB, or the quarter wave. */
  private two(position: f64): v128 {
    const way = this.way(position);
    if (this.shape == POWER_IN) return quarterWave(way);
    if (this.shape == POWER_OUT) return quarterWave(f64x2.sub(f64x2.splat(1), way));
    return f64x2.add(f64x2.splat(this.from), f64x2.mul(f64x2.splat(this.to - this.from), way));
  }

  /** Linear gains of four frames from `position`. */
  four(position: f64): v128 {
    const low = this.two(position);
    const high = this.two(position + 2);
    const moving = demote(low, high);
    if (this.shape != DECIBEL) return moving;
    const gains = exp2x4(f32x4.mul(moving, f32x4.splat(<f32>LOG2_PER_DB)));
    return v128.and(gains, f32x4.gt(moving, f32x4.splat(<f32>OFF_DB)));
  }
}

const segment: Segment = new Segment();

/**
 * Multiplies a block by a moving gain that at frame i depends on (offset + i) / length alone, so block borders never show.
 * Shapes: 0 hold, 1 straight in linear gain, 2 straight in dB, 3 and 4 the rising and falling half of a constant-power fade.
 * -120 dB and below is silence. Outside 0..length the ends hold.
 */
export function applySegment(
  io: usize,
  pairs: i32,
  frames: i32,
  shape: i32,
  fromDb: f64,
  toDb: f64,
  offset: f64,
  length: f64,
): void {
  if (shape == HOLD) {
    applyGain(io, pairs, frames, <f32>dbToGain(fromDb));
    return;
  }
  segment.set(shape, fromDb, toDb, length);
  for (let done = 0; done < frames; done += PIECE_FRAMES) {
    const count = min(PIECE_FRAMES, frames - done);
    for (let i = 0; i < count; i += 4) {
      v128.store(pieceGains + ((<usize>i) << 2), segment.four(offset + <f64>(done + i)));
    }
    for (let pair = 0; pair < pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames + done)) << 3), pieceGains, count);
  }
}
