/** Most frames that `process` is ever given at once; the slot cuts longer blocks, so inner buffers need no more. */
export const MAX_FRAMES: i32 = 1024;

/**
 * One sound processor. Blocks are channel pairs: pair 0 first, each pair `frames` interleaved L R f32 values, so a block of
 * P pairs is P * frames * 8 bytes. Mono is one pair whose R lane is ignored (kept equal to L by the caller).
 * Memory is taken in the constructor and `prepare` only. Input is finite and within +-2^20: the slot has seen to it.
 */
export abstract class Processor {
  sampleRate: f64 = 48000;
  pairs: i32 = 1;
  channels: i32 = 2;
  /** Channels in which sound arrives; set before `prepare`. The other pairs of the block are silent (1: the R lane holds L). */
  inputChannels: i32 = 2;

  /** Called once, before anything else; allocates. */
  abstract prepare(sampleRate: f64, channels: i32): void;
  /** `index` from generated/<name>-params; the value is in the parameter's unit, flags are 0/1, choices their position. */
  abstract setParam(index: i32, value: f64): void;
  /** How many of `frames` frames `process` wants next, at least 1: fewer for one that waits for `neuralFrame` to be answered. */
  framesAtOnce(frames: i32): i32 {
    return frames;
  }
  /** In place, 1..MAX_FRAMES frames. */
  abstract process(io: usize, frames: i32): void;
  /** In place, listening to `key` (same layout rules, `keyPairs` pairs). Unkeyed processors ignore the key. */
  processKeyed(io: usize, frames: i32, key: usize, keyPairs: i32): void {
    this.process(io, frames);
  }
  /** Next of the frames that a network outside is to denoise in place (laid out as in NeuralFeed), 0 when none waits. */
  neuralFrame(): usize {
    return 0;
  }
  /**
   * Where to put something that belongs to a file (an impulse response): channel pairs as in a block, each `frames` long; 0 when the
   * processor takes none, or not this. May allocate; comes between blocks.
   */
  resource(index: i32, frames: i32, channels: i32, sampleRate: f64): usize {
    return 0;
  }
  /** What `resource` asked for stands there; the processor is as after `reset`. */
  resourceReady(): void {}
  /** Back to the state right after `prepare` with the present parameters. */
  abstract reset(): void;
  /** The next frame is number `frame` of what the insert stands on; comes after a reset, which counts from 0. */
  startAt(frame: f64): void {}
  /** True when silence is something to work on, so that it must not be skipped. */
  worksInSilence(): bool {
    return false;
  }
  /** True when what was heard so far did not let it do what it is there for. */
  wasAtALoss(): bool {
    return false;
  }
  latencySamples(): i32 {
    return 0;
  }
  /** Frames after the input's end until the output is silent. */
  tailSamples(): i32 {
    return 0;
  }
  /** Something a meter can show: the deepest gain reduction in dB since it was last asked (never positive). */
  reductionDb(): f32 {
    return 0;
  }
}
