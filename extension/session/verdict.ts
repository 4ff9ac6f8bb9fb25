import type { RenderedFile } from "../../engine/engine.ts";
import type { Measures } from "../../engine/measures.ts";
import type { MixDocument, Targets } from "../../schema/generated/mix-document.ts";
import { measuredLoudness, renderedMix } from "./document-stems.ts";
import { methodLabels, methodOf } from "./loudness-method.ts";
import type { MixReport } from "./mix-report.ts";

/** A verdict with one sentence for each miss: by how much, and what would mend it. */
export type Verdict = { readonly target: MixReport["target"]; readonly findings: readonly string[] };

/** A figure this little over its limit is the meter's own tolerance. */
const meterTolerance = 0.05;

const round = (value: number | null) => (value === null ? null : Math.round(value * 100) / 100);

const loudnessFinding = ({ programme }: Targets, label: string, loudnessLufs: number | null): string[] => {
  const { integratedLufs, toleranceLu } = programme;
  if (loudnessLufs === null) return [`The loudness (${label}) cannot be measured: it is silent.`];
  const off = loudnessLufs - integratedLufs;
  if (Math.abs(off) <= toleranceLu + 0.005) return [];
  const remedy = `${off > 0 ? "lower" : "raise"} the programme by ${Math.abs(off).toFixed(1)} dB`;
  const allowed = `${(integratedLufs - toleranceLu).toFixed(1)} to ${(integratedLufs + toleranceLu).toFixed(1)} LUFS`;
  return [`The loudness (${label}) is ${loudnessLufs.toFixed(1)} LUFS, allowed are ${allowed}: ${remedy}.`];
};

const upperFinding = (name: string, value: number | null, limit: number | undefined, unit: string): string[] => {
  if (value === null || limit === undefined || value <= limit + meterTolerance) return [];
  const over = (value - limit).toFixed(1);
  return [`${name} is ${value.toFixed(1)} ${unit}, allowed are ${limit} ${unit} at most: ${over} dB too much.`];
};

/** Compares one programme's measures with a target; `loudnessLufs` is measured as the target's profile asks. */
export const judge = (targets: Targets, loudnessLufs: number | null, mix: Measures): Verdict => {
  const { integratedLufs, toleranceLu, truePeakDbtp, maxShortTermLufs, profile } = targets.programme;
  const { method, severity } = methodOf(targets);
  const loudnessKey = method === "programme" ? "integratedLufs" : "dialogueIntegratedLufs";
  const findings = [
    ...loudnessFinding(targets, methodLabels[method], loudnessLufs),
    ...upperFinding("The true peak", mix.truePeakDbtp, truePeakDbtp, "dBTP"),
    ...upperFinding("The maximum short-term loudness", mix.maxShortTermLufs, maxShortTermLufs, "LUFS"),
  ];
  const shortTerm = maxShortTermLufs === undefined ? {} : { maxShortTermLufs };
  const measuredShortTerm = maxShortTermLufs === undefined ? {} : { maxShortTermLufs: round(mix.maxShortTermLufs) };
  return {
    target: {
      profile: profile ?? "document",
      verdict: findings.length === 0 ? "pass" : severity,
      limits: { [loudnessKey]: integratedLufs, toleranceLu, truePeakDbtp, ...shortTerm },
      measured: { [loudnessKey]: round(loudnessLufs), truePeakDbtp: round(mix.truePeakDbtp), ...measuredShortTerm },
    },
    findings,
  };
};

/** Verdict of a finished render: the mix against the document's target. */
export const judgeRender = (document: MixDocument, files: readonly RenderedFile[]): Verdict => {
  const { method } = methodOf(document.targets);
  const { measures } = renderedMix(document, files);
  return judge(document.targets, measuredLoudness(document, files, method), measures);
};
