/** One stream through a network. */
export type NeuralVoice = {
  /** Denoises a frame of samples (1 = full scale) in place. */
  run(samples: Float32Array): void;
  /** From rest. */
  reset(): void;
};

/** A network that denoises speech at 48 kHz, frame by frame. */
export type NeuralDenoiser = {
  readonly frameLength: number;
  /** Frames by which what it gives is late (measured). */
  readonly delayFrames: number;
  /** A new stream. All streams share the network's memory. */
  open(): NeuralVoice;
};

/** A view on `length` floats of a memory, made anew when the memory has grown. */
export const floatsOf = (memory: WebAssembly.Memory, at: number, length: number): (() => Float32Array) => {
  let view = new Float32Array(memory.buffer, at, length);
  return () => {
    if (view.length === 0) view = new Float32Array(memory.buffer, at, length);
    return view;
  };
};

const PAGE_BYTES = 65_536;

/** What a network calls when its memory must hold `bytes`: 1 when it does. */
export const memoryGrower =
  (memory: () => WebAssembly.Memory) =>
  (bytes: number): number => {
    const missing = (bytes >>> 0) - memory().buffer.byteLength;
    if (missing > 0) memory().grow(Math.ceil(missing / PAGE_BYTES));
    return 1;
  };
