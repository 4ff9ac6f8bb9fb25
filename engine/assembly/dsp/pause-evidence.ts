import { allocateBands } from "./band-frames";

/** Bins on each side of one that must be quiet with it (23 Hz each), and the share of all of them that suffices. */
const REACH: i32 = 24;
const QUIET_SHARE: f32 = 0.75;
/** What a frame of pause still counts one frame later: it is forgotten over 3.6 s of sound. */
const MEMORY: f32 = 0.997;
/** Frames of pause after which a floor counts as noise at all, and fully. */
const LEAST: f32 = 16;
const ENOUGH: f32 = 30;
/** Frames that must have been heard before there is any trust: a lone word is not enough. */
const LEAST_HEARD: i32 = 46;

/**
 * How far the floor of each bin may be taken for noise. The weakest moments of a voice are those of one bin or pass within a few
 * frames; in a pause all bins around rest on their floors together, and stay there.
 */
export class PauseEvidence {
  /** Where the trust in each bin stands, 0 to 1. */
  readonly trust: usize;
  private readonly pauses: usize;
  /** Frames heard since the reset, no further than what matters. */
  private heard: i32 = 0;

  /** Allocates. */
  constructor(private readonly bins: i32) {
    this.trust = allocateBands(bins);
    this.pauses = allocateBands(bins);
  }

  reset(): void {
    this.heard = 0;
    const bytes = (<usize>this.bins) << 2;
    memory.fill(this.trust, 0, bytes);
    memory.fill(this.pauses, 0, bytes);
  }

  /** Hears of a frame in which bins rest on their floor: 1, and 0 where they do not. */
  hear(quiet: usize): void {
    this.heard = min(this.heard + 1, LEAST_HEARD);
    let sum: f32 = 0;
    for (let k = 0; k < REACH; ++k) sum += at(quiet, k);
    for (let k = 0; k < this.bins; ++k) {
      const first = max(k - REACH, 0);
      const last = min(k + REACH, this.bins - 1);
      if (k + REACH == last) sum += at(quiet, last);
      if (k > REACH) sum -= at(quiet, first - 1);
      this.note(k, sum >= QUIET_SHARE * <f32>(last - first + 1));
    }
  }

  private note(bin: i32, pause: bool): void {
    const place = (<usize>bin) << 2;
    const pauses = load<f32>(this.pauses + place) * MEMORY + (pause ? <f32>1 : <f32>0);
    store<f32>(this.pauses + place, pauses);
    if (this.heard < LEAST_HEARD) return;
    store<f32>(this.trust + place, max<f32>(0, min<f32>(1, (pauses - LEAST) / (ENOUGH - LEAST))));
  }
}

function at(values: usize, bin: i32): f32 {
  return load<f32>(values + ((<usize>bin) << 2));
}
