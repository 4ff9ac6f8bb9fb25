import { allocate } from "../abi/memory";
import { Biquad } from "./biquad";

/** Lanes on which a section works; the other lane passes. */
export const LANE_BOTH: i32 = 0;
export const LANE_LEFT: i32 = 1;
export const LANE_RIGHT: i32 = 2;

/** Frames between flushes of dying states, counted from the reset. */
export const FLUSH_FRAMES: i32 = 256;
const NOTHING: f64 = 1e-20;

// A section in memory: a1, a2, b1/b0, b2/b0, the states w1 and w2, and the product of b0 from here to the group's end; f64x2 each.
const SECTION_BYTES: usize = 112;
const W1: usize = 64;
const W2: usize = 80;
const SCALE: usize = 96;
/** Most sections in one loop: their states stay in registers. */
const GROUP: i32 = 5;

/**
 * Biquads in series on two lanes of f64. Direct form II, because its states depend on the poles alone and can be carried over to
 * other coefficients; b0 is taken out of every section and applied once a group.
 */
export class FilterCascade {
  count: i32 = 0;
  /** What each section belongs to, so that a changed cascade finds its states again. */
  readonly keys: StaticArray<i32>;
  private readonly sections: usize;

  constructor(most: i32) {
    this.keys = new StaticArray<i32>(most);
    this.sections = allocate(<i32>(<usize>most * SECTION_BYTES));
  }

  clear(): void {
    this.count = 0;
  }

  /** Appends a section with silent states. */
  add(biquad: Biquad, lanes: i32, key: i32): void {
    const at = this.sections + <usize>this.count * SECTION_BYTES;
    this.keys[this.count++] = key;
    const scale = 1 / biquad.b0;
    storeLanes(at, lanes, biquad.a1, 0);
    storeLanes(at + 16, lanes, biquad.a2, 0);
    storeLanes(at + 32, lanes, biquad.b1 * scale, 0);
    storeLanes(at + 48, lanes, biquad.b2 * scale, 0);
    storeLanes(at + SCALE, lanes, biquad.b0, 1);
    v128.store(at + W1, f64x2.splat(0));
    v128.store(at + W2, f64x2.splat(0));
  }

  /** Turns the b0 of every section into the product from it to the end of its group. Call after the last `add`. */
  finish(): void {
    for (let i = this.count - 2; i >= 0; --i) {
      if ((i + 1) % GROUP == 0) continue;
      const at = this.sections + <usize>i * SECTION_BYTES;
      v128.store(at + SCALE, f64x2.mul(v128.load(at + SCALE), v128.load(at + SECTION_BYTES + SCALE)));
    }
  }

  reset(): void {
    for (let i = 0; i < this.count; ++i) {
      v128.store(this.sections + <usize>i * SECTION_BYTES + W1, f64x2.splat(0));
      v128.store(this.sections + <usize>i * SECTION_BYTES + W2, f64x2.splat(0));
    }
  }

  /** Takes the states of the sections that another cascade has under the same keys. */
  takeStates(other: FilterCascade): void {
    for (let i = 0; i < this.count; ++i) {
      for (let j = 0; j < other.count; ++j) {
        if (this.keys[i] != other.keys[j]) continue;
        const to = this.sections + <usize>i * SECTION_BYTES;
        const from = other.sections + <usize>j * SECTION_BYTES;
        carryState(to, from);
        carryState(to + 8, from + 8);
      }
    }
  }

  /** States that have died away become zero: subnormal numbers are slow. */
  flush(): void {
    const nothing = f64x2.splat(NOTHING);
    for (let i = 0; i < this.count; ++i) {
      const at = this.sections + <usize>i * SECTION_BYTES;
      const w1 = v128.load(at + W1);
      const w2 = v128.load(at + W2);
      const alive = v128.or(f64x2.gt(f64x2.abs(w1), nothing), f64x2.gt(f64x2.abs(w2), nothing));
      v128.store(at + W1, v128.and(w1, alive));
      v128.store(at + W2, v128.and(w2, alive));
    }
  }

  /** True when one loop does it all, straight on f32 frames. */
  get isOneGroup(): bool {
    return this.count <= GROUP;
  }

  /** In place over frames of two lanes of T (f32 or f64); f32 only when `isOneGroup`. */
  process<T>(frames: usize, count: i32): void {
    const end = frames + <usize>count * (sizeof<T>() << 1);
    for (let i = 0; i < this.count; i += GROUP) {
      const at = this.sections + <usize>i * SECTION_BYTES;
      switch (min(GROUP, this.count - i)) {
        case 1:
          runOne<T>(at, frames, end);
          break;
        case 2:
          runTwo<T>(at, frames, end);
          break;
        case 3:
          runThree<T>(at, frames, end);
          break;
        case 4:
          runFour<T>(at, frames, end);
          break;
        default:
          runFive<T>(at, frames, end);
      }
    }
  }
}

function storeLanes(at: usize, lanes: i32, value: f64, other: f64): void {
  store<f64>(at, lanes == LANE_RIGHT ? other : value);
  store<f64>(at, lanes == LANE_LEFT ? other : value, 8);
}

/**
 * Carries one lane's state over as the two integrator states of the trapezoidal state-variable filter with the same poles
 * (Simper, "Solving the continuous SVF equations", 2013), which keep their meaning when the poles move.
 */
function carryState(to: usize, from: usize): void {
  const sum = load<f64>(from, W1) + load<f64>(from, W2);
  const difference = load<f64>(from, W1) - load<f64>(from, W2);
  const fromLow = 1 + load<f64>(from) + load<f64>(from, 16);
  const fromG = sqrt(fromLow / (1 - load<f64>(from) + load<f64>(from, 16)));
  const scale = load<f64>(to, SCALE) / load<f64>(from, SCALE);
  const low = 0.5 * fromLow * sum * scale;
  const band = ((0.5 * fromLow) / fromG) * difference * scale;
  const toLow = 1 + load<f64>(to) + load<f64>(to, 16);
  const toG = sqrt(toLow / (1 - load<f64>(to) + load<f64>(to, 16)));
  const newSum = (2 * low) / toLow;
  const newDifference = (2 * toG * band) / toLow;
  store<f64>(to, 0.5 * (newSum + newDifference), W1);
  store<f64>(to, 0.5 * (newSum - newDifference), W2);
}

/** The recursion of one section: x - a1 w1 - a2 w2. */
function next(x: v128, w1: v128, w2: v128, a1: v128, a2: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(a2, w2)), f64x2.mul(a1, w1));
}

/** The output of one section: w + b1 w1 + b2 w2. */
function out(w: v128, w1: v128, w2: v128, b1: v128, b2: v128): v128 {
  return f64x2.add(f64x2.add(w, f64x2.mul(b1, w1)), f64x2.mul(b2, w2));
}

function loadFrame<T>(at: usize): v128 {
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(at)) : v128.load(at);
}

function storeFrame<T>(at: usize, x: v128): void {
  if (sizeof<T>() == 4) v128.store64_lane(at, f32x4.demote_f64x2_zero(x), 0);
  else v128.store(at, x);
}

// The loops are written out because states stay in registers only as locals.

function runOne<T>(section: usize, frames: usize, end: usize): void {
  const scale = v128.load(section, SCALE);
  let p1 = v128.load(section, 0 * SECTION_BYTES + W1);
  let p2 = v128.load(section, 0 * SECTION_BYTES + W2);
  for (let at = frames; at < end; at += sizeof<T>() << 1) {
    let w = next(
      f64x2.mul(loadFrame<T>(at), scale),
      p1,
      p2,
      v128.load(section, 0 * SECTION_BYTES),
      v128.load(section, 0 * SECTION_BYTES + 16),
    );
    let x = out(w, p1, p2, v128.load(section, 0 * SECTION_BYTES + 32), v128.load(section, 0 * SECTION_BYTES + 48));
    p2 = p1;
    p1 = w;
    storeFrame<T>(at, x);
  }
  v128.store(section, p1, 0 * SECTION_BYTES + W1);
  v128.store(section, p2, 0 * SECTION_BYTES + W2);
}

function runTwo<T>(section: usize, frames: usize, end: usize): void {
  const scale = v128.load(section, SCALE);
  let p1 = v128.load(section, 0 * SECTION_BYTES + W1);
  let p2 = v128.load(section, 0 * SECTION_BYTES + W2);
  let q1 = v128.load(section, 1 * SECTION_BYTES + W1);
  let q2 = v128.load(section, 1 * SECTION_BYTES + W2);
  for (let at = frames; at < end; at += sizeof<T>() << 1) {
    let w = next(
      f64x2.mul(loadFrame<T>(at), scale),
      p1,
      p2,
      v128.load(section, 0 * SECTION_BYTES),
      v128.load(section, 0 * SECTION_BYTES + 16),
    );
    let x = out(w, p1, p2, v128.load(section, 0 * SECTION_BYTES + 32), v128.load(section, 0 * SECTION_BYTES + 48));
    p2 = p1;
    p1 = w;
    w = next(x, q1, q2, v128.load(section, 1 * SECTION_BYTES), v128.load(section, 1 * SECTION_BYTES + 16));
    x = out(w, q1, q2, v128.load(section, 1 * SECTION_BYTES + 32), v128.load(section, 1 * SECTION_BYTES + 48));
    q2 = q1;
    q1 = w;
    storeFrame<T>(at, x);
  }
  v128.store(section, p1, 0 * SECTION_BYTES + W1);
  v128.store(section, p2, 0 * SECTION_BYTES + W2);
  v128.store(section, q1, 1 * SECTION_BYTES + W1);
  v128.store(section, q2, 1 * SECTION_BYTES + W2);
}

function runThree<T>(section: usize, frames: usize, end: usize): void {
  const scale = v128.load(section, SCALE);
  let p1 = v128.load(section, 0 * SECTION_BYTES + W1);
  let p2 = v128.load(section, 0 * SECTION_BYTES + W2);
  let q1 = v128.load(section, 1 * SECTION_BYTES + W1);
  let q2 = v128.load(section, 1 * SECTION_BYTES + W2);
  let r1 = v128.load(section, 2 * SECTION_BYTES + W1);
  let r2 = v128.load(section, 2 * SECTION_BYTES + W2);
  for (let at = frames; at < end; at += sizeof<T>() << 1) {
    let w = next(
      f64x2.mul(loadFrame<T>(at), scale),
      p1,
      p2,
      v128.load(section, 0 * SECTION_BYTES),
      v128.load(section, 0 * SECTION_BYTES + 16),
    );
    let x = out(w, p1, p2, v128.load(section, 0 * SECTION_BYTES + 32), v128.load(section, 0 * SECTION_BYTES + 48));
    p2 = p1;
    p1 = w;
    w = next(x, q1, q2, v128.load(section, 1 * SECTION_BYTES), v128.load(section, 1 * SECTION_BYTES + 16));
    x = out(w, q1, q2, v128.load(section, 1 * SECTION_BYTES + 32), v128.load(section, 1 * SECTION_BYTES + 48));
    q2 = q1;
    q1 = w;
    w = next(x, r1, r2, v128.load(section, 2 * SECTION_BYTES), v128.load(section, 2 * SECTION_BYTES + 16));
    x = out(w, r1, r2, v128.load(section, 2 * SECTION_BYTES + 32), v128.load(section, 2 * SECTION_BYTES + 48));
    r2 = r1;
    r1 = w;
    storeFrame<T>(at, x);
  }
  v128.store(section, p1, 0 * SECTION_BYTES + W1);
  v128.store(section, p2, 0 * SECTION_BYTES + W2);
  v128.store(section, q1, 1 * SECTION_BYTES + W1);
  v128.store(section, q2, 1 * SECTION_BYTES + W2);
  v128.store(section, r1, 2 * SECTION_BYTES + W1);
  v128.store(section, r2, 2 * SECTION_BYTES + W2);
}

function runFour<T>(section: usize, frames: usize, end: usize): void {
  const scale = v128.load(section, SCALE);
  let p1 = v128.load(section, 0 * SECTION_BYTES + W1);
  let p2 = v128.load(section, 0 * SECTION_BYTES + W2);
  let q1 = v128.load(section, 1 * SECTION_BYTES + W1);
  let q2 = v128.load(section, 1 * SECTION_BYTES + W2);
  let r1 = v128.load(section, 2 * SECTION_BYTES + W1);
  let r2 = v128.load(section, 2 * SECTION_BYTES + W2);
  let s1 = v128.load(section, 3 * SECTION_BYTES + W1);
  let s2 = v128.load(section, 3 * SECTION_BYTES + W2);
  for (let at = frames; at < end; at += sizeof<T>() << 1) {
    let w = next(
      f64x2.mul(loadFrame<T>(at), scale),
      p1,
      p2,
      v128.load(section, 0 * SECTION_BYTES),
      v128.load(section, 0 * SECTION_BYTES + 16),
    );
    let x = out(w, p1, p2, v128.load(section, 0 * SECTION_BYTES + 32), v128.load(section, 0 * SECTION_BYTES + 48));
    p2 = p1;
    p1 = w;
    w = next(x, q1, q2, v128.load(section, 1 * SECTION_BYTES), v128.load(section, 1 * SECTION_BYTES + 16));
    x = out(w, q1, q2, v128.load(section, 1 * SECTION_BYTES + 32), v128.load(section, 1 * SECTION_BYTES + 48));
    q2 = q1;
    q1 = w;
    w = next(x, r1, r2, v128.load(section, 2 * SECTION_BYTES), v128.load(section, 2 * SECTION_BYTES + 16));
    x = out(w, r1, r2, v128.load(section, 2 * SECTION_BYTES + 32), v128.load(section, 2 * SECTION_BYTES + 48));
    r2 = r1;
    r1 = w;
    w = next(x, s1, s2, v128.load(section, 3 * SECTION_BYTES), v128.load(section, 3 * SECTION_BYTES + 16));
    x = out(w, s1, s2, v128.load(section, 3 * SECTION_BYTES + 32), v128.load(section, 3 * SECTION_BYTES + 48));
    s2 = s1;
    s1 = w;
    storeFrame<T>(at, x);
  }
  v128.store(section, p1, 0 * SECTION_BYTES + W1);
  v128.store(section, p2, 0 * SECTION_BYTES + W2);
  v128.store(section, q1, 1 * SECTION_BYTES + W1);
  v128.store(section, q2, 1 * SECTION_BYTES + W2);
  v128.store(section, r1, 2 * SECTION_BYTES + W1);
  v128.store(section, r2, 2 * SECTION_BYTES + W2);
  v128.store(section, s1, 3 * SECTION_BYTES + W1);
  v128.store(section, s2, 3 * SECTION_BYTES + W2);
}

function runFive<T>(section: usize, frames: usize, end: usize): void {
  const scale = v128.load(section, SCALE);
  let p1 = v128.load(section, 0 * SECTION_BYTES + W1);
  let p2 = v128.load(section, 0 * SECTION_BYTES + W2);
  let q1 = v128.load(section, 1 * SECTION_BYTES + W1);
  let q2 = v128.load(section, 1 * SECTION_BYTES + W2);
  let r1 = v128.load(section, 2 * SECTION_BYTES + W1);
  let r2 = v128.load(section, 2 * SECTION_BYTES + W2);
  let s1 = v128.load(section, 3 * SECTION_BYTES + W1);
  let s2 = v128.load(section, 3 * SECTION_BYTES + W2);
  let t1 = v128.load(section, 4 * SECTION_BYTES + W1);
  let t2 = v128.load(section, 4 * SECTION_BYTES + W2);
  for (let at = frames; at < end; at += sizeof<T>() << 1) {
    let w = next(
      f64x2.mul(loadFrame<T>(at), scale),
      p1,
      p2,
      v128.load(section, 0 * SECTION_BYTES),
      v128.load(section, 0 * SECTION_BYTES + 16),
    );
    let x = out(w, p1, p2, v128.load(section, 0 * SECTION_BYTES + 32), v128.load(section, 0 * SECTION_BYTES + 48));
    p2 = p1;
    p1 = w;
    w = next(x, q1, q2, v128.load(section, 1 * SECTION_BYTES), v128.load(section, 1 * SECTION_BYTES + 16));
    x = out(w, q1, q2, v128.load(section, 1 * SECTION_BYTES + 32), v128.load(section, 1 * SECTION_BYTES + 48));
    q2 = q1;
    q1 = w;
    w = next(x, r1, r2, v128.load(section, 2 * SECTION_BYTES), v128.load(section, 2 * SECTION_BYTES + 16));
    x = out(w, r1, r2, v128.load(section, 2 * SECTION_BYTES + 32), v128.load(section, 2 * SECTION_BYTES + 48));
    r2 = r1;
    r1 = w;
    w = next(x, s1, s2, v128.load(section, 3 * SECTION_BYTES), v128.load(section, 3 * SECTION_BYTES + 16));
    x = out(w, s1, s2, v128.load(section, 3 * SECTION_BYTES + 32), v128.load(section, 3 * SECTION_BYTES + 48));
    s2 = s1;
    s1 = w;
    w = next(x, t1, t2, v128.load(section, 4 * SECTION_BYTES), v128.load(section, 4 * SECTION_BYTES + 16));
    x = out(w, t1, t2, v128.load(section, 4 * SECTION_BYTES + 32), v128.load(section, 4 * SECTION_BYTES + 48));
    t2 = t1;
    t1 = w;
    storeFrame<T>(at, x);
  }
  v128.store(section, p1, 0 * SECTION_BYTES + W1);
  v128.store(section, p2, 0 * SECTION_BYTES + W2);
  v128.store(section, q1, 1 * SECTION_BYTES + W1);
  v128.store(section, q2, 1 * SECTION_BYTES + W2);
  v128.store(section, r1, 2 * SECTION_BYTES + W1);
  v128.store(section, r2, 2 * SECTION_BYTES + W2);
  v128.store(section, s1, 3 * SECTION_BYTES + W1);
  v128.store(section, s2, 3 * SECTION_BYTES + W2);
  v128.store(section, t1, 4 * SECTION_BYTES + W1);
  v128.store(section, t2, 4 * SECTION_BYTES + W2);
}
