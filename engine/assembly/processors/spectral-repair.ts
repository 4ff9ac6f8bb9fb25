import { allocate } from "../abi/memory";
import { gaussian, mixBits } from "../dsp/counter-noise";
import { Fft, fftOf } from "../dsp/fft";
import { frameSize } from "../dsp/frame-size";
import { PI, sin } from "../dsp/math";
import { joinPair, realBins, splitPair } from "../dsp/real-pair";
import { RepairSpan } from "../dsp/repair-span";
import * as Param from "../generated/spectral-repair-params";
import { Processor } from "../processor";

/** Points of a frame at 48 kHz: 43 ms; a quarter of it is the hop. */
const SIZE_AT_48K: i32 = 2048;
/** How far behind an interruption can be looked from its beginning; in a longer one what stands before it is held at first. */
const LOOKAHEAD_SECONDS: f64 = 1;
/** Frames a hop apart that make up each side. */
const SIDE_FRAMES: i32 = 5;
const FADE_SECONDS: f64 = 0.005;
/** Frames of noise that know nothing of each other lose 6 dB when they overlap by three quarters under squared windows. */
const NOISE_GAIN: f64 = 4;
/** Louder than this times what surrounds it is an interruption: 6 dB. */
const LOUDER: f64 = 4;
const SEED: u64 = 11;

/**
 * Paints over marked stretches: bins get the power that lies between those before and after, and random phases. What changes is added to
 * the delayed input inside the marks only, so elsewhere it passes bit for bit.
 */
export class SpectralRepair extends Processor {
  private readonly marks: StaticArray<f64> = new StaticArray<f64>(Param.SPANS_MAX * Param.SPANS_STRIDE);
  private markCount: i32 = 0;
  private everything: bool = false;
  private changed: bool = true;
  private spans: StaticArray<RepairSpan> = new StaticArray<RepairSpan>(0);
  private size: i32 = 0;
  private hop: i32 = 0;
  private bins: i32 = 0;
  private lookahead: i32 = 0;
  private fade: i64 = 1;
  private fft: Fft = fftOf(64);
  private window: usize = 0;
  private re: usize = 0;
  private im: usize = 0;
  /** left re, left im, right re, right im of one pair. */
  private spectra: usize = 0;
  private spectrumBytes: usize = 0;
  private powers: usize = 0;
  private ring: usize = 0;
  private ringFrames: i32 = 0;
  /** What is to be added to the delayed input, from the next frame to leave on. */
  private sums: usize = 0;
  /** Hops until `sums` is empty. */
  private ringing: i32 = 0;
  /** Frames taken since the reset, and the number of the first of them. */
  private taken: i64 = 0;
  private start: i64 = 0;
  private filled: i32 = 0;

  prepare(sampleRate: f64, channels: i32): void {
    this.sampleRate = sampleRate;
    this.channels = channels;
    this.pairs = (channels + 1) >> 1;
    const size = frameSize(SIZE_AT_48K, sampleRate);
    this.size = size;
    this.hop = size >> 2;
    this.bins = realBins(size);
    this.fft = fftOf(size);
    this.lookahead = <i32>nearest((LOOKAHEAD_SECONDS * sampleRate) / <f64>this.hop) * this.hop;
    this.fade = <i64>nearest(FADE_SECONDS * sampleRate);
    this.ringFrames = 1 << (32 - clz(this.lookahead + 5 * size));
    this.spectrumBytes = (<usize>(this.bins + 7)) << 2;
    this.window = allocate(size << 2);
    this.re = allocate(size << 2);
    this.im = allocate(size << 2);
    this.spectra = allocate(4 * <i32>this.spectrumBytes);
    this.powers = allocate(2 * <i32>this.spectrumBytes);
    this.ring = allocate((this.ringFrames * this.pairs) << 3);
    this.sums = allocate((size * this.pairs) << 3);
    this.spans = new StaticArray<RepairSpan>(Param.SPANS_MAX);
    for (let i = 0; i < Param.SPANS_MAX; ++i) this.spans[i] = new RepairSpan(this.bins, 2 * this.pairs);
    for (let i = 0; i < size; ++i) store<f32>(this.window + ((<usize>i) << 2), <f32>sin((PI * <f64>i) / <f64>size));
  }

  setParam(index: i32, value: f64): void {
    if (index == Param.REPLACE) this.everything = value == Param.REPLACE_EVERYTHING;
    if (index == Param.SPANS_COUNT) this.markCount = <i32>value;
    else if (index >= Param.SPANS_BASE && index < Param.SPANS_BASE + this.marks.length)
      this.marks[index - Param.SPANS_BASE] = value;
    this.changed = true;
  }

  startAt(frame: f64): void {
    this.start = <i64>frame;
  }

  reset(): void {
    memory.fill(this.ring, 0, (<usize>(this.ringFrames * this.pairs)) << 3);
    memory.fill(this.sums, 0, (<usize>(this.size * this.pairs)) << 3);
    this.ringing = 0;
    this.taken = 0;
    this.start = 0;
    this.filled = 0;
    this.changed = true;
  }

  latencySamples(): i32 {
    return this.lookahead + this.size;
  }

  process(io: usize, frames: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, this.hop - this.filled);
      for (let pair = 0; pair < this.pairs; ++pair)
        this.exchange(pair, io + ((<usize>(pair * frames + done)) << 3), count);
      if (this.ringing > 0) this.repair(io, frames, done, count);
      this.filled += count;
      this.taken += <i64>count;
      done += count;
      if (this.filled == this.hop) this.turn();
    }
  }

  /** Puts frames of a pair into the ring and gives those that are due. */
  private exchange(pair: i32, at: usize, count: i32): void {
    const ring = this.ring + ((<usize>(pair * this.ringFrames)) << 3);
    const mask = this.ringFrames - 1;
    const delay = this.latencySamples();
    const now = <i32>this.taken;
    for (let i = 0; i < count; ++i) {
      const io = at + ((<usize>i) << 3);
      store<u64>(ring + ((<usize>((now + i) & mask)) << 3), load<u64>(io));
      store<u64>(io, load<u64>(ring + ((<usize>((now + i - delay) & mask)) << 3)));
    }
  }

  /** Adds what changes, inside the marks. */
  private repair(io: usize, frames: i32, done: i32, count: i32): void {
    const first = this.start + this.taken - <i64>this.latencySamples();
    for (let i = 0; i < count; ++i) {
      let weight: f64 = 0;
      for (let k = 0; k < this.markCount; ++k) {
        const span = this.spans[k];
        if (span.isMarked) weight = max(weight, span.weightAt(first + <i64>i, this.fade));
      }
      if (weight == 0) continue;
      for (let pair = 0; pair < this.pairs; ++pair) {
        const to = io + ((<usize>(pair * frames + done + i)) << 3);
        const from = this.sums + ((<usize>(pair * this.size + this.filled + i)) << 3);
        const right = this.isMono(pair) ? from : from + 4;
        store<f32>(to, load<f32>(to) + <f32>weight * load<f32>(from));
        store<f32>(to, load<f32>(to, 4) + <f32>weight * load<f32>(right), 4);
      }
    }
  }

  private isMono(pair: i32): bool {
    return 2 * pair + 1 == this.channels;
  }

  /** Looks at the frame that is `lookahead` before the newest. */
  private turn(): void {
    this.filled = 0;
    if (this.changed) this.takeUpMarks();
    const first = this.taken - <i64>(this.lookahead + this.size);
    const at = this.start + first;
    const end = at + <i64>this.size;
    let touched = false;
    for (let k = 0; k < this.markCount; ++k) {
      const span = this.spans[k];
      if (!span.isMarked || at >= span.wholeTo || end <= span.wholeFrom) continue;
      this.listen(span, at + <i64>(this.size >> 1));
      if (span.touches(at, end) && (span.hasBefore || span.hasAfter)) touched = true;
    }
    if (this.ringing > 0) this.moveSums();
    if (touched) this.paint(first, at, end);
  }

  private moveSums(): void {
    this.ringing -= 1;
    const kept = (<usize>(this.size - this.hop)) << 3;
    for (let pair = 0; pair < this.pairs; ++pair) {
      const line = this.sums + ((<usize>(pair * this.size)) << 3);
      memory.copy(line, line + ((<usize>this.hop) << 3), kept);
      memory.fill(line + kept, 0, (<usize>this.hop) << 3);
    }
  }

  private takeUpMarks(): void {
    this.changed = false;
    for (let k = 0; k < this.markCount; ++k) {
      const span = this.spans[k];
      const mark = k * Param.SPANS_STRIDE;
      span.forget();
      span.from = this.frameOf(this.marks[mark + Param.SPAN_FROM_MS]);
      span.to = this.frameOf(this.marks[mark + Param.SPAN_TO_MS]);
      const low = this.marks[mark + Param.SPAN_LOW_HZ];
      const high = this.marks[mark + Param.SPAN_HIGH_HZ];
      span.firstBin = low <= 20 ? 0 : min(this.bins, this.binOf(low));
      span.endBin = high >= 20000 ? this.bins : min(this.bins, this.binOf(high) + 1);
      span.wholeFrom = span.from;
      span.wholeTo = span.to;
    }
    // Each round can join one more neighbour.
    for (let round = 1; round < this.markCount; ++round)
      for (let k = 0; k < this.markCount; ++k) this.joinNeighbours(this.spans[k]);
  }

  private joinNeighbours(span: RepairSpan): void {
    const room = <i64>this.sideFrames;
    for (let k = 0; k < this.markCount; ++k) {
      const other = this.spans[k];
      if (!span.isMarked || !other.isMarked || !span.sharesBandWith(other)) continue;
      if (other.wholeFrom >= span.wholeTo + room || other.wholeTo <= span.wholeFrom - room) continue;
      span.wholeFrom = min(span.wholeFrom, other.wholeFrom);
      span.wholeTo = max(span.wholeTo, other.wholeTo);
    }
  }

  private frameOf(ms: f64): i64 {
    return <i64>nearest(0.001 * ms * this.sampleRate);
  }

  private binOf(frequencyHz: f64): i32 {
    return <i32>nearest((frequencyHz * <f64>this.size) / this.sampleRate);
  }

  /** Frames that one side takes. */
  private get sideFrames(): i32 {
    return this.size + (SIDE_FRAMES - 1) * this.hop;
  }

  /** Learns both sides as soon as they can be heard. */
  private listen(span: RepairSpan, middle: i64): void {
    const before = span.wholeFrom - <i64>this.sideFrames - this.start;
    if (!span.hasBefore && before >= 0 && before >= this.taken - <i64>this.ringFrames) {
      this.learnSide(span, before, false);
      span.hasBefore = true;
    }
    const after = span.wholeTo - this.start;
    if (span.hasAfter || after + <i64>this.sideFrames > this.taken) return;
    this.learnSide(span, after, true);
    span.hasAfter = true;
    span.afterSince = middle;
  }

  private learnSide(span: RepairSpan, first: i64, isAfter: bool): void {
    const right = this.powers + this.spectrumBytes;
    for (let pair = 0; pair < this.pairs; ++pair) {
      memory.fill(this.powers, 0, 2 * this.spectrumBytes);
      for (let k = 0; k < SIDE_FRAMES; ++k) {
        this.analyse(pair, first + <i64>(k * this.hop));
        addPowers(this.powers, this.spectra, this.spectrumBytes, this.bins);
        addPowers(right, this.spectra + 2 * this.spectrumBytes, this.spectrumBytes, this.bins);
      }
      span.learn(this.powers, 2 * pair, isAfter);
      span.learn(right, 2 * pair + 1, isAfter);
    }
  }

  /** Spectra of one pair from frame `first` (counted from the reset) on. */
  private analyse(pair: i32, first: i64): void {
    const ring = this.ring + ((<usize>(pair * this.ringFrames)) << 3);
    const mask = this.ringFrames - 1;
    for (let i = 0; i < this.size; ++i) {
      const at = ring + ((<usize>((<i32>first + i) & mask)) << 3);
      const window = load<f32>(this.window + ((<usize>i) << 2));
      store<f32>(this.re + ((<usize>i) << 2), load<f32>(at) * window);
      store<f32>(this.im + ((<usize>i) << 2), load<f32>(at, 4) * window);
    }
    this.fft.forward(this.re, this.im);
    const s = this.spectra;
    const step = this.spectrumBytes;
    splitPair(this.re, this.im, this.size, s, s + step, s + 2 * step, s + 3 * step);
  }

  /** Adds the change of one frame. */
  private paint(first: i64, at: i64, end: i64): void {
    this.ringing = this.size / this.hop;
    const s = this.spectra;
    const step = this.spectrumBytes;
    for (let pair = 0; pair < this.pairs; ++pair) {
      this.analyse(pair, first);
      this.paintChannel(s, 2 * pair, at, end);
      this.paintChannel(s + 2 * step, 2 * pair + 1, at, end);
      joinPair(s, s + step, s + 2 * step, s + 3 * step, this.size, this.re, this.im);
      this.fft.inverse(this.re, this.im);
      this.addFrame(this.sums + ((<usize>(pair * this.size)) << 3));
    }
  }

  /** Puts the difference between what shall be and what is in the place of a channel's spectrum. */
  private paintChannel(re: usize, channel: i32, at: i64, end: i64): void {
    const middle = at + <i64>(this.size >> 1);
    const seed = mixBits((SEED << 8) | <u64>channel);
    for (let bin = 0; bin < this.bins; ++bin) {
      const real = re + ((<usize>bin) << 2);
      const imaginary = real + this.spectrumBytes;
      const power = this.powerBetween(channel, bin, at, end, middle);
      const x = <f64>load<f32>(real);
      const y = <f64>load<f32>(imaginary);
      if (power < 0 || (!this.everything && x * x + y * y <= LOUDER * power)) {
        store<f32>(real, 0);
        store<f32>(imaginary, 0);
        continue;
      }
      const level = sqrt(0.5 * NOISE_GAIN * power);
      const counter = 2 * (at * <i64>this.bins + <i64>bin);
      store<f32>(real, <f32>(level * gaussian(seed, counter) - x));
      store<f32>(imaginary, <f32>(level * gaussian(seed, counter + 1) - y));
    }
  }

  /** The power that a bin shall have, the least of all spans that hold it; -1 when none does. */
  private powerBetween(channel: i32, bin: i32, at: i64, end: i64, middle: i64): f64 {
    let power: f64 = -1;
    for (let k = 0; k < this.markCount; ++k) {
      const span = this.spans[k];
      if (bin < span.firstBin || bin >= span.endBin || !span.touches(at, end)) continue;
      if (!span.hasBefore && !span.hasAfter) continue;
      const own = span.powerAt(channel, bin, span.wayAt(middle));
      power = power < 0 ? own : min(power, own);
    }
    return power;
  }

  private addFrame(line: usize): void {
    // Squared windows add up to size / (2 hop); the two transforms to size.
    const scale = <f32>((2 * <f64>this.hop) / (<f64>this.size * <f64>this.size));
    for (let i: usize = 0; i < (<usize>this.size) << 2; i += 4) {
      const window = load<f32>(this.window + i) * scale;
      const to = line + (i << 1);
      store<f32>(to, load<f32>(to) + load<f32>(this.re + i) * window);
      store<f32>(to, load<f32>(to, 4) + load<f32>(this.im + i) * window, 4);
    }
  }
}

/** Adds a channel's powers, each a fraction of the mean. */
function addPowers(to: usize, re: usize, step: usize, bins: i32): void {
  for (let i: usize = 0; i < (<usize>bins) << 2; i += 4) {
    const x = load<f32>(re + i);
    const y = load<f32>(re + step + i);
    store<f32>(to + i, load<f32>(to + i) + (x * x + y * y) * <f32>(1 / <f64>SIDE_FRAMES));
  }
}
