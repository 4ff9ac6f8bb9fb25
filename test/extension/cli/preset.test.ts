import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { fullDocument } from "../../support/mix-documents.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folderOf = temporaryFolders();

type Applied = {
  readonly written: boolean;
  readonly changes: readonly { readonly pointer: string; readonly before: unknown; readonly after: unknown }[];
};
type Listed = {
  readonly presets: readonly { readonly name: string; readonly source: string }[];
  readonly warnings: string[];
};

/** A project with one document, a preset of its own and a house with one. */
const project = async () => {
  const folder = folderOf();
  await runMain(["init", folder]);
  const document = join(folder, "mix/documents/a.mix.json");
  writeFileSync(document, canonicalText(fullDocument({ extends: [] })));
  const preset = (name: string, members: string) =>
    `{ "format": "preset", "formatVersion": "1.0", "name": "${name}", ${members} }`;
  const warm = preset("warm", `// by ear\n"processors": [{ "type": "gain", "gainDb": 1 }]`);
  writeFileSync(join(folder, "mix/presets/warm.mixpreset.jsonc"), warm);
  mkdirSync(join(folder, "mix/house/@acme/tv/presets"), { recursive: true });
  const tv = preset("dialogue-tv", `"processors": [{ "type": "limiter" }]`);
  writeFileSync(join(folder, "mix/house/@acme/tv/presets/dialogue-tv.mixpreset.jsonc"), tv);
  const read = () => JSON.parse(readFileSync(document, "utf8")) as MixDocument;
  return { folder, document, read, at: { workingFolder: folder } };
};

const withoutChains = (document: MixDocument): unknown =>
  JSON.parse(JSON.stringify(document), (key, value: unknown) => (key === "processors" ? undefined : value));

describe("premix preset list and show", () => {
  test("find the presets of the project, of its houses and of Premix", async () => {
    const { at } = await project();
    const { json } = await runJson<Listed>(["preset", "list"], at);
    const found = json.presets.map(({ name, source }) => `${source}: ${name}`);
    expect(found.slice(0, 2)).toEqual(["project: warm", "@acme/tv: dialogue-tv"]);
    expect(found).toContain("Premix: voice-clean-up");
    const { json: own } = await runJson<Listed>(["preset", "list", "--house", "@acme/tv"], at);
    expect(own.presets.map(({ name }) => name)).toEqual(["dialogue-tv"]);
    expect((await runMain(["preset", "show", "@acme/tv/dialogue-tv"], at)).stdout).toContain('"limiter"');
  });

  test("show the knobs with their ranges, and the chain as they stand", async () => {
    const { stdout } = await runMain(["preset", "show", "voice-clean-up", "--set", "brightness=100"]);
    expect(stdout).toMatch(/brightness +0 to 100 %, default 50 +How far the consonants come forward\./);
    expect(stdout).toContain('"gainDb": 4');
  });

  test("name a broken preset without losing the others", async () => {
    const { folder, at } = await project();
    writeFileSync(join(folder, "mix/presets/bad.mixpreset.jsonc"), '{ "format": "preset" }');
    const { json, exitCode } = await runJson<Listed>(["preset", "list"], at);
    expect(exitCode).toBe(0);
    expect(json.warnings.join()).toMatch(/formatVersion/);
    expect(json.presets.length).toBeGreaterThan(6);
    expect((await runMain(["preset", "show", "bad"], at)).stderr).toMatch(/formatVersion/);
  });

  test("do not follow a link out of the mix folder", async () => {
    const { folder, at } = await project();
    const outside = folderOf();
    writeFileSync(join(outside, "x.mixpreset.jsonc"), "{}");
    symlinkSync(join(outside, "x.mixpreset.jsonc"), join(folder, "mix/presets/x.mixpreset.jsonc"));
    const { json } = await runJson<Listed>(["preset", "list"], at);
    expect(json.warnings.join()).toMatch(/lies outside the project and was not looked at/);
  });

  test("say what there is when a name is wrong", async () => {
    const { exitCode, stderr } = await runMain(["preset", "show", "voice-cleanup"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean voice-clean-up?");
  });
});

describe("premix preset apply", () => {
  test("changes the chains that it names and nothing else", async () => {
    const { document, read } = await project();
    const before = read();
    const { exitCode, json } = await runJson<Applied>(["preset", "apply", document, "voice-clean-up"]);
    expect(exitCode).toBe(0);
    expect(json.written).toBe(true);
    const after = read();
    expect(withoutChains(after)).toEqual(withoutChains(before));
    expect(after.tracks[0]!.processors.map(({ type }) => type)).toEqual([
      "equalizer",
      "deEsser",
      "compressor",
      "panner",
    ]);
    expect(after.tracks[1]).toEqual(before.tracks[1]);
    expect(after.buses).toEqual(before.buses);
    expect(json.changes.every(({ pointer }) => pointer.startsWith("/track/trk_dx/processors/"))).toBe(true);
  });

  test("shows the difference before it writes, and diff shows the same without writing", async () => {
    const { document } = await project();
    const text = readFileSync(document, "utf8");
    const difference = await runMain(["preset", "diff", document, "phone", "--to", "MX"]);
    expect(difference.stdout).toMatch(/^track trk_mx {2}MX\n {2}\+ {2}saturator {3}\{.*"driveDb":9/);
    expect(readFileSync(document, "utf8")).toBe(text);
    const applied = await runMain(["preset", "apply", document, "phone", "--to", "MX"]);
    expect(applied.stdout.startsWith(difference.stdout)).toBe(true);
    expect(applied.stdout).toMatch(/phone applied\.\n$/);
  });

  test("a second time changes what its knobs turn, and nothing when they stand as before", async () => {
    const { document, read } = await project();
    const apply = (...more: string[]) => runJson<Applied>(["preset", "apply", document, "voice-clean-up", ...more]);
    await apply();
    const ids = read().tracks[0]!.processors.map(({ id }) => id);
    expect((await apply()).json).toMatchObject({ written: false, changes: [] });
    const { json } = await apply("--set", "evenness=100");
    expect(json.changes.map(({ pointer, before, after }) => [pointer.split("/").at(-1), before, after])).toEqual([
      ["ratio", 2, 4],
      ["makeupDb", 2, 4],
    ]);
    expect(read().tracks[0]!.processors.map(({ id }) => id)).toEqual(ids);
  });

  test("works on buses, clips and roles", async () => {
    const { document, read } = await project();
    const to = ["--to", "bus_dx", "--to", "clp_answer", "--to", "music"];
    const { json } = await runJson<Applied>(["preset", "apply", document, "warm", ...to], {
      workingFolder: folderOf(),
    });
    expect(json.changes).toHaveLength(3);
    const { buses, tracks } = read();
    expect(buses.find(({ id }) => id === "bus_dx")!.processors.map(({ type }) => type)).toEqual(["gain", "compressor"]);
    expect(tracks[0]!.clips[1]!.processors).toMatchObject([{ type: "gain", gainDb: 1 }]);
    expect(tracks[1]!.processors).toMatchObject([{ type: "gain" }]);
  });

  test.each([
    [["voice-clean-up", "--to", "A9"], /no track, clip, bus or role "A9"; tracks are DX 1, MX/],
    [["voice-clean-up", "--set", "brightnes=3"], /no knob "brightnes".*Did you mean brightness/],
    [["voice-clean-up", "--set", "brightness=300"], /the knob goes from 0 to 100 %/],
    [["voice-clean-up", "--set", "brightness"], /the form is <knob>=<number>/],
  ])("%j is refused and the document stays", async (words, says) => {
    const { document } = await project();
    const text = readFileSync(document, "utf8");
    const { exitCode, stderr } = await runMain(["preset", "apply", document, ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(says);
    expect(readFileSync(document, "utf8")).toBe(text);
  });
});

describe("premix preset save", () => {
  test("writes a chain that applies to the same sound elsewhere", async () => {
    const { folder, document, read } = await project();
    const saved = await runJson(["preset", "save", document, "glue", "--from", "bus_dx", "--description", "Firm."]);
    expect(saved.exitCode).toBe(0);
    const { exitCode } = await runMain(["preset", "apply", document, "glue", "--to", "MX"]);
    expect(exitCode).toBe(0);
    const { tracks, buses } = read();
    const { id: _, ...sound } = tracks[1]!.processors[0]!;
    const { id: __, ...source } = buses.find(({ id }) => id === "bus_dx")!.processors[0]!;
    expect(sound).toEqual(source);
    const text = readFileSync(join(folder, "mix/presets/glue.mixpreset.jsonc"), "utf8");
    expect(text).toContain('"$schema": "../schema/preset.schema.json"');
  });

  test("does not overwrite; --force writes the chain anew and keeps comments", async () => {
    const { folder, document } = await project();
    const file = join(folder, "mix/presets/warm.mixpreset.jsonc");
    const refused = await runMain(["preset", "save", document, "warm", "--from", "bus_dx"]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/--force/);
    await runMain(["preset", "save", document, "warm", "--from", "bus_dx", "--force"]);
    expect(readFileSync(file, "utf8")).toMatch(/\/\/ by ear[\s\S]*"compressor"/);
  });

  test.each([
    [["../evil", "--from", "bus_dx"], /letters, digits/],
    [["none", "--from", "bus_room"], /has no processors to save/],
    [["none"], /Say whose chain: --from/],
  ])("%j", async (words, says) => {
    const { document } = await project();
    const { stderr } = await runMain(["preset", "save", document, ...words]);
    expect(stderr).toMatch(says);
  });
});
