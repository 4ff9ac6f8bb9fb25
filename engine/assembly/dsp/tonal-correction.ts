import { levelOf, totalOf } from "./gated-spectrum";
import { exp, log2 } from "./math";
import { SpectrumListener } from "./spectrum-analyser";
import { bandHz, powerOf, SPECTRUM_BANDS } from "./spectrum-bands";
import { targetDb } from "./target-spectrum";

const LEAST_DB: f64 = -70;
/** Stretches that are this far under the usual level are pauses. */
const PAUSE_DB: f64 = -15;
/** How fast the usual level falls while there are only pauses. */
const FORGET_DB_PER_SECOND: f64 = 0.5;
/** The average is trusted after a few of these parts of its length. */
const TRUST_SHARE: f64 = 0.25;
/** Bands that are corrected in full; an octave beyond the correction has gone. */
const LOWEST_HZ: f64 = 75;
const HIGHEST_HZ: f64 = 12900;
/** A band this far below the loudest holds no sound that is worth lifting. */
const ABSENT_DB: f64 = -60;
const HIGHEST_SHARE: f64 = 0.45;

/** A running average of the spectrum and the gains that turn it towards a target. */
export class TonalCorrection extends SpectrumListener {
  /** dB of each band. */
  readonly gainsDb: StaticArray<f64> = new StaticArray<f64>(SPECTRUM_BANDS);
  private readonly mean: StaticArray<f64> = new StaticArray<f64>(SPECTRUM_BANDS);
  private readonly weights: StaticArray<f64> = new StaticArray<f64>(SPECTRUM_BANDS);
  private usualDb: f64 = -200;
  private heardSeconds: f64 = 0;
  averageSeconds: f64 = 20;

  constructor(private readonly sampleRate: f64) {
    super();
    for (let band = 0; band < SPECTRUM_BANDS; ++band) this.weights[band] = loudnessWeight(bandHz(<f64>band));
  }

  reset(): void {
    this.mean.fill(0);
    this.gainsDb.fill(0);
    this.usualDb = -200;
    this.heardSeconds = 0;
  }

  hear(powers: StaticArray<f64>, seconds: f64): void {
    const total = totalOf(powers);
    const levelDb = total > 0 ? levelOf(total) : -200;
    if (levelDb < LEAST_DB) return;
    if (levelDb < this.usualDb + PAUSE_DB) {
      this.usualDb -= FORGET_DB_PER_SECOND * seconds;
      return;
    }
    this.heardSeconds += seconds;
    // A plain mean until it is as long as it shall be.
    const share = max(seconds / this.heardSeconds, 1 - exp(-seconds / this.averageSeconds));
    for (let band = 0; band < SPECTRUM_BANDS; ++band) this.mean[band] += (powers[band] - this.mean[band]) * share;
    this.usualDb = levelOf(totalOf(this.mean));
  }

  /** Computes `gainsDb`. */
  correct(target: i32, amount: f64, maxGainDb: f64): void {
    this.gainsDb.fill(0);
    if (this.heardSeconds == 0) return;
    const floor = this.loudestBand() * powerOf(ABSENT_DB);
    const trust = 1 - exp(-this.heardSeconds / (TRUST_SHARE * this.averageSeconds));
    const middleDb = this.meanDistance(target, floor);
    for (let band = 0; band < SPECTRUM_BANDS; ++band) {
      if (!this.isCore(band) || !(this.mean[band] > floor)) continue;
      const wanted = amount * trust * (this.distance(target, band) - middleDb);
      this.gainsDb[band] = max(-maxGainDb, min(maxGainDb, wanted));
    }
    this.fadeEdges();
    this.keepLoudness();
  }

  private isCore(band: i32): bool {
    const frequencyHz = bandHz(<f64>band);
    return frequencyHz > LOWEST_HZ && frequencyHz < min(HIGHEST_HZ, HIGHEST_SHARE * this.sampleRate);
  }

  private distance(target: i32, band: i32): f64 {
    return targetDb(target, bandHz(<f64>band)) - levelOf(this.mean[band]);
  }

  private loudestBand(): f64 {
    let loudest: f64 = 0;
    for (let band = 0; band < SPECTRUM_BANDS; ++band) if (this.isCore(band)) loudest = max(loudest, this.mean[band]);
    return loudest;
  }

  private meanDistance(target: i32, floor: f64): f64 {
    let sum: f64 = 0;
    let count: f64 = 0;
    for (let band = 0; band < SPECTRUM_BANDS; ++band) {
      if (!this.isCore(band) || !(this.mean[band] > floor)) continue;
      sum += this.distance(target, band);
      count += 1;
    }
    return count > 0 ? sum / count : 0;
  }

  /** Beyond the core the correction of its border fades over an octave. */
  private fadeEdges(): void {
    for (let band = SPECTRUM_BANDS - 1; band >= 0; --band) {
      if (bandHz(<f64>band) > LOWEST_HZ) continue;
      const octaves = log2(LOWEST_HZ / bandHz(<f64>band));
      this.gainsDb[band] = this.gainsDb[band + 1] * max<f64>(0, 1 - 0.2 * (1 + octaves));
    }
    for (let band = 1; band < SPECTRUM_BANDS; ++band) {
      if (this.isCore(band) || bandHz(<f64>band) < HIGHEST_HZ) continue;
      const octaves = log2(bandHz(<f64>band) / HIGHEST_HZ);
      this.gainsDb[band] = this.gainsDb[band - 1] * max<f64>(0, 1 - 0.2 * (1 + octaves));
    }
  }

  private keepLoudness(): void {
    let before: f64 = 0;
    let after: f64 = 0;
    for (let band = 0; band < SPECTRUM_BANDS; ++band) {
      const power = this.mean[band] * this.weights[band];
      before += power;
      after += power * powerOf(this.gainsDb[band]);
    }
    const shiftDb = before > 0 && after > 0 ? levelOf(before / after) : 0;
    for (let band = 0; band < SPECTRUM_BANDS; ++band) this.gainsDb[band] += shiftDb;
  }
}

/** Power weight near that of ITU-R BS.1770: a low cut at 38 Hz and 4 dB more above 1.5 kHz. */
function loudnessWeight(frequencyHz: f64): f64 {
  const x = frequencyHz * frequencyHz;
  const cut = x / (x + 38 * 38);
  const shelf = x / (x + 1500.0 * 1500.0);
  return cut * cut * (1 + 1.5 * shelf);
}
