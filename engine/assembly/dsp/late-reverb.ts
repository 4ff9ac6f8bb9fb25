import { allocateBands, BandFrames, bandBytes, smoothBins } from "./band-frames";
import { DecayFinder } from "./decay-finder";
import { exp } from "./math";
import { SpectralProcess } from "./stft";

/** What is late begins so many frames after the sound (53 ms). */
const LATE_FRAMES: i32 = 5;
/** Frames over which power is averaged. */
const MEAN_FRAMES: i32 = 3;
/** Share of the sound that goes on as reverberation from one frame to the next: less for a near source. */
const DIRECTNESS: f32 = 0.12;
/** ln(10^6): the decay of power in the decay time. */
const DECAY: f64 = 13.815510557964274;
/** Weight of the last frame in the decision-directed estimate. */
const INERTIA: f32 = 0.9;
const LEAST: f32 = 1e-12;
const MOST_RATIO: f32 = 1e6;

/**
 * Weakens the late reverberation in each channel's spectra: its power is that of the reverberation some 50 ms ago, decayed as the room
 * decays (K. Lebart, J. Boucher and P. Denbigh, Acta Acustica 87(3), 2001; with the share of the direct sound after E. Habets,
 * S. Gannot and I. Cohen, IEEE Signal Processing Letters 16(9), 2009).
 */
export class LateReverb extends SpectralProcess {
  leastGain: f32 = 0.4;
  /** The decay time is listened for; otherwise it is `seconds`. */
  finding: bool = true;
  seconds: f64 = 0.6;
  private readonly bytes: usize;
  private readonly powers: StaticArray<BandFrames>;
  private readonly finders: StaticArray<DecayFinder>;
  /** Power of all reverberation in the last frames. */
  private readonly reverberation: StaticArray<BandFrames>;
  /** Power of the last frame's early sound over the late one. */
  private readonly early: StaticArray<usize>;
  private readonly mean: usize;
  private readonly smooth: usize;

  /** Allocates. A lane without a channel gets what the channel before it gets. */
  constructor(
    private readonly channels: i32,
    private readonly bins: i32,
    binHz: f64,
    private readonly frameSeconds: f64,
  ) {
    super();
    this.bytes = bandBytes(bins);
    const powers = new StaticArray<BandFrames>(channels);
    const reverberation = new StaticArray<BandFrames>(channels);
    const finders = new StaticArray<DecayFinder>(channels);
    const early = new StaticArray<usize>(channels);
    for (let channel = 0; channel < channels; ++channel) {
      powers[channel] = new BandFrames(bins, MEAN_FRAMES + 1);
      reverberation[channel] = new BandFrames(bins, LATE_FRAMES);
      finders[channel] = new DecayFinder(binHz, bins, frameSeconds, 0.4);
      early[channel] = allocateBands(bins);
    }
    this.powers = powers;
    this.finders = finders;
    this.reverberation = reverberation;
    this.early = early;
    this.mean = allocateBands(bins);
    this.smooth = allocateBands(bins);
  }

  reset(): void {
    for (let channel = 0; channel < this.channels; ++channel) {
      this.powers[channel].reset();
      this.finders[channel].reset();
      this.reverberation[channel].reset();
      memory.fill(this.early[channel], 0, this.bytes);
    }
  }

  processFrame(spectra: usize, channels: i32, bins: i32, channelBytes: usize): void {
    for (let channel = 0; channel < this.channels; ++channel) {
      const re = spectra + <usize>channel * channelBytes;
      this.hear(channel, re, re + (channelBytes >> 1));
      this.weaken(channel, re, re + (channelBytes >> 1));
    }
    if (this.channels < channels)
      memory.copy(
        spectra + <usize>this.channels * channelBytes,
        spectra + <usize>(this.channels - 1) * channelBytes,
        channelBytes,
      );
  }

  private hear(channel: i32, re: usize, im: usize): void {
    const powers = this.powers[channel];
    powers.turn();
    const power = powers.at(0);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const real = v128.load(re + i);
      const imaginary = v128.load(im + i);
      v128.store(power + i, f32x4.add(f32x4.mul(real, real), f32x4.mul(imaginary, imaginary)));
    }
    memory.fill(power + ((<usize>this.bins) << 2), 0, 12);
    this.finders[channel].hear(power);
    powers.mean(1, MEAN_FRAMES, this.mean, this.bytes);
    smoothBins(this.mean, this.smooth, this.bins, 1);
    this.reverberate(channel);
  }

  /** Part of the power that is left after some frames. */
  private left(channel: i32, frames: i32): f32 {
    const seconds = this.finding ? this.finders[channel].seconds : this.seconds;
    return <f32>exp((-DECAY * this.frameSeconds * <f64>frames) / seconds);
  }

  /** Takes the sound of the frame before into the reverberation. */
  private reverberate(channel: i32): void {
    const reverberation = this.reverberation[channel];
    const before = reverberation.at(0);
    reverberation.turn();
    const now = reverberation.at(0);
    const left = this.left(channel, 1);
    const old = f32x4.splat(left * (<f32>1 - DIRECTNESS));
    const fresh = f32x4.splat(left * DIRECTNESS);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const sound = f32x4.mul(fresh, v128.load(this.smooth + i));
      v128.store(now + i, f32x4.add(f32x4.mul(old, v128.load(before + i)), sound));
    }
  }

  private weaken(channel: i32, re: usize, im: usize): void {
    const decayed = f32x4.splat(this.left(channel, LATE_FRAMES - 1));
    const reverberation = this.reverberation[channel].at(LATE_FRAMES - 1);
    const power = this.powers[channel].at(0);
    const early = this.early[channel];
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    const least = f32x4.splat(this.leastGain);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const late = f32x4.pmax(f32x4.mul(v128.load(reverberation + i), decayed), f32x4.splat(LEAST));
      const ratio = f32x4.pmin(f32x4.div(v128.load(power + i), late), f32x4.splat(MOST_RATIO));
      const fresh = f32x4.mul(f32x4.pmax(f32x4.sub(ratio, one), zero), f32x4.splat(<f32>1 - INERTIA));
      const prior = f32x4.add(f32x4.mul(v128.load(early + i), f32x4.splat(INERTIA)), fresh);
      const wiener = f32x4.div(prior, f32x4.add(one, prior));
      v128.store(early + i, f32x4.mul(f32x4.mul(wiener, wiener), ratio));
      v128.store(this.mean + i, f32x4.pmax(wiener, least));
    }
    smoothBins(this.mean, this.smooth, this.bins, 1);
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const gain = v128.load(this.smooth + i);
      v128.store(re + i, f32x4.mul(v128.load(re + i), gain));
      v128.store(im + i, f32x4.mul(v128.load(im + i), gain));
    }
  }
}
