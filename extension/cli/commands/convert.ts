import { canonicalText } from "../../../schema/canonical.ts";
import { encodeMessagePack } from "../../../schema/codec.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { openLayered } from "../../session/open-document.ts";
import { packDocument } from "../../session/pack-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, requiredOutput, usageProblem } from "../arguments.ts";
import { type CliCall, type CliOutcome, type Command, mediaOption, outputOption } from "../command.ts";
import { createGround, sessionPorts } from "../ports.ts";

const forms = ["json", "msgpack", "mixb"];

const formOf = ({ values, lists }: CliCall): string => {
  const form = values["to"];
  if (form === undefined || !forms.includes(form)) {
    const given = form === undefined ? "--to is missing" : `--to is ${JSON.stringify(form)}`;
    throw new ProblemError(usageProblem(`${given}; allowed are ${forms.join(", ")}.`, { allowed: forms }));
  }
  if (form !== "mixb" && (lists["media"]?.length || values["stems"] !== undefined))
    throw new ProblemError(usageProblem("--media and --stems put files into a bundle: use them with --to mixb."));
  return form;
};

/** One file of a document alone, as text or MessagePack. */
const convert = async (call: CliCall, form: string, output: string): Promise<CliOutcome> => {
  const { files } = createGround();
  const { value } = take(await openLayered(files, absolute(call, call.positionals[0]!))).file;
  const bytes = form === "json" ? new TextEncoder().encode(canonicalText(value)) : take(encodeMessagePack(value));
  await files.writeAtomic(output, bytes);
  const json = { ok: true, exitCode: 0, file: output, form, bytes: bytes.length };
  return { exitCode: 0, json, text: `${output}: ${bytes.length} bytes of ${form}\n` };
};

const pack = async (call: CliCall, outputFile: string): Promise<CliOutcome> => {
  const stems = call.values["stems"];
  const said: Problem[] = [];
  const request = {
    documentFile: absolute(call, call.positionals[0]!),
    outputFile,
    mediaFolders: mediaFolders(call),
    ...(stems === undefined ? {} : { stemsFolder: absolute(call, stems) }),
  };
  const { file, bytes, packed } = take(await packDocument(sessionPorts(call, [], ""), request), said);
  const warnings = said.map(({ message }) => message);
  const count = (kind: string) => packed.filter((one) => one.kind === kind).length;
  const text = `${file}: ${bytes} bytes, the document with ${count("media")} media and ${count("stem")} stems\n`;
  return { exitCode: 0, json: { ok: true, exitCode: 0, form: "mixb", file, bytes, packed, warnings }, text, warnings };
};

export const convertCommand: Command = {
  name: "convert",
  summary: "between the forms of a document: text, MessagePack, and the bundle that a mix is handed over in",
  usage: "<doc> --to json|msgpack|mixb -o <file> [--media <dir> ...] [--stems <dir>]",
  options: [
    { name: "to", kind: "value", shown: "json|msgpack|mixb", doc: "the form that is written" },
    outputOption("<file>", "the file that is written"),
    { ...mediaOption, doc: "with --to mixb: put the sources in, found in these folders (repeatable)" },
    { name: "stems", kind: "value", shown: "<dir>", doc: "with --to mixb: put in the WAV files of a folder of stems" },
  ],
  examples: [
    "premix convert episode.mix.json --to mixb -o episode.mixb --media /Volumes/Rushes",
    "premix convert episode.mixb --to json -o episode.mix.json",
  ],
  positionals: [1, 1],
  run: (call) => {
    const form = formOf(call);
    const output = requiredOutput(call, "<file>");
    return form === "mixb" ? pack(call, output) : convert(call, form, output);
  },
};
