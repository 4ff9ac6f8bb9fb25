import { allocate } from "../abi/memory";
import { applyFrameGains } from "../dsp/frame-gains";
import { DB_PER_LOG2, dbToGain, log2 } from "../dsp/math";
import { FULL, ReductionEnvelope } from "../dsp/reduction-envelope";
import { GROUP, HISTORY, PeakInterpolator, SPARE, separate, TAPS_AHEAD } from "../dsp/true-peak";
import * as Param from "../generated/limiter-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Below the ceiling by this: what the parabola and the moving gain may add between the samples. */
const MARGIN_DB: f64 = 0.02;
const MAX_LOOKAHEAD_MS: f64 = 5;
/** Frames around a peak that keep its whole reduction: they make the peak up between the samples. */
const GUARD: i32 = 8;
const STRETCH_FRAMES: i32 = HISTORY + MAX_FRAMES + SPARE;

/** True-peak limiter: 4x detector, look-ahead, and a gain that is smooth by two box filters yet never too high. */
export class Limiter extends Processor {
  private readonly interpolator: PeakInterpolator = new PeakInterpolator(MAX_FRAMES);
  private ceiling: f64 = 1;
  private lookaheadMs: f64 = 2;
  private releaseMs: f64 = 100;
  private link: f64 = 1;
  private running: bool = false;
  /** One envelope a channel; the first alone works while all are linked. */
  private envelopes: StaticArray<ReductionEnvelope> = new StaticArray<ReductionEnvelope>(0);
  /** Channels have gone ways of their own since the start. */
  private apart: bool = false;
  private latency: i32 = 0;
  /** `longest` old and MAX_FRAMES new frames of each pair: the delayed sound. */
  private lines: usize = 0;
  private longest: i32 = 0;
  /** HISTORY old and MAX_FRAMES new frames of each channel: what the detector reads. */
  private stretches: usize = 0;
  private needs: usize = 0;
  private gains: usize = 0;
  private peaks: usize = 0;
  private deepest: f32 = 1;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const lookahead = this.framesOf(MAX_LOOKAHEAD_MS);
    this.longest = lookahead + TAPS_AHEAD;
    this.lines = allocate((this.pairs * (this.longest + MAX_FRAMES)) << 3);
    this.stretches = allocate((2 * this.pairs * STRETCH_FRAMES) << 2);
    this.needs = allocate((2 * this.pairs * MAX_FRAMES) << 3);
    this.gains = allocate(MAX_FRAMES << 2);
    this.peaks = allocate(GROUP << 2);
    this.envelopes = new StaticArray<ReductionEnvelope>(2 * this.pairs);
    for (let i = 0; i < 2 * this.pairs; ++i) this.envelopes[i] = new ReductionEnvelope(lookahead + GUARD + 2);
    this.setParam(Param.CEILING_DBTP, -1);
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.CEILING_DBTP) this.ceiling = dbToGain(value - MARGIN_DB);
    if (index == Param.LOOKAHEAD_MS) this.lookaheadMs = value;
    if (index == Param.RELEASE_MS) this.releaseMs = value;
    if (index == Param.LINK_PERCENT) this.link = value / 100;
    for (let i = 0; i < this.envelopes.length; ++i) this.envelopes[i].setRelease(this.releaseMs, this.sampleRate);
  }

  reset(): void {
    memory.fill(this.lines, 0, (<usize>(this.pairs * (this.longest + MAX_FRAMES))) << 3);
    memory.fill(this.stretches, 0, (<usize>(2 * this.pairs * STRETCH_FRAMES)) << 2);
    for (let i = 0; i < this.envelopes.length; ++i) this.envelopes[i].reset();
    this.running = false;
    this.apart = false;
    this.deepest = 1;
  }

  /** The look-ahead holds from the first block to the next reset. */
  latencySamples(): i32 {
    return this.running ? this.latency : this.framesOf(this.lookaheadMs) + TAPS_AHEAD;
  }

  /** The deepest reduction since this was last asked. */
  reductionDb(): f32 {
    const db = log2(this.deepest) * DB_PER_LOG2;
    this.deepest = 1;
    return <f32>db;
  }

  process(io: usize, frames: i32): void {
    if (!this.running) this.start();
    this.take(io, frames);
    if (this.link < 1) this.part();
    const needed = this.findNeeds(frames);
    if (this.apart) this.limitApart(io, frames);
    else if (needed || !this.envelopes[0].idle) this.limitLinked(io, frames);
    else this.pass(io, frames);
    this.forget(frames);
  }

  private framesOf(ms: f64): i32 {
    return <i32>nearest((ms * this.sampleRate) / 1000);
  }

  private lineOf(pair: i32): usize {
    return this.lines + ((<usize>(pair * (this.longest + MAX_FRAMES))) << 3);
  }

  private stretchOf(channel: i32): usize {
    return this.stretches + ((<usize>(channel * STRETCH_FRAMES)) << 2);
  }

  /** Puts new frames behind the old ones. */
  private take(io: usize, frames: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      const from = io + ((<usize>(pair * frames)) << 3);
      const left = this.stretchOf(2 * pair) + (HISTORY << 2);
      memory.copy(this.lineOf(pair) + ((<usize>this.longest) << 3), from, (<usize>frames) << 3);
      separate(this.lineOf(pair) + ((<usize>this.longest) << 3), left, left + (STRETCH_FRAMES << 2), frames);
    }
  }

  /** Moves the newest frames to where the old ones lie. */
  private forget(frames: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      memory.copy(this.lineOf(pair), this.lineOf(pair) + ((<usize>frames) << 3), (<usize>this.longest) << 3);
    }
    for (let channel = 0; channel < this.channels; ++channel) {
      memory.copy(this.stretchOf(channel), this.stretchOf(channel) + ((<usize>frames) << 2), HISTORY << 2);
    }
  }

  private needsOf(channel: i32): usize {
    return this.needs + ((<usize>(channel * MAX_FRAMES)) << 3);
  }

  private start(): void {
    const lookahead = this.framesOf(this.lookaheadMs);
    const smooth = lookahead - GUARD + 1;
    for (let i = 0; i < this.envelopes.length; ++i) this.envelopes[i].configure(smooth + 2 * GUARD + 1, smooth);
    this.latency = lookahead + TAPS_AHEAD;
    this.running = true;
  }

  /** From here on each channel has its own envelope, starting from the common one. */
  private part(): void {
    if (this.apart) return;
    for (let channel = 1; channel < this.channels; ++channel) this.envelopes[channel].copyFrom(this.envelopes[0]);
    this.apart = true;
  }

  /** Writes what each channel (all together in the first while linked) needs; false when nobody needs anything. */
  private findNeeds(frames: i32): bool {
    const lists = this.apart ? this.channels : 1;
    memory.fill(this.needs, 0, (<usize>(lists * MAX_FRAMES)) << 3);
    let needed = false;
    for (let channel = 0; channel < this.channels; ++channel) {
      const stretch = this.stretchOf(channel);
      const needs = this.needsOf(this.apart ? channel : 0);
      this.interpolator.scan(stretch, frames);
      for (let start = 0; start < frames; start += GROUP) {
        if (<f64>this.interpolator.bound(TAPS_AHEAD + start) <= this.ceiling) continue;
        const at = stretch + ((<usize>(TAPS_AHEAD + start)) << 2);
        if (this.findGroupNeeds(at, min(GROUP, frames - start), needs + ((<usize>start) << 3))) needed = true;
      }
    }
    return needed;
  }

  private findGroupNeeds(at: usize, count: i32, needs: usize): bool {
    this.interpolator.framePeaks(at, count, <f32>this.ceiling, this.peaks);
    let needed = false;
    for (let i: usize = 0; i < <usize>count; ++i) {
      const peak = <f64>load<f32>(this.peaks + (i << 2));
      if (peak <= this.ceiling) continue;
      const need = <i64>ceil((1 - this.ceiling / peak) * <f64>FULL);
      if (need > load<i64>(needs + (i << 3))) store<i64>(needs + (i << 3), need);
      needed = true;
    }
    return needed;
  }

  /** The delayed frames as they are. */
  private pass(io: usize, frames: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      memory.copy(io + ((<usize>(pair * frames)) << 3), this.delayed(pair), (<usize>frames) << 3);
    }
  }

  private delayed(pair: i32): usize {
    return this.lineOf(pair) + ((<usize>(this.longest - this.latency)) << 3);
  }

  private limitLinked(io: usize, frames: i32): void {
    this.deepest = min(this.deepest, this.envelopes[0].process(this.needs, this.gains, frames));
    this.pass(io, frames);
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.gains, frames);
  }

  private limitApart(io: usize, frames: i32): void {
    this.linkNeeds(frames);
    this.pass(io, frames);
    for (let channel = 0; channel < this.channels; ++channel) {
      this.deepest = min(this.deepest, this.envelopes[channel].process(this.needsOf(channel), this.gains, frames));
      const at = io + ((<usize>((channel >> 1) * frames)) << 3) + ((<usize>(channel & 1)) << 2);
      this.applyToLane(at, frames);
      if (this.channels == 1) this.applyToLane(at + 4, frames);
    }
  }

  private applyToLane(at: usize, frames: i32): void {
    for (let i: usize = 0; i < <usize>frames; ++i) {
      store<f32>(at + (i << 3), load<f32>(at + (i << 3)) * load<f32>(this.gains + (i << 2)));
    }
  }

  /** Draws each channel's need towards the largest of all. */
  private linkNeeds(frames: i32): void {
    for (let i: usize = 0; i < <usize>frames; ++i) {
      let largest: i64 = 0;
      for (let channel = 0; channel < this.channels; ++channel)
        largest = max(largest, load<i64>(this.needsOf(channel) + (i << 3)));
      if (largest == 0) continue;
      for (let channel = 0; channel < this.channels; ++channel) {
        const at = this.needsOf(channel) + (i << 3);
        const own = load<i64>(at);
        store<i64>(at, own + <i64>ceil(this.link * <f64>(largest - own)));
      }
    }
  }
}
