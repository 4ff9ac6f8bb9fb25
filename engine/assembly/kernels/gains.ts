import { applyFrameGains } from "../dsp/frame-gains";
import { cos, dbToGain, PI, sin } from "../dsp/math";

const HOLD: i32 = 0;
const AMPLITUDE: i32 = 1;
const DECIBEL: i32 = 2;
const POWER_IN: i32 = 3;
const POWER_OUT: i32 = 4;

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

/** Copies the L lane of one pair over its R lane. */
export function monoToStereo(pair: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) store<f32>(pair + ((<usize>i) << 3), load<f32>(pair + ((<usize>i) << 3)), 4);
}

/** Linear gain at `way` (0..1) of a segment; ends in dB, power shapes are the quarter waves of a cross-fade. */
function segmentGain(shape: i32, fromDb: f64, toDb: f64, fromGain: f64, toGain: f64, way: f64): f64 {
  if (shape == DECIBEL) return dbToGain(fromDb + (toDb - fromDb) * way);
  if (shape == AMPLITUDE) return fromGain + (toGain - fromGain) * way;
  if (shape == POWER_IN) return sin(0.5 * PI * way);
  if (shape == POWER_OUT) return cos(0.5 * PI * way);
  return fromGain;
}

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
  const fromGain = dbToGain(fromDb);
  if (shape == HOLD) {
    applyGain(io, pairs, frames, <f32>fromGain);
    return;
  }
  const toGain = dbToGain(toDb);
  for (let done = 0; done < frames; done += PIECE_FRAMES) {
    const count = min(PIECE_FRAMES, frames - done);
    for (let i = 0; i < count; ++i) {
      const way = max<f64>(0, min<f64>(1, (offset + <f64>(done + i)) / length));
      store<f32>(pieceGains + ((<usize>i) << 2), <f32>segmentGain(shape, fromDb, toDb, fromGain, toGain, way));
    }
    for (let pair = 0; pair < pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames + done)) << 3), pieceGains, count);
  }
}
