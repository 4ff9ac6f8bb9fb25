import { allocate } from "../abi/memory";
import { GAIN_LAG, NoiseGains } from "./noise-gains";
import { SpectralProcess } from "./stft";

/** Weakens the noise of each channel's spectra by itself; gives the spectra of GAIN_LAG frames before. */
export class SpectralDenoiser extends SpectralProcess {
  readonly gains: StaticArray<NoiseGains>;
  /** The least gain. */
  leastGain: f32 = 0.1;
  /** Gives what is taken away instead of what is left. */
  removed: bool = false;
  private spectra: usize = 0;
  private bytes: usize = 0;
  private newest: i32 = 0;

  /** Allocates. `size` is that of the transform; a lane without a channel gets what the channel before it gets. */
  constructor(channels: i32, bins: i32, size: i32) {
    super();
    this.gains = new StaticArray<NoiseGains>(channels);
    for (let channel = 0; channel < channels; ++channel) this.gains[channel] = new NoiseGains(bins, size);
  }

  /** Allocates room for the frames that wait; `bytes` is that of all spectra of a frame. */
  prepare(bytes: usize): void {
    this.bytes = bytes;
    this.spectra = allocate(GAIN_LAG * <i32>bytes);
  }

  reset(): void {
    memory.fill(this.spectra, 0, <usize>GAIN_LAG * this.bytes);
    this.newest = 0;
    for (let channel = 0; channel < this.gains.length; ++channel) this.gains[channel].reset();
  }

  processFrame(spectra: usize, channels: i32, bins: i32, channelBytes: usize): void {
    const own = this.gains.length;
    for (let channel = 0; channel < own; ++channel) {
      const at = spectra + <usize>channel * channelBytes;
      this.gains[channel].turn(at, at + (channelBytes >> 1));
    }
    this.exchange(spectra);
    this.refine(spectra);
    for (let channel = 0; channel < own; ++channel)
      this.weaken(this.gains[channel].gains, spectra + <usize>channel * channelBytes, bins, channelBytes >> 1);
    if (own < channels)
      memory.copy(spectra + <usize>own * channelBytes, spectra + <usize>(own - 1) * channelBytes, channelBytes);
  }

  /** Changes the gains that were made, knowing the spectra that they are for. */
  protected refine(spectra: usize): void {}

  /** Puts the newest spectra away and fetches the oldest. */
  private exchange(spectra: usize): void {
    const place = this.spectra + <usize>this.newest * this.bytes;
    for (let i: usize = 0; i < this.bytes; i += 16) {
      const old = v128.load(place + i);
      v128.store(place + i, v128.load(spectra + i));
      v128.store(spectra + i, old);
    }
    this.newest = this.newest + 1 == GAIN_LAG ? 0 : this.newest + 1;
  }

  private weaken(gains: usize, re: usize, bins: i32, imaginary: usize): void {
    const least = f32x4.splat(this.leastGain);
    const one = f32x4.splat(1);
    const bytes = (<usize>((bins + 3) & ~3)) << 2;
    for (let i: usize = 0; i < bytes; i += 16) {
      const kept = f32x4.pmax(v128.load(gains + i), least);
      const gain = this.removed ? f32x4.sub(one, kept) : kept;
      v128.store(re + i, f32x4.mul(v128.load(re + i), gain));
      v128.store(re + imaginary + i, f32x4.mul(v128.load(re + imaginary + i), gain));
    }
  }
}
