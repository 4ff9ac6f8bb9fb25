// Two real signals as re and im of one complex transform: half the work, and a channel pair fits by itself.

/** Bins of a real signal's spectrum: 0 Hz to half the rate, both included. */
export function realBins(size: i32): i32 {
  return (size >> 1) + 1;
}

/**
 * Splits the spectrum Z (re, im; `size` points) of left + i right into the spectra of both, bins 0..size/2. The four outputs may not
 * overlap with Z and are written in fours, up to three numbers beyond.
 */
export function splitPair(
  re: usize,
  im: usize,
  size: i32,
  leftRe: usize,
  leftIm: usize,
  rightRe: usize,
  rightIm: usize,
): void {
  const half = f32x4.splat(0.5);
  const bytes = (<usize>size) << 2;
  splitBin(load<f32>(re), load<f32>(im), load<f32>(re), load<f32>(im), leftRe, leftIm, rightRe, rightIm);
  // Bins k..k+3 against their mirror images; from 1 on the mirror of k+3 is still above size / 2 - 1.
  let k: usize = 4;
  const end = bytes >> 1;
  for (; k + 12 <= end; k += 16) {
    const zr = v128.load(re + k);
    const zi = v128.load(im + k);
    const mr = reversed(v128.load(re + bytes - k - 12));
    const mi = reversed(v128.load(im + bytes - k - 12));
    v128.store(leftRe + k, f32x4.mul(f32x4.add(zr, mr), half));
    v128.store(leftIm + k, f32x4.mul(f32x4.sub(zi, mi), half));
    v128.store(rightRe + k, f32x4.mul(f32x4.add(zi, mi), half));
    v128.store(rightIm + k, f32x4.mul(f32x4.sub(mr, zr), half));
  }
  for (; k <= end; k += 4) {
    const mirror = bytes - k;
    splitBin(
      load<f32>(re + k),
      load<f32>(im + k),
      load<f32>(re + mirror),
      load<f32>(im + mirror),
      leftRe + k,
      leftIm + k,
      rightRe + k,
      rightIm + k,
    );
  }
}

function splitBin(
  zr: f32,
  zi: f32,
  mr: f32,
  mi: f32,
  leftRe: usize,
  leftIm: usize,
  rightRe: usize,
  rightIm: usize,
): void {
  store<f32>(leftRe, (zr + mr) * <f32>0.5);
  store<f32>(leftIm, (zi - mi) * <f32>0.5);
  store<f32>(rightRe, (zi + mi) * <f32>0.5);
  store<f32>(rightIm, (mr - zr) * <f32>0.5);
}

function reversed(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 2, 1, 0);
}

/** The opposite of `splitPair`: left + i right, with the mirrored half. Imaginary parts of the first and last bin are ignored. */
export function joinPair(
  leftRe: usize,
  leftIm: usize,
  rightRe: usize,
  rightIm: usize,
  size: i32,
  re: usize,
  im: usize,
): void {
  const bytes = (<usize>size) << 2;
  const end = bytes >> 1;
  store<f32>(re, load<f32>(leftRe));
  store<f32>(im, load<f32>(rightRe));
  store<f32>(re + end, load<f32>(leftRe + end));
  store<f32>(im + end, load<f32>(rightRe + end));
  let k: usize = 4;
  for (; k + 16 <= end; k += 16) {
    const lr = v128.load(leftRe + k);
    const li = v128.load(leftIm + k);
    const rr = v128.load(rightRe + k);
    const ri = v128.load(rightIm + k);
    v128.store(re + k, f32x4.sub(lr, ri));
    v128.store(im + k, f32x4.add(li, rr));
    v128.store(re + bytes - k - 12, reversed(f32x4.add(lr, ri)));
    v128.store(im + bytes - k - 12, reversed(f32x4.sub(rr, li)));
  }
  for (; k < end; k += 4) {
    const lr = load<f32>(leftRe + k);
    const li = load<f32>(leftIm + k);
    const rr = load<f32>(rightRe + k);
    const ri = load<f32>(rightIm + k);
    store<f32>(re + k, lr - ri);
    store<f32>(im + k, li + rr);
    store<f32>(re + bytes - k, lr + ri);
    store<f32>(im + bytes - k, rr - li);
  }
}
