import type { EngineInstance } from "./instance.ts";
import { lufsOfMeanSquare } from "./loudness.ts";

/** A detector over one programme, fed block by block. */
export type SpeechMeter = {
  /** Takes `frames` frames of channel pairs at `ptr`. */
  feed(ptr: number, frames: number): void;
  reset(): void;
  /**
   * Speech or not for the 10 ms hops that became certain since the last call (the grid of the loudness meter's hops). Call at least
   * every ten seconds, older ones are lost.
   */
  takeDecisions(): boolean[];
  /** What is left at the end of the programme: the detector's delay. Take it last. */
  takeRest(): boolean[];
  /** 0..1 over all that was fed; 0 in silence. */
  musicLikelihood(): number;
};

/** A streaming speech detector in `instance`. Keeps about 30 kB for ever: reuse it with `reset`. */
export const createSpeechMeter = (instance: EngineInstance, sampleRate: number, channels: number): SpeechMeter => {
  if (!(sampleRate >= 8000 && sampleRate <= 192_000)) {
    throw new TypeError(`A speech meter takes 8000..192000 Hz, not ${sampleRate}.`);
  }
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 8)) {
    throw new TypeError(`A speech meter takes 1..8 channels, not ${channels}.`);
  }
  const { exports } = instance;
  const handle = exports.createSpeech(sampleRate, channels);
  const ring = exports.recentDecisionCount();
  const delay = exports.speechDelayHops();
  let taken = 0;
  let last = false;
  const takeDecisions = (): boolean[] => {
    const hops = exports.speechHops(handle);
    const decisions = instance.bytes(exports.recentDecisions(handle), ring);
    const from = Math.max(taken, hops - ring);
    const fresh = Array.from({ length: hops - from }, (_, i) => decisions[(from + i) % ring] === 1);
    // The first `delay` decisions tell of nothing that was fed.
    const heard = fresh.slice(Math.max(0, delay - from));
    taken = hops;
    last = fresh.at(-1) ?? last;
    return heard;
  };
  return {
    feed: (ptr, frames) => exports.feedSpeech(handle, ptr, frames),
    reset: () => {
      exports.resetSpeech(handle);
      taken = 0;
      last = false;
    },
    takeDecisions,
    takeRest: () => [...takeDecisions(), ...Array<boolean>(Math.min(delay, exports.speechHops(handle))).fill(last)],
    musicLikelihood: () => exports.musicLikelihood(handle),
  };
};

/** Share of a 400 ms block that must be speech. */
const SPEECH_SHARE = 0.5;
const BLOCK_HOPS = 40;
const RELATIVE_GATE = 0.1;

const meanOf = (values: Float64Array): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};

/**
 * Loudness of the 400 ms blocks with speech, gated at -10 LU under their own mean as in ITU-R BS.1770-5; null without speech. Mean
 * squares and decisions (1 = speech) are on the 10 ms grid; stretches shorter than a block are measured by their hops.
 */
export const speechLoudnessLufs = (meanSquares: Float64Array, speech: Uint8Array): number | null => {
  const blocks: number[] = [];
  let spoken = 0;
  for (let end = 1; end <= meanSquares.length; end += 1) {
    spoken += (speech[end - 1] ?? 0) - (speech[end - 1 - BLOCK_HOPS] ?? 0);
    if (end < BLOCK_HOPS || spoken < SPEECH_SHARE * BLOCK_HOPS) continue;
    blocks.push(meanOf(meanSquares.subarray(end - BLOCK_HOPS, end)));
  }
  const measured = Float64Array.from(blocks.length > 0 ? blocks : meanSquares.filter((_, hop) => speech[hop] === 1));
  if (measured.length === 0) return null;
  const gate = RELATIVE_GATE * meanOf(measured);
  return lufsOfMeanSquare(meanOf(measured.filter((meanSquare) => meanSquare >= gate)));
};
