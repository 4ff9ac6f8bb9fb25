import { allocate } from "../abi/memory";
import { reductionsToGains } from "../dsp/compression-curve";
import { DecoupledEnvelope } from "../dsp/decoupled-envelope";
import { DelayLine } from "../dsp/delay-line";
import { DynamicShelf } from "../dsp/dynamic-shelf";
import { HopClock } from "../dsp/hop-clock";
import { DB_PER_LOG2, exp2, LOG2_PER_DB, log2 } from "../dsp/math";
import { SibilanceDetector } from "../dsp/sibilance-detector";
import * as Param from "../generated/de-esser-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Half of the detector's window, its hop and the attack: the sound waits until the detector knows. */
const LOOKAHEAD_MS: f64 = 6;
const ATTACK_MS: f64 = 1.2;
const RELEASE_MS: f64 = 6;
/** The shelf's corner as a share of the sibilants' frequency, so that it is nearly whole there. */
const CORNER_SHARE: f64 = 0.6;
/** A frequency that moves goes this many octaves a millisecond. */
const GLIDE_OCTAVES: f64 = 0.05;
const HOPS_PER_SECOND: i64 = 1000;
const MARGIN: i32 = 16;

/** Dynamic high shelf that dips on sibilants, told by their spectrum, not their level. At rest it passes every bit. */
export class DeEsser extends Processor {
  private detector: SibilanceDetector = new SibilanceDetector(48000, 0);
  private shelves: StaticArray<DynamicShelf> = new StaticArray<DynamicShelf>(0);
  /** Grid of the shelves, whose sound is later than the detector's. */
  private clock: HopClock = new HopClock(48000, HOPS_PER_SECOND);
  private readonly envelope: DecoupledEnvelope = new DecoupledEnvelope();
  private readonly delay: DelayLine = new DelayLine();
  private reductions: usize = 0;
  private roots: usize = 0;
  /** Half of the depth in log2 units: the shelf takes the square root of its gain. */
  private range: f64 = 0;
  private wantedOctave: f64 = 0;
  private octave: f64 = 0;
  private lookaheadFrames: i32 = 0;
  private running: bool = false;
  private lastReduction: f32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.detector = new SibilanceDetector(sampleRate, this.pairs);
    this.clock = new HopClock(sampleRate, HOPS_PER_SECOND);
    this.shelves = new StaticArray<DynamicShelf>(this.pairs);
    for (let pair = 0; pair < this.pairs; ++pair) this.shelves[pair] = new DynamicShelf();
    this.reductions = allocate((MAX_FRAMES << 2) + MARGIN + MARGIN) + MARGIN;
    this.roots = allocate(MAX_FRAMES << 2);
    this.envelope.setTimes(ATTACK_MS, RELEASE_MS, sampleRate);
    this.lookaheadFrames = <i32>nearest(0.001 * LOOKAHEAD_MS * sampleRate);
    this.delay.prepare(sampleRate, this.pairs, this.lookaheadFrames);
    this.delay.setDelay(this.lookaheadFrames);
    this.setParam(Param.FREQUENCY_HZ, 6500);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.FREQUENCY_HZ && value > 0) {
      this.wantedOctave = log2(value);
      this.detector.setFrequency(value);
    }
    if (index == Param.SENSITIVITY_PERCENT) this.detector.setSensitivity(value / 100);
    if (index == Param.RANGE_DB) this.range = 0.5 * value * LOG2_PER_DB;
    if (!this.running) this.tune(this.wantedOctave);
  }

  private tune(octave: f64): void {
    if (this.octave == octave) return;
    this.octave = octave;
    for (let pair = 0; pair < this.pairs; ++pair)
      this.shelves[pair].setFrequency(CORNER_SHARE * exp2(octave), this.sampleRate);
  }

  reset(): void {
    this.running = false;
    this.tune(this.wantedOctave);
    this.detector.reset();
    this.clock.reset();
    this.envelope.reset();
    this.delay.reset();
    for (let pair = 0; pair < this.pairs; ++pair) this.shelves[pair].reset();
    this.lastReduction = 0;
  }

  latencySamples(): i32 {
    return this.lookaheadFrames;
  }

  /** In 10 ms the shelf has rung out. */
  tailSamples(): i32 {
    return <i32>(0.01 * this.sampleRate);
  }

  reductionDb(): f32 {
    return -2 * this.lastReduction * <f32>DB_PER_LOG2;
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    this.listen(io, frames);
    this.envelope.process(this.reductions, frames);
    this.lastReduction = load<f32>(this.reductions + ((<usize>(frames - 1)) << 2));
    reductionsToGains(this.reductions, this.roots, frames, 0);
    this.delay.process(io, io, frames);
    for (let done = 0; done < frames; ) {
      const count = min(this.clock.left, frames - done);
      for (let pair = 0; pair < this.pairs; ++pair) {
        this.shelves[pair].process(
          io + ((<usize>(pair * frames + done)) << 3),
          this.roots + ((<usize>done) << 2),
          count,
        );
      }
      if (this.clock.advance(count)) this.finishHop();
      done += count;
    }
  }

  /** Writes the wanted reduction of each frame. */
  private listen(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(this.detector.clock.left, frames - done);
      const wanted = <f32>(this.range * this.detector.sibilance);
      for (let i = done; i < done + count; ++i) store<f32>(this.reductions + ((<usize>i) << 2), wanted);
      this.detector.feed(io, frames, done, count);
      done += count;
    }
  }

  /** Filters whose states die away are cleared, and a frequency that moves goes on. */
  private finishHop(): void {
    for (let pair = 0; pair < this.pairs; ++pair) this.shelves[pair].settle();
    const way = this.wantedOctave - this.octave;
    if (way != 0) this.tune(abs(way) <= GLIDE_OCTAVES ? this.wantedOctave : this.octave + copysign(GLIDE_OCTAVES, way));
  }
}
