import type { MixReport, ReportStem } from "../session/mix-report.ts";
import { columns, figure, printable } from "./text.ts";

const stemRow = ({ name, frames, sampleRate, measures, file }: ReportStem): string[] => [
  name,
  figure(measures.integratedLufs, "LUFS"),
  figure(measures.truePeakDbtp, "dBTP"),
  `${(frames / sampleRate).toFixed(2)} s`,
  file,
];

const figuresOf = (values: { readonly [name: string]: number | null }): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value ?? "silent"}`)
    .join(", ");

const decisionsText = (report: MixReport): string => {
  const decisions = report.decisions ?? [];
  if (decisions.length === 0) return "";
  const names = new Map(report.clips.map(({ id, name, track }) => [id, `${track} ${name}`]));
  const rows = decisions.map(({ rule, subject, measured, unit, change }) => [
    `  ${rule}`,
    names.get(subject) ?? subject,
    measured === null ? "-" : `${measured} ${unit}`,
    change,
  ]);
  return `\nDecisions\n${columns(rows)}`;
};

const placedText = ({ placed, originalsUnchanged }: MixReport): string => {
  if (!placed) return "";
  const rows = placed.map(({ trackName, trackIndex, readBack }) => [
    `  A${trackIndex + 1}`,
    trackName,
    readBack ? "read back, equal" : "could not be read back",
  ]);
  const originals = originalsUnchanged
    ? "the original tracks are unchanged"
    : "THE ORIGINAL TRACKS CHANGED: undo in Premiere";
  return `\nPlaced (not the MIX: beside its stems it would double the sound); ${originals}\n${columns(rows)}`;
};

/** A mix or render for people: stems, verdict, decisions, tracks, warnings, and where the files are. */
export const reportText = (report: MixReport): string => {
  const { sequence, target, document } = report;
  const warnings = report.warnings.map((text) => `  - ${printable(text)}\n`).join("");
  return [
    `${printable(sequence.name)}: ${sequence.durationSeconds.toFixed(2)} s, ${report.clips.length} clips\n\n`,
    columns([["stem", "loudness", "true peak", "length", "file"], ...[...report.stems, report.mix].map(stemRow)]),
    `\n${target.verdict.toUpperCase()} against ${printable(target.profile)}: ${figuresOf(target.measured)} (limits: ${figuresOf(target.limits)})\n`,
    decisionsText(report),
    placedText(report),
    warnings === "" ? "" : `\nWarnings\n${warnings}`,
    `\ndocument ${printable(document.path)}\n`,
    report.report ? `report   ${printable(report.report.html)}\n` : "",
  ].join("");
};
