import { canonicalText, documentHash } from "../../../schema/canonical.ts";
import { parseJsonText } from "../../../schema/json-text.ts";
import { getAt, setAt } from "../../../schema/pointer.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { openLayered, resolveFile } from "../../session/open-document.ts";
import { take } from "../../session/settle.ts";
import { writeDocument } from "../../session/write-document.ts";
import { absolute, usageProblem } from "../arguments.ts";
import type { Command } from "../command.ts";
import { createGround } from "../ports.ts";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
};

/** The value as JSON, held to what a document's file may hold; what is no JSON is taken as text. */
const parseValue = (text: string): unknown => (isJson(text) ? take(parseJsonText(text, "the value behind =")) : text);

const inFile = (problems: readonly Problem[], file: string) => problems.map((problem) => ({ ...problem, file }));

export const setCommand: Command = {
  name: "set",
  summary: "changes one value of a document",
  usage: "<doc> <json-pointer>=<value>",
  options: [],
  examples: ["premix set episode.mix.json /buses/1/volumeDb=-2", "premix set episode.mix.json /sequence/name='Reel 1'"],
  positionals: [2, 2],
  run: async (call) => {
    const [given, assignment] = [call.positionals[0]!, call.positionals[1]!];
    const equals = assignment.indexOf("=");
    if (equals < 0) {
      const message = `${JSON.stringify(assignment)} names no value; the form is <json-pointer>=<value>, such as /buses/1/volumeDb=-2.`;
      throw new ProblemError(usageProblem(message));
    }
    const pointer = assignment.slice(0, equals);
    const path = absolute(call, given);
    const { files } = createGround();
    const opened = take(await openLayered(files, path));
    const changed = setAt(opened.file.value, pointer, parseValue(assignment.slice(equals + 1)));
    if (!changed.ok) throw new ProblemError(...inFile(changed.problems, path));
    const text = canonicalText(changed.value);
    const warnings: Problem[] = [];
    const { document } = take(resolveFile({ path, text, value: changed.value }, opened.layers), warnings);
    await writeDocument(files, path, changed.value);
    const before = getAt(opened.file.value, pointer);
    const after = take(getAt(changed.value, pointer));
    const old = before.ok ? before.value : null;
    const json = { ok: true, exitCode: 0, file: path, pointer, before: old, after, hash: documentHash(document) };
    const said = warnings.map(({ message }) => message);
    return {
      exitCode: 0,
      json,
      warnings: said,
      text: `${pointer}: ${JSON.stringify(old)} -> ${JSON.stringify(after)}\n`,
    };
  },
};
