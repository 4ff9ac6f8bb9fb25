import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../../extension/session/mix-report.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const material = process.env["PREMIX_MATERIAL"];
const folder = temporaryFolders();
/** A whole mix runs in the hook; a busy machine may take its time. */
const HOOK_MS = 120_000;

type TruthClip = {
  readonly f: string;
  readonly at: number;
  readonly in: number;
  readonly out: number;
  readonly role: string;
  readonly enabled?: boolean;
};

if (material === undefined) {
  test("without real material a scene that is not there is refused by name", async () => {
    const { exitCode, stderr } = await runMain(["mix", join(folder(), "scene.xml")]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("scene.xml");
  });
} else {
  describe("a real scene", () => {
    const scene = join(material, "scene");
    let report = {} as MixReport;

    beforeAll(async () => {
      const argv = ["mix", join(scene, "scene.xml"), "--media", join(scene, "media"), "-o", folder()];
      const run = await runJson<MixReport>(argv);
      expect(run.exitCode, run.stderr).toBe(0);
      report = run.json;
    }, HOOK_MS);

    test("every clip has its true place, source, role and state", () => {
      const truth = JSON.parse(readFileSync(join(scene, "truth.json"), "utf8")) as { clips: readonly TruthClip[] };
      const frame = 10_160_640_000n;
      const frames = (ticks: bigint) => Number(ticks / frame);
      const found = report.clips.map(({ media, startTicks, sourceInTicks, durationTicks, role, enabled }) => {
        const source = BigInt(sourceInTicks);
        const [at, out] = [frames(BigInt(startTicks)), frames(source + BigInt(durationTicks))];
        return { f: media, at, in: frames(source), out, role, enabled };
      });
      const wanted = truth.clips.map(({ f, at, in: from, out, role, enabled = true }) => {
        return { f, at, in: from, out, role, enabled };
      });
      const order = (a: { f: string; at: number }, b: { f: string; at: number }) =>
        a.at - b.at || a.f.localeCompare(b.f);
      expect(found.sort(order)).toEqual(wanted.sort(order));
    });

    test("the mix meets the target, and everything that was promised is on disk", () => {
      expect(report.target.verdict).toBe("pass");
      expect(report.mix.measures.integratedLufs).toBeCloseTo(-23, 1);
      const files = [...report.stems, report.mix].map(({ file }) => file);
      expect(
        [...files, report.document.path, report.report!.json, report.report!.html].filter((path) => !existsSync(path)),
      ).toEqual([]);
      expect(report.originalsUnchanged).toBe(true);
    });

    test("music and ambience lie under the speech by what listeners want", () => {
      const differences = report.decisions!.filter(({ rule }) => rule === "speech-difference");
      expect(differences.map(({ subject }) => subject)).toEqual(["bus_mx", "bus_bg"]);
      for (const { measured, threshold } of differences) expect(measured!).toBeGreaterThanOrEqual(threshold!);
    });
  });
}
