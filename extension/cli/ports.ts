import { basename } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import type { FilePort } from "../../engine/files.ts";
import { createNodeEngine } from "../../engine/node/node-engine.ts";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import type { Host } from "../host/host.ts";
import { createSimulatedHost } from "../host/simulated-host.ts";
import type { Timeline } from "../interchange/timeline.ts";
import type { SessionPorts } from "../session/ports.ts";
import type { CliCall } from "./command.ts";

/** Files and engine of the command line. */
export const createGround = (): { readonly files: FilePort; readonly engine: Engine } => ({
  files: createNodeFiles(),
  engine: createNodeEngine(),
});

/** A simulated Premiere that has the project open and its first sequence active; it runs the real host scripts. */
const simulatedPremiere = (timelines: readonly Timeline[], projectPath: string): Host =>
  createSimulatedHost({ timelines, projectPath, projectName: basename(projectPath) || "mix" }).host;

/** Everything a use case needs, with a simulated Premiere that has `timelines` open. */
export const sessionPorts = (call: CliCall, timelines: readonly Timeline[], projectPath: string): SessionPorts => ({
  ...createGround(),
  host: simulatedPremiere(timelines, projectPath),
  onProgress: call.onProgress,
  signal: call.io.signal,
});
