import * as Param from "../generated/equalizer-params";
import { CENTRE_PAIR, isMidSide, laneMask, lanesOf, toMidSide } from "./band-lanes";
import { BandPhasor, raiseLevel } from "./band-phasor";
import { RunningMean } from "./decoupled-envelope";
import { StateVariableFilter } from "./state-variable-filter";

const SHELF_Q: f64 = 0.7071067811865476;
/** Time constants of the mean square below and above a corner. */
const LOW_MS: f64 = 30;
const HIGH_MS: f64 = 5;

/**
 * The level that a band of an equalizer hears, squared, a sine's peak at the band's middle as 1. A bell takes the length of a rotating
 * phasor (band-pass, and the same a quarter turn later), which has no ripple; a shelf takes a running mean square.
 */
export class BandLevel {
  private readonly phasors: StaticArray<BandPhasor>;
  private readonly shelves: StaticArray<StateVariableFilter>;
  private readonly mean: RunningMean = new RunningMean();
  private kind: i32 = Param.KIND_BELL;

  constructor(
    private readonly sampleRate: f64,
    private readonly pairs: i32,
  ) {
    this.phasors = new StaticArray<BandPhasor>(pairs);
    this.shelves = new StaticArray<StateVariableFilter>(pairs);
    for (let pair = 0; pair < pairs; ++pair) {
      this.phasors[pair] = new BandPhasor();
      this.shelves[pair] = new StateVariableFilter();
    }
  }

  set(kind: i32, frequencyHz: f64, q: f64): void {
    this.kind = kind;
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.phasors[pair].set(frequencyHz, q, this.sampleRate);
      this.shelves[pair].set(frequencyHz, SHELF_Q, this.sampleRate);
    }
    this.mean.setTime(kind == Param.KIND_LOW_SHELF ? LOW_MS : HIGH_MS, this.sampleRate);
  }

  reset(): void {
    this.mean.reset();
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.phasors[pair].reset();
      this.shelves[pair].reset();
    }
  }

  /** Clears states too small to be heard. */
  flush(): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.phasors[pair].flush();
      this.shelves[pair].settle();
    }
  }

  /** Writes one value a frame for the loudest of the band's channels; pairs of the block are `stride` frames apart. */
  listen(io: usize, stride: i32, frames: i32, channels: i32, to: usize): void {
    memory.fill(to, 0, (<usize>frames) << 2);
    for (let pair = 0; pair < this.pairs; ++pair) {
      if (pair == CENTRE_PAIR && channels != Param.CHANNELS_BOTH) continue;
      const at = io + ((<usize>(pair * stride)) << 3);
      if (this.kind == Param.KIND_BELL) {
        const mask = laneMask(lanesOf(channels));
        this.phasors[pair].listen(at, frames, isMidSide(channels), mask, to);
      } else this.listenToShelf(pair, at, frames, channels, to);
    }
    if (this.kind != Param.KIND_BELL) this.mean.process(to, frames);
  }

  private listenToShelf(pair: i32, at: usize, frames: i32, channels: i32, to: usize): void {
    const filter = this.shelves[pair];
    const midSide = isMidSide(channels);
    const mask = laneMask(lanesOf(channels));
    const low = this.kind == Param.KIND_LOW_SHELF;
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const x = f64x2.promote_low_f32x4(v128.load64_zero(at + (i << 1)));
      filter.next(midSide ? toMidSide(x) : x);
      const heard = low ? filter.low : filter.high;
      // A sine's mean square is half its peak's.
      const square = f64x2.mul(heard, f64x2.add(heard, heard));
      raiseLevel(to + i, v128.and(square, mask));
    }
  }
}
