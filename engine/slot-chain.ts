import { type ChannelLayout, channelCount } from "../schema/channel-layout.ts";
import { createDelayLine, type DelayLine } from "./delay-line.ts";
import type { EngineInstance } from "./instance.ts";
import { addFolded, createLayoutFold, type LayoutFold, pairCount } from "./layout-fold.ts";
import type { SlotPlan } from "./render-plan.ts";
import { createSlotRun, type SlotRun } from "./run-slot.ts";
import { giveSound, hasSilentSound, type SoundBank } from "./sound-bank.ts";

/** Processors in order, living in one engine instance. */
export type SlotChain = {
  readonly latencyFrames: number;
  /** Frames after the input's end until nothing of it is left. */
  readonly tailFrames: number;
  /** In place; `at` has room for the widest of the chain's layouts, pairs `frames` apart. */
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
  readonly sounds: SoundBank;
  readonly keys?: KeyGround;
};

/** The buses as keys of a chain whose input is `latencyFrames` late. */
export type KeyGround = {
  readonly latencyFrames: number;
  latencyOf(bus: number): number;
  layoutOf(bus: number): ChannelLayout;
  /** Address of the bus's present block. */
  outputOf(bus: number): number;
  /** Two blocks of the widest bus, for the sum of the keys and for one key on its way. */
  readonly sum: number;
  readonly way: number;
};

type Key = { readonly bus: number; readonly pairs: number; readonly fold: LayoutFold; readonly delay: DelayLine };
type Slot = {
  readonly id: string;
  readonly handle: number;
  readonly run: SlotRun;
  readonly neural: boolean;
  readonly keys: readonly Key[];
  readonly keyPairs: number;
  readonly lateFrames: number;
  readonly enabled: boolean;
  readonly hasSilentSound: boolean;
  deepestDb: number;
};

/** An insert that works with networks is off where there are none. */
const isOn = ({ networks }: EngineInstance, { enabled, neural }: SlotPlan): boolean =>
  enabled && (!neural || networks !== null);

/** Makes one slot ready: parameters set, its sound given, smoothing settled. Gives its handle. */
const createSlot = (instance: EngineInstance, plan: SlotPlan, { sampleRate, sounds }: ChainGround): number => {
  const { exports } = instance;
  const handle = exports.createSlot(plan.typeId, sampleRate, plan.channels, plan.inputChannels);
  for (const [index, value] of plan.values.entries()) exports.setParam(handle, index, value);
  giveSound(instance, handle, plan, sounds);
  exports.setEnabled(handle, isOn(instance, plan) && !hasSilentSound(plan, sounds) ? 1 : 0);
  exports.setMix(handle, plan.mixPercent);
  exports.resetSlot(handle);
  return handle;
};

const widestOf = (layouts: readonly ChannelLayout[]): ChannelLayout =>
  layouts.reduce((widest, layout) => (channelCount(layout) > channelCount(widest) ? layout : widest), "mono");

/** The keys of a slot, brought to the moment `at` and to the widest of their layouts. */
const createKeys = (instance: EngineInstance, plan: SlotPlan, at: number, ground: ChainGround["keys"]): Key[] => {
  if (plan.keys.length === 0) return [];
  if (!ground) throw new TypeError(`${plan.id} listens to a bus, but no bus can be heard here`);
  const layout = widestOf(plan.keys.map((bus) => ground.layoutOf(bus)));
  return plan.keys.map((bus) => {
    const own = ground.layoutOf(bus);
    const pairs = pairCount(own);
    const delay = createDelayLine(instance, at - ground.latencyOf(bus), pairs);
    return { bus, pairs, fold: createLayoutFold(own, layout), delay };
  });
};

/** Each processor delays the signal by its look-ahead; the keys of those behind it are delayed to the same moment. */
const createSlots = (instance: EngineInstance, plans: readonly SlotPlan[], ground: ChainGround): Slot[] => {
  let at = ground.keys?.latencyFrames ?? 0;
  return plans.map((plan) => {
    const handle = createSlot(instance, plan, ground);
    const keys = createKeys(instance, plan, at, ground.keys);
    const keyPairs = Math.max(0, ...keys.map(({ pairs }) => pairs));
    const lateFrames = at;
    instance.exports.slotStartAt(handle, -lateFrames);
    at += instance.exports.slotLatency(handle);
    const run = createSlotRun(instance, handle, plan.neural);
    const silent = hasSilentSound(plan, ground.sounds);
    const { id, enabled, neural } = plan;
    return { id, handle, run, neural, keys, keyPairs, lateFrames, enabled, hasSilentSound: silent, deepestDb: 0 };
  });
};

/** Sums the keys of a slot as they sounded when its input did; gives the address. */
const sumKeys = (instance: EngineInstance, { keys, keyPairs }: Slot, ground: KeyGround, frames: number): number => {
  const sum = { at: ground.sum, stride: frames };
  const way = { at: ground.way, stride: frames };
  instance.bytes(ground.sum, frames * keyPairs * 8).fill(0);
  for (const { bus, pairs, fold, delay } of keys) {
    const bytes = frames * pairs * 8;
    instance.bytes(ground.way, bytes).set(instance.bytes(ground.outputOf(bus), bytes));
    delay.process(ground.way, frames);
    addFolded(instance, fold, sum, way, frames, 1);
  }
  return ground.sum;
};

const silentSound = (id: string): string =>
  `The file of insert ${id} holds nothing but silence: the insert is off in this mix.`;

/** The networks were trained at this rate. */
const NEURAL_RATE = 48_000;

/** Room tone is the only processor that can be at a loss. */
const atALoss = (id: string): string =>
  `Insert ${id} heard no pause of half a second without speech to learn the room tone from: the gaps stay silent. Name a recording of the room as its file, or leave a pause in a clip.`;

/** What the networks cannot do for a slot. */
const neuralWarnings = (id: string, { networks }: EngineInstance, sampleRate: number): string[] => {
  if (!networks)
    return [
      `Insert ${id} works with networks (rnnoise.wasm, gtcrn.wasm) that are missing beside the engine or are not those it was made with: it is off in this mix. Install Premix again.`,
    ];
  if (sampleRate === NEURAL_RATE) return [];
  return [
    `Insert ${id} works with networks that know sound at ${NEURAL_RATE} Hz, not at ${sampleRate} Hz: only steady noise is lowered. Render at ${NEURAL_RATE} Hz.`,
  ];
};

export const createSlotChain = (
  instance: EngineInstance,
  plans: readonly SlotPlan[],
  ground: ChainGround,
): SlotChain => {
  const { exports } = instance;
  const slots = createSlots(instance, plans, ground);
  const sum = (read: (handle: number) => number) => slots.reduce((total, { handle }) => total + read(handle), 0);
  const run = (slot: Slot, at: number, frames: number) => {
    if (slot.keyPairs === 0 || !ground.keys) slot.run(at, frames, 0, 0);
    else slot.run(at, frames, sumKeys(instance, slot, ground.keys, frames), slot.keyPairs);
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
        .filter(({ enabled }) => enabled)
        .flatMap((slot) => {
          if (slot.hasSilentSound) return [silentSound(slot.id)];
          if (slot.neural) return neuralWarnings(slot.id, instance, ground.sampleRate);
          return exports.slotWasAtALoss(slot.handle) === 1 ? [atALoss(slot.id)] : [];
        }),
    reductionsDb: () => Object.fromEntries(slots.map(({ id, deepestDb }) => [id, deepestDb])),
  };
};
