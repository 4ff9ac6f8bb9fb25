import { type ChannelLayout, channelCount } from "../schema/channel-layout.ts";
import { createBreath } from "./cancel.ts";
import { ClipReader } from "./clip-reader.ts";
import type { RenderOptions } from "./engine.ts";
import type { ByteSource } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { pairCount } from "./layout-fold.ts";
import { createLoudnessMeter, type LoudnessHop, type LoudnessMeter, lufsOfMeanSquare } from "./loudness.ts";
import type { ClipAnalysis } from "./measures.ts";
import type { ClipPlan, RenderPlan } from "./render-plan.ts";
import { createSpeechMeter, type SpeechMeter, speechLoudnessLufs } from "./speech.ts";
import { CHUNK_FRAMES } from "./track-renderer.ts";

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
const noiseFloor = (hops: readonly LoudnessHop[]): number | null => {
  const blocks: number[] = [];
  for (let at = 0; at + FLOOR_HOPS <= hops.length; at += FLOOR_HOPS)
    blocks.push(mean(hops.slice(at, at + FLOOR_HOPS).map(({ meanSquare }) => meanSquare)));
  const sounding = blocks.filter((value) => value > 0).sort((a, b) => a - b);
  return sounding.length === 0 ? null : lufsOfMeanSquare(mean(sounding.slice(0, Math.ceil(sounding.length / 10))));
};

const listen = async (
  reader: ClipReader,
  clip: ClipPlan,
  { loudness, speech }: Ears,
  block: number,
  breathe: () => Promise<void> | undefined,
): Promise<ClipAnalysis> => {
  loudness.reset();
  speech.reset();
  const hops: LoudnessHop[] = [];
  const speaking: boolean[] = [];
  const total = clip.endFrame - clip.startFrame;
  for (let done = 0; done < total; done += CHUNK_FRAMES) {
    await breathe();
    const frames = Math.min(CHUNK_FRAMES, total - done);
    await reader.read(clip, done, frames, block);
    loudness.feed(block, frames);
    speech.feed(block, frames);
    hops.push(...loudness.takeHops());
    speaking.push(...speech.takeDecisions());
  }
  speaking.push(...speech.takeRest());
  return {
    clipId: clip.id,
    measures: loudness.measures(),
    speechLufs: speechLoudnessLufs(hops, speaking),
    speechRatio: speaking.length === 0 ? 0 : speaking.filter(Boolean).length / speaking.length,
    noiseFloorLufs: noiseFloor(hops),
    musicLikelihood: speech.musicLikelihood(),
  };
};

/** Listens to the source range of every clip that sounds, before any gain or insert. */
export const analyseClips = async (
  instance: EngineInstance,
  plan: RenderPlan,
  open: (path: string) => Promise<ByteSource>,
  { onProgress, signal }: Pick<RenderOptions, "onProgress" | "signal">,
): Promise<readonly ClipAnalysis[]> => {
  const { sampleRate, tracks } = plan;
  const jobs = tracks.flatMap(({ clips, clipLayout }) =>
    clips.map((clip) => ({ clip, layout: heardLayout(clip.layout, clipLayout) })),
  );
  const clips = jobs.map(({ clip }) => clip);
  const reader = new ClipReader(instance, open, clips, sampleRate, CHUNK_FRAMES);
  const earsFor = createEars(instance, sampleRate);
  const block = instance.allocate(CHUNK_FRAMES * 8 * Math.max(0, ...clips.map(({ layout }) => pairCount(layout))));
  await reader.openAll(clips);
  try {
    const analyses: ClipAnalysis[] = [];
    const breathe = createBreath(signal);
    for (const { clip, layout } of jobs) {
      analyses.push(await listen(reader, clip, earsFor(layout), block, breathe));
      onProgress?.({ phase: "analyse", done: analyses.length, total: jobs.length });
    }
    return analyses;
  } finally {
    await reader.close();
  }
};
