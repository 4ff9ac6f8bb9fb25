import { allocate } from "../abi/memory";
import { fftOf } from "./fft";
import { ImpulseSpectra } from "./impulse-spectra";
import { cos, exp2, LOG2_PER_DB, log2, PI } from "./math";
import { bandHz, SPECTRUM_BANDS } from "./spectrum-bands";

/** Symmetric responses of twice `reach` frames and one from the gains of bands, smooth in between. Allocates. */
export class SmoothResponse {
  private readonly size: i32;
  private readonly re: usize;
  private readonly im: usize;
  private readonly response: usize;
  private readonly frames: i32;
  /** Place of each bin between the bands. */
  private readonly places: StaticArray<f64>;

  constructor(
    sampleRate: f64,
    private readonly reach: i32,
  ) {
    const size = 4 * (reach + 1);
    const places = new StaticArray<f64>(size / 2 + 1);
    this.size = size;
    this.places = places;
    this.frames = 2 * reach + 1;
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.response = allocate((2 * reach + 1) << 3);
    fftOf(size);
    for (let bin = 1; bin <= size / 2; ++bin) {
      const band = 6 * log2((<f64>bin * sampleRate) / (<f64>size * bandHz(0)));
      places[bin] = max<f64>(0, min<f64>(band, <f64>(SPECTRUM_BANDS - 1)));
    }
  }

  /** Designs the response for both channels of a pair. */
  design(gainsDb: StaticArray<f64>, to: ImpulseSpectra): void {
    memory.fill(this.im, 0, (<usize>this.size) << 2);
    for (let bin = 0; bin <= this.size / 2; ++bin) {
      const place = this.places[bin];
      const band = min(<i32>place, SPECTRUM_BANDS - 2);
      const gainDb = gainsDb[band] + (gainsDb[band + 1] - gainsDb[band]) * (place - <f64>band);
      const gain = <f32>exp2(gainDb * LOG2_PER_DB);
      store<f32>(this.re + ((<usize>bin) << 2), gain);
      store<f32>(this.re + ((<usize>((this.size - bin) & (this.size - 1))) << 2), gain);
    }
    fftOf(this.size).inverse(this.re, this.im);
    for (let i = 0; i < this.frames; ++i) {
      const away = i - this.reach;
      const weight = (0.5 + 0.5 * cos((PI * <f64>away) / <f64>(this.reach + 1))) / <f64>this.size;
      const tap = <f32>(<f64>load<f32>(this.re + ((<usize>(away & (this.size - 1))) << 2)) * weight);
      const at = this.response + ((<usize>i) << 3);
      store<f32>(at, tap);
      store<f32>(at, tap, 4);
    }
    to.set(this.response, this.frames, this.frames, 1);
  }
}
