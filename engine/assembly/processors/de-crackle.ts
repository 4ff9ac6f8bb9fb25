import { ClickRepairs } from "../dsp/click-repairs";
import { frameSize } from "../dsp/frame-size";
import { HopLines } from "../dsp/hop-lines";
import { exp2 } from "../dsp/math";
import * as Param from "../generated/de-crackle-params";
import { Processor } from "../processor";

/** Samples of a hop at 48 kHz; three of them are modelled at a time. */
const HOP_AT_48K: i32 = 1024;
const MAX_LENGTH_MS: f64 = 1;
/** Factor over the usual peak of the prediction error that makes a crack, at 50 %; an octave more or less at the ends. */
const THRESHOLD: f64 = 2.5;
/** So many higher peaks within 20 ms on one side may be cracks themselves. */
const RANK: i32 = 5;

/** Finds the many small cracks of a bad contact or an old record and replaces them by what their surroundings let expect. */
export class DeCrackle extends Processor {
  private repairs: ClickRepairs | null = null;
  private lines: HopLines | null = null;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const hop = frameSize(HOP_AT_48K, sampleRate);
    const repairs = new ClickRepairs(channels, 2 * this.pairs, hop, this.samplesOf(MAX_LENGTH_MS));
    repairs.rules.rank = RANK;
    this.repairs = repairs;
    this.lines = new HopLines(hop, 3, this.pairs, repairs);
    this.reset();
  }

  private samplesOf(ms: f64): i32 {
    return max(1, <i32>nearest((ms * this.sampleRate) / 1000));
  }

  setParam(index: i32, value: f64): void {
    const rules = this.repairs!.rules;
    if (index == Param.SENSITIVITY_PERCENT) rules.threshold = <f32>(THRESHOLD * exp2((50 - value) / 50));
    if (index == Param.MAX_LENGTH_MS) rules.mostSamples = this.samplesOf(value);
  }

  reset(): void {
    this.repairs!.reset();
    this.lines!.reset();
  }

  latencySamples(): i32 {
    return this.lines!.latencyFrames();
  }

  process(io: usize, frames: i32): void {
    this.lines!.process(io, frames);
  }
}
