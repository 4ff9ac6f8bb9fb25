import { gainToDb } from "./math";
import { Recent } from "./recent";

/** A power of two above every hop that is looked back to. */
const RING: i32 = 512;
/** Levels are means of this many hops of 10 ms, centred. */
const MEAN_HOPS: i32 = 9;
/** The lift itself is smoothed over this many hops. */
const SMOOTH_HOPS: i32 = 8;
/** The noise floor is the quietest level of so many hops before. */
const FLOOR_HOPS: i32 = 300;
/** What is at most this far above the noise floor is not lifted, and from the second figure on it is in full. */
const GUARD_DB: f64 = 6;
const GUARD_FULL_DB: f64 = 12;
/** Below the loudness of the speech around by more than this, half of the rest is made up: upward compression, 2:1. */
const KNEE_DB: f64 = 2;
const SHARE: f64 = 0.5;

/** Lifts the quiet words of speech towards the others, but not the noise between them. */
export class SpeechLift {
  /** Largest lift. */
  rangeDb: f64 = 0;
  /** Lift of the present place in dB. */
  gainDb: f64 = 0;
  private readonly newest: Recent = new Recent(MEAN_HOPS);
  private readonly targets: Recent = new Recent(SMOOTH_HOPS);
  /** Centred means of the energy. */
  private readonly levels: StaticArray<f64> = new StaticArray<f64>(RING);

  reset(): void {
    this.gainDb = 0;
    this.newest.reset();
    this.targets.reset();
    this.levels.fill(0);
  }

  /** Takes the energy of a hop. */
  push(hop: i32, energy: f64): void {
    this.newest.push(energy);
    this.levels[(hop - (MEAN_HOPS >> 1)) & (RING - 1)] = this.newest.mean(MEAN_HOPS);
  }

  /** Goes on to a place; `speechMean` is the loudness of the speech around as power, 0 where there is none. */
  next(place: i32, speechMean: f64): void {
    const ahead = place + (SMOOTH_HOPS >> 1);
    this.targets.push(this.rangeDb > 0 && speechMean > 0 ? this.target(ahead, speechMean) : 0);
    this.gainDb = this.targets.mean(SMOOTH_HOPS);
  }

  private target(place: i32, speechMean: f64): f64 {
    const level = this.levelAt(place);
    if (level <= 0) return 0;
    const under = decibels(speechMean / level) - KNEE_DB;
    if (under <= 0) return 0;
    const overFloor = decibels(level / max(this.floor(place), 1e-12)) - GUARD_DB;
    const guard = max(0, min(1, overFloor / (GUARD_FULL_DB - GUARD_DB)));
    return guard * min(this.rangeDb, SHARE * under);
  }

  private levelAt(hop: i32): f64 {
    return this.levels[hop & (RING - 1)];
  }

  private floor(place: i32): f64 {
    let least: f64 = this.levelAt(place);
    for (let hop = place - FLOOR_HOPS; hop < place; ++hop) {
      const level = this.levelAt(hop);
      if (level > 0 && level < least) least = level;
    }
    return least;
  }
}

/** Of a ratio of powers. */
function decibels(ratio: f64): f64 {
  return 0.5 * gainToDb(ratio);
}
