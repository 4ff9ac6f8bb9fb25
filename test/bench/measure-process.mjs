import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Largest resident set of a process in MiB, as the kernel kept it; 0 where there is no /proc. */
const highWaterMiB = (pid) => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ESRCH") return 0;
    throw error;
  }
};

/** Runs a command to its end; gives user + system seconds of the whole process tree, wall seconds and peak memory. */
export const measureProcess = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    // bash's `time` counts the children too; exec inside it keeps one process to look at.
    const script = `TIMEFORMAT='%U %S %R'; time "$@" >/dev/null 2>"$PREMIX_BENCH_LOG"`;
    const env = { ...process.env, ...options.env, PREMIX_BENCH_LOG: options.log ?? "/dev/null" };
    const child = spawn("bash", ["-c", script, "bash", command, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    let peakMiB = 0;
    child.stderr.on("data", (piece) => {
      text += piece;
    });
    const children = () => {
      try {
        return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim().split(" ").filter(Boolean);
      } catch (error) {
        if (error.code === "ENOENT" || error.code === "ESRCH") return [];
        throw error;
      }
    };
    const watch = setInterval(() => {
      for (const pid of children()) peakMiB = Math.max(peakMiB, highWaterMiB(pid));
    }, 20);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      const [user, system, wall] = text.trim().split(/\s+/).slice(-3).map(Number);
      if (!(options.accept ?? [0]).includes(code)) reject(new Error(`${command} ended with ${code}: ${text}`));
      else resolve({ cpuSeconds: user + system, wallSeconds: wall, peakMiB });
    });
  });

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
