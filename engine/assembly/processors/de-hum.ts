import { allocate } from "../abi/memory";
import { DelayLine } from "../dsp/delay-line";
import { frameSize } from "../dsp/frame-size";
import { HUM_LAG, HumFinder } from "../dsp/hum-finder";
import { dbToGain } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import { Stft } from "../dsp/stft";
import * as Param from "../generated/de-hum-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Points of a frame at 48 kHz: 0.34 s, in which harmonics of 45 Hz lie 15 bins apart. */
const SIZE_AT_48K: i32 = 16384;

/** Finds mains hum, follows it and subtracts it; where there is none, nothing changes. */
export class DeHum extends Processor {
  private finder: HumFinder | null = null;
  private stft: Stft | null = null;
  private readonly delay: DelayLine = new DelayLine();
  private readonly share: Smoother = new Smoother();
  private hum: usize = 0;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const size = frameSize(SIZE_AT_48K, sampleRate);
    const finder = new HumFinder(channels, size, size >> 2, sampleRate);
    this.finder = finder;
    this.stft = new Stft(size, size >> 2, this.pairs, finder);
    this.hum = allocate((MAX_FRAMES * this.pairs) << 3);
    this.share.prepare(sampleRate);
    this.delay.prepare(sampleRate, this.pairs, this.latencySamples());
    this.delay.setDelay(this.latencySamples());
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    const finder = this.finder!;
    if (index == Param.FIND_FUNDAMENTAL) finder.searching = value != 0;
    if (index == Param.FUNDAMENTAL_HZ) finder.setHz(value);
    if (index == Param.HARMONICS) finder.harmonics = <i32>nearest(value);
    if (index == Param.DEPTH_DB) this.share.target = 1 - dbToGain(-value);
    if (!this.running) this.share.settle();
  }

  reset(): void {
    this.running = false;
    this.share.settle();
    this.delay.reset();
    this.stft!.reset();
    this.finder!.reset();
  }

  latencySamples(): i32 {
    const stft = this.stft!;
    return stft.latencyFrames() + HUM_LAG * stft.hop;
  }

  /** A hum that ends is taken away a frame too long. */
  tailSamples(): i32 {
    return this.stft!.size;
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    memory.copy(this.hum, io, (<usize>(this.pairs * frames)) << 3);
    this.stft!.process(this.hum, frames);
    this.delay.process(io, io, frames);
    for (let i: usize = 0; i < <usize>frames; ++i) {
      const share = <f32>this.share.next();
      for (let pair: usize = 0; pair < <usize>this.pairs; ++pair) {
        const at = (pair * <usize>frames + i) << 3;
        store<f32>(io + at, load<f32>(io + at) - share * load<f32>(this.hum + at));
        store<f32>(io + at, load<f32>(io + at, 4) - share * load<f32>(this.hum + at, 4), 4);
      }
    }
  }
}
