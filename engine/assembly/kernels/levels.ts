/** Largest absolute sample of a block of channel pairs, linear. */
export function blockPeak(io: usize, pairs: i32, frames: i32): f32 {
  const samples = (pairs * frames) << 1;
  let peaks = f32x4.splat(0);
  for (let i = 0; i < (samples & ~3); i += 4) peaks = f32x4.pmax(peaks, f32x4.abs(v128.load(io + ((<usize>i) << 2))));
  if (samples & 2) peaks = f32x4.pmax(peaks, f32x4.abs(v128.load64_zero(io + ((<usize>(samples - 2)) << 2))));
  const half = f32x4.pmax(peaks, v128.shuffle<f32>(peaks, peaks, 2, 3, 0, 1));
  return max(f32x4.extract_lane(half, 0), f32x4.extract_lane(half, 1));
}

/** 1 when every sample is exactly zero (of either sign). */
export function isSilent(io: usize, pairs: i32, frames: i32): i32 {
  const samples = (pairs * frames) << 1;
  const zero = f32x4.splat(0);
  for (let i = 0; i < (samples & ~3); i += 4) {
    if (v128.any_true(f32x4.ne(v128.load(io + ((<usize>i) << 2)), zero))) return 0;
  }
  if (samples & 2) return v128.any_true(f32x4.ne(v128.load64_zero(io + ((<usize>(samples - 2)) << 2)), zero)) ? 0 : 1;
  return 1;
}

/** Writes the lowest and highest sample of each side of `frames` frames of one channel pair to `out`: low L, low R, high L, high R. */
export function pairExtremes(io: usize, frames: i32, out: usize): void {
  let low = f32x4.splat(f32.MAX_VALUE);
  let high = f32x4.splat(-f32.MAX_VALUE);
  for (let frame = 0; frame < (frames & ~1); frame += 2) {
    const samples = v128.load(io + ((<usize>frame) << 3));
    low = f32x4.pmin(low, samples);
    high = f32x4.pmax(high, samples);
  }
  if (frames & 1) {
    const last = v128.load64_splat(io + ((<usize>(frames - 1)) << 3));
    low = f32x4.pmin(low, last);
    high = f32x4.pmax(high, last);
  }
  v128.store64_lane(out, f32x4.pmin(low, v128.shuffle<f32>(low, low, 2, 3, 0, 1)), 0);
  v128.store64_lane(out + 8, f32x4.pmax(high, v128.shuffle<f32>(high, high, 2, 3, 0, 1)), 0);
}
