import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { ExportReport } from "../../../extension/session/export-document.ts";
import type { ImportReport } from "../../../extension/session/import-sequence.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { minimalDocument } from "../../support/mix-documents.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { writeScene } from "../../support/xmeml-scene.ts";

const folder = temporaryFolders();

type Failure = { readonly errors: readonly { readonly message: string; readonly allowed?: readonly string[] }[] };

/** The small scene as a document, with its media and its rendered stems. */
const ground = { project: "", media: "", document: "", stems: "" };
const output = () => join(folder(), "back.xml");
const exported = (...more: string[]) => {
  const file = output();
  return runJson<ExportReport>(["export", ground.document, "--to", "xmeml", "-o", file, ...more]);
};
const pathUrls = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/<pathurl>(.*)<\/pathurl>/g)].map(([, url]) => url!);

beforeAll(async () => {
  const place = folder();
  mkdirSync(place, { recursive: true });
  Object.assign(ground, writeScene(place), { document: join(place, "scene.mix.json"), stems: join(place, "out") });
  const media = ["--media", ground.media];
  expect((await runMain(["import", ground.project, "-o", ground.document, ...media])).exitCode).toBe(0);
  const { exitCode, stderr } = await runMain(["render", ground.document, "-o", ground.stems, ...media]);
  expect([0, 5], stderr).toContain(exitCode);
}, 120_000);

describe("premix export", () => {
  test("prints the loss list first, then the file", async () => {
    const file = output();
    const { exitCode, stdout } = await runMain(["export", ground.document, "--to", "xmeml", "-o", file]);
    expect(exitCode).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toMatch(/^property +outcome +count +note$/);
    expect(stdout).toMatch(/^bus +dropped +5 +Dialogue, Music, Effects, Ambience, Main/m);
    expect(lines.at(-1)).toBe(`${file}: ${readFileSync(file).length} bytes`);
  });

  test("without --media names stand alone, and every one is said", async () => {
    const { json } = await exported();
    expect(pathUrls(json.file)).toEqual(["DX_one.wav", "MX_theme.wav", "AMB_room.wav", "SFX_knock.wav"]);
    expect(json.warnings.join()).toMatch(/4 media .*DX_one\.wav.*Premiere will ask/);
  });

  test("with --media the files are named where they are", async () => {
    const { json } = await exported("--media", ground.media);
    expect(json.warnings).toEqual([]);
    const wanted = ["DX_one.wav", "MX_theme.wav", "AMB_room.wav", "SFX_knock.wav"].map((name) =>
      join(ground.media, name),
    );
    expect(pathUrls(json.file).map((url) => decodeURIComponent(url.replace("file://localhost", "")))).toEqual(wanted);
  });

  test("import, export and import again is the same document, hash and all but the view", async () => {
    const { json } = await exported("--media", ground.media);
    const again = join(folder(), "scene.mix.json");
    const imported = await runJson<ImportReport>(["import", json.file, "-o", again, "--media", ground.media]);
    expect(imported.json.document.hash).toBe(json.document.hash);
  });

  test("stems stand on new tracks from the start, and the others are muted", async () => {
    const { json } = await exported("--media", ground.media, "--stems", ground.stems);
    expect(json.stemTracks).toEqual(["Premix DX", "Premix MX", "Premix FX", "Premix BG"]);
    const stems = pathUrls(json.file).slice(4);
    expect(stems.map((url) => existsSync(decodeURIComponent(url.replace("file://localhost", ""))))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const tracks = readFileSync(json.file, "utf8").split("<track ").slice(1);
    const isOn = (track: string) => /<\/clipitem>\s*<enabled>TRUE/.test(track);
    expect(tracks.map((track) => [/TrackName="Premix/.test(track), isOn(track)])).toEqual(
      tracks.map((track) => [/TrackName="Premix/.test(track), /TrackName="Premix/.test(track)]),
    );
    expect(tracks.filter((track) => /TrackName="Premix/.test(track) && /<start>0</.test(track))).toHaveLength(8);
    const again = await runJson<ImportReport>([
      "import",
      json.file,
      "-o",
      join(folder(), "a.mix.json"),
      "--media",
      ground.media,
    ]);
    expect(again.json.clips.map(({ name }) => name).sort()).toEqual([
      "AMB_room.wav",
      "DX_one.wav",
      "DX_one.wav",
      "MX_theme.wav",
      "SFX_knock.wav",
    ]);
  });

  test("stems that were not rendered are named, exit 3, and nothing is written", async () => {
    const file = output();
    const argv = ["export", ground.document, "--to", "xmeml", "-o", file, "--stems", folder()];
    const { exitCode, json } = await runJson<Failure>(argv);
    expect(exitCode).toBe(3);
    expect(json.errors.map(({ message }) => /stem (\w+)/.exec(message)?.[1])).toEqual(["DX", "MX", "FX", "BG"]);
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    [["--to", "aaf"], /"aaf"; allowed is xmeml/],
    [[], /--to is missing; allowed is xmeml/],
  ])("%j is refused with what can be written", async (options, says) => {
    const { exitCode, json } = await runJson<Failure>(["export", ground.document, "-o", output(), ...options]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(says);
    expect(json.errors[0]!.allowed).toEqual(["xmeml"]);
  });

  test("a document is never written over, and stays as it is", async () => {
    const before = readFileSync(ground.document);
    const { exitCode } = await runMain(["export", ground.document, "--to", "xmeml", "-o", ground.document]);
    expect(exitCode).toBe(2);
    expect(readFileSync(ground.document)).toEqual(before);
  });

  test("a frame rate without a place in the format is refused by name", async () => {
    const base = minimalDocument();
    const odd: MixDocument = { ...base, sequence: { ...base.sequence, frameRate: "25/2" } };
    const path = join(folder(), "odd.mix.json");
    writeFileSync(path, canonicalText(odd));
    const { exitCode, json } = await runJson<Failure>(["export", path, "--to", "xmeml", "-o", output()]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toContain("25/2 frames per second");
  });
});
