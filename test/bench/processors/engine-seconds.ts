import { instantiate } from "../../../engine/instance.ts";
import { createSlotRun } from "../../../engine/run-slot.ts";
import { flattenParams } from "../../../schema/flatten-params.ts";
import { findProcessor, processorTypeId } from "../../../schema/processors/index.ts";
import { engineModule, networkModules } from "../../support/wasm.ts";
import type { Case } from "./counterparts.ts";
import { LOOP_SECONDS, type Programme, RATE } from "./programme.ts";

/** Frames of a block, as in a render. */
const BLOCK = 1024;
/** Shorter measurements are mostly noise. */
const LEAST_SECONDS = 0.1;

const module = await engineModule();
const networks = await networkModules();

/** Seconds of processor time that `work` takes. */
const cpuSeconds = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

/** Interleaved samples as blocks of `pairs` channel pairs, the way the engine takes them; pairs that the sound lacks are silent. */
const toBlocks = (loop: Float32Array, channels: number, pairs: number): Float32Array[] => {
  const frames = loop.length / channels;
  return Array.from({ length: Math.ceil(frames / BLOCK) }, (_, index) => {
    const from = index * BLOCK;
    const count = Math.min(BLOCK, frames - from);
    return Float32Array.from({ length: count * pairs * 2 }, (_sample, at) => {
      const channel = 2 * Math.floor(at / (2 * count)) + (at & 1);
      const frame = (at >> 1) % count;
      return channel < channels ? (loop[(from + frame) * channels + channel] ?? 0) : 0;
    });
  });
};

/** Gives the CPU seconds that the processor needs for one second of the programme, copying in taken off, each time it is asked. */
export const engineMeter = (type: string, one: Case, programme: Programme): (() => number) => {
  const definition = findProcessor(type);
  if (!definition) throw new TypeError(`no processor ${type}`);
  const { channels = 2, outputChannels = channels, keyed, impulse, values } = one;
  const pairs = outputChannels >> 1;
  const instance = instantiate(module, networks);
  const { exports } = instance;
  const blocks = toBlocks(programme.loops[channels], channels, pairs);
  const io = instance.allocate(BLOCK * pairs * 8);
  const key = instance.allocate(BLOCK * pairs * 8);
  const handle = exports.createSlot(processorTypeId(type), RATE, outputChannels, channels);
  for (const [index, value] of flattenParams(definition, values).entries()) exports.setParam(handle, index, value);
  if (impulse) {
    const at = exports.slotResource(handle, 0, programme.impulse.length / 2, 2, RATE);
    instance.floats(at, programme.impulse.length).set(programme.impulse);
    exports.slotResourceReady(handle);
  }
  const run = createSlotRun(instance, handle, definition.neural === true);
  const copyIn = (block: Float32Array) => {
    instance.floats(io, block.length).set(block);
    if (keyed) instance.floats(key, block.length).set(block);
  };
  const process = (block: Float32Array) => {
    copyIn(block);
    const frames = block.length / (2 * pairs);
    run(io, frames, keyed ? key : 0, pairs);
  };
  const play = (work: (block: Float32Array) => void, loops: number) => () => {
    for (let i = 0; i < loops; i += 1) {
      exports.resetSlot(handle);
      for (const block of blocks) work(block);
    }
  };
  // The first loop also brings V8's optimising compiler to work.
  play(process, 1)();
  const once = cpuSeconds(play(process, 1));
  const loops = Math.max(1, Math.ceil(LEAST_SECONDS / Math.max(once, 1e-5)));
  return () => (cpuSeconds(play(process, loops)) - cpuSeconds(play(copyIn, loops))) / (loops * LOOP_SECONDS);
};
