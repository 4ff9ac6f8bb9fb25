// What the README tells people to type, typed: its commands run, its tables name what there is, its links lead somewhere.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { shippedPresets } from "../../schema/presets/index.ts";
import { targetProfiles } from "../../schema/target-profiles.ts";
import { floatWave } from "../support/float-wave.ts";
import { runJson, runMain } from "../support/run-main.ts";
import { noise } from "../support/signals.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { writeScene } from "../support/xmeml-scene.ts";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = temporaryFolders();

/** The code blocks of a language. */
const blocks = (language: string): string[] =>
  [...readme.matchAll(/^```(\w+)\n(.*?)^```/gms)].filter(([, name]) => name === language).map(([, , text]) => text!);

/** The lines that a shell would run, without their comments. */
const commands = blocks("sh")
  .flatMap((block) => block.split("\n"))
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter((line) => line !== "");
const premixLines = commands.filter((line) => line.startsWith("npx premix "));
const npmLines = commands.filter((line) => line.startsWith("npm "));

describe("the README's commands", () => {
  let ground = "";
  let rushes = "";

  /** As a shell in the checkout would run it, where the checkout is one that has just been started and a film lies in it. */
  const shell = (line: string) => {
    const program = join(root, "extension/cli/premix.mjs");
    const npx = `npx() { shift; "${process.execPath}" "${program}" "$@"; }`;
    return spawnSync("bash", ["-c", `${npx}; ${line.replaceAll("/Volumes/Rushes", rushes)}`], {
      cwd: ground,
      encoding: "utf8",
    });
  };

  beforeAll(() => {
    ground = folder();
    const { project, media } = writeScene(ground);
    rushes = media;
    renameSync(project, join(ground, "MyFilm.xml"));
    symlinkSync(join(root, "dist"), join(ground, "dist"));
    // What `npm start` does once everything is built.
    expect(shell("npx premix mix").status).toBe(0);
  }, 60_000);

  test("are npm's and our own, and some of each", () => {
    expect(commands.filter((line) => !premixLines.includes(line) && !npmLines.includes(line))).toEqual([]);
    expect(premixLines.length).toBeGreaterThanOrEqual(3);
    expect(npmLines).toEqual(expect.arrayContaining(["npm start", "npm test", "npm run check", "npm run bench"]));
  });

  test("npm knows each of its own, and what it starts is there", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const line of npmLines) {
      const script = scripts[line.replace(/^npm (?:run )?/, "")];
      expect(script, line).toMatch(/^node \S+\.mjs( --\w+)?$/);
      expect(existsSync(join(root, script!.split(" ")[1]!)), line).toBe(true);
    }
  });

  test.each(premixLines)("%s", (line) => {
    const { status, stdout, stderr } = shell(line);
    expect(status, stderr).toBe(0);
    expect(stdout).not.toBe("");
  });

  test("the chain that it shows can be processed", async () => {
    const [chain] = blocks("jsonc");
    mkdirSync(join(ground, "rooms"));
    writeFileSync(join(ground, "chain.jsonc"), chain!);
    writeFileSync(join(ground, "in.wav"), floatWave(noise(-20, 48_000), 1));
    writeFileSync(join(ground, "rooms/hall.wav"), floatWave(noise(-20, 4_800, 2), 1));
    const argv = ["process", "in.wav", "--chain", "chain.jsonc", "-o", "out.wav"];
    const { exitCode, json } = await runJson<{ warnings: unknown }>(argv, { workingFolder: ground });
    expect(exitCode).toBe(0);
    expect(json.warnings).toEqual([]);
  });
});

describe("the README's table of commands", () => {
  const rows = [...readme.matchAll(/^\| `premix (\S+)([^`]*)`/gm)].map(([, name, more]) => ({
    name: name!,
    more: more!,
  }));

  test("names every command that there is, and no other", async () => {
    const { stdout } = await runMain(["--help"]);
    const known = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) {2,}\S/gm)].map(([, name]) => name!);
    expect(known.length).toBeGreaterThan(8);
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  test.each(rows)("shows only options that $name has", async ({ name, more }) => {
    const { exitCode, stdout } = await runMain([name, "--help"]);
    expect(exitCode).toBe(0);
    for (const [option] of more.matchAll(/(?<= )--?[a-z][a-z-]*/g)) expect(stdout).toMatch(new RegExp(`${option}\\b`));
  });
});

test("the README names every preset and every target", () => {
  const names = (start: string): string[] => {
    const sentence = new RegExp(`^${start}: (.*?)\\.$`, "ms").exec(readme)?.[1] ?? "";
    return [...sentence.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  };
  expect(names("Presets").sort()).toEqual(shippedPresets.map(({ name }) => name).sort());
  expect(names("Targets").sort()).toEqual(targetProfiles.map(({ name }) => name).sort());
});

test.each(["README.md", ".github/CONTRIBUTING.md"])("the files that %s links to are there", (document) => {
  const text = readFileSync(join(root, document), "utf8");
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path!);
  for (const path of links) expect(existsSync(join(root, document, "..", path)), path).toBe(true);
});
