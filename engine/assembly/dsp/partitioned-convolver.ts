import { allocate } from "../abi/memory";
import { fftOf } from "./fft";
import { binGroups, GROUP_BYTES, ImpulseSpectra } from "./impulse-spectra";
import { joinPair, splitPair } from "./real-pair";

/** No response leads from there to here. */
export const NO_ROUTE: i32 = -1;

/**
 * Convolution of channel pairs in uniform partitions (overlap-save with a frequency-domain delay line; Gardner, JAES 43(3), 1995).
 * Works on whole blocks; the caller keeps the FIFO.
 */
export class PartitionedConvolver {
  private readonly size: i32;
  private readonly groups: i32;
  private readonly rowBytes: usize;
  /** Spectra of the last blocks, `lines` channels: all partitions of four bins together, a ring that runs backwards. */
  private readonly past: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly spectra: usize;
  /** The last block of each pair, interleaved. */
  private readonly last: usize;
  private head: i32 = 0;
  /** Blocks since there was any sound. */
  private quietBlocks: i32 = 0;

  /** Allocates. */
  constructor(
    readonly block: i32,
    readonly partitions: i32,
    readonly pairs: i32,
  ) {
    this.size = 2 * block;
    this.groups = binGroups(this.size);
    this.past = allocate(2 * pairs * this.groups * partitions * <i32>GROUP_BYTES);
    this.re = allocate(this.size << 2);
    this.im = allocate(this.size << 2);
    this.rowBytes = ((<usize>this.groups) << 4) + 16;
    this.spectra = allocate(4 * <i32>this.rowBytes);
    this.last = allocate((block * pairs) << 3);
    this.quietBlocks = partitions + 2;
  }

  reset(): void {
    memory.fill(this.past, 0, <usize>(2 * this.pairs * this.groups * this.partitions) * GROUP_BYTES);
    memory.fill(this.last, 0, (<usize>(this.block * this.pairs)) << 3);
    this.head = 0;
    this.quietBlocks = this.partitions + 2;
  }

  /** Nothing that was heard can still answer. */
  get idle(): bool {
    return this.quietBlocks > this.partitions + 1;
  }

  /** Takes the next block of each pair. */
  take(input: usize): void {
    this.quietBlocks = isZero(input, this.block * this.pairs) ? min(this.quietBlocks + 1, this.partitions + 2) : 0;
    if (this.idle) return;
    this.head = this.head == 0 ? this.partitions - 1 : this.head - 1;
    for (let pair = 0; pair < this.pairs; ++pair) this.transform(pair, input + ((<usize>(pair * this.block)) << 3));
  }

  private transform(pair: i32, input: usize): void {
    const last = this.last + ((<usize>(pair * this.block)) << 3);
    const half = (<usize>this.block) << 2;
    separate(last, this.re, this.im, this.block);
    separate(input, this.re + half, this.im + half, this.block);
    memory.copy(last, input, half << 1);
    fftOf(this.size).forward(this.re, this.im);
    const row = this.rowBytes;
    const to = this.spectra;
    splitPair(this.re, this.im, this.size, to, to + row, to + 2 * row, to + 3 * row);
    this.store(2 * pair, to);
    this.store(2 * pair + 1, to + 2 * row);
  }

  private bins(channel: i32, group: i32): usize {
    return this.past + <usize>((channel * this.groups + group) * this.partitions) * GROUP_BYTES;
  }

  private store(channel: i32, spectrum: usize): void {
    for (let group = 0; group < this.groups; ++group) {
      const to = this.bins(channel, group) + <usize>this.head * GROUP_BYTES;
      v128.store(to, v128.load(spectrum + ((<usize>group) << 4)));
      v128.store(to, v128.load(spectrum + this.rowBytes + ((<usize>group) << 4)), 16);
    }
  }

  /** Starts the sums of one output pair. */
  begin(): void {
    memory.fill(this.spectra, 0, 4 * this.rowBytes);
  }

  /** Adds input channel `from` through channel `response` of `impulse` to the left (0) or right (1) output. */
  add(from: i32, impulse: ImpulseSpectra, response: i32, side: i32): void {
    const re = this.spectra + 2 * <usize>side * this.rowBytes;
    const first = min(impulse.used, this.partitions - this.head);
    for (let group = 0; group < this.groups; ++group) {
      const past = this.bins(from, group);
      const weights = impulse.bins(response, group);
      const to = re + ((<usize>group) << 4);
      accumulate(to, this.rowBytes, past + <usize>this.head * GROUP_BYTES, weights, first);
      accumulate(to, this.rowBytes, past, weights + <usize>first * GROUP_BYTES, impulse.used - first);
    }
  }

  /** Writes the output pair, one block, interleaved. */
  finish(out: usize): void {
    const row = this.rowBytes;
    const from = this.spectra;
    joinPair(from, from + row, from + 2 * row, from + 3 * row, this.size, this.re, this.im);
    fftOf(this.size).inverse(this.re, this.im);
    const half = (<usize>this.block) << 2;
    for (let i: usize = 0; i < half; i += 16) {
      const left = v128.load(this.re + half + i);
      const right = v128.load(this.im + half + i);
      v128.store(out + (i << 1), v128.shuffle<f32>(left, right, 0, 4, 1, 5));
      v128.store(out + (i << 1), v128.shuffle<f32>(left, right, 2, 6, 3, 7), 16);
    }
  }
}

/** Adds the products of `count` partitions of four bins. */
function accumulate(to: usize, rowBytes: usize, past: usize, weights: usize, count: i32): void {
  let realReal = v128.load(to);
  let imaginaryReal = v128.load(to + rowBytes);
  let imaginaryImaginary = f32x4.splat(0);
  let realImaginary = f32x4.splat(0);
  for (let end = past + <usize>count * GROUP_BYTES; past < end; past += GROUP_BYTES, weights += GROUP_BYTES) {
    const xr = v128.load(past);
    const xi = v128.load(past, 16);
    const hr = v128.load(weights);
    const hi = v128.load(weights, 16);
    realReal = f32x4.add(realReal, f32x4.mul(xr, hr));
    imaginaryImaginary = f32x4.add(imaginaryImaginary, f32x4.mul(xi, hi));
    imaginaryReal = f32x4.add(imaginaryReal, f32x4.mul(xi, hr));
    realImaginary = f32x4.add(realImaginary, f32x4.mul(xr, hi));
  }
  v128.store(to, f32x4.sub(realReal, imaginaryImaginary));
  v128.store(to + rowBytes, f32x4.add(imaginaryReal, realImaginary));
}

function separate(from: usize, left: usize, right: usize, frames: i32): void {
  for (let i: usize = 0; i < (<usize>frames) << 2; i += 16) {
    const first = v128.load(from + (i << 1));
    const second = v128.load(from + (i << 1), 16);
    v128.store(left + i, v128.shuffle<f32>(first, second, 0, 2, 4, 6));
    v128.store(right + i, v128.shuffle<f32>(first, second, 1, 3, 5, 7));
  }
}

function isZero(at: usize, frames: i32): bool {
  for (const end = at + ((<usize>frames) << 3); at < end; at += 16) if (v128.any_true(v128.load(at))) return false;
  return true;
}
