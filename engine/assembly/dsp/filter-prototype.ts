/** Shapes of the digital numerator: free, double or single zero at 0 Hz, double zero on the unit circle at the frequency. */
export const NUMERATOR_FREE: i32 = 0;
export const NUMERATOR_HIGH_2: i32 = 1;
export const NUMERATOR_HIGH_1: i32 = 2;
export const NUMERATOR_NOTCH: i32 = 3;

/**
 * Squared magnitude of an analogue section, (p0 + p1 x + p2 x^2) / (q0 + q1 x + q2 x^2) with x = (f / frequencyHz)^2.
 * Gains are boosts: cuts are inverted boosts.
 */
export class FilterPrototype {
  frequencyHz: f64 = 1000;
  /** Where the fit must look closely: centre frequency over bandwidth. */
  q: f64 = 0.7;
  numerator: i32 = NUMERATOR_FREE;
  p0: f64 = 1;
  p1: f64 = 0;
  p2: f64 = 0;
  q0: f64 = 1;
  q1: f64 = 0;
  q2: f64 = 0;
  /** Stopbands count less: their error is in the dB that nobody hears. */
  hasStopband: bool = false;

  magnitudeSquared(frequencyHz: f64): f64 {
    const ratio = frequencyHz / this.frequencyHz;
    const x = ratio * ratio;
    return (this.p0 + x * (this.p1 + x * this.p2)) / (this.q0 + x * (this.q1 + x * this.q2));
  }

  private set(numerator: i32, stopband: bool, p0: f64, p1: f64, p2: f64, q0: f64, q1: f64, q2: f64): void {
    this.numerator = numerator;
    this.hasStopband = stopband;
    this.p0 = p0;
    this.p1 = p1;
    this.p2 = p2;
    this.q0 = q0;
    this.q1 = q1;
    this.q2 = q2;
  }

  /** `amplitude` = 10^(gainDb / 40), at least 1. */
  bell(amplitude: f64, q: f64): void {
    const rise = amplitude / q;
    const fall = 1 / (amplitude * q);
    this.set(NUMERATOR_FREE, false, 1, rise * rise - 2, 1, 1, fall * fall - 2, 1);
    this.q = q;
  }

  /** `amplitude` = 10^(gainDb / 40), at least 1. */
  lowShelf(amplitude: f64, q: f64): void {
    const a = amplitude;
    const damping = a / (q * q) - 2 * a;
    this.set(NUMERATOR_FREE, false, a * a * a * a, a * a * damping, a * a, 1, damping, a * a);
    this.q = q;
  }

  /** First-order turn by `amplitude`^4 (power) from the lowest to the highest frequency, 1 in the middle; `amplitude` at least 1. */
  tilt(amplitude: f64): void {
    const a = amplitude * amplitude;
    this.set(NUMERATOR_FREE, false, 1, a, 0, a, 1, 0);
    this.q = 0.5;
  }

  lowPass2(q: f64): void {
    this.set(NUMERATOR_FREE, true, 1, 0, 0, 1, 1 / (q * q) - 2, 1);
    this.q = q;
  }

  lowPass1(): void {
    this.set(NUMERATOR_FREE, true, 1, 0, 0, 1, 1, 0);
    this.q = 0.5;
  }

  highPass2(q: f64): void {
    this.set(NUMERATOR_HIGH_2, true, 0, 0, 1, 1, 1 / (q * q) - 2, 1);
    this.q = q;
  }

  highPass1(): void {
    this.set(NUMERATOR_HIGH_1, true, 0, 1, 0, 1, 1, 0);
    this.q = 0.5;
  }

  notch(q: f64): void {
    this.set(NUMERATOR_NOTCH, true, 1, -2, 1, 1, 1 / (q * q) - 2, 1);
    this.q = q;
  }
}
