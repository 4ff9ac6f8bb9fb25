import { LinearPrediction } from "./linear-prediction";

/**
 * Fills in missing samples so that the whole fits an all-pole model best: least-squares autoregressive interpolation (A. Janssen,
 * R. Veldhuis and L. Vries, IEEE Trans. ASSP 34(2), 1986). The normal equations are banded by the order and solved by Cholesky.
 */
export class GapInterpolation {
  private readonly factor: StaticArray<f64>;
  private readonly right: StaticArray<f64>;
  private readonly places: StaticArray<i32>;
  private count: i32 = 0;

  /** Allocates for at most `most` missing samples. */
  constructor(
    private readonly order: i32,
    private readonly most: i32,
  ) {
    this.factor = new StaticArray<f64>(most * (order + 1));
    this.right = new StaticArray<f64>(most);
    this.places = new StaticArray<i32>(most);
  }

  begin(): void {
    this.count = 0;
  }

  get full(): bool {
    return this.count == this.most;
  }

  /** Names a missing sample; in ascending order, the order of the model away from both ends. */
  miss(place: i32): void {
    this.places[this.count] = place;
    this.count += 1;
  }

  /** Writes the missing ones among f32 `samples`. */
  fill(samples: usize, model: LinearPrediction): void {
    for (let i = 0; i < this.count; ++i) store<f32>(samples + ((<usize>this.places[i]) << 2), 0);
    for (let i = 0; i < this.count; ++i) this.right[i] = -this.known(samples, model, this.places[i]);
    this.factorise(model);
    this.substitute();
    for (let i = 0; i < this.count; ++i) store<f32>(samples + ((<usize>this.places[i]) << 2), <f32>this.right[i]);
  }

  /** What the known samples ask for at a place; the missing ones stand at 0. */
  private known(samples: usize, model: LinearPrediction, place: i32): f64 {
    const at = samples + ((<usize>place) << 2);
    let sum: f64 = 0;
    for (let lag = 1; lag <= this.order; ++lag) {
      const away = (<usize>lag) << 2;
      sum += model.products[lag] * (<f64>load<f32>(at - away) + <f64>load<f32>(at + away));
    }
    return sum;
  }

  private factorise(model: LinearPrediction): void {
    const width = this.order + 1;
    for (let i = 0; i < this.count; ++i) {
      const first = max(0, i - this.order);
      for (let j = first; j <= i; ++j) {
        const distance = this.places[i] - this.places[j];
        let sum = distance <= this.order ? model.products[distance] : 0;
        // Row r holds columns r - order .. r at offsets 0 .. order.
        const rowI = i * width + this.order - i;
        const rowJ = j * width + this.order - j;
        for (let k = max(first, j - this.order); k < j; ++k) sum -= this.factor[rowI + k] * this.factor[rowJ + k];
        this.factor[rowI + j] = i == j ? sqrt(max(sum, 1e-12)) : sum / this.factor[rowJ + j];
      }
    }
  }

  private substitute(): void {
    const width = this.order + 1;
    for (let i = 0; i < this.count; ++i) {
      const row = i * width + this.order - i;
      let sum = this.right[i];
      for (let k = max(0, i - this.order); k < i; ++k) sum -= this.factor[row + k] * this.right[k];
      this.right[i] = sum / this.factor[row + i];
    }
    for (let i = this.count - 1; i >= 0; --i) {
      let sum = this.right[i];
      const last = min(this.count - 1, i + this.order);
      for (let k = i + 1; k <= last; ++k) sum -= this.factor[k * width + this.order - k + i] * this.right[k];
      this.right[i] = sum / this.factor[i * width + this.order];
    }
  }
}
