// The equalizer against the closed-form analogue curves, by the spectrum of its impulse response.
import { describe, expect, test } from "vitest";
import { analogDb, type Band } from "../support/analog-response.ts";
import {
  channelOf,
  clickPeak,
  largestDifference,
  peakDb,
  responseDb,
  rmsDb,
  toneAmplitude,
} from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";
import { concat, impulse, noise, randomSource, sine, spread } from "../support/signals.ts";

const logSpaced = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

/** Impulse response, L, long enough for the lowest band asked for. */
const impulseResponse = (bands: readonly Band[], sampleRate = 48_000, frames = 1 << 13): Float32Array =>
  channelOf(openProcessor("equalizer", { bands }, { sampleRate, blockFrames: 4096 })(spread(impulse(frames))), 0);

/** Largest distance from the analogue curve in dB over some frequencies. */
const worstErrorDb = (band: Band, frequencies: readonly number[], sampleRate = 48_000): number => {
  const response = impulseResponse([band], sampleRate);
  return Math.max(...frequencies.map((hz) => Math.abs(responseDb(response, hz, sampleRate) - analogDb(band, hz))));
};

const span = logSpaced(200, 20_000, 40);

describe("equalizer", () => {
  test.each([
    { frequencyHz: 1000, q: 1, gainDb: 6 },
    { frequencyHz: 4000, q: 1, gainDb: 12 },
    { frequencyHz: 8000, q: 1, gainDb: 6 },
    { frequencyHz: 10_000, q: 0.7, gainDb: 12 },
    { frequencyHz: 12_000, q: 1, gainDb: 12 },
    { frequencyHz: 16_000, q: 1, gainDb: 6 },
    { frequencyHz: 16_000, q: 0.5, gainDb: 12 },
    { frequencyHz: 10_000, q: 1, gainDb: -12 },
  ])("a bell of $gainDb dB at $frequencyHz Hz, Q $q follows the analogue curve within 0.1 dB up to 20 kHz", (band) => {
    expect(worstErrorDb({ kind: "bell", ...band }, span)).toBeLessThan(0.1);
  });

  test("1000 random bells of up to 12 dB, Q 0.5 to 4, stay within 0.1 dB at 48 kHz", () => {
    const random = randomSource(2024);
    // One engine for all: a reset designs anew at once.
    const process = openProcessor("equalizer", {}, { blockFrames: 4096 });
    const input = spread(impulse(4096));
    for (let i = 0; i < 1000; i += 1) {
      const band: Band = {
        kind: "bell",
        frequencyHz: 400 * 50 ** random(),
        gainDb: 24 * random() - 12,
        q: 0.5 * 8 ** random(),
      };
      process.set({ bands: [band] });
      process.reset();
      const response = channelOf(process(input), 0);
      for (const hz of logSpaced(400, 20_000, 12))
        expect(Math.abs(responseDb(response, hz) - analogDb(band, hz)), JSON.stringify(band)).toBeLessThan(0.1);
    }
  });

  test("low bells, from 20 Hz up, stay within 0.1 dB", () => {
    const random = randomSource(20);
    for (let i = 0; i < 40; i += 1) {
      const band: Band = {
        kind: "bell",
        frequencyHz: 20 * 20 ** random(),
        gainDb: 24 * random() - 12,
        q: 0.5 * 8 ** random(),
      };
      const response = impulseResponse([band], 48_000, 1 << 15);
      for (const hz of [20, 40, 80, band.frequencyHz, 300, 1000, 10_000])
        expect(Math.abs(responseDb(response, hz) - analogDb(band, hz)), JSON.stringify(band)).toBeLessThan(0.1);
    }
  });

  test.each([44_100, 88_200, 96_000, 192_000])("bells hold at %d Hz too, within 0.15 dB", (sampleRate) => {
    const random = randomSource(sampleRate);
    for (let i = 0; i < 12; i += 1) {
      const band: Band = {
        kind: "bell",
        frequencyHz: 800 * 25 ** random(),
        gainDb: 24 * random() - 12,
        q: 0.5 * 8 ** random(),
      };
      expect(worstErrorDb(band, span, sampleRate), JSON.stringify(band)).toBeLessThan(0.15);
    }
  });

  test.each([
    { kind: "lowShelf", gainDb: 9 },
    { kind: "lowShelf", gainDb: -12 },
    { kind: "highShelf", gainDb: 12 },
    { kind: "highShelf", gainDb: -6 },
    { kind: "tilt", gainDb: 6 },
    { kind: "tilt", gainDb: -12 },
  ] as const)(
    "$kind of $gainDb dB follows its curve within 0.1 dB from 300 Hz to 12 kHz corners",
    ({ kind, gainDb }) => {
      for (const frequencyHz of [300, 1000, 5000, 12_000])
        expect(worstErrorDb({ kind, gainDb, frequencyHz }, span)).toBeLessThan(0.1);
    },
  );

  test.each([6, 12, 18, 24, 48, 96])(
    "cuts of %d dB per octave err under 0.2 dB in the passband and under 0.5 dB down to -40 dB",
    (slope) => {
      for (const [kind, corners] of [
        ["lowCut", [300, 2000, 6000]],
        ["highCut", [500, 3000, 9000, 16_000]],
      ] as const)
        for (const frequencyHz of corners) {
          const band: Band = { kind, frequencyHz, slopeDbPerOctave: slope };
          const passband = span.filter((hz) => analogDb(band, hz) > -3.02);
          expect(worstErrorDb(band, passband)).toBeLessThan(0.2);
          const audible = span.filter((hz) => hz < 15_000 && analogDb(band, hz) > -40);
          expect(worstErrorDb(band, audible)).toBeLessThan(0.5);
        }
    },
  );

  test("a notch takes its frequency out and leaves the rest within 0.2 dB", () => {
    const band: Band = { kind: "notch", frequencyHz: 1000, q: 4 };
    const process = openProcessor("equalizer", { bands: [band] });
    const settled = channelOf(process(spread(sine(1000, -6, 48_000))), 0).subarray(24_000);
    expect(peakDb(settled)).toBeLessThan(-120);
    expect(
      worstErrorDb(
        band,
        span.filter((hz) => Math.abs(Math.log2(hz / 1000)) > 0.2),
      ),
    ).toBeLessThan(0.2);
  });

  test("bands add up, up to sixteen, and those that are off or flat change no bit", () => {
    const bands: Band[] = logSpaced(300, 15_000, 16).map((frequencyHz, i) => ({
      kind: "bell",
      frequencyHz,
      gainDb: i % 2 ? 4 : -4,
      q: 2,
    }));
    const response = impulseResponse(bands);
    for (const hz of span) {
      const expected = bands.reduce((sum, band) => sum + analogDb(band, hz), 0);
      expect(Math.abs(responseDb(response, hz) - expected)).toBeLessThan(0.25);
    }
    const input = noise(-3, 9600);
    const idle = bands.map((band, i) => (i % 2 ? { ...band, gainDb: 0 } : { ...band, enabled: false }));
    expect(openProcessor("equalizer", { bands: idle })(input)).toEqual(input);
  });

  test("single channels, mid and side", () => {
    const cut = { kind: "bell", frequencyHz: 1000, gainDb: -20, q: 1 };
    const tone = sine(1000, -6, 48_000);
    const levels = (channels: string, right: (value: number) => number) => {
      const input = new Float32Array(tone.length * 2);
      tone.forEach((value, i) => {
        input.set([value, right(value)], i * 2);
      });
      const output = openProcessor("equalizer", { bands: [{ ...cut, channels }] })(input).subarray(48_000);
      return [0, 1].map(
        (channel) => Math.round(20 * Math.log10(toneAmplitude(channelOf(output, channel), 1000)) + 6) + 0,
      );
    };
    const same = (value: number) => value;
    const opposite = (value: number) => -value;
    expect(levels("both", same)).toEqual([-20, -20]);
    expect(levels("left", same)).toEqual([-20, 0]);
    expect(levels("right", same)).toEqual([0, -20]);
    expect(levels("mid", same)).toEqual([-20, -20]);
    expect(levels("mid", opposite)).toEqual([0, 0]);
    expect(levels("side", same)).toEqual([0, 0]);
    expect(levels("side", opposite)).toEqual([-20, -20]);
  });

  test("in 5.1 the centre has no sides: only bands for both channels work on it", () => {
    const input = spread(sine(1000, -6, 24_000), 6);
    const open = (channels: string) =>
      openProcessor("equalizer", { bands: [{ kind: "bell", gainDb: -20, channels }] }, { channels: 6 })(input);
    const centre = (output: Float32Array) => rmsDb(channelOf(output, 2, 6).subarray(12_000));
    expect(centre(open("left"))).toBeCloseTo(rmsDb(sine(1000, -6, 24_000)), 3);
    expect(centre(open("both"))).toBeCloseTo(rmsDb(sine(1000, -6, 24_000)) - 20, 1);
  });

  test("a 20 Hz low cut at 192 kHz and a 20 Hz bell of Q 10 add no noise above -130 dBFS", () => {
    for (const band of [{ kind: "lowCut" }, { kind: "bell", gainDb: 12, q: 10 }]) {
      const bands = [{ ...band, frequencyHz: 20 }];
      const tone = spread(sine(1000, -6, 192_000, 192_000));
      const settled = channelOf(openProcessor("equalizer", { bands }, { sampleRate: 192_000 })(tone), 0).subarray(
        96_000,
      );
      const amplitude = toneAmplitude(settled, 1000, 192_000);
      const above = toneAmplitude(settled, 3000, 192_000);
      expect(20 * Math.log10(above / amplitude)).toBeLessThan(-130);
    }
  });

  test("a bell swept over an octave in 10 ms steps leaves no click above -90 dBFS", () => {
    const bandAt = (frequencyHz: number) => ({ bands: [{ kind: "bell", frequencyHz, gainDb: 12, q: 2 }] });
    const process = openProcessor("equalizer", bandAt(500));
    process(spread(sine(200, -12, 48_000)));
    const parts: Float32Array[] = [];
    for (let i = 0; i <= 100; i += 1) {
      process.set(bandAt(500 * 2 ** (i / 100)));
      parts.push(process(spread(sine(200, -12, 480, 48_000, 0))));
    }
    // 480 frames are two periods of 200 Hz, so the pieces join without a seam.
    expect(clickPeak(channelOf(concat(...parts), 0))).toBeLessThan(10 ** (-90 / 20));
  });

  test("a frequency above the Nyquist frequency is bent into the band, not off the rails", () => {
    for (const kind of ["bell", "lowShelf", "highShelf", "lowCut", "highCut", "notch", "tilt"]) {
      const process = openProcessor(
        "equalizer",
        { bands: [{ kind, frequencyHz: 20_000, gainDb: 12 }] },
        { sampleRate: 16_000 },
      );
      expect(peakDb(process(noise(-20, 32_000)))).toBeLessThan(0);
    }
  });

  test("mono hears left and mid as the whole, right and side not at all", () => {
    const tone = sine(1000, -6, 24_000);
    const open = (channels: string) =>
      openProcessor(
        "equalizer",
        { bands: [{ kind: "bell", gainDb: -20, channels }] },
        { channels: 1, readChannels: 2 },
      )(tone);
    expect(largestDifference(open("side"), spread(tone))).toBe(0);
    expect(largestDifference(open("mid"), open("both"))).toBe(0);
    expect(largestDifference(channelOf(open("left"), 0), channelOf(open("left"), 1))).toBe(0);
  });
});
