import { Resampler } from "../dsp/resampler";

class OpenResampler {
  constructor(
    readonly inRate: i32,
    readonly outRate: i32,
    readonly taps: Resampler,
  ) {}
}

const opened: OpenResampler[] = [];

function resamplerOf(handle: i32): Resampler {
  return opened[handle].taps;
}

/** Gives a handle; the same for the same rates, as a resampler has no state but its taps. Allocates and designs on first use only. */
export function createResampler(inRate: i32, outRate: i32): i32 {
  for (let handle = 0; handle < opened.length; ++handle) {
    if (opened[handle].inRate === inRate && opened[handle].outRate === outRate) return handle;
  }
  return opened.push(new OpenResampler(inRate, outRate, new Resampler(inRate, outRate))) - 1;
}

/** First source frame needed for the output frame at `position`, which counts source frames x (outRate in lowest terms). */
export function resamplerFirstFrame(handle: i32, position: f64): f64 {
  return <f64>resamplerOf(handle).firstFrame(<i64>position);
}

/** Source frames needed for `frames` output frames from `position` on. */
export function resamplerSourceFrames(handle: i32, position: f64, frames: i32): i32 {
  return resamplerOf(handle).sourceFrames(<i64>position, frames);
}

/**
 * Writes `frames` frames of each pair to `out` (pair after pair), the first at `position`. `source` holds frames
 * [first, first + count) of each pair; what lies outside is silence.
 */
export function resamplerProcess(
  handle: i32,
  pairs: i32,
  position: f64,
  source: usize,
  first: f64,
  count: i32,
  out: usize,
  frames: i32,
): void {
  const resampler = resamplerOf(handle);
  for (let pair = 0; pair < pairs; ++pair) {
    resampler.process(<i64>position, source, <i64>first, count, out, frames);
    source += (<usize>count) << 3;
    out += (<usize>frames) << 3;
  }
}
