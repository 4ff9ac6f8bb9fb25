import { PI } from "./math";

/** How far the frequency may wander from one frame to the next, in Hz. */
const WANDER_HZ: f64 = 0.006;
const WANDER_RADIANS: f64 = 1e-3;
/** Doubt at the start. */
const START_HZ: f64 = 0.06;
const START_RADIANS: f64 = 1;
/** Never more doubt than this. */
const MOST_DOUBT_HZ: f64 = 0.3;

/**
 * Phase (radians) and frequency (Hz) of a slowly drifting tone, frame by frame: a Kalman filter forwards and the smoother of Rauch,
 * Tung and Striebel (AIAA Journal 3(8), 1965) backwards over the frames that are kept.
 */
export class HumPhase {
  phase: f64 = 0;
  hz: f64 = 50;
  /** Variances and covariance of both. */
  private varPhase: f64 = 0;
  private cov: f64 = 0;
  private varHz: f64 = 0;
  private newest: i32 = 0;
  /** Filtered states of the last frames, five numbers each, and the smoothed phase and frequency. */
  private readonly states: StaticArray<f64>;
  private readonly smoothed: StaticArray<f64>;

  constructor(
    private readonly length: i32,
    private readonly frameSeconds: f64,
  ) {
    this.states = new StaticArray<f64>(5 * length);
    this.smoothed = new StaticArray<f64>(2 * length);
  }

  /** Begins anew at a frequency: what came before is what leads here. */
  start(hz: f64): void {
    this.hz = hz;
    this.phase = 0;
    this.varPhase = START_RADIANS * START_RADIANS;
    this.cov = 0;
    this.varHz = START_HZ * START_HZ;
    const step = 2 * PI * hz * this.frameSeconds;
    for (let back = 0; back < this.length; ++back) this.keep(this.place(back), -step * <f64>back, hz, 1e6, 0, 1);
    this.keep(this.newest, 0, hz, this.varPhase, 0, this.varHz);
  }

  private place(back: i32): i32 {
    const place = this.newest - back;
    return place < 0 ? place + this.length : place;
  }

  private keep(place: i32, phase: f64, hz: f64, varPhase: f64, cov: f64, varHz: f64): void {
    const at = 5 * place;
    this.states[at] = phase;
    this.states[at + 1] = hz;
    this.states[at + 2] = varPhase;
    this.states[at + 3] = cov;
    this.states[at + 4] = varHz;
  }

  /** Goes on by one frame, on its own inertia. */
  predict(): void {
    const turn = 2 * PI * this.frameSeconds;
    this.phase += turn * this.hz;
    this.varPhase += turn * (2 * this.cov + turn * this.varHz) + WANDER_RADIANS * WANDER_RADIANS;
    this.cov += turn * this.varHz;
    this.varHz = min(this.varHz + WANDER_HZ * WANDER_HZ, MOST_DOUBT_HZ * MOST_DOUBT_HZ);
    this.newest = this.newest + 1 == this.length ? 0 : this.newest + 1;
  }

  /** Variance of the present phase in square radians. */
  get doubt(): f64 {
    return this.varPhase;
  }

  /** Corrects by a phase error that was seen with `information` (one over its variance), and keeps the state. */
  correct(error: f64, information: f64): void {
    if (information > 0) {
      const scale = 1 / (this.varPhase + 1 / information);
      const gainPhase = this.varPhase * scale;
      const gainHz = this.cov * scale;
      this.phase += gainPhase * error;
      this.hz += gainHz * error;
      this.varHz -= gainHz * this.cov;
      this.cov -= gainPhase * this.cov;
      this.varPhase -= gainPhase * this.varPhase;
    }
    this.keep(this.newest, this.phase, this.hz, this.varPhase, this.cov, this.varHz);
  }

  /** Works out phase and frequency of all frames that are kept, from what is known now. */
  smooth(): void {
    const turn = 2 * PI * this.frameSeconds;
    let phase = this.phase;
    let hz = this.hz;
    this.smoothed[0] = phase;
    this.smoothed[1] = hz;
    for (let back = 1; back < this.length; ++back) {
      const at = 5 * this.place(back);
      const a = this.states[at + 2];
      const b = this.states[at + 3];
      const c = this.states[at + 4];
      // Predicted covariance of the frame after it, and the gain P F' / that.
      const p = a + turn * (2 * b + turn * c) + WANDER_RADIANS * WANDER_RADIANS;
      const q = b + turn * c;
      const r = c + WANDER_HZ * WANDER_HZ;
      const determinant = p * r - q * q;
      const phaseError = phase - (this.states[at] + turn * this.states[at + 1]);
      const hzError = hz - this.states[at + 1];
      const along = (r * phaseError - q * hzError) / determinant;
      const across = (p * hzError - q * phaseError) / determinant;
      phase = this.states[at] + (a + turn * b) * along + b * across;
      hz = this.states[at + 1] + (b + turn * c) * along + c * across;
      this.smoothed[2 * back] = phase;
      this.smoothed[2 * back + 1] = hz;
    }
  }

  phaseBefore(back: i32): f64 {
    return this.smoothed[2 * back];
  }

  hzBefore(back: i32): f64 {
    return this.smoothed[2 * back + 1];
  }
}
