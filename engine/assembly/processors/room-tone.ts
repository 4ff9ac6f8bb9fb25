import { allocate } from "../abi/memory";
import { DelayLine } from "../dsp/delay-line";
import { applyFrameGains } from "../dsp/frame-gains";
import { frameSize } from "../dsp/frame-size";
import { GapFade } from "../dsp/gap-fade";
import { absoluteLevels } from "../dsp/levels";
import { dbToGain } from "../dsp/math";
import { Smoother } from "../dsp/smoother";
import { TONE_SIZE_AT_48K, ToneAnalyser } from "../dsp/tone-analyser";
import { ToneLearner } from "../dsp/tone-learner";
import { ToneSample } from "../dsp/tone-sample";
import { ToneSpectrum } from "../dsp/tone-spectrum";
import { ToneVoice } from "../dsp/tone-voice";
import * as Param from "../generated/room-tone-params";
import { MAX_FRAMES, Processor } from "../processor";

/** Fills digital silence with the sound of the room. Elsewhere, but for the fades, the delayed input passes bit for bit. */
export class RoomTone extends Processor {
  private readonly delay: DelayLine = new DelayLine();
  private readonly gain: Smoother = new Smoother();
  private readonly everywhere: Smoother = new Smoother();
  private throughout: bool = false;
  private running: bool = false;
  private sounding: bool = false;
  private levels: usize = 0;
  private toneGains: usize = 0;
  private soundGains: usize = 0;
  /** A block of tone. */
  private tone: usize = 0;
  /** One entry each, made in `prepare`. */
  private gaps: StaticArray<GapFade> = new StaticArray<GapFade>(0);
  private learners: StaticArray<ToneLearner> = new StaticArray<ToneLearner>(0);
  private voices: StaticArray<ToneVoice> = new StaticArray<ToneVoice>(0);
  private samples: StaticArray<ToneSample> = new StaticArray<ToneSample>(0);

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const analyser = new ToneAnalyser(frameSize(TONE_SIZE_AT_48K, sampleRate));
    this.gaps = [new GapFade(sampleRate)];
    this.learners = [new ToneLearner(sampleRate, this.pairs, analyser)];
    this.voices = [new ToneVoice(analyser.size, channels)];
    this.samples = [new ToneSample(analyser, sampleRate, this.pairs)];
    this.voices[0].binPower = analyser.windowPower;
    this.delay.prepare(sampleRate, this.pairs, this.gaps[0].delayFrames);
    this.delay.setDelay(this.gaps[0].delayFrames);
    this.levels = allocate((MAX_FRAMES + 4) << 2);
    this.toneGains = allocate(MAX_FRAMES << 2);
    this.soundGains = allocate(MAX_FRAMES << 2);
    this.tone = allocate((MAX_FRAMES * this.pairs) << 3);
    this.gain.prepare(sampleRate);
    this.everywhere.prepare(sampleRate);
    this.gain.target = 1;
    this.gaps[0].setFade(10);
    this.gaps[0].setLongest(30);
    this.reset();
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.GAIN_DB) this.gain.target = dbToGain(value);
    if (index == Param.FILL) this.throughout = value == Param.FILL_THROUGHOUT;
    if (index == Param.FADE_MS) this.gaps[0].setFade(value);
    if (index == Param.LONGEST_GAP_SECONDS) this.gaps[0].setLongest(value);
    if (index == Param.SEED) this.voices[0].seed = <u64>nearest(value);
    if (!this.running) this.gain.settle();
  }

  resource(index: i32, frames: i32, channels: i32, sampleRate: f64): usize {
    return index == 0 ? this.samples[0].open(frames, channels, sampleRate) : 0;
  }

  resourceReady(): void {
    this.samples[0].ready();
    this.reset();
  }

  reset(): void {
    this.delay.reset();
    this.gaps[0].reset();
    this.learners[0].reset();
    this.voices[0].reset();
    this.gain.settle();
    this.everywhere.target = 0;
    this.everywhere.settle();
    this.running = false;
    this.sounding = false;
  }

  /** There was a gap, and never a pause to learn from. */
  wasAtALoss(): bool {
    return this.gaps[0].leftEmpty && !this.known;
  }

  worksInSilence(): bool {
    return true;
  }

  latencySamples(): i32 {
    return this.gaps[0].delayFrames;
  }

  process(io: usize, frames: i32): void {
    this.running = true;
    absoluteLevels(io, this.pairs, frames, this.levels);
    const learner = this.learners[0];
    let fills = false;
    // Pieces end with the learner's hops: what is known changes there and nowhere else.
    for (let from = 0; from < frames; ) {
      const count = min(learner.left, frames - from);
      if (this.weigh(from, count)) {
        if (!fills) memory.fill(this.tone, 0, (<usize>(this.pairs * frames)) << 3);
        fills = true;
        this.sound(frames, from, count);
      } else this.sounding = false;
      learner.feed(io, frames, from, count, this.levels + ((<usize>from) << 2));
      from += count;
    }
    this.delay.process(io, io, frames);
    if (!fills) return;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const offset = (<usize>(pair * frames)) << 3;
      applyFrameGains(io + offset, this.soundGains, frames);
      addPair(io + offset, this.tone + offset, frames);
    }
  }

  /** Writes the gains of sound and tone; false when no tone is heard in all of it. */
  private weigh(from: i32, count: i32): bool {
    const known = this.known;
    const gaps = this.gaps[0];
    this.everywhere.target = known && this.throughout ? 1 : 0;
    let heard = false;
    for (let i = from; i < from + count; ++i) {
      const at = (<usize>i) << 2;
      const way = gaps.next(load<f32>(this.levels + at), known);
      const everywhere = this.everywhere.moving ? this.everywhere.next() : this.everywhere.value;
      const gain = this.gain.moving ? this.gain.next() : this.gain.value;
      // Equal power: what meets here has nothing in common.
      const share = way * way * (3 - 2 * way);
      const tone = everywhere + (1 - everywhere) * sqrt(share);
      store<f32>(this.soundGains + at, <f32>(everywhere + (1 - everywhere) * sqrt(1 - share)));
      store<f32>(this.toneGains + at, <f32>(tone * gain));
      if (tone > 0) heard = true;
    }
    return heard;
  }

  /** Writes the tone of a piece where its gain is not 0; the voice stands still elsewhere. */
  private sound(frames: i32, from: i32, count: i32): void {
    const end = from + count;
    for (let at = from; at < end; ) {
      let next = at;
      if (!this.isHeard(at)) {
        this.sounding = false;
        at += 1;
        continue;
      }
      while (next < end && this.isHeard(next)) ++next;
      if (!this.sounding) this.voices[0].start(this.tones);
      this.sounding = true;
      this.voices[0].add(this.tones, this.tone, frames, at, next - at, this.toneGains + ((<usize>at) << 2));
      at = next;
    }
  }

  private isHeard(frame: i32): bool {
    return load<f32>(this.toneGains + ((<usize>frame) << 2)) > 0;
  }

  private get known(): bool {
    return this.samples[0].known || this.learners[0].ready;
  }

  private get tones(): StaticArray<ToneSpectrum> {
    return this.samples[0].known ? this.samples[0].spectra : this.learners[0].spectra;
  }
}

function addPair(to: usize, from: usize, frames: i32): void {
  for (let i: usize = 0; i < (<usize>frames) << 3; i += 4) store<f32>(to + i, load<f32>(to + i) + load<f32>(from + i));
}
