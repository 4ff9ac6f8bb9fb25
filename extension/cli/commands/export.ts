import { ProblemError } from "../../../schema/problem.ts";
import { findWritableFormat, type WritableFormat, writableFormats } from "../../interchange/write-timeline.ts";
import { type ExportReport, exportDocument } from "../../session/export-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, requiredOutput, usageProblem } from "../arguments.ts";
import { type CliCall, type Command, mediaOption, outputOption } from "../command.ts";
import { fidelityText } from "../fidelity-text.ts";
import { sessionPorts } from "../ports.ts";

const exportText = ({ properties, counts, file, bytes, stemTracks }: ExportReport): string =>
  [
    fidelityText(properties, counts),
    ...(stemTracks.length === 0 ? [] : [`stems on ${stemTracks.join(", ")}; the other tracks are muted\n`]),
    `${file}: ${bytes} bytes\n`,
  ].join("");

const requiredFormat = ({ values }: CliCall): WritableFormat => {
  const given = values["to"];
  const format = given === undefined ? undefined : findWritableFormat(given);
  if (format !== undefined) return format;
  const what = given === undefined ? "--to is missing" : `--to is ${JSON.stringify(given)}`;
  throw new ProblemError(
    usageProblem(`${what}; allowed is ${writableFormats.join(", ")}.`, { allowed: writableFormats }),
  );
};

export const exportCommand: Command = {
  name: "export",
  summary: "writes a document as a project file and says what became of each property",
  usage: "<doc> --to xmeml -o <file> [--media <dir> ...] [--stems <dir>]",
  options: [
    {
      name: "to",
      kind: "value",
      shown: "xmeml",
      doc: "the format: xmeml is the Final Cut Pro 7 XML that Premiere imports",
    },
    outputOption("<file>", "the file that is written"),
    { ...mediaOption, doc: "folder whose files are named with their full paths; may be repeated, searched in order" },
    {
      name: "stems",
      kind: "value",
      shown: "<dir>",
      doc: "folder of a render: its stems stand on new tracks, and the other tracks are muted",
    },
  ],
  examples: [
    "premix export episode.mix.json --to xmeml -o episode.xml --media ./media",
    "premix export episode.mix.json --to xmeml -o episode.xml --stems ./out --json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const format = requiredFormat(call);
    const outputFile = requiredOutput(call, "<file>");
    const documentFile = absolute(call, call.positionals[0]!);
    if (documentFile === outputFile)
      throw new ProblemError(usageProblem("The document is never written: name another file behind -o."));
    const stems = call.values["stems"];
    const report = take(
      await exportDocument(sessionPorts(call, [], ""), {
        documentFile,
        outputFile,
        format,
        mediaFolders: mediaFolders(call),
        stemsFolder: stems === undefined ? null : absolute(call, stems),
      }),
    );
    return { exitCode: 0, json: report, text: exportText(report), warnings: report.warnings };
  },
};
