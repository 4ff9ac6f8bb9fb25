import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type EngineInstance, instantiate } from "../../engine/instance.ts";

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
