import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { documentText } from "../../session/document-text.ts";
import { take } from "../../session/settle.ts";
import { absolute, usageProblem } from "../arguments.ts";
import { paintFor } from "../colours.ts";
import type { CliCall, CliOutcome, Command } from "../command.ts";
import { mixDifference } from "../diff-text.ts";
import { type Mixes, openMixes } from "../open-mixes.ts";
import { createGround } from "../ports.ts";
import { printable, problemText } from "../text.ts";

/** What git gives to a diff command: path, old file, hash, mode, new file, hash, mode. */
const GIT_WORDS = 7;

const compare = async (call: CliCall): Promise<CliOutcome> => {
  const { files } = createGround();
  const warnings: Problem[] = [];
  const open = async (word: string) => take(await openMixes(files, absolute(call, word)), warnings);
  const [before, after] = [await open(call.positionals[0]!), await open(call.positionals[1]!)];
  const { changes, text } = mixDifference(before, after, paintFor(call.io));
  const json = { ok: true, exitCode: 0, equal: changes.length === 0, changes };
  return { exitCode: 0, json, text: text === "" ? "No difference in the mix.\n" : text };
};

/** The mixes as lines for git; what cannot be read is shown as it is, for a failure would stop the whole of git's diff. */
const convert = async (call: CliCall): Promise<CliOutcome> => {
  const path = absolute(call, call.positionals[0]!);
  const { files } = createGround();
  const read = await openMixes(files, path);
  if (read.ok) {
    const text = read.value.documents.map(documentText).join("\n");
    return { exitCode: 0, json: { ok: true, exitCode: 0, text }, text };
  }
  const raw = new TextDecoder().decode(await files.readBytes(path, Number.MAX_SAFE_INTEGER));
  const text = `premix cannot read this: ${problemText(read.problems[0]!)}${raw.includes("\0") ? "" : raw}`;
  return { exitCode: 0, json: { ok: true, exitCode: 0, text }, text };
};

const nothing: Mixes = { isProject: true, documents: [] };

/** git's external diff: one file of its list; here too, nothing may stop the rest. */
const compareForGit = async (call: CliCall): Promise<CliOutcome> => {
  const [path = "", oldFile = "", , , newFile = ""] = call.positionals;
  const { files } = createGround();
  const title = `premix diff ${printable(path)}\n`;
  const say = (text: string): CliOutcome => ({
    exitCode: 0,
    json: { ok: true, exitCode: 0, text },
    text: `${title}${text}`,
  });
  const open = async (file: string) =>
    file === "/dev/null" || file === "nul" ? nothing : take(await openMixes(files, absolute(call, file)));
  try {
    const { text } = mixDifference(await open(oldFile), await open(newFile), paintFor(call.io));
    return say(text === "" ? "No difference in the mix.\n" : text);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return say(`One of the two cannot be read: ${problemText(error.problems[0]!)}`);
  }
};

const words = (call: CliCall, count: number, form: string): void => {
  if (call.positionals.length === count) return;
  throw new ProblemError(usageProblem(`The form is: premix diff ${form}.`));
};

export const diffCommand: Command = {
  name: "diff",
  summary: "what differs between two mixes: documents, or the sequences of project files",
  usage: "<a> <b> | --textconv <file>",
  options: [
    { name: "textconv", kind: "flag", doc: "print one file in lines, the way git compares it; names, but no paths" },
    { name: "git", kind: "flag", doc: "take the seven words that git gives to a diff command" },
  ],
  examples: ["premix diff reel-1.mix.json reel-1-anna.mix.json", "premix diff monday.prproj tuesday.prproj --json"],
  positionals: [1, GIT_WORDS],
  run: async (call) => {
    if (call.flags.has("textconv")) {
      words(call, 1, "--textconv <file>");
      return convert(call);
    }
    if (call.flags.has("git")) return compareForGit(call);
    words(call, 2, "<a> <b>");
    return compare(call);
  },
};
