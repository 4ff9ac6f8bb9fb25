import { GapInterpolation } from "./gap-interpolation";
import { LinearPrediction } from "./linear-prediction";

/** How often the model is made of the filled line and the gaps are filled by it. */
const ROUNDS: i32 = 2;

/**
 * Fills gaps of a line that are filled coarsely already once more, by a model long enough to know the pitch of a voice and the partials
 * of a chord, in turns with making it (A. Janssen, R. Veldhuis and L. Vries, IEEE Trans. ASSP 34(2), 1986).
 */
export class GapRefinement {
  private readonly model: LinearPrediction;
  private readonly gap: GapInterpolation;
  private readonly starts: StaticArray<i32>;
  private readonly lengths: StaticArray<i32>;
  private count: i32 = 0;

  /** Allocates for lines of `frames` and gaps of at most `most` samples, which lie `order` samples away from both ends. */
  constructor(order: i32, frames: i32, most: i32) {
    this.model = new LinearPrediction(order, frames);
    this.gap = new GapInterpolation(order, most);
    this.starts = new StaticArray<i32>(frames);
    this.lengths = new StaticArray<i32>(frames);
  }

  begin(): void {
    this.count = 0;
  }

  add(start: i32, length: i32): void {
    this.starts[this.count] = start;
    this.lengths[this.count] = length;
    this.count += 1;
  }

  /** Fills the gaps among f32 `line`. */
  fill(line: usize): void {
    if (this.count == 0) return;
    for (let round = 0; round < ROUNDS; ++round) {
      if (!this.model.model(line)) return;
      for (let i = 0; i < this.count; ++i) {
        this.gap.begin();
        for (let k = 0; k < this.lengths[i]; ++k) this.gap.miss(this.starts[i] + k);
        this.gap.fill(line, this.model);
      }
    }
  }
}
