import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { canonicalText } from "../../schema/canonical.ts";
import { longJob, writeNoise } from "../support/long-job.ts";
import { runPremix } from "../support/premix-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const folder = temporaryFolders();

/** Largest resident set of one render of the eight-track job, in MiB. */
const peakOf = async (at: string, seconds: number): Promise<number> => {
  const document = join(at, `job-${seconds}.mix.json`);
  writeFileSync(document, canonicalText(longJob(seconds)));
  writeNoise(join(at, "noise.wav"), seconds);
  const args = ["render", document, "-o", join(at, `out-${seconds}`), "--threads", "1"];
  const { exitCode, json, peakMiB, stderr } = await runPremix<MixReport>(args);
  expect([0, 5], stderr).toContain(exitCode);
  expect(json.mix.frames).toBe(seconds * 48_000);
  return peakMiB!;
};

test("memory does not grow with the length of a sequence, and stays within 96 MiB", async () => {
  const at = folder();
  const short = await peakOf(at, 30);
  const long = await peakOf(at, 120);
  expect(long - short).toBeLessThanOrEqual(8);
  expect(long).toBeLessThanOrEqual(96);
});
