import { allocate } from "../abi/memory";

/** Largest of the last N values (>= 0) of a stream, about three comparisons a value. van Herk 1992; Gil and Werman 1993. */
export class SlidingMaximum {
  private window: i32 = 1;
  private capacity: i32 = 0;
  /** Values of the present stretch; behind `position` the suffix maxima of the one before. */
  private ring: usize = 0;
  private position: i32 = 0;
  private prefix: f32 = 0;

  /** Allocates for windows up to `maxWindow`. */
  prepare(maxWindow: i32): void {
    this.capacity = maxWindow;
    this.ring = allocate(maxWindow << 2);
  }

  /** A new window starts empty. */
  setWindow(window: i32): void {
    const wanted = max(1, min(window, this.capacity));
    if (wanted == this.window) return;
    this.window = wanted;
    this.reset();
  }

  reset(): void {
    memory.fill(this.ring, 0, (<usize>this.capacity) << 2);
    this.position = 0;
    this.prefix = 0;
  }

  /** In place. */
  process(values: usize, frames: i32): void {
    if (this.window == 1) return;
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.window - this.position);
      this.slide(values + ((<usize>done) << 2), count);
      done += count;
      if (this.position == this.window) this.turn();
    }
  }

  private slide(values: usize, count: i32): void {
    const ring = this.ring;
    let prefix = this.prefix;
    let at = (<usize>this.position) << 2;
    const last = (<usize>(this.window - 1)) << 2;
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
      const value = load<f32>(values + i);
      store<f32>(ring + at, value);
      prefix = value > prefix ? value : prefix;
      // Behind the last place nothing of the stretch before is left in the window.
      const suffix: f32 = at == last ? 0 : load<f32>(ring + at, 4);
      store<f32>(values + i, suffix > prefix ? suffix : prefix);
      at += 4;
    }
    this.prefix = prefix;
    this.position += count;
  }

  /** Turns the full stretch into its suffix maxima. */
  private turn(): void {
    let suffix: f32 = 0;
    for (let i = this.window - 1; i >= 0; --i) {
      const at = this.ring + ((<usize>i) << 2);
      const value = load<f32>(at);
      suffix = value > suffix ? value : suffix;
      store<f32>(at, suffix);
    }
    this.position = 0;
    this.prefix = 0;
  }
}
