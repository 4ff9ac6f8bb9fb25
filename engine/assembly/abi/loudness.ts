import { lufsOf } from "../dsp/gating-histogram";
import { channelWeights, LoudnessMeter, RECENT_HOPS } from "../dsp/loudness";
import { DB_PER_LOG2, log2 } from "../dsp/math";
import { TruePeakMeter } from "../dsp/true-peak-meter";

/** A loudness meter with its peak meter. */
class ProgrammeMeter {
  readonly loudness: LoudnessMeter;
  readonly peaks: TruePeakMeter;

  constructor(sampleRate: f64, channels: i32, layout: i32) {
    this.loudness = new LoudnessMeter(sampleRate, channelWeights(channels, layout));
    this.peaks = new TruePeakMeter((channels + 1) >> 1);
  }
}

function at(handle: usize): ProgrammeMeter {
  return changetype<ProgrammeMeter>(handle);
}

/** Makes a meter for 1..8 channels at any rate; `layout` 1 is the usual speaker order of that many channels, 0 has no places. */
export function createLoudness(sampleRate: f64, channels: i32, layout: i32): usize {
  return changetype<usize>(new ProgrammeMeter(sampleRate, channels, layout));
}

/** Takes a block of channel pairs. */
export function feedLoudness(handle: usize, io: usize, frames: i32): void {
  at(handle).loudness.feed(io, frames);
  at(handle).peaks.feed(io, frames);
}

/** Starts a new programme. */
export function resetLoudness(handle: usize): void {
  at(handle).loudness.reset();
  at(handle).peaks.reset();
}

/** LUFS; NaN when everything is gated. */
export function integratedLoudness(handle: usize): f64 {
  return at(handle).loudness.integrated();
}

/** LU; NaN without a full 3 s above the gate. */
export function loudnessRange(handle: usize): f64 {
  return at(handle).loudness.range();
}

/** LUFS of the last 400 ms on the 10 ms grid; NaN before and in silence. */
export function momentaryLoudness(handle: usize): f64 {
  return lufsOf(at(handle).loudness.momentary());
}

/** LUFS of the last 3 s on the 10 ms grid; NaN before and in silence. */
export function shortTermLoudness(handle: usize): f64 {
  return lufsOf(at(handle).loudness.shortTerm());
}

/** LUFS; NaN when there was none. */
export function maxMomentaryLoudness(handle: usize): f64 {
  return lufsOf(at(handle).loudness.maxMomentary);
}

/** LUFS; NaN when there was none. */
export function maxShortTermLoudness(handle: usize): f64 {
  return lufsOf(at(handle).loudness.maxShortTerm);
}

/** Largest magnitude of a sample in dBFS; NaN in silence. */
export function samplePeakLevel(handle: usize): f64 {
  return levelOf(at(handle).peaks.samplePeak);
}

/** True peak in dBTP, the ringing after the last frame included; NaN in silence. */
export function truePeakLevel(handle: usize): f64 {
  return levelOf(at(handle).peaks.truePeak());
}

/** Finished 10 ms hops. */
export function loudnessHops(handle: usize): f64 {
  return <f64>at(handle).loudness.clock.hops;
}

/** Mean squares (f64) of the last `recentHopCount` hops; hop k stands at k modulo that count. */
export function recentHopEnergies(handle: usize): usize {
  return changetype<usize>(at(handle).loudness.recentHops);
}

/** The same for the 400 ms that end with each hop; NaN before 400 ms. */
export function recentMomentaryEnergies(handle: usize): usize {
  return changetype<usize>(at(handle).loudness.recentMomentary);
}

/** Hops that can be read back. */
export function recentHopCount(): i32 {
  return RECENT_HOPS;
}

function levelOf(peak: f32): f64 {
  return peak > 0 ? log2(<f64>peak) * DB_PER_LOG2 : NaN;
}
