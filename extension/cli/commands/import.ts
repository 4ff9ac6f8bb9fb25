import { ProblemError } from "../../../schema/problem.ts";
import { findTargetProfile } from "../../../schema/target-profiles.ts";
import { type ImportReport, importSequence } from "../../session/import-sequence.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, requiredOutput, usageProblem } from "../arguments.ts";
import { type Command, mediaOption, outputOption } from "../command.ts";
import { fidelityText } from "../fidelity-text.ts";
import { createGround, sessionPorts } from "../ports.ts";
import { readProject } from "../project-input.ts";

const importText = ({ document, sequence, counts, properties, clips }: ImportReport): string =>
  [
    `${sequence.name}: ${clips.length} clips, ${sequence.durationSeconds.toFixed(2)} s at ${sequence.frameRate} fps\n`,
    `document ${document.path}\n\n`,
    fidelityText(properties, counts),
  ].join("");

export const importCommand: Command = {
  name: "import",
  summary: "writes a project's sequence down as a mix document and says what became of each property",
  usage: "<file> -o <doc.mix.json> [--media <dir> ...] [--sequence <name|id>]",
  options: [
    outputOption("<doc.mix.json>", "the document that is written"),
    mediaOption,
    { name: "sequence", kind: "value", shown: "<name|id>", doc: "which sequence of the file (default: the first)" },
  ],
  examples: [
    "premix import episode.prproj -o episode.mix.json",
    "premix import cut.xml -o cut.mix.json --media ./media --json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const documentFile = requiredOutput(call, "<doc.mix.json>");
    const file = absolute(call, call.positionals[0]!);
    if (documentFile === file)
      throw new ProblemError(usageProblem("The input file is never written: name another one behind -o."));
    const warnings: string[] = [];
    const read = await readProject(createGround().files, file, call.values["sequence"]);
    const { timeline } = take(read);
    if (read.ok) warnings.push(...read.warnings.map(({ message }) => message));
    const profile = take(findTargetProfile("ebu-r128"));
    const request = { timeline, documentFile, mediaFolders: mediaFolders(call), profile };
    const report = take(await importSequence(sessionPorts(call, [timeline], file), request));
    const complete = { ...report, warnings: [...new Set([...warnings, ...report.warnings])] };
    return { exitCode: 0, json: complete, text: importText(complete), warnings: complete.warnings };
  },
};
