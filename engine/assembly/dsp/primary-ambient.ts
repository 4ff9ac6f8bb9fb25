import { allocate } from "../abi/memory";
import { exp } from "./math";
import { SpectralProcess } from "./stft";

/** Time over which likeness is judged. */
const MEMORY_SECONDS: f64 = 0.1;
/** Keeps quotients of silence finite; powers are relative to a full-scale tone. */
const NOTHING: f32 = 1e-24;
const SQRT_HALF: f32 = 0.70710678;

/** Bins on either side that are judged together: chance likeness of unrelated sounds falls with the number of looks. */
const NEIGHBOURS: i32 = 2;
const MARGIN: usize = 16;

/**
 * Takes apart what stands in channels 0 and 1: leaves their ambience there and what they share as a centre in channel 2. One primary
 * sound a bin, ambience alike and unrelated on both sides: Faller, JAES 54(11), 2006; Avendano and Jot, JAES 52(7/8), 2004.
 */
export class PrimaryAmbient extends SpectralProcess {
  /** The covariance of each bin, smoothed in time: powers of left and right, and left times the conjugate of right. */
  private readonly left: usize;
  private readonly right: usize;
  private readonly crossRe: usize;
  private readonly crossIm: usize;
  private readonly bytes: usize;
  private readonly keep: f32;
  /** From squares of bins to powers. */
  private readonly scale: f32;

  /** Allocates for frames of `size` every `hopSeconds`. */
  constructor(size: i32, hopSeconds: f64) {
    super();
    const bins = ((size >> 1) + 4) & ~3;
    this.bytes = (<usize>bins) << 2;
    this.left = allocateBins(bins);
    this.right = allocateBins(bins);
    this.crossRe = allocateBins(bins);
    this.crossIm = allocateBins(bins);
    this.keep = <f32>exp(-hopSeconds / MEMORY_SECONDS);
    this.scale = <f32>(1 / (<f64>size * <f64>size));
  }

  reset(): void {
    memory.fill(this.left, 0, this.bytes);
    memory.fill(this.right, 0, this.bytes);
    memory.fill(this.crossRe, 0, this.bytes);
    memory.fill(this.crossIm, 0, this.bytes);
  }

  processFrame(spectra: usize, channels: i32, bins: i32, channelBytes: usize): void {
    this.listen(spectra, channelBytes);
    this.takeApart(spectra, channelBytes);
  }

  private listen(spectra: usize, channelBytes: usize): void {
    const imaginary = channelBytes >> 1;
    const other = spectra + channelBytes;
    for (let at: usize = 0; at < this.bytes; at += 16) {
      const lr = v128.load(spectra + at);
      const li = v128.load(spectra + imaginary + at);
      const rr = v128.load(other + at);
      const ri = v128.load(other + imaginary + at);
      this.smooth(this.left + at, lr, lr, li, li);
      this.smooth(this.right + at, rr, rr, ri, ri);
      this.smooth(this.crossRe + at, lr, rr, li, ri);
      this.smooth(this.crossIm + at, li, rr, lr, f32x4.neg(ri));
    }
  }

  /** Takes a b + c d into the mean at `mean`. */
  private smooth(mean: usize, a: v128, b: v128, c: v128, d: v128): void {
    const now = f32x4.mul(f32x4.add(f32x4.mul(a, b), f32x4.mul(c, d)), f32x4.splat(this.scale));
    const moved = f32x4.add(now, f32x4.mul(f32x4.sub(v128.load(mean), now), f32x4.splat(this.keep)));
    v128.store(mean, v128.and(moved, f32x4.gt(f32x4.abs(moved), f32x4.splat(NOTHING))));
  }

  private takeApart(spectra: usize, channelBytes: usize): void {
    const imaginary = channelBytes >> 1;
    const other = spectra + channelBytes;
    const middle = other + channelBytes;
    for (let at: usize = 0; at < this.bytes; at += 16) {
      const lr = v128.load(spectra + at);
      const li = v128.load(spectra + imaginary + at);
      const rr = v128.load(other + at);
      const ri = v128.load(other + imaginary + at);
      const left = around(this.left + at);
      const right = around(this.right + at);
      const re = around(this.crossRe + at);
      const im = around(this.crossIm + at);
      const share = f32x4.mul(sharedPart(left, right, re), f32x4.splat(SQRT_HALF));
      v128.store(middle + at, f32x4.mul(share, f32x4.add(lr, rr)));
      v128.store(middle + imaginary + at, f32x4.mul(share, f32x4.add(li, ri)));
      // The least squares estimate: the smaller eigenvalue of the covariance times its inverse.
      const weight = f32x4.div(f32x4.splat(1), largerEigenvalue(left, right, re, im));
      v128.store(spectra + at, f32x4.mul(weight, apart(right, lr, re, rr, im, f32x4.neg(ri))));
      v128.store(spectra + imaginary + at, f32x4.mul(weight, apart(right, li, re, ri, im, rr)));
      v128.store(other + at, f32x4.mul(weight, apart(left, rr, re, lr, im, li)));
      v128.store(other + imaginary + at, f32x4.mul(weight, apart(left, ri, re, li, im, f32x4.neg(lr))));
    }
  }
}

/** Bins with silence on either side. */
function allocateBins(bins: i32): usize {
  return allocate((bins << 2) + 2 * <i32>MARGIN) + MARGIN;
}

/** Sum of a bin and its neighbours, for four bins. */
function around(at: usize): v128 {
  let sum = v128.load(at);
  for (let away: usize = 4; away <= (<usize>NEIGHBOURS) << 2; away += 4)
    sum = f32x4.add(sum, f32x4.add(v128.load(at - away), v128.load(at + away)));
  return sum;
}

/** The share of the mid signal after whose loss both sides have nothing in common: 1 less side over mid, or none. */
function sharedPart(left: v128, right: v128, cross: v128): v128 {
  const both = f32x4.add(left, right);
  const twice = f32x4.add(cross, cross);
  const side = f32x4.pmax(f32x4.splat(0), f32x4.sub(both, twice));
  const mid = f32x4.pmax(f32x4.splat(NOTHING), f32x4.add(both, twice));
  return f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.splat(1), f32x4.sqrt(f32x4.div(side, mid))));
}

/** Of the covariance: the power of the primary sound with its part of the ambience. */
function largerEigenvalue(left: v128, right: v128, re: v128, im: v128): v128 {
  const half = f32x4.splat(0.5);
  const apart = f32x4.mul(half, f32x4.sub(left, right));
  const square = f32x4.add(f32x4.mul(apart, apart), f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
  const mean = f32x4.mul(half, f32x4.add(left, right));
  return f32x4.add(f32x4.add(mean, f32x4.sqrt(square)), f32x4.splat(NOTHING));
}

/** power own - (re other + im turned) */
function apart(power: v128, own: v128, re: v128, other: v128, im: v128, turned: v128): v128 {
  return f32x4.sub(f32x4.mul(power, own), f32x4.add(f32x4.mul(re, other), f32x4.mul(im, turned)));
}
