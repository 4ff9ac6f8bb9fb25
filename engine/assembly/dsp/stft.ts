import { allocate } from "../abi/memory";
import { Fft, fftOf } from "./fft";
import { PI, sin } from "./math";
import { joinPair, realBins, splitPair } from "./real-pair";

/** What happens to the spectra of one frame. */
export abstract class SpectralProcess {
  /**
   * Changes the spectra in place. Channel c's real parts are `bins` f32 from `spectra + c * channelBytes`, its imaginary parts follow
   * `channelBytes / 2` later; bin k is k * sampleRate / size Hz. Spectra are of the windowed frame, unscaled.
   */
  abstract processFrame(spectra: usize, channels: i32, bins: i32, channelBytes: usize): void;
}

/**
 * Overlap-add analysis and synthesis of channel pairs behind its own FIFO, for blocks of any size: periodic square root of Hann on
 * both ways, frames of `size` every `hop` (at most half the size). Late by exactly `size` frames; without a change it gives its input back.
 */
export class Stft {
  readonly bins: i32;
  /** Bytes from one channel's spectrum to the next. */
  readonly channelBytes: usize;
  private readonly fft: Fft;
  private readonly window: usize;
  /** The last `size` frames of each pair, oldest first, interleaved. */
  private readonly newest: usize;
  /** Sums of each pair from the next frame to leave on, interleaved. */
  private readonly sums: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly spectra: usize;
  /** Frames taken since the last transform, below `hop`. */
  private filled: i32 = 0;

  /** Allocates. */
  constructor(
    readonly size: i32,
    readonly hop: i32,
    private readonly pairs: i32,
    private readonly change: SpectralProcess,
  ) {
    this.fft = fftOf(size);
    this.bins = realBins(size);
    this.channelBytes = (<usize>((this.bins + 7) & ~3)) << 3;
    this.window = allocate(size << 2);
    this.newest = allocate((size * pairs) << 3);
    this.sums = allocate((size * pairs) << 3);
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.spectra = allocate(pairs * 2 * <i32>this.channelBytes);
    for (let i = 0; i < size; ++i) store<f32>(this.window + ((<usize>i) << 2), <f32>sin((PI * <f64>i) / <f64>size));
  }

  reset(): void {
    const bytes = (<usize>(this.size * this.pairs)) << 3;
    memory.fill(this.newest, 0, bytes);
    memory.fill(this.sums, 0, bytes);
    this.filled = 0;
  }

  latencyFrames(): i32 {
    return this.size;
  }

  /** In place. */
  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.hop - this.filled);
      this.exchange(io, frames, done, count);
      this.filled += count;
      done += count;
      if (this.filled == this.hop) this.turn();
    }
  }

  /** Takes `count` frames in and gives as many out. */
  private exchange(io: usize, frames: i32, done: i32, count: i32): void {
    const bytes = (<usize>count) << 3;
    const written = (<usize>(this.size - this.hop + this.filled)) << 3;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const at = io + ((<usize>(pair * frames + done)) << 3);
      const line = (<usize>(pair * this.size)) << 3;
      memory.copy(this.newest + line + written, at, bytes);
      memory.copy(at, this.sums + line + ((<usize>this.filled) << 3), bytes);
    }
  }

  private turn(): void {
    this.filled = 0;
    for (let pair = 0; pair < this.pairs; ++pair) this.take(pair);
    this.change.processFrame(this.spectra, 2 * this.pairs, this.bins, this.channelBytes);
    for (let pair = 0; pair < this.pairs; ++pair) this.synthesise(pair);
  }

  private take(pair: i32): void {
    const line = this.newest + ((<usize>(pair * this.size)) << 3);
    this.analyse(line, this.spectra + <usize>pair * 2 * this.channelBytes);
    memory.copy(line, line + ((<usize>this.hop) << 3), (<usize>(this.size - this.hop)) << 3);
  }

  /** Writes the spectra of `size` interleaved frames: that of the left lane, and `channelBytes` behind it that of the right one. */
  analyse(line: usize, left: usize): void {
    const bytes = (<usize>this.size) << 2;
    for (let i: usize = 0; i < bytes; i += 16) {
      const first = v128.load(line + (i << 1));
      const second = v128.load(line + (i << 1), 16);
      const window = v128.load(this.window + i);
      v128.store(this.re + i, f32x4.mul(v128.shuffle<f32>(first, second, 0, 2, 4, 6), window));
      v128.store(this.im + i, f32x4.mul(v128.shuffle<f32>(first, second, 1, 3, 5, 7), window));
    }
    this.fft.forward(this.re, this.im);
    const right = left + this.channelBytes;
    const imaginary = this.channelBytes >> 1;
    splitPair(this.re, this.im, this.size, left, left + imaginary, right, right + imaginary);
  }

  private synthesise(pair: i32): void {
    const left = this.spectra + <usize>pair * 2 * this.channelBytes;
    const right = left + this.channelBytes;
    const imaginary = this.channelBytes >> 1;
    joinPair(left, left + imaginary, right, right + imaginary, this.size, this.re, this.im);
    this.fft.inverse(this.re, this.im);
    const line = this.sums + ((<usize>(pair * this.size)) << 3);
    const hopBytes = (<usize>this.hop) << 3;
    const kept = (<usize>(this.size - this.hop)) << 3;
    memory.copy(line, line + hopBytes, kept);
    memory.fill(line + kept, 0, hopBytes);
    // Squared windows add up to size / (2 hop); the two transforms to size.
    const scale = f32x4.splat(<f32>((2 * <f64>this.hop) / (<f64>this.size * <f64>this.size)));
    const bytes = (<usize>this.size) << 2;
    for (let i: usize = 0; i < bytes; i += 16) {
      const window = f32x4.mul(v128.load(this.window + i), scale);
      const re = f32x4.mul(v128.load(this.re + i), window);
      const im = f32x4.mul(v128.load(this.im + i), window);
      const at = line + (i << 1);
      v128.store(at, f32x4.add(v128.load(at), v128.shuffle<f32>(re, im, 0, 4, 1, 5)));
      v128.store(at, f32x4.add(v128.load(at, 16), v128.shuffle<f32>(re, im, 2, 6, 3, 7)), 16);
    }
  }
}
