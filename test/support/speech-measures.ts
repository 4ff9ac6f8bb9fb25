import type { EngineInstance } from "../../engine/instance.ts";
import { createSpeechMeter } from "../../engine/speech.ts";

const BLOCK_FRAMES = 4096;

/** What the detector says of a mono signal, one decision each 10 ms, and how music-like it finds it. */
export const detectSpeech = (
  instance: EngineInstance,
  mono: Float32Array,
  sampleRate: number,
  blockFrames = BLOCK_FRAMES,
): { readonly decisions: boolean[]; readonly musicLikelihood: number } => {
  const meter = createSpeechMeter(instance, sampleRate, 1);
  const io = instance.allocate(blockFrames * 8);
  const decisions: boolean[] = [];
  for (let from = 0; from < mono.length; from += blockFrames) {
    const frames = Math.min(blockFrames, mono.length - from);
    const block = instance.floats(io, 2 * frames);
    for (let i = 0; i < frames; i += 1) block.fill(mono[from + i] ?? 0, 2 * i, 2 * i + 2);
    meter.feed(io, frames);
    decisions.push(...meter.takeDecisions());
  }
  decisions.push(...meter.takeRest());
  return { decisions, musicLikelihood: meter.musicLikelihood() };
};

/** Seconds from..to of each stretch of true. */
export const stretchesOf = (decisions: readonly boolean[]): (readonly [number, number])[] => {
  const list: (readonly [number, number])[] = [];
  let start = -1;
  for (let hop = 0; hop <= decisions.length; hop += 1) {
    if (decisions[hop] && start < 0) start = hop;
    if (decisions[hop] || start < 0) continue;
    list.push([start / 100, hop / 100]);
    start = -1;
  }
  return list;
};

/** F1 of 10 ms decisions against spans in seconds. */
export const f1Of = (decisions: readonly boolean[], spans: readonly (readonly [number, number])[]): number => {
  const truth = decisions.map((_, hop) => spans.some(([from, to]) => hop / 100 >= from && hop / 100 < to));
  const both = decisions.filter((speech, hop) => speech && truth[hop]).length;
  return (2 * both) / (decisions.filter(Boolean).length + truth.filter(Boolean).length);
};

export const shareOf = (decisions: readonly boolean[]): number => decisions.filter(Boolean).length / decisions.length;
