import { allocate } from "../abi/memory";

/** What happens to the lines of all channels once a hop is full. */
export abstract class HopProcess {
  /** Channel c's line stands at `lines + c * lineBytes`, oldest sample first. */
  abstract processHop(lines: usize, lineBytes: usize): void;
}

/**
 * Cuts channel pairs into hops behind its own FIFO and holds the last `hops` of each channel as one line of f32, in which the
 * work may change whatever it likes: what leaves is the oldest hop. Late by `hops` times `hop` frames.
 */
export class HopLines {
  private readonly lines: usize;
  private readonly lineBytes: usize;
  private filled: i32 = 0;

  /** Allocates. */
  constructor(
    readonly hop: i32,
    private readonly hops: i32,
    private readonly pairs: i32,
    private readonly work: HopProcess,
  ) {
    this.lineBytes = (<usize>((hops + 1) * hop)) << 2;
    this.lines = allocate(2 * pairs * <i32>this.lineBytes);
  }

  reset(): void {
    memory.fill(this.lines, 0, <usize>(2 * this.pairs) * this.lineBytes);
    this.filled = 0;
  }

  latencyFrames(): i32 {
    return this.hops * this.hop;
  }

  /** In place. */
  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.hop - this.filled);
      for (let pair = 0; pair < this.pairs; ++pair)
        this.exchange(
          io + ((<usize>(pair * frames + done)) << 3),
          this.lines + <usize>(2 * pair) * this.lineBytes,
          count,
        );
      this.filled += count;
      done += count;
      if (this.filled == this.hop) this.turn();
    }
  }

  /** The hop that leaves stands in front of the lines that are worked on, the one that fills up at their end. */
  private exchange(io: usize, left: usize, count: i32): void {
    const right = left + this.lineBytes;
    const old = (<usize>this.filled) << 2;
    const fresh = ((<usize>(this.hops * this.hop)) << 2) + old;
    for (let i: usize = 0; i < <usize>count; ++i) {
      const at = io + (i << 3);
      const offset = i << 2;
      store<f32>(left + fresh + offset, load<f32>(at));
      store<f32>(right + fresh + offset, load<f32>(at, 4));
      store<f32>(at, load<f32>(left + old + offset));
      store<f32>(at, load<f32>(right + old + offset), 4);
    }
  }

  private turn(): void {
    this.filled = 0;
    const bytes = (<usize>this.hop) << 2;
    for (let lane = 0; lane < 2 * this.pairs; ++lane) {
      const line = this.lines + <usize>lane * this.lineBytes;
      memory.copy(line, line + bytes, this.lineBytes - bytes);
    }
    this.work.processHop(this.lines, this.lineBytes);
  }
}
