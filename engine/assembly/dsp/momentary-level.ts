import { HopClock } from "./hop-clock";
import { Recent } from "./recent";
import { WeightedEnergy } from "./weighted-energy";

const MOMENTARY_HOPS: i32 = 40;

/**
 * Momentary loudness (ITU-R BS.1770-5, 400 ms) as a level for each frame: known every 10 ms, and reached in a straight line over the
 * 10 ms after. Before 400 ms have passed the missing part counts as silence.
 */
export class MomentaryLevel {
  private readonly clock: HopClock;
  private readonly energy: WeightedEnergy;
  private readonly hops: Recent = new Recent(MOMENTARY_HOPS);
  private from: f64 = 0;
  private to: f64 = 0;

  constructor(sampleRate: f64, channels: i32) {
    this.clock = new HopClock(sampleRate);
    this.energy = new WeightedEnergy(sampleRate, channels);
  }

  reset(): void {
    this.clock.reset();
    this.energy.reset();
    this.hops.reset();
    this.from = 0;
    this.to = 0;
  }

  /** Writes the level of each frame as f32 mean square. */
  process(io: usize, pairs: i32, frames: i32, levels: usize): void {
    for (let done = 0; done < frames; ) {
      const count = min(this.clock.left, frames - done);
      this.fill(levels + ((<usize>done) << 2), count);
      this.energy.add(io, pairs, frames, done, count);
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
    this.hops.push(this.energy.take(this.clock.framesOfHop(this.clock.hops - 1)));
    const share = <f64>min<i64>(this.clock.hops, MOMENTARY_HOPS) / <f64>MOMENTARY_HOPS;
    this.from = this.to;
    this.to = share * this.hops.mean(MOMENTARY_HOPS);
  }
}
