import { allocate } from "../abi/memory";
import { CrossFade } from "../dsp/cross-fade";
import { blendFrames } from "../dsp/frame-gains";
import { ImpulseSpectra } from "../dsp/impulse-spectra";
import { PartitionedConvolver } from "../dsp/partitioned-convolver";
import { SmoothResponse } from "../dsp/smooth-response";
import { SpectrumAnalyser } from "../dsp/spectrum-analyser";
import { SPECTRUM_BANDS } from "../dsp/spectrum-bands";
import { TonalCorrection } from "../dsp/tonal-correction";
import * as Param from "../generated/tonal-balance-params";
import { Processor } from "../processor";

/** A correction that moves by less than this is left as it is. */
const STILL_DB: f64 = 0.02;
const PARTITIONS: i32 = 2;

/** Average spectrum by third octaves, correction by a symmetric response that is cross-faded into the next, block by block. */
export class TonalBalance extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private correction: TonalCorrection = new TonalCorrection(48000);
  private analyser: SpectrumAnalyser | null = null;
  private response: SmoothResponse | null = null;
  private convolver: PartitionedConvolver = new PartitionedConvolver(64, 1, 1);
  private impulse: ImpulseSpectra = new ImpulseSpectra(64, 1, 1);
  private otherImpulse: ImpulseSpectra = this.impulse;
  /** What the present response was made of. */
  private readonly gainsDb: StaticArray<f64> = new StaticArray<f64>(SPECTRUM_BANDS);
  private readonly fade: CrossFade = new CrossFade();
  private block: i32 = 64;
  private filled: i32 = 0;
  private input: usize = 0;
  private output: usize = 0;
  private old: usize = 0;
  private weights: usize = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.block = sampleRate < 64000 ? 4096 : sampleRate < 128000 ? 8192 : 16384;
    this.correction = new TonalCorrection(sampleRate);
    this.analyser = new SpectrumAnalyser(sampleRate, channels, this.correction);
    this.response = new SmoothResponse(sampleRate, this.block - 1);
    this.convolver = new PartitionedConvolver(this.block, PARTITIONS, this.pairs);
    this.impulse = new ImpulseSpectra(this.block, PARTITIONS, 1);
    this.otherImpulse = new ImpulseSpectra(this.block, PARTITIONS, 1);
    this.input = allocate((this.block * this.pairs) << 3);
    this.output = allocate((this.block * this.pairs) << 3);
    this.old = allocate(this.block << 3);
    this.weights = allocate(this.block << 2);
    this.fade.prepare(1000, <f64>this.block);
    this.params[Param.AVERAGE_SECONDS] = 20;
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    if (index < 0 || index >= Param.COUNT) return;
    this.params[index] = value;
    this.correction.averageSeconds = this.params[Param.AVERAGE_SECONDS];
  }

  reset(): void {
    const analyser = this.analyser;
    if (analyser) analyser.reset();
    this.correction.reset();
    this.convolver.reset();
    this.fade.stop();
    this.filled = 0;
    const bytes = (<usize>(this.block * this.pairs)) << 3;
    memory.fill(this.input, 0, bytes);
    memory.fill(this.output, 0, bytes);
    this.gainsDb.fill(0);
    this.design();
  }

  private design(): void {
    const response = this.response;
    if (response) response.design(this.gainsDb, this.impulse);
  }

  latencySamples(): i32 {
    return 2 * this.block - 1;
  }

  tailSamples(): i32 {
    return this.block;
  }

  process(io: usize, frames: i32): void {
    const analyser = this.analyser;
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.block - this.filled);
      if (analyser) analyser.feed(io + ((<usize>done) << 3), frames, count);
      for (let pair = 0; pair < this.pairs; ++pair) {
        const at = io + ((<usize>(pair * frames + done)) << 3);
        const place = (<usize>(pair * this.block + this.filled)) << 3;
        memory.copy(this.input + place, at, (<usize>count) << 3);
        memory.copy(at, this.output + place, (<usize>count) << 3);
      }
      this.filled += count;
      done += count;
      if (this.filled == this.block) this.turn();
    }
  }

  /** A block is full. */
  private turn(): void {
    this.filled = 0;
    this.convolver.take(this.input);
    this.follow();
    const fading = this.fade.remaining > 0;
    if (fading) this.fade.fill(this.weights, this.block);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const out = this.output + ((<usize>(pair * this.block)) << 3);
      this.convolve(this.impulse, pair, out);
      if (!fading) continue;
      this.convolve(this.otherImpulse, pair, this.old);
      blendFrames(out, this.old, this.weights, this.block);
    }
  }

  /** Makes a new response when the correction has moved. */
  private follow(): void {
    const params = this.params;
    this.correction.correct(<i32>params[Param.TARGET], params[Param.AMOUNT_PERCENT] / 100, params[Param.MAX_GAIN_DB]);
    let moved: f64 = 0;
    for (let band = 0; band < SPECTRUM_BANDS; ++band)
      moved = max(moved, abs(this.correction.gainsDb[band] - this.gainsDb[band]));
    if (moved < STILL_DB) return;
    for (let band = 0; band < SPECTRUM_BANDS; ++band) this.gainsDb[band] = this.correction.gainsDb[band];
    const before = this.impulse;
    this.impulse = this.otherImpulse;
    this.otherImpulse = before;
    this.design();
    this.fade.start();
  }

  private convolve(impulse: ImpulseSpectra, pair: i32, out: usize): void {
    if (this.convolver.idle) {
      memory.fill(out, 0, (<usize>this.block) << 3);
      return;
    }
    this.convolver.begin();
    this.convolver.add(2 * pair, impulse, 0, 0);
    this.convolver.add(2 * pair + 1, impulse, 1, 1);
    this.convolver.finish(out);
  }
}
