import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { CompressionCurve, reductionsToGains } from "./compression-curve";
import { CrossFade } from "./cross-fade";
import { DecoupledEnvelope, RunningMean } from "./decoupled-envelope";
import { frameBuffer, LevelDetector } from "./level-detector";
import { DB_PER_LOG2, LOG2_PER_DB } from "./math";
import { SlidingMaximum } from "./sliding-maximum";
import { Smoother } from "./smoother";

const CURVE_FADE_MS: f64 = 10;
/** Time constant of the RMS detector, unless told otherwise. */
const MEAN_SQUARE_MS: f64 = 15;
/** Slow time constant of an automatic release, in release times. */
const SUSTAIN_RATIO: f64 = 8;
/**
 * A reduction stays for this long at least, so that the samples of a tone, which hit its crests or miss them, draw no pattern into the
 * gain: what 5 kHz at 6 dB and 1 ms of attack folds back falls from -89 to below -120 dB. Of a short release it is a share.
 */
const CREST_MS: f64 = 1;
const CREST_SHARE: f64 = 0.02;

/**
 * What every compressor has in common: level, static curve, hold, attack and release, makeup; a key in, one gain a frame out.
 * Feed-forward, in the log domain. Giannoulis, Massberg and Reiss, JAES 60(6), 2012.
 */
export class Compression {
  readonly detector: LevelDetector = new LevelDetector();
  private readonly wanted: CompressionCurve = new CompressionCurve();
  private readonly curve: CompressionCurve = new CompressionCurve();
  private readonly oldCurve: CompressionCurve = new CompressionCurve();
  /** From the old curve (0) to the new (1). */
  private readonly curveFade: CrossFade = new CrossFade();
  private readonly makeup: Smoother = new Smoother();
  private readonly hold: SlidingMaximum = new SlidingMaximum();
  private readonly envelope: DecoupledEnvelope = new DecoupledEnvelope();
  /** The reduction of the last seconds, below which an automatic release falls only slowly. */
  private readonly sustained: RunningMean = new RunningMean();
  /** How far the release is automatic, 0..1. */
  private readonly automatic: Smoother = new Smoother();
  /** It is or was automatic since the last reset. */
  private sustains: bool = false;
  private sampleRate: f64 = 48000;
  private reductions: usize = 0;
  private oldReductions: usize = 0;
  private means: usize = 0;
  private gains: usize = 0;
  private weights: usize = 0;
  private lastReduction: f32 = 0;
  private running: bool = false;

  /** Holds of up to `maxHoldFrames`. */
  prepare(sampleRate: f64, channels: i32, maxHoldFrames: i32): void {
    this.sampleRate = sampleRate;
    this.detector.prepare(sampleRate, channels);
    this.detector.setMeanTime(MEAN_SQUARE_MS);
    this.automatic.prepare(sampleRate);
    this.means = frameBuffer();
    this.reductions = frameBuffer();
    this.oldReductions = frameBuffer();
    this.gains = allocate(MAX_FRAMES << 2);
    this.weights = allocate(MAX_FRAMES << 2);
    this.hold.prepare(maxHoldFrames + this.framesOf(CREST_MS) + 1);
    this.curveFade.prepare(sampleRate, CURVE_FADE_MS);
    this.makeup.prepare(sampleRate);
  }

  /** `detector` is PEAK, RMS or LOUDNESS. */
  setCurve(thresholdDb: f64, ratio: f64, kneeDb: f64, rangeDb: f64, detector: i32): void {
    this.wanted.set(thresholdDb, ratio, kneeDb, rangeDb, detector);
    this.detector.use(detector);
    if (!this.running) this.settle();
  }

  setTimes(attackMs: f64, releaseMs: f64, holdFrames: i32): void {
    this.envelope.setTimes(attackMs, releaseMs, this.sampleRate);
    this.sustained.setTime(SUSTAIN_RATIO * releaseMs, this.sampleRate);
    this.hold.setWindow(holdFrames + this.framesOf(min(CREST_MS, CREST_SHARE * releaseMs)) + 1);
  }

  private framesOf(ms: f64): i32 {
    return <i32>nearest(ms * 0.001 * this.sampleRate);
  }

  /**
   * Two time constants: the gain recovers by the release as far as the mean reduction of the last seconds, and with that from there. Short
   * peaks are let go at once, dense passages do not pump.
   */
  setAutomaticRelease(on: bool): void {
    this.automatic.target = on ? 1 : 0;
    this.sustains = this.sustains || on;
    if (!this.running) this.settle();
  }

  /** Call after `setCurve`; `automatic` adds half of the reduction that the curve has at full scale. */
  setMakeup(makeupDb: f64, automatic: bool): void {
    this.makeup.target = makeupDb * LOG2_PER_DB + (automatic ? 0.5 * this.wanted.reductionAt(0) : 0);
    if (!this.running) this.settle();
  }

  private settle(): void {
    this.makeup.settle();
    this.automatic.settle();
    this.curve.copyFrom(this.wanted);
    this.curveFade.stop();
  }

  reset(): void {
    this.running = false;
    this.settle();
    this.detector.reset();
    this.hold.reset();
    this.envelope.reset();
    this.sustained.reset();
    this.sustains = this.automatic.target > 0;
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
    if (this.sustains) {
      memory.copy(this.means, this.reductions, (<usize>frames) << 2);
      this.sustained.process(this.means, frames);
    }
    this.envelope.process(this.reductions, frames);
    if (this.sustains) this.keepSustained(frames);
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

  private keepSustained(frames: i32): void {
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const reduction = load<f32>(this.reductions + i);
      const missing = load<f32>(this.means + i) - reduction;
      const share = <f32>(this.automatic.moving ? this.automatic.next() : this.automatic.value);
      if (missing > 0) store<f32>(this.reductions + i, reduction + share * missing);
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
