import { allocate } from "../abi/memory";

// Recursions over four frames at once. Groups of four count from the last reset, so block borders never change a rounding.

const BEYOND: f32 = 1e30;
/** Below this a state is nothing; wasm has no flush-to-zero and subnormal numbers are slow. */
const NOTHING: f64 = 1e-12;

/** Each lane takes its left neighbour; `fill` comes in from the left. */
function fromLeft(x: v128, fill: v128): v128 {
  return v128.shuffle<f32>(fill, x, 0, 4, 5, 6);
}

function fromTwoLeft(x: v128, fill: v128): v128 {
  return v128.shuffle<f32>(fill, x, 0, 1, 4, 5);
}

/**
 * Cuts a buffer of f32 into groups of four that count from the last reset: `open` puts the frames of the unfinished group back in
 * front of the buffer (three values of room) and keeps those of the new unfinished group for the next time.
 */
export class Groups {
  /** Values of the unfinished group. */
  private phase: i32 = 0;
  private readonly held: usize = allocate(16);
  /** Values from where `open` said, held ones included. */
  total: i32 = 0;

  open(values: usize, frames: i32): usize {
    const start = values - ((<usize>this.phase) << 2);
    memory.copy(start, this.held, (<usize>this.phase) << 2);
    this.total = this.phase + frames;
    this.phase = this.total & 3;
    memory.copy(this.held, start + ((<usize>(this.total & ~3)) << 2), (<usize>this.phase) << 2);
    return start;
  }

  reset(): void {
    this.phase = 0;
  }
}

/** A one-pole recursion that may be held above (or below) its own input, over groups of four frames with an f64 state. */
export class Scan {
  /** Value before the present group. */
  state: f64 = 0;
  private one: v128 = f32x4.splat(0);
  private two: v128 = f32x4.splat(0);
  private powers: v128 = f32x4.splat(0);
  private rest: v128 = f32x4.splat(1);
  private pole4: f64 = 0;

  setPole(pole: f64): void {
    const square = pole * pole;
    this.one = f32x4.splat(<f32>pole);
    this.two = f32x4.splat(<f32>square);
    this.powers = f32x4(<f32>pole, <f32>square, <f32>(square * pole), <f32>(square * square));
    this.rest = f32x4.splat(<f32>(1 - pole));
    this.pole4 = square * square;
  }

  /** y = pole y + (1 - pole) x. */
  mean(x: v128, complete: bool): v128 {
    const zero = f32x4.splat(0);
    const d1 = f32x4.mul(this.rest, x);
    const d2 = f32x4.add(f32x4.mul(this.one, fromLeft(d1, zero)), d1);
    const d4 = f32x4.add(f32x4.mul(this.two, fromTwoLeft(d2, zero)), d2);
    const y = f32x4.add(f32x4.mul(this.powers, f32x4.splat(<f32>this.state)), d4);
    if (complete) this.advance(this.pole4 * this.state + <f64>f32x4.extract_lane(d4, 3));
    return y;
  }

  /** y = max(x, pole y + (1 - pole) x) for x >= 0: rises at once, falls by the pole. */
  fall(x: v128, complete: bool): v128 {
    const zero = f32x4.splat(0);
    const d1 = f32x4.mul(this.rest, x);
    const d2 = f32x4.add(f32x4.mul(this.one, fromLeft(d1, zero)), d1);
    const d4 = f32x4.add(f32x4.mul(this.two, fromTwoLeft(d2, zero)), d2);
    const c2 = f32x4.pmax(x, f32x4.add(f32x4.mul(this.one, fromLeft(x, zero)), d1));
    const c4 = f32x4.pmax(c2, f32x4.add(f32x4.mul(this.two, fromTwoLeft(c2, zero)), d2));
    const y = f32x4.pmax(c4, f32x4.add(f32x4.mul(this.powers, f32x4.splat(<f32>this.state)), d4));
    if (complete) {
      const falling = this.pole4 * this.state + <f64>f32x4.extract_lane(d4, 3);
      const held = <f64>f32x4.extract_lane(c4, 3);
      this.advance(held > falling ? held : falling);
    }
    return y;
  }

  /** y = min(x, pole y + (1 - pole) x) for x >= 0: falls at once, rises by the pole. */
  rise(x: v128, complete: bool): v128 {
    const zero = f32x4.splat(0);
    const beyond = f32x4.splat(BEYOND);
    const d1 = f32x4.mul(this.rest, x);
    const d2 = f32x4.add(f32x4.mul(this.one, fromLeft(d1, zero)), d1);
    const d4 = f32x4.add(f32x4.mul(this.two, fromTwoLeft(d2, zero)), d2);
    const c2 = f32x4.pmin(x, f32x4.add(f32x4.mul(this.one, fromLeft(x, beyond)), d1));
    const c4 = f32x4.pmin(c2, f32x4.add(f32x4.mul(this.two, fromTwoLeft(c2, beyond)), d2));
    const y = f32x4.pmin(c4, f32x4.add(f32x4.mul(this.powers, f32x4.splat(<f32>this.state)), d4));
    if (complete) {
      const rising = this.pole4 * this.state + <f64>f32x4.extract_lane(d4, 3);
      const held = <f64>f32x4.extract_lane(c4, 3);
      this.advance(held < rising ? held : rising);
    }
    return y;
  }

  private advance(next: f64): void {
    this.state = next < NOTHING ? 0 : next;
  }
}
