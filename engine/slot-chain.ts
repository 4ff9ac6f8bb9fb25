import { createDelayLine, type DelayLine } from "./delay-line.ts";
import type { EngineInstance } from "./instance.ts";
import type { SlotPlan } from "./render-plan.ts";
import { giveSound, type SoundBank } from "./sound-bank.ts";

/** Processors in order, living in one engine instance. */
export type SlotChain = {
  readonly latencyFrames: number;
  /** Frames after the input's end until nothing of it is left. */
  readonly tailFrames: number;
  process(at: number, frames: number): void;
  /** From rest, with the frame of the clip or sequence that comes next (0 when nothing is said). */
  reset(frame?: number): void;
  /** True when silence must not be skipped: something in the chain fills it. */
  readonly worksInSilence: boolean;
  /** What the inserts that are on could not do so far, one sentence each. */
  warnings(): string[];
  /** Deepest gain reduction seen so far, by processor id, in dB (never positive). */
  reductionsDb(): Readonly<Record<string, number>>;
};

/** What a chain stands in: its signal, and for chains of a bus the other buses that its processors can hear. */
export type ChainGround = {
  readonly sampleRate: number;
  readonly channels: number;
  readonly sounds: SoundBank;
  readonly keys?: KeyGround;
};

/** The buses as keys of a chain whose input is `latencyFrames` late. */
export type KeyGround = {
  readonly latencyFrames: number;
  latencyOf(bus: number): number;
  /** Address of the bus's present block. */
  outputOf(bus: number): number;
  /** Two blocks for the sum of the keys and for one key on its way. */
  readonly sum: number;
  readonly way: number;
};

type Key = { readonly bus: number; readonly delay: DelayLine };
type Slot = {
  readonly id: string;
  readonly handle: number;
  readonly keys: readonly Key[];
  readonly lateFrames: number;
  readonly enabled: boolean;
  deepestDb: number;
};

/** Makes one slot ready: parameters set, its sound given, smoothing settled. Gives its handle. */
const createSlot = (
  instance: EngineInstance,
  plan: SlotPlan,
  { sampleRate, channels, sounds }: ChainGround,
): number => {
  const { exports } = instance;
  const handle = exports.createSlot(plan.typeId, sampleRate, channels, channels);
  for (const [index, value] of plan.values.entries()) exports.setParam(handle, index, value);
  giveSound(instance, handle, plan, sounds);
  exports.setEnabled(handle, plan.enabled ? 1 : 0);
  exports.setMix(handle, plan.mixPercent);
  exports.resetSlot(handle);
  return handle;
};

/** Each processor delays the signal by its look-ahead; the keys of those behind it are delayed to the same moment. */
const createSlots = (instance: EngineInstance, plans: readonly SlotPlan[], ground: ChainGround): Slot[] => {
  let at = ground.keys?.latencyFrames ?? 0;
  return plans.map((plan) => {
    const handle = createSlot(instance, plan, ground);
    const keys = plan.keys.map((bus): Key => {
      if (!ground.keys) throw new TypeError(`${plan.id} listens to a bus, but no bus can be heard here`);
      return { bus, delay: createDelayLine(instance, at - ground.keys.latencyOf(bus), 1) };
    });
    const lateFrames = at;
    instance.exports.slotStartAt(handle, -lateFrames);
    at += instance.exports.slotLatency(handle);
    return { id: plan.id, handle, keys, lateFrames, enabled: plan.enabled, deepestDb: 0 };
  });
};

/** Sums the keys of a slot as they sounded when its input did; gives the address. */
const sumKeys = (instance: EngineInstance, keys: readonly Key[], ground: KeyGround, frames: number): number => {
  instance.bytes(ground.sum, frames * 8).fill(0);
  for (const { bus, delay } of keys) {
    instance.bytes(ground.way, frames * 8).set(instance.bytes(ground.outputOf(bus), frames * 8));
    delay.process(ground.way, frames);
    instance.exports.mixAdd(ground.sum, ground.way, 1, frames, 1);
  }
  return ground.sum;
};

/** Room tone is the only processor that can be at a loss. */
const atALoss = (id: string): string =>
  `Insert ${id} heard no pause of half a second without speech to learn the room tone from: the gaps stay silent. Name a recording of the room as its file, or leave a pause in a clip.`;

export const createSlotChain = (
  instance: EngineInstance,
  plans: readonly SlotPlan[],
  ground: ChainGround,
): SlotChain => {
  const { exports } = instance;
  const slots = createSlots(instance, plans, ground);
  const sum = (read: (handle: number) => number) => slots.reduce((total, { handle }) => total + read(handle), 0);
  const run = ({ handle, keys }: Slot, at: number, frames: number) => {
    if (keys.length === 0 || !ground.keys) exports.processSlot(handle, at, frames);
    else exports.processSlotKeyed(handle, at, frames, sumKeys(instance, keys, ground.keys, frames), 1);
  };
  return {
    latencyFrames: sum(exports.slotLatency),
    tailFrames: sum(exports.slotTail) + sum(exports.slotLatency),
    process: (at, frames) => {
      for (const slot of slots) {
        run(slot, at, frames);
        slot.deepestDb = Math.min(slot.deepestDb, exports.slotReductionDb(slot.handle));
      }
    },
    reset: (frame = 0) => {
      for (const { handle, lateFrames } of slots) {
        exports.resetSlot(handle);
        exports.slotStartAt(handle, frame - lateFrames);
      }
    },
    worksInSilence: slots.some(({ handle }) => exports.slotWorksInSilence(handle) === 1),
    warnings: () =>
      slots
        .filter(({ handle, enabled }) => enabled && exports.slotWasAtALoss(handle) === 1)
        .map(({ id }) => atALoss(id)),
    reductionsDb: () => Object.fromEntries(slots.map(({ id, deepestDb }) => [id, deepestDb])),
  };
};
