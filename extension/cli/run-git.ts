import { spawn } from "node:child_process";
import { type Problem, ProblemError } from "../../schema/problem.ts";

/** Output of one git command may not be larger: documents are smaller, and memory is finite. */
const MAX_OUTPUT = 256 * 1024 * 1024;

const gitProblem = (message: string): Problem => ({ code: "needs-git", message });

const missing = (error: NodeJS.ErrnoException): ProblemError =>
  new ProblemError(
    gitProblem(
      error.code === "ENOENT"
        ? "git is not there: install it (git-scm.com) or put it on the PATH, and try again."
        : `git could not be started: ${error.message}`,
    ),
  );

export type GitRun = { readonly status: number | null; readonly stdout: Uint8Array; readonly stderr: string };

/** Runs git with an argument array in a folder; no shell sees a word of it. A git that is not there is a ProblemError. */
const run = (folder: string, args: readonly string[], signal: AbortSignal): Promise<GitRun> =>
  new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", folder, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      windowsHide: true,
    });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let stderr = "";
    child.stdout.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > MAX_OUTPUT) child.kill();
      else pieces.push(piece);
    });
    child.stderr.setEncoding("utf8").on("data", (piece: string) => {
      stderr = `${stderr}${piece}`.slice(0, 4000);
    });
    child.on("error", (error: NodeJS.ErrnoException) => reject(error.name === "AbortError" ? error : missing(error)));
    child.on("close", (status) => resolve({ status, stdout: Buffer.concat(pieces), stderr }));
  });

/** A git command that has to work; its complaint is a problem of the environment. */
export const gitBytes = async (folder: string, args: readonly string[], signal: AbortSignal): Promise<Uint8Array> => {
  const { status, stdout, stderr } = await run(folder, args, signal);
  if (status === 0) return stdout;
  const why = stderr.trim().replace(/^(fatal|error): /, "");
  const where = /not a git repository/i.test(stderr)
    ? `${folder} is in no git repository: run git init there first.`
    : `git ${args.find((word) => !word.startsWith("-")) ?? ""} did not work in ${folder}: ${why || `status ${status}`}`;
  throw new ProblemError(gitProblem(where));
};

/** The same as text, without the last line end. */
export const gitText = async (folder: string, args: readonly string[], signal: AbortSignal): Promise<string> =>
  new TextDecoder().decode(await gitBytes(folder, args, signal)).replace(/\n$/, "");
