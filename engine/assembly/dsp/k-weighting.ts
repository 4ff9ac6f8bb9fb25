import { cos, exp, PI, sin, tan } from "./math";

const SHELF_HZ: f64 = 1681.974450955533;
const SHELF_Q: f64 = 0.7071752369554196;
/** Linear gain of the shelf's top and of its middle. */
const SHELF_TOP: f64 = 1.5848647011308556;
const SHELF_MIDDLE: f64 = 1.2587209302325617;
const PASS_HZ: f64 = 38.13547087602444;
const PASS_Q: f64 = 0.5003270373238773;
/** Below this rate the bilinear transform bends the shelf by more than 0.01 dB; the matched design holds 0.04 dB down to 8 kHz. */
const MATCHED_BELOW_RATE: f64 = 32000;
const MATCHED_AT_HZ: f64 = 1000;
const STATE_FLOOR: f64 = 1e-20;

/**
 * K weighting of one channel pair at any rate, ITU-R BS.1770-5 annex 1. At 48 kHz the coefficients are the Recommendation's; other
 * rates are designed from the analog prototype behind them.
 */
export class KWeighting {
  private readonly shelf: StaticArray<f64> = new StaticArray<f64>(5);
  private readonly pass: StaticArray<f64> = new StaticArray<f64>(3);
  /** Four f64x2 states: two of the shelf, two of the high-pass. */
  private readonly state: StaticArray<f64> = new StaticArray<f64>(8);

  constructor(sampleRate: f64) {
    if (sampleRate < MATCHED_BELOW_RATE) designMatchedShelf(sampleRate, this.shelf);
    else designShelf(sampleRate, this.shelf);
    designPass(sampleRate, this.pass);
  }

  reset(): void {
    this.state.fill(0);
  }

  /** Clears states too small to be heard: WebAssembly cannot flush subnormals by itself. */
  settle(): void {
    for (let i = 0; i < 8; ++i) {
      if (abs(unchecked(this.state[i])) < STATE_FLOOR) this.state[i] = 0;
    }
  }

  /** Adds the energies of both channels over `frames` interleaved f32 frames at `io` to the f64x2 at `sums`; NaN and infinity count as 0. */
  addEnergy(io: usize, frames: i32, sums: usize): void {
    const state = changetype<usize>(this.state);
    let s1 = v128.load(state);
    let s2 = v128.load(state, 16);
    let p1 = v128.load(state, 32);
    let p2 = v128.load(state, 48);
    let sum = v128.load(sums);
    const b0 = f64x2.splat(unchecked(this.shelf[0]));
    const b1 = f64x2.splat(unchecked(this.shelf[1]));
    const b2 = f64x2.splat(unchecked(this.shelf[2]));
    const a1 = f64x2.splat(unchecked(this.shelf[3]));
    const a2 = f64x2.splat(unchecked(this.shelf[4]));
    const gain = f64x2.splat(unchecked(this.pass[0]));
    const c1 = f64x2.splat(unchecked(this.pass[1]));
    const c2 = f64x2.splat(unchecked(this.pass[2]));
    const infinity = f64x2.splat(Infinity);
    const end = io + ((<usize>frames) << 3);
    for (let at = io; at < end; at += 8) {
      let x = f64x2.promote_low_f32x4(v128.load64_zero(at));
      x = v128.and(x, f64x2.lt(f64x2.abs(x), infinity));
      const y = f64x2.add(f64x2.mul(b0, x), s1);
      s1 = f64x2.add(f64x2.sub(f64x2.mul(b1, x), f64x2.mul(a1, y)), s2);
      s2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
      const high = f64x2.mul(gain, y);
      const z = f64x2.add(high, p1);
      p1 = f64x2.sub(f64x2.sub(p2, f64x2.add(high, high)), f64x2.mul(c1, z));
      p2 = f64x2.sub(high, f64x2.mul(c2, z));
      sum = f64x2.add(sum, f64x2.mul(z, z));
    }
    v128.store(state, s1);
    v128.store(state, s2, 16);
    v128.store(state, p1, 32);
    v128.store(state, p2, 48);
    v128.store(sums, sum);
  }
}

function tanOf(hz: f64, sampleRate: f64): f64 {
  return tan((PI * hz) / sampleRate);
}

/** Bilinear transform of the shelf, exact at its corner. */
function designShelf(sampleRate: f64, to: StaticArray<f64>): void {
  const k = tanOf(SHELF_HZ, sampleRate);
  const a0 = 1 + k / SHELF_Q + k * k;
  to[0] = (SHELF_TOP + (SHELF_MIDDLE * k) / SHELF_Q + k * k) / a0;
  to[1] = (2 * (k * k - SHELF_TOP)) / a0;
  to[2] = (SHELF_TOP - (SHELF_MIDDLE * k) / SHELF_Q + k * k) / a0;
  to[3] = (2 * (k * k - 1)) / a0;
  to[4] = (1 - k / SHELF_Q + k * k) / a0;
}

/** The high-pass keeps the gain that it has at 48 kHz (the Recommendation leaves its numerator 1, -2, 1). */
function designPass(sampleRate: f64, to: StaticArray<f64>): void {
  const k = tanOf(PASS_HZ, sampleRate);
  const k48 = tanOf(PASS_HZ, 48000);
  const a0 = 1 + k / PASS_Q + k * k;
  to[0] = (1 + k48 / PASS_Q + k48 * k48) / a0;
  to[1] = (2 * (k * k - 1)) / a0;
  to[2] = (1 - k / PASS_Q + k * k) / a0;
}

/** Squared magnitude at `hz` of the second-order polynomial 1, z^-1, z^-2 with coefficients c0, c1, c2. */
function squaredMagnitude(c0: f64, c1: f64, c2: f64, hz: f64, sampleRate: f64): f64 {
  const s = sin((PI * hz) / sampleRate);
  const p1 = s * s;
  const p0 = 1 - p1;
  const sum = c0 + c1 + c2;
  const difference = c0 - c1 + c2;
  return sum * sum * p0 + difference * difference * p1 - 16 * c0 * c2 * p0 * p1;
}

function shelfPowerAt48k(hz: f64): f64 {
  const at48k = new StaticArray<f64>(5);
  designShelf(48000, at48k);
  return squaredMagnitude(at48k[0], at48k[1], at48k[2], hz, 48000) / squaredMagnitude(1, at48k[3], at48k[4], hz, 48000);
}

/** Poles by impulse invariance, zeros so that the power is right at 0 Hz, 1 kHz and half the rate. After Vicanek, Matched Second Order Digital Filters, 2016. */
function designMatchedShelf(sampleRate: f64, to: StaticArray<f64>): void {
  const angle = (2 * PI * SHELF_HZ) / sampleRate;
  const damping = 0.5 / SHELF_Q;
  const radius = exp(-damping * angle);
  const a1 = -2 * radius * cos(sqrt(1 - damping * damping) * angle);
  const a2 = radius * radius;
  const s = sin((PI * MATCHED_AT_HZ) / sampleRate);
  const p1 = s * s;
  const p0 = 1 - p1;
  const atZero = (1 + a1 + a2) * (1 + a1 + a2);
  const atHalf = (1 - a1 + a2) * (1 - a1 + a2) * shelfPowerAt48k(0.5 * sampleRate);
  const wanted = shelfPowerAt48k(MATCHED_AT_HZ) * squaredMagnitude(1, a1, a2, MATCHED_AT_HZ, sampleRate);
  const curve = (wanted - atZero * p0 - atHalf * p1) / (4 * p0 * p1);
  const middle = 0.5 * (sqrt(atZero) + sqrt(atHalf));
  const b0 = 0.5 * (middle + sqrt(middle * middle + curve));
  to[0] = b0;
  to[1] = 0.5 * (sqrt(atZero) - sqrt(atHalf));
  to[2] = -curve / (4 * b0);
  to[3] = a1;
  to[4] = a2;
}
