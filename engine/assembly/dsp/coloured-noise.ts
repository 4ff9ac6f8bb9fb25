import { gaussian, mixBits } from "./counter-noise";
import { exp, PI } from "./math";

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
/** A section in memory: pole, zero, last input and last output, each for left and right. */
const SECTION_BYTES: usize = 64;

/** Two channels of noise with a known RMS that know nothing of each other: white, -3 dB per octave (pink) or -6 dB per octave (brown). */
export class ColouredNoise {
  private readonly filters: usize;
  private sections: i32 = 0;
  private topZero: f64 = 0;
  private topInput: v128 = f64x2.splat(0);
  private readonly left: u64;
  private readonly right: u64;
  private readonly settleFrames: i64;
  private gain: v128 = f64x2.splat(1);
  private position: i64 = 0;

  constructor(colour: i32, sampleRate: f64, rms: f64, seed: u32) {
    this.filters = heap.alloc(<usize>MAX_SECTIONS * SECTION_BYTES);
    this.left = mixBits(((<u64>seed) << 8) | 1);
    this.right = mixBits(((<u64>seed) << 8) | 2);
    this.settleFrames = colour == WHITE ? 0 : <i64>(SETTLE_SECONDS * sampleRate);
    if (colour == PINK) this.addPinkSections(sampleRate);
    if (colour == BROWN) this.addBrownSection(sampleRate);
    this.gain = f64x2.splat(rms / sqrt(this.energy()));
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
    const at = this.filters + <usize>this.sections * SECTION_BYTES;
    v128.store(at, f64x2.splat(exp((-2 * PI * poleHz) / sampleRate)));
    v128.store(at, f64x2.splat(zeroHz > 0 ? exp((-2 * PI * zeroHz) / sampleRate) : 0), 16);
    this.sections += 1;
  }

  /** Energy of the filter's impulse response: the power that it gives to noise of power 1. */
  private energy(): f64 {
    this.clear();
    let sum: f64 = 0;
    const frames = this.settleFrames + 1;
    for (let i: i64 = 0; i < frames; ++i) {
      const value = f64x2.extract_lane(this.filter(f64x2.splat(i == 0 ? 1 : 0)), 0);
      sum += value * value;
    }
    return sum;
  }

  private clear(): void {
    for (let i = 0; i < this.sections; ++i) {
      memory.fill(this.filters + <usize>i * SECTION_BYTES + 32, 0, 32);
    }
    this.topInput = f64x2.splat(0);
  }

  /** Back to the first frame, with filters that have run for a while. */
  reset(): void {
    this.clear();
    this.position = -this.settleFrames;
    while (this.position < 0) this.next();
  }

  /** The next frame, left and right. */
  next(): v128 {
    const white = f64x2(gaussian(this.left, this.position), gaussian(this.right, this.position));
    this.position += 1;
    return f64x2.mul(this.filter(white), this.gain);
  }

  private filter(input: v128): v128 {
    let value = f64x2.add(input, f64x2.mul(f64x2.splat(this.topZero), this.topInput));
    this.topInput = input;
    const end = this.filters + <usize>this.sections * SECTION_BYTES;
    for (let at = this.filters; at < end; at += SECTION_BYTES) {
      const fallen = f64x2.mul(v128.load(at), v128.load(at, 48));
      const risen = f64x2.mul(v128.load(at, 16), v128.load(at, 32));
      v128.store(at, value, 32);
      value = f64x2.add(f64x2.sub(value, risen), fallen);
      v128.store(at, value, 48);
    }
    return value;
  }
}
