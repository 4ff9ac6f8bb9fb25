const GOLDEN: u64 = 0x9e3779b97f4a7c15;
const SIXTEEN_BITS: u64 = 0xffff;
/** Makes the sum of four uniform 16-bit values, less its mean, have a variance of 1. */
const SCALE: f64 = 1.0 / 37837.22738440105;

/** A well-mixed 64-bit hash of a counter. Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014. */
export function mixBits(counter: u64): u64 {
  let z = counter * GOLDEN;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/**
 * The value number `counter` of a seeded row of nearly Gaussian values (four uniforms added: mean 0, variance 1, within +-3.47).
 * It depends on seed and counter alone, so any stretch can be asked for in any order.
 */
export function gaussian(seed: u64, counter: i64): f64 {
  const bits = mixBits(seed ^ mixBits(<u64>counter));
  const sum = (bits & SIXTEEN_BITS) + ((bits >> 16) & SIXTEEN_BITS) + ((bits >> 32) & SIXTEEN_BITS) + (bits >> 48);
  return (<f64>sum - 131070.0) * SCALE;
}
