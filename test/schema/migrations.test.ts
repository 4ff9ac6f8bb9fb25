import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../schema/json-text.ts";
import { CURRENT_VERSION, type Migration, migrate, migrations } from "../../schema/migrations.ts";
import { minimalDocument } from "../support/mix-documents.ts";

const fixtures = join(import.meta.dirname, "../fixtures/mixes");
const majors = [1, ...migrations.map(({ toMajor }) => toMajor)];

test("the program writes the version that the builders write", () => {
  expect(minimalDocument().formatVersion).toBe(CURRENT_VERSION);
});

test("migrations go up one by one", () => {
  expect(majors).toEqual(majors.map((_, index) => index + 1));
  for (const { why } of migrations) expect(why).toMatch(/^[A-Z].*\.$/);
});

test.each(majors)("documents of version %i.0 are kept and open", (major) => {
  const folder = join(fixtures, `v${major}.0`);
  expect(existsSync(folder)).toBe(true);
  const names = readdirSync(folder);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names)
    expect(parseDocument(readFileSync(join(folder, name), "utf8"), name)).toMatchObject({ ok: true });
});

describe("migrate", () => {
  const list: readonly Migration[] = [
    {
      toMajor: 2,
      why: "Levels became dB.",
      up: (document) => ({ ...document, levelDb: 20 * Math.log10(Number(document["level"])) }),
    },
    { toMajor: 3, why: "A name was added.", up: (document) => ({ ...document, name: `level ${document["levelDb"]}` }) },
  ];

  test("applies what is missing, in order", () => {
    expect(migrate({ formatVersion: "1.4", level: 10 }, list)).toEqual({
      ok: true,
      warnings: [],
      value: { formatVersion: "3.0", level: 10, levelDb: 20, name: "level 20" },
    });
    expect(migrate({ formatVersion: "2.0", levelDb: 6 }, list)).toMatchObject({
      value: { formatVersion: "3.0", name: "level 6" },
    });
    expect(migrate({ formatVersion: "3.0", name: "x" }, list)).toMatchObject({
      value: { formatVersion: "3.0", name: "x" },
      warnings: [],
    });
  });

  test("says what to do about a document from the future", () => {
    const result = migrate({ formatVersion: "4.0" }, list);
    expect(result).toMatchObject({ ok: false, problems: [{ code: "unsupported", pointer: "/formatVersion" }] });
    expect(!result.ok && result.problems[0]!.message).toMatch(/reads up to 3\.0\. Update Premix\.$/);
  });

  test.each(["1", "0.9", "1.0.0", "one", 1, null])("refuses the version %j", (formatVersion) => {
    expect(migrate({ formatVersion } as unknown as Parameters<typeof migrate>[0])).toMatchObject({
      ok: false,
      problems: [{ code: "unsupported" }],
    });
  });
});
