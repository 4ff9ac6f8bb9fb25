import * as Param from "../generated/reverb-params";

/** Metres per second. */
export const SPEED_OF_SOUND: f64 = 343;

/** What the user sets. */
export class ReverbSettings {
  decaySeconds: f64 = 1.2;
  preDelayMs: f64 = 20;
  sizeMetres: f64 = 12;
  lowRatio: f64 = 1.1;
  highRatio: f64 = 0.5;
  lowCutHz: f64 = 80;
  highCutHz: f64 = 10000;

  /** Sets a value by its place; false when nothing changes. */
  set(index: i32, value: f64): bool {
    const before = this.valueOf(index);
    if (index == Param.DECAY_SECONDS) this.decaySeconds = value;
    else if (index == Param.PRE_DELAY_MS) this.preDelayMs = value;
    else if (index == Param.SIZE_METRES) this.sizeMetres = value;
    else if (index == Param.LOW_RATIO) this.lowRatio = value;
    else if (index == Param.HIGH_RATIO) this.highRatio = value;
    else if (index == Param.LOW_CUT_HZ) this.lowCutHz = value;
    else if (index == Param.HIGH_CUT_HZ) this.highCutHz = value;
    return before != this.valueOf(index);
  }

  private valueOf(index: i32): f64 {
    if (index == Param.DECAY_SECONDS) return this.decaySeconds;
    if (index == Param.PRE_DELAY_MS) return this.preDelayMs;
    if (index == Param.SIZE_METRES) return this.sizeMetres;
    if (index == Param.LOW_RATIO) return this.lowRatio;
    if (index == Param.HIGH_RATIO) return this.highRatio;
    return index == Param.LOW_CUT_HZ ? this.lowCutHz : this.highCutHz;
  }

  /** Frames after the input's end until 140 dB are gone. */
  tailFrames(sampleRate: f64): i32 {
    const longest = this.decaySeconds * max<f64>(1, max(this.lowRatio, this.highRatio));
    const paths = (4 * this.sizeMetres) / SPEED_OF_SOUND;
    return <i32>((0.001 * this.preDelayMs + paths + 0.1 + (140.0 / 60.0) * longest) * sampleRate);
  }
}
