import { alivePair } from "./alive-pair";

/** Second-order Butterworth high-pass of one pair. Simper, "Solving the continuous SVF equations using trapezoidal integration", 2013. */
export class HighPass {
  private first: v128 = f64x2.splat(0);
  private second: v128 = f64x2.splat(0);
  private a1: v128 = f64x2.splat(1);
  private a2: v128 = f64x2.splat(0);
  private a3: v128 = f64x2.splat(0);
  private damping: v128 = f64x2.splat(0);

  /** `warped` = tan(pi f / rate). */
  set(warped: f64): void {
    const k: f64 = 1.4142135623730951;
    const a1 = 1 / (1 + warped * (warped + k));
    this.a1 = f64x2.splat(a1);
    this.a2 = f64x2.splat(warped * a1);
    this.a3 = f64x2.splat(warped * warped * a1);
    this.damping = f64x2.splat(k);
  }

  reset(): void {
    this.first = f64x2.splat(0);
    this.second = f64x2.splat(0);
  }

  /** A state that has died away becomes zero. */
  flush(): void {
    this.first = alivePair(this.first);
    this.second = alivePair(this.second);
  }

  next(x: v128): v128 {
    const v3 = f64x2.sub(x, this.second);
    const band = f64x2.add(f64x2.mul(this.a1, this.first), f64x2.mul(this.a2, v3));
    const low = f64x2.add(this.second, f64x2.add(f64x2.mul(this.a2, this.first), f64x2.mul(this.a3, v3)));
    this.first = f64x2.sub(f64x2.add(band, band), this.first);
    this.second = f64x2.sub(f64x2.add(low, low), this.second);
    return f64x2.sub(f64x2.sub(x, f64x2.mul(this.damping, band)), low);
  }
}
