import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { clipFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { writeFolder } from "../../support/mix-folder.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

const {
  volumeDb: _,
  processors: __,
  ...sparseTrack
} = trackFixture({ id: "trk_dx", clips: [clipFixture({ media: null })] });
const document = canonicalText(minimalDocument({ tracks: [sparseTrack as never] }) as MixDocument);
const settings = `{
  // What every dialogue track of this show gets.
  "format": "settings", "formatVersion": "1.0",
  "track": { "volumeDb": -2 },
  "[dialogue]": {
    "track": {
      "volumeDb": -3,
      "processors": [{ "id": "prc_comp", "type": "compressor", "thresholdDb": -24 }]
    }
  }
}
`;

const mixFolder = (more: Readonly<Record<string, unknown>> = {}) => {
  const root = writeFolder(folder(), {
    "mix/documents/reel.mix.json": document,
    "mix/settings.jsonc": settings,
    ...more,
  });
  return { root, file: join(root, "mix/documents/reel.mix.json") };
};

describe("explain", () => {
  test("a track that says nothing itself gets the value of settings.jsonc, named with file, line and column", async () => {
    const { root, file } = mixFolder();
    const { json } = await runJson(["explain", file, "/tracks/0/volumeDb"]);
    expect(json).toMatchObject({
      ok: true,
      pointer: "/tracks/0/volumeDb",
      value: -3,
      unit: "dB",
      winner: { layer: "project", file: join(root, "mix/settings.jsonc"), line: 7, column: 19, value: -3 },
      layers: [
        { value: -2, line: 4, column: 26, wins: false },
        { value: -3, wins: true },
      ],
    });
  });

  test("a parameter of a template's processor is found by position and by id", async () => {
    const { file } = mixFolder();
    const byPosition = await runJson(["explain", file, "/tracks/0/processors/0/thresholdDb"]);
    const byId = await runJson(["explain", file, "/tracks/trk_dx/processors/trk_dx_prc_comp/thresholdDb"]);
    expect(byPosition.json).toMatchObject({ value: -24, unit: "dB", winner: { layer: "project", line: 8 } });
    expect(byId.json).toEqual(byPosition.json);
  });

  test("what no layer says stands at the registry's default", async () => {
    const { file } = mixFolder();
    const { json } = await runJson(["explain", file, "/tracks/0/processors/0/ratio"]);
    expect(json).toMatchObject({ winner: { layer: "defaults", file: null, line: null } });
  });

  test("prints a line a layer with the winner marked", async () => {
    const { root, file } = mixFolder();
    const { stdout } = await runMain(["explain", file, "/tracks/0/volumeDb"]);
    expect(stdout.replaceAll(root, "")).toBe(
      `/tracks/0/volumeDb = -3 dB\n    -2 dB  project  /mix/settings.jsonc:4:26\n->  -3 dB  project  /mix/settings.jsonc:7:19\n`,
    );
  });

  test("a preset's chain is found in the preset's own file", async () => {
    const preset = `{
  "format": "preset", "formatVersion": "1.0", "name": "tight",
  "appliesTo": { "roles": ["dialogue"] },
  "processors": [
    { "type": "gain", "gainDb": -1 },
    { "type": "compressor", "ratio": 6 }
  ]
}
`;
    const project = {
      format: "project",
      formatVersion: "1.0",
      name: "Film",
      extends: ["./presets/tight.mixpreset.jsonc"],
    };
    const { root, file } = mixFolder({ "mix/project.jsonc": project, "mix/presets/tight.mixpreset.jsonc": preset });
    const { json } = await runJson(["explain", file, "/tracks/0/processors/trk_dx_prc_tight_2/ratio"]);
    expect(json).toMatchObject({
      pointer: "/tracks/0/processors/1/ratio",
      winner: {
        layer: "house",
        name: "tight",
        file: join(root, "mix/presets/tight.mixpreset.jsonc"),
        line: 6,
        column: 38,
      },
    });
  });

  test("a document's own templates are checked like settings, with their place", async () => {
    const text = document.replace("{", '{\n  "clip": { "volumeDb": 900 },');
    const { json, exitCode } = await runJson(["validate", mixFolder({ "mix/documents/reel.mix.json": text }).file]);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ errors: [{ pointer: "/clip/volumeDb", line: 2, column: 25 }] });
  });
});
