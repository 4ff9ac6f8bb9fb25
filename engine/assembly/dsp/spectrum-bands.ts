import { exp2, LOG2_PER_DB } from "./math";

/** Bands a third of an octave wide, six an octave, 19.7 Hz to 20.2 kHz. */
export const SPECTRUM_BANDS: i32 = 61;
const MIDDLE_BAND: i32 = 34;
const MIDDLE_HZ: f64 = 1000;

/** Centre of a band. */
export function bandHz(band: f64): f64 {
  return MIDDLE_HZ * exp2((band - <f64>MIDDLE_BAND) / 6);
}

/** Power ratio of a level difference. */
export function powerOf(db: f64): f64 {
  return exp2(2 * LOG2_PER_DB * db);
}

/** Sums the bins of a spectrum into bands; bins that a border cuts count in part. */
export class SpectrumBands {
  readonly powers: StaticArray<f64> = new StaticArray<f64>(SPECTRUM_BANDS);
  /** Power below the upper border of each bin. */
  private readonly sums: StaticArray<f64>;

  constructor(
    private readonly bins: i32,
    private readonly binHz: f64,
  ) {
    this.sums = new StaticArray<f64>(bins);
  }

  /** Takes one power a bin (f64), from 0 Hz to half the rate. */
  sum(binPowers: usize): void {
    let below: f64 = 0;
    for (let bin = 0; bin < this.bins; ++bin) {
      below += load<f64>(binPowers + ((<usize>bin) << 3));
      this.sums[bin] = below;
    }
    for (let band = 0; band < SPECTRUM_BANDS; ++band) {
      this.powers[band] = this.below(bandHz(<f64>band + 1)) - this.below(bandHz(<f64>band - 1));
    }
  }

  /** Power below a frequency; bin k reaches from k - 1/2 to k + 1/2. */
  private below(frequencyHz: f64): f64 {
    const place = frequencyHz / this.binHz + 0.5;
    const bin = <i32>place;
    if (bin >= this.bins) return this.sums[this.bins - 1];
    const before = bin > 0 ? this.sums[bin - 1] : 0;
    return before + (this.sums[bin] - before) * (place - <f64>bin);
  }
}
