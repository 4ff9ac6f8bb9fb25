import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { didYouMean } from "../../schema/did-you-mean.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import { type CliCall, type Command, commonOptions, type OptionSpec } from "./command.ts";

export type ParsedArguments = Pick<CliCall, "positionals" | "values" | "lists" | "flags">;

const guessed = (word: string, allowed: readonly string[]) => {
  const guess = didYouMean(word, allowed);
  return {
    text: guess === undefined ? "" : ` Did you mean ${guess}?`,
    part: guess === undefined ? {} : { didYouMean: guess },
  };
};

/** A misuse of the command line, with the words that are allowed. */
export const usageProblem = (message: string, more: Partial<Problem> = {}): Problem => ({
  code: "usage",
  message,
  ...more,
});

const unknownOption = (rawName: string, specs: readonly OptionSpec[]): Problem => {
  const allowed = specs.map(({ name }) => `--${name}`);
  const { text, part } = guessed(rawName, allowed);
  return usageProblem(`There is no option ${rawName} here; the options are ${allowed.join(", ")}.${text}`, {
    allowed,
    ...part,
  });
};

/** The command of a name, or a problem that lists all of them. */
export const unknownCommand = (name: string, allowed: readonly string[]): Problem => {
  const { text, part } = guessed(name, allowed);
  const message = `There is no command ${JSON.stringify(name)}; the commands are ${allowed.join(", ")}.${text}`;
  return usageProblem(message, { allowed, ...part });
};

const parserOptions = (specs: readonly OptionSpec[]) =>
  Object.fromEntries(
    specs.map(({ name, kind, short }) => [
      name,
      { type: kind === "flag" ? ("boolean" as const) : ("string" as const), ...(short ? { short } : {}) },
    ]),
  );

/** An unset variable of a shell would otherwise mean the working folder. */
const notEmpty = (word: string): string => {
  if (word === "") throw new ProblemError(usageProblem("A word is empty; name a file, or leave the word away."));
  return word;
};

/** Reads the words behind a command's name; `--` ends the options. Nothing unknown passes. */
export const parseCommandArguments = (command: Command, words: readonly string[]): ParsedArguments => {
  const specs = [...command.options, ...commonOptions];
  const { tokens } = parseArgs({
    args: [...words],
    options: parserOptions(specs),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values: Record<string, string> = {};
  const lists: Record<string, string[]> = {};
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(notEmpty(token.value));
    if (token.kind !== "option") continue;
    const spec = specs.find(({ name }) => name === token.name);
    if (!spec) throw new ProblemError(unknownOption(token.rawName, specs));
    if (spec.kind === "flag") {
      if (token.value !== undefined) throw new ProblemError(usageProblem(`Option --${spec.name} takes no value.`));
      flags.add(spec.name);
    } else if (token.value === undefined || token.value === "") {
      throw new ProblemError(
        usageProblem(`Option --${spec.name} needs a value: --${spec.name} ${spec.shown ?? "<value>"}.`),
      );
    } else if (spec.kind === "list") lists[spec.name] = [...(lists[spec.name] ?? []), token.value];
    else values[spec.name] = token.value;
  }
  return { positionals, values, lists, flags };
};

/** Holds the number of words to what the command takes. */
export const checkPositionals = (
  { name, usage, positionals: [least, most] }: Command,
  given: readonly string[],
): void => {
  if (given.length >= least && given.length <= most) return;
  const what = given.length < least ? "There is something missing" : `${JSON.stringify(given[most])} is too much`;
  throw new ProblemError(usageProblem(`${what}; the form is: premix ${name} ${usage}.`));
};

/** A whole number of an option, in a range. */
export const wholeNumber = (
  { values }: Pick<CliCall, "values">,
  name: string,
  least: number,
  most: number,
): number | undefined => {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const message = `--${name} is ${JSON.stringify(text)}; allowed is a whole number from ${least} to ${most}.`;
  throw new ProblemError(usageProblem(message, { allowed: [`${least}..${most}`] }));
};

/** An absolute path for one given on the command line. */
export const absolute = ({ io }: Pick<CliCall, "io">, path: string): string => resolve(io.workingFolder, path);

/** The chosen media folders, absolute, in order. */
export const mediaFolders = (call: Pick<CliCall, "io" | "lists">): readonly string[] =>
  (call.lists["media"] ?? []).map((folder) => absolute(call, folder));

/** The id of `--insert`; its absence is a misuse. */
export const requiredInsert = ({ values }: Pick<CliCall, "values">): string => {
  const given = values["insert"];
  if (given === undefined) throw new ProblemError(usageProblem("Say which insert: --insert <id>."));
  return given;
};

/** The folder or file of `-o`; its absence is a misuse. */
export const requiredOutput = (call: Pick<CliCall, "io" | "values">, shown: string): string => {
  const given = call.values["output"];
  if (given === undefined) throw new ProblemError(usageProblem(`Say where the result goes: -o ${shown}.`));
  return absolute(call, given);
};
