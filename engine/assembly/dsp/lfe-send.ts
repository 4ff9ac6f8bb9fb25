import { dbToGain, PI } from "./math";
import { Smoother } from "./smoother";
import { LFE } from "./speaker-ring";
import { StateVariableFilter } from "./state-variable-filter";

const CORNER_HZ: f64 = 120;
const SQRT_2: f64 = 1.4142135623730951;
/** Frames between clearings of what has died away. */
const SETTLE_FRAMES: i32 = 256;

/** The sum of a source's channels, without an LFE of its own, low-passed (Linkwitz-Riley, fourth order) and added to the LFE. */
export class LfeSend {
  private readonly level: Smoother = new Smoother();
  private readonly first: StateVariableFilter = new StateVariableFilter();
  private readonly second: StateVariableFilter = new StateVariableFilter();
  /** Frames since the last clearing. */
  private phase: i32 = 0;

  constructor(
    private readonly inputs: i32,
    private readonly sampleRate: f64,
  ) {
    this.level.prepare(sampleRate);
    this.first.set(CORNER_HZ, 1 / SQRT_2, sampleRate);
    this.second.set(CORNER_HZ, 1 / SQRT_2, sampleRate);
  }

  setDb(db: f64): void {
    // The filters stood still: what they hold is from long ago.
    if (this.off) this.clear();
    this.level.target = dbToGain(db);
  }

  reset(): void {
    this.level.settle();
    this.clear();
  }

  settle(): void {
    this.level.settle();
  }

  private clear(): void {
    this.first.reset();
    this.second.reset();
    this.phase = 0;
  }

  private get off(): bool {
    return !this.level.moving && this.level.value == 0;
  }

  /** 160 dB of a double pole pair at the corner. */
  tailFrames(): i32 {
    return this.level.target == 0 ? 0 : <i32>ceil((24 * this.sampleRate) / (SQRT_2 * PI * CORNER_HZ));
  }

  /** Adds to the LFE of the pairs at `io` from the input pairs at `from`. */
  process(from: usize, io: usize, frames: i32): void {
    if (this.off) return;
    const pairBytes = (<usize>frames) << 3;
    const lfe = io + <usize>(LFE >> 1) * pairBytes + 4;
    for (let at: usize = 0; at < pairBytes; at += 8) {
      let sum: f64 = 0;
      for (let input = 0; input < this.inputs; ++input) {
        if (input == LFE) continue;
        sum += load<f32>(from + <usize>(input >> 1) * pairBytes + at + ((<usize>(input & 1)) << 2));
      }
      const sent = this.lowPass(sum) * this.level.next();
      store<f32>(lfe + at, <f32>(<f64>load<f32>(lfe + at) + sent));
    }
  }

  private lowPass(x: f64): f64 {
    this.first.next(f64x2.splat(x));
    this.second.next(this.first.low);
    if (++this.phase == SETTLE_FRAMES) {
      this.phase = 0;
      this.first.settle();
      this.second.settle();
    }
    return f64x2.extract_lane(this.second.low, 0);
  }
}
