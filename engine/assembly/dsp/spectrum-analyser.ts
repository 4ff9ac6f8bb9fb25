import { allocate } from "../abi/memory";
import { fftOf } from "./fft";
import { cos, PI } from "./math";
import { SpectrumBands } from "./spectrum-bands";

/** In 5.1 and 7.1 the right channel of this pair is the LFE, which is no part of the tone. */
const LFE_PAIR: i32 = 1;

/** What happens to the spectrum of one stretch. */
export abstract class SpectrumListener {
  /** Mean squares in the bands, all channels together; `seconds` until the next. */
  abstract hear(powers: StaticArray<f64>, seconds: f64): void;
}

/** Cuts channel pairs into stretches of a third of a second, overlapping by half, and gives the power in each band. Hann windows. */
export class SpectrumAnalyser {
  private readonly size: i32;
  private readonly bands: SpectrumBands;
  private readonly window: usize;
  private readonly newest: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly binPowers: usize;
  private filled: i32 = 0;

  /** Allocates. */
  constructor(
    private readonly sampleRate: f64,
    private readonly channels: i32,
    private readonly listener: SpectrumListener,
  ) {
    const size = sampleRate < 64000 ? 16384 : sampleRate < 128000 ? 32768 : 65536;
    const pairs = (channels + 1) >> 1;
    this.size = size;
    this.bands = new SpectrumBands(size / 2 + 1, sampleRate / <f64>size);
    this.window = allocate(size << 2);
    this.newest = allocate((size * pairs) << 3);
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.binPowers = allocate((size / 2 + 1) << 3);
    fftOf(size);
    for (let i = 0; i < size; ++i)
      store<f32>(this.window + ((<usize>i) << 2), <f32>(1 - cos((2 * PI * <f64>i) / <f64>size)));
  }

  reset(): void {
    this.filled = 0;
  }

  /** Takes a block whose pairs are `stride` frames apart. */
  feed(io: usize, stride: i32, frames: i32): void {
    const pairs = (this.channels + 1) >> 1;
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.size - this.filled);
      for (let pair = 0; pair < pairs; ++pair) {
        const to = this.newest + ((<usize>(pair * this.size + this.filled)) << 3);
        memory.copy(to, io + ((<usize>(pair * stride + done)) << 3), (<usize>count) << 3);
      }
      this.filled += count;
      done += count;
      if (this.filled == this.size) this.turn(pairs);
    }
  }

  private turn(pairs: i32): void {
    const half = this.size / 2;
    memory.fill(this.binPowers, 0, (<usize>(half + 1)) << 3);
    for (let pair = 0; pair < pairs; ++pair) {
      const line = this.newest + ((<usize>(pair * this.size)) << 3);
      this.addPair(pair, line);
      memory.copy(line, line + ((<usize>half) << 3), (<usize>half) << 3);
    }
    this.filled = half;
    this.bands.sum(this.binPowers);
    this.listener.hear(this.bands.powers, <f64>half / this.sampleRate);
  }

  private addPair(pair: i32, line: usize): void {
    const alone = 2 * pair + 1 >= this.channels || (pair == LFE_PAIR && this.channels >= 6);
    for (let i: usize = 0; i < (<usize>this.size) << 2; i += 4) {
      const window = load<f32>(this.window + i);
      store<f32>(this.re + i, load<f32>(line + (i << 1)) * window);
      store<f32>(this.im + i, alone ? 0 : load<f32>(line + (i << 1), 4) * window);
    }
    fftOf(this.size).forward(this.re, this.im);
    const half = this.size / 2;
    // The windows' squares add up to 1.5 times the size; 0 Hz and half the rate stand alone and count half.
    const scale = 1 / (1.5 * <f64>this.size * <f64>this.size);
    for (let bin = 0; bin <= half; ++bin) {
      const power = this.power(bin) + this.power((this.size - bin) & (this.size - 1));
      const at = this.binPowers + ((<usize>bin) << 3);
      store<f64>(at, load<f64>(at) + (bin == 0 || bin == half ? 0.5 : 1) * power * scale);
    }
  }

  private power(bin: i32): f64 {
    const re = <f64>load<f32>(this.re + ((<usize>bin) << 2));
    const im = <f64>load<f32>(this.im + ((<usize>bin) << 2));
    return re * re + im * im;
  }
}
