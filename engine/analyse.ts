import { createBreath } from "./cancel.ts";
import { ClipReader } from "./clip-reader.ts";
import type { RenderOptions } from "./engine.ts";
import type { ByteSource } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { createLoudnessMeter, type LoudnessHop, type LoudnessMeter, lufsOfMeanSquare } from "./loudness.ts";
import type { ClipAnalysis } from "./measures.ts";
import type { ClipPlan, RenderPlan } from "./render-plan.ts";
import { createSpeechDetector, type SpeechDetector } from "./speech.ts";
import { CHUNK_FRAMES } from "./track-renderer.ts";

/** Hops of 10 ms in a block whose level counts for the noise floor. */
const FLOOR_HOPS = 5;

type Ears = {
  readonly meters: ReadonlyMap<number, LoudnessMeter>;
  readonly speech: SpeechDetector;
  readonly block: number;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Loudness over the hops in which somebody speaks. */
const speechLoudness = (hops: readonly LoudnessHop[], speaking: readonly boolean[]): number | null => {
  const spoken = hops.filter((_, index) => speaking[index]).map(({ meanSquare }) => meanSquare);
  return spoken.length === 0 ? null : lufsOfMeanSquare(mean(spoken));
};

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
  channels: number,
  ears: Ears,
  breathe: () => Promise<void> | undefined,
): Promise<ClipAnalysis> => {
  const meter = ears.meters.get(channels);
  if (!meter) throw new TypeError(`no meter for ${channels} channels`);
  meter.reset();
  ears.speech.reset();
  const hops: LoudnessHop[] = [];
  const speaking: boolean[] = [];
  const total = clip.endFrame - clip.startFrame;
  for (let done = 0; done < total; done += CHUNK_FRAMES) {
    await breathe();
    const frames = Math.min(CHUNK_FRAMES, total - done);
    await reader.read(clip, done, frames, ears.block);
    meter.feed(ears.block, frames);
    ears.speech.feed(ears.block, frames);
    hops.push(...meter.takeHops());
    speaking.push(...ears.speech.takeDecisions());
  }
  return {
    clipId: clip.id,
    measures: meter.measures(),
    speechLufs: speechLoudness(hops, speaking),
    speechRatio: speaking.length === 0 ? 0 : speaking.filter(Boolean).length / speaking.length,
    noiseFloorDbfs: noiseFloor(hops),
    musicLikelihood: ears.speech.musicLikelihood(),
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
  const clips = tracks.flatMap((track) => track.clips.map((clip) => ({ clip, channels: track.channels })));
  const reader = new ClipReader(
    instance,
    open,
    clips.map(({ clip }) => clip),
    sampleRate,
    CHUNK_FRAMES,
  );
  const ears: Ears = {
    meters: new Map([1, 2].map((channels) => [channels, createLoudnessMeter(instance, sampleRate, channels)])),
    speech: createSpeechDetector(instance, sampleRate),
    block: instance.allocate(CHUNK_FRAMES * 8),
  };
  await reader.openAll(clips.map(({ clip }) => clip));
  try {
    const analyses: ClipAnalysis[] = [];
    const breathe = createBreath(signal);
    for (const [index, { clip, channels }] of clips.entries()) {
      analyses.push(await listen(reader, clip, channels, ears, breathe));
      onProgress?.({ phase: "analyse", done: index + 1, total: clips.length });
    }
    return analyses;
  } finally {
    await reader.close();
  }
};
