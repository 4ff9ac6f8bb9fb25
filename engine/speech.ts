import type { EngineInstance } from "./instance.ts";
import { type LoudnessHop, lufsOfMeanSquare } from "./loudness.ts";

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

/**
 * Loudness of the 400 ms blocks with speech, gated at -10 LU under their own mean as in ITU-R BS.1770-5; null without speech. Both
 * lists are on the 10 ms grid; stretches shorter than a block are measured by their hops.
 */
export const speechLoudnessLufs = (hops: readonly LoudnessHop[], speech: readonly boolean[]): number | null => {
  const energies = hops.map(({ meanSquare }) => meanSquare);
  const blocks: number[] = [];
  for (let end = BLOCK_HOPS; end <= energies.length; end += 1) {
    const spoken = speech.slice(end - BLOCK_HOPS, end).filter(Boolean).length;
    if (spoken < SPEECH_SHARE * BLOCK_HOPS) continue;
    blocks.push(energies.slice(end - BLOCK_HOPS, end).reduce((sum, energy) => sum + energy, 0) / BLOCK_HOPS);
  }
  const measured = blocks.length > 0 ? blocks : energies.filter((_, hop) => speech[hop]);
  if (measured.length === 0) return null;
  const mean = (list: readonly number[]) => list.reduce((sum, energy) => sum + energy, 0) / list.length;
  const gate = RELATIVE_GATE * mean(measured);
  return lufsOfMeanSquare(mean(measured.filter((energy) => energy >= gate)));
};
