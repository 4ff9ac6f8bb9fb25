import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { exp2, LOG2_PER_DB } from "./math";
import { StateVariableFilter } from "./state-variable-filter";

const MAX_PAIRS: i32 = 4;
const BUTTERWORTH: f64 = 0.7071067811865476;
/** A low cut at or below this frequency is none. */
const NO_CUT_HZ: f64 = 20;
/** Frames between clearings of what has died away, counted from the reset. */
const SETTLE_FRAMES: i32 = 256;

// Blocks pass one processor after the other, so all filters share it.
let filtered: usize = 0;

function allocateShared(): usize {
  if (filtered == 0) filtered = allocate((MAX_FRAMES * MAX_PAIRS) << 3);
  return filtered;
}

/** Filters what a detector listens to: a low cut of 12 dB per octave and a bell. The sound itself stays as it is. */
export class KeyFilter {
  private readonly cuts: StaticArray<StateVariableFilter> = new StaticArray<StateVariableFilter>(MAX_PAIRS);
  private readonly bells: StaticArray<StateVariableFilter> = new StaticArray<StateVariableFilter>(MAX_PAIRS);
  private sampleRate: f64 = 48000;
  private cutting: bool = false;
  /** Linear gain of the bell less 1; 0 is none. */
  private lift: f64 = 0;
  private phase: i32 = 0;

  prepare(sampleRate: f64): void {
    this.sampleRate = sampleRate;
    for (let pair = 0; pair < MAX_PAIRS; ++pair) {
      this.cuts[pair] = new StateVariableFilter();
      this.bells[pair] = new StateVariableFilter();
    }
    allocateShared();
  }

  setLowCut(frequencyHz: f64): void {
    this.cutting = frequencyHz > NO_CUT_HZ;
    for (let pair = 0; pair < MAX_PAIRS && this.cutting; ++pair)
      this.cuts[pair].set(frequencyHz, BUTTERWORTH, this.sampleRate);
  }

  setBell(frequencyHz: f64, gainDb: f64, q: f64): void {
    const root = exp2(0.5 * gainDb * LOG2_PER_DB);
    this.lift = root * root - 1;
    for (let pair = 0; pair < MAX_PAIRS && gainDb != 0; ++pair)
      this.bells[pair].set(frequencyHz, q * root, this.sampleRate);
  }

  reset(): void {
    this.phase = 0;
    for (let pair = 0; pair < MAX_PAIRS; ++pair) {
      this.cuts[pair].reset();
      this.bells[pair].reset();
    }
  }

  /** Gives where the filtered block stands: the block itself when there is nothing to filter. */
  process(key: usize, keyPairs: i32, frames: i32): usize {
    if (!this.cutting && this.lift == 0) return key;
    memory.copy(filtered, key, (<usize>(keyPairs * frames)) << 3);
    for (let done = 0; done < frames; ) {
      const count = min(SETTLE_FRAMES - this.phase, frames - done);
      for (let pair = 0; pair < keyPairs; ++pair)
        this.processPair(pair, filtered + ((<usize>(pair * frames + done)) << 3), count);
      done += count;
      this.phase += count;
      if (this.phase == SETTLE_FRAMES) this.settle();
    }
    return filtered;
  }

  private processPair(pair: i32, at: usize, frames: i32): void {
    const cut = this.cuts[pair];
    const bell = this.bells[pair];
    const lift = f64x2.splat(this.lift);
    for (let i: usize = 0; i < (<usize>frames) << 3; i += 8) {
      let x = f64x2.promote_low_f32x4(v128.load64_zero(at + i));
      if (this.cutting) {
        cut.next(x);
        x = cut.high;
      }
      bell.next(x);
      x = f64x2.add(x, f64x2.mul(lift, f64x2.mul(bell.damping, bell.band)));
      v128.store64_lane(at + i, f32x4.demote_f64x2_zero(x), 0);
    }
  }

  private settle(): void {
    this.phase = 0;
    for (let pair = 0; pair < MAX_PAIRS; ++pair) {
      this.cuts[pair].settle();
      this.bells[pair].settle();
    }
  }
}
