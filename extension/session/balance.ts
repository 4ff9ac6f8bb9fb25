import type { MediaPaths, RenderOptions } from "../../engine/engine.ts";
import type { ClipAnalysis } from "../../engine/measures.ts";
import type { MixDocument, Role } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { balanceClips } from "./balance-clips.ts";
import type { SessionPorts } from "./ports.ts";
import { reachProgrammeLoudness } from "./programme-gain.ts";

/** Clip levels from the analysis, then the programme gain from renders: a document with its reasons in `decisions`. */
export const balance = async (
  ports: SessionPorts,
  document: MixDocument,
  analyses: ReadonlyMap<string, ClipAnalysis>,
  media: MediaPaths,
  options: Omit<RenderOptions, "write">,
): Promise<Result<MixDocument>> => {
  const { integratedLufs, truePeakDbtp } = document.targets.programme;
  const levelled = balanceClips(document, analyses, integratedLufs, truePeakDbtp);
  const programme = await reachProgrammeLoudness(ports.engine, levelled.document, media, options);
  if (!programme.ok) return programme;
  const warnings: Problem[] = [...programme.warnings, ...programme.value.warnings];
  const decisions = [...levelled.decisions, ...programme.value.decisions];
  return ok({ ...programme.value.document, decisions }, warnings);
};

/** The ducking rules with each target difference raised by what the finished stems were short of, plus half a LU. */
export const withDeeperDucking = (
  document: MixDocument,
  shortfallLu: Readonly<Partial<Record<Role, number>>>,
): MixDocument => ({
  ...document,
  duckers: document.duckers.map((ducker) => {
    const role = (Object.keys(shortfallLu) as Role[]).find((one) => ducker.targets.includes(`role:${one}`));
    if (role === undefined) return ducker;
    const wanted = Number(ducker["targetDifferenceLu"]) + (shortfallLu[role] ?? 0) + 0.5;
    return { ...ducker, targetDifferenceLu: Math.min(30, Math.round(wanted * 10) / 10) };
  }),
});
