import { allocate } from "../abi/memory";
import { HumLine } from "./hum-line";
import { HumPhase } from "./hum-phase";
import { HumSearch } from "./hum-search";
import { cos, exp, sin } from "./math";
import { SpectralProcess } from "./stft";

/** Most harmonics, the fundamental counted. */
export const MOST_HARMONICS: i32 = 60;
/** Frames by which the hum comes after the newest frame; as many before and after it are listened to. */
export const HUM_LAG: i32 = 16;
const FRAMES: i32 = 2 * HUM_LAG + 1;
/** Another frequency must stand out by so much more than the present one. */
const CLEARLY_MORE: f64 = 0.25;
const ELSEWHERE_HZ: f64 = 0.25;
/** Frames overlap by three quarters, so one tells less than it seems. */
const FRESHNESS: f64 = 0.4;
/** Forgetting of the amplitudes that the phase is compared with. */
const MEMORY: f64 = 0.97;
/** Power by which a hum may differ from itself: quieter surroundings tell no more. */
const WOBBLE: f64 = 0.02;
/** Amplitudes are believed down to so many variances. */
const DOUBTFUL: f64 = 1.5;
const MOST_HZ: f64 = 66;
/** Mean power of a bin of digital silence, in a frame of size 1. */
const SILENCE: f64 = 1e-13;

/**
 * Takes spectra and gives those of the hum in them, HUM_LAG frames later. Hum is a row of harmonics that share one slowly drifting
 * phase; each has a complex amplitude that stays for seconds, weighed by how quiet it is around the line (so pauses speak louder
 * than words), and is believed only as far as it stands out of its own doubt.
 */
export class HumFinder extends SpectralProcess {
  harmonics: i32 = 30;
  /** The frequency is looked for; otherwise it is followed from `startHz`. */
  searching: bool = true;
  private readonly line: HumLine;
  private readonly phase: HumPhase;
  private readonly search: HumSearch;
  private readonly binHz: f64;
  private readonly silence: f64;
  /** Amplitudes and weights that were read: frames x channels x harmonics x 3. */
  private readonly lines: StaticArray<f64>;
  /** Running sums that the phase is compared with: channels x harmonics x 3. */
  private readonly templates: StaticArray<f64>;
  /** Spectra of the last frames up to the highest line, frames x channels x two parts, for a new beginning at another frequency. */
  private readonly spectra: usize;
  private readonly keptBins: i32;
  private newest: i32 = 0;
  private kept: i32 = 0;
  private startHz: f64 = 50;
  private amplitudeRe: f64 = 0;
  private amplitudeIm: f64 = 0;

  /** Allocates. */
  constructor(
    private readonly channels: i32,
    size: i32,
    hop: i32,
    sampleRate: f64,
  ) {
    super();
    const binHz = sampleRate / <f64>size;
    this.binHz = binHz;
    this.silence = SILENCE * <f64>size;
    this.line = new HumLine(size);
    this.phase = new HumPhase(FRAMES, <f64>hop / sampleRate);
    this.search = new HumSearch(binHz);
    this.lines = new StaticArray<f64>(FRAMES * channels * MOST_HARMONICS * 3);
    this.templates = new StaticArray<f64>(channels * MOST_HARMONICS * 3);
    const keptBins = min((size >> 1) + 1, <i32>((MOST_HZ * <f64>MOST_HARMONICS) / binHz) + HumLine.bins());
    this.keptBins = keptBins;
    this.spectra = allocate((FRAMES * channels * keptBins) << 3);
    this.reset();
  }

  reset(): void {
    this.search.reset();
    this.newest = 0;
    this.kept = 0;
    this.start(this.startHz);
  }

  /** Where to look first, or to stay near. */
  setHz(hz: f64): void {
    if (hz == this.startHz) return;
    this.startHz = hz;
    if (!this.searching) this.start(hz);
  }

  /** Begins anew at a frequency and goes through all that is kept. */
  private start(hz: f64): void {
    this.phase.start(hz);
    for (let i = 0; i < this.templates.length; ++i) this.templates[i] = 0;
    for (let i = 0; i < this.lines.length; ++i) this.lines[i] = 0;
    for (let back = this.kept - 1; back >= 0; --back) this.step(back);
  }

  processFrame(spectra: usize, channels: i32, bins: i32, channelBytes: usize): void {
    this.newest = this.newest + 1 == FRAMES ? 0 : this.newest + 1;
    this.kept = min(this.kept + 1, FRAMES);
    this.keep(spectra, channelBytes);
    if (this.searching && !this.isSilent(0)) this.search.hear(spectra, this.channels, channelBytes);
    if (this.searching && this.isElsewhere()) this.start(this.search.bestHz());
    else this.step(0);
    this.phase.smooth();
    memory.fill(spectra, 0, <usize>channels * channelBytes);
    for (let channel = 0; channel < this.channels; ++channel)
      this.writeHum(channel, spectra + <usize>channel * channelBytes, channelBytes >> 1, bins);
    if (this.channels < channels)
      memory.copy(
        spectra + <usize>this.channels * channelBytes,
        spectra + <usize>(this.channels - 1) * channelBytes,
        channelBytes,
      );
  }

  private frameBefore(back: i32): i32 {
    const frame = this.newest - back;
    return frame < 0 ? frame + FRAMES : frame;
  }

  /** Where the real parts of a kept spectrum stand; the imaginary ones follow `keptBins` later. */
  private spectrumBefore(back: i32, channel: i32): usize {
    return this.spectra + ((<usize>((this.frameBefore(back) * this.channels + channel) * this.keptBins)) << 3);
  }

  private keep(spectra: usize, channelBytes: usize): void {
    const bytes = (<usize>this.keptBins) << 2;
    for (let channel = 0; channel < this.channels; ++channel) {
      const from = spectra + <usize>channel * channelBytes;
      const to = this.spectrumBefore(0, channel);
      memory.copy(to, from, bytes);
      memory.copy(to + bytes, from + (channelBytes >> 1), bytes);
    }
  }

  /** Takes one of the kept frames into account. */
  private step(back: i32): void {
    const silent = this.isSilent(back);
    this.phase.predict();
    for (let channel = 0; channel < this.channels; ++channel) this.readLines(back, channel, silent);
    this.follow(back);
  }

  private isSilent(back: i32): bool {
    let power: f64 = 0;
    for (let channel = 0; channel < this.channels; ++channel) {
      const from = this.spectrumBefore(back, channel);
      for (let i: usize = 0; i < (<usize>this.keptBins) << 3; i += 4) {
        const part = <f64>load<f32>(from + i);
        power += part * part;
      }
    }
    return power < this.silence * <f64>(this.keptBins * this.channels);
  }

  private isElsewhere(): bool {
    const best = this.search.bestHz();
    if (abs(best - this.phase.hz) < ELSEWHERE_HZ) return false;
    return this.search.scoreOf(best) > this.search.scoreOf(this.phase.hz) + CLEARLY_MORE;
  }

  private linesOf(back: i32, channel: i32): i32 {
    return (this.frameBefore(back) * this.channels + channel) * MOST_HARMONICS * 3;
  }

  private readLines(back: i32, channel: i32, silent: bool): void {
    const at = this.linesOf(back, channel);
    const re = this.spectrumBefore(back, channel);
    for (let k = 0; k < MOST_HARMONICS; ++k) {
      const place = (<f64>(k + 1) * this.phase.hz) / this.binHz;
      const to = at + 3 * k;
      this.lines[to + 2] = 0;
      if (silent || !HumLine.fits(place, this.keptBins)) continue;
      this.line.read(re, re + ((<usize>this.keptBins) << 2), place);
      this.lines[to] = this.line.re;
      this.lines[to + 1] = this.line.im;
      this.lines[to + 2] = this.line.weight;
    }
  }

  /** Corrects the common phase by all lines, then the amplitudes that they are compared with. */
  private follow(back: i32): void {
    let information: f64 = 0;
    let error: f64 = 0;
    for (let channel = 0; channel < this.channels; ++channel) {
      const from = this.linesOf(back, channel);
      for (let k = 0; k < MOST_HARMONICS; ++k) {
        const line = from + 3 * k;
        const template = (channel * MOST_HARMONICS + k) * 3;
        const total = this.templates[template + 2];
        const weight = this.lines[line + 2];
        if (total == 0 || weight == 0) continue;
        const order = <f64>(k + 1);
        const angle = order * this.phase.phase;
        const re = this.templates[template] / total;
        const im = this.templates[template + 1] / total;
        const expectedRe = re * cos(angle) - im * sin(angle);
        const expectedIm = re * sin(angle) + im * cos(angle);
        // High harmonics turn too fast to say anything while the phase is in doubt.
        const trust = 2 * FRESHNESS * weight * exp(-order * order * this.phase.doubt);
        const quadrature = this.lines[line + 1] * expectedRe - this.lines[line] * expectedIm;
        const power = max(0, re * re + im * im - 1 / total);
        information += trust * order * order * power;
        error += trust * order * quadrature;
      }
    }
    this.phase.correct(information > 0 ? error / information : 0, information);
    for (let channel = 0; channel < this.channels; ++channel) this.learn(back, channel);
  }

  private learn(back: i32, channel: i32): void {
    const from = this.linesOf(back, channel);
    for (let k = 0; k < MOST_HARMONICS; ++k) {
      const line = from + 3 * k;
      const template = (channel * MOST_HARMONICS + k) * 3;
      const weight = this.lines[line + 2];
      const angle = <f64>(k + 1) * this.phase.phase;
      const re = this.lines[line] * cos(angle) + this.lines[line + 1] * sin(angle);
      const im = this.lines[line + 1] * cos(angle) - this.lines[line] * sin(angle);
      if (weight == 0) continue;
      this.templates[template] = MEMORY * this.templates[template] + weight * re;
      this.templates[template + 1] = MEMORY * this.templates[template + 1] + weight * im;
      this.templates[template + 2] = MEMORY * this.templates[template + 2] + weight;
    }
  }

  private writeHum(channel: i32, spectrum: usize, imaginary: usize, bins: i32): void {
    const hz = this.phase.hzBefore(HUM_LAG);
    for (let k = 0; k < this.harmonics; ++k) {
      const place = (<f64>(k + 1) * hz) / this.binHz;
      if (!HumLine.fits(place, min(bins, this.keptBins))) return;
      this.findAmplitude(channel, k);
      const angle = <f64>(k + 1) * this.phase.phaseBefore(HUM_LAG);
      const c = cos(angle);
      const s = sin(angle);
      const re = this.amplitudeRe * c - this.amplitudeIm * s;
      const im = this.amplitudeRe * s + this.amplitudeIm * c;
      if (re != 0 || im != 0) this.line.write(spectrum, spectrum + imaginary, place, re, im);
    }
  }

  /** The amplitude of a harmonic over all frames that are kept, referred to the common phase; 0 when it may be chance. */
  private findAmplitude(channel: i32, k: i32): void {
    let re: f64 = 0;
    let im: f64 = 0;
    let total: f64 = 0;
    let squares: f64 = 0;
    let powers: f64 = 0;
    const wobble = WOBBLE * this.templatePower(channel, k);
    for (let back = 0; back < this.kept; ++back) {
      const line = this.linesOf(back, channel) + 3 * k;
      if (this.lines[line + 2] == 0) continue;
      const weight = 1 / (1 / this.lines[line + 2] + wobble);
      const angle = <f64>(k + 1) * this.phase.phaseBefore(back);
      const c = cos(angle);
      const s = sin(angle);
      const lineRe = this.lines[line];
      const lineIm = this.lines[line + 1];
      re += weight * (lineRe * c + lineIm * s);
      im += weight * (lineIm * c - lineRe * s);
      total += weight;
      squares += weight * weight;
      powers += weight * (lineRe * lineRe + lineIm * lineIm);
    }
    const power = re * re + im * im;
    // Frames that tell something of their own, less the one that the mean has used up.
    const free = squares > 0 ? (FRESHNESS * total * total) / squares - 1 : 0;
    const scatter = free > 0.1 && power > 0 ? max(0, (powers * total) / power - 1) / free : 1;
    const belief = max(0, 1 - DOUBTFUL * scatter);
    this.amplitudeRe = belief > 0 ? (belief * re) / total : 0;
    this.amplitudeIm = belief > 0 ? (belief * im) / total : 0;
  }

  private templatePower(channel: i32, k: i32): f64 {
    const template = (channel * MOST_HARMONICS + k) * 3;
    const total = this.templates[template + 2];
    if (total == 0) return 0;
    const re = this.templates[template] / total;
    const im = this.templates[template + 1] / total;
    return re * re + im * im;
  }
}
