import { allocate } from "../abi/memory";
import { sanitise } from "../kernels/sanitise";
import { MOST_SPACE_SECONDS, ProceduralSpace } from "./procedural-space";
import { Resampler } from "./resampler";

/** Longest response, and most channels, that is taken. */
export const MOST_RESPONSE_SECONDS: f64 = 10;
export const MOST_RESPONSE_CHANNELS: i32 = 16;

/** Where the impulse response of a convolution comes from: computed, or given (and brought to the right rate). */
export class ImpulseSource {
  /** Channel pairs, `stride` frames apart. */
  at: usize = 0;
  stride: i32 = 0;
  frames: i32 = 0;
  channels: i32 = 0;
  isGiven: bool = false;
  private readonly space: ProceduralSpace = new ProceduralSpace();
  private givenRate: f64 = 0;

  /** Allocates for computed responses of `pairs` pairs. */
  constructor(
    private readonly sampleRate: f64,
    private readonly pairs: i32,
  ) {
    this.stride = <i32>ceil(MOST_SPACE_SECONDS * sampleRate);
    this.at = allocate((this.stride * pairs) << 3);
  }

  /** Computes one of the spaces, unless a response was given. */
  render(space: i32): void {
    if (this.isGiven) return;
    this.frames = this.space.render(space, this.sampleRate, this.at, this.stride, this.pairs);
    this.channels = 2 * this.pairs;
  }

  /** Where to put a response as channel pairs, each `frames` long; 0 when it is too long or too wide. Allocates. */
  open(frames: i32, channels: i32, sampleRate: f64): usize {
    if (frames < 1 || channels < 1 || channels > MOST_RESPONSE_CHANNELS) return 0;
    if (!(sampleRate >= 1000) || <f64>frames > MOST_RESPONSE_SECONDS * sampleRate) return 0;
    this.isGiven = true;
    this.givenRate = sampleRate;
    this.channels = channels;
    this.frames = frames;
    this.stride = frames;
    this.at = allocate((frames * ((channels + 1) >> 1)) << 3);
    return this.at;
  }

  /** The response stands there. Allocates when its rate is another. */
  ready(): void {
    const pairs = (this.channels + 1) >> 1;
    sanitise(this.at, (this.frames * pairs) << 1);
    if (this.givenRate == this.sampleRate) return;
    const resampler = new Resampler(<i32>this.givenRate, <i32>this.sampleRate);
    const frames = <i32>ceil((<f64>this.frames * this.sampleRate) / this.givenRate);
    const to = allocate((frames * pairs) << 3);
    for (let pair = 0; pair < pairs; ++pair) {
      const from = this.at + ((<usize>(pair * this.frames)) << 3);
      resampler.process(0, from, 0, this.frames, to + ((<usize>(pair * frames)) << 3), frames);
    }
    this.at = to;
    this.frames = frames;
    this.stride = frames;
    this.givenRate = this.sampleRate;
  }

  /** Energy of the loudest channel from frame `start` on. */
  energy(start: i32): f64 {
    let loudest: f64 = 0;
    for (let channel = 0; channel < this.channels; ++channel) {
      let at = this.at + ((<usize>((channel >> 1) * this.stride + start)) << 3) + ((<usize>(channel & 1)) << 2);
      let sum: f64 = 0;
      for (let i = start; i < this.frames; ++i, at += 8) sum += <f64>load<f32>(at) * <f64>load<f32>(at);
      loudest = max(loudest, sum);
    }
    return loudest;
  }
}
