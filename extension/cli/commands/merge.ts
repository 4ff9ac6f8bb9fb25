import { canonicalText, documentHash } from "../../../schema/canonical.ts";
import { encodeMessagePack } from "../../../schema/codec.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { MAX_BYTES } from "../../../schema/input-limits.ts";
import { parseDocumentBytes } from "../../../schema/json-text.ts";
import type { Conflict } from "../../../schema/merge/conflict.ts";
import { type Merge, mergeDocuments } from "../../../schema/merge/merge-documents.ts";
import { parsePolicy } from "../../../schema/merge/policy.ts";
import type { ExitCode, Problem } from "../../../schema/problem.ts";
import { conflictLines } from "../../session/conflict-words.ts";
import { take } from "../../session/settle.ts";
import { absolute } from "../arguments.ts";
import { type CliCall, type CliOutcome, type Command, outputOption } from "../command.ts";
import { problemJson } from "../failure.ts";
import { createGround } from "../ports.ts";
import { printable, problemText } from "../text.ts";

const conflictProblem = (conflict: Conflict, document: MixDocument): Problem => ({
  code: "meaning",
  message: conflictLines(conflict, document.sequence)
    .map((line) => line.trim())
    .join("; "),
  ...(conflict.pointer === null ? {} : { pointer: conflict.pointer }),
});

const conflictText = ({ document, conflicts, problems, warnings }: Merge): string => {
  const listed = conflicts.flatMap((conflict) => [...conflictLines(conflict, document.sequence), ""]);
  const open = conflicts.filter(({ isResolved }) => !isResolved).length;
  const told = listed.map((line) => `${printable(line)}\n`).join("");
  const isTold = ({ message }: Problem) => conflicts.some((conflict) => conflict.message === message);
  const checks = [...problems.filter((problem) => !isTold(problem)), ...warnings]
    .map((problem) => `note: ${problemText(problem)}`)
    .join("");
  const count = conflicts.length === 0 ? "" : `${conflicts.length} conflicts, ${open} not decided.\n`;
  return `${told}${checks}${count}`;
};

/** The bytes of the document: as the name says, else in the form that ours has. */
const bytesFor = (document: MixDocument, path: string, ours: Uint8Array): Uint8Array => {
  const isText = /\.json$/i.test(path) || (!/\.(mixb|msgpack)$/i.test(path) && (ours[0] ?? 0) < 0x80);
  return isText ? new TextEncoder().encode(canonicalText(document)) : take(encodeMessagePack(document));
};

const mergeFiles = async (call: CliCall) => {
  const { files } = createGround();
  const paths = call.positionals.map((word) => absolute(call, word)) as [string, string, string];
  const [base, ours, theirs] = (await Promise.all(paths.map((path) => files.readBytes(path, MAX_BYTES)))) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const parse = (bytes: Uint8Array, path: string) => take(parseDocumentBytes(bytes, path));
  const policy = take(parsePolicy(call.lists["policy"] ?? []));
  // git gives an empty file where the branches have no common version.
  const ancestor = base.length === 0 ? null : parse(base, paths[0]);
  const merge = mergeDocuments(ancestor, parse(ours, paths[1]), parse(theirs, paths[2]), policy);
  return { merge, ours, files };
};

const outcomeOf = (merge: Merge, output: string | undefined): CliOutcome => {
  const { document, conflicts, problems, warnings } = merge;
  const open = conflicts.filter(({ isResolved }) => !isResolved);
  const exitCode: ExitCode = open.length === 0 ? 0 : 2;
  const errors = open.map((conflict) => problemJson(conflictProblem(conflict, document)));
  const json = {
    ok: exitCode === 0,
    exitCode,
    ...(output === undefined ? { document } : { file: output }),
    hash: documentHash(document),
    conflicts,
    problems: problems.map(problemJson),
    warnings: warnings.map(({ message }) => message),
    ...(exitCode === 0 ? {} : { errors }),
  };
  const text = output === undefined ? canonicalText(document) : "";
  return { exitCode, json, text };
};

export const mergeCommand: Command = {
  name: "merge",
  summary: "merges two versions of a document that come from one, entity by entity; collisions are listed",
  usage: "<base> <ours> <theirs> [-o <file>] [--policy [<path>=]ours|theirs|base|fail ...]",
  options: [
    outputOption("<file>", "the file that is written (default: stdout)"),
    {
      name: "policy",
      kind: "list",
      shown: "[<path>=]<choice>",
      doc: "who is right where both changed one thing: ours, theirs, base, or fail (default: ours is kept, exit 2); a path of ids such as /buses/*/volumeDb limits it; the last that fits wins",
    },
  ],
  examples: [
    "premix merge base.mix.json mine.mix.json hers.mix.json -o merged.mix.json",
    "premix merge base.mix.json mine.mix.json hers.mix.json --policy ours --policy '/buses/*/volumeDb=theirs'",
  ],
  positionals: [3, 3],
  run: async (call) => {
    const { merge, ours, files } = await mergeFiles(call);
    const output = call.values["output"] === undefined ? undefined : absolute(call, call.values["output"]);
    if (output !== undefined) await files.writeAtomic(output, bytesFor(merge.document, output, ours));
    call.io.err(conflictText(merge));
    return outcomeOf(merge, output);
  },
};
