import { Compression } from "../dsp/compression";
import { applyFrameGains } from "../dsp/frame-gains";
import { RMS } from "../dsp/level-detector";
import * as Param from "../generated/glue-compressor-params";
import { Processor } from "../processor";

/** The compressor's parts set up for a bus: RMS detector, automatic release, all channels linked. */
export class GlueCompressor extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private readonly compression: Compression = new Compression();

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.compression.prepare(sampleRate, channels, 0);
    this.compression.setAutomaticRelease(true);
    this.params[Param.RATIO] = 1;
    this.derive();
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
      RMS,
    );
    this.compression.setTimes(params[Param.ATTACK_MS], params[Param.RELEASE_MS], 0);
    this.compression.setMakeup(params[Param.MAKEUP_DB], params[Param.AUTO_MAKEUP] != 0);
    this.compression.detector.setMeanTime(params[Param.RMS_MS]);
    this.compression.detector.filter.setLowCut(params[Param.DETECTOR_LOW_CUT_HZ]);
  }

  reset(): void {
    this.compression.reset();
  }

  reductionDb(): f32 {
    return this.compression.reductionDb();
  }

  process(io: usize, frames: i32): void {
    this.processKeyed(io, frames, io, this.pairs);
  }

  processKeyed(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    const gains = this.compression.process(key, keyPairs, frames);
    for (let pair = 0; pair < this.pairs; ++pair) applyFrameGains(io + ((<usize>(pair * frames)) << 3), gains, frames);
  }
}
