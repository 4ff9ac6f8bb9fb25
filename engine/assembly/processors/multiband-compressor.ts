import { allocate } from "../abi/memory";
import { Compression } from "../dsp/compression";
import { CrossFade } from "../dsp/cross-fade";
import { Crossover, MAX_BANDS, SPLIT_FRAMES } from "../dsp/crossover";
import { applyFrameGains, blendFrames } from "../dsp/frame-gains";
import { PEAK } from "../dsp/level-detector";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/multiband-compressor-params";
import { Processor } from "../processor";

const FADE_MS: f64 = 20;
/** A chain of all-passes of the lowest crossover is below -160 dB after this many of its radians. */
const TAIL_RADIANS: f64 = 52;
const LOWEST_HZ: f64 = 20;

/**
 * Linkwitz-Riley bands, each with its compression; channels linked. New crossovers are a second set of filters, which takes over the
 * states and is cross-faded in; the compressions stay, and listen to the new bands.
 */
export class MultibandCompressor extends Processor {
  private readonly params: StaticArray<f64> = new StaticArray<f64>(Param.COUNT);
  private readonly edges: StaticArray<f64> = new StaticArray<f64>(MAX_BANDS);
  private readonly compressions: StaticArray<Compression> = new StaticArray<Compression>(MAX_BANDS);
  /** 0 mutes a band while others are soloed. */
  private readonly audible: StaticArray<Smoother> = new StaticArray<Smoother>(MAX_BANDS);
  private crossover: Crossover = new Crossover(0);
  private oldCrossover: Crossover = new Crossover(0);
  private readonly fade: CrossFade = new CrossFade();
  private bands: usize = 0;
  private oldBands: usize = 0;
  private bandBytes: usize = 0;
  private old: usize = 0;
  private weights: usize = 0;
  private changed: bool = true;
  private running: bool = false;
  /** Frames since the states were last cleared of what has died away. */
  private phase: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.crossover = new Crossover(this.pairs);
    this.oldCrossover = new Crossover(this.pairs);
    this.fade.prepare(sampleRate, FADE_MS);
    this.bandBytes = (<usize>(this.pairs * SPLIT_FRAMES)) << 3;
    this.bands = allocate(<i32>this.bandBytes * MAX_BANDS);
    this.oldBands = allocate(<i32>this.bandBytes * MAX_BANDS);
    this.old = allocate(<i32>this.bandBytes);
    this.weights = allocate(SPLIT_FRAMES << 2);
    for (let band = 0; band < MAX_BANDS; ++band) {
      this.compressions[band] = new Compression();
      this.compressions[band].prepare(sampleRate, channels, 0);
      this.audible[band] = new Smoother();
      this.audible[band].prepare(sampleRate);
      this.tune(band);
    }
    this.aimSolo();
  }

  private get bandCount(): i32 {
    return <i32>this.params[Param.BANDS_COUNT];
  }

  private paramOf(band: i32, field: i32): f64 {
    return this.params[Param.BANDS_BASE + band * Param.BANDS_STRIDE + field];
  }

  setParam(index: i32, value: f64): void {
    if (index < 0 || index >= Param.COUNT || this.params[index] == value) return;
    this.params[index] = value;
    if (index == Param.BANDS_COUNT) {
      this.changed = true;
      for (let band = 0; band < MAX_BANDS; ++band) this.tune(band);
    } else {
      const place = index - Param.BANDS_BASE;
      if (place % Param.BANDS_STRIDE == Param.BAND_CROSSOVER_HZ) this.changed = true;
      this.tune(place / Param.BANDS_STRIDE);
    }
    this.aimSolo();
  }

  /** A band that is off or does not exist is left alone. */
  private tune(band: i32): void {
    const compression = this.compressions[band];
    const on = band < this.bandCount && this.paramOf(band, Param.BAND_ENABLED) != 0;
    compression.setCurve(
      this.paramOf(band, Param.BAND_THRESHOLD_DB),
      on ? this.paramOf(band, Param.BAND_RATIO) : 1,
      this.paramOf(band, Param.BAND_KNEE_DB),
      this.paramOf(band, Param.BAND_RANGE_DB),
      PEAK,
    );
    compression.setTimes(this.paramOf(band, Param.BAND_ATTACK_MS), this.paramOf(band, Param.BAND_RELEASE_MS), 0);
    compression.setMakeup(on ? this.paramOf(band, Param.BAND_MAKEUP_DB) : 0, false);
  }

  private aimSolo(): void {
    let soloed = false;
    for (let band = 0; band < this.bandCount; ++band) soloed = soloed || this.paramOf(band, Param.BAND_SOLO) != 0;
    for (let band = 0; band < MAX_BANDS; ++band) {
      this.audible[band].target = soloed && this.paramOf(band, Param.BAND_SOLO) == 0 ? 0 : 1;
      if (!this.running) this.audible[band].settle();
    }
  }

  reset(): void {
    this.running = false;
    this.phase = 0;
    this.fade.stop();
    this.takeUpChanges();
    this.crossover.reset();
    for (let band = 0; band < MAX_BANDS; ++band) {
      this.compressions[band].reset();
      this.audible[band].settle();
    }
  }

  tailSamples(): i32 {
    if (this.bandCount < 2) return 0;
    return <i32>((TAIL_RADIANS * this.sampleRate) / (4.44 * max(LOWEST_HZ, this.paramOf(0, Param.BAND_CROSSOVER_HZ))));
  }

  /** That of the band that is turned down most. */
  reductionDb(): f32 {
    let deepest: f32 = 0;
    for (let band = 0; band < this.bandCount; ++band) deepest = min(deepest, this.compressions[band].reductionDb());
    return deepest;
  }

  private takeUpChanges(): void {
    if (!this.changed || this.fade.remaining > 0) return;
    this.changed = false;
    const next = this.running ? this.oldCrossover : this.crossover;
    for (let band = 0; band < MAX_BANDS; ++band) this.edges[band] = this.paramOf(band, Param.BAND_CROSSOVER_HZ);
    next.set(max(1, this.bandCount), this.edges, this.sampleRate);
    if (!this.running) return;
    next.takeStates(this.crossover);
    this.oldCrossover = this.crossover;
    this.crossover = next;
    this.fade.start();
  }

  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      this.takeUpChanges();
      this.running = true;
      let count = min(frames - done, SPLIT_FRAMES - this.phase);
      if (this.fade.remaining > 0) count = min(count, this.fade.remaining);
      this.processPiece(io + ((<usize>done) << 3), frames, count);
      this.phase += count;
      if (this.phase == SPLIT_FRAMES) {
        this.phase = 0;
        this.crossover.settle();
        this.oldCrossover.settle();
      }
      done += count;
    }
  }

  private processPiece(io: usize, stride: i32, count: i32): void {
    const fading = this.fade.remaining > 0;
    this.split(this.crossover, io, stride, this.bands, count);
    if (fading) this.split(this.oldCrossover, io, stride, this.oldBands, count);
    const present = this.crossover.bands;
    const past = fading ? this.oldCrossover.bands : 0;
    for (let band = 0; band < max(present, past); ++band) {
      const offset = <usize>band * this.bandBytes;
      const heard = (band < present ? this.bands : this.oldBands) + offset;
      const gains = this.compressions[band].process(heard, this.pairs, count);
      this.silence(this.audible[band], gains, count);
      if (band < present) this.applyGains(this.bands + offset, gains, count);
      if (band < past) this.applyGains(this.oldBands + offset, gains, count);
    }
    if (fading) this.fade.fill(this.weights, count);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * stride)) << 3);
      this.sum(this.bands, present, pair, at, count);
      if (!fading) continue;
      this.sum(this.oldBands, past, pair, this.old, count);
      blendFrames(at, this.old, this.weights, count);
    }
  }

  private split(crossover: Crossover, io: usize, stride: i32, to: usize, count: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      const from = io + ((<usize>(pair * stride)) << 3);
      crossover.split(pair, from, count, to + ((<usize>(pair * count)) << 3), this.bandBytes);
    }
  }

  private silence(audible: Smoother, gains: usize, count: i32): void {
    if (!audible.moving && audible.value == 1) return;
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4)
      store<f32>(gains + i, load<f32>(gains + i) * <f32>audible.next());
  }

  private applyGains(band: usize, gains: usize, count: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) applyFrameGains(band + ((<usize>(pair * count)) << 3), gains, count);
  }

  /** Adds up one pair of all bands. */
  private sum(bands: usize, count: i32, pair: i32, to: usize, frames: i32): void {
    const from = bands + ((<usize>(pair * frames)) << 3);
    memory.copy(to, from, (<usize>frames) << 3);
    for (let band = 1; band < count; ++band) {
      const at = from + <usize>band * this.bandBytes;
      for (let i: usize = 0; i < (<usize>frames) << 3; i += 4)
        store<f32>(to + i, load<f32>(to + i) + load<f32>(at + i));
    }
  }
}
