import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ConformFileReport } from "../../../extension/session/conform/conform-file.ts";
import type { MixReport } from "../../../extension/session/mix-report.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { Clip, MixDocument } from "../../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { clipFixture, fullDocument } from "../../support/mix-documents.ts";
import { projectFile, settingsFile, writeFolder } from "../../support/mix-folder.ts";
import { recut } from "../../support/recut.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { type SceneClip, sceneXml, writeScene } from "../../support/xmeml-scene.ts";

const newFolder = temporaryFolders();
/** A whole mix runs in the hook; a busy machine may take its time. */
const HOOK_MS = 120_000;
const FPS = 25;

const read = (path: string): MixDocument => JSON.parse(readFileSync(path, "utf8"));
const clipsOf = (document: MixDocument): Clip[] => document.tracks.flatMap(({ clips }) => clips);

/** Two seconds in front, the second line trimmed, the knock taken out, the theme cut in two. */
const secondCut: readonly (readonly SceneClip[])[] = [
  [
    { file: "DX_one.wav", channels: 1, at: 2 * FPS, in: 0, length: 4 * FPS },
    { file: "DX_one.wav", channels: 1, at: 7 * FPS, in: 6 * FPS, length: 3 * FPS },
  ],
  [
    { file: "MX_theme.wav", channels: 2, at: 2 * FPS, in: 0, length: 5 * FPS },
    { file: "MX_theme.wav", channels: 2, at: 7 * FPS, in: 5 * FPS, length: 5 * FPS },
  ],
  [{ file: "AMB_room.wav", channels: 1, at: 2 * FPS, in: 0, length: 10 * FPS }],
];

describe("premix conform on a scene that was mixed", () => {
  const place = { home: "", media: "", document: "", cut: "" };

  beforeAll(async () => {
    place.home = newFolder();
    const { project, media } = writeScene(place.home);
    const { exitCode, json, stderr } = await runJson<MixReport>(["mix", project, "--media", media]);
    expect(exitCode, stderr).toBe(0);
    place.media = media;
    place.document = json.document.path;
    place.cut = join(place.home, "scene-v2.xml");
    writeFileSync(place.cut, sceneXml("Small scene", secondCut));
  }, HOOK_MS);

  const conform = (output: string, ...more: string[]) =>
    runJson<ConformFileReport>(["conform", place.document, place.cut, "-o", output, "--media", place.media, ...more]);

  test("carries every gain and bus onto the new cut, and the result renders", async () => {
    const output = join(place.home, "mix/documents/second.mix.json");
    const { exitCode, json, stderr } = await conform(output);
    expect(exitCode, stderr).toBe(0);
    expect(json.counts).toEqual({ kept: 0, moved: 2, trimmed: 1, split: 2, new: 0, gone: 1 });
    const [before, after] = [read(place.document), read(output)];
    const gains = (document: MixDocument, name: string) =>
      clipsOf(document)
        .filter((clip) => clip.name === name)
        .map(({ gainDb }) => gainDb);
    expect(gains(after, "DX_one.wav")).toEqual(gains(before, "DX_one.wav"));
    expect(new Set(gains(after, "MX_theme.wav"))).toEqual(new Set(gains(before, "MX_theme.wav")));
    for (const key of ["buses", "duckers", "targets", "stems"] as const) expect(after[key]).toEqual(before[key]);
    expect(json.clips.find(({ state }) => state === "gone")).toMatchObject({
      name: "SFX_knock.wav",
      before: { track: "A4", from: "00:00:04:00" },
    });
    const rendered = await runJson<MixReport>([
      "render",
      output,
      "-o",
      join(place.home, "out"),
      "--media",
      place.media,
    ]);
    expect([0, 5], rendered.stderr).toContain(rendered.exitCode);
    expect(rendered.json.mix.frames).toBe(12 * 48_000);
  });

  test("keeps what is gone in a report beside the document", async () => {
    const output = join(place.home, "second.mix.json");
    const { json } = await conform(output);
    expect(json.reportFile).toBe(join(place.home, "second.conform.json"));
    const kept = JSON.parse(readFileSync(json.reportFile, "utf8")) as ConformFileReport;
    const knock = clipsOf(read(place.document)).find(({ name }) => name === "SFX_knock.wav");
    expect(kept.gone.clips.map(({ clip }) => clip)).toEqual([knock]);
    expect(Object.values(kept.gone.media).map(({ name }) => name)).toEqual(["SFX_knock.wav"]);
  });

  test("takes a mix document of the new cut as well", async () => {
    const imported = join(place.home, "cut-two.mix.json");
    await runJson(["import", place.cut, "-o", imported, "--media", place.media]);
    const [fromXml, fromDocument] = [join(place.home, "x.mix.json"), join(place.home, "y.mix.json")];
    await conform(fromXml);
    await runJson(["conform", place.document, imported, "-o", fromDocument]);
    expect(readFileSync(fromDocument)).toEqual(readFileSync(fromXml));
  });

  test("to the cut that was mixed it gives the mix again", async () => {
    const output = join(place.home, "mix/documents/again.mix.json");
    const argv = ["conform", place.document, join(place.home, "scene.xml"), "-o", output, "--media", place.media];
    const { json } = await runJson<ConformFileReport>(argv);
    expect(json.counts).toMatchObject({ moved: 0, trimmed: 0, split: 0, new: 0, gone: 0 });
    expect(readFileSync(output, "utf8")).toBe(readFileSync(place.document, "utf8"));
  });

  test("for people it is a table of what is not as it was, the sum and the files", async () => {
    const output = join(place.home, "third.mix.json");
    const { stdout } = await runMain(["conform", place.document, place.cut, "-o", output, "--media", place.media]);
    expect(stdout).toMatch(/moved +A1 +00:00:02:00 +00:00:06:00 +DX_one\.wav +from A1 00:00:00:00/);
    expect(stdout).toMatch(/gone +A4 +00:00:04:00/);
    expect(stdout).toContain("0 kept, 2 moved, 1 trimmed, 2 split, 0 new, 1 gone");
  });

  test("never writes over the new cut, and wants to know where to write", async () => {
    const over = await runMain(["conform", place.document, place.cut, "-o", place.cut]);
    expect(over.exitCode).toBe(2);
    const nowhere = await runMain(["conform", place.document, place.cut]);
    expect(nowhere.exitCode).toBe(2);
    expect(nowhere.stderr).toContain("-o <file>");
  });
});

test("a mix that leaves values to its project goes on leaving them to it", async () => {
  const root = newFolder();
  const { media: _, ...full } = fullDocument({ extends: [], cues: [] });
  const medium = {
    path: "a.wav",
    name: "a.wav",
    sizeBytes: null,
    quickHash: null,
    sampleRate: 48_000,
    channels: 2,
    frames: null,
  };
  const { volumeDb: __, ...clip } = clipFixture({ id: "clp_a", media: "med_a", durationTicks: secondsToTicks(4) });
  const track = { ...full.tracks[0]!, processors: [], sends: [], clips: [clip as Clip] };
  const document = { ...full, media: { med_a: medium }, tracks: [track], crossfades: [], decisions: [] };
  mkdirSync(join(root, "mix/documents"), { recursive: true });
  writeFolder(join(root, "mix"), {
    "project.jsonc": projectFile({}),
    "settings.jsonc": settingsFile({ "[dialogue]": { clip: { volumeDb: -4 } } }),
    "documents/reel.mix.json": canonicalText(document),
  });
  const cut = recut(document, (one) => [{ ...one, volumeDb: 0, startTicks: secondsToTicks(2) }]);
  writeFileSync(join(root, "cut.mix.json"), canonicalText(cut));
  const reel = join(root, "mix/documents/reel.mix.json");
  const output = join(root, "mix/documents/reel-2.mix.json");
  const { exitCode, json, stderr } = await runJson<ConformFileReport>([
    "conform",
    reel,
    join(root, "cut.mix.json"),
    "-o",
    output,
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(json.counts).toMatchObject({ moved: 1 });
  const written = clipsOf(read(output))[0]!;
  expect(written.startTicks).toBe(secondsToTicks(2));
  expect("volumeDb" in written, "the project's settings give it").toBe(false);
});
