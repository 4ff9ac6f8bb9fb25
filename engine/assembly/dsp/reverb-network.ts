import { allocate } from "../abi/memory";
import { DecayCurve, LineFilter } from "./absorption";
import { Biquad } from "./biquad";
import { FeedbackNetwork, LEAST_DELAY, LINES, NETWORK_FRAMES, ROW_BYTES } from "./feedback-network";
import { FilterCascade, FLUSH_FRAMES, LANE_BOTH } from "./filter-cascade";
import { InputRing } from "./input-ring";
import { cos, exp, exp2, log2, PI, sin } from "./math";
import { Random } from "./random";
import { ReverbSettings, SPEED_OF_SOUND } from "./reverb-settings";
import { VelvetTaps } from "./velvet-taps";

/** Mean free path of a cube over its edge, 4 V / S. */
const FREE_PATH: f64 = 2.0 / 3.0;
/** No network is smaller: its few modes would ring. */
const LEAST_MEAN_SECONDS: f64 = 0.008;
/** Shortest and longest line over the mean one, the others spread by equal ratios. */
const SHORTEST: f64 = 0.45;
const LONGEST: f64 = 1.9;
/** Impulses by which a line is fed, and the share of the mean line that they spread over. */
const FEED_TAPS: i32 = 8;
const FEED_SPREAD: f64 = 0.8;
const EARLY_TAPS: i32 = 20;
/** Share of the mean line after which the network speaks by itself. */
const EARLY_SPREAD: f64 = 0.8;
const MOST_CHANNELS: i32 = 8;
/** From the loudest sound to what no one will miss. */
const FORGET_DB: f64 = 450;
/** In 5.1 and 7.1 this channel is the LFE; rooms have none. */
const LFE: i32 = 3;
const MOST_SIZE_METRES: f64 = 60;
const MOST_PRE_DELAY_MS: f64 = 250;

/** A room with fixed properties: pre-delay, cuts, early reflections of velvet noise, feedback delay network. */
export class ReverbNetwork {
  private readonly network: FeedbackNetwork;
  private readonly rings: StaticArray<InputRing>;
  private readonly early: StaticArray<VelvetTaps>;
  private readonly crossed: StaticArray<VelvetTaps>;
  private readonly feeds: StaticArray<VelvetTaps> = new StaticArray<VelvetTaps>(LINES);
  private readonly cuts: StaticArray<FilterCascade>;
  private readonly curve: DecayCurve = new DecayCurve();
  private readonly random: Random = new Random(0);
  private readonly line: LineFilter = new LineFilter();
  private readonly section: Biquad = new Biquad();
  private readonly pairs: i32;
  /** Channels with sound. */
  private readonly sounding: i32;
  private readonly feed: usize;
  private readonly rows: usize;
  private preDelayFrames: i32 = 0;
  /** After as many frames of silence nothing that can be read is left of the input. */
  private readonly ringFrames: i32;
  /** After as many more the network has lost FORGET_DB. */
  private forgetFrames: i32 = 0;
  /** Frames after the input's end until it is silent. */
  tailFrames: i32 = 0;
  /** Gain of what the network says. */
  private lateGain: f64 = 1;
  /** Frames since the last flush of the cuts. */
  private phase: i32 = 0;

  /** Allocates. */
  constructor(
    private readonly sampleRate: f64,
    private readonly channels: i32,
  ) {
    this.pairs = (channels + 1) >> 1;
    this.sounding = channels == 6 || channels == 8 ? channels - 1 : channels;
    const longestMean = (MOST_SIZE_METRES * FREE_PATH * sampleRate) / SPEED_OF_SOUND;
    const ringFrames = 1 << (32 - clz(<i32>(longestMean * LONGEST) + 200));
    this.network = new FeedbackNetwork(ringFrames);
    const mostDelay = <i32>(longestMean * 1.5 + 0.001 * MOST_PRE_DELAY_MS * sampleRate) + 64;
    this.ringFrames = mostDelay + 2 * NETWORK_FRAMES;
    this.rings = new StaticArray<InputRing>(channels);
    this.early = new StaticArray<VelvetTaps>(channels);
    this.crossed = new StaticArray<VelvetTaps>(channels);
    this.cuts = new StaticArray<FilterCascade>((channels + 1) >> 1);
    this.feed = allocate(LINES * <i32>ROW_BYTES);
    this.rows = allocate(MOST_CHANNELS * <i32>ROW_BYTES);
    for (let channel = 0; channel < channels; ++channel) {
      this.rings[channel] = new InputRing(mostDelay, NETWORK_FRAMES);
      this.early[channel] = new VelvetTaps(EARLY_TAPS);
      this.crossed[channel] = new VelvetTaps(EARLY_TAPS);
    }
    for (let line = 0; line < LINES; ++line) this.feeds[line] = new VelvetTaps(FEED_TAPS);
    for (let pair = 0; pair < this.pairs; ++pair) this.cuts[pair] = new FilterCascade(2);
  }

  /** Takes on the settings and falls silent. */
  design(settings: ReverbSettings): void {
    const random = this.random;
    // The same room has the same reflections.
    random.seed(0x5eed + <u64>nearest(settings.sizeMetres * 16));
    this.tailFrames = settings.tailFrames(this.sampleRate);
    this.curve.set(settings.decaySeconds, settings.lowRatio, settings.highRatio);
    this.preDelayFrames = <i32>nearest(0.001 * settings.preDelayMs * this.sampleRate);
    this.forgetFrames = this.ringFrames + <i32>((FORGET_DB / this.curve.slowest) * this.sampleRate);
    const mean = max(LEAST_MEAN_SECONDS, (settings.sizeMetres * FREE_PATH) / SPEED_OF_SOUND) * this.sampleRate;
    const total = this.designLines(mean, random);
    this.designTaps(mean, total, random);
    this.designCuts(settings);
    this.clear();
  }

  clear(): void {
    this.network.clear();
    for (let channel = 0; channel < this.channels; ++channel) this.rings[channel].reset();
    for (let pair = 0; pair < this.pairs; ++pair) this.cuts[pair].reset();
    this.phase = 0;
  }

  /** Gives the sum of all delays. */
  private designLines(mean: f64, random: Random): f64 {
    let total: f64 = 0;
    const ratio = log2(LONGEST / SHORTEST) / LINES;
    for (let line = 0; line < LINES; ++line) {
      const place = <f64>line + 0.2 + 0.6 * random.uniform();
      const delay = nextPrime(max(LEAST_DELAY, <i32>(mean * SHORTEST * exp2(ratio * place))));
      // A quarter makes the mixing lossless.
      this.line.design(this.curve, <f64>delay / this.sampleRate, 0.25, this.sampleRate);
      this.network.setLine(PLACES[line], delay, this.line);
      total += <f64>delay;
    }
    return total;
  }

  /**
   * Levels: the energy that one channel's impulse leaves in the lines is spread over all of them and dies by `decay` a frame, so
   * that each output carries gain^2 / total a frame. The gain makes the whole 1; the early reflections are what is missing before.
   */
  private designTaps(mean: f64, total: f64, random: Random): void {
    const decay = (this.curve.middle * 0.23025850929940458) / this.sampleRate;
    const gain = sqrt((total * (1 - exp(-decay))) / <f64>this.sounding);
    this.lateGain = gain;
    const spread = mean * EARLY_SPREAD;
    const tapGain = gain * sqrt(spread / (total * <f64>EARLY_TAPS));
    for (let channel = 0; channel < this.channels; ++channel) {
      this.early[channel].clear();
      this.crossed[channel].clear();
      this.early[channel].scatter(random, EARLY_TAPS, 0, spread, tapGain);
      if (this.sounding > 1) this.crossed[channel].scatter(random, EARLY_TAPS, 0, spread, tapGain);
    }
    for (let line = 0; line < LINES; ++line) {
      const lines = linesOf(line % this.sounding, this.sounding);
      this.feeds[line].clear();
      this.feeds[line].scatter(random, FEED_TAPS, 0, mean * FEED_SPREAD, 1 / sqrt(<f64>(FEED_TAPS * lines)));
    }
  }

  private designCuts(settings: ReverbSettings): void {
    for (let pair = 0; pair < this.pairs; ++pair) {
      const cut = this.cuts[pair];
      cut.clear();
      butterworth(this.section, settings.lowCutHz, this.sampleRate, true);
      cut.add(this.section, LANE_BOTH, 0);
      butterworth(this.section, settings.highCutHz, this.sampleRate, false);
      cut.add(this.section, LANE_BOTH, 1);
      cut.finish();
    }
  }

  /** Takes packed channel pairs (and filters them in place), adds the room to pairs `stride` frames apart. At most NETWORK_FRAMES. */
  process(io: usize, out: usize, stride: i32, frames: i32): void {
    for (let done = 0; done < frames; ) {
      const count = min(frames - done, FLUSH_FRAMES - this.phase);
      this.processPiece(io + ((<usize>done) << 3), frames, out + ((<usize>done) << 3), stride, count);
      this.phase += count;
      done += count;
      if (this.phase == FLUSH_FRAMES) this.flush();
    }
  }

  private processPiece(io: usize, ioStride: i32, out: usize, stride: i32, frames: i32): void {
    for (let pair = 0; pair < this.pairs; ++pair)
      this.cuts[pair].process<f32>(io + ((<usize>(pair * ioStride)) << 3), frames);
    this.take(io, ioStride, frames);
    if (this.network.idle && this.quietFrames() >= this.ringFrames) {
      this.network.skip(frames);
      return;
    }
    this.feedLines(frames);
    this.network.process(this.feed, this.rows, this.channels, frames);
    this.give(out, stride, frames);
  }

  /** Always at the same frames, wherever blocks end. */
  private flush(): void {
    this.phase = 0;
    for (let pair = 0; pair < this.pairs; ++pair) this.cuts[pair].flush();
    if (!this.network.idle && this.quietFrames() > this.forgetFrames) this.network.silence();
  }

  private quietFrames(): i32 {
    let quiet = this.rings[0].quietFrames;
    for (let channel = 1; channel < this.channels; ++channel) quiet = min(quiet, this.rings[channel].quietFrames);
    return quiet;
  }

  private isLfe(channel: i32): bool {
    return channel == LFE && this.sounding < this.channels;
  }

  /** The n-th channel with sound. */
  private soundingChannel(n: i32): i32 {
    return n >= LFE && this.sounding < this.channels ? n + 1 : n;
  }

  private take(io: usize, stride: i32, frames: i32): void {
    for (let channel = 0; channel < this.channels; ++channel) {
      let from = io + ((<usize>((channel >> 1) * stride)) << 3) + ((<usize>(channel & 1)) << 2);
      for (let i: usize = 0; i < (<usize>frames) << 2; i += 4, from += 8) store<f32>(this.rows + i, load<f32>(from));
      this.rings[channel].put(this.rows, frames);
    }
  }

  private feedLines(frames: i32): void {
    for (let line = 0; line < LINES; ++line) {
      const row = this.feed + <usize>line * ROW_BYTES;
      memory.fill(row, 0, ROW_BYTES);
      const channel = this.soundingChannel(line % this.sounding);
      this.feeds[line].addTo(this.rings[channel], this.preDelayFrames, row, frames);
    }
  }

  private give(out: usize, stride: i32, frames: i32): void {
    const late = f32x4.splat(<f32>this.lateGain);
    for (let channel = 0; channel < this.channels; ++channel) {
      if (this.isLfe(channel)) continue;
      const row = this.rows + <usize>channel * ROW_BYTES;
      for (let i: usize = 0; i < (<usize>frames) << 2; i += 16)
        v128.store(row + i, f32x4.mul(v128.load(row + i), late));
      this.early[channel].addTo(this.rings[channel], this.preDelayFrames, row, frames);
      const other = this.neighbour(channel);
      if (other != channel) this.crossed[channel].addTo(this.rings[other], this.preDelayFrames, row, frames);
      let to = out + ((<usize>((channel >> 1) * stride)) << 3) + ((<usize>(channel & 1)) << 2);
      for (let i: usize = 0; i < (<usize>frames) << 2; i += 4, to += 8)
        store<f32>(to, load<f32>(to) + load<f32>(row + i));
    }
  }

  private neighbour(channel: i32): i32 {
    const other = (channel + 1) % this.channels;
    return this.isLfe(other) ? other + 1 : other;
  }
}

/** Line of each delay, so that every input feeds short and long ones and the first mixing pass mixes both. */
const PLACES: StaticArray<i32> = [0, 9, 4, 13, 2, 11, 6, 15, 1, 8, 5, 12, 3, 10, 7, 14];

function linesOf(channel: i32, channels: i32): i32 {
  return (LINES - 1 - channel) / channels + 1;
}

function nextPrime(from: i32): i32 {
  let n = from | 1;
  while (!isPrime(n)) n += 2;
  return n;
}

function isPrime(n: i32): bool {
  for (let divisor = 3; divisor * divisor <= n; divisor += 2) if (n % divisor == 0) return false;
  return true;
}

/** Second order by the bilinear transform, exact at its corner. */
function butterworth(section: Biquad, frequencyHz: f64, sampleRate: f64, high: bool): void {
  const w = (PI * min(frequencyHz, 0.45 * sampleRate)) / sampleRate;
  const k = sin(w) / cos(w);
  const scale = 1 / (1 + k * (1.4142135623730951 + k));
  section.a1 = 2 * (k * k - 1) * scale;
  section.a2 = (1 + k * (k - 1.4142135623730951)) * scale;
  section.b0 = (high ? 1 : k * k) * scale;
  section.b1 = (high ? -2 : 2) * section.b0;
  section.b2 = section.b0;
}
