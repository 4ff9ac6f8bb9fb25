/** Samples of a plateau, at least. */
const LEAST_RUN: i32 = 3;
/** Values of a plateau differ by no more than this: a step of 16 bits. */
const FLAT: f32 = 3.2e-5;
/** Two samples outside, the sound must have left the plateau by so many times that: a slow wave is as flat, but leaves slowly. */
const CORNER: f32 = 8;
/** Quieter plateaus are not looked for: -40 dBFS. */
const LEAST_LEVEL: f32 = 0.01;

/** Plateaus of one overload lie within this share of each other; so many of their samples are needed. */
const SPREAD: f32 = 1e-3;
const LEAST_SAMPLES: i32 = 8;

/** Finds the clipped samples of one channel, stretch by stretch. */
export class ClipFinder {
  /** Where the sound was last seen cut off, above and below. */
  private above: f32 = 0;
  private below: f32 = 0;

  reset(): void {
    this.above = 0;
    this.below = 0;
  }

  /**
   * Marks clipped samples among f32 `samples`: 1 above, -1 below, else 0, as f32. A `level` above 0 is where clipping begins; 0 lets
   * plateaus tell. Gives whether there are any.
   */
  find(samples: usize, frames: i32, level: f32, marks: usize): bool {
    memory.fill(marks, 0, (<usize>frames) << 2);
    if (level == 0) {
      this.above = plateauLevel(samples, frames, 1, this.above);
      this.below = plateauLevel(samples, frames, -1, this.below);
    }
    const anyAbove = markAbove(samples, frames, level > 0 ? level : this.above * (<f32>1 - SPREAD), 1, marks);
    const anyBelow = markAbove(samples, frames, level > 0 ? level : this.below * (<f32>1 - SPREAD), -1, marks);
    return anyAbove || anyBelow;
  }
}

function at(samples: usize, i: i32): f32 {
  return load<f32>(samples + ((<usize>i) << 2));
}

function markAbove(samples: usize, frames: i32, level: f32, sign: f32, marks: usize): bool {
  let any = false;
  if (level <= 0) return false;
  for (let i = 0; i < frames; ++i) {
    if (sign * at(samples, i) < level) continue;
    store<f32>(marks + ((<usize>i) << 2), sign);
    any = true;
  }
  return any;
}

/**
 * Level at which the sound of one sign is cut off; 0 when it is louder than any plateau. Where it has none of its own, what was seen
 * before holds.
 */
function plateauLevel(samples: usize, frames: i32, sign: f32, before: f32): f32 {
  let highest: f32 = 0;
  let peak: f32 = 0;
  for (let i = 0; i < frames; ++i) peak = max(peak, sign * at(samples, i));
  let flat = 0;
  for (let start = 2; start < frames - 2; ) {
    const level = sign * at(samples, start);
    let end = start + 1;
    if (level >= LEAST_LEVEL) while (end < frames - 2 && isNear(sign * at(samples, end), level)) end += 1;
    if (end - start >= LEAST_RUN && hasCorners(samples, start, end, level, sign)) {
      if (level > highest * (<f32>1 + SPREAD)) flat = 0;
      if (level >= highest * (<f32>1 - SPREAD)) flat += end - start;
      highest = max(highest, level);
    }
    start = end;
  }
  const level = flat >= LEAST_SAMPLES ? highest : before;
  return peak <= level * (<f32>1 + SPREAD) ? level : 0;
}

function isNear(value: f32, level: f32): bool {
  return abs(value - level) <= FLAT;
}

function hasCorners(samples: usize, start: i32, end: i32, level: f32, sign: f32): bool {
  const below = level - CORNER * FLAT;
  return sign * at(samples, start - 2) < below && sign * at(samples, end + 1) < below;
}
