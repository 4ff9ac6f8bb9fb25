import { allocate } from "../abi/memory";
import { cos, PI, sin } from "./math";

/** Undoes what straight lines and triangles take from the treble of one pair: three symmetric taps, exact at one frequency. */
export class DroopCorrection {
  private readonly middle: v128;
  private readonly side: v128;
  /** Two old frames, then the new ones. */
  private readonly line: usize;

  /** `lineRate` is that of the frames which straight lines join; the triangles stand twice as close. */
  constructor(exactHz: f64, sampleRate: f64, lineRate: f64, maxFrames: i32) {
    const lines = sinc(exactHz / lineRate);
    const triangles = sinc(exactHz / (2 * lineRate));
    const wanted = 1 / (lines * lines * triangles * triangles);
    const side = (wanted - 1) / (2 * (1 - cos((2 * PI * exactHz) / sampleRate)));
    this.side = f32x4.splat(<f32>-side);
    this.middle = f32x4.splat(<f32>(1 + 2 * side));
    this.line = allocate((maxFrames << 3) + 48);
  }

  /** Where the frames are to be written. */
  get input(): usize {
    return this.line + 16;
  }

  get delayFrames(): i32 {
    return 1;
  }

  reset(): void {
    memory.fill(this.line, 0, 16);
  }

  /** May write one frame more, which means nothing. */
  process(frames: i32, to: usize): void {
    for (let i: usize = 0; i < (<usize>frames) << 3; i += 16) {
      const at = this.line + i;
      const around = f32x4.add(v128.load(at), v128.load(at, 16));
      v128.store(to + i, f32x4.add(f32x4.mul(v128.load(at, 8), this.middle), f32x4.mul(around, this.side)));
    }
    v128.store(this.line, v128.load(this.line + ((<usize>frames) << 3)));
  }
}

function sinc(x: f64): f64 {
  return sin(PI * x) / (PI * x);
}
