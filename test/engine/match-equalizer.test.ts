// Matching one sound's spectrum to another's, measured on the sound that the bands give.
import { describe, expect, test } from "vitest";
import { type MatchOptions, matchBands } from "../../engine/match-equalizer.ts";
import { distanceDb, spectrumOf } from "../support/average-spectrum.ts";
import { openProcessor } from "../support/open-processor.ts";
import { noise } from "../support/signals.ts";

const SECONDS = 20;
const white = noise(-20, 2 * SECONDS * 48_000, 1);

const shaped = (bands: readonly unknown[], input = white): Float32Array => openProcessor("equalizer", { bands })(input);

const spectrum = (signal: Float32Array) => {
  const measured = spectrumOf(signal);
  if (!measured) throw new TypeError("silence");
  return measured;
};

const dull = shaped([
  { kind: "highCut", frequencyHz: 6000, slopeDbPerOctave: 6 },
  { kind: "bell", frequencyHz: 300, gainDb: 6, q: 1 },
  { kind: "bell", frequencyHz: 2500, gainDb: -7, q: 2 },
]);
const bright = shaped([
  { kind: "tilt", frequencyHz: 1000, gainDb: 5 },
  { kind: "bell", frequencyHz: 5000, gainDb: 3, q: 0.7 },
  { kind: "lowShelf", frequencyHz: 150, gainDb: 4 },
]).map((value) => value * 0.2);

/** How far the matched sound is from the reference. */
const residualDb = (source: Float32Array, reference: Float32Array, options?: MatchOptions): number => {
  const target = spectrum(reference);
  const bands = matchBands(spectrum(source), target, options);
  return distanceDb(spectrum(shaped(bands, source)), (_, band) => target.levelsDb[band] ?? 0);
};

describe("equalizer match", () => {
  test.each([
    ["dull to bright", dull, bright],
    ["bright to dull", bright, dull],
    ["dull to white", dull, white],
  ])("%s: what remains is under 0.5 dB RMS from 80 Hz to 12 kHz", (_, source, reference) => {
    const before = distanceDb(spectrum(source), (_hz, band) => spectrum(reference).levelsDb[band] ?? 0);
    expect(before).toBeGreaterThan(2.5);
    expect(residualDb(source, reference)).toBeLessThan(0.5);
  });

  test("half the amount leaves half the difference", () => {
    const before = distanceDb(spectrum(dull), (_, band) => spectrum(bright).levelsDb[band] ?? 0);
    expect(residualDb(dull, bright, { amountPercent: 50 }) / before).toBeCloseTo(0.5, 1);
  });

  test("no correction is larger than maxGainDb", () => {
    const bands = matchBands(spectrum(dull), spectrum(bright), { maxGainDb: 3 });
    const [before, after] = [spectrum(white), spectrum(shaped(bands))];
    before.frequenciesHz.forEach((hz, band) => {
      if (hz < 100 || hz > 10_000) return;
      expect(Math.abs((after.levelsDb[band] ?? 0) - (before.levelsDb[band] ?? 0)), `${hz} Hz`).toBeLessThan(3.6);
    });
  });

  test("a sound matches itself without gain, at any level", () => {
    const bands = matchBands(spectrum(dull), spectrum(dull.map((value) => 0.1 * value)));
    expect(Math.max(...bands.map(({ gainDb }) => Math.abs(gainDb)))).toBeLessThan(0.05);
  });

  test("bands are plain data that an equalizer takes: 16 of them, rounded", () => {
    const bands = matchBands(spectrum(dull), spectrum(bright));
    expect(bands).toHaveLength(16);
    expect(JSON.parse(JSON.stringify(bands))).toEqual(bands);
    for (const { gainDb, frequencyHz } of bands) {
      expect(gainDb).toBe(Math.round(gainDb * 100) / 100);
      expect(Number.isInteger(frequencyHz)).toBe(true);
    }
  });

  test("where one of the sounds has nothing, nothing is lifted", () => {
    const telephone = shaped([
      { kind: "lowCut", frequencyHz: 300, slopeDbPerOctave: 96 },
      { kind: "highCut", frequencyHz: 3400, slopeDbPerOctave: 96 },
    ]);
    const bands = matchBands(spectrum(telephone), spectrum(white), { maxGainDb: 12 });
    const after = spectrum(shaped(bands));
    const before = spectrum(white);
    const gainAt = (hz: number) => {
      const band = after.frequenciesHz.findIndex((centre) => centre > hz);
      return (after.levelsDb[band] ?? 0) - (before.levelsDb[band] ?? 0);
    };
    expect(Math.abs(gainAt(1000))).toBeLessThan(1);
    expect(gainAt(11_000)).toBeLessThan(6);
    expect(matchBands({ ...spectrum(telephone), levelsDb: before.levelsDb.map(() => -200) }, spectrum(white))).toEqual(
      [],
    );
  });
});
