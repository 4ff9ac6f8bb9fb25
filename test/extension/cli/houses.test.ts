import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import { parseFolderFile } from "../../../schema/folder-file.ts";
import type { House } from "../../../schema/generated/folder-files.ts";
import { shippedHouses } from "../../../schema/houses/index.ts";
import { parsePreset, turnKnobs } from "../../../schema/preset.ts";
import { cursor, openEditor } from "../../support/editor.ts";
import { fullDocument, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folderOf = temporaryFolders();

type Explained = { readonly value: unknown; readonly winner: { readonly layer: string; readonly file: string } };

const textOf = (house: (typeof shippedHouses)[number], path: string): string =>
  house.files.find((file) => file.path === path)!.text;

const manifestOf = (house: (typeof shippedHouses)[number]): House => {
  const parsed = parseFolderFile(textOf(house, "house.jsonc"), "house.jsonc", "house");
  if (!parsed.ok) throw new TypeError(parsed.problems[0]?.message);
  return parsed.value;
};

/** What a person or a machine writes when the house gives the rest. */
const bareDocument = () => {
  const { buses: _, duckers: __, targets: ___, stems: ____, ...bare } = minimalDocument();
  const {
    volumeDb: _____,
    muted: ______,
    sends: ________,
    processors: _________,
    ...track
  } = trackFixture({
    output: "bus_dx",
  });
  return { ...bare, tracks: [track] };
};

const projectOf = async (house: string, document: object = bareDocument()) => {
  const folder = folderOf();
  const run = await runMain(["init", folder, "--house", house]);
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  const path = join(folder, "mix/documents/a.mix.json");
  writeFileSync(path, canonicalText(document as Parameters<typeof canonicalText>[0]));
  return { folder, path };
};

describe.each(shippedHouses)("the house $name", (house) => {
  const manifest = manifestOf(house);

  test("is clean, and its presets sound as written with their knobs at their defaults", () => {
    expect(manifest.name).toBe(house.name);
    expect(parseFolderFile(textOf(house, "settings.jsonc"), "", "settings")).toMatchObject({ ok: true, warnings: [] });
    for (const { path, text } of house.files.filter((file) => file.path.startsWith("presets/"))) {
      const preset = parsePreset(text, path);
      if (!preset.ok) throw new TypeError(`${path}: ${preset.problems[0]?.message}`);
      expect(path).toBe(`presets/${preset.value.name}.mixpreset.jsonc`);
      const usual = Object.entries(preset.value.parameters ?? {}).map(([name, knob]) => [name, knob.default]);
      expect(turnKnobs(preset.value, Object.fromEntries(usual))).toMatchObject({ value: preset.value.processors });
    }
  });

  test("completes a document that says only what is played, without a complaint", async () => {
    const { path } = await projectOf(house.name);
    const { exitCode, json } = await runJson<{ readonly warnings: string[] }>(["validate", path]);
    expect({ exitCode, warnings: json.warnings }).toEqual({ exitCode: 0, warnings: [] });
    const lufs = await runJson<Explained>(["explain", path, "/targets/programme/integratedLufs"]);
    const [profile] = Object.values(manifest.profiles!);
    expect(lufs.json.value).toBe(profile!.programme.integratedLufs);
    expect(lufs.json.winner.file).toMatch(new RegExp(`mix/house/${house.name}/settings\\.jsonc$`));
    const chain = await runJson<Explained>(["explain", path, "/tracks/0/processors/0/bands/0/kind"]);
    expect(chain.json.value).toBe("lowCut");
  });

  test("keeps what it locks against the project and the document", async () => {
    const { folder, path } = await projectOf(house.name, fullDocument({ extends: [] }));
    const settings = join(folder, "mix/settings.jsonc");
    const louder = `"targets": { "programme": { "truePeakDbtp": 0 } },\n  "note"`;
    writeFileSync(settings, readFileSync(settings, "utf8").replace('"note"', louder));
    const { json } = await runJson<Explained>(["explain", path, "/targets/programme/truePeakDbtp"]);
    const [profile] = Object.values(manifest.profiles!);
    expect(json.value).toBe(profile!.programme.truePeakDbtp);
    expect((await runMain(["explain", path, "/targets/programme/truePeakDbtp"])).stdout).toMatch(/locked/);
  });

  test("is complained of by no editor", async () => {
    const { folder } = await projectOf(house.name);
    const editor = await openEditor(folder);
    for (const { path, text } of house.files) {
      const { complaints } = await editor.look(`mix/house/${house.name}/${path}`, `${text}${cursor}`);
      expect(complaints, path).toEqual([]);
    }
  });
});

describe("premix init --house", () => {
  test("locks the copy: a change of it is refused until it is accepted", async () => {
    const { folder, path } = await projectOf("podcast-online");
    const settings = join(folder, "mix/house/podcast-online/settings.jsonc");
    writeFileSync(settings, readFileSync(settings, "utf8").replace('"ratio": 2.5', '"ratio": 9'));
    const refused = await runMain(["validate", path]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stdout + refused.stderr).toMatch(/premix house update/);
    await runMain(["house", "update", join(folder, "mix")]);
    expect((await runMain(["validate", path])).exitCode).toBe(0);
  });

  test("says what there is, and how to build on a house in a project that is there already", async () => {
    const folder = folderOf();
    expect((await runMain(["init", folder, "--house", "podcast"])).stderr).toMatch(/there are .*podcast-online/);
    await runMain(["init", folder]);
    const { stderr } = await runMain(["init", folder, "--house", "podcast-online"]);
    expect(stderr).toMatch(/name it under "extends"/);
  });
});
