import type { Engine, Progress } from "../../engine/engine.ts";
import type { FilePort } from "../../engine/files.ts";
import type { Host } from "../host/host.ts";

/** Everything a use case may touch. The CLI and the panel give their own; tests give either. */
export type SessionPorts = {
  readonly host: Host;
  readonly files: FilePort;
  readonly engine: Engine;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
};
