const PIECE_SAMPLES: i32 = 256;
/** Interleaved samples of a piece that is not stereo, and a partial group of four. */
const piece: usize = memory.data(1024 + 16, 16);
const partial: usize = memory.data(16, 16);

const SCALE_24: f32 = 8388608;
const STEP_24: f32 = 1.1920928955078125e-7;
const SCALE_16: f32 = 32768;

/** Rounds to the nearest step (ties to even) and clamps to the integer range; the clipped lanes are counted in `clips`. */
function round24(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(SCALE_24)));
}

function clamp(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(high)), f32x4.splat(low));
}

/** How many of the four lanes lie outside low..high. */
function outside(x: v128, low: f32, high: f32): i32 {
  const over = v128.or(f32x4.gt(x, f32x4.splat(high)), f32x4.lt(x, f32x4.splat(low)));
  return popcnt(i32x4.bitmask(over));
}

/** Encodes four samples; gives how many were clipped. */
function four24(from: usize, to: usize): i32 {
  const rounded = round24(v128.load(from));
  const integers = i32x4.trunc_sat_f32x4_s(clamp(rounded, -8388608, 8388607));
  const packed = i8x16.swizzle(integers, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16));
  v128.store64_lane(to, packed, 0);
  v128.store32_lane(to, packed, 2, 8);
  return outside(rounded, -8388608, 8388607);
}

function four16(from: usize, to: usize): i32 {
  const rounded = f32x4.nearest(f32x4.mul(v128.load(from), f32x4.splat(SCALE_16)));
  const integers = i32x4.trunc_sat_f32x4_s(clamp(rounded, -32768, 32767));
  v128.store64_lane(to, i16x8.narrow_i32x4_s(integers, integers), 0);
  return outside(rounded, -32768, 32767);
}

/** T names the sample: i16, i32 (packed 24 bit) or f32. */
function four<T>(from: usize, to: usize): i32 {
  if (isFloat<T>()) {
    v128.store(to, v128.load(from));
    return 0;
  }
  return sizeof<T>() == 2 ? four16(from, to) : four24(from, to);
}

function bytesOf<T>(): i32 {
  return isFloat<T>() ? 4 : sizeof<T>() == 2 ? 2 : 3;
}

/** Encodes consecutive samples. */
function encodeRun<T>(from: usize, to: usize, samples: i32): i32 {
  let clipped = 0;
  const bytes = bytesOf<T>();
  const whole = samples & ~3;
  for (let i = 0; i < whole; i += 4) clipped += four<T>(from + ((<usize>i) << 2), to + <usize>(i * bytes));
  const rest = samples - whole;
  if (rest == 0) return clipped;
  v128.store(partial, i32x4.splat(0));
  memory.copy(partial, from + ((<usize>whole) << 2), (<usize>rest) << 2);
  const lastFour = v128.load(partial);
  v128.store(partial, lastFour);
  clipped += four<T>(partial, partial);
  memory.copy(to + <usize>(whole * bytes), partial, <usize>(rest * bytes));
  return clipped;
}

/** Interleaves `count` frames of all channels, from frame `from` of a block of channel pairs. */
function interleave(io: usize, frames: i32, from: i32, count: i32, channels: i32): void {
  for (let channel = 0; channel < channels; ++channel) {
    let at = io + ((<usize>((channel >> 1) * frames + from)) << 3) + ((<usize>(channel & 1)) << 2);
    let to = piece + ((<usize>channel) << 2);
    for (let i = 0; i < count; ++i) {
      store<f32>(to, load<f32>(at));
      at += 8;
      to += (<usize>channels) << 2;
    }
  }
}

function encode<T>(io: usize, to: usize, frames: i32, channels: i32): i32 {
  if (channels == 2) return encodeRun<T>(io, to, frames << 1);
  let clipped = 0;
  const most = PIECE_SAMPLES / channels;
  for (let done = 0; done < frames; done += most) {
    const count = min(most, frames - done);
    interleave(io, frames, done, count, channels);
    clipped += encodeRun<T>(piece, to + <usize>(done * channels * bytesOf<T>()), count * channels);
  }
  return clipped;
}

/** Channel pairs to interleaved 24-bit little-endian: nearest step, ties to even, clamped. Gives the number of clipped samples. */
export function encodeS24(io: usize, to: usize, frames: i32, channels: i32): i32 {
  return encode<i32>(io, to, frames, channels);
}

/** As encodeS24 for 16 bits, without dither. */
export function encodeS16(io: usize, to: usize, frames: i32, channels: i32): i32 {
  return encode<i16>(io, to, frames, channels);
}

/** Channel pairs to interleaved 32-bit floats; nothing clips. */
export function encodeF32(io: usize, to: usize, frames: i32, channels: i32): i32 {
  return encode<f32>(io, to, frames, channels);
}

/** Puts samples onto the steps that encodeS24 writes, so that what is summed later is what the file holds. Gives the clips. */
export function quantizeS24(io: usize, pairs: i32, frames: i32): i32 {
  let clipped = 0;
  const samples = (pairs * frames) << 1;
  for (let i = 0; i < (samples & ~3); i += 4) clipped += quantizeFour(io + ((<usize>i) << 2));
  if (samples & 2) {
    const at = io + ((<usize>(samples - 2)) << 2);
    v128.store(partial, v128.load64_zero(at));
    clipped += quantizeFour(partial);
    store<u64>(at, load<u64>(partial));
  }
  return clipped;
}

function quantizeFour(at: usize): i32 {
  const rounded = round24(v128.load(at));
  v128.store(at, f32x4.mul(clamp(rounded, -8388608, 8388607), f32x4.splat(STEP_24)));
  return outside(rounded, -8388608, 8388607);
}
