/** Samples beyond this (+120 dBFS) are damage, not sound: they become silence, as NaN and infinity do. */
const DAMAGE: f32 = 1048576;

/** Turns NaN, infinity and values beyond +120 dBFS into 0. */
export function sanitise(io: usize, values: i32): void {
  const limit = f32x4.splat(DAMAGE);
  let at = io;
  const end = io + ((<usize>(values & ~3)) << 2);
  while (at < end) {
    const x = v128.load(at);
    // A comparison with NaN is false, so NaN is masked too.
    v128.store(at, v128.and(x, f32x4.lt(f32x4.abs(x), limit)));
    at += 16;
  }
  for (let i = 0; i < (values & 3); ++i) {
    const x = load<f32>(at);
    store<f32>(at, abs(x) < DAMAGE ? x : 0);
    at += 4;
  }
}
