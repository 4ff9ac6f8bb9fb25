import { Requantiser } from "../dsp/requantiser";
import * as Param from "../generated/dither-params";
import { Processor } from "../processor";

const REST_SECONDS: f64 = 0.1;
/** The shaping filters follow the ear at rates between these. */
const LEAST_SHAPED_RATE: f64 = 40000;
const MOST_SHAPED_RATE: f64 = 50000;

const LIPSHITZ_5: StaticArray<f64> = [2.033, -2.165, 1.959, -1.59, 0.6149, 0, 0, 0, 0];
const WANNAMAKER_9: StaticArray<f64> = [2.412, -3.37, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847];

/**
 * Triangular dither of two steps, with the error feedback of Lipshitz, Vanderkooy and Wannamaker, "Minimally Audible Noise Shaping",
 * JAES 39(11), 1991 (5 taps), and Wannamaker, "Psychoacoustically Optimal Noise Shaping", JAES 40(7), 1992 (9 taps).
 */
export class Dither extends Processor {
  private channelsDithered: StaticArray<Requantiser> = new StaticArray<Requantiser>(0);
  private steps: f64 = 1;
  private shaping: i32 = Param.SHAPING_NONE;
  private restFrames: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.restFrames = <i32>ceil(REST_SECONDS * sampleRate);
    this.channelsDithered = new StaticArray<Requantiser>(2 * this.pairs);
    for (let i = 0; i < 2 * this.pairs; ++i) {
      // A lane without a channel of its own repeats its neighbour.
      const seed = <u64>(min(i, channels - 1) + 1);
      this.channelsDithered[i] = new Requantiser(seed, this.restFrames);
    }
    this.setParam(Param.BITS, Param.BITS_24);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.BITS) this.steps = <i32>value == Param.BITS_16 ? 32768 : 8388608;
    if (index == Param.SHAPING) this.shaping = <i32>value;
  }

  reset(): void {
    for (let i = 0; i < this.channelsDithered.length; ++i) this.channelsDithered[i].reset();
  }

  tailSamples(): i32 {
    return this.restFrames;
  }

  private taps(): StaticArray<f64> | null {
    if (this.sampleRate < LEAST_SHAPED_RATE || this.sampleRate > MOST_SHAPED_RATE) return null;
    if (this.shaping == Param.SHAPING_LIPSHITZ5) return LIPSHITZ_5;
    return this.shaping == Param.SHAPING_WANNAMAKER9 ? WANNAMAKER_9 : null;
  }

  process(io: usize, frames: i32): void {
    const taps = this.taps();
    for (let i = 0; i < this.channelsDithered.length; ++i) {
      const lane = io + ((<usize>((i >> 1) * frames)) << 3) + ((<usize>(i & 1)) << 2);
      this.channelsDithered[i].process(lane, frames, this.steps, taps);
    }
  }
}
