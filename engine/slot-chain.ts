import type { EngineInstance } from "./instance.ts";
import type { SlotPlan } from "./render-plan.ts";

/** Processors in order, living in one engine instance. */
export type SlotChain = {
  readonly latencyFrames: number;
  /** Frames after the input's end until nothing of it is left. */
  readonly tailFrames: number;
  readonly isEmpty: boolean;
  process(at: number, frames: number): void;
  reset(): void;
  /** Deepest gain reduction seen so far, by processor id, in dB (never positive). */
  reductionsDb(): Readonly<Record<string, number>>;
};

/** Makes one slot ready: parameters set, smoothing settled. Gives its handle. */
export const createSlot = (
  { exports }: EngineInstance,
  plan: SlotPlan,
  sampleRate: number,
  channels: number,
): number => {
  const handle = exports.createSlot(plan.typeId, sampleRate, channels);
  for (const [index, value] of plan.values.entries()) exports.setParam(handle, index, value);
  exports.setEnabled(handle, plan.enabled ? 1 : 0);
  exports.setMix(handle, plan.mixPercent);
  exports.resetSlot(handle);
  return handle;
};

export const createSlotChain = (
  instance: EngineInstance,
  plans: readonly SlotPlan[],
  sampleRate: number,
  channels: number,
): SlotChain => {
  const { exports } = instance;
  const slots = plans.map((plan) => ({
    id: plan.id,
    handle: createSlot(instance, plan, sampleRate, channels),
    deepestDb: 0,
  }));
  const sum = (read: (handle: number) => number) => slots.reduce((total, { handle }) => total + read(handle), 0);
  return {
    latencyFrames: sum(exports.slotLatency),
    tailFrames: sum(exports.slotTail) + sum(exports.slotLatency),
    isEmpty: slots.length === 0,
    process: (at, frames) => {
      for (const slot of slots) {
        exports.processSlot(slot.handle, at, frames);
        slot.deepestDb = Math.min(slot.deepestDb, exports.slotReductionDb(slot.handle));
      }
    },
    reset: () => {
      for (const { handle } of slots) exports.resetSlot(handle);
    },
    reductionsDb: () => Object.fromEntries(slots.map(({ id, deepestDb }) => [id, deepestDb])),
  };
};
