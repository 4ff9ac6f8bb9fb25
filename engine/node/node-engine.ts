import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { createEngine } from "../create-engine.ts";
import type { Engine } from "../engine.ts";
import type { WorkerPort } from "../track-workers.ts";
import { findFfmpeg } from "./ffmpeg.ts";
import { createNodeFiles } from "./node-files.ts";

/** From the sources and from the bundle alike, dist/ is two folders up. */
const wasmFile = new URL("../../dist/engine/engine.wasm", import.meta.url);
const workerFile = new URL("../../dist/cli/render-worker.mjs", import.meta.url);

/** Where decoded copies of compressed media are kept between runs. */
export const defaultCacheFolder = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "premix");

const readNetwork = async (name: string): Promise<Uint8Array<ArrayBuffer> | null> => {
  try {
    return new Uint8Array(await readFile(new URL(name, wasmFile)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
};

const startWorker = (): WorkerPort => {
  const worker = new Worker(workerFile);
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (listener) => worker.on("message", listener),
    onFailure: (listener) => {
      worker.on("error", (error) => listener(error.message));
    },
    stop: () => {
      void worker.terminate();
    },
  };
};

/** The engine on Node: files by node:fs, tracks in worker_threads, AAC and the rest by an ffmpeg on the PATH. */
export const createNodeEngine = (cacheFolder: string = defaultCacheFolder()): Engine =>
  createEngine({
    files: createNodeFiles(),
    loadWasm: () => readFile(wasmFile),
    readNetwork,
    findExternalDecoder: findFfmpeg,
    cacheFolder,
    startWorker,
  });
