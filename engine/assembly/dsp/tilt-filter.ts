import { alivePair } from "./alive-pair";

/**
 * First-order tilt of one pair: (s a + w) / (s + w a), which is 1 at the middle frequency; trapezoidal, so that it may be turned while
 * it runs. With 1/a it is its own inverse.
 */
export class TiltFilter {
  private state: v128 = f64x2.splat(0);
  private pole: v128 = f64x2.splat(0);
  private high: v128 = f64x2.splat(1);
  private difference: v128 = f64x2.splat(0);

  /** `warped` = tan(pi f / rate); `amount` = a, the square root of the gain from bottom to top. */
  set(warped: f64, amount: f64): void {
    const g = warped * amount;
    this.pole = f64x2.splat(g / (1 + g));
    this.high = f64x2.splat(amount);
    this.difference = f64x2.splat(1 / amount - amount);
  }

  reset(): void {
    this.state = f64x2.splat(0);
  }

  /** A state that has died away becomes zero. */
  flush(): void {
    this.state = alivePair(this.state);
  }

  next(x: v128): v128 {
    const step = f64x2.mul(f64x2.sub(x, this.state), this.pole);
    const low = f64x2.add(step, this.state);
    this.state = f64x2.add(low, step);
    return f64x2.add(f64x2.mul(x, this.high), f64x2.mul(low, this.difference));
  }
}
