import type { RunProgram } from "../../packaging/debug-mode.ts";
import type { Machine } from "../../packaging/machine.ts";

/** One thing that `premix doctor` looked at. */
export type Check = {
  readonly id: string;
  readonly status: "ok" | "warning" | "problem";
  /** What was found. */
  readonly message: string;
  /** What to do; null when nothing has to be done. */
  readonly action: string | null;
};

/** Where the doctor looks. It writes nothing anywhere. */
export type Patient = {
  readonly machine: Machine;
  readonly checkout: string;
  readonly cacheFolder: string;
  readonly nodeVersion: string;
  readonly run: RunProgram;
  /** The ffmpeg that is used for codecs without a packaged decoder; null when none runs. */
  readonly findFfmpeg: () => Promise<string | null>;
};

export const fine = (id: string, message: string): Check => ({ id, status: "ok", message, action: null });
export const warning = (id: string, message: string, action: string): Check => ({
  id,
  status: "warning",
  message,
  action,
});
export const problem = (id: string, message: string, action: string): Check => ({
  id,
  status: "problem",
  message,
  action,
});
