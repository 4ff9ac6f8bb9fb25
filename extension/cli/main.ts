import { type ExitCode, type Problem, ProblemError } from "../../schema/problem.ts";
import { checkPositionals, parseCommandArguments, unknownCommand, usageProblem } from "./arguments.ts";
import type { CliCall, CliIo, CliOutcome, Command } from "./command.ts";
import { conformCommand } from "./commands/conform.ts";
import { convertCommand } from "./commands/convert.ts";
import { describeCommand } from "./commands/describe.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { gitCommand } from "./commands/git.ts";
import { houseCommand } from "./commands/house.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { installPanelCommand } from "./commands/install-panel.ts";
import { logCommand } from "./commands/log.ts";
import { matchEqCommand } from "./commands/match-eq.ts";
import { matchLoudnessCommand } from "./commands/match-loudness.ts";
import { measureCommand } from "./commands/measure.ts";
import { mergeCommand } from "./commands/merge.ts";
import { mixCommand } from "./commands/mix.ts";
import { packageCommand } from "./commands/package.ts";
import { presetCommand } from "./commands/preset.ts";
import { processCommand } from "./commands/process.ts";
import { relinkCommand } from "./commands/relink.ts";
import { renderCommand } from "./commands/render.ts";
import { setCommand } from "./commands/set.ts";
import { soundsCommand } from "./commands/sounds.ts";
import { unpackCommand } from "./commands/unpack.ts";
import { validateCommand } from "./commands/validate.ts";
import { verifyPackageCommand } from "./commands/verify-package.ts";
import { writeKeyframesCommand } from "./commands/write-keyframes.ts";
import { failure } from "./failure.ts";
import { commandHelp, programHelp } from "./help.ts";
import { processIo } from "./process-io.ts";
import { progressWriter } from "./progress.ts";
import { problemText } from "./text.ts";
import { version } from "./version.ts";

const commands: readonly Command[] = [
  mixCommand,
  importCommand,
  exportCommand,
  validateCommand,
  renderCommand,
  relinkCommand,
  conformCommand,
  measureCommand,
  processCommand,
  soundsCommand,
  convertCommand,
  unpackCommand,
  setCommand,
  matchEqCommand,
  matchLoudnessCommand,
  writeKeyframesCommand,
  explainCommand,
  houseCommand,
  presetCommand,
  initCommand,
  diffCommand,
  mergeCommand,
  logCommand,
  gitCommand,
  describeCommand,
  doctorCommand,
  installPanelCommand,
  packageCommand,
  verifyPackageCommand,
];
const names = commands.map(({ name }) => name);

/** How long a cancelled run may take to clean up before it is left, in milliseconds. */
const CANCEL_MS = 400;

const say = (io: CliIo, isJson: boolean, { json, text, warnings }: CliOutcome) => {
  for (const warning of warnings ?? []) io.err(`warning: ${problemText({ code: "meaning", message: warning })}`);
  io.out(isJson ? `${JSON.stringify(json)}\n` : text);
};

const sayFailure = (io: CliIo, isJson: boolean, problems: readonly Problem[], total?: number): ExitCode => {
  const { exitCode, json } = failure({ problems, ...(total === undefined ? {} : { total }) });
  for (const problem of problems) io.err(`premix: ${problemText(problem)}`);
  if (isJson) io.out(`${JSON.stringify(json)}\n`);
  return exitCode;
};

const internal = (error: unknown, io: CliIo): Problem => {
  const message = error instanceof Error ? error.message : String(error);
  if (io.env["PREMIX_DEBUG"] && error instanceof Error) io.err(`${error.stack ?? ""}\n`);
  return {
    code: "internal",
    message: `Premix itself failed: ${message}. This is a defect; set PREMIX_DEBUG=1 and report what it shows.`,
  };
};

const problemsOf = (error: unknown, io: CliIo): readonly Problem[] => {
  if (error instanceof ProblemError) return error.problems;
  if (io.signal.aborted) return [{ code: "cancelled", message: "Cancelled. Files from before are as they were." }];
  return [internal(error, io)];
};

/** Resolves when the user has cancelled and the time for cleaning up is over. */
const patienceOver = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const give = () => {
      setTimeout(() => {
        reject(new ProblemError({ code: "cancelled", message: "Cancelled. Files from before are as they were." }));
      }, CANCEL_MS);
    };
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });

const runCommand = async (
  command: Command,
  words: readonly string[],
  io: CliIo,
  isJson: boolean,
): Promise<ExitCode> => {
  const { positionals, values, lists, flags } = parseCommandArguments(command, words);
  if (flags.has("help")) {
    io.out(commandHelp(command));
    return 0;
  }
  if (flags.has("version")) {
    io.out(`${version}\n`);
    return 0;
  }
  checkPositionals(command, positionals);
  const form = values["progress"] ?? "text";
  if (form !== "json" && form !== "text") {
    const message = `--progress is ${JSON.stringify(form)}; allowed are json and text.`;
    throw new ProblemError(usageProblem(message, { allowed: ["json", "text"] }));
  }
  const progress = progressWriter(io, form);
  const call: CliCall = { io, positionals, values, lists, flags, onProgress: progress.onProgress };
  try {
    const outcome = await Promise.race([command.run(call), patienceOver(io.signal)]);
    progress.end();
    say(io, isJson, outcome);
    return outcome.exitCode;
  } finally {
    progress.end();
  }
};

/** Runs one command line and gives its exit code; everything it says goes through `io`. */
export const main = async (argv: readonly string[], io: CliIo): Promise<ExitCode> => {
  const [name, ...words] = argv;
  const isJson = argv.slice(0, argv.indexOf("--") < 0 ? undefined : argv.indexOf("--")).includes("--json");
  try {
    if (name === "--help" || name === "-h" || name === "help") {
      io.out(programHelp(commands));
      return 0;
    }
    if (name === "--version") {
      io.out(`${version}\n`);
      return 0;
    }
    const command = commands.find((one) => one.name === name);
    if (command) return await runCommand(command, words, io, isJson);
    if (name === undefined || name.startsWith("-")) {
      return sayFailure(io, isJson, [
        usageProblem(`Name a command: ${names.join(", ")}. premix --help explains.`, { allowed: names }),
      ]);
    }
    return sayFailure(io, isJson, [unknownCommand(name, names)]);
  } catch (error) {
    return sayFailure(io, isJson, problemsOf(error, io));
  }
};

/** The program: runs `argv` on the process's own streams and signals, and ends it with the exit code. */
export const run = async (argv: readonly string[]): Promise<void> => {
  process.exit(await main(argv, processIo()));
};
