// How files are read and replaced on a real file system, and what is said when the system refuses.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createNodeFiles } from "../../engine/node/node-files.ts";
import { ProblemError } from "../../schema/problem.ts";

const root = fs.mkdtempSync(path.join(tmpdir(), "premix-files-"));
afterAll(() => fs.rmSync(root, { recursive: true }));

let folder = root;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(root, "case-"));
});

const files = createNodeFiles();
const inFolder = (name: string): string => path.join(folder, name);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const problemOf = async (work: () => unknown) => {
  const error: unknown = await Promise.resolve()
    .then(work)
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  if (error instanceof ProblemError) return error.problems[0]!;
  throw new Error(`expected a ProblemError, got ${String(error)}`);
};

/** node:fs with some calls replaced. */
const faulty = (faults: Partial<typeof fs>) => createNodeFiles({ system: { ...fs, ...faults }, retryForMs: 60 });

const errno = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code });

const failing = (code: string) => () => {
  throw errno(code);
};

describe("reading", () => {
  test("gives the bytes at any position and fewer only at the end", async () => {
    fs.writeFileSync(inFolder("a.wav"), "0123456789");
    const source = await files.open(inFolder("a.wav"));
    expect([source.name, source.sizeBytes]).toEqual(["a.wav", 10]);
    const into = new Uint8Array(4);
    expect(source.read(3, into)).toBe(4);
    expect(Buffer.from(into).toString()).toBe("3456");
    expect(source.read(8, into)).toBe(2);
    expect(source.read(99, into)).toBe(0);
    source.close();
    expect(() => source.read(0, into)).toThrow(TypeError);
  });

  test("follows a link to a regular file", async () => {
    fs.writeFileSync(inFolder("real.wav"), "sound");
    fs.symlinkSync("real.wav", inFolder("link.wav"));
    expect(Buffer.from(await files.readBytes(inFolder("link.wav"), 100)).toString()).toBe("sound");
  });

  test("refuses a pipe named x.wav at once, without waiting for a writer", { timeout: 1000 }, async () => {
    expect(spawnSync("mkfifo", [inFolder("x.wav")]).status).toBe(0);
    const problem = await problemOf(() => files.open(inFolder("x.wav")));
    expect(problem).toMatchObject({ code: "path-refused", file: inFolder("x.wav") });
    expect(problem.message).toContain("is a pipe, not a regular file");
  });

  test("refuses a pipe that took the file's place between the look and the opening", { timeout: 1000 }, async () => {
    fs.writeFileSync(inFolder("regular"), "");
    spawnSync("mkfifo", [inFolder("x.wav")]);
    const swapped = faulty({ statSync: (() => fs.statSync(inFolder("regular"))) as unknown as typeof fs.statSync });
    expect(await problemOf(() => swapped.open(inFolder("x.wav")))).toMatchObject({ code: "path-refused" });
  });

  test.each(["/dev/zero", "/dev/tty", "/"])("refuses %s", async (device) => {
    expect(await problemOf(() => files.open(device))).toMatchObject({ code: "path-refused", file: device });
  });

  test("refuses a link to a device and a link to itself", async () => {
    fs.symlinkSync("/dev/zero", inFolder("zero.wav"));
    fs.symlinkSync("loop.wav", inFolder("loop.wav"));
    expect(await problemOf(() => files.open(inFolder("zero.wav")))).toMatchObject({ code: "path-refused" });
    expect(await problemOf(() => files.open(inFolder("loop.wav")))).toMatchObject({ code: "path-refused" });
  });

  test.each([
    ["gone.wav", "missing-file"],
    ["nul\0.wav", "path-refused"],
    [`${"x".repeat(300)}.wav`, "path-refused"],
  ])("says what is wrong with %j", async (name, code) => {
    const problem = await problemOf(() => files.open(inFolder(name)));
    expect(problem).toMatchObject({ code, file: inFolder(name) });
    expect(problem.message).toContain(inFolder(name));
  });

  test("says that a file shrank while it was being read", async () => {
    fs.writeFileSync(inFolder("a.wav"), "0123456789");
    const source = await files.open(inFolder("a.wav"));
    fs.truncateSync(inFolder("a.wav"), 4);
    expect(await problemOf(() => source.read(0, new Uint8Array(8)))).toMatchObject({ code: "changed-media" });
    source.close();
  });

  test("takes documents up to the size that is allowed, and no larger", async () => {
    fs.writeFileSync(inFolder("a.json"), "12345");
    expect(await files.readBytes(inFolder("a.json"), 5)).toHaveLength(5);
    const problem = await problemOf(() => files.readBytes(inFolder("a.json"), 4));
    expect(problem).toMatchObject({ code: "too-large" });
    expect(problem.message).toMatch(/5 bytes.*at most 4 bytes/);
  });

  test("tells a file, a folder, something else and nothing apart", async () => {
    fs.writeFileSync(inFolder("a"), "abc");
    expect(await files.facts(inFolder("a"))).toMatchObject({ kind: "file", sizeBytes: 3 });
    expect(await files.facts(folder)).toMatchObject({ kind: "folder" });
    expect(await files.facts("/dev/null")).toMatchObject({ kind: "other" });
    expect(await files.facts(inFolder("b"))).toBeNull();
    expect(await files.facts(inFolder("a/b"))).toBeNull();
  });
});

describe("writing", () => {
  test("a file gets its name by commit only, and then holds every byte, revisited ones too", async () => {
    const sink = await files.create(inFolder("a.bin"));
    await sink.write(4, bytesOf("5678"));
    await sink.write(0, bytesOf("1234"));
    expect(fs.existsSync(inFolder("a.bin"))).toBe(false);
    await sink.commit();
    expect(fs.readFileSync(inFolder("a.bin"), "utf8")).toBe("12345678");
    expect(fs.readdirSync(folder)).toEqual(["a.bin"]);
    await expect(sink.commit()).rejects.toThrow(TypeError);
  });

  test("a replaced file keeps its permissions, a replaced link does not lead elsewhere", async () => {
    fs.writeFileSync(inFolder("a.json"), "old", { mode: 0o600 });
    await files.writeAtomic(inFolder("a.json"), bytesOf("new"));
    expect(fs.statSync(inFolder("a.json")).mode & 0o777).toBe(0o600);
    fs.symlinkSync("a.json", inFolder("link.json"));
    await files.writeAtomic(inFolder("link.json"), bytesOf("other"));
    expect(fs.lstatSync(inFolder("link.json")).isFile()).toBe(true);
    expect(fs.readFileSync(inFolder("a.json"), "utf8")).toBe("new");
  });

  test("bytes are on the disk before the name is, and the name before success is told", async () => {
    const calls: string[] = [];
    const noted = <T extends (...args: never[]) => unknown>(name: string, call: T) =>
      ((...args: Parameters<T>) => {
        calls.push(name);
        return call(...args);
      }) as unknown as T;
    const watched = faulty({ fsyncSync: noted("fsync", fs.fsyncSync), renameSync: noted("rename", fs.renameSync) });
    await watched.writeAtomic(inFolder("a"), bytesOf("1"));
    expect(calls).toEqual(["fsync", "rename", "fsync"]);
  });

  const machineId = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
  const deadPid = spawnSync(process.execPath, ["-e", "0"]).pid;

  test("what a dead process left is removed, and nothing else", async () => {
    const names = [
      `a.wav.tmp-${deadPid}-${machineId}0123456789`,
      `a.wav.tmp-${process.pid}-${machineId}0123456789`,
      `a.wav.tmp-${deadPid}-ffffff0123456789`,
      `a.wav.tmp-${deadPid}`,
      "a.wav.tmp",
    ];
    for (const name of names) fs.writeFileSync(inFolder(name), "");
    await files.writeAtomic(inFolder("b.wav"), bytesOf("1"));
    expect(fs.readdirSync(folder).sort()).toEqual([...names.slice(1), "b.wav"].sort());
  });

  test.each(["EPERM", "EBUSY"])(
    "a file that is locked by %s for a moment is replaced when it is free",
    async (code) => {
      let refusals = 3;
      const busy = faulty({
        renameSync: (from, to) => {
          refusals -= 1;
          if (refusals >= 0) throw errno(code);
          fs.renameSync(from, to);
        },
      });
      await busy.writeAtomic(inFolder("a"), bytesOf("1"));
      expect(fs.readdirSync(folder)).toEqual(["a"]);
    },
  );

  const closingFails = (descriptor: number): void => {
    fs.closeSync(descriptor);
    throw errno("EIO");
  };

  const faults = [
    ["a full disk", { writeSync: failing("ENOSPC") }, "disk-full"],
    ["a full quota", { writeSync: failing("EDQUOT") }, "disk-full"],
    ["a write error", { writeSync: failing("EIO") }, "io"],
    ["a failed fsync", { fsyncSync: failing("EIO") }, "io"],
    ["a lasting lock", { renameSync: failing("EBUSY") }, "locked"],
    ["a name that is not allowed", { renameSync: failing("EACCES") }, "read-only"],
    ["a read-only disk", { openSync: failing("EROFS") }, "read-only"],
    ["a folder without permission", { openSync: failing("EACCES") }, "read-only"],
    ["an error at closing", { closeSync: closingFails }, "io"],
  ] as const;

  test.each(faults)("%s is told with the path; the old file stays, no left-over", async (_, fault, code) => {
    fs.writeFileSync(inFolder("mix.json"), "old");
    const problem = await problemOf(() =>
      faulty(fault as Partial<typeof fs>).writeAtomic(inFolder("mix.json"), bytesOf("new")),
    );
    expect(problem).toMatchObject({ code, file: inFolder("mix.json") });
    expect(problem.message).toContain(inFolder("mix.json"));
    expect(fs.readFileSync(inFolder("mix.json"), "utf8")).toBe("old");
    expect(fs.readdirSync(folder)).toEqual(["mix.json"]);
  });

  test("a failed fsync is not tried again", async () => {
    let calls = 0;
    const failingSync = faulty({
      fsyncSync: () => {
        calls += 1;
        throw errno("EIO");
      },
    });
    await problemOf(() => failingSync.writeAtomic(inFolder("a"), bytesOf("1")));
    expect(calls).toBe(1);
  });

  test("a full disk names the bytes that are needed and those that are free", async () => {
    const full = faulty({
      writeSync: failing("ENOSPC") as typeof fs.writeSync,
      statfsSync: (() => ({ bavail: 3, bsize: 4096 })) as unknown as typeof fs.statfsSync,
    });
    const sink = await full.create(inFolder("a.wav"));
    const problem = await problemOf(() => sink.write(1_000_000, new Uint8Array(512)));
    expect(problem.message).toContain("1000512 bytes are needed, 12288 bytes are free");
    await sink.abort();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test("a name as long as the file system takes can be written", async () => {
    const name = `${"ö".repeat(125)}.json`;
    await files.writeAtomic(inFolder(name), bytesOf("1"));
    expect(fs.readdirSync(folder)).toEqual([name]);
    expect(await problemOf(() => files.writeAtomic(inFolder(`x${name}`), bytesOf("1")))).toMatchObject({
      code: "path-refused",
    });
  });

  test("a missing folder and a folder in the file's place are told", async () => {
    expect(await problemOf(() => files.writeAtomic(inFolder("no/a"), bytesOf("1")))).toMatchObject({
      code: "missing-file",
    });
    fs.mkdirSync(inFolder("b"));
    expect(await problemOf(() => files.writeAtomic(inFolder("b"), bytesOf("1")))).toMatchObject({
      code: "path-refused",
    });
    expect(fs.readdirSync(folder)).toEqual(["b"]);
  });
});

describe("folders", () => {
  test("are made with their parents, listed in order, and files in them removed", async () => {
    await files.makeFolder(inFolder("x/y"));
    await files.makeFolder(inFolder("x/y"));
    for (const name of ["b", "a", "C"]) await files.writeAtomic(files.join(folder, "x", "y", name), bytesOf("1"));
    expect(await files.list(inFolder("x/y"))).toEqual(["C", "a", "b"]);
    await files.remove(inFolder("x/y/a"));
    await files.remove(inFolder("x/y/a"));
    expect(await files.list(inFolder("x/y"))).toEqual(["C", "b"]);
    expect([files.baseName("/a/b.wav"), files.folderOf("/a/b.wav")]).toEqual(["b.wav", "/a"]);
  });

  test("that are missing, or files, are told", async () => {
    fs.writeFileSync(inFolder("file"), "");
    expect(await problemOf(() => files.list(inFolder("none")))).toMatchObject({ code: "missing-file" });
    expect(await problemOf(() => files.makeFolder(inFolder("file")))).toMatchObject({ code: "path-refused" });
  });
});
