import { cos, exp2, LOG2_PER_DB, PI, sin } from "./math";

/** Where the low and the high decay have gone half the way (in dB per second) to that of the middle. */
export const LOW_TURN_HZ: f64 = 200;
export const HIGH_TURN_HZ: f64 = 4000;

/**
 * How a room takes sound away, in dB per second: r_mid + (r_low - r_mid) / (1 + (f / 200 Hz)^2) + (r_high - r_mid) / (1 + (4 kHz / f)^2),
 * where r = 60 / decay time. What a pair of first-order shelves does when they do little, so that delay lines of any length agree.
 */
export class DecayCurve {
  middle: f64 = 50;
  low: f64 = 50;
  high: f64 = 50;

  set(decaySeconds: f64, lowRatio: f64, highRatio: f64): void {
    this.middle = 60 / decaySeconds;
    this.low = 60 / (decaySeconds * lowRatio);
    this.high = 60 / (decaySeconds * highRatio);
  }

  /** The slowest decay of all frequencies, dB per second. */
  get slowest(): f64 {
    return min(this.middle, min(this.low, this.high));
  }
}

/** Gain and the two first-order shelves of one delay line: g (b0 + b1/z) / (1 - p/z) (c0 + c1/z) / (1 - q/z), g in b0 and b1. */
export class LineFilter {
  b0: f64 = 0;
  b1: f64 = 0;
  p: f64 = 0;
  c0: f64 = 1;
  c1: f64 = 0;
  q: f64 = 0;

  /** For a line of `seconds`, with `gain` besides (Jot and Chaigne, AES 90, 1991: attenuation in proportion to the length). */
  design(curve: DecayCurve, seconds: f64, gain: f64, sampleRate: f64): void {
    const middle = exp2(-curve.middle * seconds * LOG2_PER_DB) * gain;
    const low = exp2((curve.middle - curve.low) * seconds * LOG2_PER_DB);
    const high = exp2((curve.middle - curve.high) * seconds * LOG2_PER_DB);
    // s = k (1 - 1/z) / (1 + 1/z); the low shelf is (s + sqrt(low)) / (s + 1 / sqrt(low)) at its turn, about half-way there in dB.
    const k = cotangent((PI * lowTurn(low, (curve.middle - curve.low) * seconds)) / sampleRate);
    const root = sqrt(low);
    const scale = 1 / (k + 1 / root);
    this.b0 = middle * (k + root) * scale;
    this.b1 = middle * (root - k) * scale;
    this.p = (k - 1 / root) * scale;
    const turn = min(highTurn(high, (curve.middle - curve.high) * seconds), 0.4 * sampleRate);
    const m = cotangent((PI * turn) / sampleRate);
    const highRoot = sqrt(high);
    const highScale = 1 / (m + highRoot);
    this.c0 = (high * m + highRoot) * highScale;
    this.c1 = (highRoot - high * m) * highScale;
    this.q = (m - highRoot) * highScale;
  }
}

/**
 * Shelves that do much turn more slowly than the curve: they are moved half the way to where they would agree with it an octave from
 * its turn on the side of the middle, where it has gone a fifth of the way.
 */
function lowTurn(gain: f64, gainDb: f64): f64 {
  const power = exp2(0.4 * gainDb * LOG2_PER_DB);
  if (abs(power - 1) < 1e-6) return LOW_TURN_HZ;
  return LOW_TURN_HZ * sqrt(2 / sqrt((power / gain - gain) / (1 - power)));
}

function highTurn(gain: f64, gainDb: f64): f64 {
  const power = exp2(0.4 * gainDb * LOG2_PER_DB);
  if (abs(power - 1) < 1e-6) return HIGH_TURN_HZ;
  return HIGH_TURN_HZ * sqrt(0.5 / sqrt((gain * (power - 1)) / (gain * gain - power)));
}

function cotangent(x: f64): f64 {
  return cos(x) / sin(x);
}
