import { canonicalText } from "../../../schema/canonical.ts";
import { encodeMessagePack } from "../../../schema/codec.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { openLayered } from "../../session/open-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, requiredOutput, usageProblem } from "../arguments.ts";
import { type Command, outputOption } from "../command.ts";
import { createGround } from "../ports.ts";

const forms = ["json", "msgpack"];

export const convertCommand: Command = {
  name: "convert",
  summary: "between the text and the MessagePack form of a document",
  usage: "<doc> --to json|msgpack -o <file>",
  options: [
    { name: "to", kind: "value", shown: "json|msgpack", doc: "the form that is written" },
    outputOption("<file>", "the file that is written"),
  ],
  examples: [
    "premix convert episode.mix.json --to msgpack -o episode.mixb",
    "premix convert episode.mixb --to json -o episode.mix.json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const form = call.values["to"];
    if (form === undefined || !forms.includes(form)) {
      const given = form === undefined ? "--to is missing" : `--to is ${JSON.stringify(form)}`;
      throw new ProblemError(usageProblem(`${given}; allowed are ${forms.join(" and ")}.`, { allowed: forms }));
    }
    const output = requiredOutput(call, "<file>");
    const { files } = createGround();
    const { file } = take(await openLayered(files, absolute(call, call.positionals[0]!)));
    const bytes =
      form === "json" ? new TextEncoder().encode(canonicalText(file.value)) : take(encodeMessagePack(file.value));
    await files.writeAtomic(output, bytes);
    const json = { ok: true, exitCode: 0, file: output, form, bytes: bytes.length };
    return { exitCode: 0, json, text: `${output}: ${bytes.length} bytes of ${form}\n` };
  },
};
