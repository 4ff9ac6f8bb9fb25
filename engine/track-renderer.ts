import { after, ClipReader } from "./clip-reader.ts";
import type { ByteSource, MaybePromise } from "./files.ts";
import { type GainSegment, SEGMENT_SHAPES } from "./gain-segments.ts";
import { createGenerator, type GeneratorVoice, generatorSources } from "./generator.ts";
import type { EngineInstance } from "./instance.ts";
import type { ClipPlan, SlotPlan, TrackPlan } from "./render-plan.ts";
import { createSlotChain, type SlotChain } from "./slot-chain.ts";
import type { SoundBank } from "./sound-bank.ts";

/** Frames per chunk, the unit of scheduling and of skipping silence. Fixed, so that neither threads nor block size can change a sample. */
export const CHUNK_FRAMES = 16384;

/** Multiplies the part of [firstFrame, firstFrame + frames) that each segment covers. */
export const applySegments = (
  instance: EngineInstance,
  segments: readonly GainSegment[],
  at: number,
  firstFrame: number,
  frames: number,
): void => {
  for (const { startFrame, lengthFrames, shape, fromDb, toDb } of segments) {
    const from = Math.max(startFrame, firstFrame);
    const to = Math.min(startFrame + lengthFrames, firstFrame + frames);
    if (to <= from) continue;
    instance.exports.applySegment(
      at + (from - firstFrame) * 8,
      1,
      to - from,
      SEGMENT_SHAPES[shape],
      fromDb,
      toDb,
      from - startFrame,
      lengthFrames,
    );
  }
};

/** A clip's own inserts with how far they were fed; they look ahead into the source, so the clip itself is never late. */
type ClipChain = { readonly chain: SlotChain; fedTo: number };

/** What tracks are rendered from. */
export type TrackGround = {
  readonly open: (path: string) => Promise<ByteSource>;
  readonly sampleRate: number;
  readonly blockFrames: number;
  readonly sounds: SoundBank;
};

/** Every insert of tracks and their clips. */
export const trackSlots = (tracks: readonly TrackPlan[]): SlotPlan[] =>
  tracks.flatMap(({ slots, clips }) => [...slots, ...clips.flatMap((clip) => clip.slots)]);

/** Renders one track up to its fader, chunk by chunk: clips, their gains, the inserts. Latency is taken back by reading ahead. */
export class TrackRenderer {
  private readonly instance: EngineInstance;
  private readonly plan: TrackPlan;
  private readonly blockFrames: number;
  private readonly reader: ClipReader;
  private readonly chain: SlotChain;
  private readonly clipChains = new Map<string, ClipChain>();
  private readonly generators: readonly GeneratorVoice[];
  private readonly output: number;
  private readonly scratch: number;
  private position = 0;
  private silentFrames = Number.POSITIVE_INFINITY;

  constructor(instance: EngineInstance, plan: TrackPlan, { open, sampleRate, blockFrames, sounds }: TrackGround) {
    this.instance = instance;
    this.plan = plan;
    this.blockFrames = blockFrames;
    const ground = { sampleRate, channels: plan.channels, sounds };
    this.chain = createSlotChain(instance, plan.slots, ground);
    for (const clip of plan.clips) {
      if (clip.slots.length === 0) continue;
      this.clipChains.set(clip.id, {
        chain: createSlotChain(instance, clip.slots, ground),
        fedTo: 0,
      });
    }
    this.generators = plan.generators.map((one) => createGenerator(instance, one, sampleRate, plan.channels));
    this.reader = new ClipReader(instance, open, this.sources, sampleRate, CHUNK_FRAMES);
    this.output = instance.allocate(CHUNK_FRAMES * 8);
    this.scratch = instance.allocate(CHUNK_FRAMES * 8);
  }

  async open(): Promise<void> {
    await this.reader.openAll(this.sources);
    for (const generator of this.generators) await generator.listen(this.reader, this.scratch, CHUNK_FRAMES);
    let ahead = this.chain.latencyFrames;
    while (ahead > 0) {
      const frames = Math.min(ahead, CHUNK_FRAMES);
      await this.advance(frames);
      ahead -= frames;
    }
  }

  /** Address of the next CHUNK_FRAMES frames (one pair), or 0 when they are silent. */
  next(): MaybePromise<number> {
    return this.advance(CHUNK_FRAMES);
  }

  /** What the track's inserts and generators could not do so far. */
  warnings(): string[] {
    return [...this.chain.warnings(), ...this.generators.flatMap((generator) => generator.warnings())];
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** Everything that is read from files. */
  private get sources(): readonly ClipPlan[] {
    return [...this.plan.clips, ...generatorSources(this.plan.generators)];
  }

  private advance(frames: number): MaybePromise<number> {
    const first = this.position;
    this.position += frames;
    const isHeard = ({ startFrame, endFrame }: Pick<ClipPlan, "startFrame" | "endFrame">) =>
      startFrame < first + frames && endFrame > first;
    const sounding = this.plan.clips.filter(isHeard);
    const generating = this.generators.filter(({ plan }) => isHeard(plan));
    const silent = sounding.length + generating.length === 0;
    if (silent && !this.chain.worksInSilence) {
      if (this.silentFrames >= this.chain.tailFrames) return 0;
      this.silentFrames += frames;
    } else {
      // Long silence is skipped, not processed: the inserts start again from rest, as at the beginning of the programme.
      if (this.silentFrames >= this.chain.tailFrames && !this.chain.worksInSilence) this.chain.reset(first);
      this.silentFrames = 0;
    }
    this.instance.bytes(this.output, frames * 8).fill(0);
    return after(this.mixClips(sounding, 0, first, frames), () => {
      for (const generator of generating) this.mixGenerator(generator, first, frames);
      for (let done = 0; done < frames; done += this.blockFrames)
        this.chain.process(this.output + done * 8, Math.min(this.blockFrames, frames - done));
      return this.output;
    });
  }

  private mixGenerator(generator: GeneratorVoice, first: number, frames: number): void {
    const { startFrame, endFrame, gainDb, segments } = generator.plan;
    const { exports } = this.instance;
    const from = Math.max(startFrame, first);
    const count = Math.min(endFrame, first + frames) - from;
    generator.next(from - startFrame, count, this.scratch);
    applySegments(this.instance, segments, this.scratch, from, count);
    exports.mixAdd(this.output + (from - first) * 8, this.scratch, 1, count, exports.dbToGain(gainDb));
  }

  private mixClips(clips: readonly ClipPlan[], index: number, first: number, frames: number): MaybePromise<void> {
    const clip = clips[index];
    if (!clip) return;
    return after(this.mixClip(clip, first, frames), () => this.mixClips(clips, index + 1, first, frames));
  }

  private mixClip(clip: ClipPlan, first: number, frames: number): MaybePromise<void> {
    const from = Math.max(clip.startFrame, first);
    const count = Math.min(clip.endFrame, first + frames) - from;
    const { exports } = this.instance;
    return after(this.clipSound(clip, from - clip.startFrame, count), (gainDb) => {
      this.applyChannelGains(clip, count);
      applySegments(this.instance, clip.segments, this.scratch, from, count);
      exports.mixAdd(this.output + (from - first) * 8, this.scratch, 1, count, this.instance.exports.dbToGain(gainDb));
    });
  }

  /** Puts the clip's sound before its volume into `scratch`; gives the static gain in dB that remains to be applied. */
  private clipSound(clip: ClipPlan, offset: number, frames: number): MaybePromise<number> {
    const own = this.clipChains.get(clip.id);
    if (!own) return after(this.reader.read(clip, offset, frames, this.scratch), () => clip.gainDb + clip.volumeDb);
    return after(this.feedClip(clip, own, offset + own.chain.latencyFrames), () =>
      after(this.feedClip(clip, own, offset + own.chain.latencyFrames + frames), () => clip.volumeDb),
    );
  }

  /** Runs the clip's inserts up to source offset `to`; leaves the last stretch in `scratch`. */
  private feedClip(clip: ClipPlan, own: ClipChain, to: number): MaybePromise<void> {
    const frames = Math.min(to - own.fedTo, CHUNK_FRAMES);
    if (frames <= 0) return;
    return after(this.reader.read(clip, own.fedTo, frames, this.scratch), () => {
      this.instance.exports.applyGain(this.scratch, 1, frames, this.instance.exports.dbToGain(clip.gainDb));
      for (let done = 0; done < frames; done += this.blockFrames)
        own.chain.process(this.scratch + done * 8, Math.min(this.blockFrames, frames - done));
      own.fedTo += frames;
      return this.feedClip(clip, own, to);
    });
  }

  private applyChannelGains({ channelGainsDb }: ClipPlan, frames: number): void {
    if (channelGainsDb.length === 0) return;
    const left = this.instance.exports.dbToGain(channelGainsDb[0] ?? 0);
    const right = this.instance.exports.dbToGain(channelGainsDb[1] ?? channelGainsDb[0] ?? 0);
    this.instance.exports.applyPairGains(this.scratch, frames, left, right);
  }
}
