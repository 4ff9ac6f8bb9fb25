import { describe, expect, test } from "vitest";
import type { Measures } from "../../../engine/measures.ts";
import { judge } from "../../../extension/session/verdict.ts";
import { findTargetProfile, programmeTarget } from "../../../schema/target-profiles.ts";

const measures = (integratedLufs: number | null, truePeakDbtp: number, maxShortTermLufs = -20): Measures => ({
  integratedLufs,
  maxMomentaryLufs: -18,
  maxShortTermLufs,
  loudnessRangeLu: 5,
  truePeakDbtp,
  samplePeakDbfs: truePeakDbtp,
  durationSeconds: 60,
  sampleRate: 48_000,
  channels: 2,
});

const verdictOf = (profileName: string, loudness: number | null, peak: number, shortTerm?: number) => {
  const profile = findTargetProfile(profileName);
  if (!profile.ok) throw new Error("no such profile");
  return judge({ programme: programmeTarget(profile.value) }, loudness, measures(loudness, peak, shortTerm));
};

describe("a verdict", () => {
  test.each([
    ["ebu-r128", -23, -1.2, -20, "pass"],
    ["ebu-r128", -23.5, -1, -20, "pass"],
    ["ebu-r128", -22.4, -3, -20, "fail"],
    ["ebu-r128", -23, -0.9, -20, "fail"],
    ["ebu-r128-s1", -23, -3, -17, "fail"],
    ["atsc-a85", -25.9, -2.1, -20, "pass"],
    ["netflix", -30, -5, -20, "warn"],
    ["streaming-14", -17, -1.5, -20, "warn"],
    ["podcast-16", -17.4, -1.5, -20, "pass"],
  ] as const)("%s at %d LUFS, %d dBTP, max short-term %d is %s", (profile, loudness, peak, shortTerm, verdict) => {
    expect(verdictOf(profile, loudness, peak, shortTerm).target.verdict).toBe(verdict);
  });

  test("a miss says by how much and what would mend it", () => {
    expect(verdictOf("ebu-r128", -20.9, -3).findings[0]).toContain("lower the programme by 2.1 dB");
  });

  test("silence fails with a reason and measures null, not NaN", () => {
    const { target, findings } = verdictOf("ebu-r128", null, -100);
    expect(target.measured["integratedLufs"]).toBeNull();
    expect(findings[0]).toContain("silent");
    expect(target.verdict).toBe("fail");
  });
});
