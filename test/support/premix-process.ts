import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { CliRun } from "./premix-cli.ts";

const program = fileURLToPath(new URL("../../extension/cli/premix.mjs", import.meta.url));
const figuresHook = new URL("process-figures.mjs", import.meta.url).href;

/** How a run of the built command line ended, and what it took; the figures are null when it was killed. */
export type PremixEnd = CliRun & {
  readonly signal: NodeJS.Signals | null;
  /** Largest resident set of the process itself. */
  readonly peakMiB: number | null;
  /** Processor time of the process itself, starting included. */
  readonly cpuSeconds: number | null;
};

export type PremixProcess = {
  readonly child: ChildProcess;
  readonly ended: Promise<PremixEnd>;
  /** Resolves when stderr holds the text, or when the process has ended. */
  readonly said: (text: string) => Promise<void>;
};

/** Nothing that is asked of Premix in these tests may take longer; a run that hangs is killed and so fails its test. */
const PATIENCE_MS = 60_000;

export type StartOptions = {
  readonly patienceMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Words in front of the command: a program that starts the rest of its words in other surroundings. */
  readonly launcher?: readonly string[];
};

/** Starts the built command line in a process of its own that can be signalled. */
export const startPremix = (args: readonly string[], options: StartOptions = {}): PremixProcess => {
  const { patienceMs = PATIENCE_MS, launcher = [], env = {} } = options;
  const [command, ...words] = [...launcher, process.execPath, "--import", figuresHook, program, ...args];
  const child = spawn(command!, words, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    timeout: patienceMs,
    killSignal: "SIGKILL",
  });
  const texts = { stdout: "", stderr: "", figures: "" };
  const listeners = new Set<() => void>();
  const collect = (name: keyof typeof texts, descriptor: 1 | 2 | 3) => {
    const stream = child.stdio[descriptor] as Readable;
    stream.setEncoding("utf8").on("data", (piece: string) => {
      texts[name] += piece;
      for (const look of listeners) look();
    });
  };
  collect("stdout", 1);
  collect("stderr", 2);
  collect("figures", 3);
  const ended = new Promise<PremixEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      const figures = texts.figures === "" ? { peakMiB: null, cpuSeconds: null } : JSON.parse(texts.figures);
      resolve({ exitCode, signal, stdout: texts.stdout, stderr: texts.stderr, ...figures });
    });
  });
  const said = (text: string) =>
    Promise.race([
      ended.then(() => undefined),
      new Promise<void>((resolve) => {
        const look = () => {
          if (!texts.stderr.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    ]);
  return { child, ended, said };
};

/** Runs to the end with --json; `json` is the one object that stands on stdout, on a line of its own. */
export const runPremix = async <T>(
  args: readonly string[],
  options: StartOptions = {},
): Promise<PremixEnd & { json: T }> => {
  const end = await startPremix([...args, "--json"], options).ended;
  if (!/^\{[^\n]*\}\n$/.test(end.stdout))
    throw new Error(`stdout is not one JSON object: ${end.stdout}\n${end.stderr}`);
  return { ...end, json: JSON.parse(end.stdout) as T };
};

/** What `--json` says when a command did not work. */
export type CliFailure = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly total?: number;
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly pointer?: string;
    readonly allowed?: readonly string[];
    readonly didYouMean?: string;
  }[];
};
