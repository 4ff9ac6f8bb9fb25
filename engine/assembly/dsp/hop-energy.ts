import { KWeighting } from "./k-weighting";

/** K-weighted energy of channel pairs since it was last taken. */
export class HopEnergy {
  private readonly filters: StaticArray<KWeighting>;
  /** An f64x2 for each pair. */
  private readonly sums: StaticArray<f64>;

  constructor(sampleRate: f64, pairs: i32) {
    this.filters = new StaticArray<KWeighting>(pairs);
    this.sums = new StaticArray<f64>(2 * pairs);
    for (let i = 0; i < pairs; ++i) this.filters[i] = new KWeighting(sampleRate);
  }

  reset(): void {
    this.sums.fill(0);
    for (let i = 0; i < this.filters.length; ++i) this.filters[i].reset();
  }

  /** Adds `count` frames from frame `from` on of a block of `pairs` pairs, each `frames` long. */
  add(io: usize, pairs: i32, frames: i32, from: i32, count: i32): void {
    for (let pair = 0; pair < pairs; ++pair) {
      const sums = changetype<usize>(this.sums) + ((<usize>pair) << 4);
      this.filters[pair].addEnergy(io + ((<usize>(pair * frames + from)) << 3), count, sums);
    }
  }

  /** The sum over the channels by their weights; begins anew. */
  take(weights: StaticArray<f64>): f64 {
    let energy: f64 = 0;
    for (let i = 0; i < this.sums.length; ++i) {
      energy += (i < weights.length ? weights[i] : 0) * this.sums[i];
      this.sums[i] = 0;
    }
    for (let i = 0; i < this.filters.length; ++i) this.filters[i].settle();
    return energy;
  }
}
