import { main } from "../../extension/cli/main.ts";

export type MainRun = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

export type MainOptions = {
  readonly workingFolder?: string;
  readonly signal?: AbortSignal;
  readonly isTerminal?: boolean;
  readonly hasColours?: boolean;
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs a command line in this process with captured streams. */
export const runMain = async (argv: readonly string[], options: MainOptions = {}): Promise<MainRun> => {
  let stdout = "";
  let stderr = "";
  const exitCode = await main(argv, {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    isTerminal: options.isTerminal ?? false,
    hasColours: options.hasColours ?? false,
    env: { PREMIX_DEBUG: "1", ...options.env },
    workingFolder: options.workingFolder ?? process.cwd(),
    signal: options.signal ?? new AbortController().signal,
  });
  return { exitCode, stdout, stderr };
};

/** The same with --json: the one object that stands on stdout. */
export const runJson = async <T>(
  argv: readonly string[],
  options: MainOptions = {},
): Promise<MainRun & { json: T }> => {
  const run = await runMain([...argv, "--json"], options);
  return { ...run, json: JSON.parse(run.stdout) as T };
};
