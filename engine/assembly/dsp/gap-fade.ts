import { allocate } from "../abi/memory";
import { SILENT } from "./tone-learner";

const LEAST_GAP_SECONDS: f64 = 0.02;
const MOST_FADE_SECONDS: f64 = 0.1;
/** How fast a filling dies away in a gap that is too long. */
const FAR_FADE_SECONDS: f64 = 1;

/** Finds stretches of digital silence with look-ahead and says frame by frame how far what fills them has come in. */
export class GapFade {
  /** Frames by which its answers are late. */
  readonly delayFrames: i32;
  private readonly leastGap: i32;
  private readonly farFrames: f64;
  private readonly flags: usize;
  private readonly mask: i32;
  private fadeFrames: i32 = 1;
  private longestFrames: i64 = 0;
  private heard: i32 = 0;
  private silentRun: i32 = 0;
  /** Flagged frames from the one that leaves to a fade's length ahead of it. */
  private ahead: i32 = 0;
  private filled: i64 = 0;
  private way: f64 = 0;
  private heardSound: bool = false;
  /** A gap behind some sound was left as it is because nothing could fill it. */
  leftEmpty: bool = false;

  /** Allocates. */
  constructor(private readonly sampleRate: f64) {
    this.leastGap = <i32>nearest(LEAST_GAP_SECONDS * sampleRate);
    this.farFrames = FAR_FADE_SECONDS * sampleRate;
    this.delayFrames = this.leastGap + <i32>nearest(MOST_FADE_SECONDS * sampleRate);
    const ring = 1 << (32 - clz(this.delayFrames));
    this.flags = allocate(ring);
    this.mask = ring - 1;
  }

  /** A gap that has begun keeps its place. */
  setFade(ms: f64): void {
    this.fadeFrames = max<i32>(1, <i32>nearest(0.001 * ms * this.sampleRate));
    this.ahead = 0;
    const leaving = this.heard - this.delayFrames;
    for (let i = 0; i < this.fadeFrames; ++i) this.ahead += this.flagAt(leaving + i);
  }

  setLongest(seconds: f64): void {
    this.longestFrames = <i64>nearest(seconds * this.sampleRate);
  }

  reset(): void {
    memory.fill(this.flags, 0, <usize>this.mask + 1);
    this.heard = 0;
    this.silentRun = 0;
    this.ahead = 0;
    this.filled = 0;
    this.way = 0;
    this.heardSound = false;
    this.leftEmpty = false;
  }

  private flagAt(frame: i32): i32 {
    return <i32>load<u8>(this.flags + <usize>(frame & this.mask));
  }

  /** Takes the level of the next frame and gives 0 (sound) .. 1 (filling) for the frame `delayFrames` before it. */
  next(level: f32, mayFill: bool): f64 {
    const leaving = this.heard - this.delayFrames;
    this.flag(level);
    this.ahead += this.flagAt(leaving + this.fadeFrames);
    const gap = this.ahead > 0;
    this.ahead -= this.flagAt(leaving);
    this.heard += 1;
    this.filled = gap ? this.filled + 1 : 0;
    if (gap && !mayFill && this.heardSound) this.leftEmpty = true;
    const tooLong = this.filled > this.longestFrames;
    if (gap && mayFill && !tooLong) this.way = min(1, this.way + 1 / <f64>this.fadeFrames);
    else if (this.way > 0) this.way -= 1 / (tooLong ? this.farFrames : <f64>this.fadeFrames);
    if (this.way < 1e-9) this.way = 0;
    return this.way;
  }

  private flag(level: f32): void {
    this.silentRun = level < SILENT ? min(this.silentRun + 1, this.leastGap + 1) : 0;
    if (this.silentRun == 0) this.heardSound = true;
    const gap = this.silentRun >= this.leastGap;
    store<u8>(this.flags + <usize>(this.heard & this.mask), gap ? 1 : 0);
    if (this.silentRun != this.leastGap) return;
    for (let back = 1; back < this.leastGap; ++back)
      store<u8>(this.flags + <usize>((this.heard - back) & this.mask), 1);
  }
}
