import type { Measures } from "../../../engine/measures.ts";
import { exitCodeOf, type Problem, ProblemError } from "../../../schema/problem.ts";
import { findTargetProfile, programmeTarget, type TargetProfile } from "../../../schema/target-profiles.ts";
import { take } from "../../session/settle.ts";
import { judge } from "../../session/verdict.ts";
import { absolute, usageProblem } from "../arguments.ts";
import type { CliCall, CliOutcome, Command } from "../command.ts";
import { problemJson } from "../failure.ts";
import { createGround } from "../ports.ts";
import { columns, figure, problemText } from "../text.ts";

type Measured =
  | { readonly file: string; readonly measures: Measures; readonly findings: readonly string[] }
  | { readonly file: string; readonly problems: readonly Problem[] };

/** A media file that is not there is the environment's fault, not the user's. */
const asMedia = (problem: Problem): Problem =>
  problem.code === "missing-file" ? { ...problem, code: "missing-media" } : problem;

const measureOne = async (call: CliCall, given: string, profile: TargetProfile | null): Promise<Measured> => {
  const { engine } = createGround();
  try {
    const measures = take(await engine.measure(absolute(call, given), call.io.signal));
    const targets = profile ? { programme: programmeTarget(profile) } : null;
    const findings = targets ? judge(targets, measures.integratedLufs, measures).findings : [];
    return { file: given, measures, findings };
  } catch (error) {
    if (!(error instanceof ProblemError) || call.io.signal.aborted) throw error;
    return { file: given, problems: error.problems.map(asMedia) };
  }
};

const entryJson = (entry: Measured, profile: TargetProfile | null): object => {
  if ("problems" in entry) return { file: entry.file, error: problemJson(entry.problems[0]!) };
  const { file, measures, findings } = entry;
  const verdict = profile
    ? { target: { profile: profile.name, verdict: findings.length === 0 ? "pass" : profile.severity, findings } }
    : {};
  return { file, ...measures, ...verdict };
};

const row = (entry: Measured): string[] => {
  if ("problems" in entry) return [entry.file, "not measured"];
  const { measures: m } = entry;
  return [
    entry.file,
    figure(m.integratedLufs, "LUFS"),
    figure(m.maxMomentaryLufs, "LUFS"),
    figure(m.maxShortTermLufs, "LUFS"),
    figure(m.loudnessRangeLu, "LU"),
    figure(m.truePeakDbtp, "dBTP"),
    figure(m.samplePeakDbfs, "dBFS"),
    `${m.durationSeconds.toFixed(3)} s`,
    `${m.sampleRate} Hz x ${m.channels}`,
  ];
};

const head = ["file", "integrated", "max M", "max S", "range", "true peak", "sample peak", "length", "format"];

const outcomeOf = (entries: readonly Measured[], profile: TargetProfile | null): CliOutcome => {
  const problems = entries.flatMap((entry) => ("problems" in entry ? entry.problems : []));
  const findings = entries.flatMap((entry) =>
    "problems" in entry ? [] : entry.findings.map((text) => `${entry.file}: ${text}`),
  );
  const isOutside = findings.length > 0 && profile?.severity === "fail";
  const exitCode = problems.length > 0 ? exitCodeOf(problems) : isOutside ? 5 : 0;
  const files = entries.map((entry) => entryJson(entry, profile));
  const only = files.length === 1 ? files[0] : {};
  const errors = problems.length > 0 ? { errors: problems.map(problemJson) } : {};
  const text = `${columns([head, ...entries.map(row)])}${problems.map(problemText).join("")}`;
  return { exitCode, json: { ok: exitCode === 0, exitCode, ...only, files, ...errors }, text, warnings: findings };
};

export const measureCommand: Command = {
  name: "measure",
  summary: "measures loudness and peaks of audio files",
  usage: "<audio file> ... [--target <profile>]",
  options: [
    { name: "target", kind: "value", shown: "<profile>", doc: "compare with a target profile; outside = exit 5" },
  ],
  examples: ["premix measure mix.wav", "premix measure renders/*.wav --target ebu-r128 --json"],
  positionals: [1, Number.POSITIVE_INFINITY],
  run: async (call) => {
    const name = call.values["target"];
    const profile = name === undefined ? null : take(findTargetProfile(name));
    if (profile?.gating === "dialogue") {
      const message = `The target ${profile.name} is measured over dialogue; a single file does not tell where that is. Use premix render.`;
      throw new ProblemError(usageProblem(message));
    }
    const entries: Measured[] = [];
    for (const [done, file] of call.positionals.entries()) {
      call.onProgress({ phase: "measure", done, total: call.positionals.length });
      entries.push(await measureOne(call, file, profile));
    }
    return outcomeOf(entries, profile);
  },
};
