import type { NetworkModules } from "./network-modules.ts";
import { floatsOf, memoryGrower, type NeuralDenoiser } from "./neural-denoiser.ts";

/** Exports of RNNoise 0.2 as @jitsi/rnnoise-wasm 0.2.1 names them. */
type RnnoiseExports = {
  /** memory */
  readonly c: WebAssembly.Memory;
  /** constructors */
  d(): void;
  /** malloc */
  e(bytes: number): number;
  /** rnnoise_init */
  g(state: number, model: number): number;
  /** rnnoise_create */
  h(model: number): number;
  /** rnnoise_process_frame */
  j(state: number, out: number, input: number): number;
  /** table of functions */
  readonly k: WebAssembly.Table;
};
type LayerExports = {
  useRoom(at: number): void;
  readonly computeLayer: (layer: number, out: number, input: number) => void;
};

const FRAME_LENGTH = 480;
/** RNNoise counts in 16-bit steps. */
const FULL_SCALE = 32_768;
/** The widest layer has fewer inputs. */
const LAYER_ROOM_BYTES = 8192;

/** The layers need RNNoise's memory, so they come after it and are put into its table. */
const instantiate = ({ rnnoise, rnnoiseLayers }: NetworkModules): RnnoiseExports => {
  const memory = () => exports.c;
  const copy = (to: number, from: number, bytes: number) =>
    void new Uint8Array(memory().buffer).copyWithin(to, from, from + bytes);
  const instance = new WebAssembly.Instance(rnnoise, { a: { a: memoryGrower(memory), b: copy } });
  const exports = instance.exports as unknown as RnnoiseExports;
  exports.d();
  const layers = new WebAssembly.Instance(rnnoiseLayers, { env: { memory: exports.c } });
  const { useRoom, computeLayer } = layers.exports as unknown as LayerExports;
  useRoom(exports.e(LAYER_ROOM_BYTES));
  exports.k.set(0, computeLayer);
  return exports;
};

/** RNNoise (J.-M. Valin, "A Hybrid DSP/Deep Learning Approach to Real-Time Full-Band Speech Enhancement", MMSP 2018), release 0.2. */
export const openRnnoise = (modules: NetworkModules): NeuralDenoiser => {
  const exports = instantiate(modules);
  const input = exports.e(FRAME_LENGTH * 4);
  const out = exports.e(FRAME_LENGTH * 4);
  const inputFloats = floatsOf(exports.c, input, FRAME_LENGTH);
  const outFloats = floatsOf(exports.c, out, FRAME_LENGTH);
  return {
    frameLength: FRAME_LENGTH,
    delayFrames: 960,
    open: () => {
      const state = exports.h(0);
      return {
        run: (samples) => {
          const scaled = inputFloats();
          for (let i = 0; i < FRAME_LENGTH; i += 1) scaled[i] = samples[i]! * FULL_SCALE;
          exports.j(state, out, input);
          const denoised = outFloats();
          for (let i = 0; i < FRAME_LENGTH; i += 1) samples[i] = denoised[i]! / FULL_SCALE;
        },
        reset: () => void exports.g(state, 0),
      };
    },
  };
};
