/** Largest absolute value over all channels, per frame, as f32; writes up to three values behind the end, which mean nothing. */
export function absoluteLevels(io: usize, pairs: i32, frames: i32, to: usize): void {
  for (let i = 0; i < frames; i += 4) {
    let peaks = fourPeaks(io + ((<usize>i) << 3));
    for (let pair = 1; pair < pairs; ++pair) {
      peaks = f32x4.pmax(peaks, fourPeaks(io + ((<usize>(pair * frames + i)) << 3)));
    }
    v128.store(to + ((<usize>i) << 2), peaks);
  }
}

/** The louder lane of four frames of one pair. */
function fourPeaks(at: usize): v128 {
  const low = f32x4.abs(v128.load(at));
  const high = f32x4.abs(v128.load(at, 16));
  return f32x4.pmax(v128.shuffle<f32>(low, high, 0, 2, 4, 6), v128.shuffle<f32>(low, high, 1, 3, 5, 7));
}
