import type { ExitCode } from "../../../schema/problem.ts";
import { renderDocument } from "../../session/render-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, requiredOutput } from "../arguments.ts";
import { type Command, mediaOption, outputOption, renderOptions } from "../command.ts";
import { reportText } from "../mix-text.ts";
import { sessionPorts } from "../ports.ts";
import { renderSettings } from "./mix.ts";

export const renderCommand: Command = {
  name: "render",
  summary: "renders the stems of a document",
  usage: "<doc> -o <dir> [--media <dir> ...] [--threads <n>] [--block <frames>]",
  options: [
    outputOption("<dir>", "receives the stems and the report"),
    mediaOption,
    ...renderOptions,
    { name: "no-cache", kind: "flag", doc: "neither read nor write cached renders (this version keeps none)" },
  ],
  examples: [
    "premix render mix/documents/episode.mix.json -o out --media ./media",
    "premix render reel.mix.json -o out --json --threads 4",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const outputFolder = requiredOutput(call, "<dir>");
    const report = take(
      await renderDocument(sessionPorts(call, [], ""), {
        documentFile: absolute(call, call.positionals[0]!),
        outputFolder,
        mediaFolders: mediaFolders(call),
        ...renderSettings(call),
      }),
    );
    return { exitCode: report.exitCode as ExitCode, json: report, text: reportText(report) };
  },
};
