/** Figures of test signals, in f64; what a test compares with a number that a user would notice. */

export const toDb = (linear: number): number => 20 * Math.log10(Math.max(linear, 1e-30));

export const peakOf = (signal: ArrayLike<number>): number => {
  let peak = 0;
  for (let i = 0; i < signal.length; i += 1) peak = Math.max(peak, Math.abs(signal[i] ?? 0));
  return peak;
};
export const peakDb = (signal: ArrayLike<number>): number => toDb(peakOf(signal));

export const rmsOf = (signal: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < signal.length; i += 1) sum += (signal[i] ?? 0) ** 2;
  return Math.sqrt(sum / signal.length);
};
export const rmsDb = (signal: ArrayLike<number>): number => toDb(rmsOf(signal));

/** One channel of an interleaved signal. */
export const channelOf = (interleaved: Float32Array, channel: number, channels = 2): Float32Array =>
  Float32Array.from({ length: interleaved.length / channels }, (_, i) => interleaved[i * channels + channel] ?? 0);

export const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    // NaN must not pass for equal.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
};

export const allFinite = (signal: ArrayLike<number>): boolean => {
  for (let i = 0; i < signal.length; i += 1) if (!Number.isFinite(signal[i])) return false;
  return true;
};

/** Amplitude of one frequency in a stretch that holds a whole number of its periods (a single DFT bin). */
export const toneAmplitude = (signal: ArrayLike<number>, frequencyHz: number, sampleRate = 48_000): number => {
  const step = (2 * Math.PI * frequencyHz) / sampleRate;
  let re = 0;
  let im = 0;
  for (let i = 0; i < signal.length; i += 1) {
    re += (signal[i] ?? 0) * Math.cos(step * i);
    im += (signal[i] ?? 0) * Math.sin(step * i);
  }
  return (2 * Math.hypot(re, im)) / signal.length;
};

/** Magnitude in dB at a frequency of the filter whose impulse response this is. */
export const responseDb = (impulseResponse: ArrayLike<number>, frequencyHz: number, sampleRate = 48_000): number => {
  const step = (2 * Math.PI * frequencyHz) / sampleRate;
  let re = 0;
  let im = 0;
  for (let i = 0; i < impulseResponse.length; i += 1) {
    re += (impulseResponse[i] ?? 0) * Math.cos(step * i);
    im += (impulseResponse[i] ?? 0) * Math.sin(step * i);
  }
  return toDb(Math.hypot(re, im));
};

/** The shift in frames (0..maxLag) at which `delayed` looks most like `source`. */
export const bestLag = (source: Float32Array, delayed: Float32Array, maxLag: number): number => {
  let best = 0;
  let bestSum = Number.NEGATIVE_INFINITY;
  for (let lag = 0; lag <= maxLag; lag += 1) {
    let sum = 0;
    const end = Math.min(source.length, delayed.length - lag);
    for (let i = 0; i < end; i += 1) sum += (source[i] ?? 0) * (delayed[i + lag] ?? 0);
    if (sum > bestSum) [best, bestSum] = [lag, sum];
  }
  return best;
};

const binomial8 = [1, -8, 28, -56, 70, -56, 28, -8, 1];
/** What the eighth difference makes of a jump by 1. */
const JUMP_GAIN = 35;

/** Size of the largest jump in a stretch, by an eighth difference: tones below 1 kHz are 150 dB down, a jump by x reads x. */
export const clickPeak = (signal: Float32Array, from = 0, to = signal.length): number => {
  let peak = 0;
  for (let i = Math.max(from, 8); i < to; i += 1) {
    let sum = 0;
    for (let k = 0; k <= 8; k += 1) sum += (binomial8[k] ?? 0) * (signal[i - k] ?? 0);
    peak = Math.max(peak, Math.abs(sum) / JUMP_GAIN);
  }
  return peak;
};
