/** Second-order section (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2). */
export class Biquad {
  b0: f64 = 1;
  b1: f64 = 0;
  b2: f64 = 0;
  a1: f64 = 0;
  a2: f64 = 0;

  copyFrom(other: Biquad): void {
    this.b0 = other.b0;
    this.b1 = other.b1;
    this.b2 = other.b2;
    this.a1 = other.a1;
    this.a2 = other.a2;
  }

  scale(gain: f64): void {
    this.b0 *= gain;
    this.b1 *= gain;
    this.b2 *= gain;
  }

  /** Poles become zeros and zeros poles; both lie inside the unit circle. */
  invert(): void {
    const gain = 1 / this.b0;
    const b1 = this.b1 * gain;
    const b2 = this.b2 * gain;
    this.b0 = gain;
    this.b1 = this.a1 * gain;
    this.b2 = this.a2 * gain;
    this.a1 = b1;
    this.a2 = b2;
  }

  /** Radius of the pole that rings longest. */
  get poleRadius(): f64 {
    const discriminant = 0.25 * this.a1 * this.a1 - this.a2;
    return discriminant < 0 ? sqrt(this.a2) : 0.5 * abs(this.a1) + sqrt(discriminant);
  }
}
