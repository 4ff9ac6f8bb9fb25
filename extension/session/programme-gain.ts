import type { Engine, MediaPaths, RenderOptions, RenderResult } from "../../engine/engine.ts";
import type { Decision, MixDocument, Role } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { masterLimiterId, programmeGainId } from "./document-frame.ts";
import { measuredLoudness, renderedMix } from "./document-stems.ts";
import { type LoudnessMethod, methodLabels, methodOf } from "./loudness-method.ts";

/** Programme loudness is set to within this, in LU. */
export const programmeToleranceLu = 0.05;
const maxLooks = 3;
/** A limiter that would have to work harder than this is said to, in dB. */
const limiterWorkDb = 6;

const roles: readonly Role[] = ["dialogue", "music", "effects", "ambience"];
const roundDb = (db: number) => Math.round(db * 1000) / 1000;

export type Programme = {
  readonly document: MixDocument;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Problem[];
};

type Look = { readonly measuredLufs: number | null; readonly peakDbtp: number | null; readonly limiterDb: number };

const lookAt = (document: MixDocument, { files, reductionsDb }: RenderResult, method: LoudnessMethod): Look => ({
  measuredLufs: measuredLoudness(document, files, method),
  peakDbtp: renderedMix(document, files).measures.truePeakDbtp,
  limiterDb: reductionsDb[masterLimiterId] ?? 0,
});

/** The same gain on the four role buses, before their duckers: every stem and the mix move by it, and the stems still sum to the mix. */
const withProgrammeGain = (document: MixDocument, gainDb: number): MixDocument => {
  const ids = new Set(roles.map(programmeGainId));
  return {
    ...document,
    buses: document.buses.map((bus) => ({
      ...bus,
      processors: bus.processors.map((processor) => (ids.has(processor.id) ? { ...processor, gainDb } : processor)),
    })),
  };
};

/** Nothing but a gain lies between the two mixes when the limiter rested before and will rest after: the result is known. */
const isLinear = (look: Look, changeDb: number, ceilingDbtp: number) =>
  look.limiterDb > -0.01 && look.peakDbtp !== null && look.peakDbtp + changeDb < ceilingDbtp - 0.1;

const explain = (first: number | null, gainDb: number, targetLufs: number, method: LoudnessMethod): Decision => ({
  id: stableId("dec", "programme-loudness"),
  rule: "programme-loudness",
  subject: "bus_main",
  measured: first === null ? null : Math.round(first * 100) / 100,
  threshold: targetLufs,
  unit: "LUFS",
  change:
    first === null
      ? "none: the programme is silent"
      : `${gainDb >= 0 ? "+" : "-"}${Math.abs(gainDb).toFixed(2)} dB on each of the four role buses, one linear gain; measured as ${methodLabels[method]}`,
});

const limiterWarning = (limiterDb: number): Problem[] =>
  limiterDb < -limiterWorkDb
    ? [
        {
          code: "outside-target",
          message: `The limiter has to take off ${(-limiterDb).toFixed(1)} dB at the loudest moment to keep the true peak; more than ${limiterWorkDb} dB is audible. Lower the loudest clips, or choose a quieter target.`,
        },
      ]
    : [];

/** Reaches the target loudness by one linear gain, looking at no more than three renders that write nothing. */
export const reachProgrammeLoudness = async (
  engine: Engine,
  document: MixDocument,
  media: MediaPaths,
  options: Omit<RenderOptions, "write">,
): Promise<Result<Programme>> => {
  const { method } = methodOf(document.targets);
  const { integratedLufs, truePeakDbtp } = document.targets.programme;
  let gainDb = 0;
  let first: number | null = null;
  let limiterDb = 0;
  for (let look = 1; look <= maxLooks; look += 1) {
    const rendered = await engine.render(withProgrammeGain(document, gainDb), media, { ...options, write: false });
    if (!rendered.ok) return rendered;
    const seen = lookAt(document, rendered.value, method);
    limiterDb = seen.limiterDb;
    if (look === 1) first = seen.measuredLufs;
    if (seen.measuredLufs === null) break;
    const changeDb = integratedLufs - seen.measuredLufs;
    if (Math.abs(changeDb) <= programmeToleranceLu) break;
    gainDb = roundDb(Math.min(24, gainDb + changeDb));
    if (isLinear(seen, changeDb, truePeakDbtp)) break;
  }
  const decisions = [explain(first, gainDb, integratedLufs, method)];
  return ok({ document: withProgrammeGain(document, gainDb), decisions, warnings: limiterWarning(limiterDb) });
};
