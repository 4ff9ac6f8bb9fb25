import { InputRing } from "./input-ring";
import { Random } from "./random";

/** Velvet noise (Karjalainen and Jarvelainen, AES 30th conf. 2007): one impulse of random sign at a random place of every slot. */
export class VelvetTaps {
  private readonly delays: StaticArray<i32>;
  private readonly gains: StaticArray<f32>;
  private count: i32 = 0;

  constructor(private readonly most: i32) {
    // Taps are summed in fours; those that are not used weigh nothing.
    this.delays = new StaticArray<i32>(most + 3);
    this.gains = new StaticArray<f32>(most + 3);
  }

  clear(): void {
    this.count = 0;
    for (let tap = 0; tap < this.gains.length; ++tap) {
      this.delays[tap] = 0;
      this.gains[tap] = 0;
    }
  }

  add(delayFrames: i32, gain: f64): void {
    if (this.count == this.most) return;
    this.delays[this.count] = delayFrames;
    this.gains[this.count++] = <f32>gain;
  }

  /** Scatters `count` impulses of `gain` over `frames` frames from `start` on. */
  scatter(random: Random, count: i32, start: f64, frames: f64, gain: f64): void {
    const slot = frames / <f64>count;
    for (let i = 0; i < count; ++i) {
      const delay = start + (<f64>i + random.uniform()) * slot;
      this.add(<i32>delay, gain * (random.uniform() < 0.5 ? -1 : 1));
    }
  }

  /** Adds the sum of the taps to `frames` f32 at `out`; writes up to three more. */
  addTo(ring: InputRing, extraDelay: i32, out: usize, frames: i32): void {
    const end = out + ((<usize>frames) << 2);
    for (let tap = 0; tap < this.count; tap += 4) {
      const gain0 = f32x4.splat(unchecked(this.gains[tap]));
      const gain1 = f32x4.splat(unchecked(this.gains[tap + 1]));
      const gain2 = f32x4.splat(unchecked(this.gains[tap + 2]));
      const gain3 = f32x4.splat(unchecked(this.gains[tap + 3]));
      let from0 = ring.past(unchecked(this.delays[tap]) + extraDelay, frames);
      let from1 = ring.past(unchecked(this.delays[tap + 1]) + extraDelay, frames);
      let from2 = ring.past(unchecked(this.delays[tap + 2]) + extraDelay, frames);
      let from3 = ring.past(unchecked(this.delays[tap + 3]) + extraDelay, frames);
      for (let to = out; to < end; to += 16) {
        const first = f32x4.add(f32x4.mul(v128.load(from0), gain0), f32x4.mul(v128.load(from1), gain1));
        const second = f32x4.add(f32x4.mul(v128.load(from2), gain2), f32x4.mul(v128.load(from3), gain3));
        v128.store(to, f32x4.add(v128.load(to), f32x4.add(first, second)));
        from0 += 16;
        from1 += 16;
        from2 += 16;
        from3 += 16;
      }
    }
  }
}
