import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type EngineInstance, instantiate } from "../../engine/instance.ts";
import { loadNetworks, type NetworkModules } from "../../engine/neural/network-modules.ts";

const builder = fileURLToPath(new URL("../../engine/build-wasm.mjs", import.meta.url));
const wasmPath = fileURLToPath(new URL("../../dist/engine/engine.wasm", import.meta.url));

/** Builds what has changed. While somebody's source is broken the last good engine serves, and the builder's words are shown. */
const build = (): void => {
  try {
    execFileSync(process.execPath, [builder], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    if (!existsSync(wasmPath)) throw error;
    console.warn(String((error as { stderr?: Buffer }).stderr ?? error));
  }
};

let compiled: Promise<WebAssembly.Module> | undefined;

/** The engine of the present sources; one compilation a test file. */
export const engineModule = (): Promise<WebAssembly.Module> => {
  if (!compiled) {
    build();
    compiled = WebAssembly.compile(readFileSync(wasmPath));
  }
  return compiled;
};

/** A new engine with nothing in it. */
export const openEngine = async (): Promise<EngineInstance> => instantiate(await engineModule());

let loaded: Promise<NetworkModules | null> | undefined;

/** The networks beside it. */
export const networkModules = async (): Promise<NetworkModules | null> => {
  await engineModule();
  loaded ??= loadNetworks(async (name) => new Uint8Array(readFileSync(new URL(name, pathToFileURL(wasmPath)))));
  return loaded;
};
