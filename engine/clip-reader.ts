import type { ByteSource, MaybePromise } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { decodePairs } from "./pair-decoder.ts";
import type { ClipPlan } from "./render-plan.ts";
import { createResampler, type Resampler } from "./resampler.ts";

/** Continues at once when the platform reads synchronously: a chunk then costs no turn of the event loop. */
export const after = <T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> =>
  value instanceof Promise ? value.then(next) : next(value);

/** Reads stretches of sources into engine memory as channel pairs: decoded, resampled to the sequence's rate, silence outside the file. */
export class ClipReader {
  private readonly instance: EngineInstance;
  private readonly open: (path: string) => Promise<ByteSource>;
  private readonly sampleRate: number;
  private readonly sources = new Map<string, ByteSource>();
  private readonly resamplers = new Map<number, Resampler>();
  private readonly raw: number;
  private readonly decoded: number;
  private readonly rawBytes: number;
  private readonly decodedFrames: number;

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
    for (const { media } of clips) {
      if (media.sampleRate === sampleRate || this.resamplers.has(media.sampleRate)) continue;
      this.resamplers.set(media.sampleRate, createResampler(instance, media.sampleRate, sampleRate, 1));
    }
    const reach = ({ media }: ClipPlan) =>
      this.resamplers.get(media.sampleRate)?.sourceFramesFor(outputFrames) ?? outputFrames;
    this.decodedFrames = clips.reduce((most, clip) => Math.max(most, reach(clip)), 0);
    this.rawBytes = clips.reduce((most, clip) => Math.max(most, reach(clip) * clip.media.pcm.bytesPerFrame), 0);
    this.raw = instance.allocate(this.rawBytes);
    this.decoded = instance.allocate(this.decodedFrames * 8);
  }

  /** Opens every file before the first read, so that a missing one is known before anything sounds. */
  async openAll(clips: readonly ClipPlan[]): Promise<void> {
    for (const { media } of clips) {
      if (!this.sources.has(media.path)) this.sources.set(media.path, await this.open(media.path));
    }
  }

  /** Writes `frames` frames of the clip, `offset` frames after its start, to `at` (one pair; mono stands in both lanes). */
  read(clip: ClipPlan, offset: number, frames: number, at: number): MaybePromise<void> {
    const { numerator } = clip.sourceStep;
    const resampler = this.resamplers.get(clip.media.sampleRate);
    if (!resampler) return this.readSource(clip, clip.sourceStart + offset, frames, at);
    const position = clip.sourceStart + offset * numerator;
    const { first, count } = resampler.sourceRange(position, frames);
    return after(this.readSource(clip, first, count, this.decoded), () => {
      resampler.process(position, this.decoded, first, count, at, frames);
    });
  }

  private readSource(clip: ClipPlan, firstFrame: number, frames: number, at: number): MaybePromise<void> {
    const { pcm } = clip.media;
    const from = Math.min(Math.max(firstFrame, 0), clip.media.frames);
    const to = Math.min(Math.max(firstFrame + frames, from), clip.media.frames);
    const lead = Math.min(from - firstFrame, frames);
    if (to - from < frames) this.instance.bytes(at, frames * 8).fill(0);
    if (to <= from) return;
    const source = this.sources.get(clip.media.path);
    if (!source) throw new TypeError(`${clip.media.path} was not opened`);
    const bytes = this.instance.bytes(this.raw, (to - from) * pcm.bytesPerFrame);
    return after(source.read(pcm.dataOffset + from * pcm.bytesPerFrame, bytes), (read) => {
      const got = Math.floor(read / pcm.bytesPerFrame);
      if (got < to - from) bytes.fill(0, got * pcm.bytesPerFrame);
      this.decode(clip, to - from, at + lead * 8);
    });
  }

  private decode({ media, channels }: ClipPlan, frames: number, at: number): void {
    const left = channels[0] ?? 0;
    decodePairs(this.instance, media, this.raw, frames, [[left, channels[1] ?? left]], at);
  }

  async close(): Promise<void> {
    for (const source of this.sources.values()) await source.close();
    this.sources.clear();
  }
}
