// The parameter reference, read as people read it, against the registry: nothing is missing, nothing is left over.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Param, ProcessorDefinition, ScalarParam } from "../../schema/param.ts";
import { processors } from "../../schema/processors/index.ts";

const definitions: readonly ProcessorDefinition[] = processors;
const text = readFileSync(join(import.meta.dirname, "../../schema/PROCESSORS.md"), "utf8");

/** Sections by the type that stands in their heading. */
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [/^.*\(`(\w+)`\)\n/.exec(section)?.[1] ?? section.slice(0, 40), section]),
);

/** The cells of each row of a section's table, by parameter. */
const rowsOf = (section: string) =>
  new Map(
    [...section.matchAll(/^\| `([^`]+)` +\|(.*)\|$/gm)].map(([, name, rest]) => [
      name!,
      rest!.split(" | ").map((cell) => cell.trim()),
    ]),
  );

const unitWords: Readonly<Record<string, string>> = {
  dB: "dB",
  dBTP: "dBTP",
  LU: "LU",
  LUFS: "LUFS",
  ms: "ms",
  s: "s",
  Hz: "Hz",
  percent: "%",
  degrees: "°",
  "dB/oct": "dB/oct",
  "dB/s": "dB/s",
};

const rangeOf = (param: ScalarParam): string => {
  if (param.kind === "flag") return "true, false";
  if (param.kind === "choice") return param.options.map((option) => `\`${option}\``).join(", ");
  return `${param.min} to ${param.max}`;
};

const expected = (params: Readonly<Record<string, Param>>): [name: string, range: string, fallback: string, Param][] =>
  Object.entries(params).flatMap(([name, param]) =>
    param.kind === "list"
      ? [
          [name, `list of at most ${param.maxItems}`, "`[]`", param],
          ...Object.entries(param.item).map(([field, item]): [string, string, string, Param] => [
            `${name}[].${field}`,
            rangeOf(item),
            `\`${item.default}\``,
            item,
          ]),
        ]
      : [[name, rangeOf(param), `\`${param.default}\``, param]],
  );

test("has a section for every processor, in the registry's order, and for external ones", () => {
  expect([...sections.keys()]).toEqual([...definitions.map(({ type }) => type), "external"]);
});

describe.each(definitions.map((definition) => [definition.type, definition] as const))("%s", (type, definition) => {
  const section = sections.get(type) ?? "";

  test("says what it is, where it stands, and what it listens to or works with", () => {
    expect(section).toContain(definition.title);
    expect(section).toContain(definition.doc);
    expect(section.includes("A rule of the document, not an insert.")).toBe(definition.rule === true);
    expect(section.includes("`mixPercent`")).toBe(definition.rule !== true);
    expect(section.includes("`sidechain` (id of a bus, or null)")).toBe(
      definition.keyed === true && definition.rule !== true,
    );
    expect(section.includes("\n`file`: ")).toBe(definition.file !== undefined);
    if (definition.file !== undefined) expect(section).toContain(definition.file);
  });

  test("gives every parameter with its range, unit, default and sentence", () => {
    const rows = rowsOf(section);
    const wanted = expected(definition.params);
    expect([...rows.keys()]).toEqual(wanted.map(([name]) => name));
    for (const [name, range, fallback, param] of wanted) {
      const [shownRange = "", shownDefault, doc] = rows.get(name)!;
      expect(shownRange.startsWith(range), `${name}: ${shownRange}`).toBe(true);
      const unit = param.kind === "number" ? unitWords[param.unit] : undefined;
      if (unit !== undefined) expect(shownRange.endsWith(unit), `${name}: ${shownRange}`).toBe(true);
      expect(shownDefault, name).toBe(fallback);
      expect(doc, name).toBe(param.doc);
    }
  });
});
