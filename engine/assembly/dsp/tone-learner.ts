import { allocate } from "../abi/memory";
import { SpeechDetector } from "./speech-detector";
import { ToneAnalyser } from "./tone-analyser";
import { ToneSpectrum } from "./tone-spectrum";

/** Hops of which is known what they were; a power of two. */
const KNOWN: i32 = 128;
const SPEECH_DELAY_SECONDS: f64 = 0.2;
/** Hops without speech before and after a frame of tone (the detector is exact to about 60 ms). */
const BEFORE: i32 = 4;
const AFTER: i32 = 5;
/** Hops without digital silence on both sides of a frame of tone: clips fade. */
const EDGE: i32 = 3;
/** Hops of a smoothed energy, and of the stretch over which its minimum counts as the room's. */
const SMOOTH: i32 = 4;
const FLOOR: i32 = 70;
/** Louder than this times the floor is not the room. */
const MOST: f64 = 3;
/** Digital silence: below -120 dBFS for 2 ms. */
export const SILENT: f32 = 1e-6;
const SILENT_SECONDS: f64 = 0.002;
/** Frames that make a tone, and those that it is the mean of, at most (4 s). */
const LEAST_FRAMES: i32 = 12;
const MOST_FRAMES: i32 = 200;

/** Learns the mean spectra of what stands between the words: neither speech nor digital silence, and not louder than the room was of late. */
export class ToneLearner {
  readonly spectra: StaticArray<ToneSpectrum>;
  /** Frames until the present hop ends. */
  left: i32 = 0;
  private readonly hop: i32;
  private readonly detector: SpeechDetector;
  private readonly silentFrames: i32;
  /** Hops by which the detector is late, and by which a frame is judged late. */
  private readonly delayHops: i32;
  private readonly lagHops: i32;
  private readonly ring: usize;
  private readonly ringFrames: i32;
  private position: i32 = 0;
  private readonly energies: StaticArray<f64> = new StaticArray<f64>(KNOWN);
  private readonly smooth: StaticArray<f64> = new StaticArray<f64>(KNOWN);
  private readonly silent: StaticArray<bool> = new StaticArray<bool>(KNOWN);
  private readonly spoken: StaticArray<bool> = new StaticArray<bool>(KNOWN);
  private readonly last: StaticArray<f32>;
  private hops: i64 = 0;
  private energy: f64 = 0;
  private silentRun: i32 = 0;
  private isSilent: bool = false;
  private isSpoken: bool = false;
  private learned: i32 = 0;

  /** Allocates. */
  constructor(
    sampleRate: f64,
    private readonly pairs: i32,
    private readonly analyser: ToneAnalyser,
  ) {
    const hop = analyser.size >> 1;
    const delayHops = <i32>nearest((SPEECH_DELAY_SECONDS * sampleRate) / <f64>hop);
    const lagHops = delayHops + AFTER + 2;
    const ringFrames = 1 << (32 - clz((lagHops + 2) * hop));
    this.hop = hop;
    this.delayHops = delayHops;
    this.lagHops = lagHops;
    this.ringFrames = ringFrames;
    this.ring = allocate((ringFrames * pairs) << 3);
    this.silentFrames = <i32>nearest(SILENT_SECONDS * sampleRate);
    this.detector = new SpeechDetector(sampleRate);
    this.last = new StaticArray<f32>(2 * pairs);
    this.spectra = new StaticArray<ToneSpectrum>(pairs);
    for (let pair = 0; pair < pairs; ++pair) this.spectra[pair] = new ToneSpectrum(analyser.bins);
    this.left = this.hop;
  }

  /** Enough was heard. */
  get ready(): bool {
    return this.learned >= LEAST_FRAMES;
  }

  /** As much was heard as the mean reaches back. */
  get settled(): bool {
    return this.learned == MOST_FRAMES;
  }

  reset(): void {
    this.detector.reset();
    memory.fill(this.ring, 0, (<usize>(this.ringFrames * this.pairs)) << 3);
    for (let pair = 0; pair < this.pairs; ++pair) this.spectra[pair].reset();
    this.energies.fill(0);
    this.smooth.fill(0);
    this.silent.fill(true);
    this.spoken.fill(false);
    this.last.fill(0);
    this.left = this.hop;
    this.position = 0;
    this.hops = 0;
    this.energy = 0;
    this.silentRun = 0;
    this.isSilent = false;
    this.isSpoken = false;
    this.learned = 0;
  }

  /** Takes `count` (at most `left`) frames from frame `from` on of a block; `levels` are their peaks over all channels. */
  feed(io: usize, frames: i32, from: i32, count: i32, levels: usize): void {
    this.isSpoken = this.isSpoken || this.detector.speaking;
    this.detector.feedPart(io, this.pairs, frames, from, count);
    this.isSpoken = this.isSpoken || this.detector.speaking;
    this.noteSilence(levels, count);
    for (let pair = 0; pair < this.pairs; ++pair) this.keep(pair, io + ((<usize>(pair * frames + from)) << 3), count);
    this.position = (this.position + count) & (this.ringFrames - 1);
    this.left -= count;
    if (this.left == 0) this.finishHop();
  }

  private noteSilence(levels: usize, count: i32): void {
    for (let i: usize = 0; i < <usize>count; ++i) {
      this.silentRun = load<f32>(levels + (i << 2)) < SILENT ? this.silentRun + 1 : 0;
      if (this.silentRun >= this.silentFrames) this.isSilent = true;
    }
  }

  /** Keeps one pair, and adds the energy of its first difference: rumble swings too slowly to be told from a louder room. */
  private keep(pair: i32, from: usize, count: i32): void {
    const ring = this.ring + ((<usize>(pair * this.ringFrames)) << 3);
    let left = this.last[2 * pair];
    let right = this.last[2 * pair + 1];
    let energy = this.energy;
    for (let i = 0; i < count; ++i) {
      const at = from + ((<usize>i) << 3);
      const l = load<f32>(at);
      const r = load<f32>(at, 4);
      const to = ring + ((<usize>((this.position + i) & (this.ringFrames - 1))) << 3);
      store<f32>(to, l);
      store<f32>(to, r, 4);
      energy += <f64>(l - left) * <f64>(l - left) + <f64>(r - right) * <f64>(r - right);
      left = l;
      right = r;
    }
    this.last[2 * pair] = left;
    this.last[2 * pair + 1] = right;
    this.energy = energy;
  }

  private finishHop(): void {
    const now = <i32>this.hops & (KNOWN - 1);
    this.energies[now] = this.energy;
    this.silent[now] = this.isSilent;
    this.spoken[now] = this.isSpoken;
    this.smooth[now] = this.smoothed(this.hops);
    // What comes after a gap may be another room: it is to count soon.
    if (this.isSilent) this.learned = min(this.learned, LEAST_FRAMES);
    const frame = this.hops - <i64>this.lagHops;
    if (frame >= <i64>EDGE && this.isTone(frame)) this.learn();
    this.hops += 1;
    this.left = this.hop;
    this.energy = 0;
    this.isSilent = false;
    this.isSpoken = false;
  }

  private smoothed(hop: i64): f64 {
    let sum: f64 = 0;
    for (let back = 0; back < SMOOTH; ++back) {
      const at = <i32>(hop - <i64>back) & (KNOWN - 1);
      if (this.silent[at]) return Infinity;
      sum += this.energies[at];
    }
    return sum / <f64>SMOOTH;
  }

  /** Whether the frame that begins with hop `first` is the room alone. */
  private isTone(first: i64): bool {
    if (any(this.silent, first - EDGE, first + 1 + EDGE)) return false;
    const heard = first + <i64>this.delayHops;
    if (any(this.spoken, heard - BEFORE, heard + 1 + AFTER)) return false;
    let floor = Infinity;
    for (let back: i64 = 0; back < FLOOR && back <= this.hops; ++back)
      floor = min(floor, this.smooth[<i32>(this.hops - back) & (KNOWN - 1)]);
    const most = MOST * floor;
    return this.energies[<i32>first & (KNOWN - 1)] <= most && this.energies[<i32>(first + 1) & (KNOWN - 1)] <= most;
  }

  private learn(): void {
    this.learned = min(this.learned + 1, MOST_FRAMES);
    const share = <f32>(1 / <f64>this.learned);
    const first = this.position - (this.lagHops + 1) * this.hop;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const ring = this.ring + ((<usize>(pair * this.ringFrames)) << 3);
      this.analyser.add(ring, first, this.ringFrames - 1, this.spectra[pair], share);
    }
  }
}

/** Whether one of the hops `first`..`last` is marked. */
function any(marks: StaticArray<bool>, first: i64, last: i64): bool {
  for (let hop = first; hop <= last; ++hop) if (marks[<i32>hop & (KNOWN - 1)]) return true;
  return false;
}
