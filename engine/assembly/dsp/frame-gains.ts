/** Multiplies both lanes of one pair by an f32 gain per frame. */
export function applyFrameGains(pair: usize, gains: usize, frames: i32): void {
  let at = pair;
  let from = gains;
  const end = pair + ((<usize>(frames & ~3)) << 3);
  while (at < end) {
    const gain = v128.load(from);
    v128.store(at, f32x4.mul(v128.load(at), v128.shuffle<f32>(gain, gain, 0, 0, 1, 1)));
    v128.store(at, f32x4.mul(v128.load(at, 16), v128.shuffle<f32>(gain, gain, 2, 2, 3, 3)), 16);
    at += 32;
    from += 16;
  }
  for (let i = 0; i < (frames & 3); ++i) {
    const gain = load<f32>(from);
    store<f32>(at, load<f32>(at) * gain);
    store<f32>(at, load<f32>(at, 4) * gain, 4);
    at += 8;
    from += 4;
  }
}

/** Multiplies the lanes of one pair by an f32 gain each per frame. */
export function applyPairFrameGains(pair: usize, left: usize, right: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    const at = pair + ((<usize>i) << 3);
    store<f32>(at, load<f32>(at) * load<f32>(left + ((<usize>i) << 2)));
    store<f32>(at, load<f32>(at, 4) * load<f32>(right + ((<usize>i) << 2)), 4);
  }
}

/** Blends one pair with `dry` by an f32 weight of the wet signal per frame; a weight of 0 or 1 gives the bits of one of them. */
export function blendFrames(wet: usize, dry: usize, weights: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    const at = (<usize>i) << 3;
    const weight = load<f32>(weights + (at >> 1));
    const rest: f32 = <f32>1 - weight;
    store<f32>(wet + at, load<f32>(dry + at) * rest + load<f32>(wet + at) * weight);
    store<f32>(wet + at, load<f32>(dry + at, 4) * rest + load<f32>(wet + at, 4) * weight, 4);
  }
}
