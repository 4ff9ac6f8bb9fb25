import { allocate } from "../abi/memory";
import * as Param from "../generated/equalizer-params";
import { CENTRE_PAIR, channelsInMono } from "./band-lanes";
import { BandLevel } from "./band-level";
import { CompressionCurve, reductionsToGains } from "./compression-curve";
import { CrossFade } from "./cross-fade";
import { DecoupledEnvelope } from "./decoupled-envelope";
import { BandCoefficients, DynamicBandFilter } from "./dynamic-band-filter";
import { EqualizerBand } from "./equalizer-band";
import { frameBuffer, RMS } from "./level-detector";
import { DB_PER_LOG2, PI, tan } from "./math";
import { Smoother } from "./smoother";

const CURVE_FADE_MS: f64 = 10;
/** No corner lies beyond this share of the sample rate. */
const HIGHEST_SHARE: f64 = 0.49;

// Bands work one after the other, so all share these.
let levels: usize = 0;
let reductions: usize = 0;
let oldReductions: usize = 0;
let roots: usize = 0;
let weights: usize = 0;
let turns: usize = 0;
let dampings: usize = 0;
let coefficients: BandCoefficients | null = null;

function allocateShared(maxFrames: i32): void {
  if (levels != 0) return;
  levels = frameBuffer();
  reductions = frameBuffer();
  oldReductions = frameBuffer();
  roots = frameBuffer();
  weights = allocate(maxFrames << 2);
  turns = allocate(maxFrames << 3);
  dampings = allocate(maxFrames << 3);
  coefficients = new BandCoefficients();
}

/** The part of an equalizer's band that moves with the sound: it hears the level in the band and turns the band down. */
export class DynamicBand {
  private readonly level: BandLevel;
  private readonly filters: StaticArray<DynamicBandFilter>;
  private readonly wantedCurve: CompressionCurve = new CompressionCurve();
  private readonly curve: CompressionCurve = new CompressionCurve();
  private readonly oldCurve: CompressionCurve = new CompressionCurve();
  private readonly curveFade: CrossFade = new CrossFade();
  private readonly envelope: DecoupledEnvelope = new DecoupledEnvelope();
  private readonly turn: Smoother = new Smoother();
  private readonly damping: Smoother = new Smoother();
  /** Share of the reduction that is applied: falls to 0 before the band is switched off or becomes another. */
  private readonly share: Smoother = new Smoother();
  private wanted: bool = false;
  private wantedKind: i32 = Param.KIND_BELL;
  private wantedChannels: i32 = Param.CHANNELS_BOTH;
  private kind: i32 = Param.KIND_BELL;
  private channels: i32 = Param.CHANNELS_BOTH;
  /** Nothing is heard and nothing done. */
  private asleep: bool = true;
  private running: bool = false;
  private last: f32 = 0;

  constructor(
    private readonly sampleRate: f64,
    private readonly pairs: i32,
    private readonly mono: bool,
    maxFrames: i32,
  ) {
    allocateShared(maxFrames);
    this.level = new BandLevel(sampleRate, pairs);
    this.filters = new StaticArray<DynamicBandFilter>(pairs);
    for (let pair = 0; pair < pairs; ++pair) this.filters[pair] = new DynamicBandFilter();
    this.curveFade.prepare(sampleRate, CURVE_FADE_MS);
    this.turn.prepare(sampleRate);
    this.damping.prepare(sampleRate);
    this.share.prepare(sampleRate);
  }

  /** Takes what the band says now. */
  configure(band: EqualizerBand, inUse: bool): void {
    this.wantedKind = band.kind;
    this.wantedChannels = this.mono ? channelsInMono(band.channels) : band.channels;
    const silentInMono = this.mono && this.wantedChannels != Param.CHANNELS_BOTH;
    this.wanted = inUse && band.moves && !silentInMono;
    if (!this.wanted && this.asleep) return;
    this.wantedCurve.set(band.thresholdDb, band.ratio, 0, band.rangeDb, RMS);
    this.envelope.setTimes(band.attackMs, band.releaseMs, this.sampleRate);
    this.turn.target = tan(PI * min<f64>(band.frequencyHz / this.sampleRate, HIGHEST_SHARE));
    this.damping.target = 1 / band.q;
    if (this.sameShape) this.level.set(this.kind, band.frequencyHz, band.q);
    this.share.target = this.wanted && this.sameShape ? 1 : 0;
    if (!this.running) this.settle(band);
  }

  /** It does nothing and is not to do anything. */
  get isAtRest(): bool {
    return this.asleep && !this.wanted;
  }

  private get sameShape(): bool {
    return this.kind == this.wantedKind && this.channels == this.wantedChannels;
  }

  reset(band: EqualizerBand): void {
    this.running = false;
    this.last = 0;
    this.settle(band);
  }

  /** Stands where it is wanted, with nothing heard yet. */
  private settle(band: EqualizerBand): void {
    this.asleep = !this.wanted;
    this.share.target = this.wanted ? 1 : 0;
    this.share.settle();
    if (this.asleep) return;
    this.begin(band);
  }

  private begin(band: EqualizerBand): void {
    this.kind = this.wantedKind;
    this.channels = this.wantedChannels;
    this.level.set(this.kind, band.frequencyHz, band.q);
    this.level.reset();
    this.envelope.reset();
    this.turn.settle();
    this.damping.settle();
    this.curve.copyFrom(this.wantedCurve);
    this.curveFade.stop();
    for (let pair = 0; pair < this.pairs; ++pair) this.filters[pair].reset();
  }

  /** Comes at fixed frames, whatever the blocks: falls asleep, wakes, becomes another, and clears what has died away. */
  flush(band: EqualizerBand): void {
    if (!this.asleep) {
      this.level.flush();
      for (let pair = 0; pair < this.pairs; ++pair) this.filters[pair].flush();
    }
    if (this.share.moving || this.share.value != 0) return;
    if (this.wanted && (this.asleep || !this.sameShape)) {
      this.configureAwake(band);
      this.begin(band);
      this.share.target = 1;
    }
    this.asleep = !this.wanted;
    if (this.asleep) this.last = 0;
  }

  private configureAwake(band: EqualizerBand): void {
    this.asleep = false;
    this.configure(band, true);
  }

  /** dB by which it turns down now, never positive. */
  get reductionDb(): f32 {
    return <f32>0 - this.last * <f32>DB_PER_LOG2;
  }

  /** Frames in which the filter falls by 200 dB, overdamped as it is while it cuts. */
  tailFrames(band: EqualizerBand): f64 {
    const damping = min<f64>(0.5 / band.q, 0.25 * band.q);
    return this.wanted ? (23 * this.sampleRate) / (2 * PI * band.frequencyHz * damping) : 0;
  }

  /** In place over a block whose pairs are `stride` frames apart. */
  process(io: usize, stride: i32, frames: i32): void {
    this.running = true;
    if (this.asleep) return;
    this.level.listen(io, stride, frames, this.channels, levels);
    this.computeReductions(frames);
    this.envelope.process(reductions, frames);
    this.last = load<f32>(reductions + ((<usize>(frames - 1)) << 2)) * <f32>this.share.value;
    this.fillControls(frames);
    reductionsToGains(reductions, roots, frames, 0);
    const shared = coefficients!;
    shared.fill(this.kind, roots, turns, dampings, frames);
    for (let pair = 0; pair < this.pairs; ++pair) {
      if (pair == CENTRE_PAIR && this.channels != Param.CHANNELS_BOTH) continue;
      const at = io + ((<usize>(pair * stride)) << 3);
      this.filters[pair].process(shared, this.channels, at, frames);
    }
  }

  private computeReductions(frames: i32): void {
    for (let done = 0; done < frames; ) {
      if (this.curveFade.remaining == 0 && !this.curve.equals(this.wantedCurve)) {
        this.oldCurve.copyFrom(this.curve);
        this.curve.copyFrom(this.wantedCurve);
        this.curveFade.start();
      }
      const fading = this.curveFade.remaining > 0;
      const count = fading ? min(this.curveFade.remaining, frames - done) : frames - done;
      const offset = (<usize>done) << 2;
      this.curve.reductions(levels + offset, reductions + offset, count);
      if (fading) this.blendOldCurve(offset, count);
      done += count;
    }
  }

  private blendOldCurve(offset: usize, frames: i32): void {
    this.oldCurve.reductions(levels + offset, oldReductions, frames);
    this.curveFade.fill(weights, frames);
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const old = load<f32>(oldReductions + i);
      const at = reductions + offset + i;
      store<f32>(at, old + (load<f32>(at) - old) * load<f32>(weights + i));
    }
  }

  /** Corner and damping of every frame, and half of the share of the reduction: the filter wants the square root of the gain. */
  private fillControls(frames: i32): void {
    fillSteps(this.turn, turns, frames);
    fillSteps(this.damping, dampings, frames);
    if (!this.share.moving) {
      const half = f32x4.splat(<f32>(0.5 * this.share.value));
      for (let at = reductions; at < reductions + ((<usize>frames) << 2); at += 16)
        v128.store(at, f32x4.mul(v128.load(at), half));
      return;
    }
    for (let at = reductions; at < reductions + ((<usize>frames) << 2); at += 4)
      store<f32>(at, load<f32>(at) * <f32>(0.5 * this.share.next()));
  }
}

/** Writes the values of the next frames as f64; the last may be written twice. */
function fillSteps(smoother: Smoother, to: usize, frames: i32): void {
  const end = to + ((<usize>frames) << 3);
  if (smoother.moving) for (let at = to; at < end; at += 8) store<f64>(at, smoother.next());
  else for (let at = to; at < end; at += 16) v128.store(at, f64x2.splat(smoother.value));
}
