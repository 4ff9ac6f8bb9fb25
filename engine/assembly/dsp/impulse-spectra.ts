import { allocate } from "../abi/memory";
import { fftOf } from "./fft";
import { realBins, splitPair } from "./real-pair";

/** Bytes of four bins of one partition: re, then im. */
export const GROUP_BYTES: usize = 32;

/** Groups of four bins in a transform of `size` points. */
export function binGroups(size: i32): i32 {
  return (realBins(size) + 3) >> 2;
}

/**
 * Impulse responses cut into partitions of `block` frames, each transformed with as many zeros behind. All partitions of four bins
 * stand together, newest first, because they are summed together. A response is a pair of channels.
 */
export class ImpulseSpectra {
  readonly groups: i32;
  private readonly at: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly spectra: usize;
  private readonly rowBytes: usize;
  /** Partitions that hold anything. */
  used: i32 = 0;

  /** Allocates for `pairs` pairs of responses. */
  constructor(
    readonly block: i32,
    readonly partitions: i32,
    readonly pairs: i32,
  ) {
    const size = 2 * block;
    this.groups = binGroups(size);
    fftOf(size);
    this.at = allocate(2 * pairs * this.groups * partitions * <i32>GROUP_BYTES);
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.rowBytes = ((<usize>this.groups) << 4) + 16;
    this.spectra = allocate(4 * <i32>this.rowBytes);
  }

  /** Where the partitions of four bins of one channel begin. */
  bins(channel: i32, group: i32): usize {
    return this.at + <usize>((channel * this.groups + group) * this.partitions) * GROUP_BYTES;
  }

  /** Takes `frames` frames of channel pairs (each `stride` frames from the next), times `gain`. */
  set(from: usize, stride: i32, frames: i32, gain: f64): void {
    const needed = (frames + this.block - 1) / this.block;
    this.used = max(1, min(needed, this.partitions));
    // The transforms forth and back make everything twice the block larger.
    const scale = <f32>(gain / <f64>(2 * this.block));
    for (let pair = 0; pair < this.pairs; ++pair) {
      for (let partition = 0; partition < this.used; ++partition) {
        const start = partition * this.block;
        const count = max(0, min(this.block, frames - start));
        this.transform(from + ((<usize>(pair * stride + start)) << 3), count, scale);
        this.store(2 * pair, partition, this.spectra);
        this.store(2 * pair + 1, partition, this.spectra + 2 * this.rowBytes);
      }
    }
  }

  private transform(from: usize, count: i32, scale: f32): void {
    const size = 2 * this.block;
    memory.fill(this.re, 0, (<usize>size) << 2);
    memory.fill(this.im, 0, (<usize>size) << 2);
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
      store<f32>(this.re + i, load<f32>(from + (i << 1)) * scale);
      store<f32>(this.im + i, load<f32>(from + (i << 1), 4) * scale);
    }
    fftOf(size).forward(this.re, this.im);
    const row = this.rowBytes;
    const to = this.spectra;
    splitPair(this.re, this.im, size, to, to + row, to + 2 * row, to + 3 * row);
  }

  private store(channel: i32, partition: i32, spectrum: usize): void {
    for (let group = 0; group < this.groups; ++group) {
      const to = this.bins(channel, group) + <usize>partition * GROUP_BYTES;
      v128.store(to, v128.load(spectrum + ((<usize>group) << 4)));
      v128.store(to, v128.load(spectrum + this.rowBytes + ((<usize>group) << 4)), 16);
    }
  }
}
