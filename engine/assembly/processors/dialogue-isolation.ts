import { DialogueDenoiser } from "../dsp/dialogue-denoiser";
import { frameSize } from "../dsp/frame-size";
import { dbToGain } from "../dsp/math";
import { NeuralFeed } from "../dsp/neural-feed";
import { GAIN_LAG } from "../dsp/noise-gains";
import { Stft } from "../dsp/stft";
import * as Param from "../generated/dialogue-isolation-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Points of a frame at 48 kHz (43 ms); a quarter of it is the hop. */
const SIZE_AT_48K: i32 = 2048;
/** The networks know sound at this rate only; at others the statistics of the noise work alone. */
const NEURAL_RATE: f64 = 48000;
/** Which network, its frame, and by how much what it gives is late (measured). */
const RNNOISE: i32 = 0;
const RNNOISE_FRAME: i32 = 480;
const RNNOISE_DELAY: i32 = 960;
const GTCRN: i32 = 1;
const GTCRN_FRAME: i32 = 768;
const GTCRN_DELAY: i32 = 890;

/** Keeps speech and lowers all else; networks that run outside are asked frame by frame. */
export class DialogueIsolation extends Processor {
  private denoiser: DialogueDenoiser | null = null;
  private stft: Stft | null = null;
  private rnnoise: NeuralFeed | null = null;
  private gtcrn: NeuralFeed | null = null;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const size = frameSize(SIZE_AT_48K, sampleRate);
    const hop = size >> 2;
    const kept = GAIN_LAG * hop + size + MAX_FRAMES;
    const rnnoise = new NeuralFeed(RNNOISE, RNNOISE_FRAME, RNNOISE_DELAY, channels, kept, size);
    const gtcrn = new NeuralFeed(GTCRN, GTCRN_FRAME, GTCRN_DELAY, channels, kept, size);
    rnnoise.active = sampleRate == NEURAL_RATE;
    const denoiser = new DialogueDenoiser(channels, (size >> 1) + 1, size, sampleRate, rnnoise, gtcrn);
    const stft = new Stft(size, hop, this.pairs, denoiser);
    denoiser.prepare(<usize>(2 * this.pairs) * stft.channelBytes);
    denoiser.useTransform(stft);
    this.rnnoise = rnnoise;
    this.gtcrn = gtcrn;
    this.denoiser = denoiser;
    this.stft = stft;
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    const denoiser = this.denoiser!;
    if (index == Param.REDUCTION_DB) denoiser.leastGain = <f32>dbToGain(-value);
    if (index == Param.OUTPUT) denoiser.removed = value == Param.OUTPUT_REMOVED;
    if (index == Param.NETWORKS) this.gtcrn!.active = value == Param.NETWORKS_TWO && this.rnnoise!.active;
  }

  reset(): void {
    this.stft!.reset();
    this.denoiser!.reset();
    this.rnnoise!.reset();
    this.gtcrn!.reset();
  }

  latencySamples(): i32 {
    const stft = this.stft!;
    return stft.latencyFrames() + GAIN_LAG * stft.hop;
  }

  /** A frame that has changed rings on to its end. */
  tailSamples(): i32 {
    return this.stft!.size;
  }

  framesAtOnce(frames: i32): i32 {
    return min(frames, min(this.rnnoise!.framesLeft(), this.gtcrn!.framesLeft()));
  }

  process(io: usize, frames: i32): void {
    this.rnnoise!.put(io, frames);
    this.gtcrn!.put(io, frames);
    this.stft!.process(io, frames);
    this.rnnoise!.callOut();
    this.gtcrn!.callOut();
  }

  neuralFrame(): usize {
    const frame = this.rnnoise!.next();
    return frame == 0 ? this.gtcrn!.next() : frame;
  }
}
