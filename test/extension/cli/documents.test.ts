import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { fullDocument, minimalDocument } from "../../support/mix-documents.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

type Answer = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly total?: number;
  readonly warnings: readonly object[];
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly pointer?: string;
    readonly allowed?: readonly string[];
    readonly didYouMean?: string;
  }[];
};

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
};
/** It extends nothing, for no preset lies beside it. */
const loneDocument = () => fullDocument({ extends: [] });
const documentFile = (document: MixDocument = loneDocument()) => write("a.mix.json", canonicalText(document));
const validate = (path: string) => runJson<Answer>(["validate", path]);

describe("validate", () => {
  test("a good document is ok, exit 0", async () => {
    const { exitCode, json } = await validate(documentFile());
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ ok: true, errors: [] });
  });

  test("broken JSON is named with file, line and column", async () => {
    const path = write("broken.mix.json", '{\n  "format": "mix",\n  "tracks": [1 2]\n}\n');
    const { exitCode, json } = await validate(path);
    expect(exitCode).toBe(2);
    expect(json.errors[0]).toMatchObject({ code: "syntax", file: path, line: 3 });
    expect(json.errors[0]!.column).toBeGreaterThan(10);
  });

  test("an unknown processor is named with its pointer, the allowed ones and what was meant", async () => {
    const text = canonicalText(loneDocument()).replace('"type": "compressor"', '"type": "compresor"');
    const { exitCode, json } = await validate(write("a.mix.json", text));
    expect(exitCode).toBe(2);
    const error = json.errors.find(({ didYouMean }) => didYouMean === "compressor")!;
    expect(error.pointer).toMatch(/\/processors\/\d+/);
    expect(error.allowed).toContain("limiter");
    expect(error.line).toBeGreaterThan(1);
  });

  test("a value out of its range is refused with the range", async () => {
    const text = canonicalText(loneDocument()).replace(/"thresholdDb": -?[\d.]+/, '"thresholdDb": 12');
    const { exitCode, json } = await validate(write("a.mix.json", text));
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(/-60.*0/);
    expect(json.errors[0]!.pointer).toContain("thresholdDb");
  });

  test("30 nested MessagePack arrays of 30 million are refused at once", async () => {
    const bomb = new Uint8Array(150);
    for (let level = 0; level < 30; level += 1) bomb.set([0xdd, 0x01, 0xc9, 0xc3, 0x80], level * 5);
    const { exitCode, json } = await validate(write("bomb.mixb", bomb));
    expect(exitCode).toBe(2);
    expect(json.ok).toBe(false);
  });

  test("a file that is not there, a folder and a pipe are each refused without waiting", async () => {
    const place = folder();
    execFileSync("mkfifo", [join(place, "x.mix.json")]);
    for (const path of [join(place, "none.mix.json"), place, join(place, "x.mix.json")]) {
      const { exitCode, json } = await validate(path);
      expect(exitCode, path).toBe(2);
      expect(json.errors[0]!.message).toContain(path);
    }
  });

  test("at most 50 problems are listed, and all are counted", async () => {
    const tracks = Array.from({ length: 80 }, () => ({ id: 5 }));
    const text = JSON.stringify({ ...minimalDocument(), tracks });
    const { json } = await validate(write("many.mix.json", text));
    expect(json.errors.length).toBeLessThanOrEqual(50);
    expect(json.total).toBeGreaterThanOrEqual(80);
  });
});

describe("set", () => {
  test("changes one value and nothing else", async () => {
    const path = documentFile(minimalDocument());
    const before = readFileSync(path, "utf8");
    const { exitCode, json } = await runJson<{ before: unknown; after: unknown }>([
      "set",
      path,
      "/buses/0/volumeDb=-2.5",
    ]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ before: 0, after: -2.5 });
    expect(readFileSync(path, "utf8")).toBe(before.replace('"volumeDb": 0', '"volumeDb": -2.5'));
  });

  test("takes what is no JSON as text", async () => {
    const path = documentFile(minimalDocument());
    await runMain(["set", path, "/sequence/name=Reel 1 (final)"]);
    expect(readFileSync(path, "utf8")).toContain('"name": "Reel 1 (final)"');
  });

  test.each([
    ["/buses/0/volumeDb=99", /48/],
    ["/buses/0/volumeDb=loud", /number/],
    ["/buses/9/volumeDb=0", /buses/],
    ["/buses/0/volumDb=0", /volumeDb/],
    ["/buses/0/__proto__=1", /__proto__/],
    ["buses=1", /pointer/],
  ])("refuses %s, says why, and leaves the file alone", async (assignment, why) => {
    const path = documentFile(minimalDocument());
    const before = readFileSync(path);
    const { exitCode, json } = await runJson<Answer>(["set", path, assignment]);
    expect(exitCode).toBe(2);
    expect(json.errors.map(({ message }) => message).join("\n")).toMatch(why);
    expect(readFileSync(path)).toEqual(before);
  });
});

describe("convert", () => {
  test("text to MessagePack and back gives the same bytes", async () => {
    const path = documentFile();
    const place = folder();
    const [binary, text] = [join(place, "a.mixb"), join(place, "b.mix.json")];
    expect((await runMain(["convert", path, "--to", "msgpack", "-o", binary])).exitCode).toBe(0);
    expect((await runMain(["convert", binary, "--to", "json", "-o", text])).exitCode).toBe(0);
    expect(readFileSync(text)).toEqual(readFileSync(path));
  });
});
