import { createBreath, throwIfCancelled } from "./cancel.ts";
import type { GainSample, RenderOptions } from "./engine.ts";
import type { ByteSource } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { pairCount } from "./layout-fold.ts";
import { Mixer } from "./mixer.ts";
import { planSlots } from "./render.ts";
import type { RenderPlan } from "./render-plan.ts";
import { loadSounds } from "./sound-bank.ts";
import { createInlineFeed } from "./track-feed.ts";
import { CHUNK_FRAMES } from "./track-renderer.ts";

const HOPS_PER_SECOND = 100;
/** What is quieter shows no gain: -120 dBFS. */
const LEAST = 1e-6;
const BLOCK_FRAMES = 1024;

/**
 * Takes the gain between two signals of `pairs` channel pairs from the loudest sample of every hop, where it is exact to a float's last
 * bits. The second signal is `lateFrames` later than the first.
 */
const createComparison = (pairs: number, lateFrames: number, hopFrames: number) => {
  const size = 2 ** Math.ceil(Math.log2(lateFrames + BLOCK_FRAMES + 1));
  const past = Array.from({ length: pairs }, () => new Float32Array(2 * size));
  const samples: GainSample[] = [];
  let [written, position, loudest, found] = [0, -lateFrames, LEAST, { frame: 0, gain: 1 }];
  const finishHop = () => {
    if (loudest > LEAST) samples.push({ frame: found.frame, gainDb: 20 * Math.log10(found.gain) });
    loudest = LEAST;
  };
  const compare = (before: number, after: number) => {
    if (Math.abs(before) <= loudest || after === 0) return;
    loudest = Math.abs(before);
    found = { frame: position, gain: Math.abs(after / before) };
  };
  const compareFrame = (block: Float32Array, frames: number, frame: number) => {
    const at = 2 * (position & (size - 1));
    past.forEach((pair, index) => {
      const from = 2 * (index * frames + frame);
      compare(pair[at]!, block[from]!);
      compare(pair[at + 1]!, block[from + 1]!);
    });
  };
  return {
    samples,
    takeBefore: (block: Float32Array, frames: number) => {
      for (let i = 0; i < frames; i += 1) {
        const to = 2 * ((written + i) & (size - 1));
        past.forEach((pair, index) => {
          const from = 2 * (index * frames + i);
          pair[to] = block[from]!;
          pair[to + 1] = block[from + 1]!;
        });
      }
      written += frames;
    },
    takeAfter: (block: Float32Array, frames: number) => {
      for (let i = 0; i < frames; i += 1, position += 1) {
        if (position < 0) continue;
        compareFrame(block, frames, i);
        if ((position + 1) % hopFrames === 0) finishHop();
      }
    },
  };
};

/** The gain by which the plan's second stem differs from its first, where that is all in which they differ. Writes nothing. */
export const measureGainCurve = async (
  instance: EngineInstance,
  plan: RenderPlan,
  open: (path: string) => Promise<ByteSource>,
  { onProgress, signal }: Pick<RenderOptions, "onProgress" | "signal">,
): Promise<readonly GainSample[]> => {
  const [before, after] = plan.stems.map(({ bus }) => bus);
  const pairs = pairCount(plan.stems[0]?.layout ?? "stereo");
  if (before === undefined || after === undefined) throw new TypeError("a gain lies between two stems");
  const sounds = await loadSounds(open, planSlots(plan));
  const { sampleRate } = plan;
  const feed = createInlineFeed(instance, plan, { open, sampleRate, sounds });
  const mixer: Mixer = new Mixer(instance, plan, sounds, BLOCK_FRAMES, (bus, at, frames) => {
    if (bus === before) comparison.takeBefore(instance.floats(at, 2 * frames * pairs), frames);
    if (bus === after) comparison.takeAfter(instance.floats(at, 2 * frames * pairs), frames);
  });
  const lateFrames = mixer.latencyOf(after) - mixer.latencyOf(before);
  const comparison = createComparison(pairs, lateFrames, Math.round(sampleRate / HOPS_PER_SECOND));
  try {
    await feed.open();
    const total = plan.frames + mixer.latencyOf(after);
    const breathe = createBreath(signal);
    for (let done = 0; done < total; done += CHUNK_FRAMES) {
      await breathe();
      mixer.mixChunk(await feed.next());
      onProgress?.({ phase: "analyse", done: Math.min(done + CHUNK_FRAMES, total), total });
    }
    throwIfCancelled(signal);
    const first = mixer.latencyOf(before);
    return comparison.samples
      .map(({ frame, gainDb }) => ({ frame: frame - first, gainDb }))
      .filter(({ frame }) => frame >= 0 && frame < plan.frames);
  } finally {
    await feed.close();
  }
};
