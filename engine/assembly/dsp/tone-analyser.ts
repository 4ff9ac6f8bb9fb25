import { allocate } from "../abi/memory";
import { Fft, fftOf } from "./fft";
import { cos, PI } from "./math";
import { realBins, splitPair } from "./real-pair";
import { ToneSpectrum } from "./tone-spectrum";

/** Points of a frame of room tone at 48 kHz: 43 ms. */
export const TONE_SIZE_AT_48K: i32 = 2048;

/** Adds windowed frames (Hann) of channel pairs to mean spectra. */
export class ToneAnalyser {
  readonly bins: i32;
  /** Sum of the squared window: the power of a bin for noise of power 1. */
  readonly windowPower: f64;
  private readonly fft: Fft;
  private readonly window: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly spectra: usize;

  /** Allocates. */
  constructor(readonly size: i32) {
    this.fft = fftOf(size);
    this.bins = realBins(size);
    this.window = allocate(size << 2);
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.spectra = allocate((this.bins + 4) << 4);
    this.windowPower = 0.375 * <f64>size;
    for (let i = 0; i < size; ++i)
      store<f32>(this.window + ((<usize>i) << 2), <f32>(0.5 - 0.5 * cos((2 * PI * <f64>i) / <f64>size)));
  }

  /** Hears frame `first` and the following ones of the interleaved pair at `pair`, a ring of `mask` + 1 frames. */
  add(pair: usize, first: i32, mask: i32, to: ToneSpectrum, share: f32): void {
    for (let i = 0; i < this.size; ++i) {
      const at = pair + ((<usize>((first + i) & mask)) << 3);
      const window = load<f32>(this.window + ((<usize>i) << 2));
      store<f32>(this.re + ((<usize>i) << 2), load<f32>(at) * window);
      store<f32>(this.im + ((<usize>i) << 2), load<f32>(at, 4) * window);
    }
    this.fft.forward(this.re, this.im);
    const step = (<usize>(this.bins + 4)) << 2;
    const s = this.spectra;
    splitPair(this.re, this.im, this.size, s, s + step, s + 2 * step, s + 3 * step);
    to.add(s, s + step, s + 2 * step, s + 3 * step, share);
  }
}
