import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slotCount } from "../../schema/flatten-params.ts";
import { kebabCase } from "../../schema/generate/engine-indices.ts";
import {
  defaultsOf,
  flattenParams,
  type NumberParam,
  type Param,
  type ParamValues,
  type ProcessorDefinition,
  toJsonSchema,
} from "../../schema/processor.ts";
import { compressor } from "../../schema/processors/compressor.ts";
import { equalizer } from "../../schema/processors/equalizer.ts";
import { findProcessor, insertTypes, processors, processorTypeId } from "../../schema/processors/index.ts";

const definitions: readonly ProcessorDefinition[] = processors;

const scalarsOf = (params: Readonly<Record<string, Param>>): readonly (readonly [string, Param])[] =>
  Object.entries(params).flatMap(([name, param]) =>
    param.kind === "list" ? scalarsOf(param.item) : [[name, param] as const],
  );

const engineConstants = (type: string): Readonly<Record<string, number>> => {
  const name = kebabCase(type);
  const text = readFileSync(join(import.meta.dirname, `../../engine/assembly/generated/${name}-params.ts`), "utf8");
  return Object.fromEntries(
    [...text.matchAll(/export const (\w+): i32 = (\d+);/g)].map(([, key, value]) => [key!, Number(value)]),
  );
};

const unitEndings: Partial<Record<NumberParam["unit"], RegExp>> = {
  dB: /Db$/,
  dBTP: /Dbtp$/,
  LU: /Lu$/,
  ms: /Ms$/,
  Hz: /Hz$/,
  percent: /Percent$/,
  degrees: /Degrees$/,
  "dB/oct": /DbPerOctave$/,
  "dB/s": /DbPerSecond$/,
  LUFS: /Lufs$/,
};

describe.each(definitions.map((definition) => [definition.type, definition] as const))("%s", (type, definition) => {
  test("numbers have a default in their range, a sentence, and their unit in their name", () => {
    for (const [name, param] of scalarsOf(definition.params)) {
      expect(param.doc, name).toMatch(/^[a-zA-Z].*\.$/);
      if (param.kind === "choice") expect(param.options).toContain(param.default);
      if (param.kind !== "number") continue;
      expect(param.min).toBeLessThan(param.max);
      expect(param.default).toBeGreaterThanOrEqual(param.min);
      expect(param.default).toBeLessThanOrEqual(param.max);
      if (param.scale === "log") expect(param.min).toBeGreaterThan(0);
      expect(name).toMatch(unitEndings[param.unit] ?? /./);
    }
  });

  test("defaults flatten to as many numbers as the engine counts", () => {
    const flat = flattenParams(definition, defaultsOf(definition));
    expect(flat).toHaveLength(engineConstants(type)["COUNT"]!);
    expect(flat).toEqual(flattenParams(definition, {}));
    expect(new Float64Array(flat).every(Number.isFinite)).toBe(true);
  });

  test("each scalar stands at the index that the engine knows", () => {
    const constants = engineConstants(type);
    let index = 0;
    for (const [name, param] of Object.entries(definition.params)) {
      const constant = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
      expect(constants[param.kind === "list" ? `${constant}_COUNT` : constant], name).toBe(index);
      index += slotCount(param);
    }
  });

  test("its schema says range and unit in words", () => {
    const { properties = {} } = toJsonSchema(definition);
    for (const [name, param] of Object.entries(definition.params)) {
      const node = properties[name]!;
      expect(node.markdownDescription).toContain(param.doc);
      if (param.kind !== "number") continue;
      expect(node).toMatchObject({ type: "number", minimum: param.min, maximum: param.max, default: param.default });
      expect(node.description).toContain(`${param.min} to ${param.max}`);
    }
    expect(Object.keys(properties).slice(0, 5)).toEqual(["id", "type", "enabled", "mixPercent", "note"]);
  });

  test("the registry finds it", () => {
    expect(findProcessor(type)).toBe(definition);
    expect(definitions[processorTypeId(type)]).toBe(definition);
  });
});

describe("flattenParams", () => {
  test("gives choices their position and flags 0 or 1", () => {
    const values: ParamValues<typeof compressor> = { ...defaultsOf(compressor), thresholdDb: -30, detector: "rms" };
    const flat = flattenParams(compressor, values);
    const at = engineConstants("compressor");
    expect(flat[at["THRESHOLD_DB"]!]).toBe(-30);
    expect(flat[at["DETECTOR"]!]).toBe(at["DETECTOR_RMS"]);
  });

  test("puts a list's count first, its groups behind, and defaults into the free places", () => {
    const band = {
      kind: "highShelf",
      frequencyHz: 8000,
      gainDb: -3,
      q: 1,
      slopeDbPerOctave: 24,
      channels: "side",
      enabled: false,
    };
    const flat = flattenParams(equalizer, { bands: [{}, band] });
    const at = engineConstants("equalizer");
    const second = at["BANDS_BASE"]! + at["BANDS_STRIDE"]!;
    expect(flat[at["BANDS_COUNT"]!]).toBe(2);
    expect(flat[second + at["BAND_KIND"]!]).toBe(at["KIND_HIGH_SHELF"]);
    expect(flat[second + at["BAND_FREQUENCY_HZ"]!]).toBe(8000);
    expect(flat[second + at["BAND_CHANNELS"]!]).toBe(at["CHANNELS_SIDE"]);
    expect(flat[second + at["BAND_ENABLED"]!]).toBe(0);
    expect(flat[second + at["BANDS_STRIDE"]! + at["BAND_FREQUENCY_HZ"]!]).toBe(1000);
  });

  test.each([
    [{ thresholdDb: 1 }, "thresholdDb must be a number from -60 to 0 dB, not 1."],
    [{ thresholdDb: Number.NaN }, "thresholdDb must be a number"],
    [{ detector: "mean" }, 'detector must be one of peak, rms, loudness, not "mean".'],
  ])("refuses %j, which no validated document holds", (values, message) => {
    expect(() => flattenParams(compressor, values)).toThrow(message);
    expect(() => flattenParams(compressor, values)).toThrow(TypeError);
  });

  test("refuses more bands than the engine has room for", () => {
    expect(() => flattenParams(equalizer, { bands: Array.from({ length: 17 }, () => ({})) })).toThrow(/at most 16/);
  });

  test("every choice of every band kind keeps the length", () => {
    const kinds = fc.constantFrom(...equalizer.params.bands.item.kind.options);
    fc.assert(
      fc.property(fc.array(fc.record({ kind: kinds }), { maxLength: 16 }), (bands) => {
        expect(flattenParams(equalizer, { bands })).toHaveLength(210);
      }),
    );
  });
});

test("a chain holds inserts and external processors, but no rules", () => {
  expect(insertTypes).toEqual(expect.arrayContaining(["gain", "equalizer", "compressor", "panner", "limiter"]));
  expect(insertTypes.at(-1)).toBe("external");
  expect(insertTypes).not.toContain("ducker");
  expect(findProcessor("external")).toBeUndefined();
  expect(processorTypeId("nothing")).toBe(-1);
});
