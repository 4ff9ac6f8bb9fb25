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
