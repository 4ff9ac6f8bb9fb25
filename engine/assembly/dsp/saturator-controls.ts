import { allocate } from "../abi/memory";
import * as Param from "../generated/saturator-params";
import { dbToGain, exp2, LOG2_PER_DB, PI, tan } from "./math";
import { ShapingCurve } from "./shaping-curve";
import { Smoother } from "./smoother";

/** Amplitude whose peaks keep their level: -12 dBFS. */
const KEPT: f64 = 0.251188643150958;
/** Less drive is none; a curve without any has no level to keep. */
const LEAST_DRIVE: f64 = 1e-3;
/** Highest share of the sample rate at which a filter turns. */
const HIGHEST: f64 = 0.45;

/** The smoothed parameters of a saturator, frame by frame, for blocks of up to `maxFrames`; f64 each. */
export class SaturatorControls {
  /** Linear gain into the curve. */
  readonly drives: usize;
  /** Gain behind the curve, late by `delayFrames`. */
  readonly levels: usize;
  /** From the dry sound (0) to the wet: at no drive nothing changes. */
  readonly wets: usize;
  /** From saturating (0) to exciting (1). */
  readonly modes: usize;
  readonly excites: usize;
  readonly outputs: usize;
  /** tan(pi f / rate) of the tone, and its tilt as a square root of a gain. */
  readonly tones: usize;
  readonly tilts: usize;
  readonly bandsHz: usize;
  /** The filters turn in this block. */
  turning: bool = true;
  private readonly levelLine: usize;
  private readonly drive: Smoother = new Smoother();
  private readonly wet: Smoother = new Smoother();
  private readonly mode: Smoother = new Smoother();
  private readonly excite: Smoother = new Smoother();
  private readonly output: Smoother = new Smoother();
  private readonly tone: Smoother = new Smoother();
  private readonly tilt: Smoother = new Smoother();
  private readonly band: Smoother = new Smoother();
  private settled: bool = false;
  private levelDrive: f64 = -1;
  private level: f64 = 1;

  constructor(
    private readonly sampleRate: f64,
    maxFrames: i32,
    private readonly delayFrames: i32,
  ) {
    this.drives = allocate(maxFrames << 3);
    this.wets = allocate(maxFrames << 3);
    this.modes = allocate(maxFrames << 3);
    this.excites = allocate(maxFrames << 3);
    this.outputs = allocate(maxFrames << 3);
    this.tones = allocate(maxFrames << 3);
    this.tilts = allocate(maxFrames << 3);
    this.bandsHz = allocate(maxFrames << 3);
    this.levelLine = allocate((maxFrames + delayFrames) << 3);
    this.levels = this.levelLine;
    this.drive.prepare(sampleRate);
    this.wet.prepare(sampleRate);
    this.mode.prepare(sampleRate);
    this.excite.prepare(sampleRate);
    this.output.prepare(sampleRate);
    this.tone.prepare(sampleRate);
    this.tilt.prepare(sampleRate);
    this.band.prepare(sampleRate);
  }

  set(params: StaticArray<f64>): void {
    const drive = exp2(params[Param.DRIVE_DB] * LOG2_PER_DB) - 1;
    this.drive.target = max(drive, LEAST_DRIVE);
    this.wet.target = drive > LEAST_DRIVE ? 1 : 0;
    this.mode.target = params[Param.MODE];
    this.excite.target = dbToGain(params[Param.EXCITE_DB]);
    this.output.target = dbToGain(params[Param.OUTPUT_DB]);
    this.tone.target = this.warped(params[Param.TONE_HZ]);
    this.tilt.target = exp2(0.5 * params[Param.TONE_DB] * LOG2_PER_DB);
    this.band.target = params[Param.EXCITE_HZ];
  }

  private warped(frequencyHz: f64): f64 {
    return tan(PI * min(frequencyHz / this.sampleRate, HIGHEST));
  }

  /** Every parameter stands where it is wanted. */
  settle(): void {
    this.drive.settle();
    this.wet.settle();
    this.mode.settle();
    this.excite.settle();
    this.output.settle();
    this.tone.settle();
    this.tilt.settle();
    this.band.settle();
    this.levelDrive = -1;
    this.settled = false;
  }

  /** Goes on by `frames`; the curves are the old and the new, `weights` (f32) those of the new. */
  advance(frames: i32, old: ShapingCurve, curve: ShapingCurve, weights: usize): void {
    this.turning = !this.settled || this.tone.moving || this.tilt.moving || this.band.moving;
    fill(this.drive, this.drives, frames);
    fill(this.wet, this.wets, frames);
    fill(this.mode, this.modes, frames);
    fill(this.excite, this.excites, frames);
    fill(this.output, this.outputs, frames);
    fill(this.tone, this.tones, frames);
    fill(this.tilt, this.tilts, frames);
    fill(this.band, this.bandsHz, frames);
    for (let i = 0; i < frames; ++i) {
      const weight = <f64>load<f32>(weights + ((<usize>i) << 2));
      this.setLevel(load<f64>(this.drives + ((<usize>i) << 3)), weight, old, curve);
      if (!this.settled) this.fillLevels();
      store<f64>(this.levelLine + ((<usize>(this.delayFrames + i)) << 3), this.level);
    }
  }

  /** Forgets the levels of the last block. */
  finish(frames: i32): void {
    memory.copy(this.levelLine, this.levelLine + ((<usize>frames) << 3), (<usize>this.delayFrames) << 3);
  }

  private setLevel(drive: f64, weight: f64, old: ShapingCurve, curve: ShapingCurve): void {
    if (drive == this.levelDrive && weight == 1) return;
    this.levelDrive = weight == 1 ? drive : -1;
    const value = curve.value(drive * KEPT);
    const before = weight == 1 ? value : old.value(drive * KEPT);
    this.level = KEPT / (before + (value - before) * weight);
  }

  /** As if the first level had always been. */
  private fillLevels(): void {
    for (let i = 0; i < this.delayFrames; ++i) store<f64>(this.levelLine + ((<usize>i) << 3), this.level);
    this.settled = true;
  }
}

function fill(smoother: Smoother, to: usize, frames: i32): void {
  for (let i = 0; i < frames; ++i) {
    store<f64>(to + ((<usize>i) << 3), smoother.moving ? smoother.next() : smoother.value);
  }
}
