import { exp, PI } from "./math";
import { gaussian, mixBits } from "./counter-noise";

export const WHITE: i32 = 0;
export const PINK: i32 = 1;
export const BROWN: i32 = 2;

/** Where pink noise stops rising towards the bass, and the leak of brown noise, in Hz. */
const PINK_LOW_HZ: f64 = 10;
const BROWN_LOW_HZ: f64 = 20;
/** Corner frequencies of the pinking sections stand two octaves apart: ripple under 0.05 dB. */
const SECTION_STEP: f64 = 4;
const MAX_SECTIONS: i32 = 12;
/** Weights of the zero at half the rate that takes off what sampled sections pile up there; fitted for 22 to 192 kHz. */
const PINK_TOP_ZERO: f64 = 0.085;
const BROWN_TOP_ZERO: f64 = 0.14;
/** How long the filters run before the first frame, and how long their impulse response is summed, in seconds. */
const SETTLE_SECONDS: f64 = 0.5;

/** One channel of noise with a known RMS: white, -3 dB per octave (pink) or -6 dB per octave (brown). */
export class ColouredNoise {
  private readonly poles: StaticArray<f64> = new StaticArray<f64>(MAX_SECTIONS);
  private readonly zeros: StaticArray<f64> = new StaticArray<f64>(MAX_SECTIONS);
  private readonly inputs: StaticArray<f64> = new StaticArray<f64>(MAX_SECTIONS);
  private readonly outputs: StaticArray<f64> = new StaticArray<f64>(MAX_SECTIONS);
  private sections: i32 = 0;
  private topZero: f64 = 0;
  private topInput: f64 = 0;
  private readonly stream: u64;
  private readonly settleFrames: i64;
  private gain: f64 = 1;
  private position: i64 = 0;

  constructor(colour: i32, sampleRate: f64, rms: f64, seed: u32, channel: i32) {
    this.stream = mixBits(((<u64>seed) << 8) | (<u64>channel + 1));
    this.settleFrames = colour == WHITE ? 0 : <i64>(SETTLE_SECONDS * sampleRate);
    if (colour == PINK) this.addPinkSections(sampleRate);
    if (colour == BROWN) this.addBrownSection(sampleRate);
    this.gain = rms / sqrt(this.energy());
    this.reset();
  }

  /** One octave between pole and zero, one octave between zero and the next pole: a slope of -3 dB per octave. */
  private addPinkSections(sampleRate: f64): void {
    this.topZero = PINK_TOP_ZERO;
    for (let low = PINK_LOW_HZ; low < sampleRate * SECTION_STEP && this.sections < MAX_SECTIONS; low *= SECTION_STEP) {
      this.addSection(low, 2 * low, sampleRate);
    }
  }

  private addBrownSection(sampleRate: f64): void {
    this.topZero = BROWN_TOP_ZERO;
    this.addSection(BROWN_LOW_HZ, 0, sampleRate);
  }

  private addSection(poleHz: f64, zeroHz: f64, sampleRate: f64): void {
    this.poles[this.sections] = exp((-2 * PI * poleHz) / sampleRate);
    this.zeros[this.sections] = zeroHz > 0 ? exp((-2 * PI * zeroHz) / sampleRate) : 0;
    this.sections += 1;
  }

  /** Energy of the filter's impulse response: the power that it gives to noise of power 1. */
  private energy(): f64 {
    this.clear();
    let sum: f64 = 0;
    const frames = this.settleFrames + 1;
    for (let i: i64 = 0; i < frames; ++i) {
      const value = this.filter(i == 0 ? 1 : 0);
      sum += value * value;
    }
    return sum;
  }

  private clear(): void {
    this.inputs.fill(0);
    this.outputs.fill(0);
    this.topInput = 0;
  }

  /** Back to the first frame, with filters that have run for a while. */
  reset(): void {
    this.clear();
    this.position = -this.settleFrames;
    while (this.position < 0) this.next();
  }

  next(): f64 {
    const value = this.filter(gaussian(this.stream, this.position));
    this.position += 1;
    return value * this.gain;
  }

  private filter(input: f64): f64 {
    let value = input + this.topZero * this.topInput;
    this.topInput = input;
    for (let i = 0; i < this.sections; ++i) {
      const output = value - this.zeros[i] * this.inputs[i] + this.poles[i] * this.outputs[i];
      this.inputs[i] = value;
      this.outputs[i] = output;
      value = output;
    }
    return value;
  }
}
