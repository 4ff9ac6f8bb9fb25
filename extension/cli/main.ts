import { type ExitCode, type Problem, ProblemError } from "../../schema/problem.ts";
import { checkPositionals, parseCommandArguments, unknownCommand, usageProblem } from "./arguments.ts";
import type { CliCall, CliIo, CliOutcome, Command } from "./command.ts";
import { failure } from "./failure.ts";
import { commandHelp, programHelp } from "./help.ts";
import { processIo } from "./process-io.ts";
import { progressWriter } from "./progress.ts";
import { problemText } from "./text.ts";
import { version } from "./version.ts";

/** Each is loaded when it is asked for: a render holds nothing of the others in memory. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  mix: async () => (await import("./commands/mix.ts")).mixCommand,
  import: async () => (await import("./commands/import.ts")).importCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  validate: async () => (await import("./commands/validate.ts")).validateCommand,
  render: async () => (await import("./commands/render.ts")).renderCommand,
  relink: async () => (await import("./commands/relink.ts")).relinkCommand,
  conform: async () => (await import("./commands/conform.ts")).conformCommand,
  measure: async () => (await import("./commands/measure.ts")).measureCommand,
  process: async () => (await import("./commands/process.ts")).processCommand,
  sounds: async () => (await import("./commands/sounds.ts")).soundsCommand,
  convert: async () => (await import("./commands/convert.ts")).convertCommand,
  unpack: async () => (await import("./commands/unpack.ts")).unpackCommand,
  set: async () => (await import("./commands/set.ts")).setCommand,
  "match-eq": async () => (await import("./commands/match-eq.ts")).matchEqCommand,
  "match-loudness": async () => (await import("./commands/match-loudness.ts")).matchLoudnessCommand,
  "write-keyframes": async () => (await import("./commands/write-keyframes.ts")).writeKeyframesCommand,
  explain: async () => (await import("./commands/explain.ts")).explainCommand,
  house: async () => (await import("./commands/house.ts")).houseCommand,
  preset: async () => (await import("./commands/preset.ts")).presetCommand,
  init: async () => (await import("./commands/init.ts")).initCommand,
  diff: async () => (await import("./commands/diff.ts")).diffCommand,
  merge: async () => (await import("./commands/merge.ts")).mergeCommand,
  log: async () => (await import("./commands/log.ts")).logCommand,
  git: async () => (await import("./commands/git.ts")).gitCommand,
  describe: async () => (await import("./commands/describe.ts")).describeCommand,
  doctor: async () => (await import("./commands/doctor.ts")).doctorCommand,
  "install-panel": async () => (await import("./commands/install-panel.ts")).installPanelCommand,
  package: async () => (await import("./commands/package.ts")).packageCommand,
  "verify-package": async () => (await import("./commands/verify-package.ts")).verifyPackageCommand,
};
const names = Object.keys(commands);

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
      io.out(programHelp(await Promise.all(Object.values(commands).map((load) => load()))));
      return 0;
    }
    if (name === "--version") {
      io.out(`${version}\n`);
      return 0;
    }
    const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load) return await runCommand(await load(), words, io, isJson);
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
