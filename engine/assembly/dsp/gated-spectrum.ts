import { DB_PER_LOG2, log2 } from "./math";
import { SpectrumListener } from "./spectrum-analyser";
import { powerOf, SPECTRUM_BANDS } from "./spectrum-bands";

const FLOOR_DB: f64 = -70;
const GATE_DB: f64 = -10;
/** 1 dB each, from the floor on. */
const LEVELS: i32 = 100;

/** dB of a power. */
export function levelOf(power: f64): f64 {
  return 0.5 * DB_PER_LOG2 * log2(power);
}

/**
 * Long-term average spectrum of any length: the mean over the stretches that are louder than -70 dBFS and than the mean of those
 * less 10 dB, gated like loudness in ITU-R BS.1770-5. Stretches are kept by level, 1 dB apart.
 */
export class GatedSpectrum extends SpectrumListener {
  readonly mean: StaticArray<f64> = new StaticArray<f64>(SPECTRUM_BANDS);
  private readonly counts: StaticArray<i32> = new StaticArray<i32>(LEVELS);
  private readonly totals: StaticArray<f64> = new StaticArray<f64>(LEVELS);
  private readonly sums: StaticArray<f64> = new StaticArray<f64>(LEVELS * SPECTRUM_BANDS);

  reset(): void {
    this.counts.fill(0);
    this.totals.fill(0);
    this.sums.fill(0);
  }

  hear(powers: StaticArray<f64>, seconds: f64): void {
    const total = totalOf(powers);
    if (!(total > powerOf(FLOOR_DB))) return;
    const level = max(0, min(<i32>(levelOf(total) - FLOOR_DB), LEVELS - 1));
    this.counts[level] += 1;
    this.totals[level] += total;
    for (let band = 0; band < SPECTRUM_BANDS; ++band) this.sums[level * SPECTRUM_BANDS + band] += powers[band];
  }

  /** Writes `mean`; false when nothing was loud enough. */
  average(): bool {
    const gate = this.meanTotal() * powerOf(GATE_DB);
    let count: f64 = 0;
    this.mean.fill(0);
    for (let level = 0; level < LEVELS; ++level) {
      if (this.counts[level] == 0 || this.totals[level] <= gate * <f64>this.counts[level]) continue;
      count += <f64>this.counts[level];
      for (let band = 0; band < SPECTRUM_BANDS; ++band) this.mean[band] += this.sums[level * SPECTRUM_BANDS + band];
    }
    for (let band = 0; band < SPECTRUM_BANDS; ++band) this.mean[band] /= count;
    return count > 0;
  }

  private meanTotal(): f64 {
    let count: f64 = 0;
    let sum: f64 = 0;
    for (let level = 0; level < LEVELS; ++level) {
      count += <f64>this.counts[level];
      sum += this.totals[level];
    }
    return count > 0 ? sum / count : 0;
  }
}

/** Power of all bands together: they overlap by half. */
export function totalOf(powers: StaticArray<f64>): f64 {
  let sum: f64 = 0;
  for (let band = 0; band < SPECTRUM_BANDS; ++band) sum += powers[band];
  return 0.5 * sum;
}
