import { allocate } from "../abi/memory";
import { DelayLine } from "../dsp/delay-line";
import { DuckDepth } from "../dsp/duck-depth";
import { applyFrameGains } from "../dsp/frame-gains";
import { dbToGain, onePole } from "../dsp/math";
import * as Param from "../generated/ducker-params";
import { MAX_FRAMES, Processor } from "../processor";

const MAX_LOOKAHEAD_MS: f64 = 1000;
/** The fade is worked out once in so many frames and runs straight between. */
const STEP: i32 = 16;
/** Two equal poles have covered 95 % of a fade after 4.74 time constants. */
const FADE_CONSTANTS: f64 = 4.74;
/** Slowest way of a fade: it arrives instead of coming ever nearer. */
const LEAST_DB_PER_SECOND: f64 = 0.5;

/**
 * Turns its input down under the voice in the key, as far as the wanted loudness difference needs. The input is delayed by the
 * look-ahead, so the key is heard early. Without speech the delayed input passes bit for bit.
 */
export class Ducker extends Processor {
  private readonly delay: DelayLine = new DelayLine();
  /** One entry, made in `prepare`. */
  private depths: StaticArray<DuckDepth> = new StaticArray<DuckDepth>(0);
  private gains: usize = 0;
  /** What is heard when nobody gives a key. */
  private silence: usize = 0;
  private attackPole: f64 = 0;
  private releasePole: f64 = 0;
  /** Frames left of the present step, and where the gain stands in it. */
  private stepLeft: i32 = 0;
  private gain: f64 = 1;
  private slope: f64 = 0;
  private nextGain: f64 = 1;
  private firstDb: f64 = 0;
  private fadeDb: f64 = 0;
  private deepestDb: f64 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.gains = allocate(MAX_FRAMES << 2);
    this.silence = allocate(MAX_FRAMES << 3);
    this.delay.prepare(sampleRate, this.pairs, this.framesOf(MAX_LOOKAHEAD_MS));
    this.depths = new StaticArray<DuckDepth>(1);
    this.depths[0] = new DuckDepth(sampleRate, this.pairs);
    this.setParam(Param.ATTACK_MS, 300);
    this.setParam(Param.RELEASE_MS, 800);
    this.setParam(Param.LOOKAHEAD_MS, 300);
  }

  setParam(index: i32, value: f64): void {
    const depth = this.depths[0];
    if (index == Param.TARGET_DIFFERENCE_LU) depth.targetDifferenceLu = value;
    if (index == Param.MAX_DEPTH_DB) depth.maxDepthDb = value;
    if (index == Param.HOLD_MS) depth.holdMs = value;
    if (index == Param.MERGE_GAP_MS) depth.mergeGapMs = value;
    if (index == Param.ATTACK_MS) this.attackPole = this.fadePole(value);
    if (index == Param.RELEASE_MS) this.releasePole = this.fadePole(value);
    if (index != Param.LOOKAHEAD_MS) return;
    depth.lookaheadMs = value;
    this.delay.setDelay(this.framesOf(value));
  }

  reset(): void {
    this.delay.reset();
    this.depths[0].reset();
    this.stepLeft = 0;
    this.gain = 1;
    this.slope = 0;
    this.nextGain = 1;
    this.firstDb = 0;
    this.fadeDb = 0;
    this.deepestDb = 0;
  }

  latencySamples(): i32 {
    return this.framesOf(this.depths[0].lookaheadMs);
  }

  /** The deepest duck since this was last asked. */
  reductionDb(): f32 {
    const db = -this.deepestDb;
    this.deepestDb = this.fadeDb;
    return <f32>db;
  }

  process(io: usize, frames: i32): void {
    this.processKeyed(io, frames, this.silence, 1);
  }

  processKeyed(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    const depth = this.depths[0];
    let ducks = false;
    for (let from = 0; from < frames; ) {
      const count = min(depth.framesLeft, frames - from);
      if (this.fade(this.gains + ((<usize>from) << 2), count, depth.depthDb)) ducks = true;
      depth.feed(io, this.pairs, key, keyPairs, frames, from, count);
      from += count;
    }
    this.delay.process(io, io, frames);
    if (!ducks) return;
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.gains, frames);
  }

  private framesOf(ms: f64): i32 {
    return <i32>nearest((ms * this.sampleRate) / 1000);
  }

  private fadePole(ms: f64): f64 {
    return onePole(ms / FADE_CONSTANTS, this.sampleRate / <f64>STEP);
  }

  /** Writes the gains of the next `count` frames; false when all are 1. */
  private fade(gains: usize, count: i32, wantedDb: f64): bool {
    let ducks = false;
    for (let i: usize = 0; i < <usize>count; ++i) {
      if (this.stepLeft == 0) this.step(wantedDb);
      this.stepLeft -= 1;
      this.gain = this.stepLeft == 0 ? this.nextGain : this.gain + this.slope;
      store<f32>(gains + (i << 2), <f32>this.gain);
      if (this.gain != 1) ducks = true;
    }
    return ducks;
  }

  /** Moves the fade by STEP frames: in dB, by two poles, so that neither level nor slope jumps. */
  private step(wantedDb: f64): void {
    const pole = wantedDb > this.firstDb ? this.attackPole : this.releasePole;
    const least = (LEAST_DB_PER_SECOND * <f64>STEP) / this.sampleRate;
    this.firstDb = approach(this.firstDb, wantedDb, pole, least);
    this.fadeDb = approach(this.fadeDb, this.firstDb, pole, least);
    this.deepestDb = max(this.deepestDb, this.fadeDb);
    this.nextGain = dbToGain(-this.fadeDb);
    this.slope = (this.nextGain - this.gain) / <f64>STEP;
    this.stepLeft = STEP;
  }
}

/** One step of a pole towards `end`, and at least `least` of the way. */
function approach(value: f64, end: f64, pole: f64, least: f64): f64 {
  const next = end + (value - end) * pole;
  if (abs(next - end) <= least) return end;
  return next > end ? next - least : next + least;
}
