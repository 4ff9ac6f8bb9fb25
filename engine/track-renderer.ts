import { after, ClipReader } from "./clip-reader.ts";
import type { ByteSource, MaybePromise } from "./files.ts";
import { type GainSegment, SEGMENT_SHAPES } from "./gain-segments.ts";
import { createGenerator, type GeneratorVoice, generatorSources } from "./generator.ts";
import type { EngineInstance } from "./instance.ts";
import { addFolded, createLayoutFold, type LayoutFold, type PairBlock, pairCount } from "./layout-fold.ts";
import type { ClipPlan, SlotPlan, TrackPlan } from "./render-plan.ts";
import { createSlotChain, type SlotChain } from "./slot-chain.ts";
import type { SoundBank } from "./sound-bank.ts";

/** Frames per chunk, the unit of scheduling and of skipping silence. Fixed, so that neither threads nor block size can change a sample. */
export const CHUNK_FRAMES = 16384;

/** Multiplies the part of [firstFrame, firstFrame + frames) that each segment covers, in every pair of a block. */
export const applySegments = (
  { exports }: EngineInstance,
  segments: readonly GainSegment[],
  { at, stride }: PairBlock,
  pairs: number,
  firstFrame: number,
  frames: number,
): void => {
  for (const { startFrame, lengthFrames, shape, fromDb, toDb } of segments) {
    const from = Math.max(startFrame, firstFrame);
    const to = Math.min(startFrame + lengthFrames, firstFrame + frames);
    if (to <= from) continue;
    const code = SEGMENT_SHAPES[shape];
    for (let pair = 0; pair < pairs; pair += 1) {
      const io = at + (pair * stride + from - firstFrame) * 8;
      exports.applySegment(io, 1, to - from, code, fromDb, toDb, from - startFrame, lengthFrames);
    }
  }
};

/** A clip's own inserts with how far they were fed; they look ahead into the source, so the clip itself is never late. */
type ClipChain = { readonly chain: SlotChain; fedTo: number };

/** How the layouts of a clip and of its track follow each other. */
type ClipWay = { readonly toClip: LayoutFold; readonly toTrack: LayoutFold; readonly isDirect: boolean };

/** What tracks are rendered from. */
export type TrackGround = {
  readonly open: (path: string) => Promise<ByteSource>;
  readonly sampleRate: number;
  readonly sounds: SoundBank;
};

/** Size of what a track gives at a time. */
export const chunkBytes = ({ outputLayout }: Pick<TrackPlan, "outputLayout">): number =>
  CHUNK_FRAMES * pairCount(outputLayout) * 8;

/** Every insert of tracks and their clips. */
export const trackSlots = (tracks: readonly TrackPlan[]): SlotPlan[] =>
  tracks.flatMap(({ slots, clips }) => [...slots, ...clips.flatMap((clip) => clip.slots)]);

const wayOf = (clip: ClipPlan, { clipLayout, layout }: TrackPlan): ClipWay => {
  const toClip = createLayoutFold(clip.layout, clipLayout);
  const isDirect = pairCount(clip.layout) === pairCount(clipLayout) && toClip.every(({ isStraight }) => isStraight);
  return { toClip, toTrack: createLayoutFold(clip.outputLayout, layout), isDirect };
};

/** Renders one track up to its fader, chunk by chunk: clips, their gains, the inserts. Latency is taken back by reading ahead. */
export class TrackRenderer {
  private readonly instance: EngineInstance;
  private readonly plan: TrackPlan;
  private readonly reader: ClipReader;
  private readonly chain: SlotChain;
  private readonly clipChains = new Map<string, ClipChain>();
  private readonly ways = new Map<string, ClipWay>();
  private readonly generators: readonly GeneratorVoice[];
  private readonly generatorFold: LayoutFold;
  private readonly pairs: number;
  private readonly output: number;
  private readonly scratch: number;
  /** Where clips of another layout than their track's are read. */
  private readonly foreign: number;
  private position = 0;
  private silentFrames = Number.POSITIVE_INFINITY;

  constructor(instance: EngineInstance, plan: TrackPlan, { open, sampleRate, sounds }: TrackGround) {
    this.instance = instance;
    this.plan = plan;
    const { clips, clipLayout, layout, outputLayout } = plan;
    const ground = { sampleRate, sounds };
    this.chain = createSlotChain(instance, plan.slots, ground);
    for (const clip of clips) {
      this.ways.set(clip.id, wayOf(clip, plan));
      if (clip.slots.length === 0) continue;
      this.clipChains.set(clip.id, { chain: createSlotChain(instance, clip.slots, ground), fedTo: 0 });
    }
    const generatorLayout = layout === "mono" ? "mono" : "stereo";
    this.generators = plan.generators.map((one) => createGenerator(instance, one, sampleRate, generatorLayout));
    this.generatorFold = createLayoutFold(generatorLayout, layout);
    this.reader = new ClipReader(instance, open, this.sources, sampleRate, CHUNK_FRAMES);
    const room = (pairs: number) => instance.allocate(CHUNK_FRAMES * pairs * 8);
    this.pairs = Math.max(pairCount(layout), pairCount(outputLayout));
    this.output = room(this.pairs);
    const layouts = [clipLayout, ...clips.map((clip) => clip.outputLayout)];
    this.scratch = room(Math.max(1, ...layouts.map(pairCount)));
    const foreigners = clips.filter(({ id }) => !this.ways.get(id)!.isDirect);
    this.foreign = room(Math.max(0, ...foreigners.map((clip) => pairCount(clip.layout))));
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

  /** Address of the next CHUNK_FRAMES frames (pairs of the output layout), or 0 when they are silent. */
  next(): MaybePromise<number> {
    return this.advance(CHUNK_FRAMES);
  }

  get chunkBytes(): number {
    return chunkBytes(this.plan);
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
    this.instance.bytes(this.output, frames * this.pairs * 8).fill(0);
    return after(this.mixClips(sounding, 0, first, frames), () => {
      for (const generator of generating) this.mixGenerator(generator, first, frames);
      this.chain.process(this.output, frames);
      return this.output;
    });
  }

  private mixGenerator(generator: GeneratorVoice, first: number, frames: number): void {
    const { startFrame, endFrame, gainDb, segments } = generator.plan;
    const from = Math.max(startFrame, first);
    const count = Math.min(endFrame, first + frames) - from;
    const sound = { at: this.scratch, stride: count };
    generator.next(from - startFrame, count, this.scratch);
    applySegments(this.instance, segments, sound, 1, from, count);
    const target = { at: this.output + (from - first) * 8, stride: frames };
    addFolded(this.instance, this.generatorFold, target, sound, count, this.instance.exports.dbToGain(gainDb));
  }

  private mixClips(clips: readonly ClipPlan[], index: number, first: number, frames: number): MaybePromise<void> {
    const clip = clips[index];
    if (!clip) return;
    return after(this.mixClip(clip, first, frames), () => this.mixClips(clips, index + 1, first, frames));
  }

  private mixClip(clip: ClipPlan, first: number, frames: number): MaybePromise<void> {
    const from = Math.max(clip.startFrame, first);
    const count = Math.min(clip.endFrame, first + frames) - from;
    return after(this.clipSound(clip, from - clip.startFrame, count), (gainDb) => {
      const sound = { at: this.scratch, stride: count };
      const target = { at: this.output + (from - first) * 8, stride: frames };
      this.applyChannelGains(clip, count);
      applySegments(this.instance, clip.segments, sound, pairCount(clip.outputLayout), from, count);
      addFolded(this.instance, this.wayOf(clip).toTrack, target, sound, count, this.instance.exports.dbToGain(gainDb));
    });
  }

  private wayOf({ id }: ClipPlan): ClipWay {
    const way = this.ways.get(id);
    if (!way) throw new TypeError(`clip ${id} is not of this track`);
    return way;
  }

  /** Puts the clip's sound before its volume into `scratch`; gives the static gain in dB that remains to be applied. */
  private clipSound(clip: ClipPlan, offset: number, frames: number): MaybePromise<number> {
    const own = this.clipChains.get(clip.id);
    if (!own) return after(this.read(clip, offset, frames), () => clip.gainDb + clip.volumeDb);
    return after(this.feedClip(clip, own, offset + own.chain.latencyFrames), () =>
      after(this.feedClip(clip, own, offset + own.chain.latencyFrames + frames), () => clip.volumeDb),
    );
  }

  /** Puts a stretch of the clip's source into `scratch`, in the layout of the track's clips. */
  private read(clip: ClipPlan, offset: number, frames: number): MaybePromise<void> {
    const { toClip, isDirect } = this.wayOf(clip);
    if (isDirect) return this.reader.read(clip, offset, frames, this.scratch);
    return after(this.reader.read(clip, offset, frames, this.foreign), () => {
      this.instance.bytes(this.scratch, frames * pairCount(this.plan.clipLayout) * 8).fill(0);
      const [target, source] = [this.scratch, this.foreign].map((at) => ({ at, stride: frames }));
      addFolded(this.instance, toClip, target!, source!, frames, 1);
    });
  }

  /** Runs the clip's inserts up to source offset `to`; leaves the last stretch in `scratch`. */
  private feedClip(clip: ClipPlan, own: ClipChain, to: number): MaybePromise<void> {
    const frames = Math.min(to - own.fedTo, CHUNK_FRAMES);
    if (frames <= 0) return;
    return after(this.read(clip, own.fedTo, frames), () => {
      const { exports } = this.instance;
      const pairs = pairCount(this.plan.clipLayout);
      const more = pairCount(clip.outputLayout) - pairs;
      exports.applyGain(this.scratch, pairs, frames, exports.dbToGain(clip.gainDb));
      if (more > 0) this.instance.bytes(this.scratch + frames * pairs * 8, frames * more * 8).fill(0);
      own.chain.process(this.scratch, frames);
      own.fedTo += frames;
      return this.feedClip(clip, own, to);
    });
  }

  private applyChannelGains({ channelGainsDb, outputLayout }: ClipPlan, frames: number): void {
    if (channelGainsDb.length === 0) return;
    const { exports } = this.instance;
    const gainOf = (channel: number) => exports.dbToGain(channelGainsDb[channel] ?? channelGainsDb.at(-1)!);
    for (let pair = 0; pair < pairCount(outputLayout); pair += 1)
      exports.applyPairGains(this.scratch + pair * frames * 8, frames, gainOf(pair * 2), gainOf(pair * 2 + 1));
  }
}
