import { allocate } from "../abi/memory";
import { GapInterpolation } from "./gap-interpolation";
import { GapRefinement } from "./gap-refinement";
import { LinearPrediction } from "./linear-prediction";

const ORDER: i32 = 44;
/** Samples of one cell, in which the largest error is kept. */
const CELL: i32 = 32;
/** Cells on each side that tell what errors are usual here. */
const REACH: i32 = 32;
/** How often the model is made again without what it takes for clicks. */
const ROUNDS: i32 = 2;
/** Cells at both ends of the line in which nothing is looked for. */
const REACH_OUT: i32 = 2;
/** A click goes on as long as the error is above this times its usual mean. */
const EDGE: f32 = 3;
/** Samples below the edge that do not end a click yet. */
const PATIENCE: i32 = 6;
/** Samples that are added on both sides. */
export const MARGIN: i32 = 2;
/** A repair must bring the error down to so many times its usual mean square, or it was no click. */
const MOST_LEFT: f64 = 20;

/** Highest rank that rules may have. */
const MOST_RANK: i32 = 31;

/** How clicks are told from the sound. */
export class ClickRules {
  /** Factor over the usual peaks of the error. */
  threshold: f32 = 3;
  /** How many peaks around may be higher and still be called unusual (other clicks). */
  rank: i32 = 1;
  mostSamples: i32 = 96;
}

/**
 * Finds clicks in one channel as outliers of the prediction error, forwards and backwards, and replaces them by least-squares
 * interpolation (S. Godsill and P. Rayner, Digital Audio Restoration, Springer 1998, ch. 5). What does not fit afterwards was no
 * click but the start of a sound, and is left. Repairs that stay are refined by a longer model.
 */
export class ClickRepair {
  private readonly model: LinearPrediction;
  private readonly gap: GapInterpolation;
  /** Smaller of both prediction errors, of hop - cells around the middle third. */
  private readonly errors: usize;
  private readonly peaks: StaticArray<f32>;
  private readonly means: StaticArray<f32>;
  private readonly ranked: StaticArray<f32>;
  /** A copy of the line without what looks like clicks. */
  private readonly mended: usize;
  private readonly saved: usize;
  /** The model's coefficients, four times each. */
  private readonly factors: usize;
  private readonly cells: i32;
  private readonly first: i32;

  /** Allocates for lines of three hops, the middle one of which is repaired; `most` samples is the longest click ever. */
  constructor(
    private readonly hop: i32,
    most: i32,
    private readonly refinement: GapRefinement,
  ) {
    this.model = new LinearPrediction(ORDER, 3 * hop);
    this.gap = new GapInterpolation(ORDER, most + 2 * MARGIN);
    // Errors are known from `first` on, a whole number of cells over almost all of the line.
    const first = CELL * ((ORDER + CELL - 1) / CELL);
    const cells = (3 * hop - 2 * first) / CELL;
    this.first = first;
    this.cells = cells;
    this.errors = allocate((3 * hop) << 2);
    this.peaks = new StaticArray<f32>(cells);
    this.means = new StaticArray<f32>(cells);
    this.ranked = new StaticArray<f32>(MOST_RANK + 1);
    this.mended = allocate((3 * hop) << 2);
    this.factors = allocate((ORDER + 1) << 4);
    this.saved = allocate((most + 2 * MARGIN) << 2);
  }

  /** Repairs the clicks that begin in the middle hop of `line` and lie behind sample `from`; gives where the last one ends. */
  repair(line: usize, rules: ClickRules, from: i32): i32 {
    if (!this.model.model(line)) return from;
    this.findErrors(line);
    if (!this.isUnusual(rules)) return from;
    for (let round = 0; round < ROUNDS; ++round) {
      this.modelWithoutClicks(line, rules);
      this.findErrors(line);
    }
    this.refinement.begin();
    const end = this.repairCells(
      line,
      this.cellOf(max(from, this.hop)),
      this.cellOf(2 * this.hop - 1),
      rules,
      from,
      true,
    );
    this.refinement.fill(line);
    return end;
  }

  private isUnusual(rules: ClickRules): bool {
    for (let cell = this.cellOf(this.hop); cell <= this.cellOf(2 * this.hop - 1); ++cell)
      if (this.peaks[cell] > <f32>0.7 * rules.threshold * this.usualPeak(cell, rules)) return true;
    return false;
  }

  /** Clicks spoil the model, so it is made again from a copy in which all that looks like one is filled in. */
  private modelWithoutClicks(line: usize, rules: ClickRules): void {
    memory.copy(this.mended, line, (<usize>(3 * this.hop)) << 2);
    const edge = REACH_OUT + (rules.mostSamples + ORDER) / CELL;
    if (this.repairCells(this.mended, edge, this.cells - 1 - edge, rules, 0, false) > 0) this.model.model(this.mended);
  }

  /** Gives where the last repair ends, `from` when there was none. */
  private repairCells(line: usize, first: i32, last: i32, rules: ClickRules, from: i32, proof: bool): i32 {
    let done = from;
    for (let cell = first; cell <= last; ++cell)
      if (this.peaks[cell] > rules.threshold * this.usualPeak(cell, rules))
        done = max(done, this.repairCell(line, cell, rules, done, proof));
    return done;
  }

  private cellOf(sample: i32): i32 {
    return (sample - this.first) / CELL;
  }

  /** Both errors of four samples at a time, f32: that they are exact to -100 dB is enough to find outliers. */
  private findErrors(line: usize): void {
    for (let k = 0; k <= ORDER; ++k)
      v128.store(this.factors + ((<usize>k) << 4), f32x4.splat(<f32>this.model.coefficients[k]));
    const end = line + ((<usize>(this.first + CELL * this.cells)) << 2);
    let to = this.errors + ((<usize>this.first) << 2);
    for (let at = line + ((<usize>this.first) << 2); at < end; at += 16, to += 16) {
      let forward = v128.load(at);
      let backward = forward;
      let factor = this.factors + 16;
      for (let away: usize = 4; away <= (<usize>ORDER) << 2; away += 4, factor += 16) {
        const value = v128.load(factor);
        forward = f32x4.add(forward, f32x4.mul(value, v128.load(at - away)));
        backward = f32x4.add(backward, f32x4.mul(value, v128.load(at + away)));
      }
      v128.store(to, f32x4.pmin(f32x4.abs(forward), f32x4.abs(backward)));
    }
    this.summarise();
  }

  private summarise(): void {
    for (let cell = 0; cell < this.cells; ++cell) {
      const at = this.errors + ((<usize>(this.first + cell * CELL)) << 2);
      let peak: f32 = 0;
      let sum: f32 = 0;
      for (let i = 0; i < CELL; ++i) {
        const error = load<f32>(at + ((<usize>i) << 2));
        peak = max(peak, error);
        sum += error;
      }
      this.peaks[cell] = peak;
      this.means[cell] = sum / <f32>CELL;
    }
  }

  /** The peak that errors around a cell reach as a rule: the louder side, so that the start of a sound is no click. */
  private usualPeak(cell: i32, rules: ClickRules): f32 {
    const away = 2 + rules.mostSamples / CELL;
    const before = this.ranks(this.peaks, cell - away - REACH, cell - 2, rules.rank);
    const after = this.ranks(this.peaks, cell + 2, cell + away + REACH, rules.rank);
    return max<f32>(max(before, after), <f32>1e-7);
  }

  /** The value of the `rank`-th place, largest first, among cells `from`..`to`. */
  private ranks(values: StaticArray<f32>, from: i32, to: i32, rank: i32): f32 {
    let count = 0;
    for (let cell = max(0, from); cell <= min(this.cells - 1, to); ++cell) {
      const value = values[cell];
      let place = count;
      if (count <= rank) count += 1;
      else if (value <= this.ranked[rank]) continue;
      else place = rank;
      for (; place > 0 && this.ranked[place - 1] < value; --place) this.ranked[place] = this.ranked[place - 1];
      this.ranked[place] = value;
    }
    return count > 0 ? this.ranked[count - 1] : 0;
  }

  /** Mean error around a cell as a rule. */
  private usualMean(cell: i32, rules: ClickRules): f32 {
    const away = 2 + rules.mostSamples / CELL;
    let least: f32 = 0;
    for (let side = 0; side < 2; ++side) {
      let sum: f32 = 0;
      let count: f32 = 0;
      for (let i = 0; i < REACH / 2; ++i) {
        const other = side == 0 ? cell - 2 - i : cell + away + i;
        if (other < 0 || other >= this.cells) continue;
        sum += this.means[other];
        count += 1;
      }
      if (count > 0) least = max(least, sum / count);
    }
    return max<f32>(least, <f32>1e-8);
  }

  private repairCell(line: usize, cell: i32, rules: ClickRules, done: i32, proof: bool): i32 {
    const usual = this.usualMean(cell, rules);
    let peak = this.first + cell * CELL;
    for (let i = peak; i < this.first + (cell + 1) * CELL; ++i) if (this.errorAt(i) > this.errorAt(peak)) peak = i;
    if (peak < done) return done;
    const start = this.edge(peak, -1, usual, rules) - MARGIN;
    const end = this.edge(peak, 1, usual, rules) + MARGIN;
    const length = end - start + 1;
    if (length > rules.mostSamples + 2 * MARGIN || start < done) return done;
    if (!this.tryRepair(line, start, length, usual, proof)) return done;
    if (proof) this.refinement.add(start, length);
    return end + 1;
  }

  private errorAt(sample: i32): f32 {
    return load<f32>(this.errors + ((<usize>sample) << 2));
  }

  /** The last sample from `peak` on in one direction whose error is unusual. */
  private edge(peak: i32, step: i32, usual: f32, rules: ClickRules): i32 {
    let last = peak;
    let calm = 0;
    const limit = rules.mostSamples + PATIENCE;
    for (let i = 1; i <= limit && calm < PATIENCE; ++i) {
      const sample = peak + step * i;
      if (sample < this.first || sample >= this.first + CELL * this.cells) break;
      calm += 1;
      if (this.errorAt(sample) <= EDGE * usual) continue;
      last = sample;
      calm = 0;
    }
    return last;
  }

  private tryRepair(line: usize, start: i32, length: i32, usual: f32, proof: bool): bool {
    const at = line + ((<usize>start) << 2);
    memory.copy(this.saved, at, (<usize>length) << 2);
    this.gap.begin();
    for (let i = 0; i < length; ++i) this.gap.miss(start + i);
    this.gap.fill(line, this.model);
    if (!proof || this.meanSquareError(line, start, length + ORDER) <= MOST_LEFT * <f64>usual * <f64>usual) return true;
    memory.copy(at, this.saved, (<usize>length) << 2);
    return false;
  }

  /** Of the forward prediction. */
  private meanSquareError(line: usize, start: i32, count: i32): f64 {
    const a = this.model.coefficients;
    let sum: f64 = 0;
    for (let i = start; i < start + count; ++i) {
      const at = line + ((<usize>i) << 2);
      let error: f64 = 0;
      for (let k = 0; k <= ORDER; ++k) error += a[k] * <f64>load<f32>(at - ((<usize>k) << 2));
      sum += error * error;
    }
    return sum / <f64>count;
  }
}
