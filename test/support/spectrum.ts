/** Power spectra of test signals, in f64. */

const bitReversed = (index: number, bits: number): number => {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit += 1) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
  return reversed;
};

/** In-place radix-2 transforms of one power of two. Cooley and Tukey, 1965. */
const transformOf = (size: number): ((re: Float64Array, im: Float64Array) => void) => {
  const bits = Math.log2(size);
  const order = Uint32Array.from({ length: size }, (_, i) => bitReversed(i, bits));
  const cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  const swap = (values: Float64Array, i: number, j: number) => {
    const held = values[i]!;
    values[i] = values[j]!;
    values[j] = held;
  };
  const butterfly = (re: Float64Array, im: Float64Array, a: number, b: number, turn: number) => {
    const x = re[b]! * cosines[turn]! - im[b]! * sines[turn]!;
    const y = re[b]! * sines[turn]! + im[b]! * cosines[turn]!;
    re[b] = re[a]! - x;
    im[b] = im[a]! - y;
    re[a] = re[a]! + x;
    im[a] = im[a]! + y;
  };
  return (re, im) => {
    order.forEach((j, i) => {
      if (j <= i) return;
      swap(re, i, j);
      swap(im, i, j);
    });
    for (let half = 1; half < size; half *= 2)
      for (let start = 0; start < size; start += 2 * half)
        for (let k = 0; k < half; k += 1) butterfly(re, im, start + k, start + k + half, (k * size) / (2 * half));
  };
};

/** Mean power per bin over Hann windows that overlap by half (Welch 1967); bins are sampleRate / size apart. */
export const powerSpectrum = (signal: ArrayLike<number>, size = 16_384): Float64Array => {
  const power = new Float64Array(size / 2);
  const transform = transformOf(size);
  const window = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
  for (let start = 0; start + size <= signal.length; start += size / 2) {
    const re = Float64Array.from({ length: size }, (_, i) => window[i]! * (signal[start + i] ?? 0));
    const im = new Float64Array(size);
    transform(re, im);
    for (let bin = 0; bin < power.length; bin += 1) power[bin]! += re[bin]! ** 2 + im[bin]! ** 2;
  }
  return power;
};

/** Mean density in dB of a third of an octave around a frequency. */
export const thirdOctaveDensityDb = (power: Float64Array, frequencyHz: number, sampleRate = 48_000): number => {
  const binHz = sampleRate / (2 * power.length);
  const first = Math.ceil((frequencyHz * 2 ** (-1 / 6)) / binHz);
  const last = Math.max(first, Math.floor((frequencyHz * 2 ** (1 / 6)) / binHz));
  let sum = 0;
  for (let bin = first; bin <= last; bin += 1) sum += power[bin] ?? 0;
  return 10 * Math.log10(sum / (last - first + 1));
};

const CENTRES = Array.from({ length: 24 }, (_, k) => 80 * 2 ** (k / 3)).filter((hz) => hz < 16_500);

/** Long-term spectrum of one signal less that of another, in dB, in thirds of an octave from 80 Hz to 16 kHz at 48 kHz. */
export const spectrumErrorsDb = (one: Float32Array, other: Float32Array): number[] => {
  const [first, second] = [powerSpectrum(one), powerSpectrum(other)];
  const frames = (signal: Float32Array) => 10 * Math.log10(Math.floor(signal.length / 8192) - 1);
  const level = frames(one) - frames(other);
  return CENTRES.map((hz) => thirdOctaveDensityDb(first, hz) - thirdOctaveDensityDb(second, hz) - level);
};

/** Autocorrelation at every lag below half the (padded) length, 1 at lag 0 (Wiener and Khinchin). */
export const autocorrelation = (signal: ArrayLike<number>): Float64Array => {
  const size = 2 ** Math.ceil(Math.log2(2 * signal.length));
  const transform = transformOf(size);
  const re = Float64Array.from({ length: size }, (_, i) => signal[i] ?? 0);
  const im = new Float64Array(size);
  transform(re, im);
  for (let bin = 0; bin < size; bin += 1) re[bin] = re[bin]! ** 2 + im[bin]! ** 2;
  im.fill(0);
  transform(re, im);
  const power = re[0]!;
  return re.subarray(0, signal.length).map((sum) => sum / power);
};
