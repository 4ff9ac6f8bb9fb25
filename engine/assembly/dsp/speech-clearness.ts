import { gainToDb } from "./math";

/** The band in which speech and noise are compared. */
const LOW_HZ: f64 = 100;
const HIGH_HZ: f64 = 8000;
/** By which the level of the loudest frame is forgotten, each frame (of 11 ms): 10 dB in 10 s. */
const FORGETTING: f32 = 0.99754;
/** Share of the newest frame in the mean of what was rejected: 3 s. */
const SHARE: f32 = 0.0036;
/** A frame of which less than this is left was rejected. */
const LEFT: f32 = 0.1;

/** How far the loudest of the last seconds stands above what a network rejects: clean speech is hardly ever rejected, however quiet. */
export class SpeechClearness {
  private loudest: f32 = 0;
  private rejected: f32 = 0;
  private readonly from: usize;
  private readonly to: usize;

  constructor(bins: i32, sampleRate: f64) {
    const binsPerHz = (2 * <f64>(bins - 1)) / sampleRate;
    this.from = (<usize>nearest(LOW_HZ * binsPerHz)) << 2;
    this.to = (<usize>min(<f64>bins, nearest(HIGH_HZ * binsPerHz))) << 2;
  }

  reset(): void {
    this.loudest = 0;
    this.rejected = 0;
  }

  /** Hears the powers of a frame, and the spectrum of what was left of it. */
  hear(power: usize, re: usize, im: usize): void {
    let sound: f32 = 0;
    let left: f32 = 0;
    for (let at = this.from; at < this.to; at += 4) {
      sound += load<f32>(power + at);
      left += load<f32>(re + at) * load<f32>(re + at) + load<f32>(im + at) * load<f32>(im + at);
    }
    this.loudest = max(sound, this.loudest * FORGETTING);
    this.rejected += ((left < LEFT * sound ? sound : 0) - this.rejected) * SHARE;
  }

  /** The ratio in dB. */
  ratioDb(): f64 {
    return gainToDb(sqrt(<f64>this.loudest / <f64>max<f32>(this.rejected, 1e-20)));
  }
}
