// Clicks at known places, and how well they were found.
import { rmsOf } from "./measure-signal.ts";
import { randomSource } from "./signals.ts";

export type Click = { readonly start: number; readonly frames: number };

export type ClickPlan = {
  readonly perSecond: number;
  /** Shortest and longest, in frames. */
  readonly frames: readonly [number, number];
  /** Power of the sound over that of the clicks, each over the whole. */
  readonly snrDb: number;
  readonly seed?: number;
};

/** Adds decaying bursts of noise at random places, and says where. */
export const addClicks = (clean: Float32Array, plan: ClickPlan): { damaged: Float32Array; clicks: Click[] } => {
  const random = randomSource(plan.seed ?? 1);
  const clicks: Click[] = [];
  const sound = new Float32Array(clean.length);
  const spacing = 48_000 / plan.perSecond;
  for (let at = 4000; at < clean.length - 8000; at += Math.round(spacing * (0.4 + 1.2 * random()))) {
    const frames = plan.frames[0] + Math.floor(random() * (plan.frames[1] - plan.frames[0] + 1));
    const size = 0.5 + random();
    for (let i = 0; i < frames; i += 1) {
      const shape = i === 0 ? (random() < 0.5 ? -1 : 1) : 2 * random() - 1;
      sound[at + i] = size * shape * Math.exp((-2 * i) / frames);
    }
    clicks.push({ start: at, frames });
  }
  const scale = (rmsOf(clean) * 10 ** (-plan.snrDb / 20)) / rmsOf(sound);
  return { damaged: clean.map((x, i) => x + scale * (sound[i] ?? 0)), clicks };
};

/** Stretches in which two signals differ; gaps of up to 8 frames are closed. */
export const editsOf = (before: Float32Array, after: Float32Array): Click[] => {
  const edits: { start: number; frames: number }[] = [];
  for (let i = 0; i < before.length; i += 1) {
    if (before[i] === after[i]) continue;
    const last = edits.at(-1);
    if (last && i - (last.start + last.frames) < 8) last.frames = i - last.start + 1;
    else edits.push({ start: i, frames: 1 });
  }
  return edits;
};

const touches = (a: Click, b: Click): boolean => a.start < b.start + b.frames && b.start < a.start + a.frames;

/** Harmonic mean of how many edits hit a click and how many clicks were hit. */
export const f1OfEdits = (clicks: readonly Click[], edits: readonly Click[]): number => {
  const right = edits.filter((edit) => clicks.some((click) => touches(click, edit))).length;
  const found = clicks.filter((click) => edits.some((edit) => touches(click, edit))).length;
  return (2 * right * found) / (right * clicks.length + found * edits.length);
};
