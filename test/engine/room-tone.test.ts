// The room that fills the gaps against the room that was there: spectrum, level, texture and how the channels belong together.
import { describe, expect, test } from "vitest";
import type { Bus } from "../../schema/generated/mix-document.ts";
import { effort } from "../support/effort.ts";
import { startInProcessWorker } from "../support/in-process-worker.ts";
import { channelOf, clickPeak, largestDifference, peakOf, rmsDb, rmsOf } from "../support/measure-signal.ts";
import { cleanSpeech, NOISES } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { bus, clip, floatSource, renderDocument, renderSources, track, waveFloats } from "../support/render-ground.ts";
import { concat, dbToGain, noise as hiss, spread } from "../support/signals.ts";
import { autocorrelation, powerSpectrum, spectrumErrorsDb, thirdOctaveDensityDb } from "../support/spectrum.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const LEVEL_DBFS = -55;
const takes = (await demoSpeech(await openEngine())).map((take) => cleanSpeech(take));

const atLevel = (signal: Float32Array, db = LEVEL_DBFS): Float32Array => {
  const scale = dbToGain(db) / rmsOf(signal);
  return signal.map((x) => x * scale);
};
const rooms = Object.entries(NOISES).map(([name, make]) => ({ name, room: atLevel(make(60 * RATE, 70)) }));
const silence = (seconds: number) => new Float32Array(seconds * RATE);
const white = rooms[0]?.room ?? new Float32Array();

/** A take in a room that can be heard as long as the take can. */
const inRoom = (room: Float32Array, take = takes[0] ?? new Float32Array()): Float32Array =>
  take.map((x, i) => x + (room[i] ?? 0));

/** A mono signal through the processor, the latency taken off. */
const fill = (input: Float32Array, values: ProcessorValues = {}, blockFrames: number | number[] = 1024) => {
  const process = openProcessor("roomTone", values, { channels: 1, blockFrames });
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const interleave = (left: Float32Array, right: Float32Array): Float32Array =>
  Float32Array.from({ length: 2 * left.length }, (_, i) => (i & 1 ? right : left)[i >> 1] ?? 0);
const correlation = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / (a.length * rmsOf(a) * rmsOf(b));

describe("room tone: what fills a gap", () => {
  test.each(rooms)("has the spectrum and the level of the room between the words: $name", ({ room }) => {
    const spoken = inRoom(room);
    const tone = fill(concat(spoken, silence(20))).subarray(spoken.length + RATE);
    const errors = spectrumErrorsDb(tone, room.subarray(0, spoken.length));
    expect(rmsOf(errors), "spectrum, 80 Hz to 16 kHz").toBeLessThan(0.6);
    expect(Math.abs(meanOf(errors)), "level").toBeLessThan(0.3);
  });

  test.each(rooms.slice(0, effort(2, rooms.length)))("never repeats itself within 30 s: $name", ({ room }) => {
    const tone = fill(concat(room.subarray(0, 4 * RATE), silence(36)), { longestGapSeconds: 40 }).subarray(5 * RATE);
    const beyond = autocorrelation(tone.subarray(0, 34 * RATE)).subarray(0.05 * RATE, 30 * RATE);
    expect(peakOf(beyond)).toBeLessThan(0.1);
  });

  test("stands there from the first frame of the gap to the last, and makes no click", () => {
    const spoken = inRoom(white);
    const out = fill(concat(spoken, silence(3), white.subarray(20 * RATE, 23 * RATE)));
    const quiet = rmsDb(white);
    for (let at = spoken.length - 4800; at < spoken.length + 4 * RATE; at += 240) {
      const level = rmsDb(out.subarray(at, at + 240));
      if (at >= spoken.length) expect(Math.abs(level - quiet), `at ${at - spoken.length}`).toBeLessThan(2.5);
    }
    const most = clickPeak(white);
    expect(clickPeak(out, spoken.length - 960, spoken.length + 3.1 * RATE)).toBeLessThan(1.3 * most);
  });

  test("leaves every sample alone that is not in a gap or its fade", () => {
    const spoken = inRoom(white);
    const after = inRoom(white.subarray(30 * RATE), takes[1]);
    const out = fill(concat(spoken, silence(2), after), { fadeMs: 20 });
    const fade = 0.02 * RATE;
    expect(largestDifference(out.subarray(0, spoken.length - fade), spoken.subarray(0, -fade))).toBe(0);
    const begin = spoken.length + 2 * RATE + fade;
    expect(largestDifference(out.subarray(begin, -fade), after.subarray(fade, -fade))).toBe(0);
  });

  test("adds nothing where it could learn nothing", () => {
    // Words cut out of digital silence: between them there is no room.
    for (const take of takes)
      expect(largestDifference(fill(concat(take, silence(2))), concat(take, silence(2)))).toBe(0);
    const tooShort = concat(white.subarray(0, 0.2 * RATE), silence(1));
    expect(largestDifference(fill(tooShort), tooShort)).toBe(0);
  });

  test("does not take speech for the room", () => {
    const [take = new Float32Array()] = takes;
    const loud = fill(concat(inRoom(white, take), silence(5))).subarray(take.length + RATE);
    const alone = fill(concat(white.subarray(0, take.length), silence(5))).subarray(take.length + RATE);
    expect(Math.abs(rmsDb(loud) - rmsDb(alone))).toBeLessThan(0.5);
  });

  test("after a gap it learns the new room within its first pause of two seconds", () => {
    const second = atLevel(white.subarray(0, 3 * RATE), LEVEL_DBFS + 12);
    const before = concat(white.subarray(0, 6 * RATE), silence(1), second);
    const tone = fill(concat(before, silence(3))).subarray(before.length + 4800);
    expect(Math.abs(rmsDb(tone) - LEVEL_DBFS - 12)).toBeLessThan(1.5);
  });
});

describe("room tone: settings", () => {
  const room = white.subarray(0, 4 * RATE);
  const gap = (values: ProcessorValues, seconds = 4) =>
    fill(concat(room, silence(seconds)), values).subarray(4.2 * RATE);

  test("is as much louder as its gain", () => {
    expect(rmsDb(gap({ gainDb: 6 })) - rmsDb(gap({}))).toBeCloseTo(6, 2);
  });

  test("dies away in a gap that is too long", () => {
    const tone = gap({ longestGapSeconds: 1 });
    expect(rmsDb(tone.subarray(0, 0.7 * RATE))).toBeCloseTo(LEVEL_DBFS, 0);
    expect(peakOf(tone.subarray(2 * RATE))).toBe(0);
  });

  test("lies under everything when asked to", () => {
    const out = fill(concat(room, silence(2)), { fill: "throughout" });
    const added = out.map((x, i) => x - (room[i] ?? 0));
    expect(peakOf(added.subarray(0, 0.2 * RATE))).toBe(0);
    expect(rmsDb(added.subarray(2 * RATE, 4 * RATE))).toBeCloseTo(LEVEL_DBFS, 0);
    expect(Math.abs(correlation(added.subarray(2 * RATE, 4 * RATE), room.subarray(2 * RATE)))).toBeLessThan(0.02);
  });

  test("another seed is another stretch", () => {
    const [one, two] = [gap({ seed: 1 }), gap({ seed: 2 })];
    expect(Math.abs(correlation(one, two))).toBeLessThan(0.02);
    expect(rmsDb(one) - rmsDb(two)).toBeCloseTo(0, 0);
  });

  test("does not hear how the sound is cut into blocks", () => {
    const input = concat(inRoom(white).subarray(0, 5 * RATE), silence(1), white.subarray(0, RATE), silence(1));
    const expected = fill(input);
    expect(rmsDb(expected.subarray(5.1 * RATE, 6 * RATE))).toBeCloseTo(LEVEL_DBFS, 0);
    for (const blocks of [1, [7, 333, 4096], 480]) expect(largestDifference(fill(input, {}, blocks), expected)).toBe(0);
  });
});

describe("room tone: channels", () => {
  const [left, right] = [hiss(-50, 4 * RATE, 91), hiss(-44, 4 * RATE, 92)];
  const stereo = (a: Float32Array, b: Float32Array) => {
    const process = openProcessor("roomTone");
    const out = process(concat(interleave(a, b), new Float32Array(8 * RATE))).subarray(9 * RATE);
    return [channelOf(out, 0), channelOf(out, 1)] as const;
  };

  test("what they do not share they do not share in the tone", () => {
    const [a, b] = stereo(left, right);
    expect(Math.abs(correlation(a, b))).toBeLessThan(0.05);
    expect(rmsDb(b) - rmsDb(a)).toBeCloseTo(6, 0);
  });

  test("a mono room stays mono, and half a mono room stays half of it", () => {
    const [a, b] = stereo(left, left);
    expect(rmsDb(a.map((x, i) => x - (b[i] ?? 0))) - rmsDb(a)).toBeLessThan(-100);
    const [c, d] = stereo(
      left,
      right.map((x, i) => 0.5 * x + (left[i] ?? 0)),
    );
    expect(correlation(c, d)).toBeCloseTo(0.71, 1);
  });

  test.each([16_000, 44_100, 96_000])("at %i Hz", (sampleRate) => {
    const room = hiss(-50, 4 * sampleRate, 93);
    const process = openProcessor("roomTone", {}, { channels: 1, sampleRate });
    const out = process(concat(room, new Float32Array(3 * sampleRate))).subarray(5 * sampleRate);
    expect(rmsDb(out) - rmsDb(room)).toBeCloseTo(0, 0);
  });
});

describe("room tone: a recording to imitate", () => {
  const give = (sampleRate: number, sample: Float32Array) => {
    const process = openProcessor("roomTone", {}, { channels: 1 });
    const { instance, handle } = process;
    const at = instance.exports.slotResource(handle, 0, sample.length, 1, sampleRate);
    instance.floats(at, 2 * sample.length).set(spread(sample));
    instance.exports.slotResourceReady(handle);
    return process(silence(12)).subarray(2 * RATE);
  };

  test.each(rooms)("has its spectrum and level, before anything was heard: $name", ({ room }) => {
    const errors = spectrumErrorsDb(give(RATE, room.subarray(0, 9 * RATE)), room.subarray(0, 9 * RATE));
    expect(rmsOf(errors)).toBeLessThan(0.6);
    expect(Math.abs(meanOf(errors))).toBeLessThan(0.3);
  });

  test("at another rate it has the same density", () => {
    const sample = hiss(-50, 4 * 24_000, 94);
    const lower = give(24_000, sample);
    const power = powerSpectrum(lower);
    const full = powerSpectrum(give(RATE, hiss(-50, 4 * RATE, 95)));
    // As loud, in half the band: 3 dB more a hertz.
    for (const hz of [500, 2000, 8000])
      expect(thirdOctaveDensityDb(power, hz) - thirdOctaveDensityDb(full, hz)).toBeCloseTo(3, 0);
    expect(thirdOctaveDensityDb(power, 16_000) - thirdOctaveDensityDb(power, 8000)).toBeLessThan(-40);
  });
});

describe("room tone: in a mix", () => {
  const insert = [{ id: "tone", type: "roomTone", enabled: true }] as Bus["processors"];
  const take = interleave(white.subarray(0, 3 * RATE), white.subarray(30 * RATE, 33 * RATE));
  const clips = [clip("a", "m", RATE, 3 * RATE), clip("b", "m", 9 * RATE, 3 * RATE)];
  const grounds = {
    track: renderDocument(13 * RATE, [track("t1", "dx", clips, { processors: insert })]),
    bus: renderDocument(13 * RATE, [track("t1", "dx", clips)], {
      buses: [bus("dx", "main", { processors: insert }), bus("mx", "main"), bus("main", null)],
    }),
  };

  test.each(Object.entries(grounds))("fills seconds between clips from a %s", async (_, document) => {
    const { file, result } = await renderSources(document, { m: floatSource(take, 2) });
    const stem = waveFloats(file("dx"));
    const at = (from: number, to: number) => stem.subarray(2 * from * RATE, 2 * to * RATE);
    expect(peakOf(at(0, 1)), "before anything was heard").toBe(0);
    for (const from of [4, 5, 8])
      expect(Math.abs(rmsDb(at(from, from + 1)) - rmsDb(take)), `from ${from} s`).toBeLessThan(0.5);
    expect(result.warnings).toEqual([]);
    expect(largestDifference(at(9.01, 11.99), take.subarray(0.02 * RATE, 5.98 * RATE))).toBe(0);
  });

  test("workers give the same samples and the same words", async () => {
    const words = { m: floatSource(spread((takes[0] ?? new Float32Array()).subarray(RATE, 4 * RATE)), 2) };
    for (const sources of [{ m: floatSource(take, 2) }, words]) {
      const inline = await renderSources(grounds.track, sources);
      const outside = await renderSources(grounds.track, sources, { threads: 2 }, startInProcessWorker);
      expect(outside.result.files.map(({ sha256 }) => sha256)).toEqual(inline.result.files.map(({ sha256 }) => sha256));
      expect(outside.result.warnings).toEqual(inline.result.warnings);
    }
  });

  test.each(Object.entries(grounds))("says that it found no pause, on a %s", async (_, document) => {
    const words = spread((takes[0] ?? new Float32Array()).subarray(RATE, 4 * RATE));
    const { file, result } = await renderSources(document, { m: floatSource(words, 2) });
    expect(result.warnings).toEqual([expect.stringMatching(/^Insert tone heard no pause .* Name a recording/)]);
    expect(peakOf(waveFloats(file("dx")).subarray(10 * RATE, 16 * RATE))).toBe(0);
  });
});
