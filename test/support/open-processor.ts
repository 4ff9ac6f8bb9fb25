import { type EngineInstance, instantiate } from "../../engine/instance.ts";
import { createSlotRun } from "../../engine/run-slot.ts";
import { flattenParams } from "../../schema/flatten-params.ts";
import { findProcessor, processorTypeId } from "../../schema/processors/index.ts";
import { engineModule, networkModules } from "./wasm.ts";

const module = await engineModule();
const networks = await networkModules();

export type ProcessorValues = Readonly<Record<string, unknown>>;

export type OpenOptions = {
  readonly sampleRate?: number;
  readonly channels?: number;
  /** Channels of the block and so of the output, when the input has fewer: what a panner does. */
  readonly outputChannels?: number;
  /** Channels that are read from the block: 2 shows both lanes of mono. */
  readonly readChannels?: number;
  /** Frames a call, or the frames of each call in turn (repeated). */
  readonly blockFrames?: number | readonly number[];
  /** Interleaved, as many channels as `keyChannels` (default: those of the input), at least as long as the input. */
  readonly key?: Float32Array;
  readonly keyChannels?: number;
};

/** A processor of the real engine behind interleaved samples; calling it again goes on where the last call ended. */
export type OpenProcessor = {
  (input: Float32Array): Float32Array;
  readonly instance: EngineInstance;
  readonly handle: number;
  latencyFrames(): number;
  tailFrames(): number;
  reductionDb(): number;
  set(values: ProcessorValues): void;
  setEnabled(enabled: boolean): void;
  setMix(percent: number): void;
  reset(): void;
};

/** Writes interleaved samples as channel pairs; a mono signal stands in both lanes. */
const toPairs = (input: Float32Array, channels: number, from: number, frames: number, into: Float32Array): void => {
  const pairs = (channels + 1) >> 1;
  into.fill(0, pairs * frames * 2);
  for (let pair = 0; pair < pairs; pair += 1)
    for (let frame = 0; frame < frames; frame += 1) {
      const at = (from + frame) * channels + pair * 2;
      into[(pair * frames + frame) * 2] = input[at] ?? 0;
      into[(pair * frames + frame) * 2 + 1] = (pair * 2 + 1 < channels ? input[at + 1] : input[at]) ?? 0;
    }
};

const fromPairs = (block: Float32Array, channels: number, from: number, frames: number, into: Float32Array): void => {
  for (let frame = 0; frame < frames; frame += 1)
    for (let channel = 0; channel < channels; channel += 1)
      into[(from + frame) * channels + channel] = block[((channel >> 1) * frames + frame) * 2 + (channel & 1)] ?? 0;
};

const engineValues = (type: string, values: ProcessorValues): number[] => {
  const definition = findProcessor(type);
  if (!definition) throw new TypeError(`no processor ${type}`);
  return flattenParams(definition, values);
};

/** Opens a processor by its type name; `values` as in a document, what is absent stands at its default. */
export const openProcessor = (type: string, values: ProcessorValues = {}, options: OpenOptions = {}): OpenProcessor => {
  const { sampleRate = 48_000, channels = 2, blockFrames = 480, key } = options;
  const { outputChannels = channels, keyChannels = channels } = options;
  const { readChannels = outputChannels } = options;
  const sizes = typeof blockFrames === "number" ? [blockFrames] : blockFrames;
  const longest = Math.max(...sizes);
  const instance = instantiate(module, networks);
  const { exports } = instance;
  const pairs = (outputChannels + 1) >> 1;
  const keyPairs = (keyChannels + 1) >> 1;
  const io = instance.allocate(longest * pairs * 8);
  const keyAt = instance.allocate(longest * keyPairs * 8);
  const handle = exports.createSlot(processorTypeId(type), sampleRate, outputChannels, channels);
  const run = createSlotRun(instance, handle, findProcessor(type)?.neural === true);
  let keyFrame = 0;

  const set = (next: ProcessorValues) => {
    engineValues(type, next).forEach((value, index) => void exports.setParam(handle, index, value));
  };
  const processBlock = (frames: number) => {
    if (!key) {
      run(io, frames, 0, 0);
      return;
    }
    toPairs(key, keyChannels, keyFrame, frames, instance.floats(keyAt, frames * keyPairs * 2));
    keyFrame += frames;
    run(io, frames, keyAt, keyPairs);
  };
  const process = (input: Float32Array): Float32Array => {
    const total = input.length / channels;
    const output = new Float32Array(total * readChannels);
    for (let done = 0, turn = 0; done < total; turn += 1) {
      const frames = Math.min(sizes[turn % sizes.length] ?? longest, total - done);
      toPairs(input, channels, done, frames, instance.floats(io, frames * pairs * 2));
      processBlock(frames);
      fromPairs(instance.floats(io, frames * pairs * 2), readChannels, done, frames, output);
      done += frames;
    }
    return output;
  };
  set(values);
  exports.resetSlot(handle);
  return Object.assign(process, {
    instance,
    handle,
    set,
    latencyFrames: () => exports.slotLatency(handle),
    tailFrames: () => exports.slotTail(handle),
    reductionDb: () => exports.slotReductionDb(handle),
    setEnabled: (enabled: boolean) => exports.setEnabled(handle, enabled ? 1 : 0),
    setMix: (percent: number) => exports.setMix(handle, percent),
    reset: () => {
      keyFrame = 0;
      exports.resetSlot(handle);
    },
  });
};
