import { ProblemError } from "../../schema/problem.ts";
import type { Engine, Progress } from "../engine.ts";
import type { FilePort } from "../files.ts";
import { createFileServer } from "./file-server.ts";
import type { EngineMethod, FileRequest, FromWorker, ToWorker } from "./messages.ts";

type Call = {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
};

/** The engine as a page sees it: the same interface, carried out in a Blob worker made from `workerText`. */
export const createBrowserEngine = (
  files: FilePort,
  workerText: string,
  cacheFolder: string,
  separator: "/" | "\\",
): Engine => {
  const worker = new Worker(URL.createObjectURL(new Blob([workerText], { type: "text/javascript" })));
  const serveFile = createFileServer(files);
  const calls = new Map<number, Call>();
  let lastCall = 0;
  const tell = (message: ToWorker) => worker.postMessage(message);

  const answerFile = async (id: number, request: FileRequest) => {
    try {
      tell({ kind: "fileAnswer", id, value: await serveFile(request) });
    } catch (error) {
      const problems =
        error instanceof ProblemError ? error.problems : [{ code: "internal" as const, message: String(error) }];
      tell({ kind: "fileRefusal", id, problems });
    }
  };

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "file") return void answerFile(data.id, data.request);
    const call = calls.get(data.id);
    if (data.kind === "progress") return call?.onProgress?.(data.progress);
    calls.delete(data.id);
    if (data.kind === "return") call?.resolve(data.value as never);
    else call?.reject(new Error(data.message));
  };
  worker.onerror = ({ message }) => {
    for (const { reject } of calls.values()) reject(new Error(`The engine worker stopped: ${message}`));
    calls.clear();
  };
  tell({ kind: "start", cacheFolder, separator });

  const call = <T>(
    method: EngineMethod,
    args: readonly unknown[],
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      lastCall += 1;
      const id = lastCall;
      calls.set(id, { resolve: resolve as (value: never) => void, reject, onProgress });
      signal?.addEventListener("abort", () => tell({ kind: "cancel", id }));
      tell({ kind: "call", id, method, args });
      if (signal?.aborted) tell({ kind: "cancel", id });
    });

  return {
    probe: (path) => call("probe", [path]),
    measure: (path, signal) => call("measure", [path], signal),
    spectrum: (path, signal) => call("spectrum", [path], signal),
    analyse: (document, media, { onProgress, signal, ...options } = {}) =>
      call("analyse", [document, media, options], signal, onProgress),
    peaks: (path, range, { signal, ...options } = {}) => call("peaks", [path, range, options], signal),
    render: (document, media, { onProgress, signal, ...options }) =>
      call("render", [document, media, options], signal, onProgress),
    gainCurve: (document, media, { onProgress, signal, ...options } = {}) =>
      call("gainCurve", [document, media, options], signal, onProgress),
  };
};
