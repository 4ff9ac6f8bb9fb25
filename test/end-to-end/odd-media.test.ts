import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Measures } from "../../engine/measures.ts";
import { oddFiles, verdictOf } from "../engine/media/odd-headers.ts";
import { effort } from "../support/effort.ts";
import { ffmpegDecode, hasFfmpeg } from "../support/ffmpeg.ts";
import { type CliFailure, type PremixEnd, runPremix } from "../support/premix-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

/*
 * Real odd files of other projects where PREMIX_MATERIAL has them, else the synthesised ones: premix measure ends with 0 or 2,
 * within 2 s and 256 MB, and agrees with two trusted readers where these agree.
 */

type FileEntry = Partial<Measures> & {
  readonly file: string;
  readonly error?: { readonly code: string; readonly message: string };
};
type Answer = CliFailure & Partial<Measures> & { readonly files: readonly FileEntry[] };

const folder = temporaryFolders();

/** 2 s of its own processor time and 256 MB. */
const expectBounded = ({ cpuSeconds, peakMiB }: PremixEnd): void => {
  expect(cpuSeconds).toBeLessThan(2);
  expect(peakMiB).toBeLessThan(256);
};

/** What stands in an entry: "refused", or rate, channels and length; silence is null, never NaN, which JSON cannot hold. */
const factsOf = ({ error, sampleRate, channels, durationSeconds, integratedLufs }: FileEntry): string => {
  if (error) return "refused";
  expect(integratedLufs === null || Number.isFinite(integratedLufs)).toBe(true);
  return `${sampleRate} Hz ${channels} ch ${Math.round((durationSeconds ?? Number.NaN) * (sampleRate ?? 0))} frames`;
};

type Verdict = {
  readonly file: string;
  readonly ffmpeg: "ok" | "reject";
  readonly libsndfile: "ok" | "reject";
  readonly codec: string | null;
  readonly sampleRate: string | null;
  readonly channels: number | null;
  readonly seconds: number;
};

/** Of codecs other than PCM the table holds an estimate of ffmpeg's; what it decodes is the judge. */
const framesOf = ({ codec, channels, sampleRate, seconds }: Verdict, path: string): number =>
  codec?.startsWith("pcm_") && !path.endsWith(".voc")
    ? Math.round(seconds * Number(sampleRate))
    : ffmpegDecode(path).length / (channels ?? 1);

const audio = join(process.env["PREMIX_MATERIAL"] ?? "", "audio");
const table = join(audio, "odd/verdicts.json");

if (existsSync(table)) {
  const verdicts = JSON.parse(readFileSync(table, "utf8")) as readonly Verdict[];
  const present = readdirSync(join(audio, "odd"), { recursive: true, encoding: "utf8" })
    .map((name) => join("odd", name))
    .filter((name) => statSync(join(audio, name)).isFile() && join(audio, name) !== table);

  test("every odd file has its verdict", () => {
    expect(present.sort()).toEqual(verdicts.map(({ file }) => file).sort());
  });

  describe.concurrent("premix measure on a real odd file", () => {
    test.each(verdicts.filter((_, index) => index % effort(2, 1) === 0))("$file", async (verdict) => {
      const path = join(audio, verdict.file);
      const run = await runPremix<Answer>(["measure", path]);
      expectBounded(run);
      const [entry] = run.json.files;
      if (!hasFfmpeg && entry?.error?.code === "needs-ffmpeg") return expect(run.exitCode).toBe(3);
      expect(run.exitCode).toBe(entry?.error ? 2 : 0);
      if (entry?.error) expect(entry.error.message).toMatch(/\.$/);
      if (verdict.ffmpeg !== verdict.libsndfile) return;
      const accepted = `${verdict.sampleRate} Hz ${verdict.channels} ch ${verdict.ffmpeg === "ok" ? framesOf(verdict, path) : 0} frames`;
      expect(factsOf(entry!)).toBe(verdict.ffmpeg === "ok" ? accepted : "refused");
    });
  });
}

describe.concurrent("premix measure on synthesised odd headers", () => {
  const names = Object.keys(oddFiles);
  const groups = Array.from({ length: Math.ceil(names.length / 12) }, (_, index) => ({
    index,
    group: names.slice(index * 12, index * 12 + 12),
  }));

  test.each(groups)(
    "group $index: each is measured or refused by itself, as its header deserves",
    async ({ group }) => {
      const at = folder();
      const paths = group.map((_, index) => join(at, `${index}`));
      for (const [index, name] of group.entries()) writeFileSync(paths[index]!, oddFiles[name]!);
      const run = await runPremix<Answer>(["measure", ...paths], { env: { PREMIX_FFMPEG: join(at, "no-ffmpeg") } });
      expectBounded(run);
      expect(run.json.files.map(({ file }) => file)).toEqual(paths);
      const seen = run.json.files.map((entry, index) => `${group[index]}: ${factsOf(entry)}`);
      const expected = group.map((name) => {
        const [, rate, channels, frames] = /(\d+) Hz (\d+) ch .* (\d+) frames/.exec(verdictOf(name)) ?? [];
        return `${name}: ${rate === undefined ? "refused" : `${rate} Hz ${channels} ch ${frames} frames`}`;
      });
      expect(seen).toEqual(expected);
      const codes = run.json.files.flatMap(({ error }) => error?.code ?? []);
      expect(run.exitCode).toBe(codes.length === 0 ? 0 : codes.includes("needs-ffmpeg") ? 3 : 2);
    },
  );
});

test("sound of every kind of silence measures as null", async () => {
  const path = join(folder(), "silence.wav");
  writeFileSync(path, oddFiles["data size 0 at the end of the file"]!);
  const { exitCode, json, stdout } = await runPremix<Answer>(["measure", path]);
  expect(exitCode).toBe(0);
  expect(json).toMatchObject({ integratedLufs: null, truePeakDbtp: null, durationSeconds: 0 });
  expect(stdout).not.toContain("NaN");
});
