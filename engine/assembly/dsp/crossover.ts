import { allocate } from "../abi/memory";
import { StateVariableFilter } from "./state-variable-filter";

/** Most bands, and the crossovers between them. */
export const MAX_BANDS: i32 = 5;
const MAX_SPLITS: i32 = MAX_BANDS - 1;
/** Most frames of one call. */
export const SPLIT_FRAMES: i32 = 256;
const BUTTERWORTH: f64 = 0.7071067811865476;

// Pairs pass one after the other, so all crossovers share these: what is left to split and the bands, as frames of two f64.
let rest: usize = 0;
let bandLanes: usize = 0;

function allocateShared(): void {
  if (rest != 0) return;
  rest = allocate(SPLIT_FRAMES << 4);
  bandLanes = allocate((MAX_BANDS * SPLIT_FRAMES) << 4);
}

/**
 * Splits channel pairs into bands by Linkwitz-Riley filters of 24 dB per octave. Each band passes the all-passes of the crossovers above
 * it, and the upper part of a split is the all-pass less the lower part, so that the sum of all bands is an all-pass to the last bits.
 * Linkwitz, JAES 24(1), 1976; D'Appolito, JAES 35(5), 1987.
 */
export class Crossover {
  bands: i32 = 1;
  private readonly splits: StaticArray<StateVariableFilter>;
  private readonly lowers: StaticArray<StateVariableFilter>;
  /** Of pair p, band b and crossover c above it: (p MAX_BANDS + b) MAX_SPLITS + c. */
  private readonly allPasses: StaticArray<StateVariableFilter>;

  constructor(private readonly pairs: i32) {
    this.splits = filters(pairs * MAX_SPLITS);
    this.lowers = filters(pairs * MAX_SPLITS);
    this.allPasses = filters(pairs * MAX_BANDS * MAX_SPLITS);
    allocateShared();
  }

  /** `crossoversHz` holds the upper edge of each band but the last; an edge below the one before stands on it. */
  set(bands: i32, crossoversHz: StaticArray<f64>, sampleRate: f64): void {
    this.bands = bands;
    let hz: f64 = 0;
    for (let split = 0; split < bands - 1; ++split) {
      hz = max(hz, crossoversHz[split]);
      for (let pair = 0; pair < this.pairs; ++pair) {
        this.splits[pair * MAX_SPLITS + split].set(hz, BUTTERWORTH, sampleRate);
        this.lowers[pair * MAX_SPLITS + split].set(hz, BUTTERWORTH, sampleRate);
        for (let band = 0; band < split; ++band) this.allPassOf(pair, band, split).set(hz, BUTTERWORTH, sampleRate);
      }
    }
  }

  private allPassOf(pair: i32, band: i32, split: i32): StateVariableFilter {
    return this.allPasses[(pair * MAX_BANDS + band) * MAX_SPLITS + split];
  }

  reset(): void {
    for (let i = 0; i < this.splits.length; ++i) {
      this.splits[i].reset();
      this.lowers[i].reset();
    }
    for (let i = 0; i < this.allPasses.length; ++i) this.allPasses[i].reset();
  }

  settle(): void {
    for (let i = 0; i < this.splits.length; ++i) {
      this.splits[i].settle();
      this.lowers[i].settle();
    }
    for (let i = 0; i < this.allPasses.length; ++i) this.allPasses[i].settle();
  }

  takeStates(other: Crossover): void {
    for (let i = 0; i < this.splits.length; ++i) {
      this.splits[i].takeState(other.splits[i]);
      this.lowers[i].takeState(other.lowers[i]);
    }
    for (let i = 0; i < this.allPasses.length; ++i) this.allPasses[i].takeState(other.allPasses[i]);
  }

  /** Splits at most SPLIT_FRAMES frames of one pair; band b goes to `to` + b * `bandBytes`. */
  split(pair: i32, io: usize, frames: i32, to: usize, bandBytes: usize): void {
    for (let i: usize = 0; i < <usize>frames; ++i)
      v128.store(rest + (i << 4), f64x2.promote_low_f32x4(v128.load64_zero(io + (i << 3))));
    for (let split = 0; split < this.bands - 1; ++split) {
      const band = lanesOf(split);
      this.splitRest(this.splits[pair * MAX_SPLITS + split], this.lowers[pair * MAX_SPLITS + split], band, frames);
      for (let below = 0; below < split; ++below) passAll(this.allPassOf(pair, below, split), lanesOf(below), frames);
    }
    for (let band = 0; band < this.bands; ++band)
      demote(band == this.bands - 1 ? rest : lanesOf(band), to + <usize>band * bandBytes, frames);
  }

  /** The lower part of the rest goes to `band`, the upper part stays. */
  private splitRest(split: StateVariableFilter, lower: StateVariableFilter, band: usize, frames: i32): void {
    for (let i: usize = 0; i < (<usize>frames) << 4; i += 16) {
      const x = v128.load(rest + i);
      split.next(x);
      lower.next(split.low);
      v128.store(band + i, lower.low);
      v128.store(rest + i, f64x2.sub(allPass(split, x), lower.low));
    }
  }
}

function filters(count: i32): StaticArray<StateVariableFilter> {
  const list = new StaticArray<StateVariableFilter>(count);
  for (let i = 0; i < count; ++i) list[i] = new StateVariableFilter();
  return list;
}

function lanesOf(band: i32): usize {
  return bandLanes + ((<usize>(band * SPLIT_FRAMES)) << 4);
}

/** What the low and the high part of a Linkwitz-Riley split add up to. */
function allPass(filter: StateVariableFilter, x: v128): v128 {
  const part = f64x2.mul(filter.damping, filter.band);
  return f64x2.sub(x, f64x2.add(part, part));
}

function passAll(filter: StateVariableFilter, lanes: usize, frames: i32): void {
  for (let i: usize = 0; i < (<usize>frames) << 4; i += 16) {
    const x = v128.load(lanes + i);
    filter.next(x);
    v128.store(lanes + i, allPass(filter, x));
  }
}

function demote(lanes: usize, to: usize, frames: i32): void {
  for (let i: usize = 0; i < <usize>frames; ++i)
    v128.store64_lane(to + (i << 3), f32x4.demote_f64x2_zero(v128.load(lanes + (i << 4))), 0);
}
