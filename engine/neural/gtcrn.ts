import type { NetworkModules } from "./network-modules.ts";
import { floatsOf, memoryGrower, type NeuralDenoiser } from "./neural-denoiser.ts";

/** Exports of GTCRN as @sapphi-red/web-noise-suppressor 0.4.1 names them. */
type GtcrnExports = {
  /** memory */
  readonly c: WebAssembly.Memory;
  /** constructors */
  d(): void;
  /** new state for 48 kHz */
  e(): number;
  /** frees a state */
  g(state: number): void;
  /** one frame at 48 kHz */
  j(state: number, input: number, out: number): void;
  /** malloc */
  k(bytes: number): number;
};

const FRAME_LENGTH = 768;

const stop = (): never => {
  throw new Error("gtcrn.wasm stopped");
};

/**
 * GTCRN (X. Rong et al., "GTCRN: A Speech Enhancement Model Requiring Ultralow Computational Resources", ICASSP 2024). It works at
 * 16 kHz behind its own resampler: nothing above 8 kHz comes back.
 */
export const openGtcrn = ({ gtcrn }: NetworkModules): NeuralDenoiser => {
  const memory = () => exports.c;
  const instance = new WebAssembly.Instance(gtcrn, { a: { a: stop, b: memoryGrower(memory) } });
  const exports = instance.exports as unknown as GtcrnExports;
  exports.d();
  const input = exports.k(FRAME_LENGTH * 4);
  const out = exports.k(FRAME_LENGTH * 4);
  const inputFloats = floatsOf(exports.c, input, FRAME_LENGTH);
  const outFloats = floatsOf(exports.c, out, FRAME_LENGTH);
  return {
    frameLength: FRAME_LENGTH,
    delayFrames: 890,
    open: () => {
      let state = exports.e();
      return {
        run: (samples) => {
          inputFloats().set(samples);
          exports.j(state, input, out);
          samples.set(outFloats());
        },
        reset: () => {
          exports.g(state);
          state = exports.e();
        },
      };
    },
  };
};
