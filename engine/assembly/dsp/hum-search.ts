import { log2 } from "./math";

const LEAST_HZ: f64 = 45;
const MOST_HZ: f64 = 65;
const STEP_HZ: f64 = 0.1;
const CANDIDATES: i32 = 201;
/** Harmonics that are looked at. */
const HARMONICS: i32 = 16;
/** Forgetting from frame to frame: four seconds at 85 ms. */
const MEMORY: f64 = 0.98;
/** Bins beside a line that tell what it stands out of: from the first to the last, on both sides. */
const NEAR: i32 = 4;
const FAR: i32 = 7;

/** Looks for a row of steady lines at multiples of 45..65 Hz. */
export class HumSearch {
  private readonly scores: StaticArray<f64> = new StaticArray<f64>(CANDIDATES);
  private readonly heights: StaticArray<f64>;
  private readonly powers: StaticArray<f64>;
  private weight: f64 = 0;

  constructor(private readonly binHz: f64) {
    const bins = <i32>((MOST_HZ * <f64>HARMONICS) / binHz) + 3;
    this.heights = new StaticArray<f64>(bins);
    this.powers = new StaticArray<f64>(bins + FAR);
  }

  reset(): void {
    for (let i = 0; i < CANDIDATES; ++i) this.scores[i] = 0;
    this.weight = 0;
  }

  /** Hears the spectra of a frame; `stride` bytes lie between the channels, half of it between their parts. */
  hear(spectra: usize, channels: i32, stride: usize): void {
    this.takePowers(spectra, channels, stride);
    const bins = this.heights.length;
    for (let bin = 0; bin < bins; ++bin) {
      let around: f64 = 1e-12;
      for (let away = NEAR; away <= FAR; ++away) around += this.powers[abs(bin - away)] + this.powers[bin + away];
      this.heights[bin] = log2(1 + (2 * <f64>(FAR - NEAR + 1) * this.powers[bin]) / around);
    }
    for (let i = 0; i < CANDIDATES; ++i)
      this.scores[i] = MEMORY * this.scores[i] + this.heightAt(LEAST_HZ + STEP_HZ * <f64>i);
    this.weight = MEMORY * this.weight + 1;
  }

  private takePowers(spectra: usize, channels: i32, stride: usize): void {
    for (let bin = 0; bin < this.powers.length; ++bin) {
      let sum: f64 = 0;
      for (let channel = 0; channel < channels; ++channel) {
        const at = spectra + <usize>channel * stride + ((<usize>bin) << 2);
        const re = <f64>load<f32>(at);
        const im = <f64>load<f32>(at + (stride >> 1));
        sum += re * re + im * im;
      }
      this.powers[bin] = sum;
    }
  }

  private heightAt(hz: f64): f64 {
    let sum: f64 = 0;
    for (let k = 1; k <= HARMONICS; ++k) {
      const bin = <i32>((<f64>k * hz) / this.binHz);
      sum += max(this.heights[bin], this.heights[bin + 1]);
    }
    return sum;
  }

  /** The frequency in Hz at which the row stands out most. */
  bestHz(): f64 {
    let best = 0;
    for (let i = 1; i < CANDIDATES; ++i) if (this.scores[i] > this.scores[best]) best = i;
    return LEAST_HZ + STEP_HZ * <f64>best;
  }

  /** How far the row at a frequency stands out: the mean of log2(1 + line over neighbours). */
  scoreOf(hz: f64): f64 {
    const i = max(0, min(CANDIDATES - 1, <i32>nearest((hz - LEAST_HZ) / STEP_HZ)));
    const beside = max(this.scores[max(0, i - 1)], this.scores[min(CANDIDATES - 1, i + 1)]);
    return max(this.scores[i], beside) / (<f64>HARMONICS * max(this.weight, 1));
  }
}
