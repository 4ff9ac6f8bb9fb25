import { writeSync } from "node:fs";
import type { CliIo } from "./command.ts";

/** Writes all of a text to a descriptor, waiting for a full pipe; a reader that went away ends the writing. */
const writeAll = (descriptor: number, text: string): void => {
  let bytes = Buffer.from(text, "utf8");
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
};

/** The process's own streams, environment and signals. The second signal ends the process at once. */
export const processIo = (): CliIo => {
  const controller = new AbortController();
  const cancel = () => {
    if (controller.signal.aborted) process.exit(4);
    controller.abort();
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const mayDraw = !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return {
    out: (text) => writeAll(1, text),
    err: (text) => writeAll(2, text),
    isTerminal: process.stderr.isTTY === true && mayDraw,
    hasColours: process.stdout.isTTY === true && mayDraw,
    env: process.env,
    workingFolder: process.cwd(),
    signal: controller.signal,
  };
};
