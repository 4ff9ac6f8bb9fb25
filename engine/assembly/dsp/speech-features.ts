import { cos, DB_PER_LOG2, log2, PI, sin } from "./math";

export const BANDS: i32 = 6;
const BAND_PAIRS: i32 = 3;
/** Centres and widths (Q) of the bands; a band that lies too near half the rate moves down. */
const BAND_HZ: StaticArray<f64> = [150, 350, 700, 1300, 2300, 4000];
const BAND_Q: StaticArray<f64> = [1, 1.2, 1.2, 1.4, 1.5, 1.6];
/** The bands are heard at 16 to 32 kHz, the pitch at 4 to 8 kHz. */
const BAND_RATE: f64 = 16000;
const PITCH_RATE: f64 = 4000;
const PITCH_WINDOW_SECONDS: f64 = 0.04;
const PITCH_LOW_HZ: f64 = 70;
const PITCH_HIGH_HZ: f64 = 400;
const LOW_PASS: i32 = 0;
const HIGH_PASS: i32 = 1;
const BAND_PASS: i32 = 2;
const CHUNK: i32 = 256;
const STATE_FLOOR: f64 = 1e-20;
/** Q of the two sections of a fourth-order Butterworth filter. */
const FIRST_Q: f64 = 0.541;
const SECOND_Q: f64 = 1.307;

/** A second-order section in f64x2 lanes: both lanes get the same input, each has its own coefficients. */
class LaneBiquad {
  /** b0 b1 b2 a1 a2 and two states, each an f64x2. */
  private readonly values: StaticArray<f64> = new StaticArray<f64>(14);

  /** Cookbook forms (Bristow-Johnson); the band-pass has 0 dB at its centre. */
  design(lane: i32, kind: i32, hz: f64, q: f64, sampleRate: f64): void {
    const angle = (2 * PI * min(hz, 0.4 * sampleRate)) / sampleRate;
    const alpha = sin(angle) / (2 * q);
    const c = cos(angle);
    const a0 = 1 + alpha;
    const edge = kind == LOW_PASS ? 1 - c : 1 + c;
    this.values[lane] = (kind == BAND_PASS ? alpha : 0.5 * edge) / a0;
    this.values[2 + lane] = (kind == BAND_PASS ? 0 : kind == LOW_PASS ? edge : -edge) / a0;
    this.values[4 + lane] = (kind == BAND_PASS ? -alpha : 0.5 * edge) / a0;
    this.values[6 + lane] = (-2 * c) / a0;
    this.values[8 + lane] = (1 - alpha) / a0;
  }

  /** Filters `count` f64x2 from `from` to `to` (may be the same place) and gives the sum of their squares. */
  run(from: usize, to: usize, count: i32): v128 {
    const at = changetype<usize>(this.values);
    const b0 = v128.load(at);
    const b1 = v128.load(at, 16);
    const b2 = v128.load(at, 32);
    const a1 = v128.load(at, 48);
    const a2 = v128.load(at, 64);
    let s1 = v128.load(at, 80);
    let s2 = v128.load(at, 96);
    let sum = f64x2.splat(0);
    for (let i: usize = 0; i < (<usize>count) << 4; i += 16) {
      const x = v128.load(from + i);
      const y = f64x2.add(f64x2.mul(b0, x), s1);
      s1 = f64x2.add(f64x2.sub(f64x2.mul(b1, x), f64x2.mul(a1, y)), s2);
      s2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
      v128.store(to + i, y);
      sum = f64x2.add(sum, f64x2.mul(y, y));
    }
    v128.store(at, s1, 80);
    v128.store(at, s2, 96);
    return sum;
  }

  settle(): void {
    for (let i = 10; i < 14; ++i) if (abs(unchecked(this.values[i])) < STATE_FLOOR) this.values[i] = 0;
  }

  reset(): void {
    for (let i = 10; i < 14; ++i) this.values[i] = 0;
  }
}

/** What a voice shows in 10 ms: the energy of six bands and how periodic the last 40 ms are. Streaming, any rate. */
export class SpeechFeatures {
  /** Mean squares of the bands over the hop that was finished last. */
  readonly energies: StaticArray<f64> = new StaticArray<f64>(BANDS);
  /** Largest normalised autocorrelation at 70 to 400 Hz, 0..1. */
  periodicity: f64 = 0;
  private readonly bandStep: i32;
  private readonly pitchStep: i32;
  private readonly firstLag: i32;
  private readonly lastLag: i32;
  private readonly window: i32;
  /** Full rate: low-pass before every bandStep-th frame is taken. Lane 0 only. */
  private readonly lowPass: StaticArray<LaneBiquad>;
  /** Two sections for each pair of bands. */
  private readonly bands: StaticArray<LaneBiquad>;
  private readonly pitchFilters: StaticArray<LaneBiquad>;
  private readonly sums: StaticArray<f64> = new StaticArray<f64>(2 * BAND_PAIRS);
  /** The last window, the longest lag before it, and what came since the last hop. */
  private readonly pitchLine: StaticArray<f32>;
  private readonly wide: StaticArray<f64> = new StaticArray<f64>(2 * CHUNK);
  private readonly narrow: StaticArray<f64> = new StaticArray<f64>(2 * CHUNK);
  private bandPhase: i32 = 0;
  private pitchPhase: i32 = 0;
  private bandFrames: i32 = 0;
  private pitchFrames: i32 = 0;

  constructor(sampleRate: f64) {
    const bandStep = max(1, <i32>floor(sampleRate / BAND_RATE));
    const bandRate = sampleRate / <f64>bandStep;
    const pitchStep = max(1, <i32>floor(bandRate / PITCH_RATE));
    const pitchRate = bandRate / <f64>pitchStep;
    const window = <i32>floor(pitchRate * PITCH_WINDOW_SECONDS) & ~3;
    const lastLag = <i32>ceil(pitchRate / PITCH_LOW_HZ);
    this.bandStep = bandStep;
    this.pitchStep = pitchStep;
    this.window = window;
    this.firstLag = <i32>floor(pitchRate / PITCH_HIGH_HZ);
    this.lastLag = lastLag;
    // Two hops more: their number of frames is not always the same.
    this.pitchLine = new StaticArray<f32>(window + lastLag + <i32>(pitchRate / 50));
    this.lowPass = sections(2);
    this.bands = sections(2 * BAND_PAIRS);
    this.pitchFilters = sections(4);
    this.lowPass[0].design(0, LOW_PASS, 6500, FIRST_Q, sampleRate);
    this.lowPass[1].design(0, LOW_PASS, 6500, SECOND_Q, sampleRate);
    for (let band = 0; band < BANDS; ++band) {
      for (let section = 0; section < 2; ++section) {
        this.bands[2 * (band >> 1) + section].design(band & 1, BAND_PASS, BAND_HZ[band], BAND_Q[band], bandRate);
      }
    }
    this.pitchFilters[0].design(0, LOW_PASS, 900, FIRST_Q, bandRate);
    this.pitchFilters[1].design(0, LOW_PASS, 900, SECOND_Q, bandRate);
    this.pitchFilters[2].design(0, HIGH_PASS, 90, 0.707, pitchRate);
    this.pitchFilters[3].design(0, HIGH_PASS, 90, 0.707, pitchRate);
  }

  reset(): void {
    resetAll(this.lowPass);
    resetAll(this.bands);
    resetAll(this.pitchFilters);
    this.sums.fill(0);
    this.pitchLine.fill(0);
    this.bandPhase = 0;
    this.pitchPhase = 0;
    this.bandFrames = 0;
    this.pitchFrames = 0;
  }

  /** Takes `count` mono samples (f64). */
  feed(samples: usize, count: i32): void {
    for (let from = 0; from < count; from += CHUNK)
      this.feedChunk(samples + ((<usize>from) << 3), min(CHUNK, count - from));
  }

  private feedChunk(samples: usize, count: i32): void {
    const wide = changetype<usize>(this.wide);
    for (let i: usize = 0; i < <usize>count; ++i) v128.store(wide + (i << 4), v128.load64_splat(samples + (i << 3)));
    if (this.bandStep > 1) {
      this.lowPass[0].run(wide, wide, count);
      this.lowPass[1].run(wide, wide, count);
    }
    const taken = thin(wide, count, this.bandStep, this.bandPhase);
    this.bandPhase = phaseAfter(this.bandPhase, count, this.bandStep);
    this.feedBands(wide, taken);
    this.feedPitch(wide, taken);
  }

  private feedBands(wide: usize, count: i32): void {
    const narrow = changetype<usize>(this.narrow);
    const sums = changetype<usize>(this.sums);
    for (let pair = 0; pair < BAND_PAIRS; ++pair) {
      this.bands[2 * pair].run(wide, narrow, count);
      const energy = this.bands[2 * pair + 1].run(narrow, narrow, count);
      const at = sums + ((<usize>pair) << 4);
      v128.store(at, f64x2.add(v128.load(at), energy));
    }
    this.bandFrames += count;
  }

  private feedPitch(wide: usize, count: i32): void {
    this.pitchFilters[0].run(wide, wide, count);
    this.pitchFilters[1].run(wide, wide, count);
    const taken = thin(wide, count, this.pitchStep, this.pitchPhase);
    this.pitchPhase = phaseAfter(this.pitchPhase, count, this.pitchStep);
    this.pitchFilters[2].run(wide, wide, taken);
    this.pitchFilters[3].run(wide, wide, taken);
    const to = this.window + this.lastLag + this.pitchFrames;
    for (let i = 0; i < taken; ++i) this.pitchLine[to + i] = <f32>load<f64>(wide + ((<usize>i) << 4));
    this.pitchFrames += taken;
  }

  /** Ends a hop of 10 ms: fills `energies` and `periodicity`. */
  finishHop(): void {
    for (let band = 0; band < BANDS; ++band) {
      this.energies[band] = this.bandFrames == 0 ? 0 : this.sums[band] / <f64>this.bandFrames;
    }
    this.sums.fill(0);
    this.bandFrames = 0;
    settleAll(this.lowPass);
    settleAll(this.bands);
    settleAll(this.pitchFilters);
    const line = changetype<usize>(this.pitchLine);
    memory.copy(line, line + ((<usize>this.pitchFrames) << 2), (<usize>(this.window + this.lastLag)) << 2);
    this.pitchFrames = 0;
    this.periodicity = this.findPeriodicity(line);
  }

  private findPeriodicity(line: usize): f64 {
    const newest = line + ((<usize>this.lastLag) << 2);
    const energy = product(newest, newest, this.window);
    if (energy < 1e-12 * <f64>this.window) return 0;
    let best: f64 = 0;
    for (let lag = this.firstLag; lag <= this.lastLag; ++lag) {
      const older = newest - ((<usize>lag) << 2);
      const cross = product(newest, older, this.window);
      if (cross <= 0) continue;
      best = max(best, (cross * cross) / (energy * product(older, older, this.window) + 1e-20));
    }
    return sqrt(best);
  }
}

function sections(count: i32): StaticArray<LaneBiquad> {
  const list = new StaticArray<LaneBiquad>(count);
  for (let i = 0; i < count; ++i) list[i] = new LaneBiquad();
  return list;
}

/** Keeps every `step`-th of `count` f64x2, the first at `phase` 0, in both lanes; gives how many. */
function thin(at: usize, count: i32, step: i32, phase: i32): i32 {
  let taken: usize = 0;
  for (let i = phase == 0 ? 0 : step - phase; i < count; i += step) {
    v128.store(at + (taken++ << 4), v128.load64_splat(at + ((<usize>i) << 4)));
  }
  return <i32>taken;
}

function phaseAfter(phase: i32, count: i32, step: i32): i32 {
  return (phase + count) % step;
}

function resetAll(list: StaticArray<LaneBiquad>): void {
  for (let i = 0; i < list.length; ++i) list[i].reset();
}

function settleAll(list: StaticArray<LaneBiquad>): void {
  for (let i = 0; i < list.length; ++i) list[i].settle();
}

/** Sum of products of two stretches of f32, `count` a multiple of 4. */
function product(a: usize, b: usize, count: i32): f64 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16)
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  const low = f64x2.promote_low_f32x4(sum);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(sum, sum, 2, 3, 2, 3));
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Level in dB of a mean square, never below -90. */
export function levelOf(meanSquare: f64): f64 {
  return 0.5 * DB_PER_LOG2 * log2(meanSquare + 1e-9);
}
