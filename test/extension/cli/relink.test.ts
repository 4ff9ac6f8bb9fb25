import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { quickHash } from "../../../extension/session/quick-hash.ts";
import type { RelinkReport } from "../../../extension/session/relink-document.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { Media } from "../../../schema/generated/mix-document.ts";
import { floatWave } from "../../support/float-wave.ts";
import { clipFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { settingsFile } from "../../support/mix-folder.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
/** Rendered; a level of direct current is no programme at its target. */
const RENDERED = 5;
const wave = (level: number) => floatWave(new Float32Array(2 * 48_000).fill(level), 2);

/** A project folder with media/ and mix/documents/reel.mix.json that plays two of its files. */
const project = async () => {
  const root = newFolder();
  for (const folder of ["media", "mix/documents", "other"]) mkdirSync(join(root, folder), { recursive: true });
  const media: { [id: string]: Media } = {};
  for (const [index, name] of ["one", "two"].entries()) {
    const file = join(root, "media", `${name}.wav`);
    writeFileSync(file, wave(0.1 * (index + 1)));
    media[`med_${name}`] = {
      path: `../../media/${name}.wav`,
      name: `${name}.wav`,
      sizeBytes: readFileSync(file).length,
      quickHash: await quickHash(createNodeFiles(), file),
      sampleRate: 48_000,
      channels: 2,
      frames: 48_000,
    };
  }
  const clips = ["one", "two"].map((name) => clipFixture({ id: `clp_${name}`, name, media: `med_${name}` }));
  const tracks = clips.map((clip, index) => trackFixture({ id: `trk_${index}`, order: index, clips: [clip] }));
  const file = join(root, "mix/documents/reel.mix.json");
  writeFileSync(file, canonicalText(minimalDocument({ media, tracks })));
  return { root, file, media: join(root, "media"), other: join(root, "other") };
};

const states = ({ media }: RelinkReport) => Object.fromEntries(media.map(({ name, state }) => [name, state]));
const pathsIn = (file: string): string[] =>
  Object.values(JSON.parse(readFileSync(file, "utf8")).media as Record<string, Media>).map(({ path }) => path);

describe("premix relink", () => {
  test("says that all is where it should be, and --write leaves the document as it was", async () => {
    const { file } = await project();
    const before = readFileSync(file);
    const { exitCode, json } = await runJson<RelinkReport>(["relink", file, "--write"]);
    expect(exitCode).toBe(0);
    expect(states(json)).toEqual({ "one.wav": "found", "two.wav": "found" });
    expect(readFileSync(file)).toEqual(before);
  });

  test("shows new paths, and stores them relative only with --write", async () => {
    const { root, file, media, other } = await project();
    renameSync(join(media, "one.wav"), join(other, "New name.wav"));
    const before = readFileSync(file);
    const shown = await runJson<RelinkReport>(["relink", file, "--media", other]);
    expect(shown.json.media[0]).toMatchObject({ state: "moved", by: "content", newPath: "../../other/New name.wav" });
    expect(readFileSync(file)).toEqual(before);
    await runJson(["relink", file, "--media", other, "--write"]);
    expect(pathsIn(file)).toEqual(["../../other/New name.wav", "../../media/two.wav"]);
    expect((await runJson(["render", file, "-o", join(root, "out")])).exitCode).toBe(RENDERED);
  });

  test("stores what lies outside the project behind the machine's variable, never absolute", async () => {
    const { root, file, media } = await project();
    const disk = newFolder();
    mkdirSync(join(disk, "Day 1"));
    renameSync(join(media, "one.wav"), join(disk, "Day 1", "ONE.WAV"));
    const local = { ...settingsFile({ variables: { rushes: disk } }), format: "localSettings" };
    writeFileSync(join(root, "mix/settings.local.jsonc"), JSON.stringify(local));
    expect((await runJson(["relink", file, "--write"])).exitCode).toBe(0);
    expect(pathsIn(file)[0]).toBe(`${["$", "{rushes}"].join("")}/Day 1/ONE.WAV`);
    expect((await runJson(["render", file, "-o", join(root, "out")])).exitCode).toBe(RENDERED);
    expect(readFileSync(file, "utf8")).not.toContain(disk);
  });

  test("a changed file is refused for rendering until it is accepted", async () => {
    const { root, file, media } = await project();
    writeFileSync(join(media, "two.wav"), wave(0.5));
    const render = () =>
      runJson<{ errors: { code: string; message: string }[] }>(["render", file, "-o", join(root, "out")]);
    const refused = await render();
    expect(refused.exitCode).toBe(3);
    expect(refused.json.errors[0]).toMatchObject({ code: "changed-media" });
    expect(refused.json.errors[0]!.message).toContain('--accept "two.wav"');
    const shown = await runJson<RelinkReport>(["relink", file]);
    expect(shown.exitCode).toBe(3);
    expect(states(shown.json)).toEqual({ "one.wav": "found", "two.wav": "changed" });
    const accepted = await runJson<RelinkReport>(["relink", file, "--accept", "two.wav", "--write"]);
    expect(states(accepted.json)).toEqual({ "one.wav": "found", "two.wav": "accepted" });
    expect((await render()).exitCode).toBe(RENDERED);
  });

  test("names all candidates of an ambiguous medium, and takes the one that the user chooses", async () => {
    const { file, media, other } = await project();
    const document = JSON.parse(readFileSync(file, "utf8"));
    Object.assign(document.media.med_one, { path: "gone/one.wav", quickHash: null });
    writeFileSync(file, canonicalText(document));
    const copies = ["a", "b"].map((card) => join(other, card, "one.wav"));
    for (const [index, card] of ["a", "b"].entries()) {
      mkdirSync(join(other, card));
      writeFileSync(copies[index]!, wave(0.3 + index / 10));
    }
    const shown = await runJson<RelinkReport>(["relink", file, "--media", other]);
    expect(shown.json.media[0]).toMatchObject({ state: "ambiguous", candidates: copies, file: null });
    const choice = ["--accept", `one.wav=${copies[1]}`, "--media", other, "--media", media, "--write"];
    const chosen = await runJson<RelinkReport>(["relink", file, ...choice]);
    expect(chosen.exitCode).toBe(0);
    expect(pathsIn(file)[0]).toBe("../../other/b/one.wav");
  });

  test("for people it is a table, the sum and what to do", async () => {
    const { file, media, other } = await project();
    renameSync(join(media, "one.wav"), join(other, "one.wav"));
    renameSync(join(media, "two.wav"), join(newFolder(), "two.wav"));
    const { exitCode, stdout } = await runMain(["relink", file, "--media", other]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/moved +one\.wav +\.\.\/\.\.\/media\/one\.wav -> \.\.\/\.\.\/other\/one\.wav/);
    expect(stdout).toContain("1 moved, 1 missing; nothing was written; --write stores it");
    expect(stdout).toContain('Media "two.wav" is not here.');
  });

  test("an unknown word behind --accept is refused with the names that there are", async () => {
    const { file } = await project();
    const { exitCode, stderr } = await runMain(["relink", file, "--accept", "three.wav"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("one.wav, two.wav");
  });
});
