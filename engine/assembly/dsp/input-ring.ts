import { allocate } from "../abi/memory";

const MOST_QUIET: i32 = 1 << 30;

/** The past of one channel, f32, readable at any delay; blocks are put in front and read before the next one comes. */
export class InputRing {
  private readonly ring: usize;
  private readonly frames: i32;
  private position: i32 = 0;
  /** Frames since the last one that was not zero, at most MOST_QUIET. */
  quietFrames: i32 = 0;
  /** Frames of the ring's beginning that stand again behind its end. */
  private readonly guard: i32;

  /** Allocates for delays up to `mostDelay` behind blocks of up to `mostBlock`. */
  constructor(mostDelay: i32, mostBlock: i32) {
    this.frames = 1 << (32 - clz(mostDelay + mostBlock + 4));
    this.ring = allocate((this.frames + mostBlock + 8) << 2);
    this.guard = mostBlock + 4;
    this.quietFrames = MOST_QUIET;
  }

  reset(): void {
    memory.fill(this.ring, 0, (<usize>(this.frames + this.guard)) << 2);
    this.position = 0;
    this.quietFrames = MOST_QUIET;
  }

  /** Takes a block of f32. */
  put(from: usize, frames: i32): void {
    const first = min(frames, this.frames - this.position);
    memory.copy(this.ring + ((<usize>this.position) << 2), from, (<usize>first) << 2);
    memory.copy(this.ring, from + ((<usize>first) << 2), (<usize>(frames - first)) << 2);
    if (this.position < this.guard || first < frames)
      memory.copy(this.ring + ((<usize>this.frames) << 2), this.ring, (<usize>this.guard) << 2);
    this.position = (this.position + frames) & (this.frames - 1);
    let quiet = 0;
    while (quiet < frames && load<f32>(from + ((<usize>(frames - 1 - quiet)) << 2)) == 0) ++quiet;
    this.quietFrames = quiet == frames ? min(this.quietFrames + frames, MOST_QUIET) : quiet;
  }

  /** Where the block of `frames` frames that was put in last can be read `delay` frames ago, all in one piece. */
  past(delay: i32, frames: i32): usize {
    return this.ring + ((<usize>((this.position - frames - delay) & (this.frames - 1))) << 2);
  }
}
