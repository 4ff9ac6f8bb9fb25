import { allocate } from "../abi/memory";
import { SHAPER_DELAY } from "../dsp/antiderivative-shaper";
import { CrossFade } from "../dsp/cross-fade";
import { exp2, LOG2_PER_DB, PI } from "../dsp/math";
import { SaturatorControls } from "../dsp/saturator-controls";
import { SaturatorPair } from "../dsp/saturator-pair";
import { shapingCurve } from "../dsp/shaping-curve";
import * as Param from "../generated/saturator-params";
import { Processor } from "../processor";

/** Frames that pass the oversampler at once, counted from the reset; small enough for the nearest cache. */
const PIECE: i32 = 64;
const CURVE_FADE_MS: f64 = 10;
/** 200 dB of decay, in time constants. */
const DECAY: f64 = 23;

/** A memoryless curve, oversampled and anti-aliased by its antiderivatives; tilted before and back behind. */
export class Saturator extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private channelPairs: StaticArray<SaturatorPair> = new StaticArray<SaturatorPair>(0);
  private controls: SaturatorControls = new SaturatorControls(48000, 0, 0);
  private readonly fade: CrossFade = new CrossFade();
  /** f32, of the new curve. */
  private weights: usize = 0;
  private curve: i32 = 0;
  private oldCurve: i32 = 0;
  private running: bool = false;
  private phase: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    shapingCurve(Param.CURVE_TAPE);
    this.channelPairs = new StaticArray<SaturatorPair>(this.pairs);
    for (let pair = 0; pair < this.pairs; ++pair) this.channelPairs[pair] = new SaturatorPair(sampleRate, PIECE);
    this.controls = new SaturatorControls(sampleRate, PIECE, this.latencySamples());
    this.weights = allocate(PIECE << 2);
    this.fade.prepare(sampleRate, CURVE_FADE_MS);
    this.params[Param.TONE_HZ] = 1000;
    this.params[Param.EXCITE_HZ] = 3000;
    this.controls.set(this.params);
    this.settle();
  }

  setParam(index: i32, value: f64): void {
    if (index < 0 || index >= Param.COUNT) return;
    this.params[index] = value;
    this.controls.set(this.params);
    if (!this.running) this.settle();
  }

  private settle(): void {
    this.controls.settle();
    this.fade.stop();
    this.curve = <i32>this.params[Param.CURVE];
    this.oldCurve = this.curve;
  }

  reset(): void {
    this.running = false;
    this.phase = 0;
    this.settle();
    for (let pair = 0; pair < this.pairs; ++pair) this.channelPairs[pair].reset();
  }

  latencySamples(): i32 {
    return this.channelPairs[0].delayFrames;
  }

  /** The other half of the linear-phase filters, and the decay of the slowest of the others. */
  tailSamples(): i32 {
    const tiltHz = this.params[Param.TONE_HZ] * exp2(-0.5 * LOG2_PER_DB * abs(this.params[Param.TONE_DB]));
    const slowestHz = min(tiltHz, 0.7 * this.params[Param.EXCITE_HZ]);
    return this.latencySamples() + <i32>ceil((DECAY * this.sampleRate) / (2 * PI * slowestHz)) + SHAPER_DELAY;
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    for (let done = 0; done < frames; ) {
      this.turnToWantedCurve();
      const fading = this.fade.remaining > 0;
      let count = min(frames - done, PIECE - this.phase);
      if (fading) count = min(count, this.fade.remaining);
      this.processPiece(io + ((<usize>done) << 3), frames, count, fading);
      done += count;
    }
  }

  /** A change that comes during a fade waits for its end. */
  private turnToWantedCurve(): void {
    const wanted = <i32>this.params[Param.CURVE];
    if (this.fade.remaining > 0 || wanted == this.curve) return;
    this.oldCurve = this.curve;
    this.curve = wanted;
    this.fade.start();
    for (let pair = 0; pair < this.pairs; ++pair) this.channelPairs[pair].turn();
  }

  private processPiece(io: usize, stride: i32, count: i32, fading: bool): void {
    if (fading) this.fade.fill(this.weights, count);
    else for (let i = 0; i < count; ++i) store<f32>(this.weights + ((<usize>i) << 2), 1);
    const old = shapingCurve(this.oldCurve);
    const curve = shapingCurve(this.curve);
    this.controls.advance(count, old, curve, this.weights);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * stride)) << 3);
      this.channelPairs[pair].process(at, count, this.controls, old, curve, fading ? this.weights : 0);
    }
    this.controls.finish(count);
    this.phase = (this.phase + count) & (PIECE - 1);
    if (this.phase == 0) this.flush();
  }

  private flush(): void {
    for (let pair = 0; pair < this.pairs; ++pair) this.channelPairs[pair].flush();
  }
}
