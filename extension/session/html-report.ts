import type { MixReport, ReportStem } from "./mix-report.ts";
import { formatTimecode, type TimecodeBase } from "./timecode.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an HTML element or a quoted attribute; control characters become visible, so that no name can act or hide. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => escapes[sign]!).replace(/(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu, "\ufffd");

const figure = (value: number | null, unit: string) => (value === null ? "silent" : `${value.toFixed(1)} ${unit}`);

const row = (cells: readonly string[], tag: "td" | "th" = "td") =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;

const table = (caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ""
    : `<h2>${escapeHtml(caption)}</h2>\n<table><thead>${row(head, "th")}</thead>\n<tbody>\n${rows
        .map((cells) => row(cells))
        .join("\n")}\n</tbody></table>\n`;

const stemRow = ({ name, file, frames, sampleRate, measures }: ReportStem): string[] => [
  name,
  figure(measures.integratedLufs, "LUFS"),
  figure(measures.maxMomentaryLufs, "LUFS"),
  // Pieces shorter than the 3 s window have no short-term loudness, silent or not.
  measures.durationSeconds < 3 ? "-" : figure(measures.maxShortTermLufs, "LUFS"),
  measures.loudnessRangeLu === null ? "-" : `${measures.loudnessRangeLu.toFixed(1)} LU`,
  figure(measures.truePeakDbtp, "dBTP"),
  `${(frames / sampleRate).toFixed(2)} s`,
  file.split(/[/\\]/).at(-1) ?? "",
];

const targetRows = ({ target }: MixReport): string[][] =>
  Object.entries(target.limits).map(([name, limit]) => {
    const measured = target.measured[name];
    return [name, String(limit), measured === null || measured === undefined ? "-" : String(measured)];
  });

const style = `body{font:14px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}th{background:#f4f4f4}
.verdict{display:inline-block;padding:.2rem .7rem;border-radius:.3rem;font-weight:600;color:#fff;background:#1b6e35}
.warn{background:#8a5a00}.fail{background:#a3201d}li{margin:.3rem 0}code{font-size:.9em;overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none}}`;

/** One self-contained page: no script, no network, every text escaped. Times are timecodes of the sequence. */
export const htmlReport = (report: MixReport, base: TimecodeBase): string => {
  const timecode = (ticks: string) => formatTimecode(ticks, base);
  const { sequence, target, document } = report;
  const clipNames = new Map(report.clips.map(({ id, name }) => [id, name]));
  const title = `${sequence.name}: mix report`;
  const warnings = report.warnings.map((text) => `<li>${escapeHtml(text)}</li>`).join("\n");
  const clipRows = report.clips.map((clip) => [
    clip.track,
    timecode(clip.startTicks),
    clip.name,
    clip.media,
    clip.enabled ? clip.role : `${clip.role} (off)`,
    clip.roleEvidence.join("; "),
  ]);
  const decisionRows = (report.decisions ?? []).map(({ rule, subject, measured, threshold, unit, change }) => [
    rule,
    clipNames.get(subject) ?? subject,
    measured === null ? "-" : `${measured} ${unit}`,
    threshold === null ? "-" : `${threshold} ${unit}`,
    change,
  ]);
  const placedRows = (report.placed ?? []).map((placed) => [
    placed.trackName,
    `A${placed.trackIndex + 1}`,
    `${timecode(placed.startTicks)} - ${timecode(placed.endTicks)}`,
    placed.readBack ? "read back, equal" : "could not be read back",
  ]);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p><span class="verdict ${target.verdict}">${target.verdict.toUpperCase()}</span>
against <b>${escapeHtml(target.profile)}</b>. ${escapeHtml(`${sequence.frameRate} fps, ${sequence.sampleRate} Hz, ${sequence.durationSeconds.toFixed(2)} s`)}.
Document <code>${escapeHtml(document.hash)}</code>.</p>
${table("Target", ["figure", "limit", "measured"], targetRows(report))}${table(
  "Stems and mix",
  ["name", "integrated", "max momentary", "max short-term", "range", "true peak", "length", "file"],
  [...report.stems, report.mix].map(stemRow),
)}${report.warnings.length > 0 ? `<h2>Warnings</h2>\n<ul>\n${warnings}\n</ul>\n` : ""}${table(
  "What was decided and why",
  ["rule", "subject", "measured", "compared with", "change"],
  decisionRows,
)}${table("On the timeline", ["track", "place", "from - to", "checked"], placedRows)}${table(
  "Clips",
  ["track", "at", "clip", "media", "role", "why"],
  clipRows,
)}</body></html>
`;
};
