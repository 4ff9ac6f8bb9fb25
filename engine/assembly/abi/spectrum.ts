import { GatedSpectrum } from "../dsp/gated-spectrum";
import { SpectrumAnalyser } from "../dsp/spectrum-analyser";
import { bandHz, SPECTRUM_BANDS } from "../dsp/spectrum-bands";

/** A meter of the long-term average spectrum. */
class SpectrumMeter {
  readonly gated: GatedSpectrum;
  readonly analyser: SpectrumAnalyser;

  constructor(sampleRate: f64, channels: i32) {
    const gated = new GatedSpectrum();
    this.gated = gated;
    this.analyser = new SpectrumAnalyser(sampleRate, channels, gated);
  }
}

function at(handle: usize): SpectrumMeter {
  return changetype<SpectrumMeter>(handle);
}

/** Makes a meter for 1..8 channels at any rate. */
export function createSpectrum(sampleRate: f64, channels: i32): usize {
  return changetype<usize>(new SpectrumMeter(sampleRate, channels));
}

/** Takes a block of channel pairs. */
export function feedSpectrum(handle: usize, io: usize, frames: i32): void {
  at(handle).analyser.feed(io, frames, frames);
}

/** Starts a new programme. */
export function resetSpectrum(handle: usize): void {
  at(handle).analyser.reset();
  at(handle).gated.reset();
}

/** Bands of every spectrum. */
export function spectrumBandCount(): i32 {
  return SPECTRUM_BANDS;
}

/** Centre of a band in hertz. */
export function spectrumBandHz(band: i32): f64 {
  return bandHz(<f64>band);
}

/** Where the mean square in each band stands (f64); 0 when nothing was loud enough. */
export function averageSpectrum(handle: usize): usize {
  return at(handle).gated.average() ? changetype<usize>(at(handle).gated.mean) : 0;
}
