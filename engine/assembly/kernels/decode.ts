/** 2^-31, 2^-23, 2^-15, 2^-7: full scale of each integer format. */
const SCALE_32: f32 = 4.656612873077393e-10;
const SCALE_16: f32 = 3.0517578125e-5;
const SCALE_8: f32 = 0.0078125;

/** One little-endian sample of type T (u8 is offset binary) as f32 with full scale 1. */
function sampleOf<T>(at: usize): f32 {
  if (isFloat<T>()) return <f32>load<T>(at);
  if (sizeof<T>() == 4) return <f32>(<i32>load<T>(at)) * SCALE_32;
  if (sizeof<T>() == 2) return <f32>(<i32>load<T>(at)) * SCALE_16;
  return <f32>(<i32>load<T>(at) - 128) * SCALE_8;
}

/** Four consecutive samples of type T as f32. */
function fourOf<T>(at: usize): v128 {
  if (isFloat<T>()) {
    if (sizeof<T>() == 4) return v128.load(at);
    const low = f32x4.demote_f64x2_zero(v128.load(at));
    const high = f32x4.demote_f64x2_zero(v128.load(at, 16));
    return v128.shuffle<f32>(low, high, 0, 1, 4, 5);
  }
  if (sizeof<T>() == 4) return f32x4.mul(f32x4.convert_i32x4_s(v128.load(at)), f32x4.splat(SCALE_32));
  if (sizeof<T>() == 2) {
    const wide = i32x4.extend_low_i16x8_s(v128.load64_zero(at));
    return f32x4.mul(f32x4.convert_i32x4_s(wide), f32x4.splat(SCALE_16));
  }
  const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(wide, i32x4.splat(128))), f32x4.splat(SCALE_8));
}

function decodeStereo<T>(raw: usize, pair: usize, frames: i32): void {
  const whole = frames >> 1;
  for (let i = 0; i < whole; ++i) v128.store(pair + ((<usize>i) << 4), fourOf<T>(raw + <usize>i * (sizeof<T>() << 2)));
  if (frames & 1) decodeAny<T>(raw, pair, 2, 0, 1, frames - 1, frames);
}

function storeTwice(at: usize, x: v128): void {
  v128.store(at, v128.shuffle<f32>(x, x, 0, 0, 1, 1));
  v128.store(at, v128.shuffle<f32>(x, x, 2, 2, 3, 3), 16);
}

function decodeMono<T>(raw: usize, pair: usize, frames: i32): void {
  const whole = frames >> 2;
  for (let i = 0; i < whole; ++i) storeTwice(pair + ((<usize>i) << 5), fourOf<T>(raw + <usize>i * (sizeof<T>() << 2)));
  decodeAny<T>(raw, pair, 1, 0, 0, whole << 2, frames);
}

function decodeAny<T>(raw: usize, pair: usize, channels: i32, left: i32, right: i32, from: i32, to: i32): void {
  for (let i = from; i < to; ++i) {
    const frame = raw + <usize>(i * channels) * sizeof<T>();
    store<f32>(pair + ((<usize>i) << 3), sampleOf<T>(frame + <usize>left * sizeof<T>()));
    store<f32>(pair + ((<usize>i) << 3), sampleOf<T>(frame + <usize>right * sizeof<T>()), 4);
  }
}

function decode<T>(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  if (channels == 2 && left == 0 && right == 1) decodeStereo<T>(raw, pair, frames);
  else if (channels == 1) decodeMono<T>(raw, pair, frames);
  else decodeAny<T>(raw, pair, channels, left, right, 0, frames);
}

/** Interleaved 16-bit little-endian file bytes to one channel pair: source channel `left` to L, `right` to R. Full scale is 1. */
export function decodeS16(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  decode<i16>(raw, pair, frames, channels, left, right);
}

/** As decodeS16 for 32-bit integers. */
export function decodeS32(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  decode<i32>(raw, pair, frames, channels, left, right);
}

/** As decodeS16 for 32-bit floats. */
export function decodeF32(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  decode<f32>(raw, pair, frames, channels, left, right);
}

/** As decodeS16 for 64-bit floats, rounded to 32 bits. */
export function decodeF64(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  decode<f64>(raw, pair, frames, channels, left, right);
}

/** As decodeS16 for 8-bit offset binary. */
export function decodeU8(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  decode<u8>(raw, pair, frames, channels, left, right);
}

function sampleOf24(at: usize): f32 {
  return <f32>(((<i32>load<u16>(at)) << 8) | ((<i32>load<u8>(at, 2)) << 24)) * SCALE_32;
}

/** Four consecutive 24-bit samples; reads 4 bytes past them. */
function fourOf24(at: usize): v128 {
  const bytes = v128.load(at);
  // Index 16 and above gives a zero byte: each sample goes to the top of its lane.
  const wide = i8x16.swizzle(bytes, i8x16(16, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11));
  return f32x4.mul(f32x4.convert_i32x4_s(wide), f32x4.splat(SCALE_32));
}

function decodeAny24(raw: usize, pair: usize, channels: i32, left: i32, right: i32, from: i32, to: i32): void {
  for (let i = from; i < to; ++i) {
    const frame = raw + <usize>(i * channels * 3);
    store<f32>(pair + ((<usize>i) << 3), sampleOf24(frame + <usize>(left * 3)));
    store<f32>(pair + ((<usize>i) << 3), sampleOf24(frame + <usize>(right * 3)), 4);
  }
}

/** As decodeS16 for packed 24-bit integers; exact. Reads up to 4 bytes past the source. */
export function decodeS24(raw: usize, pair: usize, frames: i32, channels: i32, left: i32, right: i32): void {
  let done = 0;
  if (channels == 2 && left == 0 && right == 1) {
    for (; done + 2 <= frames; done += 2) v128.store(pair + ((<usize>done) << 3), fourOf24(raw + <usize>(done * 6)));
  } else if (channels == 1) {
    for (; done + 4 <= frames; done += 4) storeTwice(pair + ((<usize>done) << 3), fourOf24(raw + <usize>(done * 3)));
  }
  decodeAny24(raw, pair, channels, left, right, done, frames);
}
