import { HopClock } from "./hop-clock";
import { Recent } from "./recent";
import { BANDS, levelOf, SpeechFeatures } from "./speech-features";

const SECOND: i32 = 100;
const QUARTER: i32 = 25;
const VOICED_HOPS: i32 = 30;
const SMOOTH_HOPS: i32 = 3;
const FLUX_HOPS: i32 = 4;
const MEAN_HOPS: i32 = 50;
const SYLLABLE_HOPS: i32 = 8;
/** The noise floor of a band is its minimum over the last 3 s, kept as minima of 0.3 s. */
const FLOOR_HOPS: i32 = 30;
const FLOOR_PARTS: i32 = 10;
const FLOOR_DB: f64 = -75;
const LEVEL_FLOOR_DB: f64 = -70;
const MAX_SNR_DB: f64 = 30;
/** Log odds at which speech begins and below which it may end, and the hops that it outlasts them. */
const ON_ODDS: f64 = 1.386;
const OFF_ODDS: f64 = 0.405;
const HANG_HOPS: i32 = 25;
/** Hops by which the state lags behind the voice, median: its windows need something to look at. */
export const SPEECH_DELAY_HOPS: i32 = 20;
/** Decisions that can be read back. */
export const RECENT_DECISIONS: i32 = 1024;
const AUDIBLE_DB: f64 = -65;
const MONO_FRAMES: i32 = 256;

/**
 * Logistic regression over ten features, trained on speech in noise at 8 to 60 dB, ambiences and music: mean, deviation and weight of
 * each. In order: level deviation over 0.25 s; voiced energy over the floor; best band over the floor; level deviation over 1 s;
 * 2 to 6 Hz modulation; share of quiet hops; flux of the bands; deviation of the periodicity; level over its mean; worst band over
 * the floor.
 */
const MODEL: StaticArray<f64> = [
  3.456, 3.661, 1.35, 4.337, 4.626, 0.667, 13.146, 9.821, 0.392, 5.333, 4.864, 0.537, 5.101, 4.921, -1.728, 0.173,
  0.227, 0.533, 3.196, 2.181, 1.645, 0.17, 0.081, 0.824, -1.206, 10.092, 0.899, 5.643, 6.901, 0.232,
];
const BIAS: f64 = -0.828;
const CLIP: f64 = 3;

/** The quietest level of a band in the last 3 s. */
class NoiseFloor {
  private readonly parts: Recent = new Recent(FLOOR_PARTS);
  private current: f64 = Infinity;
  private hops: i32 = 0;
  private kept: i32 = 0;

  reset(): void {
    this.parts.reset();
    this.current = Infinity;
    this.hops = 0;
    this.kept = 0;
  }

  follow(levelDb: f64): f64 {
    this.current = min(this.current, levelDb);
    let floor = this.current;
    for (let i = 0; i < this.kept; ++i) floor = min(floor, this.parts.last(i));
    this.hops += 1;
    if (this.hops == FLOOR_HOPS) {
      this.parts.push(this.current);
      this.kept = min(this.kept + 1, FLOOR_PARTS);
      this.current = levelDb;
      this.hops = 0;
    }
    return max(floor, FLOOR_DB);
  }
}

/**
 * Tells every 10 ms whether somebody speaks, from what is known up to then (onsets are noticed SPEECH_DELAY_HOPS late, the end by as
 * much). The hop grid is that of the loudness meter.
 */
export class SpeechDetector {
  /** Speech in the hop that was finished last. */
  speaking: bool = false;
  /** 0/1 of the last RECENT_DECISIONS hops, hop k at k % RECENT_DECISIONS. */
  readonly decisions: StaticArray<u8> = new StaticArray<u8>(RECENT_DECISIONS);
  readonly clock: HopClock;
  private readonly features: SpeechFeatures;
  private readonly mono: StaticArray<f64> = new StaticArray<f64>(MONO_FRAMES);
  private readonly energies: StaticArray<Recent> = new StaticArray<Recent>(BANDS);
  private readonly bandLevels: StaticArray<Recent> = new StaticArray<Recent>(BANDS);
  private readonly floors: StaticArray<NoiseFloor> = new StaticArray<NoiseFloor>(BANDS);
  private readonly snr: StaticArray<f64> = new StaticArray<f64>(BANDS);
  private readonly values: StaticArray<f64> = new StaticArray<f64>(MODEL.length / 3);
  private readonly level: Recent = new Recent(SECOND);
  private readonly ripple: Recent = new Recent(SYLLABLE_HOPS);
  private readonly syllables: Recent = new Recent(SECOND);
  private readonly quiet: Recent = new Recent(SECOND);
  private readonly flux: Recent = new Recent(SECOND);
  private readonly periodicity: Recent = new Recent(SECOND);
  private readonly voiced: Recent = new Recent(VOICED_HOPS);
  private hang: i32 = 0;
  private audibleHops: f64 = 0;
  private periodicitySum: f64 = 0;
  private modulationSum: f64 = 0;

  constructor(sampleRate: f64) {
    this.clock = new HopClock(sampleRate);
    this.features = new SpeechFeatures(sampleRate);
    for (let band = 0; band < BANDS; ++band) {
      this.energies[band] = new Recent(SMOOTH_HOPS);
      this.bandLevels[band] = new Recent(FLUX_HOPS + 1);
      this.floors[band] = new NoiseFloor();
    }
  }

  reset(): void {
    this.speaking = false;
    this.clock.reset();
    this.features.reset();
    for (let band = 0; band < BANDS; ++band) {
      this.energies[band].reset();
      this.bandLevels[band].reset();
      this.floors[band].reset();
    }
    this.level.reset();
    this.ripple.reset();
    this.syllables.reset();
    this.quiet.reset();
    this.flux.reset();
    this.periodicity.reset();
    this.voiced.reset();
    this.hang = 0;
    this.audibleHops = 0;
    this.periodicitySum = 0;
    this.modulationSum = 0;
  }

  /** Takes a block of channel pairs; the fronts (and the centre of more than one pair) are heard as one. */
  feed(io: usize, pairs: i32, frames: i32): void {
    this.feedPart(io, pairs, frames, 0, frames);
  }

  /** Takes `total` frames from frame `start` on of a block that is `frames` long. */
  feedPart(io: usize, pairs: i32, frames: i32, start: i32, total: i32): void {
    const end = start + total;
    let from = start;
    while (from < end) {
      const count = min(min(this.clock.left, MONO_FRAMES), end - from);
      this.mixDown(io, pairs, frames, from, count);
      this.features.feed(changetype<usize>(this.mono), count);
      from += count;
      if (this.clock.advance(count)) this.finishHop();
    }
  }

  private mixDown(io: usize, pairs: i32, frames: i32, from: i32, count: i32): void {
    const mono = changetype<usize>(this.mono);
    for (let i: usize = 0; i < <usize>count; ++i) {
      const at = io + ((<usize>from + i) << 3);
      const centre: f64 = pairs > 1 ? <f64>load<f32>(at + ((<usize>frames) << 3)) : 0;
      const sample = 0.5 * (<f64>load<f32>(at) + <f64>load<f32>(at, 4)) + centre;
      // The difference of a finite value and itself is 0, of NaN and infinity NaN.
      store<f64>(mono + (i << 3), sample - sample == 0 ? sample : 0);
    }
  }

  /** How music-like what was heard so far is, 0..1: tonal and without the 2 to 6 Hz modulation of speech. 0 in silence. */
  musicLikelihood(): f64 {
    if (this.audibleHops == 0) return 0;
    const tonal = ramp(this.periodicitySum / this.audibleHops, 0.5, 0.62);
    return tonal * (1 - ramp(this.modulationSum / this.audibleHops, 4, 8));
  }

  private finishHop(): void {
    this.features.finishHop();
    this.noteBands();
    this.noteLevel();
    this.decide();
    this.decisions[<i32>((this.clock.hops - 1) % RECENT_DECISIONS)] = this.speaking ? 1 : 0;
  }

  /** Smoothed energies, levels over the floor, and how much the bands move. */
  private noteBands(): void {
    let moved: f64 = 0;
    for (let band = 0; band < BANDS; ++band) {
      this.energies[band].push(this.features.energies[band]);
      const level = levelOf(this.energies[band].mean(SMOOTH_HOPS));
      this.snr[band] = min(MAX_SNR_DB, max(0, level - this.floors[band].follow(level)));
      const levels = this.bandLevels[band];
      levels.push(max(level, FLOOR_DB));
      if (band > 0 && band < BANDS - 1) moved += abs(levels.last(0) - levels.last(FLUX_HOPS));
    }
    this.flux.push(moved / <f64>(BANDS - 2));
    const snr = this.snr;
    const over = 0.25 * (snr[1] + snr[2] + snr[3] + snr[4]);
    this.periodicity.push(this.features.periodicity);
    this.voiced.push(this.features.periodicity > 0.6 ? min(over, 15) : 0);
  }

  private noteLevel(): void {
    let energy: f64 = 0;
    for (let band = 1; band < BANDS - 1; ++band) energy += this.energies[band].mean(SMOOTH_HOPS);
    const level = max(levelOf(energy), LEVEL_FLOOR_DB);
    this.level.push(level);
    this.ripple.push(level - this.level.mean(MEAN_HOPS));
    const syllable = this.ripple.mean(SYLLABLE_HOPS);
    this.syllables.push(syllable * syllable);
    this.quiet.push(level < this.level.mean(SECOND) - 5 ? 1 : 0);
  }

  private decide(): void {
    const odds = this.logOdds();
    if (odds > ON_ODDS) {
      this.speaking = true;
      this.hang = HANG_HOPS;
    } else if (odds < OFF_ODDS) {
      this.hang -= 1;
      if (this.hang <= 0) this.speaking = false;
    }
  }

  private logOdds(): f64 {
    const values = this.values;
    const snr = this.snr;
    const mean = this.level.mean(SECOND);
    const modulation = sqrt(this.syllables.mean(SECOND));
    values[0] = this.level.deviation(QUARTER);
    values[1] = this.voiced.mean(VOICED_HOPS);
    values[2] = max(snr[1], max(snr[2], snr[3]));
    values[3] = this.level.deviation(SECOND);
    values[4] = modulation;
    values[5] = this.quiet.mean(SECOND);
    values[6] = this.flux.mean(SECOND);
    values[7] = this.periodicity.deviation(SECOND);
    values[8] = this.level.last(0) - mean;
    values[9] = min(min(min(snr[0], snr[1]), min(snr[2], snr[3])), min(snr[4], snr[5]));
    if (this.level.last(0) > AUDIBLE_DB) this.noteMusic(modulation);
    let odds = BIAS;
    for (let i = 0; i < values.length; ++i) {
      const value = (values[i] - MODEL[3 * i]) / MODEL[3 * i + 1];
      odds += MODEL[3 * i + 2] * max(-CLIP, min(CLIP, value));
    }
    return odds;
  }

  private noteMusic(modulation: f64): void {
    this.audibleHops += 1;
    this.periodicitySum += this.features.periodicity;
    this.modulationSum += modulation;
  }
}

/** 0 up to `low`, 1 from `high`, straight between. */
function ramp(value: f64, low: f64, high: f64): f64 {
  return max(0, min(1, (value - low) / (high - low)));
}
