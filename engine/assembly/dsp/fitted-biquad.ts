import { Biquad } from "./biquad";
import { FilterPrototype, NUMERATOR_FREE, NUMERATOR_HIGH_1, NUMERATOR_HIGH_2 } from "./filter-prototype";
import { LeastSquares } from "./least-squares";
import { cos, exp, exp2, log, PI, sin } from "./math";

const WIDE_POINTS: i32 = 96;
const NEAR_POINTS: i32 = 32;
const POINTS: i32 = WIDE_POINTS + NEAR_POINTS;
const LOWEST_HZ: f64 = 20;
/** 10 / ln 10: dB of a power per unit of its natural logarithm. */
const DB: f64 = 4.342944819032518;
const MAX_STEPS: i32 = 40;
const MAX_TRIALS: i32 = 10;
/** Largest move of a logarithm in one step. */
const MAX_MOVE: f64 = 4;
/** A step that gains less than this share of the cost is the last one. */
const ENOUGH: f64 = 1e-3;

/**
 * Fits a biquad to an analogue section, so that its curve holds up to 20 kHz where the bilinear transform cramps. On a logarithmic
 * grid the dB error is brought down by Levenberg and Marquardt, first its 2nd powers, then its 4th and 8th, which approach the
 * minimax. The unknowns are squared magnitudes, rational in t = sin^2(w/2) / sin^2(w0/2) (the form of Vicanek, "Matched Second Order
 * Digital Filters", 2016), so that every positive solution has its poles and zeros inside the unit circle.
 */
export class FittedBiquad {
  private readonly t: StaticArray<f64> = new StaticArray<f64>(POINTS);
  private readonly target: StaticArray<f64> = new StaticArray<f64>(POINTS);
  private readonly weight: StaticArray<f64> = new StaticArray<f64>(POINTS);
  private readonly numerators: StaticArray<f64> = new StaticArray<f64>(POINTS);
  private readonly denominators: StaticArray<f64> = new StaticArray<f64>(POINTS);
  private readonly errors: StaticArray<f64> = new StaticArray<f64>(POINTS);
  private readonly equations: LeastSquares = new LeastSquares(5);
  private readonly row: StaticArray<f64> = new StaticArray<f64>(5);
  private readonly step: StaticArray<f64> = new StaticArray<f64>(5);
  /** ln of the numerator's scale (or ln N(0), n1, ln N(end) when it is free), then d1, ln D(end). */
  private readonly unknowns: StaticArray<f64> = new StaticArray<f64>(5);
  private readonly tried: StaticArray<f64> = new StaticArray<f64>(5);
  private readonly best: StaticArray<f64> = new StaticArray<f64>(5);
  private bestError: f64 = 0;
  private readonly sampleRate: f64;
  private readonly highestHz: f64;
  private form: i32 = NUMERATOR_FREE;
  private size: i32 = 5;
  /** sin^2(w0/2), and t at the Nyquist frequency. */
  private phi0: f64 = 1;
  private end: f64 = 1;
  // N = n0 + n1 t + n2 t^2 (or scale * base) and D = 1 + d1 t + d2 t^2 of the unknowns last unpacked.
  private n0: f64 = 0;
  private n1: f64 = 0;
  private n2: f64 = 0;
  private d1: f64 = 0;
  private d2: f64 = 0;

  constructor(sampleRate: f64) {
    this.sampleRate = sampleRate;
    this.highestHz = sampleRate < 44100 ? 0.4535 * sampleRate : max<f64>(20000, (sampleRate * 5) / 12);
  }

  /** Writes the section that follows the prototype best. */
  fit(prototype: FilterPrototype, to: Biquad): void {
    this.form = prototype.numerator;
    this.size = this.form == NUMERATOR_FREE ? 5 : 3;
    const nearHz = min(prototype.frequencyHz, 0.49 * this.sampleRate);
    this.phi0 = this.phi(nearHz);
    this.end = 1 / this.phi0;
    this.layGrid(prototype);
    this.start(prototype, nearHz);
    this.bestError = Infinity;
    for (let power = 1; power <= 4; power += power) this.descend(power);
    this.unpack(this.bestError < Infinity ? this.best : this.unknowns);
    this.factor(to);
  }

  private phi(frequencyHz: f64): f64 {
    const s = sin((PI * frequencyHz) / this.sampleRate);
    return s * s;
  }

  /** 20 Hz to the top in equal ratios, and more points around the frequency, the closer the narrower the section. */
  private layGrid(prototype: FilterPrototype): void {
    const wide = this.highestHz / LOWEST_HZ;
    const octaves = 1.5 / max<f64>(prototype.q, 0.5);
    for (let i = 0; i < POINTS; ++i) {
      const near = (2 * <f64>(i - WIDE_POINTS)) / <f64>(NEAR_POINTS - 1) - 1;
      const frequency =
        i < WIDE_POINTS
          ? LOWEST_HZ * exp((log(wide) * <f64>i) / <f64>(WIDE_POINTS - 1))
          : max(LOWEST_HZ, min(this.highestHz, prototype.frequencyHz * exp2(octaves * near)));
      const power = max<f64>(prototype.magnitudeSquared(frequency), 1e-12);
      this.t[i] = this.phi(frequency) / this.phi0;
      this.target[i] = log(power);
      this.weight[i] = prototype.hasStopband ? min<f64>(1, sqrt(sqrt(power))) : 1;
    }
  }

  /** Impulse-invariant poles with a numerator through three points, or the bilinear transform where that is not positive. */
  private start(prototype: FilterPrototype, nearHz: f64): void {
    this.startPoles(prototype, (2 * PI * nearHz) / this.sampleRate);
    const end = this.end;
    const atEnd = prototype.magnitudeSquared(0.5 * this.sampleRate) * this.denominator(end);
    if (this.form != NUMERATOR_FREE) {
      this.n0 = atEnd / this.base(end);
      this.pack();
      return;
    }
    const middleHz = nearHz < 0.45 * this.sampleRate ? nearHz : 0.7 * nearHz;
    const middle = this.phi(middleHz) / this.phi0;
    this.n0 = prototype.p0 / prototype.q0;
    const toMiddle = (prototype.magnitudeSquared(middleHz) * this.denominator(middle) - this.n0) / middle;
    const toEnd = (atEnd - this.n0) / end;
    this.n2 = (toEnd - toMiddle) / (end - middle);
    this.n1 = toMiddle - this.n2 * middle;
    if (!this.isPositive()) this.startBilinear(prototype);
    this.pack();
  }

  private startPoles(prototype: FilterPrototype, w0: f64): void {
    let a1: f64 = 0;
    let a2: f64 = 0;
    if (prototype.q2 == 0) {
      a1 = -exp(-w0 * sqrt(prototype.q0 / prototype.q1));
    } else {
      const w = w0 * sqrt(sqrt(prototype.q0 / prototype.q2));
      const damping = 0.5 * sqrt(max<f64>(prototype.q1 / sqrt(prototype.q0 * prototype.q2) + 2, 0));
      const spread = damping * damping - 1;
      a2 = exp(-2 * damping * w);
      if (spread <= 0) a1 = -2 * exp(-damping * w) * cos(sqrt(-spread) * w);
      else a1 = -exp((sqrt(spread) - damping) * w) - exp((-sqrt(spread) - damping) * w);
    }
    const low = (1 + a1 + a2) * (1 + a1 + a2);
    const high = (1 - a1 + a2) * (1 - a1 + a2);
    this.d1 = ((high - low - 16 * a2) * this.phi0) / low;
    this.d2 = (16 * a2 * this.phi0 * this.phi0) / low;
  }

  private startBilinear(prototype: FilterPrototype): void {
    const phi0 = this.phi0;
    const k = (1 - phi0) / phi0;
    const scale = 1 / prototype.q0;
    this.n0 = prototype.p0 * scale;
    this.n1 = (prototype.p1 * k - 2 * prototype.p0) * phi0 * scale;
    this.n2 = (prototype.p0 - prototype.p1 * k + prototype.p2 * k * k) * phi0 * phi0 * scale;
    this.d1 = (prototype.q1 * k - 2 * prototype.q0) * phi0 * scale;
    this.d2 = (prototype.q0 - prototype.q1 * k + prototype.q2 * k * k) * phi0 * phi0 * scale;
    // A zero or pole at the Nyquist frequency itself has no logarithm.
    const end2 = this.end * this.end;
    const floor = 1e-6 * this.denominator(0.5 * this.end);
    if (this.denominator(this.end) < floor) this.d2 += floor / end2;
    if (this.numerator(this.end) < floor)
      this.n2 += (prototype.magnitudeSquared(0.5 * this.sampleRate) * this.denominator(this.end)) / end2;
  }

  private base(t: f64): f64 {
    if (this.form == NUMERATOR_HIGH_2) return t * t;
    return this.form == NUMERATOR_HIGH_1 ? t : (1 - t) * (1 - t);
  }

  private numerator(t: f64): f64 {
    return this.form == NUMERATOR_FREE
      ? this.n0 + t * (this.n1 + t * this.n2)
      : max<f64>(this.n0 * this.base(t), 1e-300);
  }

  private denominator(t: f64): f64 {
    return 1 + t * (this.d1 + t * this.d2);
  }

  private isPositive(): bool {
    if (!(this.numerator(this.end) > 0) || !(this.denominator(this.end) > 0) || !(this.n0 > 0)) return false;
    for (let i = 0; i < POINTS; ++i) {
      if (!(this.numerator(this.t[i]) > 0) || !(this.denominator(this.t[i]) > 0)) return false;
    }
    return true;
  }

  private pack(): void {
    const last = this.size - 1;
    this.unknowns[0] = log(this.n0);
    if (this.form == NUMERATOR_FREE) {
      this.unknowns[1] = this.n1;
      this.unknowns[2] = log(this.numerator(this.end));
    }
    this.unknowns[last - 1] = this.d1;
    this.unknowns[last] = log(this.denominator(this.end));
  }

  private unpack(unknowns: StaticArray<f64>): void {
    const last = this.size - 1;
    const end = this.end;
    this.n0 = exp(unknowns[0]);
    if (this.form == NUMERATOR_FREE) {
      this.n1 = unknowns[1];
      this.n2 = (exp(unknowns[2]) - this.n0 - this.n1 * end) / (end * end);
    }
    this.d1 = unknowns[last - 1];
    this.d2 = (exp(unknowns[last]) - 1 - this.d1 * end) / (end * end);
  }

  /** dB errors of some unknowns; gives the sum of their 2 * power-th powers (of tenths of a dB), or infinity outside the domain. */
  private evaluate(unknowns: StaticArray<f64>, power: i32): f64 {
    this.unpack(unknowns);
    let cost: f64 = 0;
    for (let i = 0; i < POINTS; ++i) {
      const n = this.numerator(this.t[i]);
      const d = this.denominator(this.t[i]);
      if (!(n > 0) || !(d > 0)) return Infinity;
      this.numerators[i] = n;
      this.denominators[i] = d;
      const error = DB * (log(n / d) - this.target[i]) * this.weight[i];
      this.errors[i] = error;
      let term = 100 * error * error;
      if (power > 1) term *= term;
      if (power > 2) term *= term;
      cost += term;
    }
    return cost;
  }

  private largestError(): f64 {
    let largest: f64 = 0;
    for (let i = 0; i < POINTS; ++i) largest = max(largest, abs(this.errors[i]));
    return largest;
  }

  /** Levenberg and Marquardt on |error|^power, from the present unknowns. */
  private descend(power: i32): void {
    let cost = this.evaluate(this.unknowns, power);
    let damping: f64 = 1e-3;
    for (let step = 0; step < MAX_STEPS && cost < Infinity; ++step) {
      this.linearise(power);
      let next: f64 = Infinity;
      for (let trial = 0; trial < MAX_TRIALS && !(next < cost); ++trial) {
        if (trial > 0) damping *= 6;
        next = this.tryStep(damping, power);
      }
      if (!(next < cost)) break;
      for (let i = 0; i < this.size; ++i) this.unknowns[i] = this.tried[i];
      const gained = (cost - next) / cost;
      cost = next;
      damping = max<f64>(damping / 6, 1e-9);
      this.keepBest();
      if (gained < ENOUGH) break;
    }
    this.evaluate(this.unknowns, power);
    this.keepBest();
  }

  private keepBest(): void {
    const error = this.largestError();
    if (error >= this.bestError) return;
    this.bestError = error;
    for (let i = 0; i < this.size; ++i) this.best[i] = this.unknowns[i];
  }

  private linearise(power: i32): void {
    const end = this.end;
    const last = this.size - 1;
    const scale = exp(this.unknowns[0]);
    const denominatorEnd = exp(this.unknowns[last]);
    const numeratorEnd = this.form == NUMERATOR_FREE ? exp(this.unknowns[2]) : 0;
    this.equations.begin(this.size);
    for (let i = 0; i < POINTS; ++i) {
      const t = this.t[i];
      const share = (t * t) / (end * end);
      const bow = t - share * end;
      const overN = (DB * this.weight[i]) / this.numerators[i];
      const overD = (-DB * this.weight[i]) / this.denominators[i];
      this.row[0] = this.form == NUMERATOR_FREE ? overN * scale * (1 - share) : DB * this.weight[i];
      if (this.form == NUMERATOR_FREE) {
        this.row[1] = overN * bow;
        this.row[2] = overN * numeratorEnd * share;
      }
      this.row[last - 1] = overD * bow;
      this.row[last] = overD * denominatorEnd * share;
      const error = 10 * abs(this.errors[i]);
      const slope = power == 1 ? 1 : power == 2 ? error : error * error * error;
      // d(e^p) = p e^(p-1) de: the equation p e^(p-1) row . x = -e^p, divided by p e^(p-1) and weighted with it.
      this.equations.add(this.row, -this.errors[i] / <f64>power, slope);
    }
  }

  private tryStep(damping: f64, power: i32): f64 {
    if (!this.equations.solve(damping, this.step)) return Infinity;
    const last = this.size - 1;
    if (abs(this.step[0]) > MAX_MOVE || abs(this.step[last]) > MAX_MOVE) return Infinity;
    if (this.form == NUMERATOR_FREE && abs(this.step[2]) > MAX_MOVE) return Infinity;
    for (let i = 0; i < this.size; ++i) this.tried[i] = this.unknowns[i] + this.step[i];
    return this.evaluate(this.tried, power);
  }

  /** The minimum-phase section of the squared magnitudes. */
  private factor(to: Biquad): void {
    const highD = sqrt(this.denominator(this.end));
    const w = 0.5 * (1 + highD);
    const a0 = 0.5 * (w + sqrt(max<f64>(w * w - 0.25 * this.d2 * this.end * this.end, 0)));
    to.a1 = (0.5 * (1 - highD)) / a0;
    to.a2 = (0.25 * 0.25 * this.d2 * this.end * this.end) / (a0 * a0);
    this.factorNumerator(to, 1 / a0);
  }

  private factorNumerator(to: Biquad, scale: f64): void {
    const end = this.end;
    const root = sqrt(this.n0) * scale;
    if (this.form == NUMERATOR_FREE) {
      const high = sqrt(this.numerator(end));
      const w = 0.5 * (sqrt(this.n0) + high);
      const b0 = 0.5 * (w + sqrt(max<f64>(w * w - 0.25 * this.n2 * end * end, 0)));
      to.b0 = b0 * scale;
      to.b1 = 0.5 * (sqrt(this.n0) - high) * scale;
      to.b2 = ((0.25 * 0.25 * this.n2 * end * end) / b0) * scale;
    } else if (this.form == NUMERATOR_HIGH_2) {
      to.b0 = 0.25 * root * end;
      to.b1 = -2 * to.b0;
      to.b2 = to.b0;
    } else if (this.form == NUMERATOR_HIGH_1) {
      to.b0 = 0.5 * root * sqrt(end);
      to.b1 = -to.b0;
      to.b2 = 0;
    } else {
      // |1 - 2 cos(w0) z^-1 + z^-2|^2 = 16 phi0^2 (1 - t)^2.
      to.b0 = 0.25 * root * end;
      to.b1 = -2 * (1 - 2 * this.phi0) * to.b0;
      to.b2 = to.b0;
    }
  }
}
