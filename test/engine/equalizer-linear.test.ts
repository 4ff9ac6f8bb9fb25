// The linear-phase equalizer against the analogue curves: exact magnitudes, no phase at all.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analogDb, type Band } from "../support/analog-response.ts";
import {
  channelOf,
  clickPeak,
  largestDifference,
  peakDb,
  peakOf,
  responseDb,
  rmsDb,
  toDb,
  toneAmplitude,
} from "../support/measure-signal.ts";
import { type OpenOptions, openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, impulse, noise, sine, spread } from "../support/signals.ts";

const open = (bands: readonly ProcessorValues[], options: OpenOptions = {}) =>
  openProcessor("equalizer", { phase: "linear", bands }, { blockFrames: 4096, ...options });

/** The whole impulse response, L, its middle at the latency. */
const impulseResponse = (bands: readonly ProcessorValues[], sampleRate = 48_000) => {
  const process = open(bands, { sampleRate });
  const latency = process.latencyFrames();
  return { response: channelOf(process(spread(impulse(2 * latency))), 0), latency };
};

const logSpaced = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));

describe("linear-phase equalizer", () => {
  test.each<Band>([
    { kind: "bell", frequencyHz: 1000, q: 1, gainDb: 6 },
    { kind: "bell", frequencyHz: 100, q: 2, gainDb: -12 },
    { kind: "bell", frequencyHz: 60, q: 1, gainDb: 12 },
    { kind: "bell", frequencyHz: 16_000, q: 0.5, gainDb: 12 },
    { kind: "bell", frequencyHz: 18_000, q: 4, gainDb: -9 },
    { kind: "lowShelf", frequencyHz: 80, gainDb: 9 },
    { kind: "highShelf", frequencyHz: 12_000, gainDb: -6 },
    { kind: "tilt", frequencyHz: 1000, gainDb: 6 },
    { kind: "lowCut", frequencyHz: 80, slopeDbPerOctave: 24 },
    { kind: "highCut", frequencyHz: 15_000, slopeDbPerOctave: 48 },
  ])("$kind at $frequencyHz Hz follows the analogue curve within 0.05 dB, 20 Hz to 20 kHz", (band) => {
    const { response } = impulseResponse([band]);
    for (const hz of logSpaced(20, 20_000, 60)) {
      const expected = analogDb(band, hz);
      if (expected < -40) continue;
      expect(Math.abs(responseDb(response, hz) - expected), `${hz} Hz`).toBeLessThan(0.05);
    }
  });

  test.each([44_100, 96_000, 192_000])("holds at %d Hz", (sampleRate) => {
    const band: Band = { kind: "bell", frequencyHz: 3000, q: 2, gainDb: -8 };
    const { response } = impulseResponse([band], sampleRate);
    for (const hz of logSpaced(50, 20_000, 20))
      expect(Math.abs(responseDb(response, hz, sampleRate) - analogDb(band, hz))).toBeLessThan(0.05);
  });

  test("narrow low bells come out wider: 40 Hz, Q 4 within 1 dB", () => {
    const band: Band = { kind: "bell", frequencyHz: 40, q: 4, gainDb: 6 };
    const { response } = impulseResponse([band]);
    for (const hz of [20, 30, 40, 50, 80])
      expect(Math.abs(responseDb(response, hz) - analogDb(band, hz))).toBeLessThan(1);
  });

  test("the response is symmetric about the latency: no phase; a soft bell rings 80 dB less 20 ms before", () => {
    const { response, latency } = impulseResponse([
      { kind: "bell", frequencyHz: 1000, q: 1, gainDb: 6 },
      { kind: "highShelf", frequencyHz: 8000, gainDb: -4 },
    ]);
    for (let i = 1; i < latency; i += 1)
      expect(Math.abs((response[latency - i] ?? 0) - (response[latency + i] ?? 0))).toBeLessThan(1e-6);
    expect(peakOf(response)).toBe(Math.abs(response[latency] ?? 0));
    expect(peakDb(response.subarray(0, latency - 960))).toBeLessThan(-80);
  });

  test("flat bands give the input back, late by the latency, 120 dB clean", () => {
    const process = open([]);
    const late = 2 * process.latencyFrames();
    const input = noise(-6, 2 * 48_000, 3);
    const output = process(input);
    const error = output.subarray(late).map((value, i) => value - (input[i] ?? 0));
    expect(rmsDb(error) - rmsDb(input)).toBeLessThan(-120);
  });

  test("does not hear how the sound is cut into blocks", () => {
    const input = noise(-6, 2 * 30_000, 5);
    const bands = [
      { gainDb: 6, frequencyHz: 500 },
      { gainDb: -9, channels: "side", frequencyHz: 3000 },
      { gainDb: 3, dynamic: true, channels: "left" },
    ];
    const run = (blockFrames: OpenOptions["blockFrames"]) => {
      const process = open(bands, blockFrames ? { blockFrames } : {});
      const first = process(input);
      process.set({ phase: "linear", bands: bands.slice(0, 2) });
      const second = process(input);
      process.set({ bands });
      return concat(first, second, process(input));
    };
    const expected = run(480);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }), (blocks) => {
        expect(largestDifference(run(blocks), expected)).toBe(0);
      }),
      { numRuns: 4 },
    );
  });

  test("single channels, mid and side, in both orders of bands", () => {
    const cut = { kind: "bell", frequencyHz: 1000, gainDb: -20, q: 1 };
    const tone = sine(1000, -6, 96_000);
    const levels = (channels: string, right: number) => {
      const input = new Float32Array(tone.length * 2);
      tone.forEach((value, i) => void input.set([value, right * value], i * 2));
      const output = open([{ ...cut, channels }])(input).subarray(96_000);
      return [0, 1].map((channel) => Math.round(toDb(toneAmplitude(channelOf(output, channel), 1000)) + 6) + 0);
    };
    expect(levels("both", 1)).toEqual([-20, -20]);
    expect(levels("left", 1)).toEqual([-20, 0]);
    expect(levels("right", 1)).toEqual([0, -20]);
    expect(levels("mid", 1)).toEqual([-20, -20]);
    expect(levels("mid", -1)).toEqual([0, 0]);
    expect(levels("side", 1)).toEqual([0, 0]);
    expect(levels("side", -1)).toEqual([-20, -20]);
    // As the minimum-phase bands do it, to the dB, when left and mid work together on an uneven signal.
    const input = new Float32Array(tone.length * 2);
    tone.forEach((value, i) => void input.set([value, 0.5 * value], i * 2));
    const bands = [
      { ...cut, gainDb: -10, channels: "mid" },
      { ...cut, gainDb: 6, channels: "left" },
    ];
    for (const channel of [0, 1]) {
      const [linear, minimum] = ["linear", "minimum"].map((phase) => {
        const output = openProcessor("equalizer", { phase, bands })(input).subarray(96_000);
        return toDb(toneAmplitude(channelOf(output, channel), 1000));
      });
      expect(linear).toBeCloseTo(minimum ?? 0, 1);
    }
  });

  test("in 5.1 the centre has no sides", () => {
    const input = spread(sine(1000, -6, 48_000), 6);
    const level = (channels: string, channel: number) => {
      const output = open([{ gainDb: -20, channels }], { channels: 6 })(input);
      return Math.round(toDb(toneAmplitude(channelOf(output, channel, 6).subarray(38_400), 1000)) + 6) + 0;
    };
    expect([0, 2, 4].map((channel) => level("left", channel))).toEqual([-20, 0, -20]);
    expect([0, 1, 2, 3, 4, 5].map((channel) => level("both", channel))).toEqual([-20, -20, -20, -20, -20, -20]);
  });

  test("a change of a band, and of the phase there and back, makes no click", () => {
    const tone = spread(sine(100, -6, 48_000));
    const bands = [{ frequencyHz: 100, gainDb: 6 }];
    const process = open(bands);
    process(tone);
    const parts = [process(tone)];
    for (const values of [
      { phase: "linear", bands: [{ frequencyHz: 100, gainDb: -12 }] },
      { phase: "minimum", bands },
      { phase: "linear", bands },
    ]) {
      process.set(values);
      parts.push(process(tone), process(tone));
    }
    const own = clickPeak(channelOf(parts[0] ?? tone, 0));
    expect(clickPeak(channelOf(concat(...parts), 0))).toBeLessThan(own + 10 ** (-90 / 20));
    // The last stretch stands at its final level again.
    expect(peakDb(parts.at(-1) ?? tone)).toBeCloseTo(0, 1);
  });

  test("dynamic bands move in front of it", () => {
    const band = { frequencyHz: 1000, q: 1, dynamic: true, thresholdDb: -30, ratio: 3, rangeDb: 24, gainDb: 4 };
    const output = channelOf(open([band])(spread(sine(1000, -12, 96_000))), 0).subarray(72_000);
    expect(toDb(toneAmplitude(output, 1000)) + 12).toBeCloseTo(4 - 12, 1);
  });
});
