import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Preset } from "../../schema/generated/folder-files.ts";
import { parsePreset, turnKnobs } from "../../schema/preset.ts";
import { shippedPresets } from "../../schema/presets/index.ts";

const presetText = (members: string) => `{ "format": "preset", "formatVersion": "1.0", "name": "x", ${members} }`;

const chain = `"processors": [
  { "id": "tone", "type": "equalizer", "bands": [{ "kind": "highCut", "frequencyHz": 4000 }] },
  { "type": "gain", "gainDb": -3 }
]`;

const knob = (changes: object) =>
  `"parameters": { "size": ${JSON.stringify({ title: "Size", min: 0, max: 100, default: 50, sets: [], ...changes })} }`;

const parsed = (members: string): Preset => {
  const result = parsePreset(presetText(members), "x");
  if (!result.ok) throw new TypeError(result.problems[0]?.message);
  return result.value;
};

const said = (members: string): string => {
  const result = parsePreset(presetText(members), "x.mixpreset.jsonc");
  return result.ok ? "" : `${result.problems[0]?.line}:${result.problems[0]?.column} ${result.problems[0]?.message}`;
};

describe("a knob", () => {
  const sets = [
    { pointer: "/processors/tone/bands/0/frequencyHz", from: 1000, to: 16_000 },
    { pointer: "/processors/1/gainDb", from: 0, to: -12 },
  ];
  const preset = parsed(`${knob({ sets })}, ${chain}`);
  const turned = (size: number) => {
    const result = turnKnobs(preset, { size });
    return result.ok ? result.value : result.problems;
  };

  test("turns frequencies by octaves and levels by decibels, all together", () => {
    expect(turned(0)).toMatchObject([{ bands: [{ frequencyHz: 1000 }] }, { gainDb: 0 }]);
    expect(turned(25)).toMatchObject([{ bands: [{ frequencyHz: 2000 }] }, { gainDb: -3 }]);
    expect(turned(100)).toMatchObject([{ bands: [{ frequencyHz: 16_000 }] }, { gainDb: -12 }]);
  });

  test("that is not named leaves the chain as it is written", () => {
    expect(turnKnobs(preset, {})).toMatchObject({ ok: true, value: preset.processors });
  });

  test.each([-1, 101, Number.NaN])("refuses %d, outside its range", (size) => {
    expect(turned(size)).toMatchObject([{ code: "usage", allowed: ["0 to 100"] }]);
  });

  test("of another name is guessed", () => {
    expect(turnKnobs(preset, { sise: 1 })).toMatchObject({ ok: false, problems: [{ didYouMean: "size" }] });
    expect(turnKnobs(preset, { constructor: 1 })).toMatchObject({ ok: false });
  });
});

test("more knobs than anybody turns are refused as one problem", () => {
  const knobs = Array.from(
    { length: 10_000 },
    (_, index) => `"k${index}": ${knob({}).slice('"parameters": { "size": '.length, -2)}`,
  );
  expect(said(`"parameters": { ${knobs.join(", ")} }, ${chain}`)).toMatch(/has 10000 knobs; at most 64/);
});

describe("every shipped preset", () => {
  test.each(shippedPresets)(
    "$name sounds as written with all its knobs at their defaults, and differs elsewhere",
    ({ text }) => {
      const result = parsePreset(text, "");
      if (!result.ok) throw new TypeError(result.problems[0]?.message);
      const { parameters = {}, processors } = result.value;
      expect(Object.keys(parameters).length).toBeGreaterThan(0);
      const at = (read: (name: string) => number) =>
        turnKnobs(result.value, Object.fromEntries(Object.keys(parameters).map((name) => [name, read(name)])));
      expect(at((name) => parameters[name]!.default)).toMatchObject({ ok: true, value: processors });
      expect(at((name) => parameters[name]!.min)).not.toMatchObject({ value: processors });
    },
  );

  test("stays in the ranges of its parameters wherever its knobs stand", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shippedPresets),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        ({ text }, at) => {
          const result = parsePreset(text, "");
          if (!result.ok) throw new TypeError(result.problems[0]?.message);
          const knobs = Object.entries(result.value.parameters ?? {});
          const values = knobs.map(
            ([name, { min, max }], index) => [name, min + (max - min) * (at[index] ?? 0.5)] as const,
          );
          const turned = turnKnobs(result.value, Object.fromEntries(values));
          if (!turned.ok) throw new TypeError(turned.problems[0]?.message);
          const again = { ...result.value, processors: turned.value };
          expect(parsePreset(JSON.stringify(again), "")).toMatchObject({ ok: true });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("a preset that does more than set parameters is refused", () => {
  test.each([
    [`"processors": [{ "type": "external", "hostMatchName": "Evil" }]`, /^1:75 .*belongs to another program/],
    [`"processors": [{ "type": "convolution", "file": "/etc/passwd" }]`, /file names something outside the preset/],
    [`"processors": [{ "type": "compressor", "sidechain": "bus_dx" }]`, /sidechain names something outside/],
    [`"processors": [{ "type": "gain", "gainDb": 99 }]`, /99, outside/],
    [`"processors": [{ "type": "gain", "__proto__": {} }]`, /__proto__.*another name/],
    [`"processors": [{ "type": "gain", "constructor": {} }]`, /constructor.*another name/],
    [`"name": "y", ${chain}`, /stands twice/],
  ])("%s", (members, says) => {
    expect(said(members)).toMatch(says);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.each([
    [{ min: 3, max: 3 }, /\/parameters\/size needs min < max/],
    [{ default: 101 }, /default between/],
    [{ sets: [{ pointer: "/processors/9/gainDb", from: 0, to: 1 }] }, /names no number of the chain/],
    [{ sets: [{ pointer: "/processors/1/type", from: 0, to: 1 }] }, /names no number of the chain/],
    [{ sets: [{ pointer: "/processors/tone/bands/4/gainDb", from: 0, to: 1 }] }, /names no number of the chain/],
    [{ sets: [{ pointer: "/processors/1/gainDb", from: 0, to: 4000 }] }, /to is 4000; .* allows -?\d+ to \d+ dB/],
    [{ sets: [{ pointer: "/tracks/0/volumeDb", from: 0, to: 1 }] }, /pointer is .*not allowed/],
  ])("a knob with %j", (changes, says) => {
    expect(said(`${knob(changes)}, ${chain}`)).toMatch(says);
  });
});
