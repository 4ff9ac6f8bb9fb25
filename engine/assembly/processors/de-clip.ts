import { ClipRestoration } from "../dsp/clip-restoration";
import { frameSize } from "../dsp/frame-size";
import { HopLines } from "../dsp/hop-lines";
import { dbToGain } from "../dsp/math";
import * as Param from "../generated/de-clip-params";
import { Processor } from "../processor";

/** Samples of a hop at 48 kHz; two of them are restored at a time. */
const HOP_AT_48K: i32 = 2048;

/** Restores peaks that were cut off; everything else stays as it is. */
export class DeClip extends Processor {
  private restoration: ClipRestoration | null = null;
  private lines: HopLines | null = null;
  private finding: bool = true;
  private level: f32 = 1;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const hop = frameSize(HOP_AT_48K, sampleRate);
    const restoration = new ClipRestoration(channels, this.pairs, hop);
    this.restoration = restoration;
    this.lines = new HopLines(hop, 2, this.pairs, restoration);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.FIND_THRESHOLD) this.finding = value != 0;
    if (index == Param.THRESHOLD_DB) this.level = <f32>dbToGain(value);
    this.restoration!.level = this.finding ? 0 : this.level;
  }

  reset(): void {
    this.restoration!.reset();
    this.lines!.reset();
  }

  latencySamples(): i32 {
    return this.lines!.latencyFrames();
  }

  process(io: usize, frames: i32): void {
    this.lines!.process(io, frames);
  }
}
