import { allocate } from "../abi/memory";
import { DB_PER_LOG2, exp2, log2, onePole } from "./math";

/** Frames between two looks at the levels. */
const LOOK_FRAMES: i32 = 32;
const LEVEL_MS: f64 = 4;
const USUAL_MS: f64 = 1000;
const ATTACK_MS: f64 = 3;
const RELEASE_MS: f64 = 25;
/** How far a pop stands out of the usual level of its band, at least. */
const OUT_OF_USUAL_DB: f64 = 6;
/** The usual level is never taken for less: -60 dBFS. */
const LEAST_USUAL: f64 = 1e-6;
/** Reduction per dB of excess. */
const SLOPE: f64 = 3;
/** Width of a box in periods of the cut-off, so that three of them take 3 dB there. */
const BOX_PERIODS: f64 = 0.26;

/** Settings that all channels share. */
export class PlosiveRules {
  /** Frames of one box, odd. */
  box: i32 = 1;
  rangeDb: f64 = 12;
  /** dB by which the low band must be louder than the rest. */
  ratioDb: f64 = 3;

  setFrequency(hz: f64, sampleRate: f64): void {
    this.box = 2 * <i32>((BOX_PERIODS * sampleRate) / (2 * hz)) + 1;
  }
}

/**
 * Takes the low band of one channel down while it pops: three moving means make a linear-phase low band, which is subtracted in
 * phase from the delayed sound. At rest nothing is subtracted.
 */
export class PlosiveGuard {
  private readonly level: f64;
  private readonly usual: f64;
  private readonly attack: f64;
  private readonly release: f64;
  /** Input and the outputs of the three boxes. */
  private readonly rings: usize;
  private readonly mask: i32;
  private position: i32 = 0;
  private box: i32 = 0;
  private readonly sums: StaticArray<f64> = new StaticArray<f64>(3);
  private lowPower: f64 = 0;
  private highPower: f64 = 0;
  private usualPower: f64 = LEAST_USUAL;
  private looks: i32 = 0;
  private wantedDb: f64 = 0;
  private firstDb: f64 = 0;
  private reductionDb: f64 = 0;

  /** Allocates. `latency` covers the widest box and the look-ahead. */
  constructor(
    private readonly latency: i32,
    sampleRate: f64,
  ) {
    const length = 1 << (32 - clz(2 * latency));
    this.mask = length - 1;
    this.rings = allocate((4 * length) << 3);
    this.level = 1 - onePole(LEVEL_MS, sampleRate);
    this.usual = 1 - onePole(USUAL_MS, sampleRate);
    this.attack = 1 - onePole(ATTACK_MS, sampleRate);
    this.release = 1 - onePole(RELEASE_MS, sampleRate);
  }

  reset(): void {
    memory.fill(this.rings, 0, (<usize>(4 * (this.mask + 1))) << 3);
    this.position = 0;
    this.box = 0;
    this.lowPower = 0;
    this.highPower = 0;
    this.usualPower = LEAST_USUAL;
    this.looks = 0;
    this.wantedDb = 0;
    this.firstDb = 0;
    this.reductionDb = 0;
  }

  private at(ring: i32, back: i32): usize {
    return this.rings + ((<usize>(ring * (this.mask + 1) + ((this.position - back) & this.mask))) << 3);
  }

  /** Works on one lane in place; `io` steps by 8 bytes a frame. */
  process(io: usize, frames: i32, rules: PlosiveRules): void {
    for (let i = 0; i < frames; ++i) {
      const at = io + ((<usize>i) << 3);
      store<f32>(at, this.next(load<f32>(at), rules));
    }
  }

  private next(x: f32, rules: PlosiveRules): f32 {
    this.position = (this.position + 1) & this.mask;
    store<f64>(this.at(0, 0), <f64>x);
    // Adding up anew at every turn of the rings leaves nothing of what was loud.
    if (this.box != rules.box || this.position == 0) this.sumAnew(rules.box);
    else this.moveBoxes();
    const late = (3 * (this.box - 1)) >> 1;
    this.measure(load<f64>(this.at(3, 0)), load<f64>(this.at(0, late)));
    if (++this.looks == LOOK_FRAMES) this.look(rules);
    const share = this.follow();
    const dry = load<f64>(this.at(0, this.latency));
    return share > 0 ? <f32>(dry - share * load<f64>(this.at(3, this.latency - late))) : <f32>dry;
  }

  private sumAnew(box: i32): void {
    this.box = box;
    for (let stage = 0; stage < 3; ++stage) {
      let sum: f64 = 0;
      for (let back = 0; back < box; ++back) sum += load<f64>(this.at(stage, back));
      this.sums[stage] = sum;
      store<f64>(this.at(stage + 1, 0), sum / <f64>box);
    }
  }

  private moveBoxes(): void {
    const scale = 1 / <f64>this.box;
    for (let stage = 0; stage < 3; ++stage) {
      this.sums[stage] += load<f64>(this.at(stage, 0)) - load<f64>(this.at(stage, this.box));
      store<f64>(this.at(stage + 1, 0), this.sums[stage] * scale);
    }
  }

  private measure(low: f64, all: f64): void {
    const high = all - low;
    this.lowPower += this.level * (low * low - this.lowPower);
    this.highPower += this.level * (high * high - this.highPower);
    this.usualPower += this.usual * (max(low * low, LEAST_USUAL) - this.usualPower);
  }

  private look(rules: PlosiveRules): void {
    this.looks = 0;
    const low = log2(this.lowPower + 1e-12);
    const overRest = 0.5 * DB_PER_LOG2 * (low - log2(this.highPower + 1e-12)) - rules.ratioDb;
    const overUsual = 0.5 * DB_PER_LOG2 * (low - log2(this.usualPower)) - OUT_OF_USUAL_DB;
    this.wantedDb = max(0, min(rules.rangeDb, SLOPE * min(overRest, overUsual)));
  }

  /** The share of the low band to take away in this frame. */
  private follow(): f64 {
    const rate = this.wantedDb > this.reductionDb ? this.attack : this.release;
    this.firstDb += rate * (this.wantedDb - this.firstDb);
    this.reductionDb += rate * (this.firstDb - this.reductionDb);
    if (this.reductionDb < 1e-4 && this.wantedDb == 0) {
      this.firstDb = 0;
      this.reductionDb = 0;
      return 0;
    }
    return 1 - exp2(-this.reductionDb / DB_PER_LOG2);
  }

  get presentDb(): f64 {
    return this.reductionDb;
  }
}
