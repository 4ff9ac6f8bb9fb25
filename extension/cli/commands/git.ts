import type { FilePort } from "../../../engine/files.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { missingAttributes, withAttributes } from "../../session/git-attributes.ts";
import { absolute, usageProblem } from "../arguments.ts";
import type { CliCall, Command } from "../command.ts";
import { createGround } from "../ports.ts";
import { programFile } from "../program-location.ts";
import { gitText } from "../run-git.ts";
import { columns } from "../text.ts";

const MAX_ATTRIBUTES_BYTES = 1024 * 1024;

/** One word for the POSIX shell with which git runs its drivers, on every system. */
const shellWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const callOf = (program: string): string =>
  /\.[cm]?js$/.test(program) ? `${shellWord(process.execPath)} ${shellWord(program)}` : shellWord(program);

/** git's settings, by name. In a merge driver % introduces what git fills in. */
const settingsFor = (program: string): Readonly<Record<string, string>> => {
  const premix = callOf(program);
  return {
    "merge.premix.name": "Premix mix documents, by id",
    "merge.premix.driver": `${premix.replaceAll("%", "%%")} merge %O %A %B -o %A`,
    "diff.premix.command": `${premix} diff --git --`,
    "diff.premix.textconv": `${premix} diff --textconv --`,
  };
};

const extendAttributes = async (files: FilePort, path: string): Promise<readonly string[]> => {
  const isThere = (await files.facts(path)) !== null;
  const bytes = isThere ? await files.readBytes(path, MAX_ATTRIBUTES_BYTES) : new Uint8Array();
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const missing = missingAttributes(text);
  if (missing.length > 0) await files.writeAtomic(path, new TextEncoder().encode(withAttributes(text)));
  return missing;
};

const install = async (call: CliCall) => {
  const { workingFolder, signal } = call.io;
  const { files } = createGround();
  const given = call.values["program"];
  const settings = settingsFor(given === undefined ? programFile : absolute(call, given));
  const repository = await gitText(workingFolder, ["rev-parse", "--show-toplevel"], signal);
  for (const [name, value] of Object.entries(settings))
    await gitText(repository, ["config", "--local", name, value], signal);
  const attributesFile = files.join(repository, ".gitattributes");
  const added = await extendAttributes(files, attributesFile);
  const json = { ok: true, exitCode: 0, repository, settings, attributes: { file: attributesFile, added } };
  const text = [
    `${repository}\n`,
    columns(Object.entries(settings).map(([name, value]) => [`  ${name}`, value])),
    added.length === 0 ? `${attributesFile} has all lines already\n` : `${attributesFile}\n`,
    ...added.map((line) => `  + ${line}\n`),
    "Commit .gitattributes; everybody who merges runs premix git install once.\n",
  ];
  return { exitCode: 0 as const, json, text: text.join("") };
};

export const gitCommand: Command = {
  name: "git",
  summary: "sets up git so that it merges and compares mixes by their meaning",
  usage: "install [--program <file>]",
  options: [
    { name: "program", kind: "value", shown: "<file>", doc: "the premix that git shall call (default: this one)" },
  ],
  examples: ["premix git install", "premix git install --program /opt/premix/premix"],
  positionals: [1, 1],
  run: async (call) => {
    const [what] = call.positionals;
    if (what === "install") return install(call);
    throw new ProblemError(
      usageProblem(`There is no "premix git ${what}"; the form is premix git install.`, { allowed: ["install"] }),
    );
  },
};
