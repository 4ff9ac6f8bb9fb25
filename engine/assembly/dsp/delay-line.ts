import { allocate } from "../abi/memory";
import { MAX_FRAMES } from "../processor";
import { blendFrames } from "./frame-gains";
import { Smoother } from "./smoother";

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
  private fading: bool = false;
  private fade: Smoother = new Smoother();
  private weights: usize = 0;
  private old: usize = 0;

  /** Allocates for delays up to `maxDelayFrames`. */
  prepare(sampleRate: f64, pairs: i32, maxDelayFrames: i32): void {
    this.pairs = pairs;
    this.weights = allocate(MAX_FRAMES << 2);
    this.old = allocate(MAX_FRAMES << 3);
    this.fade.prepare(sampleRate);
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
    if (this.running) this.startFade();
    else this.delayFrames = frames;
  }

  reset(): void {
    memory.fill(this.ring, 0, (<usize>(this.ringFrames * this.pairs)) << 3);
    this.position = 0;
    this.running = false;
    this.fading = false;
    this.delayFrames = this.wantedDelay;
  }

  /** Writes the delayed block to `out`, which may be `io`. */
  process(io: usize, out: usize, frames: i32): void {
    this.running = true;
    if (!this.fading) this.startFade();
    if (this.fading) this.fade.fill(this.weights, frames);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const offset = (<usize>(pair * frames)) << 3;
      this.write(pair, io + offset, frames);
      this.read(pair, this.delayFrames, out + offset, frames);
      if (!this.fading) continue;
      this.read(pair, this.oldDelay, this.old, frames);
      blendFrames(out + offset, this.old, this.weights, frames);
    }
    this.position = (this.position + frames) & (this.ringFrames - 1);
    if (this.fading && !this.fade.moving) this.fading = false;
  }

  /** A change that comes during a fade waits for its end. */
  private startFade(): void {
    if (this.fading || this.wantedDelay == this.delayFrames) return;
    this.oldDelay = this.delayFrames;
    this.delayFrames = this.wantedDelay;
    this.fading = true;
    this.fade.target = 0;
    this.fade.settle();
    this.fade.target = 1;
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
