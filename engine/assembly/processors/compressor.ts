import { allocate } from "../abi/memory";
import { CompressionCurve, reductionsToGains } from "../dsp/compression-curve";
import { CrossFade } from "../dsp/cross-fade";
import { DecoupledEnvelope, MeanSquare } from "../dsp/decoupled-envelope";
import { DelayLine } from "../dsp/delay-line";
import { applyFrameGains } from "../dsp/frame-gains";
import { absoluteLevels } from "../dsp/levels";
import { DB_PER_LOG2, LOG2_PER_DB } from "../dsp/math";
import { SlidingMaximum } from "../dsp/sliding-maximum";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/compressor-params";
import { MAX_FRAMES, Processor } from "../processor";

const MAX_HOLD_MS: f64 = 500;
const MAX_LOOKAHEAD_MS: f64 = 20;
const CURVE_FADE_MS: f64 = 10;
const MEAN_SQUARE_MS: f64 = 15;
/** A knee narrower than this is none: its curvature would overflow. */
const LEAST_KNEE_DB: f64 = 1e-3;
/** Room in front of and behind a buffer of levels, which work in groups of four needs. */
const MARGIN: i32 = 16;

/** Feed-forward, log-domain, all channels linked. Giannoulis, Massberg and Reiss, JAES 60(6), 2012. */
export class Compressor extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private readonly wanted: CompressionCurve = new CompressionCurve();
  private readonly curve: CompressionCurve = new CompressionCurve();
  private readonly oldCurve: CompressionCurve = new CompressionCurve();
  /** From the old curve (0) to the new (1). */
  private readonly curveFade: CrossFade = new CrossFade();
  private readonly makeup: Smoother = new Smoother();
  private readonly meanSquare: MeanSquare = new MeanSquare();
  private readonly hold: SlidingMaximum = new SlidingMaximum();
  private readonly envelope: DecoupledEnvelope = new DecoupledEnvelope();
  private readonly delay: DelayLine = new DelayLine();
  private levels: usize = 0;
  private squares: usize = 0;
  private reductions: usize = 0;
  private oldReductions: usize = 0;
  private weights: usize = 0;
  /** The mean of squares is or was asked for since the last reset, and must not miss a frame. */
  private meansSquares: bool = false;
  private lookaheadFrames: i32 = 0;
  private lastReduction: f32 = 0;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.levels = this.buffer();
    this.squares = this.buffer();
    this.reductions = this.buffer();
    this.oldReductions = this.buffer();
    this.hold.prepare(this.framesOf(MAX_HOLD_MS + MAX_LOOKAHEAD_MS) + 1);
    this.delay.prepare(sampleRate, this.pairs, this.framesOf(MAX_LOOKAHEAD_MS));
    this.curveFade.prepare(sampleRate, CURVE_FADE_MS);
    this.weights = allocate(MAX_FRAMES << 2);
    this.makeup.prepare(sampleRate);
    this.meanSquare.setTime(MEAN_SQUARE_MS, sampleRate);
    this.params[Param.RATIO] = 1;
    this.derive();
  }

  private buffer(): usize {
    return allocate((MAX_FRAMES << 2) + MARGIN + MARGIN) + MARGIN;
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
    this.wanted.threshold = <f32>(params[Param.THRESHOLD_DB] * LOG2_PER_DB);
    const knee = params[Param.KNEE_DB];
    this.wanted.knee = knee < LEAST_KNEE_DB ? 0 : <f32>(knee * LOG2_PER_DB);
    this.wanted.slope = <f32>(1 - 1 / params[Param.RATIO]);
    this.wanted.range = <f32>(params[Param.RANGE_DB] * LOG2_PER_DB);
    this.wanted.squared = params[Param.DETECTOR] == Param.DETECTOR_RMS;
    this.meansSquares = this.meansSquares || this.wanted.squared;
    this.envelope.setTimes(params[Param.ATTACK_MS], params[Param.RELEASE_MS], this.sampleRate);
    this.makeup.target = params[Param.MAKEUP_DB] * LOG2_PER_DB;
    this.lookaheadFrames = this.framesOf(params[Param.LOOKAHEAD_MS]);
    this.delay.setDelay(this.lookaheadFrames);
    // What is ahead of the sound must not recover before the sound is there.
    this.hold.setWindow(this.framesOf(params[Param.HOLD_MS]) + this.lookaheadFrames + 1);
    if (!this.running) this.settle();
  }

  private settle(): void {
    this.makeup.settle();
    this.curve.copyFrom(this.wanted);
    this.curveFade.stop();
  }

  reset(): void {
    this.running = false;
    this.settle();
    this.meanSquare.reset();
    this.meansSquares = this.wanted.squared;
    this.hold.reset();
    this.envelope.reset();
    this.delay.reset();
    this.lastReduction = 0;
  }

  latencySamples(): i32 {
    return this.lookaheadFrames;
  }

  reductionDb(): f32 {
    return -this.lastReduction * <f32>DB_PER_LOG2;
  }

  process(io: usize, frames: i32): void {
    this.processKeyed(io, frames, io, this.pairs);
  }

  processKeyed(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    this.running = true;
    absoluteLevels(key, keyPairs, frames, this.levels);
    this.computeReductions(frames);
    this.hold.process(this.reductions, frames);
    this.envelope.process(this.reductions, frames);
    this.lastReduction = load<f32>(this.reductions + ((<usize>(frames - 1)) << 2));
    this.delay.process(io, io, frames);
    this.applyReductions(io, frames);
  }

  private computeReductions(frames: i32): void {
    if (this.meansSquares) {
      memory.copy(this.squares, this.levels, (<usize>frames) << 2);
      this.meanSquare.process(this.squares, frames);
    }
    for (let done = 0; done < frames; ) {
      this.turnToWantedCurve();
      const fading = this.curveFade.remaining > 0;
      const count = fading ? min(this.curveFade.remaining, frames - done) : frames - done;
      const offset = (<usize>done) << 2;
      this.curveOf(this.curve, this.reductions, offset, count);
      if (fading) this.blendOldCurve(offset, count);
      done += count;
    }
  }

  /** A curve that changes during a fade waits for its end. */
  private turnToWantedCurve(): void {
    if (this.curveFade.remaining > 0 || this.curve.equals(this.wanted)) return;
    this.oldCurve.copyFrom(this.curve);
    this.curve.copyFrom(this.wanted);
    this.curveFade.start();
  }

  private curveOf(curve: CompressionCurve, to: usize, offset: usize, frames: i32): void {
    curve.reductions((curve.squared ? this.squares : this.levels) + offset, to + offset, frames);
  }

  private blendOldCurve(offset: usize, frames: i32): void {
    this.curveOf(this.oldCurve, this.oldReductions, offset, frames);
    this.curveFade.fill(this.weights, frames);
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const at = this.reductions + offset + i;
      const old = load<f32>(this.oldReductions + offset + i);
      store<f32>(at, old + (load<f32>(at) - old) * load<f32>(this.weights + i));
    }
  }

  private applyReductions(io: usize, frames: i32): void {
    if (this.makeup.moving) {
      for (let i = 0; i < frames; ++i) {
        const at = this.reductions + ((<usize>i) << 2);
        store<f32>(at, load<f32>(at) - <f32>this.makeup.next());
      }
      reductionsToGains(this.reductions, this.levels, frames, 0);
    } else reductionsToGains(this.reductions, this.levels, frames, <f32>this.makeup.value);
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.levels, frames);
  }
}
