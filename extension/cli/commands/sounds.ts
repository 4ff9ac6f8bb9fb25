import { ProblemError } from "../../../schema/problem.ts";
import { listSounds, type Sound, type SoundList } from "../../session/list-sounds.ts";
import { take } from "../../session/settle.ts";
import { absolute, usageProblem, wholeNumber } from "../arguments.ts";
import type { CliCall, Command } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns, printable } from "../text.ts";

const MAX_LISTED = 20_000;

/** Seconds of an option, decimals allowed. */
const secondsOf = ({ values }: CliCall, name: string): number | undefined => {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const message = `--${name} is ${JSON.stringify(text)}; allowed is a number of seconds such as 0.5 or 30.`;
  throw new ProblemError(usageProblem(message));
};

const row = ({ path, seconds, sampleRate, channels, codec }: Sound): string[] => [
  seconds === null ? "?" : `${seconds.toFixed(2)} s`,
  `${sampleRate} Hz x ${channels}`,
  codec,
  path,
];

const listText = ({ sounds, total, unreadable }: SoundList): string => {
  const more = total > sounds.length ? ` (${sounds.length} listed; --limit shows more)` : "";
  const broken = unreadable.map(({ message }) => `  ${printable(message)}\n`).join("");
  const count = `${total} sound${total === 1 ? "" : "s"}${more}\n`;
  return `${columns(sounds.map(row))}${count}${broken === "" ? "" : `Not readable\n${broken}`}`;
};

export const soundsCommand: Command = {
  name: "sounds",
  summary: "lists the sounds of a folder, searched by words and length",
  usage: "<folder> [<word> ...] [--min-seconds <n>] [--max-seconds <n>] [--limit <n>]",
  options: [
    { name: "min-seconds", kind: "value", shown: "<n>", doc: "only sounds that are at least so long" },
    { name: "max-seconds", kind: "value", shown: "<n>", doc: "only sounds that are at most so long" },
    {
      name: "limit",
      kind: "value",
      shown: "<n>",
      doc: `most sounds that are listed, 1 to ${MAX_LISTED} (default: 200)`,
    },
  ],
  examples: ["premix sounds ~/Sounds door slam", "premix sounds ./library rain --min-seconds 30 --json"],
  positionals: [1, Number.POSITIVE_INFINITY],
  run: async (call) => {
    const [folder, ...words] = call.positionals;
    const minSeconds = secondsOf(call, "min-seconds");
    const maxSeconds = secondsOf(call, "max-seconds");
    const limit = wholeNumber(call, "limit", 1, MAX_LISTED);
    const ports = { ...createGround(), onProgress: call.onProgress, signal: call.io.signal };
    const list = take(
      await listSounds(ports, {
        folder: absolute(call, folder!),
        query: words.join(" "),
        ...(minSeconds === undefined ? {} : { minSeconds }),
        ...(maxSeconds === undefined ? {} : { maxSeconds }),
        ...(limit === undefined ? {} : { limit }),
      }),
    );
    const warnings = list.truncated ? ["The folder holds more than 200,000 entries; the rest was not looked at."] : [];
    const json = { ok: true, exitCode: 0, query: words.join(" "), ...list, warnings };
    return { exitCode: 0, json, text: listText(list), warnings };
  },
};
