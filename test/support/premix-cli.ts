import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../extension/cli/premix.mjs", import.meta.url));

/** The demo as the build made it. */
export const demoFolder = fileURLToPath(new URL("../../dist/demo", import.meta.url));

export type CliRun = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command line as a user does. */
export const premix = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliRun> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (piece) => {
      stdout += piece;
    });
    child.stderr.on("data", (piece) => {
      stderr += piece;
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });

/** Runs with --json; gives the one object that stands on stdout. */
export const premixJson = async <T>(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<CliRun & { readonly json: T }> => {
  const run = await premix([...args, "--json"], env);
  return { ...run, json: JSON.parse(run.stdout) as T };
};
