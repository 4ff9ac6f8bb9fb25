import { frameSize } from "../dsp/frame-size";
import { LateReverb } from "../dsp/late-reverb";
import { dbToGain } from "../dsp/math";
import { Stft } from "../dsp/stft";
import * as Param from "../generated/de-reverb-params";
import { Processor } from "../processor";

/** Points of a frame at 48 kHz (43 ms); a quarter of it is the hop. */
const SIZE_AT_48K: i32 = 2048;

/** Takes the late reverberation of a room away. */
export class DeReverb extends Processor {
  private reverb: LateReverb | null = null;
  private stft: Stft | null = null;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const size = frameSize(SIZE_AT_48K, sampleRate);
    const reverb = new LateReverb(channels, (size >> 1) + 1, sampleRate / <f64>size, <f64>(size >> 2) / sampleRate);
    this.reverb = reverb;
    this.stft = new Stft(size, size >> 2, this.pairs, reverb);
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    const reverb = this.reverb!;
    if (index == Param.REDUCTION_DB) reverb.leastGain = <f32>dbToGain(-value);
    if (index == Param.FIND_DECAY) reverb.finding = value != 0;
    if (index == Param.DECAY_SECONDS) reverb.seconds = value;
  }

  reset(): void {
    this.stft!.reset();
    this.reverb!.reset();
  }

  latencySamples(): i32 {
    return this.stft!.latencyFrames();
  }

  /** A frame that has changed rings on to its end. */
  tailSamples(): i32 {
    return this.stft!.size;
  }

  process(io: usize, frames: i32): void {
    this.stft!.process(io, frames);
  }
}
