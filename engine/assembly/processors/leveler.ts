import { allocate } from "../abi/memory";
import { reductionsToGains } from "../dsp/compression-curve";
import { DelayLine } from "../dsp/delay-line";
import { DialogueRider, LOOKAHEAD_HOPS } from "../dsp/dialogue-rider";
import { applyFrameGains } from "../dsp/frame-gains";
import { HOPS_PER_SECOND } from "../dsp/hop-clock";
import { LOG2_PER_DB } from "../dsp/math";
import { SpeechDetector } from "../dsp/speech-detector";
import { WeightedEnergy } from "../dsp/weighted-energy";
import * as Param from "../generated/leveler-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Rides the level of dialogue: listens a second ahead and turns all channels by one slow gain. */
export class Leveler extends Processor {
  private readonly rider: DialogueRider = new DialogueRider();
  private detector: SpeechDetector = new SpeechDetector(48000);
  private energy: WeightedEnergy = new WeightedEnergy(48000, 2);
  private readonly delay: DelayLine = new DelayLine();
  /** The unfinished hop, pairs apart: it is listened to as a whole, so that blocks leave no trace. */
  private hop: usize = 0;
  private hopStride: i32 = 0;
  private hopFrames: i32 = 0;
  private gains: usize = 0;
  private lookaheadFrames: i32 = 0;
  /** Gain in log2 units at the beginning and at the end of the present hop. */
  private from: f64 = 0;
  private to: f64 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.detector = new SpeechDetector(sampleRate);
    this.energy = new WeightedEnergy(sampleRate, channels);
    this.hopStride = <i32>ceil(sampleRate / <f64>HOPS_PER_SECOND) + 1;
    this.hop = allocate((this.pairs * this.hopStride) << 3);
    this.gains = allocate(MAX_FRAMES << 2);
    this.lookaheadFrames = <i32>nearest((sampleRate * <f64>LOOKAHEAD_HOPS) / <f64>HOPS_PER_SECOND);
    this.delay.prepare(sampleRate, this.pairs, this.lookaheadFrames);
    this.delay.setDelay(this.lookaheadFrames);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.TARGET_LUFS) this.rider.targetLufs = value;
    if (index == Param.RANGE_DB) this.rider.rangeDb = value;
    if (index == Param.LIFT_DB) this.rider.lift.rangeDb = value;
    if (index == Param.RATE_DB_PER_SECOND) this.rider.rateDbPerSecond = value;
  }

  reset(): void {
    this.rider.reset();
    this.detector.reset();
    this.energy.reset();
    this.delay.reset();
    this.hopFrames = 0;
    this.from = 0;
    this.to = 0;
  }

  latencySamples(): i32 {
    return this.lookaheadFrames;
  }

  /** The gain at the end of the last block where it is below 0 dB. */
  reductionDb(): f32 {
    return <f32>min<f64>(0, this.gainDb);
  }

  private get gainDb(): f64 {
    return this.rider.gainDb + this.rider.lift.gainDb;
  }

  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(this.detector.clock.left - this.hopFrames, frames - done);
      this.fillGains(this.gains + ((<usize>done) << 2), count);
      this.keep(io, frames, done, count);
      done += count;
    }
    reductionsToGains(this.gains, this.gains, frames, 0);
    this.delay.process(io, io, frames);
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.gains, frames);
  }

  private fillGains(gains: usize, count: i32): void {
    const step = (this.to - this.from) / <f64>this.detector.clock.left;
    for (let i = 0; i < count; ++i)
      store<f32>(gains + ((<usize>i) << 2), <f32>-(this.from + step * <f64>(this.hopFrames + i + 1)));
  }

  private keep(io: usize, frames: i32, start: i32, count: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      const to = this.hop + ((<usize>(pair * this.hopStride + this.hopFrames)) << 3);
      memory.copy(to, io + ((<usize>(pair * frames + start)) << 3), (<usize>count) << 3);
    }
    this.hopFrames += count;
    if (this.hopFrames == this.detector.clock.left) this.finishHop();
  }

  private finishHop(): void {
    this.energy.add(this.hop, this.pairs, this.hopStride, 0, this.hopFrames);
    this.detector.feedPart(this.hop, this.pairs, this.hopStride, 0, this.hopFrames);
    this.rider.next(this.energy.take(this.hopFrames), this.detector.speaking);
    this.hopFrames = 0;
    this.from = this.to;
    this.to = this.gainDb * LOG2_PER_DB;
  }
}
