import { createProcessor } from "../generated/factory";
import { Slot } from "../slot";

function slotOf(handle: usize): Slot {
  return changetype<Slot>(handle);
}

/**
 * Gives the handle of a new processor of a type id for blocks of 1..8 channels; it takes memory that is never given back. The sound
 * stands in the first `inputChannels` of them: fewer than `channels` for a processor that places it in a wider layout.
 */
export function createSlot(typeId: i32, sampleRate: f64, channels: i32, inputChannels: i32): usize {
  const processor = createProcessor(typeId);
  processor.inputChannels = inputChannels;
  processor.prepare(sampleRate, channels);
  return changetype<usize>(new Slot(processor, (channels + 1) >> 1, sampleRate));
}

/** `index` from the parameter's flat order, `value` in its unit; before the first block it holds at once, later it is smoothed. */
export function setParam(handle: usize, index: i32, value: f64): void {
  slotOf(handle).setParam(index, value);
}

/**
 * Where to write the sound of a file that the processor works with, as channel pairs of `frames` frames (mono: both lanes), and then
 * call `slotResourceReady`. 0 when it is refused: no such resource, too long or too many channels. Takes memory.
 */
export function slotResource(handle: usize, index: i32, frames: i32, channels: i32, sampleRate: f64): usize {
  return slotOf(handle).processor.resource(index, frames, channels, sampleRate);
}

/** The resource stands there: the processor takes it up and is reset; latency and tail may have changed. */
export function slotResourceReady(handle: usize): void {
  slotOf(handle).resourceReady();
}

/** 0 = off: the output becomes the input delayed by the latency. */
export function setEnabled(handle: usize, enabled: i32): void {
  slotOf(handle).setEnabled(enabled != 0);
}

/** 0 = only the delayed input, 100 = only the processed sound. */
export function setMix(handle: usize, percent: f64): void {
  slotOf(handle).setMix(percent);
}

/** Processes channel pairs in place. */
export function processSlot(handle: usize, io: usize, frames: i32): void {
  slotOf(handle).process(io, frames, 0, 0);
}

/** As `processSlot`, listening to `key`, which stays as it is. */
export function processSlotKeyed(handle: usize, io: usize, frames: i32, key: usize, keyPairs: i32): void {
  slotOf(handle).process(io, frames, key, keyPairs);
}

/**
 * Processes a block from frame `done` on until a neural frame may wait, or to its end; gives the frame it came to. `key` is 0 for
 * none. All that `slotNeuralFrame` gives is to be denoised before the next call.
 */
export function advanceSlot(handle: usize, io: usize, frames: i32, done: i32, key: usize, keyPairs: i32): i32 {
  return slotOf(handle).advance(io, frames, done, key, keyPairs);
}

/** Address of the next frame that a network is to denoise in place, 0 when there is none; asking says that the last one is done. */
export function slotNeuralFrame(handle: usize): usize {
  return slotOf(handle).processor.neuralFrame();
}

/** Back to silence, with every parameter settled. */
export function resetSlot(handle: usize): void {
  slotOf(handle).reset();
}

/** After a reset: the next frame is number `frame` (whole, may be negative) of what the insert stands on. */
export function slotStartAt(handle: usize, frame: f64): void {
  slotOf(handle).processor.startAt(frame);
}

/** 1 when the slot must hear silence too. */
export function slotWorksInSilence(handle: usize): i32 {
  return slotOf(handle).processor.worksInSilence() ? 1 : 0;
}

/** 1 when the slot could not do its work on what it heard so far. */
export function slotWasAtALoss(handle: usize): i32 {
  return slotOf(handle).processor.wasAtALoss() ? 1 : 0;
}

/** Whole frames by which the output is late. */
export function slotLatency(handle: usize): i32 {
  return slotOf(handle).processor.latencySamples();
}

/** Frames after the end of the input (and the latency) until the output is silent. */
export function slotTail(handle: usize): i32 {
  return slotOf(handle).processor.tailSamples();
}

/** Gain reduction in dB at the end of the last block, never positive. */
export function slotReductionDb(handle: usize): f32 {
  return slotOf(handle).processor.reductionDb();
}
