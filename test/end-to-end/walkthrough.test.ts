// The README's way from an empty folder to a conformed mix, typed line by line.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { type SceneClip, sceneXml, writeScene } from "../support/xmeml-scene.ts";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = temporaryFolders();
const FPS = 25;

const [block = ""] = [...readme.matchAll(/^```bash\n(.*?)^```/gms)].map(([, text]) => text!);
const lines = block
  .split("\n")
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter((line) => line !== "");

/** The same sounds in another cut: dialogue and music two seconds later, the second line shorter, no knock. */
const recut: readonly (readonly SceneClip[])[] = [
  [
    { file: "DX_one.wav", channels: 1, at: 2 * FPS, in: 0, length: 4 * FPS },
    { file: "DX_one.wav", channels: 1, at: 7 * FPS, in: 6 * FPS, length: 3 * FPS },
  ],
  [{ file: "MX_theme.wav", channels: 2, at: 2 * FPS, in: 0, length: 8 * FPS }],
  [{ file: "AMB_room.wav", channels: 1, at: 0, in: 0, length: 10 * FPS }],
];

describe("from an empty folder", () => {
  let ground = "";
  let rushes = "";
  const said = new Map<string, string>();

  const shell = (line: string) => {
    const program = join(root, "extension/cli/premix.mjs");
    const npx = `npx() { shift; "${process.execPath}" "${program}" "$@"; }`;
    // Who commits, and that nothing of this machine's git settings takes part.
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", NO_COLOR: "1" };
    for (const who of ["AUTHOR", "COMMITTER"]) {
      Object.assign(env, { [`GIT_${who}_NAME`]: "Anna", [`GIT_${who}_EMAIL`]: "anna@example.com" });
    }
    return spawnSync("bash", ["-c", `${npx}; ${line.replaceAll("/Volumes/Rushes", rushes)}`], {
      cwd: ground,
      encoding: "utf8",
      env,
    });
  };

  beforeAll(() => {
    ground = folder();
    const { project, media } = writeScene(ground);
    rushes = media;
    renameSync(project, join(ground, "MyFilm.xml"));
    writeFileSync(join(ground, "MyFilm-recut.xml"), sceneXml("Small scene", recut));
    for (const line of lines) {
      const { status, stdout, stderr } = shell(line);
      expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
      said.set(line, stdout);
    }
  }, 120_000);

  const saidBy = (command: string): string => [...said].find(([line]) => line.includes(` ${command} `))?.[1] ?? "";
  const documentAt = (name: string) =>
    JSON.parse(readFileSync(join(ground, "mix/documents", name), "utf8")) as MixDocument;
  const merged = () => documentAt(readdirSync(join(ground, "mix/documents")).find((name) => /^Small/.test(name))!);

  test("walks through all that it promises", () => {
    for (const command of ["init", "mix", "git install", "preset apply", "set", "log", "conform", "render", "explain"])
      expect(lines.some((line) => line.startsWith(`npx premix ${command}`))).toBe(true);
  });

  test("the merge holds what both editors did", () => {
    const { duckers, tracks } = merged();
    expect(duckers[0]!["releaseMs"]).toBe(1400);
    const music = tracks.find(({ role }) => role === "music")!;
    expect(music.processors.map(({ type }) => type)).toContain("equalizer");
    expect(saidBy("log")).toContain("Music out of the voice's way");
  });

  test("the new cut carries the mix: moved, trimmed and gone are named, inserts and rules stay", () => {
    const conformed = documentAt("recut.mix.json");
    expect(saidBy("conform")).toMatch(/1 kept, 1 moved, 2 trimmed, 0 split, 0 new, 1 gone/);
    const inserts = ({ tracks }: MixDocument) => tracks.find(({ role }) => role === "music")!.processors;
    expect(inserts(conformed)).toEqual(inserts(merged()));
    expect(conformed.duckers).toEqual(merged().duckers);
    expect(readdirSync(join(ground, "mix/renders/recut")).filter((name) => name.endsWith(".wav"))).toHaveLength(5);
  });

  test("the house's word stands, and its place is told", () => {
    expect(saidBy("explain")).toMatch(/-23 LUFS .*broadcast-news-ebu.*\(locked\).*settings\.jsonc:\d+:\d+/);
  });
});
