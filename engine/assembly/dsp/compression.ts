import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { CompressionCurve, reductionsToGains } from "./compression-curve";
import { CrossFade } from "./cross-fade";
import { DecoupledEnvelope } from "./decoupled-envelope";
import { frameBuffer, LevelDetector } from "./level-detector";
import { DB_PER_LOG2, LOG2_PER_DB } from "./math";
import { SlidingMaximum } from "./sliding-maximum";
import { Smoother } from "./smoother";

const CURVE_FADE_MS: f64 = 10;

/**
 * What every compressor has in common: level, static curve, hold, attack and release, makeup; a key in, one gain a frame out.
 * Feed-forward, in the log domain. Giannoulis, Massberg and Reiss, JAES 60(6), 2012.
 */
export class Compression {
  private readonly detector: LevelDetector = new LevelDetector();
  private readonly wanted: CompressionCurve = new CompressionCurve();
  private readonly curve: CompressionCurve = new CompressionCurve();
  private readonly oldCurve: CompressionCurve = new CompressionCurve();
  /** From the old curve (0) to the new (1). */
  private readonly curveFade: CrossFade = new CrossFade();
  private readonly makeup: Smoother = new Smoother();
  private readonly hold: SlidingMaximum = new SlidingMaximum();
  private readonly envelope: DecoupledEnvelope = new DecoupledEnvelope();
  private sampleRate: f64 = 48000;
  private reductions: usize = 0;
  private oldReductions: usize = 0;
  private gains: usize = 0;
  private weights: usize = 0;
  private lastReduction: f32 = 0;
  private running: bool = false;

  /** Holds of up to `maxHoldFrames`; `meanSquareMs` is the time constant of the RMS detector. */
  prepare(sampleRate: f64, maxHoldFrames: i32, meanSquareMs: f64): void {
    this.sampleRate = sampleRate;
    this.detector.prepare(sampleRate, meanSquareMs);
    this.reductions = frameBuffer();
    this.oldReductions = frameBuffer();
    this.gains = allocate(MAX_FRAMES << 2);
    this.weights = allocate(MAX_FRAMES << 2);
    this.hold.prepare(maxHoldFrames + 1);
    this.curveFade.prepare(sampleRate, CURVE_FADE_MS);
    this.makeup.prepare(sampleRate);
  }

  /** `detector` is PEAK or RMS. */
  setCurve(thresholdDb: f64, ratio: f64, kneeDb: f64, rangeDb: f64, detector: i32): void {
    this.wanted.set(thresholdDb, ratio, kneeDb, rangeDb, detector);
    this.detector.use(detector);
    if (!this.running) this.settle();
  }

  setTimes(attackMs: f64, releaseMs: f64, holdFrames: i32): void {
    this.envelope.setTimes(attackMs, releaseMs, this.sampleRate);
    this.hold.setWindow(holdFrames + 1);
  }

  setMakeup(makeupDb: f64): void {
    this.makeup.target = makeupDb * LOG2_PER_DB;
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
    this.detector.reset();
    this.hold.reset();
    this.envelope.reset();
    this.lastReduction = 0;
  }

  /** Gain change at the end of the last block in dB without the makeup, never positive. */
  reductionDb(): f32 {
    return -this.lastReduction * <f32>DB_PER_LOG2;
  }

  /** Listens to a block of channel pairs and gives the linear gain of each frame (f32), good until the next call. */
  process(key: usize, keyPairs: i32, frames: i32): usize {
    this.running = true;
    this.detector.listen(key, keyPairs, frames);
    this.computeReductions(frames);
    this.hold.process(this.reductions, frames);
    this.envelope.process(this.reductions, frames);
    this.lastReduction = load<f32>(this.reductions + ((<usize>(frames - 1)) << 2));
    this.computeGains(frames);
    return this.gains;
  }

  private computeReductions(frames: i32): void {
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
    curve.reductions(this.detector.levels(curve.detector) + offset, to + offset, frames);
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

  private computeGains(frames: i32): void {
    let raise: f32 = 0;
    if (this.makeup.moving) {
      for (let i = 0; i < frames; ++i) {
        const at = this.reductions + ((<usize>i) << 2);
        store<f32>(at, load<f32>(at) - <f32>this.makeup.next());
      }
    } else raise = <f32>this.makeup.value;
    reductionsToGains(this.reductions, this.gains, frames, raise);
  }
}
