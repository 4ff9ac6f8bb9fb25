import { allocate } from "../abi/memory";

const STAGES: i32 = 4;
/** Delays of the stages in ms, a row each: primes of tenths, so that echoes do not fall together. */
const DELAYS_MS: StaticArray<f64> = [
  2.3, 5.9, 11.3, 19.7, 2.9, 4.7, 13.1, 17.3, 3.1, 7.1, 9.7, 23.3, 3.7, 6.1, 10.7, 21.1,
];
const LONGEST_MS: f64 = 23.3;
const FEEDBACK: f64 = 0.5;
/** Turns through the longest stage until 160 dB are gone, with what several stages in a row add. */
const TURNS_TO_SILENCE: f64 = 32;
const NOTHING: f64 = 1e-20;

/** Frames until decorrelators are silent, one or two of them in a row. */
export function decorrelatorTailFrames(sampleRate: f64): i32 {
  return <i32>ceil(0.001 * TURNS_TO_SILENCE * LONGEST_MS * sampleRate);
}

/** Changes phases and nothing else: all-passes in a row. Schroeder, JAES 10(3), 1962. */
export class Decorrelator {
  private readonly lines: StaticArray<usize> = new StaticArray<usize>(STAGES);
  private readonly lengths: StaticArray<i32> = new StaticArray<i32>(STAGES);
  private readonly places: StaticArray<i32> = new StaticArray<i32>(STAGES);

  /** `row` 0..3: decorrelators of different rows differ; allocates. */
  constructor(row: i32, sampleRate: f64) {
    for (let stage = 0; stage < STAGES; ++stage) {
      this.lengths[stage] = <i32>nearest(0.001 * DELAYS_MS[row * STAGES + stage] * sampleRate);
      this.lines[stage] = allocate(this.lengths[stage] << 3);
    }
  }

  reset(): void {
    for (let stage = 0; stage < STAGES; ++stage) {
      memory.fill(this.lines[stage], 0, (<usize>this.lengths[stage]) << 3);
      this.places[stage] = 0;
    }
  }

  /** In place, `frames` f64. */
  process(io: usize, frames: i32): void {
    for (let stage = 0; stage < STAGES; ++stage)
      this.places[stage] = passAll(this.lines[stage], this.lengths[stage], this.places[stage], io, frames);
  }
}

/** One stage, from a place of its line on; gives the place of the next frame. */
function passAll(line: usize, length: i32, place: i32, io: usize, frames: i32): i32 {
  const end = line + ((<usize>length) << 3);
  let at = line + ((<usize>place) << 3);
  for (let i: usize = 0; i < (<usize>frames) << 3; i += 8) {
    const delayed = load<f64>(at);
    const held = load<f64>(io + i) + FEEDBACK * delayed;
    store<f64>(at, select<f64>(0, held, abs(held) < NOTHING));
    store<f64>(io + i, delayed - FEEDBACK * held);
    at = select<usize>(line, at + 8, at + 8 == end);
  }
  return <i32>((at - line) >> 3);
}
