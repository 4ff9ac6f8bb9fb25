import { PI } from "./math";

/** Modified Bessel function of the first kind, order 0, to full f64 precision for 0..20. */
export function besselI0(x: f64): f64 {
  const quarter = 0.25 * x * x;
  let term: f64 = 1;
  let sum: f64 = 1;
  for (let k: f64 = 1; term > sum * 1e-18; k += 1) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** Kaiser window at `x` in -1..1, 1 in the middle. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974. */
export function kaiserWindow(x: f64, beta: f64): f64 {
  return abs(x) > 1 ? 0 : besselI0(beta * sqrt(1 - x * x)) / besselI0(beta);
}

/** Kaiser's beta for a stopband of `attenuationDb` (above 50). */
export function kaiserBeta(attenuationDb: f64): f64 {
  return 0.1102 * (attenuationDb - 8.7);
}

/** Length in samples of a filter with that stopband and a transition of `width` parts of the sample rate. */
export function kaiserLength(attenuationDb: f64, width: f64): f64 {
  return 1 + (attenuationDb - 7.95) / (2.285 * 2 * PI * width);
}
