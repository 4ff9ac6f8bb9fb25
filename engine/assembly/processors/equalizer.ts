import { allocate } from "../abi/memory";
import { CrossFade } from "../dsp/cross-fade";
import { EqualizerBand } from "../dsp/equalizer-band";
import { EqualizerFilters } from "../dsp/equalizer-filters";
import { FLUSH_FRAMES } from "../dsp/filter-cascade";
import { FittedBiquad } from "../dsp/fitted-biquad";
import { blendFrames } from "../dsp/frame-gains";
import { log } from "../dsp/math";
import * as Param from "../generated/equalizer-params";
import { Processor } from "../processor";

const FADE_MS: f64 = 20;

/**
 * Up to 16 bands of fitted biquads in f64. Bands on single channels come before those on mid and side. A change designs a second set
 * of filters, which takes over the states and is cross-faded in; changes during a fade wait for its end.
 */
export class Equalizer extends Processor {
  private readonly bands: StaticArray<EqualizerBand> = new StaticArray<EqualizerBand>(Param.BANDS_MAX);
  private readonly redesign: StaticArray<bool> = new StaticArray<bool>(Param.BANDS_MAX);
  private bandCount: i32 = 0;
  private fitted: FittedBiquad = new FittedBiquad(48000);
  private filters: EqualizerFilters = new EqualizerFilters(0, 0);
  private otherFilters: EqualizerFilters = new EqualizerFilters(0, 0);
  private readonly fade: CrossFade = new CrossFade();
  private weights: usize = 0;
  private old: usize = 0;
  private changed: bool = false;
  private running: bool = false;
  /** Frames since the last flush. */
  private phase: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    for (let i = 0; i < Param.BANDS_MAX; ++i) this.bands[i] = new EqualizerBand();
    this.fitted = new FittedBiquad(sampleRate);
    this.filters = new EqualizerFilters(this.pairs, channels);
    this.otherFilters = new EqualizerFilters(this.pairs, channels);
    this.fade.prepare(sampleRate, FADE_MS);
    this.weights = allocate(FLUSH_FRAMES << 2);
    this.old = allocate((FLUSH_FRAMES * this.pairs) << 3);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.BANDS_COUNT) {
      this.changed = this.changed || <i32>value != this.bandCount;
      this.bandCount = <i32>value;
      return;
    }
    const place = index - Param.BANDS_BASE;
    const number = place / Param.BANDS_STRIDE;
    if (place < 0 || number >= Param.BANDS_MAX) return;
    if (!this.bands[number].set(place % Param.BANDS_STRIDE, value)) return;
    this.redesign[number] = true;
    this.changed = true;
  }

  reset(): void {
    this.fade.stop();
    this.running = false;
    this.phase = 0;
    this.filters.reset();
  }

  /** 160 dB of decay of the slowest section, and 20 dB more for every other. */
  tailSamples(): i32 {
    let slowest: f64 = 0;
    let sum: f64 = 0;
    for (let band = 0; band < this.bandCount; ++band) {
      this.designBand(band);
      for (let i = 0; i < this.bands[band].sectionCount; ++i) {
        const frames = -2.302585092994046 / log(min<f64>(this.bands[band].sections[i].poleRadius, 0.9999999));
        slowest = max(slowest, frames);
        sum += frames;
      }
    }
    return <i32>ceil(7 * slowest + sum);
  }

  private designBand(number: i32): void {
    if (!this.redesign[number]) return;
    this.redesign[number] = false;
    this.bands[number].design(this.fitted, this.sampleRate);
  }

  /** Builds a set of filters from all bands. */
  private build(filters: EqualizerFilters): void {
    this.changed = false;
    filters.clear();
    for (let number = 0; number < this.bandCount; ++number) {
      this.designBand(number);
      if (this.bands[number].enabled) filters.add(this.bands[number], number);
    }
    filters.finish();
  }

  private takeUpChanges(): void {
    if (!this.changed || this.fade.remaining > 0) return;
    if (!this.running) {
      this.build(this.filters);
      return;
    }
    this.build(this.otherFilters);
    this.otherFilters.takeStates(this.filters);
    const before = this.filters;
    this.filters = this.otherFilters;
    this.otherFilters = before;
    this.fade.start();
  }

  process(io: usize, frames: i32): void {
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
    this.filters.flush();
    this.otherFilters.flush();
  }

  private processPiece(io: usize, stride: i32, count: i32): void {
    const fading = this.fade.remaining > 0;
    if (fading) this.fade.fill(this.weights, count);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * stride)) << 3);
      if (fading) memory.copy(this.old, at, (<usize>count) << 3);
      this.filters.process(pair, at, count);
      if (!fading) continue;
      this.otherFilters.process(pair, this.old, count);
      blendFrames(at, this.old, this.weights, count);
    }
  }
}
