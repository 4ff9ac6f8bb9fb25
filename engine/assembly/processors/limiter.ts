import { Processor } from "../processor";

/** Holds its place until its room is built. */
export class Limiter extends Processor {
  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
  }

  setParam(index: i32, value: f64): void {}

  process(io: usize, frames: i32): void {}

  reset(): void {}
}
