import { ProblemError } from "../../../schema/problem.ts";
import { type ConformFileReport, conformFile, type NewCut } from "../../session/conform/conform-file.ts";
import type { ConformedClip, ConformedCue } from "../../session/conform/conform-report.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders, requiredOutput, usageProblem } from "../arguments.ts";
import { type CliCall, type Command, mediaOption, outputOption } from "../command.ts";
import { createGround, sessionPorts } from "../ports.ts";
import { readProject } from "../project-input.ts";
import { columns } from "../text.ts";

const isDocument = (file: string): boolean => /\.(json|mixb|msgpack)$/i.test(file);

const saidOf = ({ dropped, overruled, joinedInto }: ConformedClip): string => {
  const parts = [
    ...(joinedInto === undefined ? [] : [`joined into ${joinedInto}`]),
    ...dropped.filter(({ what }) => what !== "clip").map(({ what }) => `without its ${what}`),
    ...overruled.map((what) => `${what} as in the mix`),
  ];
  return parts.join("; ");
};

const clipRow = (clip: ConformedClip): string[] => {
  const { state, before, after, name } = clip;
  const place = (after ?? before)!;
  const from = before && after && state !== "kept" ? `from ${before.track} ${before.from}` : "";
  return [state, place.track, place.from, place.to, name, [from, saidOf(clip)].filter(Boolean).join("; ")];
};

const cueRow = ({ state, before, after, name, why }: ConformedCue): string[] => [
  `cue ${state}`,
  "",
  after ?? before,
  "",
  name,
  why,
];

const conformText = ({ clips, cues, tracks, counts, document, reportFile, sequence }: ConformFileReport): string => {
  const changed = clips.filter(
    ({ state, dropped, overruled }) => state !== "kept" || dropped.length + overruled.length > 0,
  );
  const sum = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  const rides = tracks.flatMap(({ name, ride }) =>
    ride === null || ride === "kept" ? [] : [["ride", "", "", "", name, ride]],
  );
  const rows = [...changed.map(clipRow), ...rides, ...cues.filter(({ state }) => state !== "kept").map(cueRow)];
  return [
    rows.length === 0 ? "" : `${columns(rows)}\n`,
    `${sequence.name}: ${sum.join(", ")}\n`,
    `document ${document.path}\nreport   ${reportFile}\n`,
  ].join("");
};

const cutOf = async (
  call: CliCall,
  file: string,
  warnings: string[],
): Promise<{ cut: NewCut; ports: ReturnType<typeof sessionPorts> }> => {
  if (isDocument(file)) return { cut: { documentFile: file }, ports: sessionPorts(call, [], "") };
  const { files } = createGround();
  const read = await readProject(files, file, call.values["sequence"]);
  const { timeline } = take(read);
  if (read.ok) warnings.push(...read.warnings.map(({ message }) => message));
  return { cut: { timeline }, ports: sessionPorts(call, [timeline], file) };
};

export const conformCommand: Command = {
  name: "conform",
  summary: "carries a mix onto a changed cut and says what became of every clip",
  usage: "<doc> <input> -o <file> [--media <dir> ...] [--sequence <name|id>]",
  options: [
    outputOption("<file>", "the document that is written; a report with all that is gone is written beside it"),
    mediaOption,
    { name: "sequence", kind: "value", shown: "<name|id>", doc: "which sequence of the input (default: the first)" },
  ],
  examples: [
    "premix conform reel-v1.mix.json reel-v2.prproj -o reel-v2.mix.json --media ./media",
    "premix conform reel-v1.mix.json reel-v2.xml -o reel-v2.mix.json --json",
  ],
  positionals: [2, 2],
  run: async (call) => {
    const outputFile = requiredOutput(call, "<file>");
    const [documentFile, input] = [absolute(call, call.positionals[0]!), absolute(call, call.positionals[1]!)];
    if (outputFile === input)
      throw new ProblemError(usageProblem("The new cut is never written: name another file behind -o."));
    const warnings: string[] = [];
    const { cut, ports } = await cutOf(call, input, warnings);
    const request = { documentFile, cut, outputFile, mediaFolders: mediaFolders(call) };
    const report = take(await conformFile(ports, request));
    const complete = { ...report, warnings: [...new Set([...warnings, ...report.warnings])] };
    return { exitCode: 0, json: complete, text: conformText(complete), warnings: complete.warnings };
  },
};
