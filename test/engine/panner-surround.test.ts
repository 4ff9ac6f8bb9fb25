import { describe, expect, test } from "vitest";
import { channelLayouts } from "../../schema/channel-layout.ts";
import { findProcessor } from "../../schema/processors/index.ts";
import { channelOf, clickPeak, largestDifference, peakOf, responseDb } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { parameterJumps } from "../support/processor-values.ts";
import { constant, dbToGain, impulse, noise, sine } from "../support/signals.ts";

/** Where the speakers stand in degrees to the right; the LFE has no place. */
const azimuthsOf = {
  "5.1": { L: -30, R: 30, C: 0, Ls: -110, Rs: 110 },
  "7.1": { L: -30, R: 30, C: 0, Ls: -90, Rs: 90, Lrs: -135, Rrs: 135 },
} as const;
type Surround = keyof typeof azimuthsOf;
const layouts: readonly Surround[] = ["5.1", "7.1"];
const LFE = 3;
const azimuths = Array.from({ length: 145 }, (_, i) => -180 + i * 2.5);

const open = (layout: Surround, values: ProcessorValues, channels = 1) =>
  openProcessor("panner", values, { channels, outputChannels: channelLayouts[layout].length });

/** Gains of all speakers for a mono signal of 1. */
const gainsOf = (layout: Surround, values: ProcessorValues): number[] => [
  ...open(layout, values)(constant(1, 4)).subarray(0, channelLayouts[layout].length),
];
const powerOf = (gains: readonly number[]): number => gains.reduce((sum, gain) => sum + gain * gain, 0);

/** Where the sum of the speakers' directions, weighted by their gains, points: what a listener hears below 700 Hz. */
const heardAzimuth = (layout: Surround, gains: readonly number[]): number => {
  const degree = Math.PI / 180;
  let [front, right] = [0, 0];
  for (const [name, azimuth] of Object.entries(azimuthsOf[layout])) {
    const gain = gains[(channelLayouts[layout] as readonly string[]).indexOf(name)] ?? 0;
    front += gain * Math.cos(azimuth * degree);
    right += gain * Math.sin(azimuth * degree);
  }
  return Math.atan2(right, front) / degree;
};
const apart = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

describe.each(layouts)("a mono source in %s", (layout) => {
  const names: readonly string[] = channelLayouts[layout];
  const settings = [
    {},
    { spreadDegrees: 40 },
    { spreadDegrees: 180 },
    { divergencePercent: 35 },
    { divergencePercent: 100 },
    { centrePercent: 0 },
    { centrePercent: 60, spreadDegrees: 25, divergencePercent: 20 },
    { centrePercent: 0, divergencePercent: 50 },
  ];

  test("keeps a power of 1 at every angle and any setting, and leaves the LFE alone", () => {
    for (const values of settings)
      for (const azimuthDegrees of azimuths) {
        const gains = gainsOf(layout, { ...values, azimuthDegrees });
        expect(Math.abs(powerOf(gains) - 1)).toBeLessThan(1e-6);
        expect(gains[LFE]).toBe(0);
      }
  });

  test("stands wholly in a speaker at its own angle", () => {
    for (const [name, azimuthDegrees] of Object.entries(azimuthsOf[layout]))
      expect(gainsOf(layout, { azimuthDegrees })).toEqual(names.map((other) => (other === name ? 1 : 0)));
  });

  test("is heard where it was put, by two neighbours at most, with the centre or without", () => {
    for (const centrePercent of [0, 40, 100])
      for (const azimuthDegrees of azimuths) {
        const gains = gainsOf(layout, { azimuthDegrees, centrePercent });
        expect(apart(heardAzimuth(layout, gains), azimuthDegrees)).toBeLessThan(1e-4);
        expect(gains.filter((gain) => gain > 0).length).toBeLessThanOrEqual(centrePercent === 40 ? 3 : 2);
        if (centrePercent === 0) expect(gains[names.indexOf("C")]).toBe(0);
      }
  });

  test("turned from left to right it is mirrored", () => {
    const mirror = names.map((name) =>
      names.indexOf(name.replace(/^[LR](?!FE)/, (side) => (side === "L" ? "R" : "L"))),
    );
    for (const values of settings)
      for (const azimuthDegrees of [12, 70, 100, 160]) {
        const right = gainsOf(layout, { ...values, azimuthDegrees });
        const left = gainsOf(layout, { ...values, azimuthDegrees: -azimuthDegrees });
        mirror.forEach((other, channel) => void expect(right[other]).toBeCloseTo(left[channel] ?? Number.NaN, 6));
      }
  });

  test("in front without the centre speaker is a phantom image", () => {
    const [left = 0, right = 0, centre] = gainsOf(layout, { centrePercent: 0 });
    expect([left, right, centre]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(Math.SQRT1_2), 0]);
  });

  test("fills more speakers the wider it spreads, around the same direction", () => {
    const used = [0, 60, 120, 180].map((spreadDegrees) => {
      const gains = gainsOf(layout, { spreadDegrees });
      expect(apart(heardAzimuth(layout, gains), 0)).toBeLessThan(1e-4);
      return gains.filter((gain) => gain > 0).length;
    });
    expect(used).toEqual([1, 3, 5, 5]);
  });

  test("diverges towards the same level in every speaker", () => {
    const speakers = names.length - 1;
    const half = gainsOf(layout, { azimuthDegrees: 30, divergencePercent: 50 });
    names.forEach((name, channel) => {
      const power = name === "LFE" ? 0 : 0.5 / speakers + (name === "R" ? 0.5 : 0);
      expect(half[channel]).toBeCloseTo(Math.sqrt(power), 6);
    });
    const all = gainsOf(layout, { azimuthDegrees: 30, divergencePercent: 100 });
    for (const name of Object.keys(azimuthsOf[layout]))
      expect(all[names.indexOf(name)]).toBeCloseTo(Math.sqrt(1 / speakers), 6);
  });

  test("sends to the LFE what lies below 120 Hz, by a fourth-order Linkwitz-Riley filter", () => {
    const output = open(layout, { azimuthDegrees: 70, lfeDb: -6 })(impulse(24_000));
    const lfe = channelOf(output, LFE, names.length);
    expect(responseDb(lfe, 20)).toBeCloseTo(-6, 1);
    expect(responseDb(lfe, 120)).toBeCloseTo(-12.02, 2);
    expect(responseDb(lfe, 480)).toBeCloseTo(-6 - 20 * Math.log10(1 + 4 ** 4), 1);
    const without = open(layout, { azimuthDegrees: 70 })(impulse(24_000));
    names.forEach((_, channel) => {
      if (channel === LFE) return;
      const there = channelOf(output, channel, names.length);
      expect(largestDifference(there, channelOf(without, channel, names.length))).toBe(0);
    });
  });

  test.each(parameterJumps(findProcessor("panner")!))("makes no click when $name", ({ after }) => {
    const tone = sine(100, -6, 24_000);
    const process = open(layout, { azimuthDegrees: 20 });
    process(tone);
    const steady = process(tone);
    process.set({ azimuthDegrees: 20, ...after });
    const jump = process(tone);
    const settled = process(tone);
    names.forEach((_, channel) => {
      const [own = 0, moved = 0, then = 0] = [steady, jump, settled].map((part) =>
        clickPeak(channelOf(part, channel, names.length)),
      );
      expect(moved).toBeLessThan(Math.max(own, then) + dbToGain(-90));
    });
  });
});

describe.each(layouts)("wider sources in %s", (layout) => {
  const channels = channelLayouts[layout].length;
  const names: readonly string[] = channelLayouts[layout];

  test("a stereo source stands bit for bit in left and right", () => {
    const input = noise(-3, 2000);
    const output = open(layout, {}, 2)(input);
    for (const side of [0, 1])
      expect(largestDifference(channelOf(output, side, channels), channelOf(input, side))).toBe(0);
    for (let channel = 2; channel < channels; channel += 1)
      expect(peakOf(channelOf(output, channel, channels))).toBe(0);
  });

  test("a stereo source turns: each side is a source 30 degrees beside the direction", () => {
    for (const azimuthDegrees of [-120, 30, 75, 180]) {
      const output = open(layout, { azimuthDegrees }, 2)(Float32Array.from([1, 0, 0, 1]));
      const turned = (by: number) => gainsOf(layout, { azimuthDegrees: ((azimuthDegrees + by + 540) % 360) - 180 });
      expect([...output.subarray(0, channels)]).toEqual(turned(-30));
      expect([...output.subarray(channels)]).toEqual(turned(30));
    }
  });

  test("a surround source is untouched bit for bit in front, and its LFE always", () => {
    const input = noise(-3, 1000 * channels);
    expect(largestDifference(open(layout, {}, channels)(input), input)).toBe(0);
    const turned = open(layout, { azimuthDegrees: 100, spreadDegrees: 30 }, channels)(input);
    expect(largestDifference(channelOf(turned, LFE, channels), channelOf(input, LFE, channels))).toBe(0);
  });

  test("a surround source turns as a whole, each speaker at constant power", () => {
    const [centre, right] = [names.indexOf("C"), names.indexOf("R")];
    const input = Float32Array.from({ length: channels * channels }, (_, i) => (i % (channels + 1) === 0 ? 1 : 0));
    const output = open(layout, { azimuthDegrees: 30 }, channels)(input);
    const rowOf = (channel: number) => [...output.subarray(channel * channels, (channel + 1) * channels)];
    expect(rowOf(centre)).toEqual(names.map((name) => (name === "R" ? 1 : 0)));
    expect(rowOf(right)).toEqual(gainsOf(layout, { azimuthDegrees: 60 }));
    names.forEach((_, channel) => void expect(Math.abs(powerOf(rowOf(channel)) - 1)).toBeLessThan(1e-6));
  });
});

test("in mono the panner passes its input", () => {
  const input = noise(-3, 1000);
  for (const values of [{}, { azimuthDegrees: 90, law: "balance", divergencePercent: 50, lfeDb: 0 }])
    expect(openProcessor("panner", values, { channels: 1 })(input)).toEqual(input);
});

test("5.1 in a 7.1 bus stands in the speakers of the same name and turns from there", () => {
  const input = Float32Array.from([0, 0, 0, 0, 1, 0]);
  const gains = (azimuthDegrees: number) => [
    ...openProcessor("panner", { azimuthDegrees }, { channels: 6, outputChannels: 8 })(input),
  ];
  expect(gains(0)).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
  expect(gains(20)).toEqual(gainsOf("7.1", { azimuthDegrees: -70 }));
});
