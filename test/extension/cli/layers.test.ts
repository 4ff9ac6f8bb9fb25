import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MixReport } from "../../../extension/session/mix-report.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { busFixture, minimalDocument } from "../../support/mix-documents.ts";
import { type FolderContent, houseFile, projectFile, settingsFile, writeFolder } from "../../support/mix-folder.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

const gain = (id: string, gainDb: number) => ({ id, type: "gain", gainDb });

/** A tone of four seconds on the dialogue bus. */
const toneDocument = (changes: Partial<MixDocument> = {}): MixDocument =>
  minimalDocument({
    buses: [busFixture(), ...minimalDocument().buses],
    sequence: { ...minimalDocument().sequence, durationTicks: secondsToTicks(4) },
    cues: [
      {
        id: "cue_tone",
        name: "Tone",
        role: "dialogue",
        enabled: true,
        startTicks: "0",
        gainDb: 0,
        fadeIn: null,
        fadeOut: null,
        source: { kind: "tone", durationTicks: secondsToTicks(4), frequencyHz: 1000, levelDbfs: -23 },
      },
    ],
    ...changes,
  });

const mixFolder = (content: FolderContent, document: object = toneDocument()) => {
  const root = writeFolder(folder(), { "mix/documents/reel.mix.json": document, ...content });
  return { root, file: join(root, "mix/documents/reel.mix.json") };
};

const rendered = async (file: string): Promise<MixReport> => {
  const { json } = await runJson<MixReport>(["render", file, "-o", folder(), "--threads", "1"]);
  return json;
};
const loudness = async (file: string) => (await rendered(file)).mix!.measures.integratedLufs;

describe("layers in a render", () => {
  test("settings.jsonc beside documents/ makes a bus quieter, and taking it away makes it as before", async () => {
    const settings = settingsFile({ "[dialogue]": { bus: { processors: [gain("prc_trim", -6)] } } });
    const plain = await loudness(mixFolder({}).file);
    const quieter = await loudness(mixFolder({ "mix/settings.jsonc": settings }).file);
    expect(plain).toBeCloseTo(-23, 0);
    expect(quieter! - plain!).toBeCloseTo(-6, 2);
  });

  test("a document that leaves out what its layers give renders to the same bytes as the complete one", async () => {
    const complete = toneDocument();
    const { buses, stems, targets, duckers: _, decisions: __, crossfades: ___, media: ____, ...sparse } = complete;
    const settings = settingsFile({ buses, stems, targets });
    const whole = await rendered(mixFolder({}, complete).file);
    const layered = await rendered(mixFolder({ "mix/settings.jsonc": settings }, sparse).file);
    expect(layered.mix!.sha256).toBe(whole.mix!.sha256);
    expect(layered.document.hash).toBe(whole.document.hash);
  });
});

describe("a house", () => {
  const house = houseFile(
    { targets: { programme: { integratedLufs: -27 } }, "[dialogue]": { bus: { processors: [gain("prc_trim", -3)] } } },
    { locked: ["/[dialogue]/bus/processors/prc_trim/gainDb", "/targets/programme/integratedLufs"] },
  );
  const content = {
    "mix/project.jsonc": projectFile({ extends: ["@acme/mix-house"] }),
    "mix/house/@acme/mix-house/house.jsonc": house,
    "mix/settings.jsonc": settingsFile({ "[dialogue]": { bus: { processors: [gain("prc_trim", 12)] } } }),
  };

  test("keeps what it locks against the project and the document, and says so with the places", async () => {
    const { root, file } = mixFolder(content);
    const { json } = await runJson(["validate", file]);
    expect(json).toMatchObject({ ok: true });
    const warnings = (json as { warnings: { message: string; file: string; line: number }[] }).warnings;
    expect(warnings.map((warning) => warning.file.slice(root.length))).toContain("/mix/settings.jsonc");
    expect(warnings.filter(({ message }) => message.includes("locks this value"))).toHaveLength(2);
    const explained = await runJson(["explain", file, "/buses/bus_dx/processors/0/gainDb"]);
    expect(explained.json).toMatchObject({
      value: -3,
      winner: { layer: "house", name: "@acme/mix-house@2.1.0", locked: true },
      layers: [
        { value: -3, wins: true },
        { layer: "project", value: 12, wins: false },
      ],
    });
  });

  test("is locked by premix house update, and a changed file is refused until it is accepted", async () => {
    const { root, file } = mixFolder(content);
    const update = () => runJson<{ changes: string[] }>(["house", "update", join(root, "mix")]);
    expect((await runJson(["validate", file])).json).toMatchObject({
      warnings: expect.arrayContaining([
        expect.objectContaining({ message: expect.stringContaining("premix house update") }),
      ]),
    });
    expect((await update()).json.changes).toEqual(["@acme/mix-house 2.1.0 is new."]);
    const lock = JSON.parse(readFileSync(join(root, "mix/house.lock.json"), "utf8"));
    expect(lock).toMatchObject({
      format: "houseLock",
      houses: [
        {
          name: "@acme/mix-house",
          version: "2.1.0",
          source: "house/@acme/mix-house",
          files: [{ path: "house.jsonc", integrity: expect.stringMatching(/^sha256-[A-Za-z0-9+/]{43}=$/) }],
        },
      ],
    });
    appendFileSync(join(root, "mix/house/@acme/mix-house/house.jsonc"), "\n// A word more.\n");
    const refused = await runJson(["validate", file]);
    expect(refused.exitCode).toBe(3);
    expect(refused.json).toMatchObject({ errors: [{ code: "changed-house" }] });
    expect((await runMain(["render", file, "-o", folder()])).exitCode).toBe(3);
    expect((await update()).json.changes).toEqual(["@acme/mix-house 2.1.0: house.jsonc."]);
    expect((await runJson(["validate", file])).exitCode).toBe(0);
  });
});

test("premix set changes the document's own word and leaves the layers alone", async () => {
  const settings = settingsFile({ "[dialogue]": { bus: { processors: [gain("prc_trim", -6)] } } });
  const { root, file } = mixFolder({ "mix/settings.jsonc": settings });
  const before = readFileSync(join(root, "mix/settings.jsonc"), "utf8");
  expect((await runMain(["set", file, "/buses/0/volumeDb=-2"])).exitCode).toBe(0);
  expect(readFileSync(join(root, "mix/settings.jsonc"), "utf8")).toBe(before);
  const own = toneDocument();
  expect(readFileSync(file, "utf8")).toBe(
    canonicalText({ ...own, buses: [{ ...own.buses[0]!, volumeDb: -2 }, own.buses[1]!] }),
  );
});

test("a command that changes one insert of a layered document writes that change alone", async () => {
  const compressor = { id: "prc_comp", type: "compressor", thresholdDb: -40, ratio: 4 };
  const settings = settingsFile({ "[dialogue]": { bus: { processors: [compressor, gain("prc_trim", -1)] } } });
  const { file } = mixFolder({ "mix/settings.jsonc": settings });
  const { exitCode } = await runJson(["match-loudness", file, "--insert", "bus_dx_prc_comp"]);
  expect(exitCode).toBe(0);
  const { buses, decisions } = JSON.parse(readFileSync(file, "utf8"));
  expect(buses[0].processors).toEqual([{ id: "bus_dx_prc_comp", autoMakeup: false, makeupDb: expect.any(Number) }]);
  expect(decisions).toHaveLength(1);
  const explained = await runJson(["explain", file, "/buses/bus_dx/processors/0/makeupDb"]);
  expect(explained.json).toMatchObject({ winner: { layer: "document", value: buses[0].processors[0].makeupDb } });
});
