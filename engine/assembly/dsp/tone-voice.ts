import { allocate } from "../abi/memory";
import { gaussian, mixBits } from "./counter-noise";
import { Fft, fftOf } from "./fft";
import { PI, sin } from "./math";
import { joinPair, realBins } from "./real-pair";
import { ToneSpectrum } from "./tone-spectrum";

/** Less of a channel of its own than this share is rounding: the channels are alike. */
const ALIKE: f32 = 1e-5;

/**
 * Endless noise with given spectra: every bin of every frame is drawn anew (Gaussian), frames overlap by half under a sine window, so
 * nothing comes back and nothing is alike over more than one frame. What the channels of a pair share they share here too.
 */
export class ToneVoice {
  seed: u64 = 1;
  /** Power of a bin of the given spectra for noise of power 1. */
  binPower: f64 = 1;
  private readonly hop: i32;
  private readonly bins: i32;
  private readonly fft: Fft;
  private readonly window: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly spectra: usize;
  /** The hop to be heard and the second halves to be added to the next, of each pair, interleaved. */
  private readonly heard: usize;
  private readonly rest: usize;
  private given: i32 = 0;
  private frame: i64 = 0;

  /** Allocates. */
  constructor(
    private readonly size: i32,
    private readonly channels: i32,
  ) {
    const pairs = (channels + 1) >> 1;
    this.hop = size >> 1;
    this.bins = realBins(size);
    this.fft = fftOf(size);
    this.window = allocate(size << 2);
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.spectra = allocate((this.bins + 4) << 4);
    this.heard = allocate((this.hop * pairs) << 3);
    this.rest = allocate((this.hop * pairs) << 3);
    for (let i = 0; i < size; ++i) store<f32>(this.window + ((<usize>i) << 2), <f32>sin((PI * <f64>i) / <f64>size));
  }

  reset(): void {
    this.frame = 0;
    this.given = this.hop;
  }

  /** Begins after a pause, at full power at once. */
  start(tones: StaticArray<ToneSpectrum>): void {
    this.turn(tones);
    this.given = this.hop;
  }

  /** Adds the next `count` frames times `weights` to a block of `frames` frames from frame `from` on. */
  add(tones: StaticArray<ToneSpectrum>, io: usize, frames: i32, from: i32, count: i32, weights: usize): void {
    for (let done = 0; done < count; ) {
      if (this.given == this.hop) this.turn(tones);
      const part = min(count - done, this.hop - this.given);
      for (let pair = 0; pair < tones.length; ++pair) {
        const to = io + ((<usize>(pair * frames + from + done)) << 3);
        addWeighted(
          to,
          this.heard + ((<usize>(pair * this.hop + this.given)) << 3),
          weights + ((<usize>done) << 2),
          part,
        );
      }
      this.given += part;
      done += part;
    }
  }

  private turn(tones: StaticArray<ToneSpectrum>): void {
    this.given = 0;
    for (let pair = 0; pair < tones.length; ++pair) {
      this.draw(pair, tones[pair]);
      this.fft.inverse(this.re, this.im);
      this.overlap(pair, 2 * pair + 1 == this.channels);
    }
    this.frame += 1;
  }

  /** Writes the spectrum of a new frame of a pair. */
  private draw(pair: i32, tone: ToneSpectrum): void {
    const step = (<usize>(this.bins + 4)) << 2;
    const left = this.spectra;
    const right = left + 2 * step;
    const base = (this.seed << 16) | ((<u64>pair) << 2);
    const first = mixBits(base | 1);
    const second = mixBits(base | 2);
    // 0 Hz and half the rate stay silent; a complex bin has half its power in each part, so its mean is (N / 2) / N^2 per bin.
    for (let bin = 1; bin < this.bins - 1; ++bin) {
      const at = (<usize>bin) << 2;
      const counter = 2 * (this.frame * <i64>this.bins + <i64>bin);
      const ownRe = <f32>gaussian(first, counter);
      const ownIm = <f32>gaussian(first, counter + 1);
      const power = load<f32>(tone.left + at);
      const level = sqrt(power);
      store<f32>(left + at, level * ownRe);
      store<f32>(left + step + at, level * ownIm);
      const sharedRe = level > 0 ? load<f32>(tone.sharedRe + at) / level : 0;
      const sharedIm = level > 0 ? load<f32>(tone.sharedIm + at) / level : 0;
      const other = load<f32>(tone.right + at);
      const rest = other - sharedRe * sharedRe - sharedIm * sharedIm;
      const alone = rest > ALIKE * other ? sqrt(rest) : 0;
      const otherRe: f32 = alone > 0 ? alone * <f32>gaussian(second, counter) : 0;
      const otherIm: f32 = alone > 0 ? alone * <f32>gaussian(second, counter + 1) : 0;
      store<f32>(right + at, sharedRe * ownRe - sharedIm * ownIm + otherRe);
      store<f32>(right + step + at, sharedRe * ownIm + sharedIm * ownRe + otherIm);
    }
    joinPair(left, left + step, right, right + step, this.size, this.re, this.im);
  }

  /** Adds the windowed frame to what is left of the last one. */
  private overlap(pair: i32, mono: bool): void {
    const offset = (<usize>(pair * this.hop)) << 3;
    const scale = <f32>sqrt(0.5 / (<f64>this.size * this.binPower));
    const half = (<usize>this.hop) << 2;
    for (let i: usize = 0; i < half; i += 4) {
      const rise = load<f32>(this.window + i) * scale;
      const fall = load<f32>(this.window + half + i) * scale;
      const heard = this.heard + offset + (i << 1);
      const rest = this.rest + offset + (i << 1);
      const right = mono ? this.re : this.im;
      store<f32>(heard, load<f32>(rest) + load<f32>(this.re + i) * rise);
      store<f32>(heard, load<f32>(rest, 4) + load<f32>(right + i) * rise, 4);
      store<f32>(rest, load<f32>(this.re + half + i) * fall);
      store<f32>(rest, load<f32>(right + half + i) * fall, 4);
    }
  }
}

function addWeighted(to: usize, from: usize, weights: usize, frames: i32): void {
  for (let i: usize = 0; i < <usize>frames; ++i) {
    const weight = load<f32>(weights + (i << 2));
    const at = i << 3;
    store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at) * weight);
    store<f32>(to + at, load<f32>(to + at, 4) + load<f32>(from + at, 4) * weight, 4);
  }
}
