// Interruptions made here, on speech in a room, and how near the repair comes to what was there before them.
import { describe, expect, test } from "vitest";
import type { Bus, Clip } from "../../schema/generated/mix-document.ts";
import { channelOf, clickPeak, largestDifference, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { cleanSpeech, NOISES } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { bus, clip, floatSource, renderDocument, renderSources, track, waveFloats } from "../support/render-ground.ts";
import { concat, dbToGain, noise as hiss, sine } from "../support/signals.ts";
import { powerSpectrum } from "../support/spectrum.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const takes = (await demoSpeech(await openEngine())).map((take) => cleanSpeech(take));

type Options = { readonly blockFrames?: number | number[]; readonly sampleRate?: number; readonly startAt?: number };

/** A mono signal through the processor, the latency taken off. */
const repair = (input: Float32Array, values: ProcessorValues, options: Options = {}): Float32Array => {
  const { blockFrames = 1024, sampleRate = RATE, startAt = 0 } = options;
  const process = openProcessor("spectralRepair", values, { channels: 1, blockFrames, sampleRate });
  process.instance.exports.slotStartAt(process.handle, startAt);
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

const room = (NOISES["pink"]?.(10 * RATE, 33) ?? new Float32Array()).map((x) => 0.004 * x);
const scenes = takes.map((take) => take.map((x, i) => x + (room[i] ?? 0)));
const [scene = new Float32Array()] = scenes;

/** Two tones of an old telephone with their harmonics, switched 20 times a second; peak near -12 dBFS. */
const ring = (frames: number): Float32Array => {
  const tones = [440, 480, 880, 960, 1760, 1920].map((hz, k) => sine(hz, -20 - 2 * k, frames));
  return Float32Array.from({ length: frames }, (_, i) => {
    const open = 0.5 - 0.5 * Math.cos(2 * Math.PI * Math.min(1, i / 480, (frames - i) / 480) * 0.5);
    return open * tones.reduce((sum, tone) => sum + (tone[i] ?? 0), 0);
  });
};
const RING = { at: 3, seconds: 0.6 };

const withRing = (signal: Float32Array): Float32Array => {
  const sound = ring(RING.seconds * RATE);
  return signal.map((x, i) => x + (sound[i - RING.at * RATE] ?? 0));
};
const span = { fromMs: 2990, toMs: 3610, lowHz: 380, highHz: 2050 };
const inSpan = (signal: Float32Array) => signal.subarray(2.99 * RATE, 3.61 * RATE);

/** Log-spectral distance in dB: RMS over bins and frames of the difference of spectra in dB, floor 60 dB under the loudest. */
const lsdDb = (truth: Float32Array, estimate: Float32Array, lowHz = 300, highHz = 2200, size = 2048): number => {
  const [low, high] = [lowHz, highHz].map((hz) => Math.round((hz * size) / RATE));
  let [sum, count] = [0, 0];
  for (let at = 0; at + size <= truth.length; at += size / 4) {
    const [a, b] = [truth, estimate].map((signal) => powerSpectrum(signal.subarray(at, at + size), size));
    for (let bin = low ?? 0; bin <= (high ?? 0); bin += 1) {
      sum += (10 * Math.log10(((a?.[bin] ?? 0) + 1e-6) / ((b?.[bin] ?? 0) + 1e-6))) ** 2;
      count += 1;
    }
  }
  return Math.sqrt(sum / count);
};

describe("spectral repair: a telephone rings", () => {
  test.each(scenes.map((truth, i) => ({ truth, i })))("while somebody speaks: take $i", ({ truth }) => {
    const broken = withRing(truth);
    const mended = repair(broken, { spans: [span] });
    const [before = 0, after = 0] = [broken, mended].map((signal) => lsdDb(inSpan(truth), inSpan(signal)));
    expect(after).toBeLessThan(0.72 * before);
    const whole = [broken, mended].map((signal) => lsdDb(inSpan(truth), inSpan(signal), 50, 20_000));
    expect(whole[1]).toBeLessThan(whole[0] ?? 0);
  });

  test.each(["louder", "everything"])("in an empty room: %s", (replace) => {
    const mended = repair(withRing(room), { spans: [span], replace });
    // No nearer than this are two stretches of the same room.
    const chance = lsdDb(inSpan(room), room.subarray(5.99 * RATE, 6.61 * RATE));
    expect(lsdDb(inSpan(room), inSpan(mended))).toBeLessThan(chance + 0.5);
    expect(Math.abs(rmsDb(inSpan(mended)) - rmsDb(inSpan(room)))).toBeLessThan(2);
    for (const hz of [440, 480, 880, 960, 1760, 1920])
      expect(toDb(toneAmplitude(mended.subarray(3.05 * RATE, 3.55 * RATE), hz)), `${hz} Hz`).toBeLessThan(-80);
  });

  test("leaves every other sample as it is", () => {
    const broken = withRing(scene);
    const mended = repair(broken, { spans: [span, { ...span, fromMs: 7000, toMs: 7100 }] });
    for (const [from, to] of [
      [0, 2.99],
      [3.61, 7],
      [7.1, 9],
    ] as const)
      expect(largestDifference(mended.subarray(from * RATE, to * RATE), broken.subarray(from * RATE, to * RATE))).toBe(
        0,
      );
    expect(largestDifference(inSpan(mended), inSpan(broken))).toBeGreaterThan(0.01);
  });

  test("leaves the frequencies beside the mark as they are, but for the window's edge", () => {
    const broken = withRing(scene);
    const mended = repair(broken, { spans: [span] });
    const change = mended.map((x, i) => x - (broken[i] ?? 0));
    const power = powerSpectrum(inSpan(change));
    const at = (hz: number) => 10 * Math.log10(power[Math.round((hz * 16_384) / RATE)] ?? 0);
    for (const hz of [4000, 8000, 16_000]) expect(at(hz) - at(480)).toBeLessThan(-60);
  });

  test("makes no click at the edges of a mark", () => {
    const tone = sine(200, -20, 4 * RATE);
    const mended = repair(tone, { replace: "everything", spans: [{ fromMs: 1500, toMs: 1700, lowHz: 1000 }] });
    expect(clickPeak(mended, 1.4 * RATE, 1.8 * RATE)).toBeLessThan(clickPeak(tone) + dbToGain(-90));
  });
});

describe("spectral repair: other interruptions", () => {
  const steady = hiss(-30, 8 * RATE, 41);
  const level = (signal: Float32Array, from: number, to: number) =>
    rmsDb(signal.subarray(from * RATE, to * RATE)) - rmsDb(steady);

  test("a drop-out is filled to the level around it, when everything is replaced", () => {
    const broken = steady.map((x, i) => (i >= 2 * RATE && i < 2.3 * RATE ? 0 : x));
    const marks = [{ fromMs: 2000, toMs: 2300 }];
    const mended = repair(broken, { replace: "everything", spans: marks });
    expect(Math.abs(level(mended, 2.01, 2.29))).toBeLessThan(1);
    expect(largestDifference(repair(broken, { spans: marks }), broken)).toBeLessThan(dbToGain(-20));
    expect(level(repair(broken, { spans: marks }), 2.05, 2.25)).toBeLessThan(-60);
  });

  test("goes from the level before to the level after", () => {
    const growing = steady.map((x, i) => x * dbToGain(i < 2.25 * RATE ? 0 : 12));
    const broken = growing.map((x, i) => (i >= 2 * RATE && i < 2.5 * RATE ? 20 * x : x));
    const mended = repair(broken, { spans: [{ fromMs: 2000, toMs: 2500 }] });
    expect(level(mended, 2.05, 2.15)).toBeCloseTo(2.4, -1);
    expect(level(mended, 2.35, 2.45)).toBeGreaterThan(7);
    expect(level(mended, 2.02, 2.1)).toBeLessThan(4);
  });

  test("holds what stands before an interruption that is longer than it can look", () => {
    const broken = steady.map((x, i) => (i >= 2 * RATE && i < 5 * RATE ? 20 * x : x));
    const mended = repair(broken, { replace: "everything", spans: [{ fromMs: 2000, toMs: 5000 }] });
    for (const at of [2.1, 3, 4, 4.8]) expect(Math.abs(level(mended, at, at + 0.15)), `at ${at} s`).toBeLessThan(1.5);
  });

  test("marks that touch are one interruption", () => {
    const broken = steady.map((x, i) => (i >= 2 * RATE && i < 2.6 * RATE ? 20 * x : x));
    const spans = [
      { fromMs: 2300, toMs: 2600 },
      { fromMs: 2000, toMs: 2300 },
    ];
    const mended = repair(broken, { replace: "everything", spans });
    expect(Math.abs(level(mended, 2.02, 2.28))).toBeLessThan(1.5);
    expect(Math.abs(level(mended, 2.32, 2.58))).toBeLessThan(1.5);
  });

  test("knows only what comes after when it stands at the very start, and does nothing without surroundings", () => {
    const broken = steady.map((x, i) => (i < 0.3 * RATE ? 20 * x : x));
    const mended = repair(broken, { replace: "everything", spans: [{ fromMs: 0, toMs: 300 }] });
    expect(Math.abs(level(mended, 0.01, 0.29))).toBeLessThan(1.5);
    const short = steady.subarray(0, 0.4 * RATE);
    const all = repair(short, { replace: "everything", spans: [{ fromMs: 0, toMs: 86_400_000 }] });
    expect(largestDifference(all, short)).toBe(0);
  });

  test("a mark without extent changes nothing", () => {
    const nothing = [
      { fromMs: 500, toMs: 500 },
      { fromMs: 900, toMs: 800 },
      { fromMs: 100, toMs: 900, lowHz: 5000, highHz: 400 },
    ];
    expect(largestDifference(repair(steady, { replace: "everything", spans: nothing }), steady)).toBe(0);
  });
});

describe("spectral repair: where and how it runs", () => {
  const marks = { spans: [span], replace: "everything" };

  test("counts from the frame that it is told comes first", () => {
    const broken = withRing(scene).subarray(0, 5 * RATE);
    const expected = repair(broken, marks);
    const late = repair(concat(new Float32Array(1234), broken), marks, { startAt: -1234 }).subarray(1234);
    expect(largestDifference(late.subarray(0, 2.98 * RATE), expected.subarray(0, 2.98 * RATE))).toBe(0);
    expect(largestDifference(late.subarray(3.62 * RATE), expected.subarray(3.62 * RATE))).toBe(0);
    expect(rmsDb(inSpan(late))).toBeCloseTo(rmsDb(inSpan(expected)), 0);
    const early = repair(broken.subarray(2 * RATE), marks, { startAt: 2 * RATE });
    expect(rmsDb(inSpan(concat(new Float32Array(2 * RATE), early)))).toBeCloseTo(rmsDb(inSpan(expected)), 0);
  });

  test("does not hear how the sound is cut into blocks", () => {
    const broken = withRing(scene).subarray(0, 5 * RATE);
    const expected = repair(broken, marks);
    for (const blockFrames of [1, [7, 333, 4096], 480])
      expect(largestDifference(repair(broken, marks, { blockFrames }), expected)).toBe(0);
  });

  test("each channel has its own surroundings", () => {
    const [left, right] = [hiss(-30, 4 * RATE, 42), hiss(-50, 4 * RATE, 43)];
    const both = Float32Array.from(
      { length: 8 * RATE },
      (_, i) => ((i & 1 ? right : left)[i >> 1] ?? 0) * (i > 2 * RATE && i < 3 * RATE ? 20 : 1),
    );
    const process = openProcessor("spectralRepair", { spans: [{ fromMs: 990, toMs: 1510 }] });
    const latency = process.latencyFrames();
    const out = process(concat(both, new Float32Array(2 * latency))).subarray(2 * latency);
    [left, right].forEach((truth, channel) => {
      const mended = channelOf(out, channel).subarray(1.02 * RATE, 1.48 * RATE);
      expect(Math.abs(rmsDb(mended) - rmsDb(truth))).toBeLessThan(1.5);
    });
  });

  test.each([16_000, 44_100, 96_000])("at %i Hz", (sampleRate) => {
    const truth = hiss(-30, 4 * sampleRate, 44);
    const broken = truth.map((x, i) => (i >= sampleRate && i < 1.3 * sampleRate ? 20 * x : x));
    const values = { replace: "everything", spans: [{ fromMs: 1000, toMs: 1300 }] };
    const mended = repair(broken, values, { sampleRate });
    const inside = mended.subarray(1.02 * sampleRate, 1.28 * sampleRate);
    expect(Math.abs(rmsDb(inside) - rmsDb(truth))).toBeLessThan(1.5);
    expect(largestDifference(mended.subarray(1.3 * sampleRate), broken.subarray(1.3 * sampleRate))).toBe(0);
  });
});

describe("spectral repair: in a mix", () => {
  const FRAMES = 3 * RATE;
  const clean = hiss(-40, 2 * FRAMES, 45);
  // The interruption: 1 s into the clip, 9 s into the sequence.
  const broken = clean.map((x, i) => (i >= 2 * RATE && i < 2.5 * RATE ? 20 * x : x));
  const repairFrom = (fromMs: number) =>
    ({
      id: "repair",
      type: "spectralRepair",
      enabled: true,
      replace: "everything",
      spans: [{ fromMs, toMs: fromMs + 250 }],
    }) as const;
  const limiter = { id: "limiter", type: "limiter", enabled: true, ceilingDbtp: 0 } as const;
  const clips = (more: Partial<Clip> = {}) => [clip("a", "first", 0, RATE), clip("b", "m", 8 * RATE, FRAMES, more)];
  const processors = (list: readonly unknown[]) => list as Bus["processors"];
  const buses = [
    bus("dx", "main", { processors: processors([limiter, repairFrom(9000)]) }),
    bus("mx", "main"),
    bus("main", null),
  ];
  const grounds = {
    clip: renderDocument(12 * RATE, [
      track("t1", "dx", clips({ processors: processors([limiter, repairFrom(1000)]) })),
    ]),
    track: renderDocument(12 * RATE, [
      track("t1", "dx", clips(), { processors: processors([limiter, repairFrom(9000)]) }),
    ]),
    bus: renderDocument(12 * RATE, [track("t1", "dx", clips(), { processors: processors([limiter]) })], { buses }),
  };

  test.each(Object.entries(grounds))("repairs what is marked, to the frame: on a %s", async (_, document) => {
    const sources = { m: floatSource(broken, 2), first: floatSource(clean.subarray(0, 2 * RATE), 2) };
    const stem = waveFloats((await renderSources(document, sources)).file("dx")).subarray(
      16 * RATE,
      16 * RATE + 2 * FRAMES,
    );
    expect(largestDifference(stem.subarray(0, 2 * RATE), clean.subarray(0, 2 * RATE))).toBe(0);
    expect(largestDifference(stem.subarray(2.5 * RATE), clean.subarray(2.5 * RATE))).toBe(0);
    const inside = stem.subarray(2.02 * RATE, 2.48 * RATE);
    expect(Math.abs(rmsDb(inside) - rmsDb(clean))).toBeLessThan(1.5);
  });
});
