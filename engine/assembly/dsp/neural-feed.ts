import { allocate } from "../abi/memory";
import { sanitise } from "../kernels/sanitise";

/** In front of a frame's samples stand three i32 (which network, which channel, 1 when it starts from rest) and a spare one. */
const HEADER_BYTES: usize = 16;
/** Networks hear nothing beyond +18 dBFS: their sums of products stay far from infinity. */
const MOST: f32 = 8;

/**
 * Cuts a block into the frames of a network that runs outside, and keeps what comes back at its own moment. A frame stands there until
 * the next block; one that is not answered by then breaks the stream, which starts from rest at the next frame.
 */
export class NeuralFeed {
  /** The network is asked; otherwise its frames pass unseen. */
  active: bool = false;
  private readonly pairs: i32;
  private readonly frames: usize;
  private readonly frameBytes: usize;
  /** The last `kept` frames of each pair as the network heard them, interleaved, by their place in the input. */
  private readonly heard: usize;
  private readonly kept: i32;
  private readonly line: usize;
  private filled: i32 = 0;
  /** Input frames taken since the reset. */
  private taken: i64 = 0;
  /** Channels that are answered of the frame that waits; all of them when none waits. */
  private answered: i32 = 0;
  /** The input frame from which on all was heard. */
  private since: i64 = 0;
  private unbroken: bool = false;

  /**
   * Allocates. The network gives frames of `frameLength` back `delayFrames` late; of the last `kept` input frames `size` can be asked for
   * at once.
   */
  constructor(
    private readonly network: i32,
    private readonly frameLength: i32,
    private readonly delayFrames: i32,
    private readonly channels: i32,
    kept: i32,
    private readonly size: i32,
  ) {
    this.pairs = (channels + 1) >> 1;
    this.frameBytes = HEADER_BYTES + ((<usize>frameLength) << 2);
    this.frames = allocate(channels * <i32>this.frameBytes);
    this.kept = kept;
    this.heard = allocate((kept * this.pairs) << 3);
    this.line = allocate(size << 3);
  }

  reset(): void {
    this.filled = 0;
    this.taken = 0;
    this.answered = this.channels;
    this.unbroken = false;
    memory.fill(this.heard, 0, (<usize>(this.kept * this.pairs)) << 3);
  }

  /** Frames that may be put before one is full. */
  framesLeft(): i32 {
    return this.frameLength - this.filled;
  }

  /** Takes a block of at most `framesLeft`; `callOut` comes next. */
  put(io: usize, frames: i32): void {
    if (this.answered < this.channels) this.unbroken = false;
    this.answered = this.channels;
    for (let channel = 0; channel < this.channels; ++channel) {
      let from = io + ((<usize>((channel >> 1) * frames)) << 3) + ((<usize>(channel & 1)) << 2);
      let to = this.samplesOf(channel) + ((<usize>this.filled) << 2);
      for (const end = to + ((<usize>frames) << 2); to < end; to += 4, from += 8)
        store<f32>(to, max(-MOST, min(MOST, load<f32>(from))));
    }
    this.taken += frames;
    this.filled += frames;
  }

  private samplesOf(channel: i32): usize {
    return this.frames + <usize>channel * this.frameBytes + HEADER_BYTES;
  }

  /** Lays a frame that is full out to be answered. */
  callOut(): void {
    if (this.filled < this.frameLength) return;
    this.filled = 0;
    if (this.active) this.layOut();
    else this.unbroken = false;
  }

  private layOut(): void {
    if (!this.unbroken) this.since = this.taken == this.frameLength ? i64.MIN_VALUE : this.taken - this.frameLength;
    for (let channel = 0; channel < this.channels; ++channel) {
      const header = this.samplesOf(channel) - HEADER_BYTES;
      store<i32>(header, this.network);
      store<i32>(header, channel, 4);
      store<i32>(header, this.unbroken ? 0 : 1, 8);
    }
    this.unbroken = true;
    this.answered = -1;
  }

  /** Takes the frame that it gave before as answered, and gives the next one that waits, or 0. */
  next(): usize {
    if (this.answered == this.channels) return 0;
    if (this.answered >= 0) this.keep(this.answered);
    this.answered += 1;
    return this.answered == this.channels ? 0 : this.samplesOf(this.answered) - HEADER_BYTES;
  }

  /** Puts a channel's answer where the input stood that it is of; the lane of a missing channel gets the same. */
  private keep(channel: i32): void {
    const samples = this.samplesOf(channel);
    sanitise(samples, this.frameLength);
    const lane = this.heard + ((<usize>((channel >> 1) * this.kept)) << 3) + ((<usize>(channel & 1)) << 2);
    const alone = channel + 1 == this.channels && (channel & 1) == 0;
    const first = this.taken - this.frameLength - this.delayFrames;
    for (let i = max<i32>(0, <i32>min<i64>(-first, this.frameLength)); i < this.frameLength; ++i) {
      const at = lane + ((<usize>((first + i) % this.kept)) << 3);
      const value = load<f32>(samples + ((<usize>i) << 2));
      store<f32>(at, value);
      if (alone) store<f32>(at, value, 4);
    }
  }

  /** Whether the network heard all `size` input frames before frame `end`. */
  covers(end: i64): bool {
    return this.active && this.unbroken && end - this.size >= this.since;
  }

  /** Address of a copy of what it heard of these frames of a pair, interleaved. */
  past(pair: i32, end: i64): usize {
    const ring = this.heard + ((<usize>(pair * this.kept)) << 3);
    const start = <i32>((end - this.size + this.kept) % this.kept);
    const whole = min(this.size, this.kept - start);
    memory.copy(this.line, ring + ((<usize>start) << 3), (<usize>whole) << 3);
    memory.copy(this.line + ((<usize>whole) << 3), ring, (<usize>(this.size - whole)) << 3);
    return this.line;
  }
}
