/** Figures of impulse responses of rooms, in f64. */

type Section = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];

const BUTTERWORTH_4 = [0.541_196_1, 1.306_563];

const cut = (frequencyHz: number, q: number, high: boolean, sampleRate: number): Section => {
  const k = Math.tan((Math.PI * Math.min(frequencyHz, 0.49 * sampleRate)) / sampleRate);
  const scale = 1 / (1 + k / q + k * k);
  const outer = high ? scale : k * k * scale;
  return [outer, high ? -2 * outer : 2 * outer, outer, 2 * (k * k - 1) * scale, (1 - k / q + k * k) * scale];
};

/** Fourth-order Butterworth cuts at the edges of an octave. */
const octaveBand = (centreHz: number, sampleRate: number): Section[] =>
  BUTTERWORTH_4.flatMap((q) => [
    cut(centreHz / Math.SQRT2, q, true, sampleRate),
    cut(centreHz * Math.SQRT2, q, false, sampleRate),
  ]);

const filtered = (signal: Float32Array, sections: readonly Section[]): Float64Array => {
  const out = Float64Array.from(signal);
  for (const [b0, b1, b2, a1, a2] of sections) {
    let [z1, z2] = [0, 0];
    for (let i = 0; i < out.length; i += 1) {
      const x = out[i] ?? 0;
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      out[i] = y;
    }
  }
  return out;
};

const powerAt = (sections: readonly Section[], frequencyHz: number, sampleRate: number): number => {
  const w = (2 * Math.PI * frequencyHz) / sampleRate;
  return sections.reduce((power, [b0, b1, b2, a1, a2]) => {
    const square = (c0: number, c1: number, c2: number) =>
      (c0 + c1 * Math.cos(w) + c2 * Math.cos(2 * w)) ** 2 + (c1 * Math.sin(w) + c2 * Math.sin(2 * w)) ** 2;
    return (power * square(b0, b1, b2)) / square(1, a1, a2);
  }, 1);
};

/** An octave of some impulse responses, filtered backwards so that the filter's own ringing does not lengthen the decay; squared, summed. */
const octaveEnergy = (responses: readonly Float32Array[], centreHz: number, sampleRate: number): Float64Array => {
  const energy = new Float64Array(responses[0]?.length ?? 0);
  for (const response of responses) {
    const band = filtered(response.slice().reverse(), octaveBand(centreHz, sampleRate)).reverse();
    for (let i = 0; i < energy.length; i += 1) energy[i] = (energy[i] ?? 0) + (band[i] ?? 0) ** 2;
  }
  return energy;
};

/** Decay time from a falling curve in dB, one value a millisecond: least squares from -5 to -35 dB (ISO 3382, T30), for 60 dB. */
const decayOf = (curveDb: readonly number[]): number => {
  const start = curveDb[0] ?? 0;
  const from = curveDb.findIndex((db) => db < start - 5);
  const to = curveDb.findIndex((db) => db < start - 35);
  const times = Array.from({ length: to - from }, (_, i) => from + i);
  const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
  const slope =
    times.reduce((sum, t) => sum + (t - mean) * (curveDb[t] ?? 0), 0) /
    times.reduce((sum, t) => sum + (t - mean) ** 2, 0);
  return -60 / slope / 1000;
};

/** T30 of one octave of some impulse responses together, in seconds (Schroeder's backward integration). */
export const octaveDecay = (responses: readonly Float32Array[], centreHz: number, sampleRate = 48_000): number => {
  const energy = octaveEnergy(responses, centreHz, sampleRate);
  const left = new Float64Array(energy.length);
  for (let i = energy.length - 1, sum = 0; i >= 0; i -= 1) {
    sum += energy[i] ?? 0;
    left[i] = sum;
  }
  const step = sampleRate / 1000;
  const curve = Array.from(
    { length: Math.floor(left.length / step) },
    (_, t) => 10 * Math.log10(left[Math.round(t * step)] ?? 0),
  );
  return decayOf(curve);
};

/** What `octaveDecay` would read of sound that dies away by exactly `rate` dB per second at each frequency. */
export const idealOctaveDecay = (
  rate: (frequencyHz: number) => number,
  centreHz: number,
  sampleRate = 48_000,
): number => {
  const band = octaveBand(centreHz, sampleRate);
  const points = Array.from({ length: 200 }, (_, i) => centreHz * 2 ** ((i - 100) / 66))
    .filter((frequencyHz) => frequencyHz < 0.49 * sampleRate)
    .map((frequencyHz) => ({
      slope: rate(frequencyHz),
      weight: (powerAt(band, frequencyHz, sampleRate) * frequencyHz) / rate(frequencyHz),
    }));
  const frames = Math.ceil(40_000 / Math.min(...points.map(({ slope }) => slope)));
  const curve = Array.from({ length: frames }, (_, t) =>
    points.reduce((sum, { slope, weight }) => sum + weight * 10 ** ((-slope * t) / 10_000), 0),
  );
  return decayOf(curve.map((energy) => 10 * Math.log10(energy)));
};

/** C50 of one octave: energy of the first 50 ms over the rest, in dB. */
export const clarityDb = (response: Float32Array, centreHz: number, sampleRate = 48_000): number => {
  const energy = octaveEnergy([response], centreHz, sampleRate);
  const sum = (part: Float64Array) => part.reduce((total, value) => total + value, 0);
  const border = 0.05 * sampleRate;
  return 10 * Math.log10(sum(energy.subarray(0, border)) / sum(energy.subarray(border)));
};

/** Normalised echo density around a time: 1 is as dense as noise (Abel and Huang, AES 121, 2006; 20 ms Hann window). */
export const echoDensity = (response: Float32Array, seconds: number, sampleRate = 48_000): number => {
  const half = 0.01 * sampleRate;
  const centre = Math.round(seconds * sampleRate);
  const window = Array.from({ length: 2 * half + 1 }, (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * i) / half));
  const total = window.reduce((sum, value) => sum + value, 0);
  const at = (i: number) => response[centre - half + i] ?? 0;
  const deviation = Math.sqrt(window.reduce((sum, value, i) => sum + (value / total) * at(i) ** 2, 0));
  const beyond = window.reduce((sum, value, i) => (Math.abs(at(i)) > deviation ? sum + value / total : sum), 0);
  return beyond / 0.317_310_5;
};

/** Correlation of two signals above a frequency. */
export const correlationAbove = (
  a: Float32Array,
  b: Float32Array,
  frequencyHz: number,
  sampleRate = 48_000,
): number => {
  const sections = BUTTERWORTH_4.map((q) => cut(frequencyHz, q, true, sampleRate));
  const [x, y] = [filtered(a, sections), filtered(b, sections)];
  const product = (p: Float64Array, q: Float64Array) => p.reduce((sum, value, i) => sum + value * (q[i] ?? 0), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
};
