import { KWeighting } from "./k-weighting";
import { channelWeights, SPEAKERS } from "./loudness";

const MAX_PAIRS: i32 = 4;
/** -0.691 LU of BS.1770-5 as a factor of power, so that the level in dB is the loudness in LUFS. */
const LUFS_FACTOR: f64 = 0.8529037030705663;

/** K-weighted energy of all channels by their places, ITU-R BS.1770-5. */
export class WeightedEnergy {
  private readonly filters: StaticArray<KWeighting> = new StaticArray<KWeighting>(MAX_PAIRS);
  /** f64x2 of each pair since the last `take`. */
  private readonly sums: StaticArray<f64> = new StaticArray<f64>(2 * MAX_PAIRS);
  private readonly weights: StaticArray<f64> = new StaticArray<f64>(2 * MAX_PAIRS);

  /** `channels` are those of the sound; a key of another width counts by the same places. */
  constructor(sampleRate: f64, channels: i32) {
    for (let pair = 0; pair < MAX_PAIRS; ++pair) this.filters[pair] = new KWeighting(sampleRate);
    const own = channelWeights(max(2, channels), SPEAKERS);
    // A mono signal stands in both lanes and counts once.
    const share: f64 = channels == 1 ? 0.5 : 1;
    for (let i = 0; i < 2 * MAX_PAIRS; ++i) this.weights[i] = share * (i < own.length ? own[i] : 1);
  }

  reset(): void {
    for (let pair = 0; pair < MAX_PAIRS; ++pair) this.filters[pair].reset();
    this.sums.fill(0);
  }

  /** Adds `count` frames from frame `start` on of a block whose pairs are `frames` long. */
  add(io: usize, pairs: i32, frames: i32, start: i32, count: i32): void {
    for (let pair = 0; pair < pairs; ++pair) {
      const sums = changetype<usize>(this.sums) + ((<usize>pair) << 4);
      this.filters[pair].addEnergy(io + ((<usize>(pair * frames + start)) << 3), count, sums);
    }
  }

  /** The mean square over the `frames` since the last time, in LUFS when taken as dB. */
  take(frames: i32): f64 {
    let energy: f64 = 0;
    for (let i = 0; i < 2 * MAX_PAIRS; ++i) energy += this.weights[i] * this.sums[i];
    this.sums.fill(0);
    for (let pair = 0; pair < MAX_PAIRS; ++pair) this.filters[pair].settle();
    return (LUFS_FACTOR * energy) / <f64>frames;
  }
}
