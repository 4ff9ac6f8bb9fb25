import { allocate } from "../abi/memory";
import { allocateBands, bandBytes } from "./band-frames";
import { exp2x4, log2x4 } from "./math";
import { NeuralFeed } from "./neural-feed";
import { GAIN_LAG } from "./noise-gains";
import { SpectralDenoiser } from "./spectral-denoiser";
import { SpeechClearness } from "./speech-clearness";
import { Stft } from "./stft";

/** Gains are kept this far from 0 and 1 before their odds are taken: one opinion alone cannot silence a bin. */
const LEAST_GAIN: f32 = 0.001;
/** GTCRN works at 16 kHz and has no opinion above. */
const GTCRN_TOP_HZ: f64 = 8000;
/** RNNoise's highest band ends at 20 kHz: from here on its mean gain above HIGH_FROM_HZ holds. */
const RNNOISE_TOP_HZ: f64 = 19000;
const HIGH_FROM_HZ: f64 = 8000;
/** Speech this clear is clean and nothing may be done to it on one judge's word; over the range below that fades in. */
const CLEAN_DB: f64 = 43;
const CLEAN_RANGE_DB: f64 = 10;
/** Frames behind the newest one where the networks have heard all of it: what is still to come is known when gains are made. */
const HEARING_LAG: i32 = 4;

/**
 * Gains of speech as several judges see them: the statistics of the noise (`NoiseGains`) and what networks left of the sound. Each
 * gain, taken as the probability of speech, counts by its log-odds, and their mean decides (logarithmic opinion pool: C. Genest and
 * J. Zidek, Statistical Science 1(1), 1986). Being real gains on the input's own spectrum, they keep its phase.
 */
export class DialogueDenoiser extends SpectralDenoiser {
  private readonly clearness: StaticArray<SpeechClearness>;
  private stft: Stft | null = null;
  /** Log2-odds of each channel's bins, summed over the judges. */
  private readonly odds: StaticArray<usize>;
  /** Gains by which a network weakened one channel. */
  private readonly judged: usize;
  /** Spectra of what a network left of one pair. */
  private left: usize = 0;
  private turns: i64 = 0;
  private readonly gtcrnBytes: usize;
  private readonly highFrom: usize;
  private readonly highTo: usize;

  /** Allocates. `size` is that of the transform. */
  constructor(
    channels: i32,
    bins: i32,
    size: i32,
    sampleRate: f64,
    private readonly rnnoise: NeuralFeed,
    private readonly gtcrn: NeuralFeed,
  ) {
    super(channels, bins, size);
    this.clearness = new StaticArray<SpeechClearness>(channels);
    this.odds = new StaticArray<usize>(channels);
    for (let channel = 0; channel < channels; ++channel) {
      this.clearness[channel] = new SpeechClearness(bins, sampleRate);
      this.odds[channel] = allocateBands(bins);
    }
    this.judged = allocateBands(bins);
    const binsPerHz = <f64>size / sampleRate;
    this.gtcrnBytes = bytesOf(GTCRN_TOP_HZ * binsPerHz, bins);
    this.highFrom = bytesOf(HIGH_FROM_HZ * binsPerHz, bins);
    this.highTo = bytesOf(RNNOISE_TOP_HZ * binsPerHz, bins);
  }

  /** Allocates. The transform of the sound serves for what the networks left, too. */
  useTransform(stft: Stft): void {
    this.stft = stft;
    this.left = allocate(2 * <i32>stft.channelBytes);
  }

  reset(): void {
    super.reset();
    this.turns = 0;
    for (let channel = 0; channel < this.clearness.length; ++channel) this.clearness[channel].reset();
  }

  protected refine(spectra: usize): void {
    this.turns += 1;
    const stft = this.stft!;
    const channels = this.gains.length;
    const newest = (this.turns - HEARING_LAG) * stft.hop;
    const end = (this.turns - GAIN_LAG) * stft.hop;
    if (!this.rnnoise.covers(newest)) return;
    for (let channel = 0; channel < channels; channel += 2) this.hearNewest(channel, newest);
    if (!this.rnnoise.covers(end)) return;
    const both = this.gtcrn.covers(end);
    for (let channel = 0; channel < channels; ++channel)
      takeOdds(this.gains[channel].gains, this.odds[channel], stft.bins);
    for (let channel = 0; channel < channels; channel += 2) {
      this.hear(this.rnnoise, channel, end, spectra);
      if (both) this.hear(this.gtcrn, channel, end, spectra);
    }
    for (let channel = 0; channel < channels; ++channel) this.decide(channel, both);
  }

  /** Follows how clear the speech of a pair is. */
  private hearNewest(first: i32, end: i64): void {
    const stft = this.stft!;
    stft.analyse(this.rnnoise.past(first >> 1, end), this.left);
    for (let channel = first; channel < min(first + 2, this.gains.length); ++channel) {
      const left = this.left + <usize>(channel - first) * stft.channelBytes;
      this.clearness[channel].hear(this.gains[channel].powerAt(HEARING_LAG), left, left + (stft.channelBytes >> 1));
    }
  }

  /** Adds what a network thinks of a pair, given by its first channel. */
  private hear(network: NeuralFeed, first: i32, end: i64, spectra: usize): void {
    const stft = this.stft!;
    stft.analyse(network.past(first >> 1, end), this.left);
    for (let channel = first; channel < min(first + 2, this.gains.length); ++channel) {
      const left = this.left + <usize>(channel - first) * stft.channelBytes;
      this.judge(left, spectra + <usize>channel * stft.channelBytes, stft.bins, stft.channelBytes >> 1);
      const isWide = network == this.rnnoise;
      if (isWide) this.extend(stft.bins);
      addOdds(this.judged, this.odds[channel], isWide ? bandBytes(stft.bins) : this.gtcrnBytes);
    }
  }

  /** The real gain that takes the sound nearest to what was left of it, in each bin. */
  private judge(left: usize, sound: usize, bins: i32, imaginary: usize): void {
    const bytes = bandBytes(bins);
    const nothing = f32x4.splat(1e-20);
    for (let i: usize = 0; i < bytes; i += 16) {
      const re = v128.load(sound + i);
      const im = v128.load(sound + imaginary + i);
      const common = f32x4.add(f32x4.mul(re, v128.load(left + i)), f32x4.mul(im, v128.load(left + imaginary + i)));
      const power = f32x4.add(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)), nothing);
      const gain = f32x4.pmax(f32x4.pmin(f32x4.div(common, power), f32x4.splat(1)), f32x4.splat(0));
      v128.store(this.judged + i, gain);
    }
  }

  private extend(bins: i32): void {
    let sum: f32 = 0;
    for (let at = this.highFrom; at < this.highTo; at += 4) sum += load<f32>(this.judged + at);
    const gain = this.highTo > this.highFrom ? (sum * 4) / <f32>(this.highTo - this.highFrom) : 1;
    const bytes = bandBytes(bins);
    for (let at = this.highTo; at < bytes; at += 16) v128.store(this.judged + at, f32x4.splat(gain));
  }

  /** Gives what all judges agree on; the clearer the speech, the more the kindest of statistics and agreement counts instead. */
  private decide(channel: i32, both: bool): void {
    const own = this.gains[channel];
    const clear = (this.clearness[channel].ratioDb() - CLEAN_DB) / CLEAN_RANGE_DB + 1;
    const kindness = f32x4.splat(<f32>max<f64>(0, min<f64>(1, clear)));
    const odds = this.odds[channel];
    const bytes = bandBytes(this.stft!.bins);
    const one = f32x4.splat(1);
    for (let i: usize = 0; i < bytes; i += 16) {
      const judges: f32 = both && i < this.gtcrnBytes ? 3 : 2;
      const against = exp2x4(f32x4.mul(v128.load(odds + i), f32x4.splat(-1 / judges)));
      const agreed = f32x4.div(one, f32x4.add(one, against));
      const kindest = f32x4.pmax(agreed, v128.load(own.gains + i));
      v128.store(own.gains + i, f32x4.add(agreed, f32x4.mul(kindness, f32x4.sub(kindest, agreed))));
    }
  }
}

/** Bytes of whole fours of bins below a bin. */
function bytesOf(bin: f64, bins: i32): usize {
  return (<usize>(<i32>min<f64>(bin, <f64>bins) & ~3)) << 2;
}

function logOdds(gain: v128): v128 {
  const p = f32x4.pmax(f32x4.pmin(gain, f32x4.splat(1 - LEAST_GAIN)), f32x4.splat(LEAST_GAIN));
  return log2x4(f32x4.div(p, f32x4.sub(f32x4.splat(1), p)));
}

function takeOdds(gains: usize, odds: usize, bins: i32): void {
  const bytes = bandBytes(bins);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(odds + i, logOdds(v128.load(gains + i)));
}

function addOdds(gains: usize, odds: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(odds + i, f32x4.add(v128.load(odds + i), logOdds(v128.load(gains + i))));
}
