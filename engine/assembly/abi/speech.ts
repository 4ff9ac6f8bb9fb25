import { RECENT_DECISIONS, SPEECH_DELAY_HOPS, SpeechDetector } from "../dsp/speech-detector";

/** A detector and the pairs of what it hears. */
class Listener {
  readonly detector: SpeechDetector;

  constructor(
    sampleRate: f64,
    readonly pairs: i32,
  ) {
    this.detector = new SpeechDetector(sampleRate);
  }
}

function at(handle: usize): Listener {
  return changetype<Listener>(handle);
}

/** Makes a speech detector for 1..8 channels at any rate. */
export function createSpeech(sampleRate: f64, channels: i32): usize {
  return changetype<usize>(new Listener(sampleRate, (channels + 1) >> 1));
}

/** Takes a block of channel pairs. */
export function feedSpeech(handle: usize, io: usize, frames: i32): void {
  at(handle).detector.feed(io, at(handle).pairs, frames);
}

export function resetSpeech(handle: usize): void {
  at(handle).detector.reset();
}

/** Finished 10 ms hops, on the same grid as the loudness meter's. */
export function speechHops(handle: usize): f64 {
  return <f64>at(handle).detector.clock.hops;
}

/** 0/1 (u8) of the last `recentDecisionCount` hops; hop k stands at k modulo that count and tells of the sound `speechDelayHops` before. */
export function recentDecisions(handle: usize): usize {
  return changetype<usize>(at(handle).detector.decisions);
}

export function recentDecisionCount(): i32 {
  return RECENT_DECISIONS;
}

export function speechDelayHops(): i32 {
  return SPEECH_DELAY_HOPS;
}

/** 0..1 over all that was fed; 0 in silence. */
export function musicLikelihood(handle: usize): f64 {
  return at(handle).detector.musicLikelihood();
}
