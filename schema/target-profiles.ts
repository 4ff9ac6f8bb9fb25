import { didYouMean } from "./did-you-mean.ts";
import type { Targets } from "./generated/mix-document.ts";
import { fail, ok, type Result } from "./problem.ts";
import { guessSentence, shown } from "./shown.ts";

/** A metric of `engine/measures`, or a loudness that only a gated measure of the dialogue stem can give. */
type TargetMetric = "integratedLufs" | "dialogueIntegratedLufs" | "maxShortTermLufs" | "truePeakDbtp";

/** One demand: a target with its tolerance gives both bounds, a limit only the upper one. */
export type TargetLimit = {
  readonly metric: TargetMetric;
  readonly role: "target" | "limit";
  readonly min?: number;
  readonly max: number;
  readonly unit: "LUFS" | "dBTP";
  /** What a miss means: the delivery fails, or advice was not followed. */
  readonly severity: "fail" | "warn";
};

/** A delivery specification as data. */
export type TargetProfile = {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  /** When the figures were last compared with the citation, ISO 8601. */
  readonly date: string;
  readonly programme: {
    readonly integratedLufs: number;
    readonly toleranceLu: number;
    readonly truePeakDbtp: number;
    readonly maxShortTermLufs?: number;
  };
  /** How the loudness is gated; "dialogue" is measured on the dialogue stem and is not Dolby's speech gate. */
  readonly gating: "programme" | "dialogue";
  readonly severity: "fail" | "warn";
  /** What a reader of a report must know. */
  readonly remark: string;
};

const DATE = "2026-11-20";

/** The profiles that are built in. */
export const targetProfiles: readonly TargetProfile[] = [
  {
    name: "ebu-r128",
    title: "EBU R 128",
    citation: "EBU R 128: loudness normalisation and permitted maximum level of audio signals",
    date: DATE,
    programme: {
      integratedLufs: -23,
      toleranceLu: 0.5,
      truePeakDbtp: -1,
    },
    gating: "programme",
    severity: "fail",
    remark: "Live programmes may differ by 1 LU.",
  },
  {
    name: "ebu-r128-s1",
    title: "EBU R 128 s1 (short form)",
    citation: "EBU R 128 s1: loudness parameters for short-form content (figures second-hand)",
    date: DATE,
    programme: {
      integratedLufs: -23,
      toleranceLu: 0.5,
      truePeakDbtp: -1,
      maxShortTermLufs: -18,
    },
    gating: "programme",
    severity: "fail",
    remark: "The loudness range is not judged.",
  },
  {
    name: "atsc-a85",
    title: "ATSC A/85",
    citation: "ATSC A/85: techniques for establishing and maintaining audio loudness for digital television",
    date: DATE,
    programme: {
      integratedLufs: -24,
      toleranceLu: 2,
      truePeakDbtp: -2,
    },
    gating: "programme",
    severity: "fail",
    remark: "The anchor is dialogue; the programme loudness may differ from it by up to 2 LU.",
  },
  {
    name: "netflix",
    title: "Netflix",
    citation: "Netflix sound mix specifications, partnerhelp.netflixstudios.com (second-hand)",
    date: DATE,
    programme: {
      integratedLufs: -27,
      toleranceLu: 2,
      truePeakDbtp: -2,
    },
    gating: "dialogue",
    severity: "warn",
    remark: "Dialogue-stem gated, not Dolby Dialogue Intelligence: a miss is a warning.",
  },
  {
    name: "streaming-14",
    title: "Streaming, -14 LUFS",
    citation: "Common advice of music streaming services (no single specification)",
    date: DATE,
    programme: {
      integratedLufs: -14,
      toleranceLu: 1,
      truePeakDbtp: -1,
    },
    gating: "programme",
    severity: "warn",
    remark: "Advice, not a delivery specification.",
  },
  {
    name: "podcast-16",
    title: "Podcast, -16 LUFS",
    citation: "Common advice of podcast platforms (no single specification)",
    date: DATE,
    programme: {
      integratedLufs: -16,
      toleranceLu: 1.5,
      truePeakDbtp: -1,
    },
    gating: "programme",
    severity: "warn",
    remark: "Advice, not a delivery specification.",
  },
];

/** The profile of a name; an unknown name is a problem that lists them. */
export const findTargetProfile = (name: string): Result<TargetProfile> => {
  const found = targetProfiles.find((profile) => profile.name === name);
  if (found !== undefined) return ok(found);
  const allowed = targetProfiles.map((profile) => profile.name);
  const guess = didYouMean(name, allowed);
  return fail({
    code: "usage",
    message: `There is no target profile ${shown(name)}; the profiles are ${allowed.join(", ")}.${guessSentence(guess)}`,
    allowed,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  });
};

/** The demands of a profile, each with its bounds and severity. */
export const targetLimits = (profile: TargetProfile): readonly TargetLimit[] => {
  const { severity, gating } = profile;
  const { integratedLufs, toleranceLu, truePeakDbtp, maxShortTermLufs } = profile.programme;
  const loudness: TargetLimit = {
    metric: gating === "dialogue" ? "dialogueIntegratedLufs" : "integratedLufs",
    role: "target",
    min: integratedLufs - toleranceLu,
    max: integratedLufs + toleranceLu,
    unit: "LUFS",
    severity,
  };
  const peak: TargetLimit = { metric: "truePeakDbtp", role: "limit", max: truePeakDbtp, unit: "dBTP", severity };
  const shortTerm: readonly TargetLimit[] =
    maxShortTermLufs === undefined
      ? []
      : [{ metric: "maxShortTermLufs", role: "limit", max: maxShortTermLufs, unit: "LUFS", severity }];
  return [loudness, peak, ...shortTerm];
};

/** What a document writes into `targets.programme` for a profile. */
export const programmeTarget = ({ name, programme }: TargetProfile): Targets["programme"] => ({
  profile: name,
  ...programme,
});
