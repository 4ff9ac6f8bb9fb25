import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { reductionsToGains } from "./compression-curve";
import { DecoupledEnvelope } from "./decoupled-envelope";
import { DelayLine } from "./delay-line";
import { applyFrameGains } from "./frame-gains";
import { absoluteLevels } from "./levels";
import { DB_PER_LOG2, LOG2_PER_DB, log2x4 } from "./math";
import { SlidingMaximum } from "./sliding-maximum";
import { Smoother } from "./smoother";

/** dB of reduction per dB below the threshold that make a gate: nothing in between open and closed. */
export const GATE_SLOPE: f64 = 1e6;
/** Half a period of 50 Hz: the level does not fall between the peaks of a wave. */
const PEAK_MS: f64 = 10;
const MAX_LOOKAHEAD_MS: f64 = 10;
/** Room in front of and behind a buffer of reductions, which work in groups of four needs. */
const MARGIN: i32 = 16;

/**
 * Turns down what lies below a threshold, all channels alike. It opens above the threshold, closes only below threshold minus
 * hysteresis and after the hold, and moves in the log domain by two time constants. Zoelzer, DAFX, 2nd ed., ch. 4.
 */
export class DownwardExpander {
  lookaheadFrames: i32 = 0;
  private sampleRate: f64 = 48000;
  private pairs: i32 = 1;
  private threshold: f32 = 0;
  private closing: f32 = 0;
  private slope: f32 = 0;
  private holdFrames: i32 = 0;
  private readonly range: Smoother = new Smoother();
  private readonly peak: SlidingMaximum = new SlidingMaximum();
  private readonly envelope: DecoupledEnvelope = new DecoupledEnvelope();
  private readonly delay: DelayLine = new DelayLine();
  private reductions: usize = 0;
  private gains: usize = 0;
  private open: bool = false;
  /** Frames for which it stays open below the closing level. */
  private held: i32 = 0;
  private running: bool = false;
  private lastReduction: f32 = 0;

  prepare(sampleRate: f64, pairs: i32): void {
    this.sampleRate = sampleRate;
    this.pairs = pairs;
    this.reductions = allocate((MAX_FRAMES << 2) + MARGIN + MARGIN) + MARGIN;
    this.gains = allocate(MAX_FRAMES << 2);
    this.range.prepare(sampleRate);
    this.peak.prepare(this.framesOf(PEAK_MS + MAX_LOOKAHEAD_MS) + 1);
    this.delay.prepare(sampleRate, pairs, this.framesOf(MAX_LOOKAHEAD_MS));
  }

  private framesOf(ms: f64): i32 {
    return <i32>nearest(ms * 0.001 * this.sampleRate);
  }

  /** `slope` is dB of reduction per dB below the threshold, ratio - 1. */
  setCurve(thresholdDb: f64, hysteresisDb: f64, slope: f64, rangeDb: f64): void {
    this.threshold = <f32>(thresholdDb * LOG2_PER_DB);
    this.closing = <f32>((thresholdDb - hysteresisDb) * LOG2_PER_DB);
    this.slope = <f32>slope;
    this.range.target = rangeDb * LOG2_PER_DB;
    if (!this.running) this.close();
  }

  setTimes(attackMs: f64, holdMs: f64, releaseMs: f64, lookaheadMs: f64): void {
    // Attack opens: it is the reduction that recovers.
    this.envelope.setTimes(releaseMs, attackMs, this.sampleRate);
    this.lookaheadFrames = this.framesOf(lookaheadMs);
    this.delay.setDelay(this.lookaheadFrames);
    // What is ahead of the sound must not close before the sound is there.
    this.peak.setWindow(this.framesOf(PEAK_MS) + this.lookaheadFrames + 1);
    this.holdFrames = max<i32>(0, this.framesOf(holdMs - PEAK_MS));
  }

  /** Sound begins behind a closed gate. */
  private close(): void {
    this.range.settle();
    this.envelope.settle(this.slope > 0 ? this.range.value : 0);
  }

  reset(): void {
    this.running = false;
    this.open = false;
    this.held = 0;
    this.peak.reset();
    this.envelope.reset();
    this.delay.reset();
    this.close();
    this.lastReduction = 0;
  }

  /** Gain change at the end of the last block in dB, never positive. */
  reductionDb(): f32 {
    return -this.lastReduction * <f32>DB_PER_LOG2;
  }

  process(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    this.running = true;
    absoluteLevels(key, keyPairs, frames, this.reductions);
    this.peak.process(this.reductions, frames);
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 16) {
      v128.store(this.reductions + i, log2x4(v128.load(this.reductions + i)));
    }
    this.computeReductions(frames);
    this.envelope.process(this.reductions, frames);
    this.lastReduction = load<f32>(this.reductions + ((<usize>(frames - 1)) << 2));
    this.delay.process(io, io, frames);
    reductionsToGains(this.reductions, this.gains, frames, 0);
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.gains, frames);
  }

  /** Turns log2 levels into wanted reductions, in place. */
  private computeReductions(frames: i32): void {
    const threshold = this.threshold;
    const closing = this.closing;
    const moving = this.range.moving;
    let range = <f32>this.range.value;
    let open = this.open;
    let held = this.held;
    for (let at = this.reductions; at < this.reductions + ((<usize>frames) << 2); at += 4) {
      const level = load<f32>(at);
      if (moving) range = <f32>this.range.next();
      if (level >= threshold) {
        open = true;
        held = this.holdFrames;
      } else if (open) {
        if (level >= closing) held = this.holdFrames;
        else if (held > 0) held -= 1;
        else open = false;
      }
      const asked = this.slope * (threshold - level);
      store<f32>(at, open ? 0 : asked < range ? asked : range);
    }
    this.open = open;
    this.held = held;
  }
}
