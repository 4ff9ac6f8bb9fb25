import { allocate } from "../abi/memory";
import { ClipFinder } from "./clip-finder";
import { Fft, fftOf } from "./fft";
import { HopProcess } from "./hop-lines";
import { PI, sin } from "./math";
import { joinPair, realBins, splitPair } from "./real-pair";

const ITERATIONS: i32 = 75;
/** Iterations by the first weighting, and by each of those that follow. */
const FIRST_ITERATIONS: i32 = 30;
const LATER_ITERATIONS: i32 = 15;
/** Share of the strongest bin that the first weighting takes away at half the sample rate. */
const FIRST_STRENGTH: f32 = 3;
/** Share of the strongest bin that the later ones take away there, and that bins count at least. */
const STRENGTH: f32 = 0.001;
const LEAST_SHARE: f32 = 0.001;
/** Bins on each side over which the present estimate is smoothed to weigh by. */
const REACH: i32 = 8;
/** Over-relaxation; 1 is none, below 2. */
const RELAXATION: f32 = 1.8;

/**
 * Restores clipped samples of channel pairs: among all sounds that agree with what is left, and go on beyond the clipping level where
 * it was clipped, the one whose spectrum is sparsest. High frequencies count dearer at first (P. Zaviska, P. Rajmic and J. Schimmel,
 * Psychoacoustically motivated audio declipping, ICASSP 2019), later every bin by the inverse of what the estimate has around it (E.
 * Candes, M. Wakin and S. Boyd, J. Fourier Analysis and Applications 14, 2008). Solved by the alternating direction method of multipliers.
 */
export class ClipRestoration extends HopProcess {
  /** Level at which clipping begins; 0 = plateaus tell. */
  level: f32 = 0;
  private readonly finders: StaticArray<ClipFinder>;
  private readonly size: i32;
  private readonly bins: i32;
  private readonly fft: Fft;
  private readonly window: usize;
  /** Thresholds of the first weighting over the strongest bin. */
  private readonly weights: usize;
  /** Thresholds of every bin, left and right. */
  private readonly thresholds: usize;
  private readonly magnitudes: usize;
  /** Marks, windowed input and present estimate, one line for each lane. */
  private readonly marks: usize;
  private readonly known: usize;
  private readonly estimate: usize;
  /** Spectra of the estimate, what it was drawn to, and the multipliers: left re, left im, right re, right im. */
  private readonly spectra: usize;
  private readonly drawn: usize;
  private readonly multipliers: usize;
  private readonly re: usize;
  private readonly im: usize;
  private readonly changes: usize;
  private readonly partBytes: usize;
  private readonly lineBytes: usize;

  /** Allocates. */
  constructor(
    private readonly channels: i32,
    private readonly pairs: i32,
    private readonly hop: i32,
  ) {
    super();
    const size = 2 * hop;
    const bins = realBins(size);
    const finders = new StaticArray<ClipFinder>(channels);
    for (let channel = 0; channel < channels; ++channel) finders[channel] = new ClipFinder();
    this.finders = finders;
    this.size = size;
    this.bins = bins;
    this.fft = fftOf(size);
    const lineBytes = (<usize>size) << 2;
    const partBytes = (<usize>((bins + 7) & ~3)) << 2;
    this.lineBytes = lineBytes;
    this.partBytes = partBytes;
    const window = allocate(size << 2);
    const weights = allocate(<i32>partBytes);
    for (let i = 0; i < size; ++i) store<f32>(window + ((<usize>i) << 2), <f32>sin((PI * (<f64>i + 0.5)) / <f64>size));
    for (let k = 0; k < bins; ++k) {
      const share = <f64>k / <f64>hop + 1 / <f64>2048;
      store<f32>(weights + ((<usize>k) << 2), <f32>(share * sqrt(share)));
    }
    this.thresholds = allocate(2 * <i32>partBytes);
    this.magnitudes = allocate(<i32>partBytes);
    this.window = window;
    this.weights = weights;
    this.marks = allocate(2 * <i32>lineBytes);
    this.known = allocate(2 * <i32>lineBytes);
    this.estimate = allocate(2 * <i32>lineBytes);
    this.re = allocate(<i32>lineBytes);
    this.im = allocate(<i32>lineBytes);
    this.spectra = allocate(4 * <i32>partBytes);
    this.drawn = allocate(4 * <i32>partBytes);
    this.multipliers = allocate(4 * <i32>partBytes);
    this.changes = allocate(2 * pairs * (hop << 2));
  }

  reset(): void {
    for (let channel = 0; channel < this.channels; ++channel) this.finders[channel].reset();
    memory.fill(this.changes, 0, (<usize>(2 * this.pairs * this.hop)) << 2);
  }

  /** Lines of two hops: the first one is finished, the second gets its other half the next time. */
  processHop(lines: usize, lineBytes: usize): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      const left = lines + <usize>(2 * pair) * lineBytes;
      const right = left + lineBytes;
      const clippedLeft = this.take(left, 2 * pair, 0);
      const clippedRight = 2 * pair + 1 < this.channels ? this.take(right, 2 * pair + 1, 1) : false;
      if (clippedLeft || clippedRight) this.iterate();
      this.finish(left, 2 * pair, 0, clippedLeft);
      if (2 * pair + 1 < this.channels) this.finish(right, 2 * pair + 1, 1, clippedRight);
      else memory.copy(right, left, (<usize>this.hop) << 2);
    }
  }

  /** Marks what is clipped in a lane and starts from the windowed sound. */
  private take(line: usize, channel: i32, lane: usize): bool {
    const offset = lane * this.lineBytes;
    for (let i: usize = 0; i < this.lineBytes; i += 16) {
      const windowed = f32x4.mul(v128.load(line + i), v128.load(this.window + i));
      v128.store(this.known + offset + i, windowed);
      v128.store(this.estimate + offset + i, windowed);
    }
    return this.finders[channel].find(line, this.size, this.level, this.marks + offset);
  }

  private iterate(): void {
    memory.fill(this.multipliers, 0, 4 * this.partBytes);
    this.transform();
    memory.copy(this.drawn, this.spectra, 4 * this.partBytes);
    for (let i = 0; i < ITERATIONS; ++i) {
      const again = i >= FIRST_ITERATIONS && (i - FIRST_ITERATIONS) % LATER_ITERATIONS == 0;
      if (i == 0 || again) for (let lane: usize = 0; lane < 2; ++lane) this.weigh(lane, i == 0);
      this.draw(0);
      this.draw(1);
      this.project();
      this.transform();
    }
  }

  private transform(): void {
    memory.copy(this.re, this.estimate, this.lineBytes);
    memory.copy(this.im, this.estimate + this.lineBytes, this.lineBytes);
    this.fft.forward(this.re, this.im);
    const to = this.spectra;
    const part = this.partBytes;
    splitPair(this.re, this.im, this.size, to, to + part, to + 2 * part, to + 3 * part);
  }

  /** Sets the thresholds of one channel, the first time by frequency, then by the present estimate. */
  private weigh(lane: usize, first: bool): void {
    const strongest = this.findMagnitudes(lane);
    const to = this.thresholds + lane * this.partBytes;
    if (first) {
      for (let i: usize = 0; i < (<usize>this.bins) << 2; i += 4)
        store<f32>(to + i, FIRST_STRENGTH * strongest * load<f32>(this.weights + i));
      return;
    }
    this.smoothMagnitudes(to);
    let most: f32 = 1e-20;
    for (let i: usize = 0; i < (<usize>this.bins) << 2; i += 4) most = max(most, load<f32>(to + i));
    for (let i: usize = 0; i < (<usize>this.bins) << 2; i += 4)
      store<f32>(to + i, (STRENGTH * most) / (load<f32>(to + i) / most + LEAST_SHARE));
  }

  /** Writes the magnitudes of one channel's bins and gives the greatest. */
  private findMagnitudes(lane: usize): f32 {
    const spectrum = this.spectra + 2 * lane * this.partBytes;
    let most: f32 = 0;
    for (let i: usize = 0; i < (<usize>this.bins) << 2; i += 4) {
      const re = load<f32>(spectrum + i);
      const im = load<f32>(spectrum + this.partBytes + i);
      const magnitude = sqrt(re * re + im * im);
      store<f32>(this.magnitudes + i, magnitude);
      most = max(most, magnitude);
    }
    return most;
  }

  /** Writes the means of the magnitudes over REACH bins on each side; beyond the ends there is nothing. */
  private smoothMagnitudes(to: usize): void {
    let sum: f64 = 0;
    for (let k = -REACH; k < this.bins; ++k) {
      if (k + REACH < this.bins) sum += <f64>load<f32>(this.magnitudes + ((<usize>(k + REACH)) << 2));
      if (k > REACH) sum -= <f64>load<f32>(this.magnitudes + ((<usize>(k - REACH - 1)) << 2));
      if (k >= 0) store<f32>(to + ((<usize>k) << 2), <f32>(max<f64>(0, sum) / <f64>(2 * REACH + 1)));
    }
  }

  /** Draws one channel's spectrum towards a sparse one, and leaves there what the sound shall be projected from. */
  private draw(lane: usize): void {
    const thresholds = this.thresholds + lane * this.partBytes;
    const offset = 2 * lane * this.partBytes;
    const re = this.spectra + offset;
    const im = re + this.partBytes;
    const one = f32x4.splat(1);
    const least = f32x4.splat(1e-20);
    const relaxed = f32x4.splat(RELAXATION);
    const kept = f32x4.splat(<f32>1 - RELAXATION);
    for (let i: usize = 0; i < (<usize>this.bins) << 2; i += 16) {
      const drawnRe = this.drawn + offset + i;
      const multiplierRe = this.multipliers + offset + i;
      const xr = v128.load(re + i);
      const xi = v128.load(im + i);
      const ur = f32x4.sub(f32x4.add(v128.load(multiplierRe), xr), v128.load(drawnRe));
      const ui = f32x4.sub(
        f32x4.add(v128.load(multiplierRe + this.partBytes), xi),
        v128.load(drawnRe + this.partBytes),
      );
      const zr = f32x4.add(xr, ur);
      const zi = f32x4.add(xi, ui);
      const magnitude = f32x4.sqrt(f32x4.pmax(f32x4.add(f32x4.mul(zr, zr), f32x4.mul(zi, zi)), least));
      const share = f32x4.pmax(f32x4.sub(one, f32x4.div(v128.load(thresholds + i), magnitude)), f32x4.splat(0));
      const scale = f32x4.mul(share, relaxed);
      const dr = f32x4.add(f32x4.mul(scale, zr), f32x4.mul(kept, xr));
      const di = f32x4.add(f32x4.mul(scale, zi), f32x4.mul(kept, xi));
      v128.store(multiplierRe, ur);
      v128.store(multiplierRe + this.partBytes, ui);
      v128.store(drawnRe, dr);
      v128.store(drawnRe + this.partBytes, di);
      v128.store(re + i, f32x4.sub(dr, ur));
      v128.store(im + i, f32x4.sub(di, ui));
    }
  }

  /** Back in time: what is known stays, what was clipped goes beyond where it was clipped. */
  private project(): void {
    const from = this.spectra;
    const part = this.partBytes;
    joinPair(from, from + part, from + 2 * part, from + 3 * part, this.size, this.re, this.im);
    this.fft.inverse(this.re, this.im);
    this.projectLane(this.re, 0);
    this.projectLane(this.im, this.lineBytes);
  }

  private projectLane(from: usize, offset: usize): void {
    const scale = f32x4.splat(<f32>1 / <f32>this.size);
    const zero = f32x4.splat(0);
    for (let i: usize = 0; i < this.lineBytes; i += 16) {
      const known = v128.load(this.known + offset + i);
      const mark = v128.load(this.marks + offset + i);
      const x = f32x4.mul(v128.load(from + i), scale);
      const above = v128.bitselect(f32x4.pmax(x, known), known, f32x4.gt(mark, zero));
      v128.store(this.estimate + offset + i, v128.bitselect(f32x4.pmin(x, known), above, f32x4.lt(mark, zero)));
    }
  }

  /** Adds half of the change to each of the two hops; the first one has both halves then. */
  private finish(line: usize, channel: i32, lane: usize, clipped: bool): void {
    const offset = lane * this.lineBytes;
    const changes = this.changes + ((<usize>(channel * this.hop)) << 2);
    const half = (<usize>this.hop) << 2;
    for (let i: usize = 0; i < half; i += 16) {
      let first = v128.load(changes + i);
      let second = f32x4.splat(0);
      if (clipped) {
        first = f32x4.add(first, this.change(offset + i, i));
        second = this.change(offset + half + i, half + i);
      }
      v128.store(line + i, f32x4.add(v128.load(line + i), first));
      v128.store(changes + i, second);
    }
  }

  private change(at: usize, i: usize): v128 {
    return f32x4.mul(v128.load(this.window + i), f32x4.sub(v128.load(this.estimate + at), v128.load(this.known + at)));
  }
}
