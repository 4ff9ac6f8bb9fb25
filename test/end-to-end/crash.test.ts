// Premix dies or is told to stop in the middle of its work, by the real command line: nothing torn stands under a final name.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { effort } from "../support/effort.ts";
import { contentsOf, sha256Of } from "../support/folder-contents.ts";
import { longJob, writeNoise } from "../support/long-job.ts";
import { type CliFailure, type PremixEnd, runPremix, startPremix } from "../support/premix-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const KILLS = effort(12, 60);
/** Kills that came too late are made up for by others, which come sooner. */
const ATTEMPTS = 3 * KILLS;
const SOONER = 0.85;
const JOB_SECONDS = 6;
/** A signal to stop is obeyed within 500 ms; the rest is for a busy machine. */
const CANCEL_MS = 500 + 1500;

const folder = temporaryFolders();
const waves = ["Job_DX.wav", "Job_MX.wav", "Job_MIX.wav"];
const temporaries = (at: string) => readdirSync(at).filter((name) => name.includes(".tmp-"));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const save = (at: string, name: string, document: MixDocument): string => {
  const file = join(at, name);
  writeFileSync(file, canonicalText(document));
  return file;
};

/** Runs with progress to the first line that names `phase`, waits a moment and kills. True when the process was still there. */
const killInPhase = async (args: readonly string[], phase: string, delayMs: number): Promise<boolean> => {
  const run = startPremix([...args, "--progress", "json"]);
  await run.said(`"phase":"${phase}"`);
  await sleep(delayMs);
  run.child.kill("SIGKILL");
  return (await run.ended).signal === "SIGKILL";
};

/** Milliseconds from the first word of `phase` to the end of an undisturbed run. */
const phaseMs = async (args: readonly string[], phase: string): Promise<number> => {
  const run = startPremix([...args, "--progress", "json"]);
  await run.said(`"phase":"${phase}"`);
  const from = performance.now();
  await run.ended;
  return performance.now() - from;
};

describe.concurrent("premix under kill -9", () => {
  test(`a render leaves whole files after each of ${KILLS} kills, and what it left goes`, async () => {
    const at = folder();
    const out = join(at, "out");
    writeNoise(join(at, "noise.wav"), JOB_SECONDS);
    const versions = [0, -3].map((volumeDb, index) => {
      const args = [
        "render",
        save(at, `job${index}.mix.json`, longJob(JOB_SECONDS, JOB_SECONDS, volumeDb)),
        "-o",
        out,
        "--threads",
        String(index + 1),
      ];
      return { args, hashes: new Map<string, string>() };
    });
    for (const { args, hashes } of versions) {
      const { json } = await runPremix<MixReport>(args);
      for (const { file, sha256 } of [...json.stems, json.mix]) hashes.set(file, sha256);
    }
    const spans = [await phaseMs(versions[0]!.args, "render"), await phaseMs(versions[1]!.args, "render")];
    let kills = 0;
    for (let attempt = 0; kills < KILLS && attempt < ATTEMPTS; attempt += 1) {
      const turn = attempt % 2;
      if (await killInPhase(versions[turn]!.args, "render", Math.random() * spans[turn]!)) kills += 1;
      else spans[turn]! *= SOONER;
      for (const name of waves) {
        const file = join(out, name);
        // The old version or the new one, whole; each stem by itself.
        expect(
          versions.map(({ hashes }) => hashes.get(file)),
          name,
        ).toContain(sha256Of(file));
      }
      for (const name of readdirSync(out).filter((one) => one.endsWith(".report.json")))
        expect(JSON.parse(readFileSync(join(out, name), "utf8"))).toHaveProperty("stems");
      // What a run before left has been tidied up by this one.
      expect(temporaries(out).length).toBeLessThanOrEqual(waves.length + 1);
    }
    expect(kills).toBe(KILLS);
    const { json } = await runPremix<MixReport>(versions[0]!.args);
    expect(new Map([...json.stems, json.mix].map(({ file, sha256 }) => [file, sha256]))).toEqual(versions[0]!.hashes);
    expect(temporaries(out)).toEqual([]);
  }, 240_000);

  test(`a save leaves the old or the new document after each of ${KILLS} kills`, async () => {
    const at = folder();
    const file = save(at, "episode.mix.json", longJob(500, 10));
    const set = (volumeDb: number) => startPremix(["set", file, `/buses/0/volumeDb=${volumeDb}`]);
    const volume = () => (JSON.parse(readFileSync(file, "utf8")) as MixDocument).buses[0]!.volumeDb;
    const from = performance.now();
    expect((await set(-1).ended).exitCode).toBe(0);
    let span = performance.now() - from;
    let kills = 0;
    for (let attempt = 0; kills < KILLS && attempt < ATTEMPTS; attempt += 1) {
      const before = volume();
      const after = before === -1 ? -2 : -1;
      const run = set(after);
      await sleep(span * (0.4 + 0.6 * Math.random()));
      run.child.kill("SIGKILL");
      if ((await run.ended).signal === "SIGKILL") kills += 1;
      else span *= SOONER;
      expect([before, after]).toContain(volume());
      expect(canonicalText(JSON.parse(readFileSync(file, "utf8")))).toBe(readFileSync(file, "utf8"));
      expect(temporaries(at).length).toBeLessThanOrEqual(1);
    }
    expect(kills).toBe(KILLS);
    expect((await set(-5).ended).exitCode).toBe(0);
    expect(volume()).toBe(-5);
    expect(readdirSync(at)).toEqual(["episode.mix.json"]);
  }, 240_000);
});

/** A job with outputs of an earlier one in its folder. */
const stage = (seconds: number, clipSeconds: number) => {
  const at = folder();
  const out = join(at, "out");
  mkdirSync(out);
  writeNoise(join(at, "noise.wav"), clipSeconds);
  for (const name of waves) writeFileSync(join(out, name), "from an earlier run");
  return { at, out, document: save(at, "job.mix.json", longJob(seconds, clipSeconds)) };
};

const failureOf = ({ stdout, stderr }: PremixEnd): CliFailure => {
  if (stdout === "") throw new Error(`nothing on stdout: ${stderr}`);
  return JSON.parse(stdout) as CliFailure;
};

describe("premix told to stop", () => {
  let ground: ReturnType<typeof stage>;
  beforeAll(() => {
    ground = stage(3000, 60);
  });

  test.each([
    ["SIGINT", "1"],
    ["SIGTERM", "1"],
    ["SIGINT", "2"],
  ] as const)("by %s on %s threads ends with 4 at once, and the old stems stand", async (signal, threads) => {
    const before = contentsOf(ground.at);
    const args = ["render", ground.document, "-o", ground.out, "--threads", threads, "--progress", "json", "--json"];
    const run = startPremix(args);
    await run.said('"phase":"render","done":1');
    const from = performance.now();
    run.child.kill(signal);
    const end = await run.ended;
    expect(performance.now() - from).toBeLessThan(CANCEL_MS);
    expect(end.exitCode, end.stderr).toBe(4);
    expect(failureOf(end).errors[0]).toMatchObject({ code: "cancelled" });
    expect(contentsOf(ground.at)).toEqual(before);
  });

  test("while it measures", async () => {
    const sound = join(folder(), "long.wav");
    writeNoise(sound, 1500);
    const run = startPremix(["measure", sound, "--progress", "json", "--json"]);
    await run.said('"phase":"measure"');
    await sleep(100);
    const from = performance.now();
    run.child.kill("SIGINT");
    const end = await run.ended;
    expect(performance.now() - from).toBeLessThan(CANCEL_MS);
    expect(end.exitCode, end.stderr).toBe(4);
  });
});

/** What other programs do to a file that Premix is reading. */
const changes: Readonly<Record<string, (media: string) => void>> = {
  "one sample is changed": (media) => {
    const descriptor = openSync(media, "r+");
    writeSync(descriptor, new Uint8Array([1, 2]), 0, 2, 1000);
    closeSync(descriptor);
  },
  "cut to its half": (media) => truncateSync(media, statSync(media).size / 2),
  "written anew": (media) => writeNoise(media, 20),
  deleted: (media) => rmSync(media),
};

describe.concurrent("a medium that changes during a render", () => {
  test.each(Object.keys(changes))("%s: exit 3, named, and the old stems stand", async (change) => {
    const { at, out, document } = stage(40, 20);
    const before = contentsOf(out);
    const args = ["render", document, "-o", out, "--threads", change === "deleted" ? "2" : "1"];
    const run = startPremix([...args, "--progress", "json", "--json"]);
    await run.said('"phase":"render"');
    changes[change]!(join(at, "noise.wav"));
    const end = await run.ended;
    expect(end.exitCode, end.stderr).toBe(3);
    expect(failureOf(end).errors[0]).toMatchObject({ code: "changed-media", file: join(at, "noise.wav") });
    expect(contentsOf(out)).toEqual(before);
  });
});

/** A folder on a disk of 4 MiB where this process may mount one, else files are held to that size: both refuse the same write. */
const openTinyDisk = () => {
  const at = folder();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", at]).status === 0;
  const launcher = mounted ? [] : ["bash", "-c", 'ulimit -f 4096; exec "$@"', "bash"];
  return { at, launcher, close: () => void (mounted && spawnSync("umount", [at])) };
};

test("a disk that is full ends a render with 3, tells the bytes, and the old stems stand", async () => {
  const disk = openTinyDisk();
  try {
    const { document } = stage(60, 60);
    for (const name of waves) writeFileSync(join(disk.at, name), "from an earlier run");
    const before = contentsOf(disk.at);
    const { launcher } = disk;
    const { exitCode, json } = await runPremix<CliFailure>(["render", document, "-o", disk.at], { launcher });
    expect(exitCode).toBe(3);
    expect(json.errors[0]).toMatchObject({ code: "disk-full", file: expect.stringContaining(disk.at) });
    expect(json.errors[0]!.message).toMatch(/At least \d{5,} bytes are needed.*Free space or choose another folder/);
    expect(contentsOf(disk.at)).toEqual(before);
  } finally {
    disk.close();
  }
});
