import { allocate } from "./abi/memory";
import { DelayLine } from "./dsp/delay-line";
import { blendFrames } from "./dsp/frame-gains";
import { Smoother } from "./dsp/smoother";
import { sanitise } from "./kernels/sanitise";
import { MAX_FRAMES, Processor } from "./processor";

const MAX_PAIRS: i32 = 4;

// Blocks pass one slot after the other, so all slots share these.
let pieces: usize = 0;
let keyPieces: usize = 0;
let dryBlock: usize = 0;
let weights: usize = 0;

function allocateShared(): void {
  if (pieces != 0) return;
  pieces = allocate((MAX_FRAMES * MAX_PAIRS) << 3);
  keyPieces = allocate((MAX_FRAMES * MAX_PAIRS) << 3);
  dryBlock = allocate((MAX_FRAMES * MAX_PAIRS) << 3);
  weights = allocate(MAX_FRAMES << 2);
}

/** Copies `count` frames of each pair between blocks whose pairs are `fromFrames` and `toFrames` long. */
function copyPairs(to: usize, toFrames: i32, from: usize, fromFrames: i32, pairs: i32, count: i32): void {
  for (let pair = 0; pair < pairs; ++pair) {
    memory.copy(
      to + ((<usize>(pair * toFrames)) << 3),
      from + ((<usize>(pair * fromFrames)) << 3),
      (<usize>count) << 3,
    );
  }
}

/**
 * What a chain holds: a processor that can be switched off and mixed with its input. Off, and at 0 % mix, the output is the input
 * delayed by the latency, bit for bit; every switch cross-fades.
 */
export class Slot {
  private wet: Smoother = new Smoother();
  private dry: DelayLine = new DelayLine();
  private enabled: bool = true;
  private mix: f64 = 1;
  private running: bool = false;
  /** The processor has not run since `reset` because the slot was off. */
  private asleep: bool = false;
  /** Frames until a processor that was just woken has something to say. */
  private wakeFrames: i32 = 0;

  constructor(
    readonly processor: Processor,
    private readonly pairs: i32,
    sampleRate: f64,
  ) {
    allocateShared();
    this.wet.prepare(sampleRate);
    this.wet.target = 1;
    this.wet.settle();
    this.dry.prepare(sampleRate, pairs, processor.latencySamples());
  }

  setParam(index: i32, value: f64): void {
    this.processor.setParam(index, value);
    this.dry.setDelay(this.processor.latencySamples());
  }

  resourceReady(): void {
    this.processor.resourceReady();
    this.dry.setDelay(this.processor.latencySamples());
    this.reset();
  }

  setEnabled(enabled: bool): void {
    this.enabled = enabled;
    this.retarget();
  }

  setMix(percent: f64): void {
    this.mix = max<f64>(0, min<f64>(1, percent / 100));
    this.retarget();
  }

  private retarget(): void {
    const target = this.enabled ? this.mix : 0;
    if (this.asleep && target > 0) {
      this.asleep = false;
      this.wakeFrames = this.processor.latencySamples();
    }
    this.wet.target = target;
    if (!this.running) this.wet.settle();
  }

  reset(): void {
    this.processor.reset();
    this.dry.setDelay(this.processor.latencySamples());
    this.dry.reset();
    this.running = false;
    this.wakeFrames = 0;
    this.retarget();
  }

  process(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    for (let done = 0; done < frames; ) done = this.advance(io, frames, done, key, keyPairs);
  }

  /** Goes on from frame `done` of a block, as far as the processor takes frames at once; gives the frame it came to. */
  advance(io: usize, frames: i32, done: i32, key: usize, keyPairs: i32): i32 {
    const count = this.processor.framesAtOnce(min(MAX_FRAMES, frames - done));
    const offset = (<usize>done) << 3;
    const keyPiece: usize = key == 0 ? 0 : this.pieceOf(keyPieces, key, offset, frames, keyPairs, count);
    if (key != 0) sanitise(keyPiece, (keyPairs * count) << 1);
    const piece = this.pieceOf(pieces, io, offset, frames, this.pairs, count);
    this.processPiece(piece, count, keyPiece, keyPairs);
    if (piece == pieces) copyPairs(io + offset, frames, piece, count, this.pairs, count);
    return done + count;
  }

  /** Where `count` frames lie with their pairs close together: in place when they do already. Keys are always copied: they are not ours. */
  private pieceOf(buffer: usize, block: usize, offset: usize, frames: i32, pairs: i32, count: i32): usize {
    if (buffer == pieces && (pairs == 1 || count == frames)) return block + offset;
    copyPairs(buffer, count, block + offset, frames, pairs, count);
    return buffer;
  }

  private processPiece(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    if (!this.running) {
      this.asleep = this.wet.target == 0;
      this.running = true;
    }
    sanitise(io, (this.pairs * frames) << 1);
    const blend = this.wet.moving || this.wet.value != 1 || this.wakeFrames > 0;
    if (blend || this.processor.latencySamples() > 0) this.dry.process(io, dryBlock, frames);
    if (this.asleep) {
      memory.copy(io, dryBlock, (<usize>(this.pairs * frames)) << 3);
      return;
    }
    if (key == 0) this.processor.process(io, frames);
    else this.processor.processKeyed(io, frames, key, keyPairs);
    if (blend) this.blend(io, frames);
  }

  private blend(io: usize, frames: i32): void {
    if (!this.wet.moving && this.wet.value == 0) {
      memory.copy(io, dryBlock, (<usize>(this.pairs * frames)) << 3);
      return;
    }
    const waiting = min(frames, this.wakeFrames);
    this.wakeFrames -= waiting;
    memory.fill(weights, 0, (<usize>waiting) << 2);
    this.wet.fill(weights + ((<usize>waiting) << 2), frames - waiting);
    for (let pair = 0; pair < this.pairs; ++pair) {
      const offset = (<usize>(pair * frames)) << 3;
      blendFrames(io + offset, dryBlock + offset, weights, frames);
    }
  }
}
