const NOTHING: f64 = 1e-20;

/** Two f64 states, those that have died away as zero: wasm has no flush-to-zero and subnormal numbers are slow. */
export function alivePair(states: v128): v128 {
  return v128.and(states, f64x2.gt(f64x2.abs(states), f64x2.splat(NOTHING)));
}
