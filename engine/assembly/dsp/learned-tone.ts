import { allocate } from "../abi/memory";
import { frameSize } from "./frame-size";
import { Generator } from "./generator";
import { absoluteLevels } from "./levels";
import { TONE_SIZE_AT_48K, ToneAnalyser } from "./tone-analyser";
import { ToneLearner } from "./tone-learner";
import { ToneVoice } from "./tone-voice";

/** The sound of a room for as long as it is asked for, learned from the pauses of a recording (one pair). Silent while it knows none. */
export class LearnedTone extends Generator {
  private readonly learner: ToneLearner;
  private readonly voice: ToneVoice;
  private readonly pieceFrames: i32;
  private readonly levels: usize;
  private readonly weights: usize;
  private started: bool = false;

  /** Allocates. `channels` 1: left and right are alike. */
  constructor(sampleRate: f64, channels: i32, seed: u32) {
    super();
    const analyser = new ToneAnalyser(frameSize(TONE_SIZE_AT_48K, sampleRate));
    this.learner = new ToneLearner(sampleRate, 1, analyser);
    this.voice = new ToneVoice(analyser.size, channels);
    this.voice.binPower = analyser.windowPower;
    this.voice.seed = seed;
    this.pieceFrames = analyser.size >> 1;
    this.levels = allocate((this.pieceFrames + 4) << 2);
    this.weights = allocate(this.pieceFrames << 2);
    for (let i = 0; i < this.pieceFrames; ++i) store<f32>(this.weights + ((<usize>i) << 2), 1);
    this.learner.reset();
    this.voice.reset();
  }

  /** There was a pause to learn from. */
  get known(): bool {
    return this.learner.ready;
  }

  /** More pauses would make it newer, not better. */
  get settled(): bool {
    return this.learner.settled;
  }

  /** Takes the next frames of the recording. */
  hear(at: usize, frames: i32): void {
    for (let from = 0; from < frames; ) {
      const count = min(this.learner.left, frames - from);
      absoluteLevels(at + ((<usize>from) << 3), 1, count, this.levels);
      this.learner.feed(at, frames, from, count, this.levels);
      from += count;
    }
  }

  /** Back to the tone's first frame; what was learned stays. */
  reset(): void {
    this.voice.reset();
    this.started = false;
  }

  next(at: usize, frames: i32): void {
    memory.fill(at, 0, (<usize>frames) << 3);
    if (!this.known) return;
    if (!this.started) this.voice.start(this.learner.spectra);
    this.started = true;
    for (let from = 0; from < frames; from += this.pieceFrames) {
      const count = min(this.pieceFrames, frames - from);
      this.voice.add(this.learner.spectra, at, frames, from, count, this.weights);
    }
  }
}
