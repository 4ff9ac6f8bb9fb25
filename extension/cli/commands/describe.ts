import { didYouMean } from "../../../schema/did-you-mean.ts";
import type { Param, ProcessorDefinition, ScalarParam } from "../../../schema/param.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { processors } from "../../../schema/processors/index.ts";
import { usageProblem } from "../arguments.ts";
import type { Command } from "../command.ts";
import { columns } from "../text.ts";

const all: readonly ProcessorDefinition[] = processors;

const scalarRange = (param: ScalarParam): string => {
  if (param.kind === "number") return `${param.min} to ${param.max} ${param.unit} (${param.default})`;
  return param.kind === "choice"
    ? `${param.options.join(" | ")} (${param.default})`
    : `true | false (${param.default})`;
};

const rows = (name: string, param: Param): string[][] => {
  if (param.kind !== "list") return [[`  ${name}`, scalarRange(param), param.doc]];
  return [
    [`  ${name}`, `at most ${param.maxItems}`, param.doc],
    ...Object.entries(param.item).map(([key, item]) => [`    ${key}`, scalarRange(item), item.doc]),
  ];
};

const describeText = ({ type, title, doc, params }: ProcessorDefinition): string =>
  `${type}: ${title}. ${doc}\n${columns(Object.entries(params).flatMap(([name, param]) => rows(name, param)))}`;

export const describeCommand: Command = {
  name: "describe",
  summary: "the parameters of every processor, from the registry",
  usage: "[<processor>]",
  options: [],
  examples: ["premix describe", "premix describe compressor --json"],
  positionals: [0, 1],
  run: async ({ positionals: [name] }) => {
    if (name === undefined) {
      const text = columns(all.map(({ type, doc }) => [type, doc]));
      return { exitCode: 0, json: { ok: true, exitCode: 0, processors: all }, text };
    }
    const found = all.find(({ type }) => type === name);
    if (found) return { exitCode: 0, json: { ok: true, exitCode: 0, ...found }, text: describeText(found) };
    const allowed = all.map(({ type }) => type);
    const guess = didYouMean(name, allowed);
    const hint = guess === undefined ? "" : ` Did you mean ${guess}?`;
    const message = `There is no processor ${JSON.stringify(name)}; the processors are ${allowed.join(", ")}.${hint}`;
    throw new ProblemError(usageProblem(message, { allowed, ...(guess === undefined ? {} : { didYouMean: guess }) }));
  },
};
