/**
 * The weight of something new that takes the place of something old: 0 to 1 in a fixed number of frames by the quintic
 * 6t^5 - 15t^4 + 10t^3, whose slope and bend vanish at both ends (10 ms at 48 kHz: under -120 dBFS above the sound's own band).
 */
export class CrossFade {
  private length: i32 = 1;
  /** Frames until the new stands alone; 0 when nothing is fading. */
  remaining: i32 = 0;

  prepare(sampleRate: f64, ms: f64): void {
    this.length = max<i32>(1, <i32>nearest(0.001 * ms * sampleRate));
  }

  start(): void {
    this.remaining = this.length;
  }

  stop(): void {
    this.remaining = 0;
  }

  /** Writes the weights of the next frames, at most `remaining`. */
  fill(weights: usize, frames: i32): void {
    const scale = 1 / <f64>this.length;
    for (let i = 0; i < frames; ++i) {
      const t = <f64>(this.length - --this.remaining) * scale;
      store<f32>(weights + ((<usize>i) << 2), <f32>(t * t * t * (10 + t * (6 * t - 15))));
    }
  }
}
