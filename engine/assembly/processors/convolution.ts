import { allocate } from "../abi/memory";
import { CrossFade } from "../dsp/cross-fade";
import { applyFrameGains, blendFrames } from "../dsp/frame-gains";
import { ImpulseSource } from "../dsp/impulse-source";
import { ImpulseSpectra } from "../dsp/impulse-spectra";
import { dbToGain } from "../dsp/math";
import { NO_ROUTE, PartitionedConvolver } from "../dsp/partitioned-convolver";
import { MOST_SPACE_SECONDS } from "../dsp/procedural-space";
import { Smoother } from "../dsp/smoother";
import * as Param from "../generated/convolution-params";
import { MAX_FRAMES, Processor } from "../processor";

const LEAST_BLOCK: i32 = 2048;
/** With more, longer blocks are cheaper. */
const MOST_PARTITIONS: i32 = 80;
/** In 5.1 and 7.1 this channel is the LFE; rooms have none. */
const LFE: i32 = 3;

/** Partitioned convolution with a computed or a given impulse response, made as loud as what goes in. Late by one block. */
export class Convolution extends Processor {
  private source: ImpulseSource = new ImpulseSource(1000, 1);
  private convolver: PartitionedConvolver = new PartitionedConvolver(64, 1, 1);
  private impulse: ImpulseSpectra = new ImpulseSpectra(64, 1, 1);
  private other: ImpulseSpectra = this.impulse;
  private readonly fade: CrossFade = new CrossFade();
  private readonly gain: Smoother = new Smoother();
  private space: i32 = Param.SPACE_ROOM;
  private trimMs: f64 = 0;
  private block: i32 = 64;
  /** Frames of the block that is being taken in (and of the one that is given out). */
  private filled: i32 = 0;
  private input: usize = 0;
  private output: usize = 0;
  private old: usize = 0;
  private weights: usize = 0;
  private changed: bool = true;
  private running: bool = false;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    this.source = new ImpulseSource(sampleRate, this.pairs);
    this.gain.prepare(sampleRate);
    this.gain.target = 1;
    this.gain.settle();
    this.reserve(<i32>ceil(MOST_SPACE_SECONDS * sampleRate), this.pairs);
  }

  /** Allocates for responses of up to `frames` frames. */
  private reserve(frames: i32, responsePairs: i32): void {
    this.block = LEAST_BLOCK;
    while (this.block * MOST_PARTITIONS < frames && this.block < 32768) this.block <<= 1;
    const partitions = (frames + this.block - 1) / this.block;
    this.convolver = new PartitionedConvolver(this.block, partitions, this.pairs);
    this.impulse = new ImpulseSpectra(this.block, partitions, responsePairs);
    this.other = new ImpulseSpectra(this.block, partitions, responsePairs);
    this.input = allocate((this.block * this.pairs) << 3);
    this.output = allocate((this.block * this.pairs) << 3);
    this.old = allocate(this.block << 3);
    this.weights = allocate(max(this.block, MAX_FRAMES) << 2);
    this.fade.prepare(1000, <f64>this.block);
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.GAIN_DB) this.gain.target = dbToGain(value);
    if (index == Param.SPACE && <i32>value != this.space) {
      this.space = <i32>value;
      this.changed = this.changed || !this.source.isGiven;
    }
    if (index == Param.TRIM_MS && value != this.trimMs) {
      this.trimMs = value;
      this.changed = true;
    }
    if (!this.running) this.gain.settle();
  }

  resource(index: i32, frames: i32, channels: i32, sampleRate: f64): usize {
    return index == 0 ? this.source.open(frames, channels, sampleRate) : 0;
  }

  resourceReady(): void {
    if (!this.source.isGiven) return;
    this.source.ready();
    this.reserve(this.source.frames, (this.source.channels + 1) >> 1);
    this.changed = true;
    this.reset();
  }

  reset(): void {
    this.running = false;
    this.filled = 0;
    this.fade.stop();
    this.gain.settle();
    this.convolver.reset();
    const bytes = (<usize>(this.block * this.pairs)) << 3;
    memory.fill(this.input, 0, bytes);
    memory.fill(this.output, 0, bytes);
    if (this.changed) this.design(this.impulse);
  }

  latencySamples(): i32 {
    return this.block;
  }

  tailSamples(): i32 {
    return this.changed ? this.convolver.partitions * this.block : this.impulse.used * this.block;
  }

  private design(impulse: ImpulseSpectra): void {
    this.changed = false;
    this.source.render(this.space);
    const start = min(this.source.frames, <i32>nearest(0.001 * this.trimMs * this.sampleRate));
    const energy = this.source.energy(start);
    const from = this.source.at + ((<usize>start) << 3);
    impulse.set(from, this.source.stride, this.source.frames - start, energy > 0 ? 1 / sqrt(energy) : 0);
  }

  process(io: usize, frames: i32): void {
    if (!this.running && this.changed) this.design(this.impulse);
    this.running = true;
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.block - this.filled);
      this.exchange(io, frames, done, count);
      this.filled += count;
      done += count;
      if (this.filled == this.block) this.turn();
    }
    this.gain.fill(this.weights, frames);
    for (let pair = 0; pair < this.pairs; ++pair)
      applyFrameGains(io + ((<usize>(pair * frames)) << 3), this.weights, frames);
  }

  private exchange(io: usize, frames: i32, done: i32, count: i32): void {
    const bytes = (<usize>count) << 3;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * frames + done)) << 3);
      const line = (<usize>(pair * this.block + this.filled)) << 3;
      memory.copy(this.input + line, at, bytes);
      memory.copy(at, this.output + line, bytes);
    }
  }

  /** A block is full. A new response is cross-faded in over one block. */
  private turn(): void {
    this.filled = 0;
    this.convolver.take(this.input);
    if (this.changed) {
      this.design(this.other);
      const before = this.impulse;
      this.impulse = this.other;
      this.other = before;
      this.fade.start();
    }
    const fading = this.fade.remaining > 0;
    if (fading) this.fade.fill(this.weights, this.block);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const out = this.output + ((<usize>(pair * this.block)) << 3);
      this.convolve(this.impulse, pair, out);
      if (!fading) continue;
      this.convolve(this.other, pair, this.old);
      blendFrames(out, this.old, this.weights, this.block);
    }
  }

  private convolve(impulse: ImpulseSpectra, pair: i32, out: usize): void {
    if (this.convolver.idle) {
      memory.fill(out, 0, (<usize>this.block) << 3);
      return;
    }
    this.convolver.begin();
    for (let side = 0; side < 2; ++side) this.addRoutes(impulse, 2 * pair + side, side);
    this.convolver.finish(out);
  }

  private addRoutes(impulse: ImpulseSpectra, channel: i32, side: i32): void {
    // Four responses of a stereo room: from the left to left and right, from the right to left and right.
    if (this.source.channels == 4 && this.channels == 2) {
      this.convolver.add(0, impulse, side, side);
      this.convolver.add(1, impulse, 2 + side, side);
      return;
    }
    const response = this.responseOf(channel);
    if (response != NO_ROUTE) this.convolver.add(channel, impulse, response, side);
  }

  private responseOf(channel: i32): i32 {
    if (this.channels == 1) return 0;
    const given = this.source.isGiven ? this.source.channels : 2 * this.pairs;
    if (channel == LFE && (this.channels == 6 || this.channels == 8)) {
      if (!this.source.isGiven || given < this.channels) return NO_ROUTE;
    }
    return channel % given;
  }
}
