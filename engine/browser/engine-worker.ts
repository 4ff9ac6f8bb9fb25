import base64ByName from "virtual:engine-wasm";
import { ProblemError } from "../../schema/problem.ts";
import { createEngine } from "../create-engine.ts";
import type { Engine } from "../engine.ts";
import type { EngineMethod, FileRequest, FromWorker, ToWorker } from "./messages.ts";
import { createRemoteFiles } from "./remote-files.ts";

/** The engine inside a Blob worker. It has no files and no network of its own: the page reads and writes for it. */
const say = (message: FromWorker) => self.postMessage(message);

const asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
let lastQuestion = 0;
const ask = (request: FileRequest): Promise<unknown> =>
  new Promise((resolve, reject) => {
    lastQuestion += 1;
    asked.set(lastQuestion, { resolve, reject });
    say({ kind: "file", id: lastQuestion, request });
  });

const settleQuestion = (
  id: number,
  settle: (question: { resolve: (value: unknown) => void; reject: (error: Error) => void }) => void,
) => {
  const question = asked.get(id);
  asked.delete(id);
  if (question) settle(question);
};

const wasmBytes = (name: string): Uint8Array<ArrayBuffer> => {
  const text = atob(base64ByName[name] ?? "");
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
};

const running = new Map<number, AbortController>();
let engine: Engine | null = null;

const start = (cacheFolder: string, separator: "/" | "\\") => {
  engine = createEngine({
    files: createRemoteFiles(ask, separator),
    loadWasm: async () => wasmBytes("engine.wasm"),
    readNetwork: async (name) => wasmBytes(name),
    findExternalDecoder: async () => null,
    cacheFolder,
  });
};

/** Functions do not cross threads: progress and cancel are put back here. */
const callEngine = (
  target: Engine,
  id: number,
  method: EngineMethod,
  args: readonly unknown[],
  signal: AbortSignal,
): Promise<unknown> => {
  const onProgress = (progress: Parameters<NonNullable<Parameters<Engine["render"]>[2]["onProgress"]>>[0]) =>
    say({ kind: "progress", id, progress });
  const [first, second, options] = args as [never, never, object | undefined];
  if (method === "probe") return target.probe(first);
  if (method === "measure" || method === "spectrum") return target[method](first, signal);
  return target[method](first, second, { ...(options as { outputFolder: string }), onProgress, signal });
};

const call = async (id: number, method: EngineMethod, args: readonly unknown[]) => {
  if (!engine) throw new TypeError("the engine worker was called before it was started");
  const controller = new AbortController();
  running.set(id, controller);
  try {
    say({ kind: "return", id, value: await callEngine(engine, id, method, args, controller.signal) });
  } catch (error) {
    say({ kind: "throw", id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  } finally {
    running.delete(id);
  }
};

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "start") start(data.cacheFolder, data.separator);
  else if (data.kind === "call") void call(data.id, data.method, data.args);
  else if (data.kind === "cancel") running.get(data.id)?.abort();
  else if (data.kind === "fileAnswer") settleQuestion(data.id, ({ resolve }) => resolve(data.value));
  else settleQuestion(data.id, ({ reject }) => reject(new ProblemError(...data.problems)));
};
