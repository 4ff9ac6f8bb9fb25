import * as Param from "../generated/equalizer-params";
import { Biquad } from "./biquad";
import { FilterPrototype } from "./filter-prototype";
import { FittedBiquad } from "./fitted-biquad";
import { exp2, LOG2_PER_DB, PI, sin } from "./math";

/** Sections of the steepest cut, 96 dB per octave. */
export const MAX_BAND_SECTIONS: i32 = 8;
/** Nothing can be notched out at or beyond this share of the sample rate. */
const HIGHEST_NOTCH: f64 = 0.49;

/** One band of an equalizer: its settings and the sections they ask for. */
export class EqualizerBand {
  enabled: bool = false;
  kind: i32 = Param.KIND_BELL;
  frequencyHz: f64 = 1000;
  gainDb: f64 = 0;
  q: f64 = 0.71;
  slopeDbPerOctave: f64 = 12;
  channels: i32 = Param.CHANNELS_BOTH;
  dynamic: bool = false;
  thresholdDb: f64 = -24;
  ratio: f64 = 2;
  rangeDb: f64 = 6;
  attackMs: f64 = 10;
  releaseMs: f64 = 150;
  readonly sections: StaticArray<Biquad> = new StaticArray<Biquad>(MAX_BAND_SECTIONS);
  sectionCount: i32 = 0;
  private readonly prototype: FilterPrototype = new FilterPrototype();

  constructor() {
    for (let i = 0; i < MAX_BAND_SECTIONS; ++i) this.sections[i] = new Biquad();
  }

  /** Sets one field by its place in the band; false when nothing changes. */
  set(field: i32, value: f64): bool {
    if (field >= Param.BAND_DYNAMIC) return this.setDynamics(field, value);
    const before = this.fieldOf(field);
    if (field == Param.BAND_KIND) this.kind = <i32>value;
    else if (field == Param.BAND_FREQUENCY_HZ) this.frequencyHz = value;
    else if (field == Param.BAND_GAIN_DB) this.gainDb = value;
    else if (field == Param.BAND_Q) this.q = value;
    else if (field == Param.BAND_SLOPE_DB_PER_OCTAVE) this.slopeDbPerOctave = value;
    else if (field == Param.BAND_CHANNELS) this.channels = <i32>value;
    else if (field == Param.BAND_ENABLED) this.enabled = value != 0;
    return before != this.fieldOf(field);
  }

  private fieldOf(field: i32): f64 {
    if (field == Param.BAND_KIND) return <f64>this.kind;
    if (field == Param.BAND_FREQUENCY_HZ) return this.frequencyHz;
    if (field == Param.BAND_GAIN_DB) return this.gainDb;
    if (field == Param.BAND_Q) return this.q;
    if (field == Param.BAND_SLOPE_DB_PER_OCTAVE) return this.slopeDbPerOctave;
    return field == Param.BAND_CHANNELS ? <f64>this.channels : this.enabled ? 1 : 0;
  }

  /** What moves with the sound is no matter of the sections: always false. */
  private setDynamics(field: i32, value: f64): bool {
    if (field == Param.BAND_DYNAMIC) this.dynamic = value != 0;
    else if (field == Param.BAND_THRESHOLD_DB) this.thresholdDb = value;
    else if (field == Param.BAND_RATIO) this.ratio = value;
    else if (field == Param.BAND_RANGE_DB) this.rangeDb = value;
    else if (field == Param.BAND_ATTACK_MS) this.attackMs = value;
    else if (field == Param.BAND_RELEASE_MS) this.releaseMs = value;
    return false;
  }

  get isShelf(): bool {
    return this.kind == Param.KIND_LOW_SHELF || this.kind == Param.KIND_HIGH_SHELF;
  }

  /** It turns down while the sound is loud. */
  get moves(): bool {
    return this.enabled && this.dynamic && (this.kind == Param.KIND_BELL || this.isShelf);
  }

  /** Squared magnitude of the analogue band. */
  power(frequencyHz: f64): f64 {
    const ratio = frequencyHz / this.frequencyHz;
    if (this.kind == Param.KIND_LOW_CUT || this.kind == Param.KIND_HIGH_CUT) {
      const steep = integerPower(ratio * ratio, this.cutOrder);
      return this.kind == Param.KIND_HIGH_CUT ? 1 / (1 + steep) : steep < Infinity ? steep / (1 + steep) : 1;
    }
    this.prototype.frequencyHz = this.frequencyHz;
    this.inverted = false;
    this.levelGain = 1;
    if (this.kind == Param.KIND_NOTCH) this.prototype.notch(this.q);
    else if (this.gainDb == 0) return 1;
    else this.setGainPrototype();
    const power = this.prototype.magnitudeSquared(frequencyHz);
    return (this.inverted ? 1 / power : power) * this.levelGain * this.levelGain;
  }

  /** Computes the sections; a band that changes nothing has none. */
  design(fitted: FittedBiquad, sampleRate: f64): void {
    this.sectionCount = 0;
    this.prototype.frequencyHz = this.frequencyHz;
    if (this.kind == Param.KIND_LOW_CUT || this.kind == Param.KIND_HIGH_CUT) this.designCut(fitted);
    else if (this.kind == Param.KIND_NOTCH) this.designNotch(fitted, sampleRate);
    else if (this.gainDb != 0) this.designGain(fitted);
  }

  private add(fitted: FittedBiquad): Biquad {
    const section = this.sections[this.sectionCount++];
    fitted.fit(this.prototype, section);
    return section;
  }

  /** Whether the boost of the prototype must be turned over, and the level change that goes with it. */
  private inverted: bool = false;
  private levelGain: f64 = 1;

  private designNotch(fitted: FittedBiquad, sampleRate: f64): void {
    if (this.frequencyHz >= HIGHEST_NOTCH * sampleRate) return;
    this.prototype.notch(this.q);
    this.add(fitted);
  }

  /** A boost, inverted for a cut; a high shelf is a level change and the opposite low shelf. */
  private setGainPrototype(): void {
    const amplitude = exp2(abs(this.gainDb) * 0.5 * LOG2_PER_DB);
    this.inverted = this.gainDb < 0;
    this.levelGain = 1;
    if (this.kind == Param.KIND_BELL) this.prototype.bell(amplitude, this.q);
    else if (this.kind == Param.KIND_TILT) this.prototype.tilt(amplitude);
    else {
      this.prototype.lowShelf(amplitude, this.q);
      if (this.kind == Param.KIND_HIGH_SHELF) {
        this.inverted = !this.inverted;
        this.levelGain = this.inverted ? amplitude * amplitude : 1 / (amplitude * amplitude);
      }
    }
  }

  private designGain(fitted: FittedBiquad): void {
    this.setGainPrototype();
    const section = this.add(fitted);
    if (this.inverted) section.invert();
    section.scale(this.levelGain);
  }

  private get cutOrder(): i32 {
    return max<i32>(1, min<i32>(2 * MAX_BAND_SECTIONS, <i32>nearest(this.slopeDbPerOctave / 6)));
  }

  /** Butterworth of the order that the slope asks for, in sections of second order and one of first when it is odd. */
  private designCut(fitted: FittedBiquad): void {
    const low = this.kind == Param.KIND_LOW_CUT;
    const order = this.cutOrder;
    for (let i = 0; i < order >> 1; ++i) {
      const q = 0.5 / sin((PI * <f64>(2 * i + 1)) / <f64>(2 * order));
      if (low) this.prototype.highPass2(q);
      else this.prototype.lowPass2(q);
      this.add(fitted);
    }
    if (!(order & 1)) return;
    if (low) this.prototype.highPass1();
    else this.prototype.lowPass1();
    this.add(fitted);
  }
}

/** x^n, n >= 1. */
function integerPower(x: f64, n: i32): f64 {
  let power = x;
  for (let i = 1; i < n; ++i) power *= x;
  return power;
}
