import { onePole } from "./math";
import { Groups, Scan } from "./scan";

/**
 * Smooths reductions (>= 0, any logarithmic unit): they grow by the attack pole and recover by the release pole. The smooth
 * decoupled detector of Giannoulis, Massberg and Reiss, JAES 60(6), 2012, with its attack pole at work only while the reduction
 * grows, so that both time constants are exact; as prefix scans over four frames.
 */
export class DecoupledEnvelope {
  private readonly release: Scan = new Scan();
  private readonly attack: Scan = new Scan();
  private readonly groups: Groups = new Groups();

  setTimes(attackMs: f64, releaseMs: f64, sampleRate: f64): void {
    this.attack.setPole(onePole(attackMs, sampleRate));
    this.release.setPole(onePole(releaseMs, sampleRate));
  }

  reset(): void {
    this.release.state = 0;
    this.attack.state = 0;
    this.groups.reset();
  }

  /** In place; three values in front of the buffer and three behind are overwritten. */
  process(values: usize, frames: i32): void {
    const start = this.groups.open(values, frames);
    const total = this.groups.total;
    const attack = this.attack;
    const release = this.release;
    for (let i = 0; i < total; i += 4) {
      const at = start + ((<usize>i) << 2);
      const complete = i + 4 <= total;
      v128.store(at, attack.rise(release.fall(v128.load(at), complete), complete));
    }
  }
}

/** Running mean of squares over the time constant, in place over absolute levels; linear. */
export class MeanSquare {
  private readonly mean: Scan = new Scan();
  private readonly groups: Groups = new Groups();

  setTime(ms: f64, sampleRate: f64): void {
    this.mean.setPole(onePole(ms, sampleRate));
  }

  reset(): void {
    this.mean.state = 0;
    this.groups.reset();
  }

  /** In place; three values in front of the buffer and three behind are overwritten. */
  process(levels: usize, frames: i32): void {
    const start = this.groups.open(levels, frames);
    const total = this.groups.total;
    for (let i = 0; i < total; i += 4) {
      const at = start + ((<usize>i) << 2);
      const x = v128.load(at);
      v128.store(at, this.mean.mean(f32x4.mul(x, x), i + 4 <= total));
    }
  }
}
