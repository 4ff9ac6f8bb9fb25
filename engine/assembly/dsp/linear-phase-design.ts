import { allocate } from "../abi/memory";
import { CENTRE_PAIR, isMidSide, lanesOf } from "./band-lanes";
import { EqualizerBand } from "./equalizer-band";
import { fftOf, MOST_FFT } from "./fft";
import { LANE_BOTH, LANE_LEFT, LANE_RIGHT } from "./filter-cascade";
import { ImpulseSpectra } from "./impulse-spectra";
import { cos, PI } from "./math";

/** Outer share of the response that is faded out. */
const TAPER: f64 = 0.5;
const BINS: i32 = MOST_FFT / 2 + 1;

// One design at a time: all share these. Four magnitudes a bin: left, right, mid, side.
let magnitudes: usize = 0;
let re: usize = 0;
let im: usize = 0;

function allocateShared(): void {
  if (magnitudes != 0) return;
  magnitudes = allocate(BINS << 5);
  re = allocate(MOST_FFT << 2);
  im = allocate(MOST_FFT << 2);
  fftOf(MOST_FFT);
}

/** From left to left, right to right, left to right, right to left: the responses of a linear-phase equalizer. */
export const LEFT_LEFT: i32 = 0;
export const RIGHT_RIGHT: i32 = 1;
export const LEFT_RIGHT: i32 = 2;
export const RIGHT_LEFT: i32 = 3;

/**
 * Symmetric impulse responses with the magnitudes of an equalizer's analogue bands, by frequency sampling: 65536 points, tapered to
 * twice `reach` frames and one.
 */
export class LinearPhaseDesign {
  /** f32 pairs: the first two responses, then the others. */
  private readonly responses: usize;
  private readonly frames: i32;

  constructor(
    private readonly sampleRate: f64,
    private readonly reach: i32,
  ) {
    allocateShared();
    this.frames = 2 * reach + 1;
    this.responses = allocate((2 * this.frames) << 3);
  }

  /** Begins a design. */
  begin(): void {
    const end = magnitudes + ((<usize>BINS) << 5);
    for (let at = magnitudes; at < end; at += 16) v128.store(at, f64x2.splat(1));
  }

  /** Adds a band; in the centre pair only bands for both channels count. */
  add(band: EqualizerBand, channels: i32, pair: i32): void {
    const lanes = lanesOf(channels);
    if (pair == CENTRE_PAIR && lanes != LANE_BOTH) return;
    const offset: usize = isMidSide(channels) ? 16 : 0;
    const scale = this.sampleRate / <f64>MOST_FFT;
    for (let bin = 0; bin < BINS; ++bin) {
      const magnitude = sqrt(band.power(<f64>bin * scale));
      const at = magnitudes + ((<usize>bin) << 5) + offset;
      if (lanes != LANE_RIGHT) store<f64>(at, load<f64>(at) * magnitude);
      if (lanes != LANE_LEFT) store<f64>(at, load<f64>(at, 8) * magnitude, 8);
    }
  }

  /** Writes the responses; the second pair of them only when `crossing`, without which mid and side are alike. */
  finish(to: ImpulseSpectra, crossing: bool): void {
    this.respond(LEFT_LEFT, 0);
    if (crossing) this.respond(LEFT_RIGHT, (<usize>this.frames) << 3);
    to.set(this.responses, this.frames, this.frames, 1);
  }

  /** Two responses as real and imaginary part of one transform, as both spectra are real and even. */
  private respond(first: i32, offset: usize): void {
    for (let bin = 0; bin < BINS; ++bin) {
      const at = magnitudes + ((<usize>bin) << 5);
      const one = <f32>routeOf(at, first);
      const other = <f32>routeOf(at, first + 1);
      const place = (<usize>bin) << 2;
      const mirror = (<usize>((MOST_FFT - bin) & (MOST_FFT - 1))) << 2;
      store<f32>(re + place, one);
      store<f32>(re + mirror, one);
      store<f32>(im + place, other);
      store<f32>(im + mirror, other);
    }
    fftOf(MOST_FFT).inverse(re, im);
    for (let i = 0; i < this.frames; ++i) {
      const away = i - this.reach;
      const from = (<usize>(away & (MOST_FFT - 1))) << 2;
      const weight = this.taper(away);
      const to = this.responses + offset + ((<usize>i) << 3);
      store<f32>(to, <f32>(<f64>load<f32>(re + from) * weight));
      store<f32>(to, <f32>(<f64>load<f32>(im + from) * weight), 4);
    }
  }

  private taper(away: i32): f64 {
    const share = abs(<f64>away) / <f64>(this.reach + 1);
    const into = (share - (1 - TAPER)) / TAPER;
    return (into <= 0 ? 1 : 0.5 + 0.5 * cos(PI * into)) / <f64>MOST_FFT;
  }
}

/** The magnitude from one channel to another: the bands on left and right come first, then those on mid and side. */
function routeOf(at: usize, route: i32): f64 {
  const mid = load<f64>(at, 16);
  const side = load<f64>(at, 24);
  const through = 0.5 * (route == LEFT_LEFT || route == RIGHT_RIGHT ? mid + side : mid - side);
  return through * load<f64>(at + (route == LEFT_LEFT || route == LEFT_RIGHT ? 0 : 8));
}
