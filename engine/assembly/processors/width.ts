import { allocate } from "../abi/memory";
import { Biquad } from "../dsp/biquad";
import { CrossFade } from "../dsp/cross-fade";
import { FilterCascade, FLUSH_FRAMES, LANE_LEFT, LANE_RIGHT } from "../dsp/filter-cascade";
import { cos, PI, sin } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/width-params";
import { Processor } from "../processor";

const FADE_MS: f64 = 20;
const SECTIONS: i32 = 3;
/** Below this corner the filter is off. */
const LEAST_HZ: f64 = 1;
/** In 5.1 and 7.1 the second pair is centre and LFE: it has no sides. */
const CENTRE_PAIR: i32 = 1;
const SQRT_2: f64 = 1.4142135623730951;

/**
 * Mid and side in f64. For mono bass the side passes a fourth-order Linkwitz-Riley high-pass (JAES 24(1), 1976) and the mid the all-pass
 * of the same phase, so that the image above stays where it is and the mono sum keeps its level.
 */
export class Width extends Processor {
  private filters: StaticArray<FilterCascade> = new StaticArray<FilterCascade>(0);
  private otherFilters: StaticArray<FilterCascade> = new StaticArray<FilterCascade>(0);
  private readonly section: Biquad = new Biquad();
  private readonly side: Smoother = new Smoother();
  private readonly fade: CrossFade = new CrossFade();
  private monoBelowHz: f64 = 0;
  private changed: bool = false;
  private running: bool = false;
  /** Frames since the last flush. */
  private phase: i32 = 0;
  private lanes: usize = 0;
  private old: usize = 0;
  private weights: usize = 0;
  private sides: usize = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.filters = new StaticArray<FilterCascade>(this.pairs);
    this.otherFilters = new StaticArray<FilterCascade>(this.pairs);
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.filters[pair] = new FilterCascade(SECTIONS);
      this.otherFilters[pair] = new FilterCascade(SECTIONS);
    }
    this.side.prepare(sampleRate);
    this.side.target = 1;
    this.side.settle();
    this.fade.prepare(sampleRate, FADE_MS);
    this.lanes = allocate(FLUSH_FRAMES << 4);
    this.old = allocate(FLUSH_FRAMES << 4);
    this.weights = allocate(FLUSH_FRAMES << 2);
    this.sides = allocate(FLUSH_FRAMES << 2);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.WIDTH_PERCENT) this.side.target = value / 100;
    if (index == Param.MONO_BELOW_HZ && value != this.monoBelowHz) {
      this.monoBelowHz = value;
      this.changed = true;
    }
    if (!this.running) this.side.settle();
  }

  reset(): void {
    this.running = false;
    this.phase = 0;
    this.fade.stop();
    this.side.settle();
    if (this.changed) this.build(this.filters);
    for (let pair = 0; pair < this.pairs; ++pair) this.filters[pair].reset();
  }

  /** 160 dB of a double pole pair at the corner. */
  tailSamples(): i32 {
    if (this.monoBelowHz < LEAST_HZ) return 0;
    return <i32>ceil((24 * this.sampleRate) / (SQRT_2 * PI * this.monoBelowHz));
  }

  private build(filters: StaticArray<FilterCascade>): void {
    this.changed = false;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const filter = filters[pair];
      filter.clear();
      if (this.monoBelowHz >= LEAST_HZ) {
        this.designAllPass();
        filter.add(this.section, LANE_LEFT, 0);
        this.designHighPass();
        filter.add(this.section, LANE_RIGHT, 1);
        filter.add(this.section, LANE_RIGHT, 2);
      }
      filter.finish();
    }
  }

  /** Butterworth denominator; gives its scale. */
  private designPoles(): f64 {
    const w = (PI * this.monoBelowHz) / this.sampleRate;
    const k = sin(w) / cos(w);
    const scale = 1 / (1 + SQRT_2 * k + k * k);
    this.section.a1 = 2 * (k * k - 1) * scale;
    this.section.a2 = (1 - SQRT_2 * k + k * k) * scale;
    return scale;
  }

  private designHighPass(): void {
    const scale = this.designPoles();
    this.section.b0 = scale;
    this.section.b1 = -2 * scale;
    this.section.b2 = scale;
  }

  /** What low-pass and high-pass of the crossover add up to. */
  private designAllPass(): void {
    this.designPoles();
    this.section.b0 = this.section.a2;
    this.section.b1 = this.section.a1;
    this.section.b2 = 1;
  }

  private takeUpChanges(): void {
    if (!this.changed || this.fade.remaining > 0) return;
    if (!this.running) {
      this.build(this.filters);
      return;
    }
    this.build(this.otherFilters);
    for (let pair = 0; pair < this.pairs; ++pair) this.otherFilters[pair].takeStates(this.filters[pair]);
    const before = this.filters;
    this.filters = this.otherFilters;
    this.otherFilters = before;
    this.fade.start();
  }

  process(io: usize, frames: i32): void {
    if (this.channels == 1) return;
    for (let done = 0; done < frames; ) {
      this.takeUpChanges();
      this.running = true;
      let count = min(frames - done, FLUSH_FRAMES - this.phase);
      if (this.fade.remaining > 0) count = min(count, this.fade.remaining);
      this.processPiece(io + ((<usize>done) << 3), frames, count);
      this.phase += count;
      if (this.phase == FLUSH_FRAMES) this.flush();
      done += count;
    }
  }

  private flush(): void {
    this.phase = 0;
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.filters[pair].flush();
      this.otherFilters[pair].flush();
    }
  }

  private processPiece(io: usize, stride: i32, count: i32): void {
    const fading = this.fade.remaining > 0;
    const still = !fading && !this.side.moving && this.side.value == 1 && this.filters[0].count == 0;
    if (still) return;
    if (fading) this.fade.fill(this.weights, count);
    this.side.fill(this.sides, count);
    for (let pair = 0; pair < this.pairs; ++pair) {
      if (pair == CENTRE_PAIR && this.channels > 4) continue;
      const at = io + ((<usize>(pair * stride)) << 3);
      toMidSide(at, this.lanes, count);
      if (fading) {
        memory.copy(this.old, this.lanes, (<usize>count) << 4);
        this.otherFilters[pair].process<f64>(this.old, count);
      }
      this.filters[pair].process<f64>(this.lanes, count);
      if (fading) blendLanes(this.lanes, this.old, this.weights, count);
      toLeftRight(this.lanes, this.sides, at, count);
    }
  }
}

function toMidSide(io: usize, lanes: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    const left = <f64>load<f32>(io + ((<usize>i) << 3));
    const right = <f64>load<f32>(io + ((<usize>i) << 3), 4);
    store<f64>(lanes + ((<usize>i) << 4), 0.5 * (left + right));
    store<f64>(lanes + ((<usize>i) << 4), 0.5 * (left - right), 8);
  }
}

function toLeftRight(lanes: usize, sides: usize, io: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    const mid = load<f64>(lanes + ((<usize>i) << 4));
    const side = load<f64>(lanes + ((<usize>i) << 4), 8) * <f64>load<f32>(sides + ((<usize>i) << 2));
    store<f32>(io + ((<usize>i) << 3), <f32>(mid + side));
    store<f32>(io + ((<usize>i) << 3), <f32>(mid - side), 4);
  }
}

function blendLanes(lanes: usize, old: usize, weights: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    const at = (<usize>i) << 4;
    const weight = f64x2.splat(<f64>load<f32>(weights + ((<usize>i) << 2)));
    const before = v128.load(old + at);
    v128.store(lanes + at, f64x2.add(before, f64x2.mul(f64x2.sub(v128.load(lanes + at), before), weight)));
  }
}
