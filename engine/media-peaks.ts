import type { ByteSource } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { decodePairs } from "./pair-decoder.ts";
import type { PlanMedia } from "./render-plan.ts";

/** Peaks stand on a grid of 10 ms of the medium's own time: hop k begins at frame floor(k rate / 100), at any rate. */
export const PEAK_HOPS_PER_SECOND = 100;

/** A stretch of hops on the grid of peaks. */
export type HopRange = { readonly firstHop: number; readonly hops: number };

/** What a waveform draws of a stretch of a medium. */
export type Peaks = HopRange & {
  readonly channels: number;
  /** Lowest and highest sample of each channel of each hop, linear: [hop][channel][low, high]. Silence where the medium has no sound. */
  readonly values: Float32Array;
};

/** Peaks are made of this much at a time: an hour and a half of eight channels. */
export const MAX_PEAK_BYTES = 48 * 1024 * 1024;
const BLOCK_FRAMES = 16_384;
const PAIR_BYTES = 8;
const EXTREMES = 4;

const startOfHop = (hop: number, sampleRate: number): number => Math.floor((hop * sampleRate) / PEAK_HOPS_PER_SECOND);

/** The hops that `frames` frames from `startFrame` touch. */
export const hopsAround = (startFrame: number, frames: number, sampleRate: number): HopRange => {
  const firstHop = Math.floor((startFrame * PEAK_HOPS_PER_SECOND) / sampleRate);
  const last = Math.ceil(((startFrame + frames) * PEAK_HOPS_PER_SECOND) / sampleRate);
  return { firstHop, hops: last - firstHop };
};

/** Size of the peaks of `hops` hops in memory. */
export const peakBytes = (channels: number, hops: number): number => hops * channels * 2 * 4;

export const covers = (outer: HopRange, inner: HopRange): boolean =>
  outer.firstHop <= inner.firstHop && outer.firstHop + outer.hops >= inner.firstHop + inner.hops;

/** Peaks of a stretch that lies within another. */
export const cutPeaks = ({ firstHop, channels, values }: Peaks, range: HopRange): Peaks => {
  const width = channels * 2;
  const from = (range.firstHop - firstHop) * width;
  return { ...range, channels, values: values.slice(from, from + range.hops * width) };
};

/** Reads peaks of media; only the frames that are asked for are read and decoded. */
export class PeakReader {
  private readonly instance: EngineInstance;
  private readonly raw: number;
  private readonly pair: number;
  private readonly extremes: number;

  /** `bytesPerFrame` is the most that any of the media has. */
  constructor(instance: EngineInstance, bytesPerFrame: number) {
    this.instance = instance;
    this.raw = instance.allocate(BLOCK_FRAMES * bytesPerFrame);
    this.pair = instance.allocate(BLOCK_FRAMES * PAIR_BYTES);
    this.extremes = instance.allocate(EXTREMES * 4);
  }

  async read(
    source: ByteSource,
    media: PlanMedia,
    range: HopRange,
    breathe: () => Promise<void> | undefined,
  ): Promise<Peaks> {
    const { channels, sampleRate, frames } = media;
    const values = new Float32Array(range.hops * channels * 2);
    const from = Math.max(0, startOfHop(range.firstHop, sampleRate));
    const to = Math.min(frames, startOfHop(range.firstHop + range.hops, sampleRate));
    for (let at = from; at < to; at += BLOCK_FRAMES) {
      await breathe();
      const count = Math.min(BLOCK_FRAMES, to - at);
      const got = await this.readRaw(source, media, at, count);
      for (let left = 0; left < channels; left += 2) this.addPair(media, left, at, got, range.firstHop, values);
      if (got < count) break;
    }
    return { ...range, channels, values };
  }

  private async readRaw(source: ByteSource, { pcm }: PlanMedia, at: number, count: number): Promise<number> {
    const bytes = this.instance.bytes(this.raw, count * pcm.bytesPerFrame);
    return Math.floor((await source.read(pcm.dataOffset + at * pcm.bytesPerFrame, bytes)) / pcm.bytesPerFrame);
  }

  /** Takes two channels of the block that begins at frame `at` into the hops that it touches. */
  private addPair(
    media: PlanMedia,
    left: number,
    at: number,
    frames: number,
    firstHop: number,
    values: Float32Array,
  ): void {
    const { channels, sampleRate } = media;
    const sides = Math.min(2, channels - left);
    const lanes = [[left, left + sides - 1]] as const;
    decodePairs(this.instance, media, this.raw, frames, lanes, { at: this.pair, stride: frames });
    for (let hop = hopsAround(at, 0, sampleRate).firstHop; startOfHop(hop, sampleRate) < at + frames; hop += 1) {
      const start = startOfHop(hop, sampleRate);
      const from = Math.max(at, start);
      const count = Math.min(at + frames, startOfHop(hop + 1, sampleRate)) - from;
      if (count <= 0) continue;
      this.instance.exports.pairExtremes(this.pair + (from - at) * PAIR_BYTES, count, this.extremes);
      this.merge(values, ((hop - firstHop) * channels + left) * 2, sides, from === start);
    }
  }

  /** A hop that lies in two blocks has the extremes of both. */
  private merge(values: Float32Array, into: number, sides: number, isFirst: boolean): void {
    const extremes = this.instance.floats(this.extremes, EXTREMES);
    for (let side = 0; side < sides; side += 1) {
      const place = into + side * 2;
      const [low, high] = [extremes[side]!, extremes[side + 2]!];
      values[place] = isFirst ? low : Math.min(values[place]!, low);
      values[place + 1] = isFirst ? high : Math.max(values[place + 1]!, high);
    }
  }
}
