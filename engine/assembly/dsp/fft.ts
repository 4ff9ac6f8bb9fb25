import { allocate } from "../abi/memory";
import { cos, PI, sin } from "./math";

/** Smallest and largest transform. */
export const LEAST_FFT: i32 = 64;
export const MOST_FFT: i32 = 65536;

/** Twiddles of one butterfly: w, w^2, w^3, each re and im, f32. */
const TWIDDLES: usize = 6;

const plans: Fft[] = [];

/** Gives the transform of a size; one for all who ask, as it keeps nothing between two calls. Allocates on first use. */
export function fftOf(size: i32): Fft {
  for (let i = 0; i < plans.length; ++i) if (plans[i].size == size) return plans[i];
  const plan = new Fft(size);
  plans.push(plan);
  return plan;
}

/**
 * Complex FFT of `size` = 2^k points, f32, re and im apart: Stockham radix 4, self-sorting, with a radix-2 stage at the end when k is
 * odd. The first stage takes four butterflies in the lanes and transposes, the others four neighbours of the stride.
 */
export class Fft {
  private readonly twiddles: usize;
  private readonly spareRe: usize;
  private readonly spareIm: usize;

  constructor(readonly size: i32) {
    this.twiddles = allocate(size * <i32>(TWIDDLES << 2));
    this.spareRe = allocate(size << 2);
    this.spareIm = allocate(size << 2);
    this.tabulate();
  }

  /** First stage: six vectors for four butterflies; then six numbers a butterfly. */
  private tabulate(): void {
    let at = this.twiddles;
    const first = this.size >> 2;
    for (let p = 0; p < first; p += 4, at += TWIDDLES << 4) {
      for (let lane = 0; lane < 4; ++lane) storeTwiddles(at + ((<usize>lane) << 2), 16, p + lane, this.size);
    }
    for (let n = first; n > 4; n >>= 2) {
      for (let p = 0; p < n >> 2; ++p, at += TWIDDLES << 2) storeTwiddles(at, 4, p, n);
    }
  }

  /** In place, unscaled: X[k] = sum of x[n] e^(-2 pi i k n / size). Addresses are 16-byte aligned. */
  forward(re: usize, im: usize): void {
    const spareRe = this.spareRe;
    const spareIm = this.spareIm;
    firstStage(re, im, spareRe, spareIm, this.size >> 2, this.twiddles);
    let at = this.twiddles + <usize>(this.size >> 2) * (TWIDDLES << 2);
    let inSpare = true;
    let n = this.size >> 2;
    let stride = 4;
    for (; n > 4; n >>= 2, stride <<= 2) {
      if (inSpare) laterStage(spareRe, spareIm, re, im, n >> 2, stride, at);
      else laterStage(re, im, spareRe, spareIm, n >> 2, stride, at);
      at += <usize>(n >> 2) * (TWIDDLES << 2);
      inSpare = !inSpare;
    }
    const fromRe = inSpare ? spareRe : re;
    const fromIm = inSpare ? spareIm : im;
    if (n == 4) lastStage4(fromRe, fromIm, re, im, stride);
    else lastStage2(fromRe, fromIm, re, im, stride);
  }

  /** In place, unscaled: gives `size` times what `forward` took. */
  inverse(re: usize, im: usize): void {
    this.forward(im, re);
  }
}

function storeTwiddles(at: usize, step: usize, p: i32, n: i32): void {
  for (let power = 1; power <= 3; ++power) {
    const angle = (-2 * PI * <f64>(p * power)) / <f64>n;
    store<f32>(at, <f32>cos(angle));
    store<f32>(at + step, <f32>sin(angle));
    at += step << 1;
  }
}

/** Stride 1: lanes are butterflies p..p+3, whose results lie four apart, so they are transposed. */
function firstStage(re: usize, im: usize, toRe: usize, toIm: usize, quarter: i32, twiddles: usize): void {
  const b = (<usize>quarter) << 2;
  const c = b << 1;
  const d = b + c;
  for (let end = re + b; re < end; re += 16, im += 16, toRe += 64, toIm += 64, twiddles += TWIDDLES << 4) {
    const ar = v128.load(re);
    const ai = v128.load(im);
    const br = v128.load(re + b);
    const bi = v128.load(im + b);
    const cr = v128.load(re + c);
    const ci = v128.load(im + c);
    const dr = v128.load(re + d);
    const di = v128.load(im + d);
    const sumR = f32x4.add(ar, cr);
    const sumI = f32x4.add(ai, ci);
    const differenceR = f32x4.sub(ar, cr);
    const differenceI = f32x4.sub(ai, ci);
    const otherR = f32x4.add(br, dr);
    const otherI = f32x4.add(bi, di);
    const turnedR = f32x4.sub(bi, di);
    const turnedI = f32x4.sub(dr, br);
    const y0r = f32x4.add(sumR, otherR);
    const y0i = f32x4.add(sumI, otherI);
    const u1r = f32x4.add(differenceR, turnedR);
    const u1i = f32x4.add(differenceI, turnedI);
    const u2r = f32x4.sub(sumR, otherR);
    const u2i = f32x4.sub(sumI, otherI);
    const u3r = f32x4.sub(differenceR, turnedR);
    const u3i = f32x4.sub(differenceI, turnedI);
    const w1r = v128.load(twiddles);
    const w1i = v128.load(twiddles, 16);
    const w2r = v128.load(twiddles, 32);
    const w2i = v128.load(twiddles, 48);
    const w3r = v128.load(twiddles, 64);
    const w3i = v128.load(twiddles, 80);
    storeTransposed(
      toRe,
      y0r,
      f32x4.sub(f32x4.mul(u1r, w1r), f32x4.mul(u1i, w1i)),
      f32x4.sub(f32x4.mul(u2r, w2r), f32x4.mul(u2i, w2i)),
      f32x4.sub(f32x4.mul(u3r, w3r), f32x4.mul(u3i, w3i)),
    );
    storeTransposed(
      toIm,
      y0i,
      f32x4.add(f32x4.mul(u1r, w1i), f32x4.mul(u1i, w1r)),
      f32x4.add(f32x4.mul(u2r, w2i), f32x4.mul(u2i, w2r)),
      f32x4.add(f32x4.mul(u3r, w3i), f32x4.mul(u3i, w3r)),
    );
  }
}

function storeTransposed(to: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  const low01 = v128.shuffle<f32>(y0, y1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(y0, y1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(y2, y3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(y2, y3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 16);
  v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 32);
  v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 48);
}

/** Lanes are four neighbours within the stride; all share the butterfly's twiddles. */
function laterStage(re: usize, im: usize, toRe: usize, toIm: usize, quarter: i32, stride: i32, twiddles: usize): void {
  const step = (<usize>stride) << 2;
  const b = <usize>quarter * step;
  const c = b << 1;
  const d = b + c;
  const step2 = step << 1;
  const step3 = step2 + step;
  for (let last = re + b; re < last; toRe += step3, toIm += step3, twiddles += TWIDDLES << 2) {
    const w1r = v128.load32_splat(twiddles);
    const w1i = v128.load32_splat(twiddles, 4);
    const w2r = v128.load32_splat(twiddles, 8);
    const w2i = v128.load32_splat(twiddles, 12);
    const w3r = v128.load32_splat(twiddles, 16);
    const w3i = v128.load32_splat(twiddles, 20);
    for (let end = re + step; re < end; re += 16, im += 16, toRe += 16, toIm += 16) {
      const ar = v128.load(re);
      const ai = v128.load(im);
      const br = v128.load(re + b);
      const bi = v128.load(im + b);
      const cr = v128.load(re + c);
      const ci = v128.load(im + c);
      const dr = v128.load(re + d);
      const di = v128.load(im + d);
      const sumR = f32x4.add(ar, cr);
      const sumI = f32x4.add(ai, ci);
      const differenceR = f32x4.sub(ar, cr);
      const differenceI = f32x4.sub(ai, ci);
      const otherR = f32x4.add(br, dr);
      const otherI = f32x4.add(bi, di);
      const turnedR = f32x4.sub(bi, di);
      const turnedI = f32x4.sub(dr, br);
      v128.store(toRe, f32x4.add(sumR, otherR));
      v128.store(toIm, f32x4.add(sumI, otherI));
      const u1r = f32x4.add(differenceR, turnedR);
      const u1i = f32x4.add(differenceI, turnedI);
      v128.store(toRe + step, f32x4.sub(f32x4.mul(u1r, w1r), f32x4.mul(u1i, w1i)));
      v128.store(toIm + step, f32x4.add(f32x4.mul(u1r, w1i), f32x4.mul(u1i, w1r)));
      const u2r = f32x4.sub(sumR, otherR);
      const u2i = f32x4.sub(sumI, otherI);
      v128.store(toRe + step2, f32x4.sub(f32x4.mul(u2r, w2r), f32x4.mul(u2i, w2i)));
      v128.store(toIm + step2, f32x4.add(f32x4.mul(u2r, w2i), f32x4.mul(u2i, w2r)));
      const u3r = f32x4.sub(differenceR, turnedR);
      const u3i = f32x4.sub(differenceI, turnedI);
      v128.store(toRe + step3, f32x4.sub(f32x4.mul(u3r, w3r), f32x4.mul(u3i, w3i)));
      v128.store(toIm + step3, f32x4.add(f32x4.mul(u3r, w3i), f32x4.mul(u3i, w3r)));
    }
  }
}

/** Radix 4 without twiddles; may work in place. */
function lastStage4(re: usize, im: usize, toRe: usize, toIm: usize, stride: i32): void {
  const b = (<usize>stride) << 2;
  const c = b << 1;
  const d = b + c;
  for (let end = re + b; re < end; re += 16, im += 16, toRe += 16, toIm += 16) {
    const ar = v128.load(re);
    const ai = v128.load(im);
    const br = v128.load(re + b);
    const bi = v128.load(im + b);
    const cr = v128.load(re + c);
    const ci = v128.load(im + c);
    const dr = v128.load(re + d);
    const di = v128.load(im + d);
    const sumR = f32x4.add(ar, cr);
    const sumI = f32x4.add(ai, ci);
    const differenceR = f32x4.sub(ar, cr);
    const differenceI = f32x4.sub(ai, ci);
    const otherR = f32x4.add(br, dr);
    const otherI = f32x4.add(bi, di);
    const turnedR = f32x4.sub(bi, di);
    const turnedI = f32x4.sub(dr, br);
    v128.store(toRe, f32x4.add(sumR, otherR));
    v128.store(toIm, f32x4.add(sumI, otherI));
    v128.store(toRe + b, f32x4.add(differenceR, turnedR));
    v128.store(toIm + b, f32x4.add(differenceI, turnedI));
    v128.store(toRe + c, f32x4.sub(sumR, otherR));
    v128.store(toIm + c, f32x4.sub(sumI, otherI));
    v128.store(toRe + d, f32x4.sub(differenceR, turnedR));
    v128.store(toIm + d, f32x4.sub(differenceI, turnedI));
  }
}

/** Radix 2 without twiddles; may work in place. */
function lastStage2(re: usize, im: usize, toRe: usize, toIm: usize, stride: i32): void {
  const b = (<usize>stride) << 2;
  for (let end = re + b; re < end; re += 16, im += 16, toRe += 16, toIm += 16) {
    const ar = v128.load(re);
    const ai = v128.load(im);
    const br = v128.load(re + b);
    const bi = v128.load(im + b);
    v128.store(toRe, f32x4.add(ar, br));
    v128.store(toIm, f32x4.add(ai, bi));
    v128.store(toRe + b, f32x4.sub(ar, br));
    v128.store(toIm + b, f32x4.sub(ai, bi));
  }
}
