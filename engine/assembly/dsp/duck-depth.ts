import { lufsOf } from "./gating-histogram";
import { HopClock } from "./hop-clock";
import { HopEnergy } from "./hop-energy";
import { channelWeights, SPEAKERS } from "./loudness";
import { Recent } from "./recent";
import { SPEECH_DELAY_HOPS, SpeechDetector } from "./speech-detector";

const MAX_PAIRS: i32 = 4;
const BLOCK_HOPS: i32 = 40;
const HOP_MS: f64 = 10;
/** What is quieter than this (LUFS) needs no duck and tells nothing of a voice. */
const SILENT_LUFS: f64 = -70;
/** Hops over which the loudness of the voice is averaged. */
const VOICE_HOPS: f64 = 300;
/** What is left of the average when a new stretch of speech begins: somebody else may speak. */
const VOICE_HOPS_KEPT: f64 = 10;
/** The longest look-ahead: the target's loudest block from what is heard now to what comes decides. */
const LONGEST_AHEAD_HOPS: i32 = 101;

/**
 * How far a target has to go down under a voice, hop by hop: what is missing to the wanted loudness difference while the voice lasts,
 * 0 without one. Both are measured K-weighted before ducking. After Torcoli et al., JAES 67(12), 2019.
 */
export class DuckDepth {
  targetDifferenceLu: f64 = 10;
  maxDepthDb: f64 = 18;
  holdMs: f64 = 300;
  mergeGapMs: f64 = 600;
  lookaheadMs: f64 = 300;
  /** Wanted now, in dB, never negative. */
  depthDb: f64 = 0;
  private readonly clock: HopClock;
  private readonly detector: SpeechDetector;
  private readonly keyEnergy: HopEnergy;
  private readonly targetEnergy: HopEnergy;
  private readonly weights: StaticArray<StaticArray<f64>> = new StaticArray<StaticArray<f64>>(MAX_PAIRS + 1);
  private readonly keyHops: Recent = new Recent(BLOCK_HOPS);
  private readonly targetHops: Recent = new Recent(BLOCK_HOPS);
  private readonly targetLoudness: Recent = new Recent(LONGEST_AHEAD_HOPS);
  private spokenHops: i32 = 0;
  private silentMs: f64 = 0;
  private ducking: bool = false;
  /** The mean of amplitudes lies near the median of the loudness; the mean of energies up to 2 LU over it, that of levels as much under. */
  private voiceSum: f64 = 0;
  private voiceWeight: f64 = 0;

  constructor(sampleRate: f64, targetPairs: i32) {
    this.clock = new HopClock(sampleRate);
    this.detector = new SpeechDetector(sampleRate);
    this.keyEnergy = new HopEnergy(sampleRate, MAX_PAIRS);
    this.targetEnergy = new HopEnergy(sampleRate, targetPairs);
    for (let pairs = 0; pairs <= MAX_PAIRS; ++pairs) this.weights[pairs] = channelWeights(2 * pairs, SPEAKERS);
  }

  reset(): void {
    this.clock.reset();
    this.detector.reset();
    this.keyEnergy.reset();
    this.targetEnergy.reset();
    this.keyHops.reset();
    this.targetHops.reset();
    this.targetLoudness.reset();
    this.depthDb = 0;
    this.spokenHops = 0;
    this.silentMs = 0;
    this.ducking = false;
    this.voiceSum = 0;
    this.voiceWeight = 0;
  }

  /** Frames until the wanted depth may change. */
  get framesLeft(): i32 {
    return this.clock.left;
  }

  /** Takes `count` frames (at most `framesLeft`) from frame `from` on of both blocks, each `frames` long. */
  feed(target: usize, targetPairs: i32, key: usize, keyPairs: i32, frames: i32, from: i32, count: i32): void {
    this.targetEnergy.add(target, targetPairs, frames, from, count);
    this.keyEnergy.add(key, keyPairs, frames, from, count);
    this.detector.feedPart(key, keyPairs, frames, from, count);
    const length = this.clock.framesOfHop(this.clock.hops);
    if (this.clock.advance(count)) this.finishHop(<f64>length, targetPairs, keyPairs);
  }

  private finishHop(length: f64, targetPairs: i32, keyPairs: i32): void {
    this.keyHops.push(this.keyEnergy.take(this.weights[keyPairs]) / length);
    this.targetHops.push(this.targetEnergy.take(this.weights[targetPairs]) / length);
    const target = lufsOf(this.targetHops.mean(BLOCK_HOPS));
    this.targetLoudness.push(target > SILENT_LUFS ? target : SILENT_LUFS);
    if (this.detector.speaking) this.hearVoice();
    else this.hearPause();
    this.depthDb = this.ducking ? this.missing() : 0;
  }

  /** Averages the loudness of the voice, without the silence before it. */
  private hearVoice(): void {
    if (this.spokenHops == 0) this.keepLittle();
    this.spokenHops += 1;
    this.silentMs = 0;
    this.ducking = true;
    const meanSquare = this.keyHops.mean(min(BLOCK_HOPS, this.spokenHops + SPEECH_DELAY_HOPS));
    const kept = 1 - 1 / VOICE_HOPS;
    this.voiceSum = this.voiceSum * kept + sqrt(meanSquare);
    this.voiceWeight = this.voiceWeight * kept + 1;
  }

  private keepLittle(): void {
    if (this.voiceWeight <= VOICE_HOPS_KEPT) return;
    this.voiceSum *= VOICE_HOPS_KEPT / this.voiceWeight;
    this.voiceWeight = VOICE_HOPS_KEPT;
  }

  /** The end is known late by the detector's delay and early by the look-ahead; a pause that may still be bridged is waited for. */
  private hearPause(): void {
    this.spokenHops = 0;
    this.silentMs += HOP_MS;
    const hold = this.holdMs + this.lookaheadMs - HOP_MS * <f64>SPEECH_DELAY_HOPS;
    if (this.silentMs > max(hold, this.mergeGapMs)) this.ducking = false;
  }

  private missing(): f64 {
    if (this.voiceSum == 0) return 0;
    const loudest = this.targetLoudness.largest(1 + <i32>(this.lookaheadMs / HOP_MS));
    if (loudest <= SILENT_LUFS) return 0;
    const voice = this.voiceSum / this.voiceWeight;
    const difference = lufsOf(voice * voice) - loudest;
    return max(0, min(this.maxDepthDb, this.targetDifferenceLu - difference));
  }
}
