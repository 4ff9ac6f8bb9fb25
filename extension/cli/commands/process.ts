import type { Measures } from "../../../engine/measures.ts";
import { type ChannelLayout, channelLayouts } from "../../../schema/channel-layout.ts";
import type { Problem } from "../../../schema/problem.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { listPresets, openChain } from "../../session/open-chain.ts";
import { type ProcessReport, processFile } from "../../session/process-file.ts";
import { take } from "../../session/settle.ts";
import { absolute, checkPositionals, mediaFolders, requiredOutput, usageProblem } from "../arguments.ts";
import { type CliCall, type CliOutcome, type Command, mediaOption, outputOption } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns, figure } from "../text.ts";

const bitDepths = [16, 24, 32] as const;

const bitDepthOf = ({ values }: CliCall): { readonly bitDepth?: 16 | 24 | 32 } => {
  const given = values["bit-depth"];
  if (given === undefined) return {};
  const bitDepth = bitDepths.find((depth) => String(depth) === given);
  if (bitDepth !== undefined) return { bitDepth };
  const allowed = bitDepths.map(String);
  const message = `--bit-depth is ${JSON.stringify(given)}; allowed are ${allowed.join(", ")} (32 is float).`;
  throw new ProblemError(usageProblem(message, { allowed }));
};

const layouts = Object.keys(channelLayouts) as ChannelLayout[];

const layoutOf = ({ values }: CliCall): { readonly layout?: ChannelLayout } => {
  const given = values["layout"];
  if (given === undefined) return {};
  const layout = layouts.find((name) => name === given);
  if (layout !== undefined) return { layout };
  const message = `--layout is ${JSON.stringify(given)}; allowed are ${layouts.join(", ")}.`;
  throw new ProblemError(usageProblem(message, { allowed: layouts }));
};

const presetList = (): CliOutcome => {
  const presets = listPresets();
  const json = { ok: true, exitCode: 0, presets: presets.map(({ file: _, files: __, ...preset }) => preset) };
  return { exitCode: 0, json, text: columns(presets.map(({ name, description }) => [name, description])) };
};

const signed = (after: number | null, before: number | null, unit: string): string => {
  if (after === null || before === null) return "";
  const change = after - before;
  return `${change < 0 ? "" : "+"}${change.toFixed(1)} ${unit}`;
};

const measureRows = (before: Measures, after: Measures): string[][] => {
  const row = (name: string, unit: string, read: (measures: Measures) => number | null) => [
    `  ${name}`,
    figure(read(before), unit),
    figure(read(after), unit),
    signed(read(after), read(before), unit),
  ];
  return [
    ["", "before", "after", "change"],
    row("integrated", "LUFS", ({ integratedLufs }) => integratedLufs),
    row("max short-term", "LUFS", ({ maxShortTermLufs }) => maxShortTermLufs),
    row("range", "LU", ({ loudnessRangeLu }) => loudnessRangeLu),
    row("true peak", "dBTP", ({ truePeakDbtp }) => truePeakDbtp),
    row("sample peak", "dBFS", ({ samplePeakDbfs }) => samplePeakDbfs),
    row("length", "s", ({ durationSeconds }) => durationSeconds),
  ];
};

const reportText = ({ output, chain, before, after, reductionsDb }: ProcessReport): string => {
  const rows = chain.processors.map(({ id, type, enabled }) => {
    const reduction = reductionsDb[id] ?? 0;
    return [`  ${type}`, enabled ? "" : "off", reduction < 0 ? `at most ${reduction.toFixed(1)} dB` : ""];
  });
  const form = `${output.sampleRate} Hz x ${output.channels}, ${output.bitDepth === 32 ? "32-bit float" : `${output.bitDepth}-bit`}`;
  return `${chain.name}\n${columns(rows)}\n${columns(measureRows(before, after))}\n${columns([[output.file, form]])}`;
};

const run = async (call: CliCall): Promise<CliOutcome> => {
  if (call.flags.has("list")) return presetList();
  checkPositionals({ ...processCommand, positionals: [1, 1] }, call.positionals);
  const given = call.values["chain"];
  if (given === undefined) {
    const allowed = listPresets().map(({ name }) => name);
    const message = `Say which chain: --chain <preset or JSON file>; the presets are ${allowed.join(", ")}.`;
    throw new ProblemError(usageProblem(message, { allowed }));
  }
  const outputFile = requiredOutput(call, "<out.wav>");
  const settings = { ...bitDepthOf(call), ...layoutOf(call) };
  const ground = createGround();
  const warnings: Problem[] = [];
  const { signal, workingFolder } = call.io;
  const search = { workingFolder, mediaFolders: mediaFolders(call), signal };
  const chain = take(await openChain(ground.files, given, absolute(call, given), search), warnings);
  const ports = { ...ground, onProgress: call.onProgress, signal };
  const inputFile = absolute(call, call.positionals[0]!);
  const tail = call.flags.has("tail");
  const report = take(await processFile(ports, { inputFile, outputFile, chain, tail, ...settings }));
  const said = [...new Set([...warnings.map(({ message }) => message), ...report.warnings])];
  return { exitCode: 0, json: { ...report, warnings: said }, text: reportText(report), warnings: said };
};

export const processCommand: Command = {
  name: "process",
  summary: "sends one audio file through one chain of processors",
  usage:
    "<audio file> --chain <preset or JSON file> -o <out.wav> [--media <dir> ...] [--layout mono|stereo|5.1|7.1] [--bit-depth 16|24|32] [--tail]",
  options: [
    {
      name: "chain",
      kind: "value",
      shown: "<preset or file>",
      doc: "a preset by name, or a JSON or JSONC file: a list of processors as in a document, whose `file` is a path beside it or below the working folder",
    },
    outputOption("<out.wav>", "the WAV file that is written"),
    mediaOption,
    {
      name: "layout",
      kind: "value",
      shown: "mono|stereo|5.1|7.1",
      doc: "speakers of the output (default: those of the file); fewer are folded down (ITU-R BS.775), upmix fills more",
    },
    {
      name: "bit-depth",
      kind: "value",
      shown: "16|24|32",
      doc: "32 is float (default: 24 for integer files, else 32); 16 is rounded without dither",
    },
    { name: "tail", kind: "flag", doc: "go on behind the end until the processors have fallen silent" },
    { name: "list", kind: "flag", doc: "list the presets" },
  ],
  examples: [
    "premix process interview.wav --chain voice-clean-up -o interview-clean.wav",
    "premix process surround.wav --chain fold.jsonc --layout stereo -o stereo.wav",
  ],
  positionals: [0, 1],
  run,
};
