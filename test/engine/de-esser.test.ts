// The de-esser by its figures: how far sibilants fall, what else is touched, and that the level of the voice does not matter.
import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, responseDb, rmsDb } from "../support/measure-signal.ts";
import { type OpenOptions, openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, dbToGain, noise, sine, spread } from "../support/signals.ts";
import { type Span, speechLike } from "../support/speech-like.ts";

const RATE = 48_000;

/** A mono signal through both channels, its latency taken off. */
const deEss = (signal: Float32Array, values: ProcessorValues = {}, options: OpenOptions = {}): Float32Array => {
  const open = openProcessor("deEsser", values, options);
  return channelOf(open(spread(concat(signal, new Float32Array(2400)))), 0)
    .subarray(open.latencyFrames())
    .subarray(0, signal.length);
};

const changeDb = (before: Float32Array, after: Float32Array, { start, end }: Span): number =>
  rmsDb(after.subarray(start, end)) - rmsDb(before.subarray(start, end));

/** A voice with more in the highs: each octave 6 dB up from 1.5 kHz. */
const bright = (signal: Float32Array): Float32Array =>
  signal.map((value, i) => value + 5 * (value - (signal[i - 1] ?? 0)));

describe("de-esser", () => {
  test.each([0, -10, -20, -30, -40, -50])(
    "at %i dBFS: -6 to -8 dB on sibilants, nothing elsewhere, whether they are sharp or soft",
    (levelDbfs) => {
      for (const sibilantDb of [-8, -16, -24]) {
        const speech = { levelsDbfs: [levelDbfs], floorDbfs: levelDbfs - 55, sibilantDb };
        const { signal, sibilants, syllables } = speechLike(speech);
        const output = deEss(signal);
        for (const hiss of sibilants) {
          expect(changeDb(signal, output, hiss)).toBeLessThan(-6);
          expect(changeDb(signal, output, hiss)).toBeGreaterThan(-8);
        }
        for (const syllable of syllables) expect(Math.abs(changeDb(signal, output, syllable))).toBeLessThan(0.5);
      }
    },
  );

  test.each([
    { name: "4 to 8 kHz", low: 4000, high: 8000 },
    { name: "5 to 9 kHz", low: 5000, high: 9000 },
    { name: "5 to 14 kHz", low: 5000, high: 14_000 },
  ])("a burst of tones of $name falls by 6 to 8 dB", ({ low, high }) => {
    const tones = Array.from({ length: 41 }, (_, i) => sine(low + ((high - low) * i) / 40, -40, 4800, RATE, i * i));
    const burst = Float32Array.from({ length: 4800 }, (_, i) => tones.reduce((sum, tone) => sum + (tone[i] ?? 0), 0));
    const signal = concat(
      sine(220, -20, 9600),
      new Float32Array(960),
      burst,
      new Float32Array(960),
      sine(220, -20, 9600),
    );
    const change = changeDb(signal, deEss(signal), { start: 10_560, end: 15_360 });
    expect(change).toBeLessThan(-6);
    expect(change).toBeGreaterThan(-8);
  });

  test.each([
    { name: "usual", voice: (signal: Float32Array) => signal },
    { name: "bright", voice: bright },
  ])("a $name voice triggers it in less than 2 % of its frames", ({ voice }) => {
    let voiced = 0;
    let triggered = 0;
    for (const levelDbfs of [-50, -25, -6]) {
      const { signal, syllables } = speechLike({ levelsDbfs: [levelDbfs], floorDbfs: levelDbfs - 50, seed: 12 });
      const open = openProcessor("deEsser");
      const sound = spread(voice(signal));
      for (let at = 0; at + 480 <= signal.length; at += 480) {
        open(sound.subarray(at * 2, at * 2 + 960));
        if (!syllables.some(({ start, end }) => start <= at && at + 480 <= end)) continue;
        voiced += 1;
        if (open.reductionDb() < -0.5) triggered += 1;
      }
    }
    expect(voiced).toBeGreaterThan(1000);
    expect(triggered / voiced).toBeLessThan(0.02);
  });

  test("the noise of the room, hissing as it may, is not taken for sibilants between words", () => {
    const { signal, phrases } = speechLike({ floorDbfs: -55 });
    const output = deEss(signal);
    for (const { start } of phrases.slice(1))
      expect(Math.abs(changeDb(signal, output, { start: start - 24_000, end: start - 2400 }))).toBeLessThan(0.5);
  });

  test("without sibilants it passes every bit, late by 6 ms", () => {
    const { signal } = speechLike();
    const open = openProcessor("deEsser");
    expect(open.latencyFrames()).toBe(288);
    expect(largestDifference(deEss(signal), signal)).toBe(0);
  });

  test("range and sensitivity do what they say", () => {
    const { signal, sibilants } = speechLike({ sibilantDb: -14 });
    const reduction = (values: ProcessorValues) =>
      changeDb(signal, deEss(signal, values), sibilants[2] ?? { start: 0, end: 1 });
    expect(reduction({ rangeDb: 0 })).toBe(0);
    expect(reduction({ rangeDb: 4 })).toBeCloseTo(-3.5, 0);
    expect(reduction({ rangeDb: 12 })).toBeLessThan(-9.5);
    // Half-way between voice and hiss: as loud above the split as below it.
    const low = sine(300, -30, 9600);
    const mixed = concat(
      new Float32Array(4800),
      noise(-30, 9600, 3).map((value, i) => value + (low[i] ?? 0)),
    );
    const soft = (sensitivityPercent: number) =>
      changeDb(mixed, deEss(mixed, { sensitivityPercent }), { start: 5280, end: 14_400 });
    expect(soft(0)).toBeCloseTo(0, 1);
    expect(soft(100)).toBeLessThan(-1);
  });

  test("the dip is a shelf: whole above the sibilants' frequency, nothing below 1 kHz", () => {
    const hiss = concat(new Float32Array(RATE / 4), noise(-20, RATE / 2, 21));
    const dipped = (seed: number) => {
      const probe = hiss.slice();
      probe[RATE / 2] = (probe[RATE / 2] ?? 0) + seed;
      return deEss(probe, { sensitivityPercent: 100 });
    };
    const [with1, without] = [dipped(0.001), dipped(0)];
    const response = with1
      .map((value, i) => (value - (without[i] ?? 0)) / 0.001)
      .subarray(RATE / 2 - 480, RATE / 2 + 960);
    expect(responseDb(response, 12_000)).toBeCloseTo(-7.9, 0);
    expect(responseDb(response, 6500)).toBeCloseTo(-7, 0);
    expect(Math.abs(responseDb(response, 1000))).toBeLessThan(0.3);
  });

  test("a sibilant in one channel is heard in opposite phase, and all channels share the dip", () => {
    const { signal, sibilants } = speechLike({ sibilantDb: -14 });
    const input = Float32Array.from(
      { length: 2 * signal.length },
      (_, i) => (i & 1 ? -0.5 : 1) * (signal[i >> 1] ?? 0),
    );
    const open = openProcessor("deEsser");
    const output = open(concat(input, new Float32Array(960)));
    const scaled = channelOf(output, 0).map((value) => -0.5 * value);
    expect(largestDifference(scaled, channelOf(output, 1))).toBeLessThan(1e-7);
    const left = channelOf(output, 0).subarray(open.latencyFrames());
    for (const hiss of sibilants) expect(changeDb(signal, left, hiss)).toBeLessThan(-6);
  });

  test.each([44_100, 96_000])("works at %i Hz as well", (sampleRate) => {
    const { signal, sibilants, syllables } = speechLike({ sibilantDb: -14, sampleRate });
    const output = deEss(signal, {}, { sampleRate });
    for (const hiss of sibilants) expect(changeDb(signal, output, hiss)).toBeLessThan(-5.9);
    for (const syllable of syllables) expect(Math.abs(changeDb(signal, output, syllable))).toBeLessThan(0.5);
  });

  test("a frequency that moves during a sibilant makes no click", () => {
    const hiss = spread(sine(8000, -12, RATE / 10));
    const open = openProcessor("deEsser", { sensitivityPercent: 100 });
    open(new Float32Array(RATE / 4));
    open(hiss);
    open.set({ frequencyHz: 4000, sensitivityPercent: 100 });
    const moved = channelOf(open(hiss), 0).map((value) => Math.abs(value));
    expect(moved.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(dbToGain(-12 - 6.5));
  });
});
