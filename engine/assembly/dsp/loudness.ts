import { GatingHistogram, lufsOf, ratioOfLu } from "./gating-histogram";
import { HopClock } from "./hop-clock";
import { HopEnergy } from "./hop-energy";

const MOMENTARY_HOPS: i32 = 40;
const SHORT_TERM_HOPS: i32 = 300;
/** Gating blocks overlap by 75 %: one each 100 ms. The short-term values of the loudness range come as often. */
const HOPS_PER_BLOCK: i32 = 10;
const RELATIVE_GATE_LU: f64 = -10;
const RANGE_GATE_LU: f64 = -20;
const RANGE_LOW: f64 = 0.1;
const RANGE_HIGH: f64 = 0.95;
/** Finished hops whose values can be read back: more than a block of 65536 frames holds at 8 kHz (820). */
export const RECENT_HOPS: i32 = 1024;

/** ITU-R BS.1770-5 table 4: sources 60 to 120 degrees to the side count +1.5 dB. */
const SIDE_WEIGHT: f64 = 1.41;
/** Layout codes: channels without places, each counting once, and the usual speaker order of that many channels. */
export const DISCRETE: i32 = 0;
export const SPEAKERS: i32 = 1;

/**
 * Streaming loudness of one programme, ITU-R BS.1770-5 and EBU Tech 3341 / 3342. Its hops are
 * 10 ms (EBU Tech 3341 cases 13 and 14 need 20 ms or finer). Memory does not grow with the length.
 */
export class LoudnessMeter {
  readonly clock: HopClock;
  maxMomentary: f64 = 0;
  maxShortTerm: f64 = 0;
  private readonly pairs: i32;
  private readonly weights: StaticArray<f64>;
  private readonly energy: HopEnergy;
  /** Weighted energy and frames of the last SHORT_TERM_HOPS hops. */
  private readonly energies: StaticArray<f64> = new StaticArray<f64>(SHORT_TERM_HOPS);
  private readonly lengths: StaticArray<f64> = new StaticArray<f64>(SHORT_TERM_HOPS);
  /** Mean squares of the last RECENT_HOPS hops, hop k at k % RECENT_HOPS: of the hop itself, and momentary (NaN before 400 ms). */
  readonly recentHops: StaticArray<f64> = new StaticArray<f64>(RECENT_HOPS);
  readonly recentMomentary: StaticArray<f64> = new StaticArray<f64>(RECENT_HOPS);
  private readonly blocks: GatingHistogram = new GatingHistogram();
  private readonly shortTerms: GatingHistogram = new GatingHistogram();

  /** `weights` has one entry a channel (f64, ITU-R BS.1770-5 table 4; 0 leaves a channel out). */
  constructor(sampleRate: f64, weights: StaticArray<f64>) {
    const pairs = (weights.length + 1) >> 1;
    this.pairs = pairs;
    this.weights = weights;
    this.clock = new HopClock(sampleRate);
    this.energy = new HopEnergy(sampleRate, pairs);
  }

  reset(): void {
    this.clock.reset();
    this.energy.reset();
    this.maxMomentary = 0;
    this.maxShortTerm = 0;
    this.energies.fill(0);
    this.lengths.fill(0);
    this.blocks.reset();
    this.shortTerms.reset();
  }

  /** Takes one block of channel pairs. */
  feed(io: usize, frames: i32): void {
    let from = 0;
    while (from < frames) {
      const count = min(this.clock.left, frames - from);
      this.energy.add(io, this.pairs, frames, from, count);
      from += count;
      if (this.clock.advance(count)) this.finishHop();
    }
  }

  /** Mean square of the last 400 ms, channel-weighted; NaN before. */
  momentary(): f64 {
    return this.meanOfLast(MOMENTARY_HOPS);
  }

  /** Mean square of the last 3 s, channel-weighted; NaN before. */
  shortTerm(): f64 {
    return this.meanOfLast(SHORT_TERM_HOPS);
  }

  /** Integrated loudness in LUFS, gated at -70 LUFS and then at -10 LU; NaN when every block is gated. */
  integrated(): f64 {
    return lufsOf(this.blocks.meanAbove(this.blocks.meanAbove(0) * ratioOfLu(RELATIVE_GATE_LU)));
  }

  /** Loudness range in LU; NaN when no short-term value passes the gate. */
  range(): f64 {
    const gate = this.shortTerms.meanAbove(0) * ratioOfLu(RANGE_GATE_LU);
    return this.shortTerms.percentile(RANGE_HIGH, gate) - this.shortTerms.percentile(RANGE_LOW, gate);
  }

  private finishHop(): void {
    const energy = this.energy.take(this.weights);
    const hop = this.clock.hops - 1;
    const length = <f64>this.clock.framesOfHop(hop);
    const place = <i32>(hop % SHORT_TERM_HOPS);
    this.energies[place] = energy;
    this.lengths[place] = length;
    this.noteHop(energy / length);
  }

  private noteHop(meanSquare: f64): void {
    const momentary = this.momentary();
    const shortTerm = this.shortTerm();
    const place = <i32>((this.clock.hops - 1) % RECENT_HOPS);
    this.recentHops[place] = meanSquare;
    this.recentMomentary[place] = momentary;
    if (momentary > this.maxMomentary) this.maxMomentary = momentary;
    if (shortTerm > this.maxShortTerm) this.maxShortTerm = shortTerm;
    if (this.clock.hops % HOPS_PER_BLOCK != 0) return;
    this.blocks.add(momentary);
    this.shortTerms.add(shortTerm);
  }

  private meanOfLast(count: i32): f64 {
    if (this.clock.hops < count) return NaN;
    let energy: f64 = 0;
    let length: f64 = 0;
    let place = <i32>(this.clock.hops % SHORT_TERM_HOPS);
    for (let i = 0; i < count; ++i) {
      place = place == 0 ? SHORT_TERM_HOPS - 1 : place - 1;
      energy += unchecked(this.energies[place]);
      length += unchecked(this.lengths[place]);
    }
    return energy / length;
  }
}

/** The weight of each channel. */
export function channelWeights(channels: i32, layout: i32): StaticArray<f64> {
  const weights = new StaticArray<f64>(channels);
  for (let channel = 0; channel < channels; ++channel) weights[channel] = channelWeight(channels, layout, channel);
  return weights;
}

/**
 * Weight of a channel in L R C LFE Ls Rs Lrs Rrs; five channels are L R C Ls Rs, four L R Ls Rs. The rear pair of 7.1 stands at 135
 * degrees and counts once.
 */
function channelWeight(channels: i32, layout: i32, channel: i32): f64 {
  if (layout == DISCRETE || channels < 4) return 1;
  const firstSide = channels == 4 ? 2 : channels == 5 ? 3 : 4;
  if (channels > 5 && channel == 3) return 0;
  return channel == firstSide || channel == firstSide + 1 ? SIDE_WEIGHT : 1;
}
