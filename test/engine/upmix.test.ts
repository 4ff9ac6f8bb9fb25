import { describe, expect, test } from "vitest";
import { findProcessor } from "../../schema/processors/index.ts";
import { bestLag, channelOf, clickPeak, largestDifference, peakOf, rmsDb, rmsOf } from "../support/measure-signal.ts";
import { cleanSpeech } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { parameterJumps } from "../support/processor-values.ts";
import { concat, dbToGain, noise, sine, spread } from "../support/signals.ts";
import { powerSpectrum, thirdOctaveDensityDb } from "../support/spectrum.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const [L, R, C, LFE, LS, RS, LRS, RRS] = [0, 1, 2, 3, 4, 5, 6, 7];
const all = { ambiencePercent: 100, centrePercent: 100 };

const stereo = (left: Float32Array, right: Float32Array): Float32Array =>
  Float32Array.from({ length: 2 * left.length }, (_, i) => (i & 1 ? right : left)[i >> 1] ?? 0);
const mixed = (...parts: readonly Float32Array[]): Float32Array =>
  (parts[0] ?? new Float32Array()).map((_, i) => parts.reduce((sum, part) => sum + (part[i] ?? 0), 0));

const voice = cleanSpeech((await demoSpeech(await openEngine()))[0] ?? new Float32Array(), 5).subarray(0, 3 * RATE);
const silent = new Float32Array(voice.length);
const ambience = noise(-12, 2 * voice.length, 3);
/** A voice in front, a tone on the left and a room around. */
const scene = mixed(spread(voice), stereo(sine(700, -20, voice.length), silent), noise(-36, 2 * voice.length, 4));

/** All channels of the upmix of a stereo signal, on time. */
const upmix = (input: Float32Array, channels: number, values: ProcessorValues = {}): Float32Array[] => {
  const process = openProcessor("upmix", values, { channels: 2, outputChannels: channels, blockFrames: 1024 });
  const latency = process.latencyFrames();
  const output = process(concat(input, new Float32Array(2 * latency))).subarray(latency * channels);
  return Array.from({ length: channels }, (_, channel) => channelOf(output, channel, channels));
};
const level = (channel: Float32Array | undefined): number => rmsDb(channel ?? new Float32Array());
const correlation = (a: Float32Array = silent, b: Float32Array = silent): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / (a.length * rmsOf(a) * rmsOf(b));

/** Lo/Ro by the coefficients of ITU-R BS.775. */
const foldDown = (channels: readonly Float32Array[]): [Float32Array, Float32Array] => {
  const fold = (side: number) =>
    (channels[side] ?? silent).map((x, i) => {
      const around = (channels[LS + side]?.[i] ?? 0) + (channels[LRS + side]?.[i] ?? 0);
      return x + Math.SQRT1_2 * ((channels[C]?.[i] ?? 0) + around);
    });
  return [fold(L), fold(R)];
};

describe.each([6, 8])("upmix to %i channels", (channels) => {
  const surrounds = channels === 6 ? [LS, RS] : [LS, RS, LRS, RRS];

  test("folds down to its source: every third of an octave within 0.001 dB, every sample to -140 dBFS", () => {
    for (const values of [{}, all, { ambiencePercent: 100, centrePercent: 0 }, { ambiencePercent: 20 }])
      foldDown(upmix(scene, channels, values)).forEach((folded, side) => {
        const source = channelOf(scene, side);
        expect(largestDifference(folded, source)).toBeLessThan(1e-7);
        const [before, after] = [powerSpectrum(source), powerSpectrum(folded)];
        for (let hz = 25; hz < 20_000; hz *= 2 ** (1 / 3))
          expect(Math.abs(thirdOctaveDensityDb(after, hz) - thirdOctaveDensityDb(before, hz))).toBeLessThan(0.001);
      });
  });

  test("a voice in the middle goes to the centre as far as asked, and nowhere else", () => {
    const whole = upmix(spread(voice), channels, all);
    expect(level(whole[C]) - rmsDb(voice)).toBeCloseTo(3.01, 2);
    for (const channel of [L, R, ...surrounds]) expect(level(whole[channel]) - rmsDb(voice)).toBeLessThan(-70);
    const half = upmix(spread(voice), channels);
    expect(level(half[C]) - rmsDb(voice)).toBeCloseTo(-3.01, 2);
    expect(level(half[L]) - rmsDb(voice)).toBeCloseTo(-6.02, 2);
  });

  test("a voice in a room leaves left and right by 18 dB, and little of it is heard behind", () => {
    const room = noise(-42, 2 * voice.length, 4);
    const output = upmix(mixed(spread(voice), room), channels, all);
    expect(level(output[C]) - rmsDb(voice)).toBeGreaterThan(2.8);
    expect(level(output[L]) - rmsDb(voice)).toBeLessThan(-18);
    for (const surround of surrounds) expect(level(output[surround])).toBeLessThan(rmsDb(room) - 4);
  });

  test("a sound wholly on the left stays there", () => {
    const output = upmix(stereo(voice, silent), channels, all);
    expect(Math.abs(level(output[L]) - rmsDb(voice))).toBeLessThan(0.001);
    for (const channel of [R, C, ...surrounds]) expect(level(output[channel]) - rmsDb(voice)).toBeLessThan(-120);
  });

  test("a sound half left stands between left and centre", () => {
    const output = upmix(
      stereo(
        voice,
        voice.map((x) => x / 2),
      ),
      channels,
      all,
    );
    expect(level(output[C]) - rmsDb(voice)).toBeCloseTo(20 * Math.log10(Math.SQRT1_2), 1);
    expect(level(output[L]) - rmsDb(voice)).toBeCloseTo(-6.02, 1);
    for (const channel of [R, ...surrounds]) expect(level(output[channel]) - rmsDb(voice)).toBeLessThan(-40);
  });

  test("a room around reaches the surrounds, each with a sound of its own, and keeps its power", () => {
    const output = upmix(ambience, channels, all);
    const source = level(channelOf(ambience, L));
    const behind = surrounds.reduce((sum, channel) => sum + rmsOf(output[channel] ?? silent) ** 2, 0);
    expect(10 * Math.log10(behind / 2) - source).toBeGreaterThan(-6);
    expect(level(output[C]) - source).toBeLessThan(-18);
    const whole = output.reduce((sum, channel) => sum + rmsOf(channel) ** 2, 0);
    expect(Math.abs(10 * Math.log10(whole / 2) - source)).toBeLessThan(0.8);
    for (const [i, one] of surrounds.entries())
      for (const other of surrounds.slice(i + 1))
        expect(Math.abs(correlation(output[one], output[other]))).toBeLessThan(0.02);
  });

  test("a room that is alike on both sides comes from unlike surrounds", () => {
    // Half of the power of both sides is the same noise, 10 ms late on the right: wide, and yet related.
    const common = noise(-15, voice.length, 7);
    const late = concat(new Float32Array(480), common).subarray(0, common.length);
    const output = upmix(mixed(stereo(common, late), noise(-15, 2 * voice.length, 8)), channels);
    expect(Math.abs(correlation(output[LS], output[RS]))).toBeLessThan(0.1);
  });

  test("at 0 % nothing moves: every bit is on time", () => {
    const output = upmix(scene, channels, { ambiencePercent: 0, centrePercent: 0 });
    for (const side of [L, R]) expect(largestDifference(output[side] ?? [], channelOf(scene, side))).toBe(0);
    for (const channel of [C, LFE, ...surrounds]) expect(peakOf(output[channel] ?? [1])).toBe(0);
  });

  test("adds to what the other channels hold, which comes late as well", () => {
    const others = noise(-20, RATE * channels, 9);
    for (let i = 0; i < others.length; i += channels) others.fill(0, i, i + 2);
    const process = openProcessor("upmix", all, { channels });
    const late = concat(new Float32Array(process.latencyFrames() * channels), others).subarray(0, others.length);
    expect(largestDifference(process(others), late)).toBe(0);
    const sum = openProcessor("upmix", all, { channels });
    const alone = openProcessor("upmix", all, { channels });
    const source = Float32Array.from(others, (_, i) =>
      i % channels < 2 ? (scene[Math.floor(i / channels) * 2 + (i % channels)] ?? 0) : 0,
    );
    const expected = mixed(alone(source), late);
    expect(largestDifference(sum(mixed(source, others)), expected)).toBeLessThan(1e-7);
  });

  test("is late by exactly its latency", () => {
    const process = openProcessor("upmix", {}, { channels: 2, outputChannels: channels });
    const input = noise(-20, 2 * 9600, 8);
    const output = channelOf(process(input), L, channels);
    expect(bestLag(channelOf(input, L).subarray(0, 4800), output, 4000)).toBe(process.latencyFrames());
  });

  test.each(parameterJumps(findProcessor("upmix")!))("makes no click when $name", ({ before, after }) => {
    // A tone in the middle with one a fourth higher on the left: something for everyone.
    const tone = stereo(mixed(sine(150, -12, RATE / 2), sine(200, -12, RATE / 2)), sine(150, -12, RATE / 2));
    const process = openProcessor("upmix", before, { channels: 2, outputChannels: channels });
    process(tone);
    const steady = process(tone);
    process.set(after);
    const jump = process(tone);
    const settled = process(tone);
    for (let channel = 0; channel < channels; channel += 1) {
      const [own = 0, moved = 0, then = 0] = [steady, jump, settled].map((part) =>
        clickPeak(channelOf(part, channel, channels)),
      );
      expect(moved).toBeLessThan(Math.max(own, then) + dbToGain(-90));
    }
  });
});

test("mono and stereo pass bit for bit and on time", () => {
  const input = noise(-3, 4800, 1);
  for (const channels of [1, 2]) {
    const process = openProcessor("upmix", all, { channels });
    expect(process(input)).toEqual(input);
    expect([process.latencyFrames(), process.tailFrames()]).toEqual([0, 0]);
  }
});

test("at other rates a frame lasts as long, and the fold-down holds", () => {
  for (const sampleRate of [44_100, 96_000]) {
    const process = openProcessor("upmix", all, { channels: 2, outputChannels: 6, sampleRate });
    const latency = process.latencyFrames();
    expect(latency / sampleRate).toBeGreaterThan(0.03);
    expect(latency / sampleRate).toBeLessThan(0.06);
    const input = noise(-12, 2 * 48_000, 3);
    const output = process(concat(input, new Float32Array(2 * latency))).subarray(latency * 6);
    const [left] = foldDown(Array.from({ length: 6 }, (_, channel) => channelOf(output, channel, 6)));
    expect(largestDifference(left, channelOf(input, L))).toBeLessThan(1e-7);
  }
});
