import * as Param from "../generated/equalizer-params";
import { CENTRE_PAIR, isMidSide, laneMask, lanesOf, toMidSide } from "./band-lanes";
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
  private readonly first: StaticArray<StateVariableFilter>;
  private readonly second: StaticArray<StateVariableFilter>;
  private readonly mean: RunningMean = new RunningMean();
  private kind: i32 = Param.KIND_BELL;

  constructor(
    private readonly sampleRate: f64,
    private readonly pairs: i32,
  ) {
    this.first = new StaticArray<StateVariableFilter>(pairs);
    this.second = new StaticArray<StateVariableFilter>(pairs);
    for (let pair = 0; pair < pairs; ++pair) {
      this.first[pair] = new StateVariableFilter();
      this.second[pair] = new StateVariableFilter();
    }
  }

  set(kind: i32, frequencyHz: f64, q: f64): void {
    this.kind = kind;
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.first[pair].set(frequencyHz, kind == Param.KIND_BELL ? q : SHELF_Q, this.sampleRate);
      this.second[pair].set(frequencyHz, q, this.sampleRate);
    }
    this.mean.setTime(kind == Param.KIND_LOW_SHELF ? LOW_MS : HIGH_MS, this.sampleRate);
  }

  reset(): void {
    this.mean.reset();
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.first[pair].reset();
      this.second[pair].reset();
    }
  }

  /** Clears states too small to be heard. */
  settle(): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.first[pair].settle();
      this.second[pair].settle();
    }
  }

  /** Writes one value a frame for the loudest of the band's channels; pairs of the block are `stride` frames apart. */
  listen(io: usize, stride: i32, frames: i32, channels: i32, to: usize): void {
    memory.fill(to, 0, (<usize>frames) << 2);
    for (let pair = 0; pair < this.pairs; ++pair) {
      if (pair == CENTRE_PAIR && channels != Param.CHANNELS_BOTH) continue;
      const at = io + ((<usize>(pair * stride)) << 3);
      if (this.kind == Param.KIND_BELL) this.listenToBell(pair, at, frames, channels, to);
      else this.listenToShelf(pair, at, frames, channels, to);
    }
    if (this.kind != Param.KIND_BELL) this.mean.process(to, frames);
  }

  private listenToBell(pair: i32, at: usize, frames: i32, channels: i32, to: usize): void {
    const first = this.first[pair];
    const second = this.second[pair];
    const midSide = isMidSide(channels);
    const mask = laneMask(lanesOf(channels));
    const scale = f64x2.mul(first.damping, first.damping);
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const x = f64x2.promote_low_f32x4(v128.load64_zero(at + (i << 1)));
      first.next(midSide ? toMidSide(x) : x);
      second.next(first.band);
      const inPhase = f64x2.mul(second.band, scale);
      const late = f64x2.mul(second.low, scale);
      const square = f64x2.add(f64x2.mul(inPhase, inPhase), f64x2.mul(late, late));
      storeLouder(to + i, v128.and(square, mask));
    }
  }

  private listenToShelf(pair: i32, at: usize, frames: i32, channels: i32, to: usize): void {
    const filter = this.first[pair];
    const midSide = isMidSide(channels);
    const mask = laneMask(lanesOf(channels));
    const low = this.kind == Param.KIND_LOW_SHELF;
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const x = f64x2.promote_low_f32x4(v128.load64_zero(at + (i << 1)));
      filter.next(midSide ? toMidSide(x) : x);
      const heard = low ? filter.low : filter.high;
      // A sine's mean square is half its peak's.
      const square = f64x2.mul(heard, f64x2.add(heard, heard));
      storeLouder(to + i, v128.and(square, mask));
    }
  }
}

function storeLouder(at: usize, squares: v128): void {
  const louder = max(f64x2.extract_lane(squares, 0), f64x2.extract_lane(squares, 1));
  store<f32>(at, max(load<f32>(at), <f32>louder));
}
