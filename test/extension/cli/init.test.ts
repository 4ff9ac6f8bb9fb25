import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFolderFile } from "../../../schema/folder-file.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

type Init = { readonly ok: boolean; readonly written: readonly string[]; readonly kept: readonly string[] };

const folderOf = temporaryFolders();

describe("premix init", () => {
  test("makes the folder of a project, where there is none yet", async () => {
    const folder = join(folderOf(), "harbour");
    const { exitCode, json } = await runJson<Init>(["init", folder]);
    expect(exitCode).toBe(0);
    expect(json.kept).toEqual([]);
    for (const path of json.written) expect(existsSync(join(folder, path)), path).toBe(true);
    expect(readdirSync(join(folder, "mix")).sort()).toEqual([
      ...[".gitattributes", ".gitignore", "analysis", "documents", "house", "presets", "project.jsonc", "renders"],
      ...["schema", "settings.jsonc", "settings.local.jsonc"],
    ]);
    expect(readFileSync(join(folder, "mix/.gitignore"), "utf8")).toContain("/settings.local.jsonc\n");
    const read = (name: string) => readFileSync(join(folder, "mix", name), "utf8");
    expect(parseFolderFile(read("project.jsonc"), "", "project")).toMatchObject({ value: { name: "harbour" } });
    expect(parseFolderFile(read("settings.jsonc"), "", "settings")).toMatchObject({ ok: true, warnings: [] });
    expect(parseFolderFile(read("settings.local.jsonc"), "", "localSettings")).toMatchObject({
      ok: true,
      warnings: [],
    });
  });

  test("a second run changes nothing", async () => {
    const folder = folderOf();
    const first = await runJson<Init>(["init", folder]);
    const second = await runJson<Init>(["init", folder]);
    expect(second.json.written).toEqual([]);
    expect(second.json.kept).toEqual(first.json.written);
  });

  test("what people wrote stays, and only schemas of an older version are written anew", async () => {
    const folder = folderOf();
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(join(folder, ".vscode/settings.json"), "{} // mine\n");
    const first = await runMain(["init", folder]);
    expect(first.stderr).toMatch(/^warning: \.vscode\/settings\.json was there and stays/);
    writeFileSync(join(folder, "mix/settings.jsonc"), "mine");
    writeFileSync(join(folder, "mix/schema/premix.schema.json"), "{}");
    const { json } = await runJson<Init>(["init", folder]);
    expect(json.written).toEqual(["mix/schema/premix.schema.json"]);
    expect(readFileSync(join(folder, "mix/settings.jsonc"), "utf8")).toBe("mine");
    expect(readFileSync(join(folder, ".vscode/settings.json"), "utf8")).toBe("{} // mine\n");
  });
});
