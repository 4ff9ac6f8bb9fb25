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

/** One pole and its powers, as four frames of a one-pole recursion need them. */
export class PolePowers {
  one: v128 = f32x4.splat(0);
  two: v128 = f32x4.splat(0);
  all: v128 = f32x4.splat(0);
  rest: v128 = f32x4.splat(1);
  four: f64 = 0;

  set(pole: f64): void {
    const square = pole * pole;
    this.one = f32x4.splat(<f32>pole);
    this.two = f32x4.splat(<f32>square);
    this.all = f32x4(<f32>pole, <f32>square, <f32>(square * pole), <f32>(square * square));
    this.rest = f32x4.splat(<f32>(1 - pole));
    this.four = square * square;
  }
}

/** Four frames of y = pole y + (1 - pole) x from silence; `scaled` is (1 - pole) x. */
export function scanMean(scaled: v128, one: v128, two: v128): v128 {
  const zero = f32x4.splat(0);
  const pairs = f32x4.add(f32x4.mul(one, fromLeft(scaled, zero)), scaled);
  return f32x4.add(f32x4.mul(two, fromTwoLeft(pairs, zero)), pairs);
}

/** What y = max(x, pole y + (1 - pole) x) cannot fall below within four frames, x >= 0: it rises at once and falls by the pole. */
export function scanFloor(x: v128, scaled: v128, one: v128, two: v128): v128 {
  const zero = f32x4.splat(0);
  const mean = f32x4.add(f32x4.mul(one, fromLeft(scaled, zero)), scaled);
  const pairs = f32x4.pmax(x, f32x4.add(f32x4.mul(one, fromLeft(x, zero)), scaled));
  return f32x4.pmax(pairs, f32x4.add(f32x4.mul(two, fromTwoLeft(pairs, zero)), mean));
}

/** What y = min(x, pole y + (1 - pole) x) cannot rise above within four frames: it falls at once and rises by the pole. */
export function scanCeiling(x: v128, scaled: v128, one: v128, two: v128): v128 {
  const beyond = f32x4.splat(BEYOND);
  const mean = f32x4.add(f32x4.mul(one, fromLeft(scaled, f32x4.splat(0))), scaled);
  const pairs = f32x4.pmin(x, f32x4.add(f32x4.mul(one, fromLeft(x, beyond)), scaled));
  return f32x4.pmin(pairs, f32x4.add(f32x4.mul(two, fromTwoLeft(pairs, beyond)), mean));
}

/** A state that has died away becomes zero. */
export function alive(state: f64): f64 {
  return state < NOTHING ? 0 : state;
}
