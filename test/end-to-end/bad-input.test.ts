import { execFileSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import { contentsOf } from "../support/folder-contents.ts";
import { arrayBomb, type HostileFile, hostileDocuments, hostileProjects } from "../support/hostile-documents.ts";
import { longJob, writeNoise } from "../support/long-job.ts";
import { minimalDocument } from "../support/mix-documents.ts";
import { type CliFailure, runPremix } from "../support/premix-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const folder = temporaryFolders();

/** How each command is given a file; `out` is a folder with outputs of an earlier run. */
const commands: Readonly<Record<string, (file: string, out: string) => readonly string[]>> = {
  validate: (file) => ["validate", file],
  render: (file, out) => ["render", file, "-o", out],
  convert: (file, out) => ["convert", file, "--to", "json", "-o", join(out, "old.mix.json")],
  set: (file) => ["set", file, "/buses/0/volumeDb=-1"],
  mix: (file, out) => ["mix", file, "-o", out],
  import: (file, out) => ["import", file, "-o", join(out, "old.mix.json")],
  measure: (file) => ["measure", file],
};

/** A folder with an earlier run's outputs, and the bad file in it. */
const stage = (place: (at: string) => void) => {
  const at = folder();
  const out = join(at, "out");
  mkdirSync(out);
  writeFileSync(join(out, "old.mix.json"), canonicalText(minimalDocument()));
  writeFileSync(join(out, "Sequence_MIX.wav"), "the stem of an earlier run");
  place(at);
  return { at, out };
};

/** What these are asked for is their list of problems; the others say problems on stderr too. */
const tellsOnlyInJson: readonly string[] = ["validate", "measure"];

/** Runs a command that must refuse: exit code, one object, a sentence for people too, and every file as before. */
const refused = async (command: string, name: string, place: (at: string) => void, exitCode = 2) => {
  const { at, out } = stage(place);
  const before = contentsOf(at);
  const run = await runPremix<CliFailure>(commands[command]!(join(at, name), out));
  const [error] = run.json.errors;
  expect(run.json, run.stderr).toMatchObject({ ok: false, exitCode });
  expect(run.exitCode).toBe(exitCode);
  expect(error!.message).toMatch(/[.?]$/);
  if (!tellsOnlyInJson.includes(command)) expect(run.stderr).toContain(error!.message.slice(0, 40));
  expect(contentsOf(at)).toEqual(before);
  return { ...run, error: error! };
};

const write =
  ({ name, content }: HostileFile) =>
  (at: string) =>
    writeFileSync(join(at, name), content);

/** 1 s of its own processor time and 128 MB: what the most hostile file may cost. */
const expectCheap = ({
  cpuSeconds,
  peakMiB,
}: {
  readonly cpuSeconds: number | null;
  readonly peakMiB: number | null;
}) => {
  expect(cpuSeconds).toBeLessThan(1);
  expect(peakMiB).toBeLessThan(128);
};

describe.concurrent.each(Object.keys(commands))("premix %s", (command) => {
  const missingExit = command === "measure" ? 3 : 2;

  test("names a file that is not there", async () => {
    const { error } = await refused(command, "none.xml", () => undefined, missingExit);
    expect(error.message).toContain("none.xml");
  });

  test("names a folder in the place of a file", async () => {
    const { error } = await refused(command, "folder.xml", (at) => mkdirSync(join(at, "folder.xml")));
    expect(error.message).toMatch(/folder\.xml" holds no document|folder\.xml is a folder/);
  });

  test("refuses a pipe named x.wav without waiting for it", async () => {
    const run = await refused(command, "x.wav", (at) => void execFileSync("mkfifo", [join(at, "x.wav")]));
    expect(run.error.message).toMatch(/pipe/);
    expectCheap(run);
  });
});

describe.concurrent.each(["validate", "render", "convert", "set"])("premix %s refuses, and says why", (command) => {
  test.each(hostileDocuments)("$name", async (file) => {
    const run = await refused(command, file.name, write(file));
    expect(run.json.errors.map(({ message }) => message).join("\n")).toMatch(file.says);
    expect(run.error.file).toContain(file.name);
    expectCheap(run);
  });
});

describe.concurrent.each(["mix", "import"])("premix %s refuses, and says why", (command) => {
  test.each(hostileProjects)("$name", async (file) => {
    const run = await refused(command, file.name, write(file));
    expect(run.error.message).toMatch(file.says);
    expectCheap(run);
  });

  test("a project that inflates to a thousand times its size", async () => {
    const blank = Buffer.alloc(40 << 20, " ");
    const content = gzipSync(Buffer.concat([Buffer.from('<?xml version="1.0"?><PremiereData Version="3">'), blank]));
    const run = await refused(command, "bomb.prproj", write({ name: "bomb.prproj", content, says: /./ }));
    expect(run.error.message).toMatch(/times/);
    expectCheap(run);
  });
});

describe.concurrent("what a file is given for another", () => {
  test("a document of 65 MB is refused by its size alone", async () => {
    const place = (at: string) => {
      writeFileSync(join(at, "huge.mix.json"), "");
      truncateSync(join(at, "huge.mix.json"), 65 * 1024 * 1024);
    };
    const run = await refused("validate", "huge.mix.json", place);
    expect(run.error.message).toContain("67108864");
    expectCheap(run);
  });

  test("a MessagePack bomb named x.wav is no sound", async () => {
    const run = await refused("measure", "x.wav", write({ name: "x.wav", content: arrayBomb, says: /./ }));
    expect(run.error.code).toBe("not-audio");
    expectCheap(run);
  });

  test("broken JSON is placed by line and column, an unknown processor by pointer", async () => {
    const [broken] = hostileDocuments;
    const first = await refused("validate", broken!.name, write(broken!));
    expect(first.error).toMatchObject({ code: "syntax", line: 2, column: 16 });
    const unknown = hostileDocuments.find(({ name }) => name === "processor.mix.json")!;
    const { json } = await refused("set", unknown.name, write(unknown));
    const error = json.errors.find(({ didYouMean }) => didYouMean === "compressor")!;
    expect(error.pointer).toMatch(/^\/buses\/\d+\/processors\/\d+\/type$/);
    expect(error.line).toBeGreaterThan(1);
    expect(error.allowed).toContain("limiter");
  });
});

describe.concurrent("words that premix does not know", () => {
  test.each([
    [["mxi"], "mix"],
    [["mesure", "a.wav"], "measure"],
    [["mix", "a.xml", "--taget", "netflix"], "--target"],
    [["mix", "a.xml", "--target", "netflx"], "netflix"],
    [["measure", "a.wav", "--target", "ebu-r129"], "ebu-r128"],
    [["render", "a.mix.json", "-o", "out", "--thread", "2"], "--threads"],
  ])("%j suggests %s", async (words, suggestion) => {
    const { exitCode, json } = await runPremix<CliFailure>(words);
    expect(exitCode).toBe(2);
    expect(json.errors[0]).toMatchObject({ code: "usage", didYouMean: suggestion });
    expect(json.errors[0]!.allowed).toContain(suggestion);
  });

  test.each(["mix", "measure", "validate"])(
    "%s does not take the empty word of an unset variable for this folder",
    async (command) => {
      const { exitCode, json } = await runPremix<CliFailure>([command, ""]);
      expect(exitCode).toBe(2);
      expect(json.errors[0]).toMatchObject({ code: "usage", message: expect.stringMatching(/empty/) });
    },
  );

  test.each([
    ["/buses/0/volumeDb=99", /-120 to 48/],
    ["/buses/0/volumeDb=1e999", /1e999|too large/],
    ["/buses/0/volumeDb=loud", /a number/],
    ["/buses/0/volumDb=0", /volumeDb/],
    ["/buses/7/volumeDb=0", /positions are 0 to 0/],
    ["/sequence/__proto__=1", /__proto__/],
    ['/sequence/host={"__proto__":{"gain":0}}', /__proto__/],
    ["/tracks", /<json-pointer>=<value>/],
  ])("set refuses %s", async (assignment, says) => {
    const { at } = stage(() => undefined);
    const before = contentsOf(at);
    const run = await runPremix<CliFailure>(["set", join(at, "out", "old.mix.json"), assignment]);
    expect(run.exitCode).toBe(2);
    expect(run.json.errors.map(({ message }) => message).join("\n")).toMatch(says);
    expect(contentsOf(at)).toEqual(before);
  });
});

describe.concurrent("outputs that cannot be", () => {
  const convert = (out: string, name: string) =>
    runPremix<CliFailure>(["convert", join(out, "old.mix.json"), "--to", "msgpack", "-o", join(out, name)]);

  test.each([
    ["a folder", (at: string) => mkdirSync(at), /is a folder, which is never replaced/],
    ["a pipe", (at: string) => void execFileSync("mkfifo", [at]), /is a pipe, which is never replaced/],
  ])("%s under the output's name stays what it is", async (_, make, says) => {
    const { at, out } = stage(() => undefined);
    make(join(out, "there.mixb"));
    const before = contentsOf(at);
    const { exitCode, json } = await convert(out, "there.mixb");
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(says);
    expect(contentsOf(at)).toEqual(before);
  });

  test.each([
    ["no/such/folder.mixb", /folder does not exist/],
    [`${"n".repeat(300)}.mixb`, /ENAMETOOLONG/],
  ])("%s", async (name, says) => {
    const { at, out } = stage(() => undefined);
    const before = contentsOf(at);
    const { exitCode, json } = await convert(out, name);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(says);
    expect(contentsOf(at)).toEqual(before);
  });

  test.each(["Sequence_MIX.wav", "Sequence_MIX.wav/deeper"])(
    "stems are not rendered into the file %s",
    async (name) => {
      const { at, out } = stage(() => undefined);
      const before = contentsOf(at);
      const { exitCode, json } = await runPremix<CliFailure>([
        "render",
        join(out, "old.mix.json"),
        "-o",
        join(out, name),
      ]);
      expect(exitCode).toBe(2);
      expect(json.errors[0]!.message).toMatch(/A file stands where the folder would be/);
      expect(contentsOf(at)).toEqual(before);
    },
  );

  test("a stem does not take the place of a file that it is made from", async () => {
    const at = folder();
    const job = longJob(1);
    const own = { ...job.media["med_noise"]!, path: "Job_DX.wav", name: "Job_DX.wav" };
    writeNoise(join(at, "Job_DX.wav"), 1);
    writeFileSync(join(at, "job.mix.json"), canonicalText({ ...job, media: { med_noise: own } }));
    const before = contentsOf(at);
    const { exitCode, json } = await runPremix<CliFailure>(["render", join(at, "job.mix.json"), "-o", at]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(/Job_DX\.wav would take the place of .*Choose another folder/);
    expect(contentsOf(at)).toEqual(before);
  });

  test("a place where the system makes no folder is named, not waited for", async () => {
    const { out } = stage(() => undefined);
    const place = process.platform === "linux" ? "/proc/premix" : join(out, "Sequence_MIX.wav", "deeper");
    const { exitCode, json } = await runPremix<CliFailure>(["render", join(out, "old.mix.json"), "-o", place], {
      patienceMs: 20_000,
    });
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toContain(place);
  });
});
