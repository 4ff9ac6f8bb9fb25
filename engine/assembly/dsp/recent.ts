/** The last values of one quantity, newest at `last(0)`. */
export class Recent {
  private readonly values: StaticArray<f64>;
  private filled: i32 = 0;
  private next: i32 = 0;

  constructor(length: i32) {
    this.values = new StaticArray<f64>(length);
  }

  reset(): void {
    this.filled = 0;
    this.next = 0;
  }

  push(value: f64): void {
    this.values[this.next] = value;
    this.next = this.next + 1 == this.values.length ? 0 : this.next + 1;
    this.filled = min(this.filled + 1, this.values.length);
  }

  /** The value `back` hops ago; the oldest one when there are fewer. */
  last(back: i32): f64 {
    const place = this.next - 1 - min(back, this.filled - 1);
    return this.values[place < 0 ? place + this.values.length : place];
  }

  mean(count: i32): f64 {
    const hops = min(count, this.filled);
    let sum: f64 = 0;
    for (let i = 0; i < hops; ++i) sum += this.last(i);
    return sum / <f64>hops;
  }

  largest(count: i32): f64 {
    const hops = min(count, this.filled);
    let most = -Infinity;
    for (let i = 0; i < hops; ++i) most = max(most, this.last(i));
    return most;
  }

  deviation(count: i32): f64 {
    const hops = min(count, this.filled);
    const mean = this.mean(count);
    let sum: f64 = 0;
    for (let i = 0; i < hops; ++i) sum += (this.last(i) - mean) * (this.last(i) - mean);
    return sqrt(sum / <f64>hops);
  }
}
