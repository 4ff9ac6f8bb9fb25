import { allocate } from "../abi/memory";

/** Mean spectrum of the two channels of a pair over some frames: the power of each, and E[right conj(left)]. All f32, one a bin. */
export class ToneSpectrum {
  readonly left: usize;
  readonly right: usize;
  readonly sharedRe: usize;
  readonly sharedIm: usize;

  /** Allocates. */
  constructor(private readonly bins: i32) {
    this.left = allocate(bins << 2);
    this.right = allocate(bins << 2);
    this.sharedRe = allocate(bins << 2);
    this.sharedIm = allocate(bins << 2);
  }

  reset(): void {
    const bytes = (<usize>this.bins) << 2;
    memory.fill(this.left, 0, bytes);
    memory.fill(this.right, 0, bytes);
    memory.fill(this.sharedRe, 0, bytes);
    memory.fill(this.sharedIm, 0, bytes);
  }

  /** Moves the mean by `share` of the way to one frame's spectra. */
  add(leftRe: usize, leftIm: usize, rightRe: usize, rightIm: usize, share: f32): void {
    const bytes = (<usize>this.bins) << 2;
    for (let i: usize = 0; i < bytes; i += 4) {
      const lr = load<f32>(leftRe + i);
      const li = load<f32>(leftIm + i);
      const rr = load<f32>(rightRe + i);
      const ri = load<f32>(rightIm + i);
      approach(this.left + i, lr * lr + li * li, share);
      approach(this.right + i, rr * rr + ri * ri, share);
      approach(this.sharedRe + i, rr * lr + ri * li, share);
      approach(this.sharedIm + i, ri * lr - rr * li, share);
    }
  }

  /** Takes over the spectrum `from`, whose sample rate is ours divided by `ratio`, with the powers per hertz as they are. */
  stretch(from: ToneSpectrum, ratio: f64): void {
    for (let bin = 0; bin < this.bins; ++bin) {
      const at = (<usize>bin) << 2;
      store<f32>(this.left + at, from.between(from.left, <f64>bin * ratio, ratio));
      store<f32>(this.right + at, from.between(from.right, <f64>bin * ratio, ratio));
      store<f32>(this.sharedRe + at, from.between(from.sharedRe, <f64>bin * ratio, ratio));
      store<f32>(this.sharedIm + at, from.between(from.sharedIm, <f64>bin * ratio, ratio));
    }
  }

  private between(values: usize, place: f64, ratio: f64): f32 {
    const below = <i32>floor(place);
    if (below >= this.bins - 1) return 0;
    const at = values + ((<usize>below) << 2);
    const way = place - <f64>below;
    return <f32>(((1 - way) * <f64>load<f32>(at) + way * <f64>load<f32>(at, 4)) * ratio);
  }
}

function approach(at: usize, value: f32, share: f32): void {
  const mean = load<f32>(at);
  store<f32>(at, mean + (value - mean) * share);
}
