import { allocate } from "../abi/memory";
import { AntiderivativeShaper, SHAPER_DELAY } from "./antiderivative-shaper";
import { Oversampler } from "./oversampler";
import { SaturatorControls } from "./saturator-controls";
import { ShapingCurve } from "./shaping-curve";
import { StateVariableFilter } from "./state-variable-filter";
import { TiltFilter } from "./tilt-filter";

const BUTTERWORTH: f64 = 0.7071067811865476;

/** One pair of a saturator: what it keeps, and the way from the input to the output. */
export class SaturatorPair {
  readonly delayFrames: i32;
  private readonly oversampler: Oversampler;
  private shaper: AntiderivativeShaper = new AntiderivativeShaper();
  private oldShaper: AntiderivativeShaper = new AntiderivativeShaper();
  private readonly band: StateVariableFilter = new StateVariableFilter();
  private readonly before: TiltFilter = new TiltFilter();
  private readonly behind: TiltFilter = new TiltFilter();
  /** The sound and its upper band, f32 pairs, late by `delayFrames`. */
  private readonly dry: usize;
  private readonly dryBand: usize;
  private readonly wet: usize;
  private readonly old: usize;

  constructor(
    private readonly sampleRate: f64,
    maxFrames: i32,
  ) {
    this.oversampler = new Oversampler(sampleRate, maxFrames, SHAPER_DELAY);
    this.delayFrames = this.oversampler.delayFrames;
    this.dry = allocate((maxFrames + this.delayFrames) << 3);
    this.dryBand = allocate((maxFrames + this.delayFrames) << 3);
    this.wet = allocate((maxFrames << 3) + 32);
    this.old = allocate((maxFrames * this.oversampler.factor) << 4);
  }

  reset(): void {
    this.oversampler.reset();
    this.shaper.reset();
    this.oldShaper.reset();
    this.band.reset();
    this.before.reset();
    this.behind.reset();
    memory.fill(this.dry, 0, (<usize>this.delayFrames) << 3);
    memory.fill(this.dryBand, 0, (<usize>this.delayFrames) << 3);
  }

  /** States that have died away become zero: subnormal numbers are slow. */
  flush(): void {
    this.band.settle();
    this.before.flush();
    this.behind.flush();
  }

  /** Another curve begins; the present one becomes the old one. */
  turn(): void {
    const shaper = this.oldShaper;
    this.oldShaper = this.shaper;
    this.shaper = shaper;
    this.shaper.startFrom(this.oldShaper);
  }

  /** In place; `weights` (f32) of the new curve, or 0 when there is but one. */
  process(
    io: usize,
    frames: i32,
    controls: SaturatorControls,
    old: ShapingCurve,
    curve: ShapingCurve,
    weights: usize,
  ): void {
    this.goIn(io, frames, controls);
    this.oversampler.up(frames);
    this.shape(frames, old, curve, weights);
    this.oversampler.down(frames, this.wet);
    this.comeOut(io, frames, controls);
    const bytes = (<usize>frames) << 3;
    memory.copy(this.dry, this.dry + bytes, (<usize>this.delayFrames) << 3);
    memory.copy(this.dryBand, this.dryBand + bytes, (<usize>this.delayFrames) << 3);
  }

  private goIn(io: usize, frames: i32, controls: SaturatorControls): void {
    const late = (<usize>this.delayFrames) << 3;
    memory.copy(this.dry + late, io, (<usize>frames) << 3);
    const into = this.oversampler.input;
    for (let i = 0; i < frames; ++i) {
      const at = (<usize>i) << 3;
      if (controls.turning) {
        this.band.set(load<f64>(controls.bandsHz + at), BUTTERWORTH, this.sampleRate);
        this.before.set(load<f64>(controls.tones + at), load<f64>(controls.tilts + at));
      }
      const x = promoted(io + at);
      this.band.next(x);
      const band = this.band.high;
      demoted(this.dryBand + late + at, band);
      const source = f64x2.add(x, f64x2.mul(splatted(controls.modes + at), f64x2.sub(band, x)));
      demoted(into + at, f64x2.mul(this.before.next(source), splatted(controls.drives + at)));
    }
  }

  private shape(frames: i32, old: ShapingCurve, curve: ShapingCurve, weights: usize): void {
    const high = this.oversampler.high;
    const twice = this.oversampler.twice;
    const highFrames = frames * this.oversampler.factor;
    this.shaper.process(curve.segments, high, twice, highFrames);
    if (weights == 0) return;
    this.oldShaper.process(old.segments, high, this.old, highFrames);
    blendHigh(twice, this.old, weights, frames, 2 * this.oversampler.factor);
  }

  private comeOut(io: usize, frames: i32, controls: SaturatorControls): void {
    for (let i = 0; i < frames; ++i) {
      const at = (<usize>i) << 3;
      if (controls.turning) this.behind.set(load<f64>(controls.tones + at), 1 / load<f64>(controls.tilts + at));
      const dry = promoted(this.dry + at);
      const shaped = f64x2.mul(this.behind.next(promoted(this.wet + at)), splatted(controls.levels + at));
      const added = f64x2.sub(shaped, promoted(this.dryBand + at));
      const excited = f64x2.add(dry, f64x2.mul(added, splatted(controls.excites + at)));
      const wet = f64x2.add(shaped, f64x2.mul(f64x2.sub(excited, shaped), splatted(controls.modes + at)));
      const out = f64x2.add(dry, f64x2.mul(f64x2.sub(wet, dry), splatted(controls.wets + at)));
      demoted(io + at, f64x2.mul(out, splatted(controls.outputs + at)));
    }
  }
}

function promoted(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

function demoted(at: usize, x: v128): void {
  v128.store64_lane(at, f32x4.demote_f64x2_zero(x), 0);
}

function splatted(at: usize): v128 {
  return v128.load64_splat(at);
}

/** Blends `factor` frames with each weight. */
function blendHigh(high: usize, old: usize, weights: usize, frames: i32, factor: i32): void {
  for (let i = 0; i < frames; ++i) {
    const weight = load<f32>(weights + ((<usize>i) << 2));
    for (let k = 0; k < 2 * factor; ++k) {
      const at = (<usize>(2 * factor * i + k)) << 2;
      const before = load<f32>(old + at);
      store<f32>(high + at, before + (load<f32>(high + at) - before) * weight);
    }
  }
}
