import { Compression } from "../dsp/compression";
import { DelayLine } from "../dsp/delay-line";
import { applyFrameGains } from "../dsp/frame-gains";
import { LOUDNESS, PEAK, RMS } from "../dsp/level-detector";
import * as Param from "../generated/compressor-params";
import { Processor } from "../processor";

const MAX_HOLD_MS: f64 = 500;
const MAX_LOOKAHEAD_MS: f64 = 20;

function detectorOf(choice: i32): i32 {
  if (choice == Param.DETECTOR_LOUDNESS) return LOUDNESS;
  return choice == Param.DETECTOR_RMS ? RMS : PEAK;
}

/** Feed-forward compressor, all channels linked. */
export class Compressor extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private readonly compression: Compression = new Compression();
  private readonly delay: DelayLine = new DelayLine();
  private lookaheadFrames: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.compression.prepare(sampleRate, channels, this.framesOf(MAX_HOLD_MS + MAX_LOOKAHEAD_MS));
    this.delay.prepare(sampleRate, this.pairs, this.framesOf(MAX_LOOKAHEAD_MS));
    this.params[Param.RATIO] = 1;
    this.derive();
  }

  private framesOf(ms: f64): i32 {
    return <i32>nearest(ms * 0.001 * this.sampleRate);
  }

  setParam(index: i32, value: f64): void {
    if (index < 0 || index >= Param.COUNT || this.params[index] == value) return;
    this.params[index] = value;
    this.derive();
  }

  private derive(): void {
    const params = this.params;
    this.compression.setCurve(
      params[Param.THRESHOLD_DB],
      params[Param.RATIO],
      params[Param.KNEE_DB],
      params[Param.RANGE_DB],
      detectorOf(<i32>params[Param.DETECTOR]),
    );
    this.lookaheadFrames = this.framesOf(params[Param.LOOKAHEAD_MS]);
    this.delay.setDelay(this.lookaheadFrames);
    // What is ahead of the sound must not recover before the sound is there.
    const holdFrames = this.framesOf(params[Param.HOLD_MS]) + this.lookaheadFrames;
    this.compression.setTimes(params[Param.ATTACK_MS], params[Param.RELEASE_MS], holdFrames);
    this.compression.setAutomaticRelease(params[Param.AUTO_RELEASE] != 0);
    this.compression.setMakeup(params[Param.MAKEUP_DB], params[Param.AUTO_MAKEUP] != 0);
    this.filterDetector();
  }

  private filterDetector(): void {
    const params = this.params;
    const filter = this.compression.detector.filter;
    filter.setLowCut(params[Param.DETECTOR_LOW_CUT_HZ]);
    filter.setBell(params[Param.DETECTOR_BELL_HZ], params[Param.DETECTOR_BELL_DB], params[Param.DETECTOR_BELL_Q]);
  }

  reset(): void {
    this.compression.reset();
    this.delay.reset();
  }

  latencySamples(): i32 {
    return this.lookaheadFrames;
  }

  reductionDb(): f32 {
    return this.compression.reductionDb();
  }

  process(io: usize, frames: i32): void {
    this.processKeyed(io, frames, io, this.pairs);
  }

  processKeyed(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    const gains = this.compression.process(key, keyPairs, frames);
    this.delay.process(io, io, frames);
    for (let pair = 0; pair < this.pairs; ++pair) applyFrameGains(io + ((<usize>(pair * frames)) << 3), gains, frames);
  }
}
