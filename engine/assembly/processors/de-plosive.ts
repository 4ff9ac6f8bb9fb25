import { PlosiveGuard, PlosiveRules } from "../dsp/plosive-guard";
import * as Param from "../generated/de-plosive-params";
import { Processor } from "../processor";

const LEAST_HZ: f64 = 80;
/** How much earlier than a pop its reduction begins. */
const LOOKAHEAD_MS: f64 = 12;
/** dB by which the low band must be louder than the rest at 50 % sensitivity, and what an end of the range changes. */
const RATIO_DB: f64 = 3;
const RATIO_RANGE_DB: f64 = 9;

/** Takes the thump out of pops and leaves everything else alone. */
export class DePlosive extends Processor {
  private readonly rules: PlosiveRules = new PlosiveRules();
  private guards: StaticArray<PlosiveGuard> = new StaticArray<PlosiveGuard>(0);
  private latency: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.rules.setFrequency(LEAST_HZ, sampleRate);
    this.latency = ((3 * (this.rules.box - 1)) >> 1) + <i32>nearest((LOOKAHEAD_MS * sampleRate) / 1000);
    this.guards = new StaticArray<PlosiveGuard>(channels);
    for (let channel = 0; channel < channels; ++channel)
      this.guards[channel] = new PlosiveGuard(this.latency, sampleRate);
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.FREQUENCY_HZ) this.rules.setFrequency(value, this.sampleRate);
    if (index == Param.RANGE_DB) this.rules.rangeDb = value;
    if (index == Param.SENSITIVITY_PERCENT) this.rules.ratioDb = RATIO_DB + (RATIO_RANGE_DB * (50 - value)) / 50;
  }

  reset(): void {
    for (let channel = 0; channel < this.channels; ++channel) this.guards[channel].reset();
  }

  latencySamples(): i32 {
    return this.latency;
  }

  reductionDb(): f32 {
    let deepest: f64 = 0;
    for (let channel = 0; channel < this.channels; ++channel) deepest = max(deepest, this.guards[channel].presentDb);
    return -(<f32>deepest);
  }

  process(io: usize, frames: i32): void {
    for (let channel = 0; channel < this.channels; ++channel) {
      const at = io + ((<usize>((channel >> 1) * frames)) << 3) + ((<usize>(channel & 1)) << 2);
      this.guards[channel].process(at, frames, this.rules);
    }
    if ((this.channels & 1) == 0) return;
    const last = io + ((<usize>((this.pairs - 1) * frames)) << 3);
    for (let i: usize = 0; i < <usize>frames; ++i) store<f32>(last + (i << 3), load<f32>(last + (i << 3)), 4);
  }
}
