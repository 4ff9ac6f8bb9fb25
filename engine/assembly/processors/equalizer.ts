import { allocate } from "../abi/memory";
import { CrossFade } from "../dsp/cross-fade";
import { DynamicBand } from "../dsp/dynamic-band";
import { EqualizerBand } from "../dsp/equalizer-band";
import { EqualizerFilters } from "../dsp/equalizer-filters";
import { FLUSH_FRAMES } from "../dsp/filter-cascade";
import { FittedBiquad } from "../dsp/fitted-biquad";
import { applyFrameGains, blendFrames } from "../dsp/frame-gains";
import { LinearPhase } from "../dsp/linear-phase";
import { log } from "../dsp/math";
import * as Param from "../generated/equalizer-params";
import { mixAdd } from "../kernels/gains";
import { Processor } from "../processor";

const FADE_MS: f64 = 20;

/**
 * Up to 16 bands: first those that move with the sound, then fitted biquads in f64, or symmetric responses. Bands on single channels
 * come before those on mid and side. A change designs a second set of filters, which takes over the states and is cross-faded in;
 * changes during a fade wait for its end.
 */
export class Equalizer extends Processor {
  private readonly bands: StaticArray<EqualizerBand> = new StaticArray<EqualizerBand>(Param.BANDS_MAX);
  private readonly redesign: StaticArray<bool> = new StaticArray<bool>(Param.BANDS_MAX);
  private bandCount: i32 = 0;
  private fitted: FittedBiquad = new FittedBiquad(48000);
  private filters: EqualizerFilters = new EqualizerFilters(0, 0);
  private otherFilters: EqualizerFilters = new EqualizerFilters(0, 0);
  private readonly fade: CrossFade = new CrossFade();
  private readonly moving: StaticArray<DynamicBand> = new StaticArray<DynamicBand>(Param.BANDS_MAX);
  /** Some band moves with the sound, or did and must come to rest. */
  private moves: bool = false;
  private movesChanged: bool = false;
  /** Allocated when it is first asked for. */
  private linear: LinearPhase | null = null;
  private wantedPhase: i32 = Param.PHASE_MINIMUM;
  private phaseMode: i32 = Param.PHASE_MINIMUM;
  /** From the other phase to the present one. */
  private readonly phaseFade: CrossFade = new CrossFade();
  private weights: usize = 0;
  private old: usize = 0;
  private phaseWeights: usize = 0;
  private other: usize = 0;
  private changed: bool = false;
  private running: bool = false;
  /** Frames since the last flush. */
  private phase: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    for (let i = 0; i < Param.BANDS_MAX; ++i) {
      this.bands[i] = new EqualizerBand();
      this.moving[i] = new DynamicBand(sampleRate, this.pairs, channels == 1, FLUSH_FRAMES);
    }
    this.fitted = new FittedBiquad(sampleRate);
    this.filters = new EqualizerFilters(this.pairs, channels);
    this.otherFilters = new EqualizerFilters(this.pairs, channels);
    this.fade.prepare(sampleRate, FADE_MS);
    this.phaseFade.prepare(sampleRate, FADE_MS);
    this.weights = allocate(FLUSH_FRAMES << 2);
    this.old = allocate(FLUSH_FRAMES << 3);
    this.phaseWeights = allocate(FLUSH_FRAMES << 2);
    this.other = allocate((FLUSH_FRAMES * this.pairs) << 3);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.PHASE) {
      this.wantedPhase = <i32>value;
      if (this.wantedPhase == Param.PHASE_LINEAR && !this.linear)
        this.linear = new LinearPhase(this.sampleRate, this.pairs, this.channels == 1);
      return;
    }
    this.movesChanged = true;
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
    this.phaseFade.stop();
    this.phaseMode = this.wantedPhase;
    this.running = false;
    this.phase = 0;
    this.filters.reset();
    const linear = this.linear;
    if (linear) linear.reset();
    this.configureMoves();
    for (let i = 0; i < Param.BANDS_MAX; ++i) this.moving[i].reset(this.bands[i]);
  }

  latencySamples(): i32 {
    const linear = this.linear;
    return linear && this.wantedPhase == Param.PHASE_LINEAR ? linear.delayFrames : 0;
  }

  tailSamples(): i32 {
    const linear = this.linear;
    let frames: f64 = 0;
    if (this.movesChanged) this.configureMoves();
    for (let i = 0; i < this.bandCount; ++i) frames += this.moving[i].tailFrames(this.bands[i]);
    if (!linear || this.wantedPhase == Param.PHASE_MINIMUM) frames += this.minimumTail();
    else frames += linear.tailFrames;
    return <i32>ceil(frames);
  }

  /** 160 dB of decay of the slowest section, and 20 dB more for every other. */
  private minimumTail(): f64 {
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
    return 7 * slowest + sum;
  }

  reductionDb(): f32 {
    let deepest: f32 = 0;
    for (let i = 0; i < this.bandCount; ++i) deepest = min(deepest, this.moving[i].reductionDb);
    return deepest;
  }

  private designBand(number: i32): void {
    if (!this.redesign[number]) return;
    this.redesign[number] = false;
    this.bands[number].design(this.fitted, this.sampleRate);
  }

  private configureMoves(): void {
    this.movesChanged = false;
    for (let i = 0; i < Param.BANDS_MAX; ++i) {
      this.moving[i].configure(this.bands[i], i < this.bandCount);
      this.moves = this.moves || !this.moving[i].isAtRest;
    }
  }

  /** Builds a set of filters from all bands. */
  private build(filters: EqualizerFilters): void {
    filters.clear();
    for (let number = 0; number < this.bandCount; ++number) {
      this.designBand(number);
      if (this.bands[number].enabled) filters.add(this.bands[number], number);
    }
    filters.finish();
  }

  private takeUpChanges(): void {
    if (this.movesChanged) this.configureMoves();
    if (this.wantedPhase != this.phaseMode && this.phaseFade.remaining == 0) this.turnPhase();
    const unheard = !this.running || (this.phaseMode == Param.PHASE_LINEAR && this.phaseFade.remaining == 0);
    if (unheard) this.fade.stop();
    if (!this.changed || this.fade.remaining > 0) return;
    this.changed = false;
    const linear = this.linear;
    if (linear) linear.changed = true;
    if (unheard) {
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

  /** The phase that comes begins in silence: its sound is faded in where it goes in, as the latency changes. */
  private turnPhase(): void {
    this.phaseMode = this.wantedPhase;
    const linear = this.linear;
    if (this.phaseMode == Param.PHASE_LINEAR) {
      if (linear) linear.reset();
    } else this.filters.reset();
    if (this.running) this.phaseFade.start();
  }

  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      this.takeUpChanges();
      this.running = true;
      let count = min(frames - done, FLUSH_FRAMES - this.phase);
      if (this.fade.remaining > 0) count = min(count, this.fade.remaining);
      if (this.phaseFade.remaining > 0) count = min(count, this.phaseFade.remaining);
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
    if (!this.moves) return;
    this.moves = false;
    for (let i = 0; i < Param.BANDS_MAX; ++i) {
      this.moving[i].flush(this.bands[i]);
      this.moves = this.moves || !this.moving[i].isAtRest;
    }
  }

  private processPiece(io: usize, stride: i32, count: i32): void {
    if (this.moves) for (let i = 0; i < Param.BANDS_MAX; ++i) this.moving[i].process(io, stride, count);
    const linear = this.linear;
    if (!linear || (this.phaseMode == Param.PHASE_MINIMUM && this.phaseFade.remaining == 0))
      this.filterMinimum(io, stride, count);
    else if (this.phaseFade.remaining == 0) linear.process(io, stride, count, this.bands, this.bandCount);
    else this.filterBoth(linear, io, stride, count);
  }

  /** The phase that goes is faded out behind it, the one that comes is faded in before it. */
  private filterBoth(linear: LinearPhase, io: usize, stride: i32, count: i32): void {
    const linearComes = this.phaseMode == Param.PHASE_LINEAR;
    this.phaseFade.fill(this.phaseWeights, count);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * stride)) << 3);
      const copy = this.other + ((<usize>(pair * count)) << 3);
      memory.copy(copy, at, (<usize>count) << 3);
      applyFrameGains(linearComes ? copy : at, this.phaseWeights, count);
    }
    this.filterMinimum(io, stride, count);
    linear.process(this.other, count, count, this.bands, this.bandCount);
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4)
      store<f32>(this.phaseWeights + i, <f32>1 - load<f32>(this.phaseWeights + i));
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * stride)) << 3);
      const copy = this.other + ((<usize>(pair * count)) << 3);
      applyFrameGains(linearComes ? at : copy, this.phaseWeights, count);
      mixAdd(at, copy, 1, count, 1);
    }
  }

  private filterMinimum(io: usize, stride: i32, count: i32): void {
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
