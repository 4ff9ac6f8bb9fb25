import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { CrossFade } from "./cross-fade";
import { blendFrames } from "./frame-gains";

const FADE_MS: f64 = 10;

/**
 * Delays a block of channel pairs by a whole number of frames. A new delay on running sound is cross-faded from the old one.
 * Blocks of at most MAX_FRAMES.
 */
export class DelayLine {
  delayFrames: i32 = 0;
  private pairs: i32 = 0;
  private ring: usize = 0;
  /** A power of two, at least the longest delay and one block. */
  private ringFrames: i32 = 0;
  private position: i32 = 0;
  private oldDelay: i32 = 0;
  private wantedDelay: i32 = 0;
  private running: bool = false;
  private readonly fade: CrossFade = new CrossFade();
  private weights: usize = 0;
  private old: usize = 0;

  /** Allocates for delays up to `maxDelayFrames`. */
  prepare(sampleRate: f64, pairs: i32, maxDelayFrames: i32): void {
    this.pairs = pairs;
    this.weights = allocate(MAX_FRAMES << 2);
    this.old = allocate(MAX_FRAMES << 3);
    this.fade.prepare(sampleRate, FADE_MS);
    this.reserve(maxDelayFrames);
  }

  /** Makes the ring long enough, keeping what it holds. Doubling bounds what is given up. */
  private reserve(delayFrames: i32): void {
    if (delayFrames + MAX_FRAMES <= this.ringFrames) return;
    const held = this.ringFrames;
    const wanted = 1 << (32 - clz(delayFrames + MAX_FRAMES - 1));
    const ring = allocate((wanted * this.pairs) << 3);
    for (let pair = 0; pair < this.pairs && held > 0; ++pair)
      this.read(pair, held, ring + ((<usize>(pair * wanted)) << 3), held);
    this.ring = ring;
    this.ringFrames = wanted;
    this.position = held;
  }

  /** Sets the delay; allocates when it is longer than any before. */
  setDelay(frames: i32): void {
    this.reserve(frames);
    this.wantedDelay = frames;
    if (!this.running) this.delayFrames = frames;
  }

  reset(): void {
    memory.fill(this.ring, 0, (<usize>(this.ringFrames * this.pairs)) << 3);
    this.position = 0;
    this.running = false;
    this.fade.stop();
    this.delayFrames = this.wantedDelay;
  }

  /** Writes the delayed block to `out`, which may be `io`. */
  process(io: usize, out: usize, frames: i32): void {
    this.running = true;
    for (let done = 0; done < frames; ) {
      this.startFade();
      const count = this.fade.remaining > 0 ? min(this.fade.remaining, frames - done) : frames - done;
      this.pass(io, out, frames, done, count);
      done += count;
    }
  }

  /** A change that comes during a fade waits for its end. */
  private startFade(): void {
    if (this.fade.remaining > 0 || this.wantedDelay == this.delayFrames) return;
    this.oldDelay = this.delayFrames;
    this.delayFrames = this.wantedDelay;
    this.fade.start();
  }

  /** Delays `count` frames from frame `done` of a block. */
  private pass(io: usize, out: usize, frames: i32, done: i32, count: i32): void {
    const fading = this.fade.remaining > 0;
    if (fading) this.fade.fill(this.weights, count);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const offset = (<usize>(pair * frames + done)) << 3;
      this.write(pair, io + offset, count);
      // Without a delay the ring is only filled, for the day when there is one.
      if (this.delayFrames == 0 && !fading && io == out) continue;
      this.read(pair, this.delayFrames, out + offset, count);
      if (!fading) continue;
      this.read(pair, this.oldDelay, this.old, count);
      blendFrames(out + offset, this.old, this.weights, count);
    }
    this.position = (this.position + count) & (this.ringFrames - 1);
  }

  private write(pair: i32, from: usize, frames: i32): void {
    const ring = this.ring + ((<usize>(pair * this.ringFrames)) << 3);
    const first = min(frames, this.ringFrames - this.position);
    memory.copy(ring + ((<usize>this.position) << 3), from, (<usize>first) << 3);
    memory.copy(ring, from + ((<usize>first) << 3), (<usize>(frames - first)) << 3);
  }

  private read(pair: i32, delay: i32, to: usize, frames: i32): void {
    const ring = this.ring + ((<usize>(pair * this.ringFrames)) << 3);
    const start = (this.position - delay) & (this.ringFrames - 1);
    const first = min(frames, this.ringFrames - start);
    memory.copy(to, ring + ((<usize>start) << 3), (<usize>first) << 3);
    memory.copy(to + ((<usize>first) << 3), ring, (<usize>(frames - first)) << 3);
  }
}
