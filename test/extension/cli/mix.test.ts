import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../../extension/session/mix-report.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import { parseDocument } from "../../../schema/json-text.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { type SceneClip, sceneXml, wave16, writeScene } from "../../support/xmeml-scene.ts";

const folder = temporaryFolders();
/** A whole mix runs in the hook; a busy machine may take its time. */
const HOOK_MS = 120_000;

type Failure = {
  readonly ok: boolean;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
};

const filesBelow = (path: string): string[] =>
  existsSync(path)
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

describe("mix of a small scene", () => {
  const place: { output: string; project: string; media: string; report: MixReport; stderr: string } = {
    output: "",
    project: "",
    media: "",
    report: {} as MixReport,
    stderr: "",
  };

  beforeAll(async () => {
    const home = folder();
    Object.assign(place, writeScene(home));
    place.output = join(home, "mix");
    const before = readFileSync(place.project);
    const run = await runJson<MixReport>(["mix", place.project, "--media", place.media, "--progress", "json"]);
    expect(run.stderr.split("\n").filter((line) => line.startsWith("premix:"))).toEqual([]);
    expect(run.exitCode, run.stderr).toBe(0);
    place.report = run.json;
    place.stderr = run.stderr;
    expect(readFileSync(place.project)).toEqual(before);
  }, HOOK_MS);

  test("meets the target, and says how the loudness was reached", () => {
    const { target, mix, decisions } = place.report;
    expect(target).toMatchObject({ profile: "ebu-r128", verdict: "pass" });
    expect(mix.measures.integratedLufs).toBeCloseTo(-23, 1);
    expect(decisions!.find(({ rule }) => rule === "programme-loudness")!.unit).toBe("LUFS");
    expect(decisions!.every(({ change }) => change.length > 0)).toBe(true);
  });

  test("writes document, five stems of the sequence's length, and both reports into mix/ beside the input", () => {
    const { document, stems, mix, report, sequence } = place.report;
    expect(sequence).toMatchObject({ name: "Small scene", frames: 480_000, frameRate: "25", sampleRate: 48_000 });
    expect(stems.map(({ name, role }) => [name, role])).toEqual([
      ["DX", "dialogue"],
      ["MX", "music"],
      ["FX", "effects"],
      ["BG", "ambience"],
    ]);
    for (const stem of [...stems, mix]) {
      expect(stem.frames).toBe(480_000);
      expect(statSync(stem.file).size).toBeGreaterThan(480_000 * 6);
    }
    const inside = [document.path, report!.json, report!.html, mix.file].every((path) => path.startsWith(place.output));
    expect(inside).toBe(true);
    expect(filesBelow(place.output).filter((path) => path.includes(".tmp-"))).toEqual([]);
  });

  test("places the four stems on new tracks, reads them back, and leaves the originals as they are", () => {
    const { placed, originalsUnchanged } = place.report;
    expect(originalsUnchanged).toBe(true);
    expect(placed!.map(({ trackName, trackIndex, readBack }) => [trackName, trackIndex, readBack])).toEqual([
      ["Premix DX", 4, true],
      ["Premix MX", 5, true],
      ["Premix FX", 6, true],
      ["Premix BG", 7, true],
    ]);
    expect(placed!.every(({ endTicks }) => endTicks === String(254_016_000_000n * 10n))).toBe(true);
  });

  test("gives each clip a role with its reason, and its place to the tick", () => {
    const { clips } = place.report;
    expect(clips.map(({ track, media, role }) => [track, media, role])).toEqual([
      ["A1", "DX_one.wav", "dialogue"],
      ["A1", "DX_one.wav", "dialogue"],
      ["A2", "MX_theme.wav", "music"],
      ["A3", "AMB_room.wav", "ambience"],
      ["A4", "SFX_knock.wav", "effects"],
    ]);
    expect(clips.every(({ roleEvidence }) => roleEvidence.length > 0)).toBe(true);
    expect(clips[1]).toMatchObject({
      startTicks: String(254_016_000_000n * 5n),
      durationTicks: String(254_016_000_000n * 4n),
      sourceInTicks: String(254_016_000_000n * 5n),
    });
  });

  test("the document is canonical, holds the decisions, and no path of this machine", () => {
    const text = readFileSync(place.report.document.path, "utf8");
    const parsed = parseDocument(text, "a");
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    expect(canonicalText(parsed.value)).toBe(text);
    expect(parsed.value.decisions.length).toBeGreaterThan(4);
    expect(text).not.toContain(place.media);
  });

  test("progress is one JSON object a line on stderr, from reading to the report", () => {
    const phases = place.stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => (JSON.parse(line) as { phase: string }).phase);
    expect([...new Set(phases)]).toEqual(expect.arrayContaining(["read", "media", "analyse", "render", "place"]));
  });

  test("render gives the same bytes from the document alone, whatever threads and block size", async () => {
    const output = folder();
    const argv = [
      "render",
      place.report.document.path,
      "--media",
      place.media,
      "-o",
      output,
      "--threads",
      "1",
      "--block",
      "77",
    ];
    const { exitCode, json } = await runJson<MixReport>(argv);
    expect(exitCode).toBe(0);
    const hashes = ({ stems, mix }: MixReport) => [...stems, mix].map(({ sha256 }) => sha256);
    expect(hashes(json)).toEqual(hashes(place.report));
    expect(json.document.hash).toBe(place.report.document.hash);
    expect(Object.keys(json)).not.toContain("placed");
    expect(Object.keys(json)).not.toContain("decisions");
  });

  test("the mix/ folder itself can be mixed again: the same stems, placed again", async () => {
    const { exitCode, json } = await runJson<MixReport>(["mix", place.output, "--media", place.media]);
    expect(exitCode).toBe(0);
    expect(json.mix.sha256).toBe(place.report.mix.sha256);
    expect(json.placed).toHaveLength(4);
  });

  test("a second mix of the same project gives the same document and the same stems", async () => {
    const { json } = await runJson<MixReport>(["mix", place.project, "--media", place.media, "-o", folder()]);
    expect(json.document.hash).toBe(place.report.document.hash);
    expect(json.mix.sha256).toBe(place.report.mix.sha256);
  });

  test("media that changed since are refused by name, exit 3", async () => {
    const other = folder();
    mkdirSync(join(other, "m"));
    for (const name of readdirSync(place.media)) {
      writeFileSync(join(other, "m", name), readFileSync(join(place.media, name)));
    }
    const changed = readFileSync(join(other, "m", "DX_one.wav"));
    changed[1000] = changed[1000]! ^ 1;
    writeFileSync(join(other, "m", "DX_one.wav"), changed);
    const argv = ["render", place.report.document.path, "--media", join(other, "m"), "-o", join(other, "out")];
    const { exitCode, json } = await runJson<Failure>(argv);
    expect(exitCode).toBe(3);
    expect(json.errors[0]).toMatchObject({ code: "changed-media" });
    expect(json.errors[0]!.message).toContain("DX_one.wav");
    expect(existsSync(join(other, "out"))).toBe(false);
  });

  test("for people it is a table of stems, the verdict, the reasons, the tracks and where the files are", async () => {
    const { stdout } = await runMain(["mix", place.project, "--media", place.media, "-o", folder()]);
    for (const text of [
      "DX ",
      "MIX",
      "LUFS",
      "dBTP",
      "PASS against ebu-r128",
      "Decisions",
      "one linear gain",
      "Premix BG",
      "report",
    ]) {
      expect(stdout).toContain(text);
    }
  });
});

describe("mix refuses", () => {
  test("missing media by name, clip and timecode before anything is written, exit 3", async () => {
    const home = folder();
    const { project, media } = writeScene(home);
    rmSync(join(media, "MX_theme.wav"));
    rmSync(join(media, "DX_one.wav"));
    const output = join(home, "out");
    const { exitCode, json } = await runJson<Failure>(["mix", project, "--media", media, "-o", output]);
    expect(exitCode).toBe(3);
    expect(json.errors.map(({ code }) => code)).toEqual(["missing-media", "missing-media"]);
    const said = json.errors.map(({ message }) => message).join("\n");
    expect(said).toContain('"DX_one.wav" at 00:00:05:00');
    expect(said).toContain("MX_theme.wav");
    expect(existsSync(output)).toBe(false);
  });

  test.each([
    ["nothing there", () => join(folder(), "none.xml")],
    [
      "a pipe",
      () => {
        const path = join(folder(), "x.xml");
        execFileSync("mkfifo", [path]);
        return path;
      },
    ],
    [
      "an empty file",
      () => {
        const path = join(folder(), "x.prproj");
        writeFileSync(path, "");
        return path;
      },
    ],
    [
      "a picture of nothing",
      () => {
        const path = join(folder(), "x.xml");
        writeFileSync(path, "<html></html>");
        return path;
      },
    ],
    ["a folder without a document", () => folder()],
    [
      "a document instead of a project",
      () => {
        const path = join(folder(), "a.mix.json");
        writeFileSync(path, "{}");
        return path;
      },
    ],
  ])("%s with exit 2 and a sentence that names it", async (_, make) => {
    const path = make();
    const { exitCode, json } = await runJson<Failure>(["mix", path, "-o", folder()]);
    expect(exitCode).toBe(2);
    expect(JSON.stringify(json.errors[0])).toContain(path.split("/").at(-1)!);
  });

  test("a cancel with exit 4, and nothing half-written has a final name", async () => {
    const home = folder();
    const { project, media } = writeScene(home);
    const controller = new AbortController();
    const output = join(home, "out");
    const running = runJson<Failure>(["mix", project, "--media", media, "-o", output], { signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    const { exitCode, json } = await running;
    expect(exitCode).toBe(4);
    expect(json.errors[0]!.code).toBe("cancelled");
    expect(filesBelow(output).filter((path) => path.endsWith(".json"))).toEqual([]);
  });
});

describe("names from elsewhere", () => {
  test("quotes, newlines and markup in names are text in the document, the reports and the host", async () => {
    const home = folder();
    const media = join(home, "sounds");
    mkdirSync(media);
    writeFileSync(
      join(media, "a.wav"),
      wave16(
        Float32Array.from({ length: 96_000 }, (_, at) => 0.1 * Math.sin(at / 8)),
        1,
      ),
    );
    const hostile = `DX "it's"\n</script><img src=x> \${x} \`y\``;
    const clip: SceneClip = { name: hostile, file: "a.wav", channels: 1, at: 0, in: 0, length: 50 };
    const project = join(home, "scene.xml");
    writeFileSync(project, sceneXml(`Reel "1"</title><b>`, [[clip]]));
    const { json } = await runJson<MixReport>(["mix", project, "--media", media, "-o", join(home, "out")]);
    expect(json.clips[0]!.name).toBe(hostile);
    expect(json.originalsUnchanged).toBe(true);
    expect(json.placed!.every(({ readBack }) => readBack)).toBe(true);
    const html = readFileSync(json.report!.html, "utf8");
    expect(html).not.toMatch(/<img|<\/script|<b>Reel/);
    expect(readFileSync(json.document.path, "utf8")).toContain("<img src=x>");
    expect(json.mix.file.split("/").at(-1)).toMatch(/^[A-Za-z0-9._-]+$/);
  });

  test("a document cannot make render read outside its own folder and the media folders", async () => {
    const home = folder();
    const { project, media } = writeScene(home);
    await runMain(["import", project, "-o", join(home, "a.mix.json"), "--media", media]);
    const text = readFileSync(join(home, "a.mix.json"), "utf8");
    const inside = join(home, "shared");
    mkdirSync(inside);
    symlinkSync(join(media, "DX_one.wav"), join(inside, "link.wav"));
    for (const path of ["../sounds/DX_one.wav", join(media, "DX_one.wav"), "/dev/zero", "//host/share/a.wav"]) {
      writeFileSync(
        join(inside, "b.mix.json"),
        text.replace(/"[^"]*DX_one\.wav"(?=,?\n\s+"name")/, JSON.stringify(path)),
      );
      const { exitCode, json } = await runJson<Failure>([
        "render",
        join(inside, "b.mix.json"),
        "-o",
        join(home, "out"),
      ]);
      expect(exitCode, path).toBe(3);
      expect(json.errors.every(({ code }) => code === "missing-media")).toBe(true);
    }
  });
});

describe("import", () => {
  test("writes a valid document without its media, and accounts for every property", async () => {
    const home = folder();
    const { project } = writeScene(home);
    const output = join(home, "a.mix.json");
    const { exitCode, json } = await runJson<{
      counts: { mapped: number; carried: number; dropped: number };
      properties: readonly { property: string; outcome: string; count: number }[];
      warnings: readonly string[];
    }>(["import", project, "-o", output]);
    expect(exitCode).toBe(0);
    expect(json.properties.length).toBeGreaterThan(3);
    expect(json.counts.mapped).toBeGreaterThan(0);
    expect(json.warnings.join("\n")).toContain("DX_one.wav");
    expect((await runMain(["validate", output])).exitCode).toBe(0);
  });

  test("never writes over its input", async () => {
    const { project } = writeScene(folder());
    const before = readFileSync(project);
    expect((await runMain(["import", project, "-o", project])).exitCode).toBe(2);
    expect(readFileSync(project)).toEqual(before);
  });
});
