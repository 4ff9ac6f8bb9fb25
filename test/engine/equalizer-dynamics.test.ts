// Bands that turn down while the sound is loud there: static curve, time constants, cleanliness, and what they leave alone.
import { describe, expect, test } from "vitest";
import { analogDb } from "../support/analog-response.ts";
import { channelOf, clickPeak, largestDifference, responseDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { type OpenOptions, openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, impulse, noise, sine, spread } from "../support/signals.ts";

const RATE = 48_000;
const dynamicBand = { frequencyHz: 1000, q: 1, dynamic: true, thresholdDb: -30, ratio: 3, rangeDb: 24 };

const open = (band: ProcessorValues, options: OpenOptions = {}) =>
  openProcessor("equalizer", { bands: [{ ...dynamicBand, ...band }] }, options);

/** Level of a settled tone behind a band, L, in dB against what went in. */
const gainDb = (band: ProcessorValues, hz: number, levelDbfs: number): number => {
  const output = channelOf(open(band)(spread(sine(hz, levelDbfs, 2 * RATE))), 0).subarray(RATE);
  return toDb(toneAmplitude(output, hz)) - levelDbfs;
};

const wantedDb = (levelDb: number, { thresholdDb, ratio, rangeDb } = dynamicBand): number =>
  -Math.min(Math.max(levelDb - thresholdDb, 0) * (1 - 1 / ratio), rangeDb);

describe("dynamic equalizer band", () => {
  test("a bell's static curve holds within 0.1 dB at 61 levels", () => {
    for (let level = -60; level <= 0; level += 1)
      expect(Math.abs(gainDb({}, 1000, level) - wantedDb(level)), `${level} dBFS`).toBeLessThan(0.1);
  });

  test.each([
    { frequencyHz: 60, q: 2 },
    { frequencyHz: 200, q: 0.7 },
    { frequencyHz: 3000, q: 4 },
    { frequencyHz: 10_000, q: 1 },
  ])("a bell at $frequencyHz Hz, Q $q follows it too, on top of its own gain, and stops at its range", (band) => {
    for (const level of [-40, -25, -10]) {
      const expected = wantedDb(level);
      expect(Math.abs(gainDb(band, band.frequencyHz, level) - expected)).toBeLessThan(0.1);
      const boosted = gainDb({ ...band, gainDb: 5 }, band.frequencyHz, level);
      expect(Math.abs(boosted - 5 - expected)).toBeLessThan(0.15);
    }
    expect(Math.abs(gainDb({ ...band, rangeDb: 4 }, band.frequencyHz, -3) + 4)).toBeLessThan(0.1);
  });

  test("shelves follow the level beyond their corner within 0.2 dB", () => {
    for (const level of [-40, -20, -8]) {
      const low = gainDb({ kind: "lowShelf", frequencyHz: 1500, q: 0.71 }, 100, level);
      expect(Math.abs(low - wantedDb(level)), `low, ${level}`).toBeLessThan(0.2);
      const high = gainDb({ kind: "highShelf", frequencyHz: 1500, q: 0.71 }, 12_000, level);
      expect(Math.abs(high - wantedDb(level)), `high, ${level}`).toBeLessThan(0.2);
    }
  });

  test("what it does to the rest of the spectrum is the curve of a bell", () => {
    // A steady tone holds the band down; a faint impulse on top of it, by difference, shows the filter.
    const tone = spread(sine(1000, -12, 2 * RATE));
    const click = tone.slice();
    const at = RATE * 1.5;
    click[2 * at] = (click[2 * at] ?? 0) + 1e-3;
    const [without, withIt] = [tone, click].map((input) =>
      channelOf(open({ releaseMs: 2000, attackMs: 200 })(input), 0),
    );
    const response = Float32Array.from(
      { length: 8192 },
      (_, i) => 1e3 * ((withIt?.[at + i] ?? 0) - (without?.[at + i] ?? 0)),
    );
    const held = wantedDb(-12);
    for (const hz of [100, 400, 800, 1000, 1300, 2500, 6000])
      expect(
        Math.abs(responseDb(response, hz) - analogDb({ kind: "bell", frequencyHz: 1000, q: 1, gainDb: held }, hz)),
        `${hz} Hz`,
      ).toBeLessThan(0.4);
  });

  test("sound beside the band, and under the threshold, passes bit for bit", () => {
    const input = noise(-50, 2 * RATE, 3);
    for (const kind of ["bell", "lowShelf", "highShelf"])
      for (const channels of ["both", "left", "mid", "side"])
        expect(largestDifference(open({ kind, channels })(input), input)).toBe(0);
    // Three octaves above the band, 12 dB over the threshold.
    expect(Math.abs(gainDb({ q: 2 }, 8000, -18))).toBeLessThan(0.05);
  });

  test("attack and release reach 63 % in their time, within 5 %", () => {
    // The fewer oscillations the filter rings, the purer the times.
    const band = { frequencyHz: 5000, q: 0.5, attackMs: 40, releaseMs: 300, ratio: 20 };
    const loud = sine(5000, -10, RATE);
    const quiet = sine(5000, -50, 2 * RATE);
    const input = concat(quiet, loud, quiet);
    const output = channelOf(open(band)(spread(input)), 0);
    const gainAt = (frame: number) => {
      const [from, to] = [frame - 48, frame + 48];
      return toDb(toneAmplitude(output.subarray(from, to), 5000) / toneAmplitude(input.subarray(from, to), 5000));
    };
    const full = gainAt(3 * RATE - 100);
    const crossing = (from: number, level: number, falling: boolean) => {
      let frame = from;
      while (falling ? gainAt(frame) > level : gainAt(frame) < level) frame += 16;
      return ((frame - from) / RATE) * 1000;
    };
    expect(Math.abs(crossing(2 * RATE + 48, 0.632 * full, true) + 1 - 40)).toBeLessThan(3);
    expect(Math.abs(crossing(3 * RATE + 48, 0.368 * full, false) + 1 - 300)).toBeLessThan(15);
  });

  test("THD of 100 Hz and 1 kHz, 12 dB down, stays under -100 dB", () => {
    for (const frequencyHz of [100, 1000]) {
      const output = channelOf(open({ frequencyHz })(spread(sine(frequencyHz, -12, 3 * RATE))), 0).subarray(2 * RATE);
      const tone = toneAmplitude(output, frequencyHz);
      for (const n of [2, 3, 4, 5])
        expect(toDb(toneAmplitude(output, n * frequencyHz) / tone), `${frequencyHz} x ${n}`).toBeLessThan(-100);
    }
  });

  test("left, right, mid and side hear themselves and turn themselves down", () => {
    const tone = sine(1000, -12, RATE);
    const gains = (channels: string, right: number) => {
      const input = new Float32Array(tone.length * 2);
      tone.forEach((value, i) => void input.set([value, right * value], 2 * i));
      const output = open({ channels })(input).subarray(RATE);
      return [0, 1].map((c) => Math.round(toDb(toneAmplitude(channelOf(output, c), 1000)) + 12));
    };
    expect(gains("both", 1)).toEqual([-12, -12]);
    // Linked: the loud channel turns both down.
    expect(gains("both", 0.25)).toEqual([-12, -24]);
    expect(gains("left", 1)).toEqual([-12, 0]);
    expect(gains("right", 1)).toEqual([0, -12]);
    expect(gains("mid", 1)).toEqual([-12, -12]);
    expect(gains("mid", -1)).toEqual([0, 0]);
    expect(gains("side", 1)).toEqual([0, 0]);
    expect(gains("side", -1)).toEqual([-12, -12]);
  });

  test("5.1: a band for both turns all channels down alike, a side band leaves the centre alone; mono works", () => {
    const input = spread(sine(1000, -12, RATE), 6);
    const level = (channels: string, channel: number) => {
      const output = open({ channels }, { channels: 6 })(input);
      return Math.round(toDb(toneAmplitude(channelOf(output, channel, 6).subarray(RATE / 2), 1000)) + 12);
    };
    expect([0, 1, 2, 3, 4, 5].map((channel) => level("both", channel))).toEqual([-12, -12, -12, -12, -12, -12]);
    expect([0, 2, 4].map((channel) => level("left", channel))).toEqual([-12, 0, -12]);
    const mono = open({ channels: "mid" }, { channels: 1 })(sine(1000, -12, RATE)).subarray(RATE / 2);
    expect(Math.round(toDb(toneAmplitude(mono, 1000)) + 12)).toBe(-12);
  });

  test("reports how far it is down", () => {
    const process = open({});
    expect(process.reductionDb()).toBe(0);
    process(spread(sine(1000, -12, RATE)));
    expect(process.reductionDb()).toBeCloseTo(wantedDb(-12), 0);
  });

  const still = { ...dynamicBand, dynamic: false };
  test.each([
    ["dynamic on", still, dynamicBand],
    ["dynamic off", dynamicBand, still],
    ["enabled off", dynamicBand, { ...dynamicBand, enabled: false }],
    ["thresholdDb", dynamicBand, { ...dynamicBand, thresholdDb: -50 }],
    ["ratio", dynamicBand, { ...dynamicBand, ratio: 1 }],
    ["rangeDb", dynamicBand, { ...dynamicBand, rangeDb: 0 }],
    ["frequencyHz", dynamicBand, { ...dynamicBand, frequencyHz: 300 }],
    ["q", dynamicBand, { ...dynamicBand, q: 0.1 }],
    ["kind", dynamicBand, { ...dynamicBand, kind: "lowShelf" }],
    ["channels", dynamicBand, { ...dynamicBand, channels: "left" }],
  ])("a jump of %s while it works makes no click and ends where a fresh one stands", (_, before, after) => {
    const tone = spread(sine(200, -6, RATE));
    const times = { attackMs: 20, releaseMs: 100, frequencyHz: 200 };
    const values = (band: ProcessorValues) => ({ bands: [{ ...times, ...band }] });
    const process = openProcessor("equalizer", values({ ...before, frequencyHz: 200 }));
    process(tone);
    const steady = process(tone);
    const target = after.frequencyHz === 1000 ? { ...after, frequencyHz: 200 } : after;
    process.set(values(target));
    const jump = process(tone);
    process(concat(tone, tone, tone));
    const settled = process(tone);
    const own = Math.max(clickPeak(channelOf(steady, 0)), clickPeak(channelOf(settled, 0)));
    expect(clickPeak(channelOf(concat(steady.subarray(-64), jump), 0))).toBeLessThan(own + 10 ** (-90 / 20));
    const fresh = openProcessor("equalizer", values(target));
    fresh(concat(tone, tone, tone, tone, tone, tone));
    const level = (signal: Float32Array, channel: number) => toDb(toneAmplitude(channelOf(signal, channel), 200));
    const expected = fresh(tone);
    for (const channel of [0, 1]) expect(level(settled, channel)).toBeCloseTo(level(expected, channel), 2);
  });

  test("an impulse shows no ringing of a band that sleeps", () => {
    const output = channelOf(open({ dynamic: false })(spread(impulse(1000))), 0);
    expect(output[0]).toBe(1);
    expect(output.subarray(1).every((value) => value === 0)).toBe(true);
  });
});
