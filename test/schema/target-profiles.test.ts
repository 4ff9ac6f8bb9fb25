import { expect, test } from "vitest";
import { findTargetProfile, programmeTarget, targetLimits, targetProfiles } from "../../schema/target-profiles.ts";
import { validateDocument } from "../../schema/validate.ts";
import { minimalDocument } from "../support/mix-documents.ts";

test.each([
  ["ebu-r128", -23.5, -22.5, -1, undefined, "fail"],
  ["ebu-r128-s1", -23.5, -22.5, -1, -18, "fail"],
  ["atsc-a85", -26, -22, -2, undefined, "fail"],
  ["netflix", -29, -25, -2, undefined, "warn"],
  ["streaming-14", -15, -13, -1, undefined, "warn"],
  ["podcast-16", -17.5, -14.5, -1, undefined, "warn"],
])("%s asks for %f to %f LUFS and %f dBTP", (name, min, max, peak, shortTerm, severity) => {
  const found = findTargetProfile(name);
  if (!found.ok) throw new Error(found.problems[0]!.message);
  const limits = targetLimits(found.value);
  expect(limits[0]).toMatchObject({ role: "target", min, max, unit: "LUFS", severity });
  expect(limits[1]).toMatchObject({ metric: "truePeakDbtp", role: "limit", max: peak, unit: "dBTP", severity });
  expect(limits[2]?.max).toBe(shortTerm);
});

test("only the dialogue-gated profile is measured on the dialogue stem", () => {
  const gated = targetProfiles.filter((profile) => targetLimits(profile)[0]!.metric === "dialogueIntegratedLufs");
  expect(gated.map(({ name }) => name)).toEqual(["netflix"]);
});

test("every profile cites its source, and a document can hold it", () => {
  for (const profile of targetProfiles) {
    expect(profile.citation.length).toBeGreaterThan(10);
    expect(profile.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(validateDocument(minimalDocument({ targets: { programme: programmeTarget(profile) } }))).toMatchObject({
      ok: true,
      warnings: [],
    });
  }
});

test("an unknown name is answered with the list", () => {
  expect(findTargetProfile("ebu-r182")).toMatchObject({
    ok: false,
    problems: [{ code: "usage", didYouMean: "ebu-r128", allowed: targetProfiles.map(({ name }) => name) }],
  });
});
