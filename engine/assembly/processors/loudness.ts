import * as GainParam from "../generated/gain-params";
import * as Param from "../generated/loudness-params";
import { Processor } from "../processor";
import { Gain } from "./gain";

/** A measure that is far off must not blow anything up. */
const MOST_DB: f64 = 40;

/** The linear gain between a measured loudness and a wanted one. */
export class Loudness extends Processor {
  private readonly gain: Gain = new Gain();
  private targetLufs: f64 = 0;
  private measuredLufs: f64 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.gain.prepare(sampleRate, channels);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.TARGET_LUFS) this.targetLufs = value;
    if (index == Param.MEASURED_LUFS) this.measuredLufs = value;
    const gainDb = this.targetLufs - this.measuredLufs;
    this.gain.setParam(GainParam.GAIN_DB, max(-MOST_DB, min(MOST_DB, gainDb)));
  }

  reset(): void {
    this.gain.reset();
  }

  process(io: usize, frames: i32): void {
    this.gain.process(io, frames);
  }
}
