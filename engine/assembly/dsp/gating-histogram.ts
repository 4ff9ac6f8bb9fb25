import { DB_PER_LOG2, exp2, LOG2_PER_DB, log2 } from "./math";

/** The absolute gate: a block counts when it is above this. */
const FLOOR_LUFS: f64 = -70;
const BINS_PER_LU: f64 = 100;
/** -70 to +10 LUFS; louder blocks fall into the last bin and keep their exact energy. */
const BINS: i32 = 8000;

/** LUFS of a channel-weighted K-weighted mean square, ITU-R BS.1770-5; NaN for silence. */
export function lufsOf(meanSquare: f64): f64 {
  return meanSquare > 0 ? -0.691 + 0.5 * DB_PER_LOG2 * log2(meanSquare) : NaN;
}

/** Ratio of mean squares that lie `lu` apart. */
export function ratioOfLu(lu: f64): f64 {
  return exp2(2 * LOG2_PER_DB * lu);
}

/**
 * Mean squares of gating blocks of any number in 96 kB: bins of 0.01 LU, each with its count and exact sum. Means are exact, only
 * the gate between two blocks of one bin is not: it moves by less than 0.01 LU.
 */
export class GatingHistogram {
  private readonly counts: StaticArray<i32> = new StaticArray<i32>(BINS);
  private readonly sums: StaticArray<f64> = new StaticArray<f64>(BINS);

  reset(): void {
    this.counts.fill(0);
    this.sums.fill(0);
  }

  /** Adds a block; blocks at -70 LUFS and below, and NaN, are gated. */
  add(meanSquare: f64): void {
    const lufs = lufsOf(meanSquare);
    if (!(lufs > FLOOR_LUFS)) return;
    const bin = <i32>min((lufs - FLOOR_LUFS) * BINS_PER_LU, BINS - 1);
    this.counts[bin] += 1;
    this.sums[bin] += meanSquare;
  }

  /** Mean of the blocks above the mean square `gate`; NaN without any. */
  meanAbove(gate: f64): f64 {
    let count: f64 = 0;
    let sum: f64 = 0;
    for (let bin = 0; bin < BINS; ++bin) {
      if (!this.isAbove(bin, gate)) continue;
      count += <f64>unchecked(this.counts[bin]);
      sum += unchecked(this.sums[bin]);
    }
    return sum / count;
  }

  /** LUFS under which `share` (0..1) of the blocks above `gate` lie, EBU Tech 3342; NaN without any. */
  percentile(share: f64, gate: f64): f64 {
    let count: i64 = 0;
    for (let bin = 0; bin < BINS; ++bin) {
      if (this.isAbove(bin, gate)) count += unchecked(this.counts[bin]);
    }
    let left = <i64>nearest(<f64>(count - 1) * share);
    for (let bin = 0; bin < BINS; ++bin) {
      if (!this.isAbove(bin, gate)) continue;
      left -= unchecked(this.counts[bin]);
      if (left < 0) return lufsOf(unchecked(this.sums[bin]) / <f64>unchecked(this.counts[bin]));
    }
    return NaN;
  }

  private isAbove(bin: i32, gate: f64): bool {
    const count = unchecked(this.counts[bin]);
    return count > 0 && unchecked(this.sums[bin]) > gate * <f64>count;
  }
}
