/** Normal equations of a small linear least-squares problem, solved with Marquardt's damping by Cholesky. */
export class LeastSquares {
  private readonly most: i32;
  private size: i32 = 0;
  private readonly matrix: StaticArray<f64>;
  private readonly right: StaticArray<f64>;
  private readonly factor: StaticArray<f64>;

  constructor(most: i32) {
    this.most = most;
    this.matrix = new StaticArray<f64>(most * most);
    this.right = new StaticArray<f64>(most);
    this.factor = new StaticArray<f64>(most * most);
  }

  /** Starts a problem of `size` unknowns. */
  begin(size: i32): void {
    this.size = size;
    for (let i = 0; i < this.most * this.most; ++i) this.matrix[i] = 0;
    for (let i = 0; i < this.most; ++i) this.right[i] = 0;
  }

  /** Adds one equation: row . x = value, times `weight` on both sides. */
  add(row: StaticArray<f64>, value: f64, weight: f64): void {
    const square = weight * weight;
    for (let i = 0; i < this.size; ++i) {
      const scaled = row[i] * square;
      this.right[i] += scaled * value;
      for (let j = 0; j <= i; ++j) this.matrix[i * this.most + j] += scaled * row[j];
    }
  }

  /** Writes the damped solution; false when the equations say nothing. */
  solve(damping: f64, to: StaticArray<f64>): bool {
    if (!this.factorise(damping)) return false;
    const most = this.most;
    for (let i = 0; i < this.size; ++i) {
      let sum = this.right[i];
      for (let j = 0; j < i; ++j) sum -= this.factor[i * most + j] * to[j];
      to[i] = sum / this.factor[i * most + i];
    }
    for (let i = this.size - 1; i >= 0; --i) {
      let sum = to[i];
      for (let j = i + 1; j < this.size; ++j) sum -= this.factor[j * most + i] * to[j];
      to[i] = sum / this.factor[i * most + i];
    }
    return true;
  }

  private factorise(damping: f64): bool {
    const most = this.most;
    for (let i = 0; i < this.size; ++i) {
      for (let j = 0; j <= i; ++j) {
        let sum = this.matrix[i * most + j];
        if (i == j) sum *= 1 + damping;
        for (let k = 0; k < j; ++k) sum -= this.factor[i * most + k] * this.factor[j * most + k];
        if (i == j && !(sum > 0)) return false;
        this.factor[i * most + j] = i == j ? sqrt(sum) : sum / this.factor[j * most + j];
      }
    }
    return true;
  }
}
