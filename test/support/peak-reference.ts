const OVERSAMPLING = 16;
const REACH = 32;
const BETA = 6;

const besselI0 = (x: number): number => {
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 60; ++k) {
    term *= x / (2 * k);
    sum += term * term;
  }
  return sum;
};

/** One row of 2 * REACH taps for each phase; flat to 0.001 dB up to 0.45 of the rate. */
const phases = Array.from({ length: OVERSAMPLING }, (_, phase) =>
  Float64Array.from({ length: 2 * REACH }, (_, k) => {
    const x = k - REACH + 1 - phase / OVERSAMPLING;
    if (x === 0) return 1;
    const window = Math.abs(x) < REACH ? besselI0(BETA * Math.sqrt(1 - (x / REACH) ** 2)) / besselI0(BETA) : 0;
    return (window * Math.sin(Math.PI * x)) / (Math.PI * x);
  }),
);
const bound = Math.max(...phases.map((row) => row.reduce((sum, tap) => sum + Math.abs(tap), 0)));

/** A frame whose four-fold points stay this far under the peak cannot pass it between them (0.92 at half the rate). */
const COARSE_SHARE = 0.8;

const interpolate = (padded: Float64Array, n: number, phase: number): number => {
  const row = phases[phase] as Float64Array;
  let sum = 0;
  for (let k = 0; k < 2 * REACH; ++k) sum += (row[k] as number) * (padded[n - REACH + 1 + k] as number);
  return sum;
};

/** True peak by 16x interpolation with 64 taps a phase, in dBTP: a reference with nothing in common with the engine's code. */
export const referenceTruePeakDbtp = (signal: Float32Array): number => {
  let peak = 0;
  const padded = new Float64Array(signal.length + 4 * REACH);
  padded.set(signal, 2 * REACH);
  const group = 64;
  for (let start = REACH; start < padded.length - REACH; start += group) {
    const end = Math.min(start + group, padded.length - REACH);
    const near = padded
      .subarray(Math.max(0, start - REACH), end + REACH)
      .reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (near * bound <= peak) continue;
    for (let n = start; n < end; ++n) {
      const coarse = Math.max(...[0, 4, 8, 12].map((phase) => Math.abs(interpolate(padded, n, phase))));
      if (coarse < COARSE_SHARE * peak) continue;
      for (let phase = 0; phase < OVERSAMPLING; ++phase) peak = Math.max(peak, Math.abs(interpolate(padded, n, phase)));
    }
  }
  return 20 * Math.log10(peak);
};
