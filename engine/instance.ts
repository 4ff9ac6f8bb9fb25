import type { __AdaptedExports } from "./generated/engine.d.ts";
import type { NetworkModules } from "./neural/network-modules.ts";
import { createNetworks, type Networks } from "./neural/networks.ts";

/** The functions of engine.wasm; their types are asc's own, written by the build. */
export type EngineExports = Omit<typeof __AdaptedExports, "memory">;

/** One engine.wasm with its own memory. The only file that touches its memory; views are made anew because memory may grow. */
export type EngineInstance = {
  readonly exports: EngineExports;
  /** The networks that its processors may ask; null where none are installed. */
  readonly networks: Networks | null;
  /** Zeroed, 16-byte aligned, 64 spare bytes behind; never freed. */
  allocate(bytes: number): number;
  bytes(at: number, length: number): Uint8Array;
  integers(at: number, length: number): Int32Array;
  floats(at: number, length: number): Float32Array;
  doubles(at: number, length: number): Float64Array;
};

const INITIAL_PAGES = 16;

/** As createInstance, from a compiled module and at once (workers and tests; a page must not block). */
export const instantiate = (module: WebAssembly.Module, networks: NetworkModules | null = null): EngineInstance => {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
  const abort = (_message: number, _file: number, line: number, column: number) => {
    throw new Error(`engine.wasm stopped at ${line}:${column}`);
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  const exports = instance.exports as unknown as EngineExports;
  return {
    exports,
    networks: networks && createNetworks(networks),
    allocate: (bytes) => exports.allocate(bytes),
    bytes: (at, length) => new Uint8Array(memory.buffer, at, length),
    integers: (at, length) => new Int32Array(memory.buffer, at, length),
    floats: (at, length) => new Float32Array(memory.buffer, at, length),
    doubles: (at, length) => new Float64Array(memory.buffer, at, length),
  };
};

/** Gives an engine with its own memory and its own processors; `wasm` are the bytes or the compiled module of engine.wasm. */
export const createInstance = async (
  wasm: BufferSource | WebAssembly.Module,
  networks: NetworkModules | null = null,
): Promise<EngineInstance> =>
  instantiate(wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm), networks);
