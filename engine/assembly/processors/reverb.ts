import { allocate } from "../abi/memory";
import { CrossFade } from "../dsp/cross-fade";
import { NETWORK_FRAMES } from "../dsp/feedback-network";
import { applyFrameGains } from "../dsp/frame-gains";
import { ReverbNetwork } from "../dsp/reverb-network";
import { ReverbSettings } from "../dsp/reverb-settings";
import { Processor } from "../processor";

const FADE_MS: f64 = 20;

/**
 * Rooms by a feedback delay network. A change of any parameter opens another room: what comes in moves over to it while the old one
 * rings on. Should yet another be wanted before that has died away, it is faded out first.
 */
export class Reverb extends Processor {
  private readonly settings: ReverbSettings = new ReverbSettings();
  private active: ReverbNetwork = new ReverbNetwork(1000, 1);
  private old: ReverbNetwork = new ReverbNetwork(1000, 1);
  private readonly entry: CrossFade = new CrossFade();
  private readonly exit: CrossFade = new CrossFade();
  /** Frames until the old room has died away. */
  private oldFrames: i32 = 0;
  private changed: bool = true;
  private running: bool = false;
  private weights: usize = 0;
  private input: usize = 0;
  private ending: usize = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.active = new ReverbNetwork(sampleRate, channels);
    this.old = new ReverbNetwork(sampleRate, channels);
    this.entry.prepare(sampleRate, FADE_MS);
    this.exit.prepare(sampleRate, FADE_MS);
    this.weights = allocate(NETWORK_FRAMES << 2);
    this.input = allocate((NETWORK_FRAMES * this.pairs) << 3);
    this.ending = allocate((NETWORK_FRAMES * this.pairs) << 3);
    this.active.design(this.settings);
  }

  setParam(index: i32, value: f64): void {
    if (!this.settings.set(index, value)) return;
    this.changed = true;
  }

  reset(): void {
    this.running = false;
    this.oldFrames = 0;
    this.entry.stop();
    this.exit.stop();
    if (this.changed) this.active.design(this.settings);
    else this.active.clear();
    this.changed = false;
  }

  tailSamples(): i32 {
    return this.settings.tailFrames(this.sampleRate);
  }

  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      this.takeUpChanges();
      this.running = true;
      let count = min(frames - done, NETWORK_FRAMES);
      if (this.entry.remaining > 0) count = min(count, this.entry.remaining);
      if (this.exit.remaining > 0) count = min(count, this.exit.remaining);
      if (this.oldFrames > 0) count = min(count, this.oldFrames);
      this.processPiece(io + ((<usize>done) << 3), frames, count);
      done += count;
    }
    if (this.channels == 1) copyLeftToRight(io, frames);
  }

  private takeUpChanges(): void {
    if (!this.changed || this.entry.remaining > 0 || this.exit.remaining > 0) return;
    if (!this.running) {
      this.changed = false;
      this.active.design(this.settings);
      return;
    }
    if (this.oldFrames > 0) {
      this.exit.start();
      return;
    }
    this.changed = false;
    const before = this.active;
    this.active = this.old;
    this.old = before;
    this.active.design(this.settings);
    this.oldFrames = before.tailFrames;
    this.entry.start();
  }

  private processPiece(io: usize, stride: i32, count: i32): void {
    const bytes = (<usize>count) << 3;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * stride)) << 3);
      memory.copy(this.input + <usize>pair * bytes, at, bytes);
      memory.fill(at, 0, bytes);
    }
    if (this.oldFrames > 0) this.processOld(io, stride, count);
    this.active.process(this.input, io, stride, count);
  }

  /** What comes in fades from the old room to the new one; later the old one has silence. */
  private processOld(io: usize, stride: i32, count: i32): void {
    const bytes = (<usize>count) << 3;
    if (this.entry.remaining > 0) {
      this.entry.fill(this.weights, count);
      memory.copy(this.ending, this.input, bytes * <usize>this.pairs);
      for (let pair = 0; pair < this.pairs; ++pair) {
        const at = this.input + <usize>pair * bytes;
        applyFrameGains(at, this.weights, count);
        subtract(this.ending + <usize>pair * bytes, at, count);
      }
    } else memory.fill(this.ending, 0, bytes * <usize>this.pairs);
    this.old.process(this.ending, io, stride, count);
    this.oldFrames -= count;
    if (this.exit.remaining == 0) return;
    this.exit.fill(this.weights, count);
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4)
      store<f32>(this.weights + i, <f32>1 - load<f32>(this.weights + i));
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * stride)) << 3), this.weights, count);
    if (this.exit.remaining == 0) this.oldFrames = 0;
  }
}

function subtract(from: usize, what: usize, frames: i32): void {
  for (let i: usize = 0; i < (<usize>frames) << 3; i += 4)
    store<f32>(from + i, load<f32>(from + i) - load<f32>(what + i));
}

function copyLeftToRight(io: usize, frames: i32): void {
  for (let i: usize = 0; i < (<usize>frames) << 3; i += 8) store<f32>(io + i, load<f32>(io + i), 4);
}
