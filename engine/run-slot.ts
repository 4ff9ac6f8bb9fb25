import type { EngineInstance } from "./instance.ts";
import type { NeuralVoice } from "./neural/neural-denoiser.ts";

/** Processes a block in place; `key` is the address of what it listens to, 0 for nothing. */
export type SlotRun = (at: number, frames: number, key: number, keyPairs: number) => void;

/** A place in engine memory where the frames of one stream are laid out: which network, which channel, 1 when from rest; samples. */
type Seat = { readonly header: Int32Array; readonly samples: Float32Array; readonly voice: NeuralVoice };

const HEADER_BYTES = 16;

/** Denoises the frame at an address; allocates only when a stream begins or memory has grown. */
const createAnswer = (instance: EngineInstance): ((at: number) => void) => {
  const seats = new Map<number, Seat>();
  const seatAt = (at: number, before?: Seat): Seat => {
    if (!instance.networks) throw new TypeError("a processor asks for a network, but there is none");
    const header = instance.integers(at, 3);
    const network = instance.networks.at(header[0]!);
    const samples = instance.floats(at + HEADER_BYTES, network.frameLength);
    const seat = { header, samples, voice: before?.voice ?? network.open() };
    seats.set(at, seat);
    return seat;
  };
  return (at) => {
    const before = seats.get(at);
    // Views die when memory grows; the stream goes on.
    const { header, samples, voice } = before && before.samples.length > 0 ? before : seatAt(at, before);
    if (header[2] === 1) voice.reset();
    voice.run(samples);
  };
};

/** How to run a slot: at once, or when it works with networks, from frame to frame with their answers. */
export const createSlotRun = (instance: EngineInstance, handle: number, neural: boolean): SlotRun => {
  const { exports } = instance;
  if (!neural)
    return (at, frames, key, keyPairs) =>
      key === 0 ? exports.processSlot(handle, at, frames) : exports.processSlotKeyed(handle, at, frames, key, keyPairs);
  const answer = createAnswer(instance);
  return (at, frames, key, keyPairs) => {
    for (let done = 0; done < frames; ) {
      done = exports.advanceSlot(handle, at, frames, done, key, keyPairs);
      for (let frame = exports.slotNeuralFrame(handle); frame !== 0; frame = exports.slotNeuralFrame(handle))
        answer(frame);
    }
  };
};
