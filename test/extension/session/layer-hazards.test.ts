import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FilePort } from "../../../engine/files.ts";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { openLayered } from "../../../extension/session/open-document.ts";
import type { Problem } from "../../../schema/problem.ts";
import { minimalDocument } from "../../support/mix-documents.ts";
import { type FolderContent, houseFile, projectFile, settingsFile, writeFolder } from "../../support/mix-folder.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

/** Files that remember every path that was asked for. */
const watchedFiles = (): { readonly files: FilePort; readonly touched: string[] } => {
  const node = createNodeFiles();
  const touched: string[] = [];
  const watch =
    <T>(work: (path: string) => Promise<T>) =>
    (path: string): Promise<T> => {
      touched.push(path);
      return work(path);
    };
  const files: FilePort = {
    ...node,
    facts: watch(node.facts),
    open: watch(node.open),
    list: watch(node.list),
    linkTarget: watch(node.linkTarget!),
    readBytes: (path, most) => watch((at) => node.readBytes(at, most))(path),
  };
  return { files, touched };
};

type Opened = { readonly problems: readonly Problem[]; readonly outside: readonly string[] };

/** Opens the document of a mix folder inside `project`; gives what was wrong and what was asked for outside of it. */
const open = async (content: FolderContent, prepare: (project: string) => void = () => {}): Promise<Opened> => {
  const around = folder();
  const project = join(around, "project");
  writeFolder(project, { "mix/documents/reel.mix.json": minimalDocument(), ...content });
  writeFolder(around, { "secret/house.jsonc": houseFile({}), "secret/settings.jsonc": settingsFile({}) });
  prepare(project);
  const { files, touched } = watchedFiles();
  const opened = await openLayered(files, join(project, "mix/documents/reel.mix.json"));
  // The workspace file is looked for in the folders above: their names are listed, nothing in them is touched.
  const outside = touched.filter((path) => !path.startsWith(project) && !around.startsWith(path));
  return { problems: opened.ok ? [] : opened.problems, outside };
};

const one = async (content: FolderContent, prepare?: (project: string) => void): Promise<Problem> => {
  const { problems, outside } = await open(content, prepare);
  expect(outside).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]!.message).toMatch(/^.+[.?]$/s);
  return problems[0]!;
};

/** A path behind a variable, as it is written in a file. */
const behind = (variable: string, path: string): string => `\${${variable}}/${path}`;

const settings = JSON.stringify(settingsFile({}));

describe("a layer's file that is no good is refused with a sentence that says where", () => {
  test.each([
    ["broken", '{\n  "format": "settings",\n  "track": {]\n}', "syntax", /line|missing/],
    ["a list", "[]", "schema", /"format": "settings"/],
    ["of another kind", settings.replace("settings", "preset"), "schema", /"settings"/],
    ["with a key twice", settings.replace("{", '{ "note": "", "note": "",'), "syntax", /stands twice/],
    ["with __proto__", settings.replace("{", '{ "__proto__": { "track": {} },'), "forbidden-key", /__proto__/],
    ["with constructor", settings.replace("{", '{ "track": { "constructor": 1 },'), "forbidden-key", /constructor/],
    ["100,000 levels deep", `{"a":${"[".repeat(100_000)}`, "too-deep", /64 levels/],
    ["of 2 MB", settings.replace("{", `{ "note": "${"x".repeat(2_000_000)}",`), "too-large", /262144|bytes/],
    ["UTF-16", new Uint8Array(Buffer.from(`\ufeff${settings}`, "utf16le")), "syntax", /UTF-8/],
    ["out of range", JSON.stringify(settingsFile({ track: { volumeDb: 900 } })), "schema", /-120 to 48/],
  ])("%s", async (_, text, code, says) => {
    const problem = await one({ "mix/settings.jsonc": text });
    expect(problem).toMatchObject({ code, file: expect.stringMatching(/settings\.jsonc$/) });
    expect(problem.message).toMatch(says);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { track?: unknown }).track).toBeUndefined();
  });

  test("a pipe", async () => {
    const pipe = (project: string) => execFileSync("mkfifo", [join(project, "mix/settings.jsonc")]);
    expect(await one({}, pipe)).toMatchObject({ code: "path-refused" });
  });
});

describe("a path that leads out of the project is refused and its target is not looked at", () => {
  const extending = (...specs: string[]) => ({ "mix/project.jsonc": projectFile({ extends: specs }) });

  test.each([
    "../../secret",
    "../../secret/house.jsonc",
    "./../../secret",
    "..\\..\\secret",
    "/etc/passwd",
    "C:/houses/acme",
    "\\\\server\\share\\house",
    "//server/share/house",
    "file://server/house",
    "/dev/zero",
    "@acme/../../../secret",
    "acme/..",
    "",
  ])("extends %j", async (spec) => {
    const problem = await one(extending(spec));
    expect(problem.code).toBe("path-refused");
  });

  test.each(["../../secret", "/etc", behind("houses", "acme"), "\\\\server\\share", behind("houses", "../secret")])(
    "a house at %j",
    async (path) => {
      const houses = [{ name: "acme", path }];
      const problem = await one({ "mix/project.jsonc": projectFile({ extends: ["acme"], houses }) });
      expect(problem.code).toBe("path-refused");
    },
  );

  test("a variable that names a network folder", async () => {
    const local = { format: "localSettings", formatVersion: "1.0", variables: { houses: "\\\\server\\share" } };
    expect(await one({ "mix/settings.local.jsonc": local })).toMatchObject({ code: "path-refused" });
  });

  test("a link to a file and a link to a folder", async () => {
    const link = (project: string) => symlinkSync("../../secret/settings.jsonc", join(project, "mix/settings.jsonc"));
    expect(await one({}, link)).toMatchObject({ code: "path-refused" });
    const linkFolder = (project: string) => {
      mkdirSync(join(project, "mix/house"));
      symlinkSync(join(project, "../secret"), join(project, "mix/house/acme"));
    };
    expect(await one(extending("acme"), linkFolder)).toMatchObject({ code: "path-refused" });
  });

  test("links in a circle", async () => {
    const circle = (project: string) => symlinkSync("settings.jsonc", join(project, "mix/settings.jsonc"));
    expect(await one({}, circle)).toMatchObject({ code: "path-refused" });
  });

  test("the layer of a house that lies beside it", async () => {
    const house = houseFile({}, { layer: "../other/settings.jsonc" });
    const content = { "mix/house/acme/house.jsonc": house, "mix/house/other/settings.jsonc": settingsFile({}) };
    const problem = await one({ ...content, ...extending("acme") });
    expect(problem).toMatchObject({ pointer: "/layer", line: expect.any(Number) });
  });
});

describe("what a layer builds on", () => {
  const preset = (name: string, more: object = {}) => ({
    format: "preset",
    formatVersion: "1.0",
    name,
    processors: [{ type: "gain", gainDb: -1 }],
    ...more,
  });

  test("a circle of presets is refused with the whole chain", async () => {
    const problem = await one({
      "mix/project.jsonc": projectFile({ extends: ["./presets/a.mixpreset.jsonc"] }),
      "mix/presets/a.mixpreset.jsonc": preset("a", { extends: ["./b.mixpreset.jsonc"] }),
      "mix/presets/b.mixpreset.jsonc": preset("b", { extends: ["./a.mixpreset.jsonc"] }),
    });
    expect(problem.message).toMatch(/circle: .*a\.mixpreset\.jsonc -> .*b\.mixpreset\.jsonc -> .*a\.mixpreset\.jsonc/);
    expect(problem).toMatchObject({ file: expect.stringMatching(/b\.mixpreset\.jsonc$/), pointer: "/extends/0" });
  });

  test("a house that is nowhere is named with the places and what was meant", async () => {
    const problem = await one({
      "mix/project.jsonc": projectFile({ extends: ["acmee"] }),
      "mix/house/acme/house.jsonc": houseFile({}),
    });
    expect(problem).toMatchObject({ code: "missing-file", didYouMean: "acme", line: expect.any(Number) });
  });

  test("houses are found in mix/house, where project.jsonc says, and in node_modules, in this order", async () => {
    const target = (integratedLufs: number) => houseFile({ targets: { programme: { integratedLufs } } });
    const share = writeFolder(folder(), { "acme/house.jsonc": target(-25) });
    const houses = [{ name: "acme", path: behind("share", "acme") }];
    const vendored = { "mix/house/acme/house.jsonc": target(-24) };
    const named = {
      "mix/project.jsonc": projectFile({ extends: ["acme"], houses }),
      "mix/settings.local.jsonc": { format: "localSettings", formatVersion: "1.0", variables: { share } },
    };
    const installed = {
      "mix/project.jsonc": projectFile({ extends: ["acme"] }),
      "node_modules/acme/house.jsonc": target(-26),
    };
    const document = {
      ...minimalDocument(),
      targets: { programme: { profile: null, toleranceLu: 1, truePeakDbtp: -1 } },
    };
    const loudness = async (content: FolderContent) => {
      const root = writeFolder(folder(), { ...content, "mix/documents/reel.mix.json": document });
      const opened = await openLayered(createNodeFiles(), join(root, "mix/documents/reel.mix.json"));
      return opened.ok ? opened.value.document.targets.programme.integratedLufs : opened.problems;
    };
    expect(await loudness(installed)).toBe(-26);
    expect(await loudness({ ...installed, ...named })).toBe(-25);
    expect(await loudness({ ...installed, ...named, ...vendored })).toBe(-24);
  });

  test("a workspace above counts only for the projects that it lists", async () => {
    const workspace = (path: string) => ({
      format: "workspace",
      formatVersion: "1.0",
      folders: [{ path }],
      settings: { "[dialogue]": { bus: { volumeDb: -4 } } },
    });
    for (const [path, expected] of [
      ["episode-1/mix", -4],
      ["episode-2/mix", 0],
    ] as const) {
      const root = folder();
      const document = minimalDocument();
      const { volumeDb: _, ...sparse } = {
        ...document.buses[0]!,
        id: "bus_dx",
        kind: "submix",
        role: "dialogue",
        output: "bus_main",
      };
      writeFolder(root, { "Season.mix-workspace.jsonc": workspace(path) });
      writeFileSync(join(root, "other.mix-workspace.jsonc.bak"), "no");
      const file = { ...document, buses: [sparse, ...document.buses] };
      writeFolder(root, { "episode-1/mix/documents/reel.mix.json": file });
      const opened = await openLayered(createNodeFiles(), join(root, "episode-1/mix/documents/reel.mix.json"));
      expect(opened.ok && opened.value.document.buses[0]!.volumeDb).toBe(expected);
    }
  });
});
