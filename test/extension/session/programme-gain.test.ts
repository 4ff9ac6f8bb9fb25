import { describe, expect, test } from "vitest";
import type { Engine, RenderResult } from "../../../engine/engine.ts";
import type { Measures } from "../../../engine/measures.ts";
import { documentFrame, masterLimiterId } from "../../../extension/session/document-frame.ts";
import { reachProgrammeLoudness } from "../../../extension/session/programme-gain.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { ok } from "../../../schema/problem.ts";
import { targetProfiles } from "../../../schema/target-profiles.ts";
import { minimalDocument } from "../../support/mix-documents.ts";

const documentFor = (profileName: string): MixDocument => {
  const profile = targetProfiles.find(({ name }) => name === profileName)!;
  return minimalDocument(documentFrame(profile, { layout: "stereo", sampleRate: 48_000 }));
};

const gainsOf = ({ buses }: MixDocument): number[] =>
  buses.flatMap(({ kind, processors }) => (kind === "submix" ? [Number(processors[0]!["gainDb"])] : []));

/** A programme of known loudness and peak behind a limiter that costs some loudness when it works. */
const fakeEngine = (mixLufs: number | null, dialogueLufs: number | null, peakDbtp: number, ceilingDbtp = -1) => {
  const looks: number[] = [];
  const measures = (lufs: number | null, peak: number): Measures => ({
    integratedLufs: lufs,
    maxMomentaryLufs: lufs,
    maxShortTermLufs: lufs,
    loudnessRangeLu: 1,
    truePeakDbtp: peak,
    samplePeakDbfs: peak,
    durationSeconds: 10,
    sampleRate: 48_000,
    channels: 2,
  });
  const file = (stemId: string, lufs: number | null, peak: number) => {
    const format = { sampleRate: 48_000, channels: 2, frames: 480_000 };
    return { stemId, name: stemId, file: "", sha256: "", ...format, measures: measures(lufs, peak) };
  };
  const render: Engine["render"] = async (document, _, options) => {
    expect(options.write).toBe(false);
    const [gainDb] = gainsOf(document) as [number];
    looks.push(gainDb);
    const over = Math.max(0, peakDbtp + gainDb - ceilingDbtp);
    const shifted = (lufs: number | null) => (lufs === null ? null : lufs + gainDb - over * 0.1);
    const result: RenderResult = {
      frames: 480_000,
      files: [
        file("stm_dx", dialogueLufs === null ? null : dialogueLufs + gainDb, -10),
        file("stm_mix", shifted(mixLufs), Math.min(ceilingDbtp, peakDbtp + gainDb)),
      ],
      reductionsDb: { [masterLimiterId]: -over },
      warnings: [],
    };
    return ok(result);
  };
  const unused = async () => {
    throw new Error("only renders are looked at");
  };
  const engine: Engine = {
    render,
    probe: unused,
    analyse: unused,
    peaks: unused,
    gainCurve: unused,
    measure: unused,
    spectrum: unused,
  };
  return { engine, looks };
};

const reach = async (engine: Engine, document: MixDocument) => {
  const reached = await reachProgrammeLoudness(engine, document, {}, { outputFolder: "" });
  if (!reached.ok) throw new Error("no result");
  return reached.value;
};

describe("the programme gain", () => {
  test("is the same on the four role buses, and reaches the target after one look when nothing limits", async () => {
    const { engine, looks } = fakeEngine(-26.4, -25, -14);
    const { document, decisions } = await reach(engine, documentFor("ebu-r128"));
    expect(gainsOf(document)).toEqual([3.4, 3.4, 3.4, 3.4]);
    expect(looks).toEqual([0]);
    expect(decisions[0]).toMatchObject({ subject: "bus_main", measured: -26.4, threshold: -23, unit: "LUFS" });
    expect(decisions[0]!.change).toContain("+3.40 dB");
  });

  test("looks again when the limiter has to work, at most three times", async () => {
    const { engine, looks } = fakeEngine(-26, -25, -3);
    const { document, warnings } = await reach(engine, documentFor("ebu-r128"));
    const [gainDb] = gainsOf(document) as [number];
    expect(looks.length).toBeGreaterThan(1);
    expect(looks.length).toBeLessThanOrEqual(3);
    expect(-26 + gainDb - Math.max(0, -3 + gainDb + 1) * 0.1).toBeCloseTo(-23, 1);
    expect(warnings).toEqual([]);
  });

  test("says so when the limiter would have to take off more than 6 dB", async () => {
    const { engine } = fakeEngine(-30, -29, -2);
    const { warnings } = await reach(engine, documentFor("podcast-16"));
    expect(warnings[0]!.message).toMatch(/limiter has to take off \d+\.\d dB/);
  });

  test("a dialogue-gated target is measured on the dialogue stem, and the label says that it is not Dolby's", async () => {
    const { engine } = fakeEngine(-20, -24, -10);
    const { document, decisions } = await reach(engine, documentFor("netflix"));
    expect(gainsOf(document)[0]).toBeCloseTo(-3, 3);
    expect(decisions[0]!.change).toContain("dialogue-stem gated (not Dolby DI)");
  });

  test("silence is left as it is", async () => {
    const { engine, looks } = fakeEngine(null, null, -100);
    const { document, decisions } = await reach(engine, documentFor("ebu-r128"));
    expect(gainsOf(document)).toEqual([0, 0, 0, 0]);
    expect(looks).toHaveLength(1);
    expect(decisions[0]).toMatchObject({ measured: null, change: "none: the programme is silent" });
  });
});
