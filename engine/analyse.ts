import { type ChannelLayout, channelCount } from "../schema/channel-layout.ts";
import { createBreath } from "./cancel.ts";
import { ClipReader } from "./clip-reader.ts";
import type { RenderOptions } from "./engine.ts";
import type { ByteSource } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { pairCount } from "./layout-fold.ts";
import { createLoudnessMeter, type LoudnessMeter, lufsOfMeanSquare } from "./loudness.ts";
import type { ClipAnalysis } from "./measures.ts";
import { hopsAround, MAX_PEAK_BYTES, PeakReader, peakBytes } from "./media-peaks.ts";
import type { ClipPlan, RenderPlan } from "./render-plan.ts";
import type { AnalysisShelf, Heard, MediumShelf, SidecarMedium } from "./sidecar/analysis-shelf.ts";
import type { Hearing } from "./sidecar/sidecar-index.ts";
import { createSpeechMeter, type SpeechMeter, speechLoudnessLufs } from "./speech.ts";
import { CHUNK_FRAMES } from "./track-renderer.ts";

/** Part of what sidecars know of their engine: counts up with every change of what this file makes of the meters' hops. */
export const ANALYSIS_VERSION = 1;

const HOPS_PER_SECOND = 100;
/** Hops of 10 ms in a block whose level counts for the noise floor. */
const FLOOR_HOPS = 5;

/** What listens to the clips of one layout. */
type Ears = { readonly loudness: LoudnessMeter; readonly speech: SpeechMeter };

const createEars = (instance: EngineInstance, sampleRate: number): ((layout: ChannelLayout) => Ears) => {
  const made = new Map<ChannelLayout, Ears>();
  return (layout) => {
    const channels = channelCount(layout);
    const ears = made.get(layout) ?? {
      loudness: createLoudnessMeter(instance, sampleRate, channels),
      speech: createSpeechMeter(instance, sampleRate, channels),
    };
    made.set(layout, ears);
    return ears;
  };
};

/** A mono clip of a stereo track stands on both sides. */
const heardLayout = (clip: ChannelLayout, track: ChannelLayout): ChannelLayout =>
  pairCount(clip) === pairCount(track) ? track : clip;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Level of the quietest tenth of 50 ms blocks; digital silence does not count. */
const noiseFloor = (meanSquares: Float64Array): number | null => {
  const blocks: number[] = [];
  for (let at = 0; at + FLOOR_HOPS <= meanSquares.length; at += FLOOR_HOPS)
    blocks.push(mean([...meanSquares.subarray(at, at + FLOOR_HOPS)]));
  const sounding = blocks.filter((value) => value > 0).sort((a, b) => a - b);
  return sounding.length === 0 ? null : lufsOfMeanSquare(mean(sounding.slice(0, Math.ceil(sounding.length / 10))));
};

/** The hops of one clip, 9 bytes each. */
class HopList {
  private readonly squares: Float64Array;
  private readonly decisions: Uint8Array;
  private hops = 0;
  private decided = 0;

  constructor(frames: number, sampleRate: number) {
    const most = Math.ceil((frames * HOPS_PER_SECOND) / sampleRate) + 1;
    this.squares = new Float64Array(most);
    this.decisions = new Uint8Array(most);
  }

  take({ loudness }: Ears, decisions: readonly boolean[]): void {
    for (const { meanSquare } of loudness.takeHops()) this.squares[this.hops++] = meanSquare;
    for (const speaks of decisions) this.decisions[this.decided++] = Number(speaks);
  }

  get meanSquares(): Float64Array {
    return this.squares.subarray(0, this.hops);
  }

  get speech(): Uint8Array {
    return this.decisions.subarray(0, this.decided);
  }
}

type Breathe = () => Promise<void> | undefined;

const listen = async (reader: ClipReader, clip: ClipPlan, ears: Ears, ground: ListenGround): Promise<Heard> => {
  const { loudness, speech } = ears;
  loudness.reset();
  speech.reset();
  const total = clip.endFrame - clip.startFrame;
  const hops = new HopList(total, ground.sampleRate);
  for (let done = 0; done < total; done += CHUNK_FRAMES) {
    await ground.breathe();
    const frames = Math.min(CHUNK_FRAMES, total - done);
    await reader.read(clip, done, frames, ground.block);
    loudness.feed(ground.block, frames);
    speech.feed(ground.block, frames);
    hops.take(ears, speech.takeDecisions());
  }
  hops.take(ears, speech.takeRest());
  const speaking = hops.speech.reduce((sum, one) => sum + one, 0);
  const hearing: Hearing = {
    measures: loudness.measures(),
    speechLufs: speechLoudnessLufs(hops.meanSquares, hops.speech),
    speechRatio: hops.speech.length === 0 ? 0 : speaking / hops.speech.length,
    noiseFloorLufs: noiseFloor(hops.meanSquares),
    musicLikelihood: speech.musicLikelihood(),
  };
  return { hearing, meanSquares: hops.meanSquares, speech: hops.speech };
};

type ListenGround = { readonly sampleRate: number; readonly block: number; readonly breathe: Breathe };

/** A clip with the layout in which it is heard. */
type Job = { readonly clip: ClipPlan; readonly layout: ChannelLayout };

/** Everything but the medium's content that decides what is heard of a clip. */
const stretchOf = ({ clip, layout }: Job, sampleRate: number): string => {
  const { numerator, denominator } = clip.sourceStep;
  const frames = clip.endFrame - clip.startFrame;
  const place = `${clip.sourceStart} ${numerator}/${denominator} ${frames}`;
  return `${sampleRate} ${place} ${clip.channels.join()} ${clip.layout}>${layout}`;
};

/** The stretch of its medium that a clip plays, in hops of the peaks. */
const peakRangeOf = ({ media, sourceStart, sourceStep, startFrame, endFrame }: ClipPlan) => {
  const { numerator, denominator } = sourceStep;
  const from = Math.floor(sourceStart / denominator);
  const frames = Math.ceil(((endFrame - startFrame) * numerator) / denominator) + 1;
  return hopsAround(from, frames, media.sampleRate);
};

/** Where earlier analyses are found and new ones are put. */
export type AnalysisMemory = {
  readonly shelf: AnalysisShelf;
  /** The medium of a clip; null when nothing tells it from another. */
  readonly mediumOf: (clipId: string) => SidecarMedium | null;
};

/** Listens to clips, and remembers what it heard where there is a memory. */
class Listener {
  private readonly reader: ClipReader;
  private readonly earsFor: (layout: ChannelLayout) => Ears;
  private readonly ground: ListenGround;
  private readonly instance: EngineInstance;
  private readonly frameBytes: number;
  private peaks: PeakReader | null = null;

  constructor(
    instance: EngineInstance,
    open: (path: string) => Promise<ByteSource>,
    clips: readonly ClipPlan[],
    sampleRate: number,
    breathe: Breathe,
  ) {
    const pairs = Math.max(0, ...clips.map(({ layout }) => pairCount(layout)));
    const block = instance.allocate(CHUNK_FRAMES * 8 * pairs);
    this.instance = instance;
    this.reader = new ClipReader(instance, open, clips, sampleRate, CHUNK_FRAMES);
    this.earsFor = createEars(instance, sampleRate);
    this.ground = { sampleRate, block, breathe };
    this.frameBytes = Math.max(0, ...clips.map(({ media }) => media.pcm.bytesPerFrame));
  }

  async hear(job: Job, shelf: MediumShelf | null): Promise<Hearing> {
    const { clip, layout } = job;
    const stretch = stretchOf(job, this.ground.sampleRate);
    const known = shelf?.find(stretch);
    if (known) return known;
    await this.reader.openAll([clip]);
    const heard = await listen(this.reader, clip, this.earsFor(layout), this.ground);
    await shelf?.keep(stretch, heard);
    if (shelf) await this.keepPeaks(clip, shelf);
    return heard.hearing;
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  private async keepPeaks(clip: ClipPlan, shelf: MediumShelf): Promise<void> {
    const range = peakRangeOf(clip);
    if (!shelf.wantsPeaks(range) || peakBytes(clip.media.channels, range.hops) > MAX_PEAK_BYTES) return;
    this.peaks ??= new PeakReader(this.instance, this.frameBytes);
    const source = this.reader.sourceOf(clip);
    await shelf.keepPeaks(await this.peaks.read(source, clip.media, range, this.ground.breathe));
  }
}

/** Jobs by the medium that they need, in order of appearance; each medium's sidecar is opened once. */
const byMedium = (jobs: readonly Job[], memory: AnalysisMemory | null) => {
  const groups = new Map<string, { readonly medium: SidecarMedium | null; readonly jobs: Job[] }>();
  for (const job of jobs) {
    const medium = memory?.mediumOf(job.clip.id) ?? null;
    const key = medium ? `${medium.quickHash} ${medium.state}` : "";
    const group = groups.get(key) ?? { medium, jobs: [] };
    group.jobs.push(job);
    groups.set(key, group);
  }
  return [...groups.values()];
};

/** Listens to the source range of every clip that sounds, before any gain or insert; what `memory` knows is not listened to again. */
export const analyseClips = async (
  instance: EngineInstance,
  plan: RenderPlan,
  open: (path: string) => Promise<ByteSource>,
  { onProgress, signal }: Pick<RenderOptions, "onProgress" | "signal">,
  memory: AnalysisMemory | null = null,
): Promise<readonly ClipAnalysis[]> => {
  const jobs = plan.tracks.flatMap(({ clips, clipLayout }) =>
    clips.map((clip): Job => ({ clip, layout: heardLayout(clip.layout, clipLayout) })),
  );
  const clips = jobs.map(({ clip }) => clip);
  const listener = new Listener(instance, open, clips, plan.sampleRate, createBreath(signal));
  const heard = new Map<Job, Hearing>();
  const hearAll = async (group: readonly Job[], shelf: MediumShelf | null) => {
    for (const job of group) {
      heard.set(job, await listener.hear(job, shelf));
      onProgress?.({ phase: "analyse", done: heard.size, total: jobs.length });
    }
  };
  try {
    for (const group of byMedium(jobs, memory)) {
      const shelf = (group.medium && (await memory?.shelf.open(group.medium))) || null;
      try {
        await hearAll(group.jobs, shelf);
        await shelf?.finish();
      } catch (error) {
        await shelf?.abort();
        throw error;
      }
    }
    return jobs.map((job) => ({ clipId: job.clip.id, ...heard.get(job)! }));
  } finally {
    await listener.close();
  }
};
