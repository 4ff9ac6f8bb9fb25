import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { type ExitCode, type Problem, ProblemError } from "../../../schema/problem.ts";
import { findTargetProfile, type TargetProfile, targetProfiles } from "../../../schema/target-profiles.ts";
import { documentTimeline } from "../../session/document-timeline.ts";
import type { MixReport } from "../../session/mix-report.ts";
import { mixSequence } from "../../session/mix-sequence.ts";
import { openDocument } from "../../session/open-document.ts";
import { placeDocument } from "../../session/place-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, usageProblem, wholeNumber } from "../arguments.ts";
import { type CliCall, type CliOutcome, type Command, mediaOption, outputOption, renderOptions } from "../command.ts";
import { demoMedia, demoProject } from "../demo-location.ts";
import { reportText } from "../mix-text.ts";
import { createGround, sessionPorts } from "../ports.ts";
import { classifyInput, readProject } from "../project-input.ts";

const defaultProfile = "ebu-r128";

/** Threads and block size of a call, with the defaults of the command line. */
export const renderSettings = (call: CliCall) => {
  const cores = availableParallelism();
  const blockFrames = wholeNumber(call, "block", 16, 65_536);
  return {
    threads: wholeNumber(call, "threads", 1, Math.max(cores, 64)) ?? cores,
    ...(blockFrames === undefined ? {} : { blockFrames }),
  };
};

const outcomeOf = (report: MixReport, more: readonly Problem[]): CliOutcome => {
  const warnings = [...new Set([...more.map(({ message }) => message), ...report.warnings])];
  const complete = { ...report, warnings };
  return { exitCode: report.exitCode as ExitCode, json: complete, text: reportText(complete) };
};

/** What the flags say of the target and of the house that the mix is built on. */
const layerRequest = ({ values }: CliCall) => ({
  isProfileChosen: values["target"] !== undefined,
  ...(values["house"] === undefined ? {} : { houses: [values["house"]] }),
});

const mixProject = async (
  call: CliCall,
  file: string,
  output: string,
  media: readonly string[],
  profile: TargetProfile,
): Promise<CliOutcome> => {
  const { files } = createGround();
  const warnings: Problem[] = [];
  const { timeline } = take(await readProject(files, file, call.values["sequence"]), warnings);
  const ports = sessionPorts(call, [timeline], file);
  const request = {
    outputFolder: output,
    projectFile: file,
    mediaFolders: media,
    profile,
    ...layerRequest(call),
    ...renderSettings(call),
  };
  return outcomeOf(take(await mixSequence(ports, request)), warnings);
};

const placeFolder = async (call: CliCall, documentFile: string, output: string): Promise<CliOutcome> => {
  if (call.values["target"] !== undefined || call.values["house"] !== undefined) {
    const message =
      "A mix/ folder is rendered as its document stands: --target and --house are for a project. Change it with premix set.";
    throw new ProblemError(usageProblem(message));
  }
  const { files } = createGround();
  const document = take(await openDocument(files, documentFile));
  const ports = sessionPorts(call, [documentTimeline(document)], documentFile);
  const name = basename(documentFile).replace(/\.mix\.json$|\.mixb$/, "");
  const report = take(
    await placeDocument(ports, {
      documentFile,
      outputFolder: join(output, "renders", name),
      reportFolder: join(output, "reports"),
      reportName: name,
      mediaFolders: mediaFolders(call),
      ...renderSettings(call),
    }),
  );
  return outcomeOf(report, []);
};

const run = async (call: CliCall): Promise<CliOutcome> => {
  const profile = take(findTargetProfile(call.values["target"] ?? defaultProfile));
  const chosen = call.values["output"];
  const [given] = call.positionals;
  if (given === undefined) {
    const output = absolute(call, chosen ?? "premix-demo");
    return mixProject(call, demoProject, output, [...mediaFolders(call), demoMedia], profile);
  }
  const input = take(await classifyInput(createGround().files, absolute(call, given)));
  if (input.kind === "mix-folder") {
    return placeFolder(call, input.documentFile, chosen === undefined ? input.folder : absolute(call, chosen));
  }
  const output = chosen === undefined ? join(dirname(input.file), "mix") : absolute(call, chosen);
  return mixProject(call, input.file, output, mediaFolders(call), profile);
};

export const mixCommand: Command = {
  name: "mix",
  summary: "the one-click job on a simulated Premiere: read, balance, render, place, verify, report",
  usage: "[<input>] [-o <dir>] [--target <profile>] [--house <name>] [--media <dir> ...] [--sequence <name|id>]",
  options: [
    outputOption("<dir>", "the mix/ folder that is written (default: mix/ beside the input; the demo: ./premix-demo)"),
    {
      name: "target",
      kind: "value",
      shown: "<profile>",
      doc: `${targetProfiles.map(({ name }) => name).join(", ")} (default: ${defaultProfile})`,
    },
    {
      name: "house",
      kind: "value",
      shown: "<name>",
      doc: "house package the mix is built on, by name: from house/ of the mix folder, project.jsonc or node_modules",
    },
    mediaOption,
    { name: "sequence", kind: "value", shown: "<name|id>", doc: "which sequence of the project (default: the first)" },
    ...renderOptions,
  ],
  examples: ["premix mix", "premix mix episode.prproj --media ./media --target netflix -o ./mix"],
  positionals: [0, 1],
  run,
};
