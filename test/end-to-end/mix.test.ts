import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { effort } from "../support/effort.ts";
import { ffmpegLoudness, hasFfmpeg } from "../support/ffmpeg.ts";
import { demoFolder, premix, premixJson } from "../support/premix-cli.ts";
import { waveInt24 } from "../support/render-ground.ts";

/** The real scene where the material is there, else the bundled demo: the same promises hold for both. */
const material = process.env["PREMIX_MATERIAL"];
const useScene = material !== undefined && hasFfmpeg;
const input = useScene ? join(material, "scene/scene.xml") : join(demoFolder, "demo.xml");
const media = useScene ? join(material, "scene/media") : join(demoFolder, "media");
const sequenceFrames = useScene ? 2109 * 1920 : 38 * 48_000;

const work = mkdtempSync(join(tmpdir(), "premix-mix-"));
afterAll(() => rmSync(work, { recursive: true }));

let report: MixReport;
let exitCode: number | null;

beforeAll(async () => {
  const run = await premixJson<MixReport>([
    "mix",
    input,
    "--media",
    media,
    "--target",
    "ebu-r128",
    "-o",
    join(work, "mix"),
  ]);
  report = run.json;
  exitCode = run.exitCode;
}, 300_000);

describe("one command mixes a sequence", () => {
  test("it ends with 0 and passes its target", () => {
    expect({ exitCode, ok: report.ok, verdict: report.target.verdict }).toEqual({
      exitCode: 0,
      ok: true,
      verdict: "pass",
    });
  });

  test("every stem and the mix are as long as the sequence, to the sample", () => {
    expect(report.stems.map(({ name }) => name)).toEqual(["DX", "MX", "FX", "BG"]);
    for (const { file, frames } of [...report.stems, report.mix]) {
      expect(frames).toBe(sequenceFrames);
      expect(waveInt24(readFileSync(file)).length).toBe(sequenceFrames * 2);
    }
  });

  test("the mix is at -23 LUFS within 0.2 and at most -1 dBTP, in a second opinion where ffmpeg is there", () => {
    const seen = hasFfmpeg ? ffmpegLoudness(report.mix.file) : report.mix.measures;
    expect(Math.abs(seen.integratedLufs! + 23)).toBeLessThanOrEqual(0.2);
    expect(seen.truePeakDbtp).toBeLessThanOrEqual(-1);
  });

  test("the stems were placed on four new tracks, read back, and nothing else changed", () => {
    expect(report.placed?.map(({ readBack, startTicks }) => ({ readBack, startTicks }))).toEqual(
      Array(4).fill({ readBack: true, startTicks: "0" }),
    );
    expect(new Set(report.placed?.map(({ trackIndex }) => trackIndex)).size).toBe(4);
    expect(report.originalsUnchanged).toBe(true);
  });

  test("music stays 10 LU and ambience 15 LU under speech", () => {
    const checks = (report.decisions ?? []).filter(({ rule }) => rule === "speech-difference");
    expect(checks.map(({ subject }) => subject)).toEqual(["bus_mx", "bus_bg"]);
    for (const { measured, threshold } of checks) expect(measured!).toBeGreaterThanOrEqual(threshold!);
  });

  test("the 24-bit stems add up to the mix before the master's inserts, to the bit", async () => {
    const document = JSON.parse(readFileSync(report.document.path, "utf8")) as { buses: { kind: string }[] };
    const master = document.buses.findIndex(({ kind }) => kind === "master");
    const copy = join(work, "open.mix.json");
    await premix(["convert", report.document.path, "--to", "json", "-o", copy]);
    expect((await premix(["set", copy, `/buses/${master}/processors=[]`])).exitCode).toBe(0);
    const { json } = await premixJson<MixReport>(["render", copy, "--media", media, "-o", join(work, "open")]);
    const stems = json.stems.map(({ file }) => waveInt24(readFileSync(file)));
    const mix = waveInt24(readFileSync(json.mix.file));
    expect(mix.every((value, index) => value === stems.reduce((sum, stem) => sum + stem[index]!, 0))).toBe(true);
    expect(json.stems.map(({ sha256 }) => sha256)).toEqual(report.stems.map(({ sha256 }) => sha256));
  });

  const waysToRender = [
    { threads: 2, block: 480 },
    { threads: 1, block: 64 },
    { threads: 4, block: 4096 },
  ];

  test.each(waysToRender.slice(0, effort(1, waysToRender.length)))(
    "$threads threads and blocks of $block frames give the same bytes",
    async ({ threads, block }) => {
      const args = [
        "render",
        report.document.path,
        "--media",
        media,
        "-o",
        join(work, `again-${threads}`),
        "--threads",
        String(threads),
        "--block",
        String(block),
      ];
      const { json } = await premixJson<MixReport>(args);
      const hashes = ({ stems, mix }: MixReport) => [...stems, mix].map(({ sha256 }) => sha256);
      expect(hashes(json)).toEqual(hashes(report));
    },
  );
});

type TruthClip = { f: string; at: number; in: number; out: number; role: string; enabled?: boolean };

/** What the sequence really holds: the scene's own truth, or the cut that the demo was made from. */
const truth = (): readonly TruthClip[] => {
  if (useScene) return JSON.parse(readFileSync(join(material, "scene/truth.json"), "utf8")).clips;
  const prefix: Record<string, string> = {
    DX: "dialogue",
    VO: "dialogue",
    MX: "music",
    AMB: "ambience",
    SFX: "effects",
  };
  return report.clips.map((clip) => ({
    f: clip.media,
    at: Number(BigInt(clip.startTicks) / 10_160_640_000n),
    in: Number(BigInt(clip.sourceInTicks) / 10_160_640_000n),
    out: Number((BigInt(clip.sourceInTicks) + BigInt(clip.durationTicks)) / 10_160_640_000n),
    role: prefix[clip.media.split("_")[0]!]!,
    enabled: clip.enabled,
  }));
};

test("every clip is listed with its range and the right role; the disabled one is silent", () => {
  const ticks = (frames: number) => String(BigInt(frames) * 10_160_640_000n);
  const key = (clip: { media: string; startTicks: string }) => `${clip.media} ${clip.startTicks}`;
  const listed = new Map(report.clips.map((clip) => [key(clip), clip]));
  const expected = truth();
  expect(expected.length).toBe(useScene ? 27 : 14);
  for (const { f, at, in: from, out, role, enabled = true } of expected) {
    const clip = listed.get(key({ media: f, startTicks: ticks(at) }));
    expect({
      f,
      role: clip?.role,
      in: clip?.sourceInTicks,
      duration: clip?.durationTicks,
      enabled: clip?.enabled,
    }).toEqual({ f, role, in: ticks(from), duration: ticks(out - from), enabled });
  }
});
