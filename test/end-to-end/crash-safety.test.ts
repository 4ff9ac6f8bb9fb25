// Premix dies in the middle of its work, by kill -9 or on a full disk: nothing torn may stand under a final name, nothing old may be lost.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import { createWaveWriter } from "../../engine/wave-writer.ts";
import { ProblemError } from "../../schema/problem.ts";
import { effort } from "../support/effort.ts";
import { parseWave } from "../support/wave-file.ts";

const root = fs.mkdtempSync(path.join(tmpdir(), "premix-crash-"));
const program = path.join(root, "program", "crash-writer.mjs");
const KILLS = effort(12, 60);

beforeAll(async () => {
  const entry = fileURLToPath(new URL("../support/crash-writer.ts", import.meta.url));
  await build({
    configFile: false,
    logLevel: "silent",
    build: {
      ssr: entry,
      outDir: path.dirname(program),
      target: "node20",
      rollupOptions: { output: { entryFileNames: "crash-writer.mjs" } },
    },
  });
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const start = (what: string, folder: string, killAt = 0): ChildProcess =>
  spawn(process.execPath, [program, what, folder, String(killAt)], { stdio: ["ignore", "pipe", "inherit"] });

const dead = async (child: ChildProcess): Promise<NodeJS.Signals | null> => {
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal;
};

/** Starts the writer and kills it `delayMs` after its first version stands. */
const killAfter = async (what: string, folder: string, delayMs: number): Promise<void> => {
  const child = start(what, folder);
  const end = dead(child);
  await Promise.race([once(child.stdout!, "data"), end]);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill("SIGKILL");
  expect(await end).toBe("SIGKILL");
};

const stemVersion = (folder: string): number => {
  const { data, bext } = parseWave(fs.readFileSync(path.join(folder, "DX.wav")));
  const version = data[0]!;
  expect(data.length).toBe(288_000);
  expect(data.every((byte) => byte === version)).toBe(true);
  expect(bext.description).toBe(`version ${version}`);
  return version;
};

const documentVersion = (folder: string): number => {
  const { version, clips } = JSON.parse(fs.readFileSync(path.join(folder, "episode.mix.json"), "utf8"));
  expect(clips).toEqual(Array.from({ length: 20_000 }, () => version));
  return version;
};

const works = [
  { what: "stem", name: "DX.wav", versionIn: stemVersion },
  { what: "document", name: "episode.mix.json", versionIn: documentVersion },
] as const;

const temporaries = (folder: string): string[] => fs.readdirSync(folder).filter((name) => name.includes(".tmp-"));

describe.each(works)("a $what under kill -9", ({ what, name, versionIn }) => {
  test(`is whole after each of ${KILLS} kills at random moments, and what they left goes`, async () => {
    const folder = fs.mkdtempSync(path.join(root, `${what}-`));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killAfter(what, folder, Math.random() * 12);
      expect(versionIn(folder)).toBeGreaterThan(0);
      // One at most: the next start has tidied up what the one before left.
      expect(temporaries(folder).length).toBeLessThanOrEqual(1);
    }
    await createNodeFiles().writeAtomic(path.join(folder, "other"), new Uint8Array(1));
    expect(fs.readdirSync(folder).sort()).toEqual([name, "other"].sort());
  }, 120_000);

  test("is the old one or the new one after a kill at any call to the file system", async () => {
    const folder = fs.mkdtempSync(path.join(root, `${what}-calls-`));
    const versions: number[] = [];
    for (let call = 1; ; call += 1) {
      const signal = await dead(start(what, folder, call));
      if (signal !== "SIGKILL") break;
      versions.push(versionIn(folder));
    }
    // Up to the rename the old version stands, from then on the new one; both were seen.
    expect(versions).toEqual([...versions].sort());
    expect(new Set(versions)).toEqual(new Set([1, 2]));
    expect(versions.length).toBeGreaterThanOrEqual(8);
  }, 120_000);
});

test("a file that is written straight under its name is seen as torn", async () => {
  const folder = fs.mkdtempSync(path.join(root, "careless-"));
  expect(await dead(start("careless", folder, 2))).toBe("SIGKILL");
  expect(() => documentVersion(folder)).toThrow(SyntaxError);
});

/** A disk of 512 KiB: a real one where this process may mount, else node:fs that says ENOSPC after as many bytes. */
const openTinyDisk = () => {
  const folder = fs.mkdtempSync(path.join(root, "tiny-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder]).status === 0;
  let left = 512 * 1024;
  const writeSync = ((descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
    left -= length;
    if (left < 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    return fs.writeSync(descriptor, bytes, offset, length, position);
  }) as typeof fs.writeSync;
  return {
    folder,
    files: createNodeFiles(mounted ? {} : { system: { ...fs, writeSync } }),
    close: () => {
      if (mounted) spawnSync("umount", [folder]);
    },
  };
};

test("a stem that does not fit names the bytes, leaves the old one and gives the space back", async () => {
  const disk = openTinyDisk();
  try {
    const file = path.join(disk.folder, "DX.wav");
    await disk.files.writeAtomic(file, new TextEncoder().encode("old"));
    const writer = await createWaveWriter(disk.files, file, {
      sampleRate: 48_000,
      channels: 2,
      bitDepth: 24,
      timeReferenceFrames: 0n,
      description: "",
      originator: "Premix",
    });
    const fill = async () => {
      for (let chunk = 0; chunk < 20; chunk += 1) await writer.write(new Uint8Array(48_000));
    };
    const error: unknown = await fill().catch((reason: unknown) => reason);
    await writer.abort();
    if (!(error instanceof ProblemError)) throw error;
    expect(error.problems[0]).toMatchObject({ code: "disk-full", file });
    expect(error.problems[0]?.message).toMatch(/At least \d{6} bytes are needed, \d+ bytes are free/);
    expect(fs.readdirSync(disk.folder)).toEqual(["DX.wav"]);
    expect(fs.readFileSync(file, "utf8")).toBe("old");
  } finally {
    disk.close();
  }
});
