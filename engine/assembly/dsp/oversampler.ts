import { allocate } from "../abi/memory";
import { DroopCorrection } from "./droop-correction";
import { HalfbandDown, HalfbandUp } from "./halfband";

const MAX_STAGES: i32 = 3;
/** The rate that is aimed at on the way up, and the highest frequency that passes untouched. */
const LEAST_RATE: f64 = 300000;
const PASS_HZ: f64 = 20000;
const MOST_PASS: f64 = 0.4535;

/**
 * Brings one pair to 8 times its rate (less often from 64 kHz on) and back from twice that: the last doubling is a straight line from
 * frame to frame, drawn by whoever works up there. Linear in phase, flat to 20 kHz, images and aliases 110 dB down.
 */
export class Oversampler {
  /** Frames of `high` for one of `input`; `twice` takes two for each. */
  readonly factor: i32;
  private readonly stages: i32;
  private readonly ups: StaticArray<HalfbandUp> = new StaticArray<HalfbandUp>(MAX_STAGES);
  private readonly downs: StaticArray<HalfbandDown> = new StaticArray<HalfbandDown>(MAX_STAGES + 1);
  private readonly droop: DroopCorrection;
  /** The frames that came up. */
  readonly high: usize;
  /** Where those that go down are to be written, behind those that fill the delay up to a whole frame. */
  readonly twice: usize;
  private readonly start: usize;
  private readonly padFrames: i32;
  /** Whole frames from `input` to `down`'s output. */
  readonly delayFrames: i32;

  /** For blocks of up to `maxFrames`; what happens at the top is late by `innerDelay` of its frames. */
  constructor(sampleRate: f64, maxFrames: i32, innerDelay: i32) {
    let stages = 1;
    while (stages < MAX_STAGES && sampleRate * <f64>(1 << stages) < LEAST_RATE) ++stages;
    this.stages = stages;
    this.factor = 1 << stages;
    const passHz = min(PASS_HZ, MOST_PASS * sampleRate);
    const droop = new DroopCorrection(passHz, 2 * sampleRate, sampleRate * <f64>(1 << stages), maxFrames << 1);
    this.droop = droop;
    let delay = innerDelay + (droop.delayFrames << stages);
    for (let stage = 0; stage <= stages; ++stage) {
      // Above the first stage nothing lies beyond half the original rate.
      const width = stage == 0 ? 0.5 - passHz / sampleRate : 0.5 - 0.5 / <f64>(1 << stage);
      this.downs[stage] = new HalfbandDown(width, maxFrames << stage);
      delay += this.downs[stage].delayFrames << (stages - stage);
      if (stage == stages) break;
      this.ups[stage] = new HalfbandUp(width, maxFrames << stage);
      delay += this.ups[stage].delayFrames << (stages - stage);
    }
    this.padFrames = -delay & (2 * this.factor - 1);
    this.delayFrames = (delay + this.padFrames) >> (stages + 1);
    this.high = allocate(((maxFrames << stages) << 3) + 64);
    this.start = allocate(((maxFrames << (stages + 1)) << 3) + (this.padFrames << 3) + 64);
    this.twice = this.start + ((<usize>this.padFrames) << 3);
  }

  /** Where the frames to be brought up are to be written. */
  get input(): usize {
    return this.ups[0].input;
  }

  reset(): void {
    memory.fill(this.start, 0, (<usize>this.padFrames) << 3);
    this.droop.reset();
    for (let stage = 0; stage < this.stages; ++stage) this.ups[stage].reset();
    for (let stage = 0; stage <= this.stages; ++stage) this.downs[stage].reset();
  }

  /** Fills `high` with `factor` times as many frames. */
  up(frames: i32): void {
    this.ups[0].process(frames, this.droop.input);
    this.droop.process(frames << 1, this.stages == 1 ? this.high : this.ups[1].input);
    for (let stage = 1; stage < this.stages; ++stage) {
      this.ups[stage].process(frames << stage, stage == this.stages - 1 ? this.high : this.ups[stage + 1].input);
    }
  }

  /** Brings `twice` back and writes `frames` frames, and one more that means nothing. */
  down(frames: i32, to: usize): void {
    let from = this.start;
    for (let stage = this.stages; stage >= 0; --stage) {
      // Each stage leaves less than the one before: they may write over what was.
      this.downs[stage].process(from, frames << stage, stage == 0 ? to : this.high);
      from = this.high;
    }
    const taken = (<usize>(frames << (this.stages + 1))) << 3;
    memory.copy(this.start, this.start + taken, (<usize>this.padFrames) << 3);
  }
}
