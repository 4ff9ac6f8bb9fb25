/** The last values of one quantity. Each is written twice, a length apart, so that the newest ones always lie in one piece. */
export class Recent {
  private readonly values: StaticArray<f64>;
  private readonly length: i32;
  private filled: i32 = 0;
  private next: i32 = 0;

  constructor(length: i32) {
    this.values = new StaticArray<f64>(2 * length);
    this.length = length;
  }

  reset(): void {
    this.filled = 0;
    this.next = 0;
  }

  push(value: f64): void {
    this.values[this.next] = value;
    this.values[this.next + this.length] = value;
    this.next = this.next + 1 == this.length ? 0 : this.next + 1;
    this.filled = min(this.filled + 1, this.length);
  }

  /** The value `back` pushes ago; the oldest one when there are fewer. */
  last(back: i32): f64 {
    return load<f64>(this.end() - ((<usize>(min(back, this.filled - 1) + 1)) << 3));
  }

  /** Mean of the last `count` values, of all when there are fewer; so do the others. */
  mean(count: i32): f64 {
    const used = min(count, this.filled);
    const end = this.end();
    let sum: f64 = 0;
    for (let at = end - ((<usize>used) << 3); at < end; at += 8) sum += load<f64>(at);
    return sum / <f64>used;
  }

  largest(count: i32): f64 {
    const end = this.end();
    let most = -Infinity;
    for (let at = end - ((<usize>min(count, this.filled)) << 3); at < end; at += 8) most = max(most, load<f64>(at));
    return most;
  }

  deviation(count: i32): f64 {
    const used = min(count, this.filled);
    const mean = this.mean(count);
    const end = this.end();
    let sum: f64 = 0;
    for (let at = end - ((<usize>used) << 3); at < end; at += 8) {
      const difference = load<f64>(at) - mean;
      sum += difference * difference;
    }
    return sqrt(sum / <f64>used);
  }

  /** Just behind the newest value. */
  private end(): usize {
    return changetype<usize>(this.values) + ((<usize>(this.next + this.length)) << 3);
  }
}
