import { frameSize } from "../dsp/frame-size";
import { dbToGain, exp2 } from "../dsp/math";
import { GAIN_LAG } from "../dsp/noise-gains";
import { SpectralDenoiser } from "../dsp/spectral-denoiser";
import { Stft } from "../dsp/stft";
import * as Param from "../generated/noise-reduction-params";
import { Processor } from "../processor";

/** Points of a frame at 48 kHz (43 ms); a quarter of it is the hop. */
const SIZE_AT_48K: i32 = 2048;
/** Factor on the noise power, as a power of two, from the middle to an end of the sensitivity: 6 dB. */
const SENSITIVITY_OCTAVES: f64 = 2;

/** Takes steady noise away without a learned profile, over the whole band. */
export class NoiseReduction extends Processor {
  private denoiser: SpectralDenoiser | null = null;
  private stft: Stft | null = null;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const size = frameSize(SIZE_AT_48K, sampleRate);
    const denoiser = new SpectralDenoiser(channels, (size >> 1) + 1, size);
    const stft = new Stft(size, size >> 2, this.pairs, denoiser);
    denoiser.prepare(<usize>(2 * this.pairs) * stft.channelBytes);
    this.denoiser = denoiser;
    this.stft = stft;
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    const denoiser = this.denoiser!;
    if (index == Param.REDUCTION_DB) denoiser.leastGain = <f32>dbToGain(-value);
    if (index == Param.OUTPUT) denoiser.removed = value == Param.OUTPUT_REMOVED;
    for (let channel = 0; channel < denoiser.gains.length; ++channel) {
      const gains = denoiser.gains[channel];
      if (index == Param.SENSITIVITY_PERCENT) gains.noiseScale = <f32>exp2((SENSITIVITY_OCTAVES * (value - 50)) / 50);
      if (index == Param.SMOOTHING_BANDS) gains.smoothingBands = <i32>nearest(value);
    }
  }

  reset(): void {
    this.stft!.reset();
    this.denoiser!.reset();
  }

  latencySamples(): i32 {
    const stft = this.stft!;
    return stft.latencyFrames() + GAIN_LAG * stft.hop;
  }

  /** A frame that has changed rings on to its end. */
  tailSamples(): i32 {
    return this.stft!.size;
  }

  process(io: usize, frames: i32): void {
    this.stft!.process(io, frames);
  }
}
