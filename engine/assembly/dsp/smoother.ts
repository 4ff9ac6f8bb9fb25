import { onePole } from "./math";

/** Each of the three poles; together a step covers 10..90 % in about 5 ms. */
const POLE_MS: f64 = 1.25;
/** Distance at which the value jumps onto its target: -180 dB. */
const NEAR: f64 = 1e-9;

/**
 * A parameter on its way to its target: three equal poles in a row, so that value, slope and bend stay continuous even when the
 * target moves again before it is reached (a step leaves under -100 dBFS above 10 kHz). Lands on the target exactly.
 */
export class Smoother {
  value: f64 = 0;
  target: f64 = 0;
  private first: f64 = 0;
  private second: f64 = 0;
  private pole: f64 = 0;

  prepare(sampleRate: f64): void {
    this.pole = onePole(POLE_MS, sampleRate);
  }

  /** Stands on the target at once. */
  settle(): void {
    this.value = this.target;
    this.first = this.target;
    this.second = this.target;
  }

  get moving(): bool {
    return this.value != this.target || this.first != this.target || this.second != this.target;
  }

  /** The value of the next frame. */
  next(): f64 {
    const target = this.target;
    const pole = this.pole;
    this.first = target + (this.first - target) * pole;
    this.second = this.first + (this.second - this.first) * pole;
    this.value = this.second + (this.value - this.second) * pole;
    if (abs(this.value - target) + abs(this.second - target) + abs(this.first - target) < NEAR) this.settle();
    return this.value;
  }

  /** Writes the values of the next frames as f32. */
  fill(at: usize, frames: i32): void {
    for (let i = 0; i < frames; ++i) store<f32>(at + ((<usize>i) << 2), <f32>this.next());
  }
}
