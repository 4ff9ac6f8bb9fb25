import { ColouredNoise } from "./coloured-noise";
import { exp2, log2, PI, sin } from "./math";

const LN_2: f64 = 0.6931471805599453;

/** A sound that needs no file. Stretches are asked for one after another, as channel pairs. */
export abstract class Generator {
  abstract reset(): void;
  /** Writes the next `frames` frames of one pair. */
  abstract next(at: usize, frames: i32): void;
}

function storeBoth(at: usize, frame: i32, value: f64): void {
  const to = at + ((<usize>frame) << 3);
  store<f32>(to, <f32>value);
  store<f32>(to, <f32>value, 4);
}

/** Sine of a phase in turns; whole turns are taken off first, so that long tones stay exact. */
function turnSine(turns: f64): f64 {
  return sin(2 * PI * (turns - floor(turns)));
}

/** A sine whose phase is a function of the frame alone. `peak` is linear. */
export class Tone extends Generator {
  private frame: f64 = 0;

  constructor(
    private readonly frequencyHz: f64,
    private readonly peak: f64,
    private readonly sampleRate: f64,
  ) {
    super();
  }

  reset(): void {
    this.frame = 0;
  }

  next(at: usize, frames: i32): void {
    for (let i = 0; i < frames; ++i) {
      // frame * Hz is exact for whole hertz, and so is what is left of it after whole seconds.
      const cycles = (this.frame + <f64>i) * this.frequencyHz;
      const rest = cycles - floor(cycles / this.sampleRate) * this.sampleRate;
      storeBoth(at, i, this.peak * turnSine(rest / this.sampleRate));
    }
    this.frame += <f64>frames;
  }
}

/** An exponential sine sweep: as long in every octave. Farina, "Simultaneous measurement of impulse response ...", AES 108, 2000. */
export class Sweep extends Generator {
  private frame: f64 = 0;
  private readonly octaves: f64;

  constructor(
    private readonly fromHz: f64,
    toHz: f64,
    private readonly peak: f64,
    private readonly sampleRate: f64,
    private readonly lengthFrames: f64,
  ) {
    super();
    this.octaves = log2(toHz / fromHz);
  }

  reset(): void {
    this.frame = 0;
  }

  next(at: usize, frames: i32): void {
    const seconds = this.lengthFrames / this.sampleRate;
    const turns = (this.fromHz * seconds) / (this.octaves * LN_2);
    for (let i = 0; i < frames; ++i) {
      const way = (this.frame + <f64>i) / this.lengthFrames;
      storeBoth(at, i, this.peak * turnSine(turns * (exp2(this.octaves * way) - 1)));
    }
    this.frame += <f64>frames;
  }
}

/** Noise whose left and right know nothing of each other. */
export class Noise extends Generator {
  constructor(private readonly source: ColouredNoise) {
    super();
  }

  reset(): void {
    this.source.reset();
  }

  next(at: usize, frames: i32): void {
    for (let i = 0; i < frames; ++i) {
      v128.store64_lane(at + ((<usize>i) << 3), f32x4.demote_f64x2_zero(this.source.next()), 0);
    }
  }
}
