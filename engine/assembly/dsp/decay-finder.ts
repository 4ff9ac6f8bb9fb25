import { exp2, log2 } from "./math";

/** Bands of the search: from this frequency on, half an octave each. */
const FIRST_HZ: f64 = 300;
const BANDS: i32 = 8;
/** Frames over which a decay must run straight. */
const SPAN: i32 = 12;
/** A decay loses at least so much over the span, in dB, and strays by no more than that from a straight line. */
const LEAST_DROP_DB: f64 = 10;
const MOST_STRAY_DB: f64 = 1.5;
/** Its end stands at least so far over the quietest of late, in dB. */
const OVER_FLOOR_DB: f64 = 6;
/** Rise of the floor that is remembered, in dB a frame. */
const FLOOR_RISE_DB: f64 = 0.02;
/** Cells of the histogram of decay times, a twelfth of an octave each from `LEAST_SECONDS` on. */
const CELLS: i32 = 64;
const PER_OCTAVE: f64 = 12;
const LEAST_SECONDS: f64 = 0.08;
const MEMORY: f64 = 0.998;
/** Decays that must have been seen. */
const ENOUGH: f64 = 12;
/** Nothing decays faster than its room, so the fast ones tell. */
const QUANTILE: f64 = 0.25;
const DB_PER_OCTAVE_OF_POWER: f64 = 3.010299956639812;

/** Estimates the time in which a room's sound decays by 60 dB from the ends of words, blindly. */
export class DecayFinder {
  /** Decay time in seconds. */
  seconds: f64 = 0;
  private readonly edges: StaticArray<i32> = new StaticArray<i32>(BANDS + 1);
  private readonly levels: StaticArray<f64> = new StaticArray<f64>(BANDS * SPAN);
  private readonly floors: StaticArray<f64> = new StaticArray<f64>(BANDS);
  private readonly histogram: StaticArray<f64> = new StaticArray<f64>(CELLS);
  private newest: i32 = 0;
  private heard: i32 = 0;

  constructor(
    binHz: f64,
    bins: i32,
    private readonly frameSeconds: f64,
    private readonly usualSeconds: f64,
  ) {
    let hz = FIRST_HZ;
    for (let band = 0; band <= BANDS; ++band, hz *= 1.4142135623730951)
      this.edges[band] = min(bins - 1, <i32>(hz / binHz) + 1);
    this.reset();
  }

  reset(): void {
    this.seconds = this.usualSeconds;
    this.newest = 0;
    this.heard = 0;
    for (let band = 0; band < BANDS; ++band) this.floors[band] = Infinity;
    for (let cell = 0; cell < CELLS; ++cell) this.histogram[cell] = 0;
  }

  /** Hears the powers of a frame's bins, f32. */
  hear(powers: usize): void {
    this.newest = this.newest + 1 == SPAN ? 0 : this.newest + 1;
    this.heard = min(this.heard + 1, SPAN);
    for (let band = 0; band < BANDS; ++band) {
      let sum: f64 = 1e-9;
      for (let bin = this.edges[band]; bin < this.edges[band + 1]; ++bin)
        sum += <f64>load<f32>(powers + ((<usize>bin) << 2));
      const level = DB_PER_OCTAVE_OF_POWER * log2(sum);
      this.levels[band * SPAN + this.newest] = level;
      this.floors[band] = min(level, this.floors[band] + FLOOR_RISE_DB);
      if (this.heard == SPAN) this.judge(band);
    }
  }

  /** Takes the present stretch of a band into account when it is a decay. */
  private judge(band: i32): void {
    const middle = 0.5 * <f64>(SPAN - 1);
    let mean: f64 = 0;
    let tilt: f64 = 0;
    for (let i = 0; i < SPAN; ++i) {
      const level = this.levelBefore(band, SPAN - 1 - i);
      mean += level;
      tilt += (<f64>i - middle) * level;
    }
    mean /= <f64>SPAN;
    const slope = tilt / (<f64>(SPAN * (SPAN * SPAN - 1)) / 12);
    if (-slope * <f64>(SPAN - 1) < LEAST_DROP_DB) return;
    if (this.levelBefore(band, 0) < this.floors[band] + OVER_FLOOR_DB) return;
    let stray: f64 = 0;
    for (let i = 0; i < SPAN; ++i) {
      const rest = this.levelBefore(band, SPAN - 1 - i) - mean - slope * (<f64>i - middle);
      stray += rest * rest;
    }
    if (stray > <f64>SPAN * MOST_STRAY_DB * MOST_STRAY_DB) return;
    const seconds = (60 * this.frameSeconds) / -slope;
    this.count(seconds);
  }

  private levelBefore(band: i32, back: i32): f64 {
    const place = this.newest - back;
    return this.levels[band * SPAN + (place < 0 ? place + SPAN : place)];
  }

  private count(seconds: f64): void {
    const place = max(0, min(CELLS - 1, <i32>(PER_OCTAVE * log2(seconds / LEAST_SECONDS))));
    let total: f64 = 0;
    for (let cell = 0; cell < CELLS; ++cell) {
      this.histogram[cell] *= MEMORY;
      if (cell == place) this.histogram[cell] += 1;
      total += this.histogram[cell];
    }
    if (total < ENOUGH) return;
    let sum: f64 = 0;
    let cell = 0;
    for (; cell < CELLS - 1; ++cell) {
      sum += this.histogram[cell];
      if (sum >= QUANTILE * total) break;
    }
    this.seconds = LEAST_SECONDS * exp2((<f64>cell + 0.5) / PER_OCTAVE);
  }
}
