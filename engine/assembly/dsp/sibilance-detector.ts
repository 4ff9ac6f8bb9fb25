import { HopClock } from "./hop-clock";
import { DB_PER_LOG2, log2, PI, sin } from "./math";
import { Recent } from "./recent";
import { StateVariableFilter } from "./state-variable-filter";

const HOPS_PER_SECOND: i32 = 1000;
/** One decision looks at this many hops of 1 ms. */
const WINDOW_HOPS: i32 = 6;
const BUTTERWORTH: f64 = 0.7071067811865476;
const RUMBLE_HZ: f64 = 200;
/** Low and high part meet at this share of the sibilants' frequency. */
const SPLIT_SHARE: f64 = 0.55;
/** Share of the sibilants' frequency below which zero crossings belong to voices, and above which they belong to sibilants. */
const VOICED_SHARE: f64 = 0.45;
const SIBILANT_SHARE: f64 = 0.6;
/** Ratio of high to low part at which the reduction begins, at 0 and 100 % sensitivity, and how far above it is whole. */
const DEAF_RATIO_DB: f64 = 12;
const KEEN_RATIO_DB: f64 = -6;
const RATIO_SPAN_DB: f64 = 5;
/** Sound this far below the loudest of the last seconds is the room, not a sibilant; that memory fades. */
const ROOM_DB: f64 = -36;
const MEMORY_DB_PER_SECOND: f64 = -3;
/** Sound that does not rise this far above the quietest of the last seconds is steady noise; that memory grows. */
const FLOOR_DB: f64 = 6;
const FLOOR_DB_PER_SECOND: f64 = 6;
/** How far above each of these sound counts in full. */
const GUARD_SPAN_DB: f64 = 4;
/** Nothing below is heard; dBFS. */
const FAINTEST_DB: f64 = -100;

/**
 * Says every millisecond how sibilant the sound is, whatever its level: by the ratio of its energy above and below a split, and by the
 * rate of zero crossings that its first autocorrelation implies (Rice, 1944), both summed over all channels.
 */
export class SibilanceDetector {
  /** 0 (none) to 1 in the hop that was finished last. */
  sibilance: f64 = 0;
  readonly clock: HopClock;
  /** Three for each pair: the split, and once more for its low and its high part (Linkwitz-Riley, 24 dB per octave). */
  private readonly splits: StaticArray<StateVariableFilter>;
  private readonly rumbles: StaticArray<StateVariableFilter>;
  /** The frame before, f64x2 for each pair. */
  private readonly before: StaticArray<f64>;
  private readonly low: Recent = new Recent(WINDOW_HOPS);
  private readonly high: Recent = new Recent(WINDOW_HOPS);
  private readonly whole: Recent = new Recent(WINDOW_HOPS);
  private readonly steps: Recent = new Recent(WINDOW_HOPS);
  private lowSum: v128 = f64x2.splat(0);
  private highSum: v128 = f64x2.splat(0);
  private wholeSum: v128 = f64x2.splat(0);
  private stepSum: v128 = f64x2.splat(0);
  private ratioDb: f64 = 3;
  /** Squared steps per squared value of a tone at the voices' and the sibilants' rate of crossings. */
  private voicedSteps: f64 = 0;
  private sibilantSteps: f64 = 1;
  /** The loudest and the quietest of the last seconds, dB of the mean square. */
  private loudestDb: f64 = 0;
  private quietestDb: f64 = 0;

  constructor(
    private readonly sampleRate: f64,
    private readonly pairs: i32,
  ) {
    this.clock = new HopClock(sampleRate, HOPS_PER_SECOND);
    this.splits = new StaticArray<StateVariableFilter>(3 * pairs);
    this.rumbles = new StaticArray<StateVariableFilter>(pairs);
    this.before = new StaticArray<f64>(2 * pairs);
    for (let pair = 0; pair < pairs; ++pair) {
      this.rumbles[pair] = new StateVariableFilter();
      this.rumbles[pair].set(RUMBLE_HZ, BUTTERWORTH, sampleRate);
    }
    for (let i = 0; i < 3 * pairs; ++i) this.splits[i] = new StateVariableFilter();
    this.reset();
  }

  /** `frequencyHz` is the middle of the sibilants. */
  setFrequency(frequencyHz: f64): void {
    for (let i = 0; i < this.splits.length; ++i)
      this.splits[i].set(SPLIT_SHARE * frequencyHz, BUTTERWORTH, this.sampleRate);
    this.voicedSteps = this.stepsOfTone(VOICED_SHARE * frequencyHz);
    this.sibilantSteps = this.stepsOfTone(SIBILANT_SHARE * frequencyHz);
  }

  /** 0..1. */
  setSensitivity(share: f64): void {
    this.ratioDb = DEAF_RATIO_DB + share * (KEEN_RATIO_DB - DEAF_RATIO_DB);
  }

  private stepsOfTone(hz: f64): f64 {
    const half = sin((PI * min(hz, 0.45 * this.sampleRate)) / this.sampleRate);
    return 4 * half * half;
  }

  reset(): void {
    this.sibilance = 0;
    this.clock.reset();
    for (let i = 0; i < this.splits.length; ++i) this.splits[i].reset();
    for (let pair = 0; pair < this.pairs; ++pair) this.rumbles[pair].reset();
    this.before.fill(0);
    this.low.reset();
    this.high.reset();
    this.whole.reset();
    this.steps.reset();
    this.clearSums();
    this.loudestDb = FAINTEST_DB;
    this.quietestDb = 0;
  }

  private clearSums(): void {
    this.lowSum = f64x2.splat(0);
    this.highSum = f64x2.splat(0);
    this.wholeSum = f64x2.splat(0);
    this.stepSum = f64x2.splat(0);
  }

  /** Takes `count` frames (at most what is left of the hop) from frame `start` on of a block of `frames`. */
  feed(io: usize, frames: i32, start: i32, count: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.feedPair(pair, io + ((<usize>(pair * frames + start)) << 3), count);
    }
    if (this.clock.advance(count)) this.finishHop();
  }

  private feedPair(pair: i32, io: usize, count: i32): void {
    const split = this.splits[3 * pair];
    const lower = this.splits[3 * pair + 1];
    const upper = this.splits[3 * pair + 2];
    const rumble = this.rumbles[pair];
    const at = changetype<usize>(this.before) + ((<usize>pair) << 4);
    let before = v128.load(at);
    let lowSum = this.lowSum;
    let highSum = this.highSum;
    let wholeSum = this.wholeSum;
    let stepSum = this.stepSum;
    for (let i: usize = 0; i < <usize>count; ++i) {
      rumble.next(f64x2.promote_low_f32x4(v128.load64_zero(io + (i << 3))));
      const x = rumble.high;
      split.next(x);
      lower.next(split.low);
      upper.next(split.high);
      const step = f64x2.sub(x, before);
      before = x;
      lowSum = f64x2.add(lowSum, f64x2.mul(lower.low, lower.low));
      highSum = f64x2.add(highSum, f64x2.mul(upper.high, upper.high));
      wholeSum = f64x2.add(wholeSum, f64x2.mul(x, x));
      stepSum = f64x2.add(stepSum, f64x2.mul(step, step));
    }
    v128.store(at, before);
    this.lowSum = lowSum;
    this.highSum = highSum;
    this.wholeSum = wholeSum;
    this.stepSum = stepSum;
  }

  private finishHop(): void {
    const frames = <f64>this.clock.framesOfHop(this.clock.hops - 1);
    this.low.push(bothLanes(this.lowSum) / frames);
    this.high.push(bothLanes(this.highSum) / frames);
    this.whole.push(bothLanes(this.wholeSum) / frames);
    this.steps.push(bothLanes(this.stepSum) / frames);
    this.clearSums();
    for (let i = 0; i < this.splits.length; ++i) this.splits[i].settle();
    for (let pair = 0; pair < this.pairs; ++pair) this.rumbles[pair].settle();
    this.decide();
  }

  private decide(): void {
    const whole = this.whole.mean(WINDOW_HOPS);
    const present = this.presence(max(FAINTEST_DB, decibels(whole)));
    this.sibilance = 0;
    if (present == 0) return;
    const crossings = ramp(this.steps.mean(WINDOW_HOPS) / whole, this.voicedSteps, this.sibilantSteps);
    if (crossings == 0) return;
    const ratioDb = decibels(this.high.mean(WINDOW_HOPS)) - decibels(this.low.mean(WINDOW_HOPS));
    this.sibilance = crossings * present * ramp(ratioDb, this.ratioDb, this.ratioDb + RATIO_SPAN_DB);
  }

  /** 0 for the room and for steady noise, 1 for what stands out, measured by what was heard before. */
  private presence(levelDb: f64): f64 {
    this.loudestDb = max(levelDb, this.loudestDb + MEMORY_DB_PER_SECOND / HOPS_PER_SECOND);
    this.quietestDb = min(levelDb, this.quietestDb + FLOOR_DB_PER_SECOND / HOPS_PER_SECOND);
    const overRoom = levelDb - this.loudestDb - ROOM_DB;
    const overFloor = levelDb - this.quietestDb - FLOOR_DB;
    return ramp(min(overRoom, overFloor), 0, GUARD_SPAN_DB);
  }
}

function bothLanes(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Of a mean square. */
function decibels(power: f64): f64 {
  return 0.5 * DB_PER_LOG2 * log2(power + 1e-20);
}

/** 0 up to `low`, 1 from `high`, straight between. */
function ramp(value: f64, low: f64, high: f64): f64 {
  return max(0, min(1, (value - low) / (high - low)));
}
