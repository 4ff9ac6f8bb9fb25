import type { Problem } from "../../schema/problem.ts";
import type { Engine, Progress } from "../engine.ts";

/** What page and engine worker say to each other. The page owns the files; the worker owns the engine. */
export type EngineMethod = keyof Engine;

export type ToWorker =
  | { readonly kind: "start"; readonly cacheFolder: string; readonly separator: "/" | "\\" }
  | { readonly kind: "call"; readonly id: number; readonly method: EngineMethod; readonly args: readonly unknown[] }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "fileAnswer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "fileRefusal"; readonly id: number; readonly problems: readonly Problem[] };

export type FromWorker =
  | { readonly kind: "return"; readonly id: number; readonly value: unknown }
  | { readonly kind: "throw"; readonly id: number; readonly message: string }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly kind: "file"; readonly id: number; readonly request: FileRequest };

/** One operation on the page's files; open files are known by a handle. */
export type FileRequest =
  | { readonly op: "facts" | "open" | "create" | "list" | "makeFolder" | "remove"; readonly path: string }
  | { readonly op: "readBytes"; readonly path: string; readonly maxBytes: number }
  | { readonly op: "writeAtomic"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly op: "read"; readonly handle: number; readonly position: number; readonly length: number }
  | { readonly op: "write"; readonly handle: number; readonly position: number; readonly bytes: Uint8Array }
  | { readonly op: "close" | "commit" | "abort"; readonly handle: number };
