import { onePole } from "./math";
import { alive, Groups, PolePowers, scanCeiling, scanFloor, scanMean } from "./scan";

/**
 * Smooths reductions (>= 0, any logarithmic unit): they grow by the attack pole and recover by the release pole. The smooth
 * decoupled detector of Giannoulis, Massberg and Reiss, JAES 60(6), 2012, with its attack pole at work only while the reduction
 * grows, so that both time constants are exact; as prefix scans over four frames.
 */
export class DecoupledEnvelope {
  private readonly release: PolePowers = new PolePowers();
  private readonly attack: PolePowers = new PolePowers();
  private readonly groups: Groups = new Groups();
  private released: f64 = 0;
  private attacked: f64 = 0;

  setTimes(attackMs: f64, releaseMs: f64, sampleRate: f64): void {
    this.attack.set(onePole(attackMs, sampleRate));
    this.release.set(onePole(releaseMs, sampleRate));
  }

  reset(): void {
    this.released = 0;
    this.attacked = 0;
    this.groups.reset();
  }

  /** Stands at a reduction at once. */
  settle(reduction: f64): void {
    this.released = reduction;
    this.attacked = reduction;
  }

  /** In place; three values in front of the buffer and three behind are overwritten. */
  process(values: usize, frames: i32): void {
    const start = this.groups.open(values, frames);
    const whole = start + ((<usize>(this.groups.total & ~3)) << 2);
    this.run(start, whole, true);
    if (this.groups.total & 3) this.run(whole, whole + 16, false);
  }

  /** Runs whole groups; an unfinished one gives its frames but does not move the states. */
  private run(start: usize, end: usize, complete: bool): void {
    const releaseOne = this.release.one;
    const releaseTwo = this.release.two;
    const releaseAll = this.release.all;
    const releaseRest = this.release.rest;
    const releaseFour = this.release.four;
    const attackOne = this.attack.one;
    const attackTwo = this.attack.two;
    const attackAll = this.attack.all;
    const attackRest = this.attack.rest;
    const attackFour = this.attack.four;
    let released = this.released;
    let attacked = this.attacked;
    for (let at = start; at < end; at += 16) {
      const x = v128.load(at);
      const scaled = f32x4.mul(releaseRest, x);
      const mean = scanMean(scaled, releaseOne, releaseTwo);
      const floor = scanFloor(x, scaled, releaseOne, releaseTwo);
      const y = f32x4.pmax(floor, f32x4.add(f32x4.mul(releaseAll, f32x4.splat(<f32>released)), mean));
      const falling = releaseFour * released + <f64>f32x4.extract_lane(mean, 3);
      const least = <f64>f32x4.extract_lane(floor, 3);
      released = alive(least > falling ? least : falling);

      const scaledY = f32x4.mul(attackRest, y);
      const meanY = scanMean(scaledY, attackOne, attackTwo);
      const ceiling = scanCeiling(y, scaledY, attackOne, attackTwo);
      v128.store(at, f32x4.pmin(ceiling, f32x4.add(f32x4.mul(attackAll, f32x4.splat(<f32>attacked)), meanY)));
      const rising = attackFour * attacked + <f64>f32x4.extract_lane(meanY, 3);
      const most = <f64>f32x4.extract_lane(ceiling, 3);
      attacked = alive(most < rising ? most : rising);
    }
    if (!complete) return;
    this.released = released;
    this.attacked = attacked;
  }
}

/** Running mean of values (>= 0) over a time constant. */
export class RunningMean {
  private readonly pole: PolePowers = new PolePowers();
  private readonly groups: Groups = new Groups();
  private mean: f64 = 0;

  setTime(ms: f64, sampleRate: f64): void {
    this.pole.set(onePole(ms, sampleRate));
  }

  reset(): void {
    this.mean = 0;
    this.groups.reset();
  }

  /** In place; three values in front of the buffer and three behind are overwritten. */
  process(values: usize, frames: i32): void {
    const start = this.groups.open(values, frames);
    const total = this.groups.total;
    for (let i = 0; i < total; i += 4) {
      const at = start + ((<usize>i) << 2);
      const mean = scanMean(f32x4.mul(this.pole.rest, v128.load(at)), this.pole.one, this.pole.two);
      v128.store(at, f32x4.add(f32x4.mul(this.pole.all, f32x4.splat(<f32>this.mean)), mean));
      if (i + 4 <= total) this.mean = alive(this.pole.four * this.mean + <f64>f32x4.extract_lane(mean, 3));
    }
  }
}
