import { cos, PI } from "./math";

/** Bins on each side of a line that carry it. */
const REACH: i32 = 8;
/** Bins nearer than this to a line belong to it alone; the others tell what lies around it. */
const CORE: f64 = 2;

/** Transform of the square root of Hann at x bins from its middle, 1 at most: its phase is taken out by (-1)^bin. */
function windowAt(x: f64): f64 {
  const rest = 1 - 4 * x * x;
  return abs(rest) < 1e-6 ? 0.25 * PI : cos(PI * x) / rest;
}

/** One sinusoid in the spectrum of a frame that was windowed with the square root of Hann: reads and writes it by least squares. */
export class HumLine {
  /** Complex amplitude that was read, referred to the middle of the frame. */
  re: f64 = 0;
  im: f64 = 0;
  /** One over the variance of its real and imaginary part together, from the bins around it. */
  weight: f64 = 0;
  private readonly shape: StaticArray<f64> = new StaticArray<f64>(2 * REACH + 2);
  /** Amplitude of a sinusoid of 1 in the spectrum. */
  private readonly scale: f64;
  private readonly least: f64;

  /** `size` is that of the transform. */
  constructor(size: i32) {
    this.scale = <f64>size / PI;
    // -140 dBFS a bin: what lies around a line is never taken for less.
    this.least = 1e-14 * <f64>size;
  }

  /** Bins above a line that it needs. */
  static bins(): i32 {
    return REACH + 3;
  }

  /** Whether a line at `place` (in bins) has room among so many bins. */
  static fits(place: f64, bins: i32): bool {
    return place > 2 && place < <f64>(bins - REACH - 2);
  }

  private prepare(place: f64): i32 {
    const first = <i32>floor(place) - REACH;
    for (let i = 0; i < 2 * REACH + 2; ++i) this.shape[i] = windowAt(<f64>(first + i) - place);
    return first;
  }

  /** Reads the line at `place`. */
  read(re: usize, im: usize, place: f64): void {
    const first = this.prepare(place);
    let sumRe: f64 = 0;
    let sumIm: f64 = 0;
    let power: f64 = 0;
    for (let i = max(0, -first); i < 2 * REACH + 2; ++i) {
      const shape = (first + i) & 1 ? -this.shape[i] : this.shape[i];
      const at = (<usize>(first + i)) << 2;
      sumRe += shape * <f64>load<f32>(re + at);
      sumIm += shape * <f64>load<f32>(im + at);
      power += shape * shape;
    }
    sumRe /= power;
    sumIm /= power;
    const around = max(this.around(re, im, first, place, sumRe, sumIm), this.least);
    this.weight = (power / around) * this.scale * this.scale;
    this.re = sumRe / this.scale;
    this.im = sumIm / this.scale;
  }

  /** Mean power of the bins beside the line once it is taken out. */
  private around(re: usize, im: usize, first: i32, place: f64, lineRe: f64, lineIm: f64): f64 {
    let sum: f64 = 0;
    let count: f64 = 0;
    for (let i = max(0, -first); i < 2 * REACH + 2; ++i) {
      if (abs(<f64>(first + i) - place) < CORE) continue;
      const shape = (first + i) & 1 ? -this.shape[i] : this.shape[i];
      const at = (<usize>(first + i)) << 2;
      const restRe = <f64>load<f32>(re + at) - lineRe * shape;
      const restIm = <f64>load<f32>(im + at) - lineIm * shape;
      sum += restRe * restRe + restIm * restIm;
      count += 1;
    }
    return sum / count;
  }

  /** Adds a line of a complex amplitude at `place`. */
  write(re: usize, im: usize, place: f64, amplitudeRe: f64, amplitudeIm: f64): void {
    const first = this.prepare(place);
    for (let i = max(0, -first); i < 2 * REACH + 2; ++i) {
      const shape = ((first + i) & 1 ? -this.shape[i] : this.shape[i]) * this.scale;
      const at = (<usize>(first + i)) << 2;
      store<f32>(re + at, load<f32>(re + at) + <f32>(amplitudeRe * shape));
      store<f32>(im + at, load<f32>(im + at) + <f32>(amplitudeIm * shape));
    }
  }
}
