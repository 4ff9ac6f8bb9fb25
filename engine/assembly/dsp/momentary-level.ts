import { HopClock } from "./hop-clock";
import { KWeighting } from "./k-weighting";
import { channelWeights, SPEAKERS } from "./loudness";
import { Recent } from "./recent";

const MOMENTARY_HOPS: i32 = 40;
/** -0.691 LU of BS.1770-5 as a factor of power, so that the level in dB is the loudness in LUFS. */
const LUFS_FACTOR: f64 = 0.8529037030705663;
const MAX_PAIRS: i32 = 4;

/**
 * Momentary loudness (ITU-R BS.1770-5, 400 ms) as a level for each frame: known every 10 ms, and reached in a straight line over the
 * 10 ms after. Before 400 ms have passed the missing part counts as silence.
 */
export class MomentaryLevel {
  readonly clock: HopClock;
  private readonly filters: StaticArray<KWeighting> = new StaticArray<KWeighting>(MAX_PAIRS);
  /** f64x2 of energy of each pair in the unfinished hop. */
  private readonly sums: StaticArray<f64> = new StaticArray<f64>(2 * MAX_PAIRS);
  private readonly weights: StaticArray<f64> = new StaticArray<f64>(2 * MAX_PAIRS);
  private readonly energies: Recent = new Recent(MOMENTARY_HOPS);
  private from: f64 = 0;
  private to: f64 = 0;

  /** `channels` are those of the sound; a key of another width counts by the same places. */
  constructor(sampleRate: f64, channels: i32) {
    this.clock = new HopClock(sampleRate);
    for (let pair = 0; pair < MAX_PAIRS; ++pair) this.filters[pair] = new KWeighting(sampleRate);
    const own = channelWeights(max(2, channels), SPEAKERS);
    for (let i = 0; i < 2 * MAX_PAIRS; ++i) this.weights[i] = i < own.length ? own[i] : 1;
    // A mono signal stands in both lanes and counts once.
    if (channels == 1) for (let i = 0; i < 2; ++i) this.weights[i] = 0.5;
  }

  reset(): void {
    this.clock.reset();
    for (let pair = 0; pair < MAX_PAIRS; ++pair) this.filters[pair].reset();
    this.sums.fill(0);
    this.energies.reset();
    this.from = 0;
    this.to = 0;
  }

  /** Writes the level of each frame as f32 mean square. */
  process(io: usize, pairs: i32, frames: i32, levels: usize): void {
    for (let done = 0; done < frames; ) {
      const count = min(this.clock.left, frames - done);
      this.fill(levels + ((<usize>done) << 2), count);
      for (let pair = 0; pair < pairs; ++pair) {
        const sums = changetype<usize>(this.sums) + ((<usize>pair) << 4);
        this.filters[pair].addEnergy(io + ((<usize>(pair * frames + done)) << 3), count, sums);
      }
      if (this.clock.advance(count)) this.finishHop();
      done += count;
    }
  }

  private fill(levels: usize, count: i32): void {
    const hopFrames = this.clock.framesOfHop(this.clock.hops);
    const step = (this.to - this.from) / <f64>hopFrames;
    const passed = hopFrames - this.clock.left;
    for (let i = 0; i < count; ++i)
      store<f32>(levels + ((<usize>i) << 2), <f32>(this.from + step * <f64>(passed + i + 1)));
  }

  private finishHop(): void {
    let energy: f64 = 0;
    for (let i = 0; i < 2 * MAX_PAIRS; ++i) energy += this.weights[i] * this.sums[i];
    this.sums.fill(0);
    for (let pair = 0; pair < MAX_PAIRS; ++pair) this.filters[pair].settle();
    this.energies.push(energy / <f64>this.clock.framesOfHop(this.clock.hops - 1));
    const share = <f64>min<i64>(this.clock.hops, MOMENTARY_HOPS) / <f64>MOMENTARY_HOPS;
    this.from = this.to;
    this.to = LUFS_FACTOR * share * this.energies.mean(MOMENTARY_HOPS);
  }
}
