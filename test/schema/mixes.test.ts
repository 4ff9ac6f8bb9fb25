import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalText, documentHash } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { parseDocument } from "../../schema/json-text.ts";
import { setAt } from "../../schema/pointer.ts";
import { insertTypes } from "../../schema/processors/index.ts";
import { validateDocument } from "../../schema/validate.ts";
import { fullDocument, minimalDocument } from "../support/mix-documents.ts";

type Expected = { readonly code: string; readonly pointer?: string; readonly didYouMean?: string };
type Fixture = {
  readonly description: string;
  readonly document?: unknown;
  readonly from?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly problems: readonly Expected[];
  readonly warnings?: readonly Expected[];
};

const folder = join(import.meta.dirname, "../fixtures/mixes");
const read = (name: string): Fixture => JSON.parse(readFileSync(join(folder, name), "utf8"));
const names = readdirSync(folder).filter((name) => name.endsWith(".mix.json"));

const documentOf = (fixture: Fixture): unknown => {
  const start = fixture.from === undefined ? fixture.document : read(`${fixture.from}.mix.json`).document;
  return Object.entries(fixture.set ?? {}).reduce((document, [pointer, value]) => {
    const changed = setAt(document, pointer, value);
    if (!changed.ok) throw new Error(changed.problems[0]!.message);
    return changed.value;
  }, start);
};

describe("mix fixtures", () => {
  test.each(names)("%s", (name) => {
    const fixture = read(name);
    const result = validateDocument(documentOf(fixture));
    const found = result.ok ? [] : result.problems;
    expect(found, fixture.description).toMatchObject(fixture.problems);
    expect(found).toHaveLength(fixture.problems.length);
    const warnings = result.ok ? result.warnings : [];
    expect(warnings).toMatchObject(fixture.warnings ?? []);
    expect(warnings).toHaveLength(fixture.warnings?.length ?? 0);
  });

  test.each(["processor-unknown", "processor-without-type"])("%s lists every type of insert", (name) => {
    const result = validateDocument(documentOf(read(`${name}.mix.json`)));
    expect(result.ok ? [] : result.problems[0]?.allowed).toEqual(insertTypes);
  });

  test("every message is one or more whole sentences", () => {
    for (const name of names) {
      const result = validateDocument(documentOf(read(name)));
      for (const { message } of result.ok ? result.warnings : result.problems)
        expect(message).toMatch(/^[A-Z/].*[.?]$/s);
    }
  });

  test("the builders make the same documents", () => {
    expect(JSON.parse(canonicalText(minimalDocument()))).toEqual(read("minimal.mix.json").document);
    expect(JSON.parse(canonicalText(fullDocument()))).toEqual(read("full.mix.json").document);
  });
});

describe("documents of version 1.0", () => {
  const text = readFileSync(join(folder, "v1.0/full.mix.json"), "utf8");

  test("open for ever, with the same text and the same hash", () => {
    const result = parseDocument(text, "full.mix.json");
    expect(result).toMatchObject({ ok: true });
    const document = (result as { readonly value: MixDocument }).value;
    expect(canonicalText(document)).toBe(text);
    expect(documentHash(document)).toBe("sha256:449168a3dbb9206c182e036bd4a2c725021029c9137491656dc630df97fae85a");
  });
});
