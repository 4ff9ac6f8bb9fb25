// Loaded into a process with --import: at its end it writes to descriptor 3 what it took.
import { readFileSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/** Largest resident set of this process alone in MiB; resourceUsage counts that of the parent before the exec as well. */
const peakMiB = () => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return process.resourceUsage().maxRSS / 1024;
  }
};

if (isMainThread) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, JSON.stringify({ peakMiB: peakMiB(), cpuSeconds: (user + system) / 1e6 }));
  });
}
