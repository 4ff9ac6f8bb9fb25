import type { Command, OptionSpec } from "./command.ts";
import { commonOptions } from "./command.ts";
import { columns } from "./text.ts";

const optionName = ({ name, short, shown }: OptionSpec) =>
  `  ${short ? `-${short}, ` : ""}--${name}${shown ? ` ${shown}` : ""}`;

const optionRows = (options: readonly OptionSpec[]) => options.map((option) => [optionName(option), option.doc]);

/** Help of one command: examples first. */
export const commandHelp = ({ name, usage, summary, examples, options }: Command): string =>
  [
    `premix ${name}: ${summary}\n\n`,
    `Examples\n${examples.map((example) => `  ${example}\n`).join("")}\n`,
    `Form\n  premix ${name} ${usage}\n\n`,
    `Options\n${columns(optionRows([...options, ...commonOptions]))}`,
  ].join("");

/** Help of the program. */
export const programHelp = (commands: readonly Command[]): string =>
  [
    "premix: mixes a Premiere Pro sequence\n\n",
    "Examples\n  premix mix                                  mix the bundled demo\n",
    "  premix mix episode.prproj --media ./media   mix a project into ./mix beside it\n\n",
    `Commands\n${columns(commands.map(({ name, summary }) => [`  ${name}`, summary]))}\n`,
    "premix <command> --help explains one command.\n",
    "Exit codes: 0 ok, 1 internal error, 2 bad input or usage, 3 environment, 4 cancelled, 5 outside the target.\n",
  ].join("");
