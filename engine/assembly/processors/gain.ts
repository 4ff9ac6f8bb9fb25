import { allocate } from "../abi/memory";
import { applyFrameGains } from "../dsp/frame-gains";
import { dbToGain } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/gain-params";
import { applyGain } from "../kernels/gains";
import { MAX_FRAMES, Processor } from "../processor";

/** One gain for all channels; changes are smoothed, 0 dB is bit-transparent. */
export class Gain extends Processor {
  private readonly gain: Smoother = new Smoother();
  private gains: usize = 0;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.gains = allocate(MAX_FRAMES << 2);
    this.gain.prepare(sampleRate);
    this.setParam(Param.GAIN_DB, 0);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.GAIN_DB) this.gain.target = dbToGain(value);
    if (!this.running) this.gain.settle();
  }

  reset(): void {
    this.running = false;
    this.gain.settle();
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    if (!this.gain.moving) {
      if (this.gain.value != 1) applyGain(io, this.pairs, frames, <f32>this.gain.value);
      return;
    }
    this.gain.fill(this.gains, frames);
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.gains, frames);
  }
}
