import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planRender } from "../../../engine/plan-render.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import { chunkHeader, fileHeader, paddingOf } from "../../../schema/chunk-file.ts";
import { encodeMessagePack } from "../../../schema/codec.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { fullDocument, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

/** What a later version may have put anywhere. */
const LATER = { since: "1.9", values: [1, "two", { three: null }] };

/** The same data with a key of a later version in every object that is not a map of names. */
const withLaterKeys = (value: unknown, isMap = false): unknown => {
  if (Array.isArray(value)) return value.map((item) => withLaterKeys(item));
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).map(([key, member]) => [key, withLaterKeys(member, maps.has(key))]);
  return { ...Object.fromEntries(members), ...(isMap ? {} : { later: LATER }) };
};
const maps: ReadonlySet<string> = new Set(["media", "host", "extensions", "extras", "analysis"]);

/** A document as a reader of version 1.9 leaves it for readers of 1.0. */
const document19 = (): MixDocument => {
  const document = withLaterKeys(fullDocument({ extends: [] })) as MixDocument;
  const track = document.tracks[0]!;
  const grains = { id: "prc_grains", type: "granulator", enabled: true, mixPercent: 40, grainMs: 30, later: LATER };
  track.processors.push(grains as unknown as (typeof track)["processors"][number]);
  track.clips[0]!.processors.push({
    ...grains,
    id: "prc_clipGrains",
  } as unknown as (typeof track)["processors"][number]);
  return {
    ...document,
    formatVersion: "1.9",
    minReader: "1.0",
    extensionsUsed: [...document.extensionsUsed, "ACME_space"],
    extensions: { ...document.extensions, ACME_space: { rooms: [{ sizeM2: 12 }] } },
  };
};

const countOf = (text: string): number => text.split('"since": "1.9"').length - 1;

/** Lines of the one text that are not in the other. */
const newLines = (before: string, after: string): string[] => {
  const old = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !old.has(line));
};

const write19 = () => {
  const text = canonicalText(document19());
  const file = join(folder(), "later.mix.json");
  writeFileSync(file, text);
  return { text, file };
};

describe("a document of version 1.9", () => {
  test("carries a key of its time in every object, and this reader opens it", async () => {
    const { text, file } = write19();
    expect(countOf(text)).toBeGreaterThan(30);
    expect((await runMain(["validate", file])).exitCode).toBe(0);
  });

  test("may hold processors of its time, which are kept, bypassed and named; in one of 1.0 they are slips of the pen", async () => {
    const { text, file } = write19();
    const { stdout } = await runMain(["validate", file, "--json"]);
    expect(stdout).toMatch(/granulator.*of a later version: it is kept but bypassed/);
    writeFileSync(file, text.replace('"formatVersion": "1.9"', '"formatVersion": "1.0"'));
    expect((await runMain(["validate", file])).exitCode).toBe(2);
  });

  test("is rendered without the processors that this version has not", () => {
    const processors = document19().tracks[0]!.processors;
    const planned = planRender(minimalDocument({ tracks: [trackFixture({ processors })] }), new Map());
    if (!planned.ok) throw new Error(JSON.stringify(planned));
    const types = processors.map(({ type }) => type);
    expect(types).toContain("granulator");
    expect(planned.value.tracks[0]!.slots.map(({ id }) => id)).not.toContain("prc_grains");
  });

  test("loses nothing when a value is set: one line changes", async () => {
    const { text, file } = write19();
    expect((await runMain(["set", file, "/tracks/1/volumeDb=-1.25"])).exitCode).toBe(0);
    const after = readFileSync(file, "utf8");
    expect(after.split("\n")).toHaveLength(text.split("\n").length);
    expect(newLines(text, after)).toEqual(['      "volumeDb": -1.25,']);
  });

  test("loses nothing in a merge of two edits", async () => {
    const { text, file } = write19();
    const [ours, theirs, merged] = ["ours", "theirs", "merged"].map((name) => `${file}.${name}.mix.json`);
    writeFileSync(ours!, text);
    writeFileSync(theirs!, text);
    await runMain(["set", ours!, "/tracks/1/volumeDb=-1.25"]);
    await runMain(["set", theirs!, "/buses/0/volumeDb=-2.25"]);
    const run = await runMain(["merge", file, ours!, theirs!, "-o", merged!]);
    expect(run.exitCode, run.stderr).toBe(0);
    const after = readFileSync(merged!, "utf8");
    expect(countOf(after)).toBe(countOf(text));
    expect(newLines(text, after)).toEqual(['      "volumeDb": -1.25,', '      "volumeDb": -2.25,']);
  });

  test("keeps the bytes of unknown chunks in a bundle that is edited", async () => {
    const packed = encodeMessagePack(document19());
    if (!packed.ok) throw new Error("not packed");
    const later = Uint8Array.from({ length: 1003 }, (_, at) => (at * 7) & 255);
    const chunks = [
      ["ZONE", later],
      ["DOC ", packed.value],
      ["zone", later.subarray(500)],
    ] as const;
    const parts = chunks.flatMap(([type, content]) => [
      chunkHeader(type, content.length),
      content,
      new Uint8Array(paddingOf(content.length)),
    ]);
    const total = 12 + parts.reduce((sum, { length }) => sum + length, 0);
    const file = join(folder(), "later.mixb");
    writeFileSync(file, Buffer.concat([fileHeader(total), ...parts]));
    expect((await runMain(["set", file, "/tracks/1/volumeDb=-1.25"])).exitCode).toBe(0);
    const after = readFileSync(file);
    expect(after.includes(Buffer.from(later))).toBe(true);
    expect(after.includes(Buffer.concat([chunkHeader("zone", 503), later.subarray(500)]))).toBe(true);
    const text = join(folder(), "back.mix.json");
    expect((await runMain(["convert", file, "--to", "json", "-o", text])).exitCode).toBe(0);
    expect(countOf(readFileSync(text, "utf8"))).toBe(countOf(canonicalText(document19())));
  });

  test("of which nothing is changed is saved as the same bytes", async () => {
    const { text, file } = write19();
    const again = `${file}.again.mix.json`;
    expect((await runMain(["convert", file, "--to", "json", "-o", again])).exitCode).toBe(0);
    expect(readFileSync(again, "utf8")).toBe(text);
  });
});
