import { DownwardExpander, GATE_SLOPE } from "../dsp/downward-expander";
import * as Param from "../generated/gate-params";
import { Processor } from "../processor";

/** Noise gate: open or turned down by the range, nothing in between but the way there. */
export class Gate extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private readonly expander: DownwardExpander = new DownwardExpander();

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.expander.prepare(sampleRate, this.pairs);
  }

  setParam(index: i32, value: f64): void {
    if (index < 0 || index >= Param.COUNT || this.params[index] == value) return;
    const params = this.params;
    params[index] = value;
    this.expander.setCurve(params[Param.THRESHOLD_DB], params[Param.HYSTERESIS_DB], GATE_SLOPE, params[Param.RANGE_DB]);
    this.expander.setTimes(
      params[Param.ATTACK_MS],
      params[Param.HOLD_MS],
      params[Param.RELEASE_MS],
      params[Param.LOOKAHEAD_MS],
    );
  }

  reset(): void {
    this.expander.reset();
  }

  latencySamples(): i32 {
    return this.expander.lookaheadFrames;
  }

  reductionDb(): f32 {
    return this.expander.reductionDb();
  }

  process(io: usize, frames: i32): void {
    this.expander.process(io, frames, io, this.pairs);
  }

  processKeyed(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    this.expander.process(io, frames, key, keyPairs);
  }
}
