import { alivePair } from "./alive-pair";
import { toMidSide } from "./band-lanes";
import { PI, tan } from "./math";

/** No corner lies beyond this share of the sample rate. */
const HIGHEST_SHARE: f64 = 0.49;

/**
 * The squared length of a rotating phasor: the output of two equal band-passes in a row, and the same a quarter turn later. A sine at
 * their frequency gives its peak squared, without ripple. Trapezoidal integrators: Simper, Solving the continuous SVF equations, 2013.
 */
export class BandPhasor {
  private a1: f64 = 0;
  private a2: f64 = 0;
  private a3: f64 = 0;
  private scale: f64 = 1;
  /** Integrators of both filters. */
  private first: v128 = f64x2.splat(0);
  private second: v128 = f64x2.splat(0);
  private third: v128 = f64x2.splat(0);
  private fourth: v128 = f64x2.splat(0);

  set(frequencyHz: f64, q: f64, sampleRate: f64): void {
    const g = tan(PI * min<f64>(frequencyHz / sampleRate, HIGHEST_SHARE));
    const a1 = 1 / (1 + g * (g + 1 / q));
    this.a1 = a1;
    this.a2 = g * a1;
    this.a3 = g * g * a1;
    this.scale = (1 / q) * (1 / q);
  }

  reset(): void {
    this.first = f64x2.splat(0);
    this.second = f64x2.splat(0);
    this.third = f64x2.splat(0);
    this.fourth = f64x2.splat(0);
  }

  /** States that have died away become zero. */
  flush(): void {
    this.first = alivePair(this.first);
    this.second = alivePair(this.second);
    this.third = alivePair(this.third);
    this.fourth = alivePair(this.fourth);
  }

  /** Raises the f32 levels at `to` to what is heard in the channels under `mask`, of left and right or of mid and side. */
  listen(at: usize, frames: i32, midSide: bool, mask: v128, to: usize): void {
    const a1 = f64x2.splat(this.a1);
    const a2 = f64x2.splat(this.a2);
    const a3 = f64x2.splat(this.a3);
    const scale = f64x2.splat(this.scale);
    let first = this.first;
    let second = this.second;
    let third = this.third;
    let fourth = this.fourth;
    for (let i: usize = 0; i < (<usize>frames) << 2; i += 4) {
      const source = f64x2.promote_low_f32x4(v128.load64_zero(at + (i << 1)));
      const x = midSide ? toMidSide(source) : source;
      const rest = f64x2.sub(x, second);
      const band = f64x2.add(f64x2.mul(a1, first), f64x2.mul(a2, rest));
      const low = f64x2.add(second, f64x2.add(f64x2.mul(a2, first), f64x2.mul(a3, rest)));
      first = f64x2.sub(f64x2.add(band, band), first);
      second = f64x2.sub(f64x2.add(low, low), second);
      const restAgain = f64x2.sub(band, fourth);
      const bandAgain = f64x2.add(f64x2.mul(a1, third), f64x2.mul(a2, restAgain));
      const lowAgain = f64x2.add(fourth, f64x2.add(f64x2.mul(a2, third), f64x2.mul(a3, restAgain)));
      third = f64x2.sub(f64x2.add(bandAgain, bandAgain), third);
      fourth = f64x2.sub(f64x2.add(lowAgain, lowAgain), fourth);
      const inPhase = f64x2.mul(bandAgain, scale);
      const late = f64x2.mul(lowAgain, scale);
      raiseLevel(to + i, v128.and(f64x2.add(f64x2.mul(inPhase, inPhase), f64x2.mul(late, late)), mask));
    }
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
  }
}

/** Raises the f32 at `at` to the louder of two squares. */
export function raiseLevel(at: usize, squares: v128): void {
  const louder = max(f64x2.extract_lane(squares, 0), f64x2.extract_lane(squares, 1));
  store<f32>(at, max(load<f32>(at), <f32>louder));
}
