import { channelCount } from "../schema/channel-layout.ts";
import type { ByteSource, MaybePromise } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { type PairBlock, pairCount } from "./layout-fold.ts";
import { decodePairs } from "./pair-decoder.ts";
import type { ClipPlan } from "./render-plan.ts";
import { createResampler, type Resampler } from "./resampler.ts";

/** Continues at once when the platform reads synchronously: a chunk then costs no turn of the event loop. */
export const after = <T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> =>
  value instanceof Promise ? value.then(next) : next(value);

/** Clips of one rate and width share their resampler. */
const resamplerKey = ({ media, layout }: ClipPlan): string => `${media.sampleRate}/${pairCount(layout)}`;

/** Source channels for the two sides of each pair. */
const lanesOf = ({ channels }: ClipPlan): [left: number, right: number][] =>
  Array.from({ length: (channels.length + 1) >> 1 }, (_, pair) => {
    const left = channels[pair * 2]!;
    return [left, channels[pair * 2 + 1] ?? left];
  });

/** Reads stretches of sources into engine memory as channel pairs: decoded, resampled to the sequence's rate, silence outside the file. */
export class ClipReader {
  private readonly instance: EngineInstance;
  private readonly open: (path: string) => Promise<ByteSource>;
  private readonly sampleRate: number;
  private readonly sources = new Map<string, ByteSource>();
  private readonly resamplers = new Map<string, Resampler>();
  private readonly raw: number;
  private readonly decoded: number;
  private readonly rawBytes: number;

  /** `outputFrames` is the most that one `read` asks for; `clips` are all that will ever be read. */
  constructor(
    instance: EngineInstance,
    open: (path: string) => Promise<ByteSource>,
    clips: readonly ClipPlan[],
    sampleRate: number,
    outputFrames: number,
  ) {
    this.instance = instance;
    this.open = open;
    this.sampleRate = sampleRate;
    for (const clip of clips) {
      const key = resamplerKey(clip);
      if (clip.media.sampleRate === sampleRate || this.resamplers.has(key)) continue;
      this.resamplers.set(key, createResampler(instance, clip.media.sampleRate, sampleRate, pairCount(clip.layout)));
    }
    const reach = (clip: ClipPlan) => this.resamplerOf(clip)?.sourceFramesFor(outputFrames) ?? outputFrames;
    const pairFrames = clips.reduce((most, clip) => Math.max(most, reach(clip) * pairCount(clip.layout)), 0);
    this.rawBytes = clips.reduce((most, clip) => Math.max(most, reach(clip) * clip.media.pcm.bytesPerFrame), 0);
    this.raw = instance.allocate(this.rawBytes);
    this.decoded = instance.allocate(pairFrames * 8);
  }

  /** Opens every file before the first read, so that a missing one is known before anything sounds. */
  async openAll(clips: readonly ClipPlan[]): Promise<void> {
    for (const { media } of clips) {
      if (!this.sources.has(media.path)) this.sources.set(media.path, await this.open(media.path));
    }
  }

  /** The opened file of a clip. */
  sourceOf({ media }: ClipPlan): ByteSource {
    const source = this.sources.get(media.path);
    if (!source) throw new TypeError(`${media.path} was not opened`);
    return source;
  }

  /** Writes `frames` frames of the clip, `offset` frames after its start, to `at` as pairs of the clip's layout (mono stands in both lanes). */
  read(clip: ClipPlan, offset: number, frames: number, at: number): MaybePromise<void> {
    const { numerator } = clip.sourceStep;
    const resampler = this.resamplerOf(clip);
    if (!resampler) return this.readSource(clip, clip.sourceStart + offset, frames, at);
    const position = clip.sourceStart + offset * numerator;
    const { first, count } = resampler.sourceRange(position, frames);
    return after(this.readSource(clip, first, count, this.decoded), () => {
      resampler.process(position, this.decoded, first, count, at, frames);
    });
  }

  private resamplerOf(clip: ClipPlan): Resampler | undefined {
    return this.resamplers.get(resamplerKey(clip));
  }

  private readSource(clip: ClipPlan, firstFrame: number, frames: number, at: number): MaybePromise<void> {
    const { pcm } = clip.media;
    const pairs = pairCount(clip.layout);
    const from = Math.min(Math.max(firstFrame, 0), clip.media.frames);
    const to = Math.min(Math.max(firstFrame + frames, from), clip.media.frames);
    const lead = Math.min(from - firstFrame, frames);
    if (to - from < frames || clip.channels.length < channelCount(clip.layout))
      this.instance.bytes(at, frames * pairs * 8).fill(0);
    if (to <= from) return;
    const source = this.sourceOf(clip);
    const bytes = this.instance.bytes(this.raw, (to - from) * pcm.bytesPerFrame);
    return after(source.read(pcm.dataOffset + from * pcm.bytesPerFrame, bytes), (read) => {
      const got = Math.floor(read / pcm.bytesPerFrame);
      if (got < to - from) bytes.fill(0, got * pcm.bytesPerFrame);
      this.decode(clip, to - from, { at: at + lead * 8, stride: frames });
    });
  }

  private decode(clip: ClipPlan, frames: number, { at, stride }: PairBlock): void {
    decodePairs(this.instance, clip.media, this.raw, frames, lanesOf(clip), { at, stride });
    // A side that the layout has and the clip lacks stays silent; mono stands in both.
    if (clip.layout === "mono" || clip.channels.length % 2 === 0) return;
    const last = at + (clip.channels.length >> 1) * stride * 8;
    this.instance.exports.applyPairGains(last, frames, 1, 0);
  }

  async close(): Promise<void> {
    for (const source of this.sources.values()) await source.close();
    this.sources.clear();
  }
}
