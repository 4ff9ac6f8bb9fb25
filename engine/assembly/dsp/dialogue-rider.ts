import { gainToDb } from "./math";
import { Recent } from "./recent";
import { SPEECH_DELAY_HOPS } from "./speech-detector";
import { SpeechLift } from "./speech-lift";

/** Hops of 10 ms by which the gain is later than what is heard. */
export const LOOKAHEAD_HOPS: i32 = 200;
const HOPS_PER_SECOND: f64 = 100;
/** The loudness of speech is taken from this long before a place, as far as the same stretch of speech reaches. */
const MEMORY_HOPS: i32 = 200;
/** A power of two above the look-ahead and the memory. */
const RING: i32 = 512;
/** One block of BS.1770-5. */
const BLOCK_HOPS: i32 = 40;
/** Less speech than this says nothing about its loudness. */
const LEAST_HOPS: i32 = 20;
/** Relative gate of BS.1770-5, as a factor of power: -10 LU. */
const GATE: f64 = 0.1;
/** Speech so far (as power: 14 dB) below its own loudness is the gap between two syllables. */
const GAP: f64 = 0.04;
/** A gap shorter than this is still speech. */
const SYLLABLE_HOPS: i32 = 6;
/** Nothing so much quieter than what the range can reach is lifted: it is no speech, or not meant to be heard. */
const BEYOND_REACH_DB: f64 = 14;
/** The last words before a quieter voice are raised by no more than this, to come to meet it. */
const MOST_EARLY_DB: f64 = 3;

/**
 * Rides the level of speech towards a loudness: hop by hop it takes energy and speech, and gives the gain for the hop LOOKAHEAD_HOPS
 * before. The gain of a stretch of speech follows the gated loudness of that stretch alone, but begins to fall early enough to be down
 * when a louder stretch starts, and to rise a little before a quieter one. It never rises without speech and never moves faster than
 * the rate.
 */
export class DialogueRider {
  targetLufs: f64 = -27;
  rangeDb: f64 = 9;
  rateDbPerSecond: f64 = 4;
  /** Gain of the present place in dB, without the lift. */
  gainDb: f64 = 0;
  readonly lift: SpeechLift = new SpeechLift();
  private readonly energies: StaticArray<f64> = new StaticArray<f64>(RING);
  /** Means of the BLOCK_HOPS hops that end with each. */
  private readonly blocks: StaticArray<f64> = new StaticArray<f64>(RING);
  private readonly newest: Recent = new Recent(BLOCK_HOPS);
  /** 1 where somebody speaks. */
  private readonly speech: StaticArray<u8> = new StaticArray<u8>(RING);
  /** Next hop to be taken in. */
  private hop: i32 = 0;

  reset(): void {
    this.gainDb = 0;
    this.hop = 0;
    this.lift.reset();
    this.energies.fill(0);
    this.blocks.fill(0);
    this.newest.reset();
    this.speech.fill(0);
  }

  /** Takes the mean square (LUFS as dB) of the newest hop and whether the detector hears speech now. */
  next(energy: f64, speaking: bool): void {
    // The detector speaks of what was SPEECH_DELAY_HOPS ago.
    this.energies[this.hop & (RING - 1)] = energy;
    this.newest.push(energy);
    this.blocks[this.hop & (RING - 1)] = this.newest.mean(BLOCK_HOPS);
    this.speech[(this.hop - SPEECH_DELAY_HOPS) & (RING - 1)] = speaking ? 1 : 0;
    this.lift.push(this.hop, energy);
    const place = this.hop - LOOKAHEAD_HOPS;
    this.lift.next(place, this.ride(place, this.hop - SPEECH_DELAY_HOPS));
    this.hop += 1;
    // Hops count round the ring, so that they never overflow.
    if (this.hop >= 4 * RING) this.hop -= RING;
  }

  private speaks(hop: i32): bool {
    return this.speech[hop & (RING - 1)] != 0;
  }

  private energyAt(hop: i32): f64 {
    return this.energies[hop & (RING - 1)];
  }

  /** Moves the gain for the hop `place`; speech is known before hop `known`. Gives the loudness of the speech there, 0 without. */
  private ride(place: i32, known: i32): f64 {
    let first = this.nextChange(place, known, false);
    const last = this.nextChange(first, known, true);
    const within = first == place && first < last;
    if (within) while (first > place - MEMORY_HOPS && this.speaks(first - 1)) first -= 1;
    const mean = this.loudness(first, last);
    const own = this.gainFor(mean);
    // NaN is not within the range.
    if (!(own <= this.rangeDb)) return 0;
    const wanted = this.anticipate(own, place, last, known);
    // Nothing has sounded yet: begin where the first words need it.
    if (place < 0) this.gainDb = wanted;
    this.move(wanted, within && this.sounds(place, GAP * mean));
    return within ? mean : 0;
  }

  /** The first hop from `from` on where speech is not `speaking`, `known` when there is none. */
  private nextChange(from: i32, known: i32, speaking: bool): i32 {
    let hop = from;
    while (hop < known && this.speaks(hop) == speaking) hop += 1;
    return hop;
  }

  /** Gain in dB that speech of a loudness (as power) wants; NaN where there is none that could be meant. */
  private gainFor(mean: f64): f64 {
    if (mean == 0) return NaN;
    const missing = this.targetLufs - 0.5 * gainToDb(mean);
    if (missing > this.rangeDb + BEYOND_REACH_DB) return NaN;
    return max(-this.rangeDb, min(this.rangeDb, missing));
  }

  /** Bends the gain at `place` in a stretch that ends at `last` towards what the stretch behind it wants. */
  private anticipate(own: f64, place: i32, last: i32, known: i32): f64 {
    const first = this.nextChange(last, known, false);
    const next = this.gainFor(this.loudness(first, this.nextChange(first, known, true)));
    const step = this.rateDbPerSecond / HOPS_PER_SECOND;
    if (next < own) return min(own, next + step * <f64>(first - place));
    // The pause between must not rise, so the way up is shared among the words before and after it.
    if (next > own) return max(own, min(next, own + MOST_EARLY_DB) - step * <f64>(last - place));
    return own;
  }

  /** Mean of the 400 ms blocks within the hops from `first` to before `last`, gated as BS.1770-5 has it; 0 when there are too few hops. */
  private loudness(first: i32, last: i32): f64 {
    if (last - first < LEAST_HOPS) return 0;
    if (last - first < BLOCK_HOPS) return this.mean(this.energies, first, last, 0);
    const start = first + BLOCK_HOPS - 1;
    return this.mean(this.blocks, start, last, GATE * this.mean(this.blocks, start, last, 0));
  }

  /** Mean of the values that are not below the gate. */
  private mean(values: StaticArray<f64>, first: i32, last: i32, gate: f64): f64 {
    let sum: f64 = 0;
    let count: f64 = 0;
    for (let hop = first; hop < last; ++hop) {
      const value = values[hop & (RING - 1)];
      if (value < gate) continue;
      sum += value;
      count += 1;
    }
    return count == 0 ? 0 : sum / count;
  }

  /** There is a syllable at the place or near it. */
  private sounds(place: i32, least: f64): bool {
    for (let hop = place - SYLLABLE_HOPS; hop <= place + SYLLABLE_HOPS; ++hop)
      if (this.energyAt(hop) > least) return true;
    return false;
  }

  private move(wantedDb: f64, mayRise: bool): void {
    const step = this.rateDbPerSecond / HOPS_PER_SECOND;
    const way = wantedDb - this.gainDb;
    if (way < 0) this.gainDb = max(wantedDb, this.gainDb - step);
    else if (mayRise) this.gainDb = min(wantedDb, this.gainDb + step);
  }
}
