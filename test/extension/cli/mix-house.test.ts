import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../../extension/session/mix-report.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { houseFile, writeFolder } from "../../support/mix-folder.ts";
import { runJson } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { writeScene } from "../../support/xmeml-scene.ts";

const folder = temporaryFolders();
/** A whole mix runs in the hook; a busy machine may take its time. */
const HOOK_MS = 120_000;

const house = houseFile(
  {
    targets: { programme: { profile: "netflix" } },
    "[dialogue]": { track: { processors: [{ id: "prc_comp", type: "compressor", thresholdDb: -24, ratio: 2 }] } },
    duckers: [{ id: "dck_music", targetDifferenceLu: 20 }],
  },
  { locked: ["/duckers/dck_music/targetDifferenceLu"] },
);

describe("a mix on a house", () => {
  const scene = { project: "", media: "", output: "" };
  let report = {} as MixReport;
  let document = {} as MixDocument;

  beforeAll(async () => {
    const home = folder();
    Object.assign(scene, writeScene(home), { output: join(home, "mix") });
    writeFolder(scene.output, { "house/acme/house.jsonc": house });
    const { json, exitCode } = await runJson<MixReport>([
      "mix",
      scene.project,
      "--media",
      scene.media,
      "--house",
      "acme",
    ]);
    expect([0, 5]).toContain(exitCode);
    report = json;
    document = JSON.parse(readFileSync(report.document.path, "utf8"));
  }, HOOK_MS);

  test("aims at the house's target, and the limiter holds its peak", () => {
    expect(report.target).toMatchObject({ profile: "netflix" });
    expect(document.targets.programme).toMatchObject({ profile: "netflix", integratedLufs: -27, truePeakDbtp: -2 });
    expect(document.buses.at(-1)!.processors[0]).toMatchObject({ type: "limiter", ceilingDbtp: -2 });
    expect(report.mix!.measures.integratedLufs).toBeLessThan(-25);
  });

  test("gives every dialogue track the house's chain, each an id of its own, and keeps what the house locks", () => {
    const dialogue = document.tracks.filter(({ role }) => role === "dialogue");
    const chains = dialogue.map(({ processors }) => processors.find(({ type }) => type === "compressor"));
    expect(chains.length).toBeGreaterThan(0);
    for (const [index, insert] of chains.entries()) {
      expect(insert).toMatchObject({ id: `${dialogue[index]!.id}_prc_comp`, thresholdDb: -24, ratio: 2 });
    }
    expect(document.tracks.filter(({ role }) => role !== "dialogue").flatMap(({ processors }) => processors)).toEqual(
      [],
    );
    expect(document.duckers.find(({ id }) => id === "dck_music")!["targetDifferenceLu"]).toBe(20);
  });

  test("writes a document that names its house and renders to the same bytes on it", async () => {
    expect(document.extends).toEqual(["acme"]);
    const argv = ["render", report.document.path, "-o", folder(), "--media", scene.media];
    const { json } = await runJson<MixReport>(argv);
    expect(json.document.hash).toBe(report.document.hash);
    expect(json.mix!.sha256).toBe(report.mix!.sha256);
  });

  test("a house that is not there is refused with the places where it was looked for", async () => {
    const argv = ["mix", scene.project, "--media", scene.media, "--house", "acne"];
    const { json, exitCode } = await runJson<{ errors: { message: string; didYouMean: string }[] }>(argv);
    expect(exitCode).toBe(2);
    expect(json.errors[0]).toMatchObject({
      didYouMean: "acme",
      message: expect.stringMatching(/^--house .*mix\/house/),
    });
  });
});
