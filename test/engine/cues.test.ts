import { describe, expect, test } from "vitest";
import { soundingMedia } from "../../engine/plan-render.ts";
import type { Cue, CueSource, MixDocument } from "../../schema/generated/mix-document.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import { channelOf, largestDifference, peakDb, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { bus, floatSource, RATE, renderDocument, renderSources, waveFloats } from "../support/render-ground.ts";
import { noise, sine, spread } from "../support/signals.ts";
import { powerSpectrum, thirdOctaveDensityDb } from "../support/spectrum.ts";
import { openEngine } from "../support/wasm.ts";

const ticks = (frames: number, sampleRate = RATE) => framesToTicks(frames, sampleRate);

const cue = (id: string, startFrame: number, frames: number, source: object, more: Partial<Cue> = {}): Cue => ({
  id,
  name: id,
  role: "music",
  enabled: true,
  startTicks: ticks(startFrame),
  gainDb: 0,
  fadeIn: null,
  fadeOut: null,
  source: { durationTicks: ticks(frames), ...source } as CueSource,
  ...more,
});

const render = async (
  frames: number,
  cues: Cue[],
  sources: Parameters<typeof renderSources>[1] = {},
  options: Parameters<typeof renderSources>[2] = {},
  more: Partial<MixDocument> = {},
) => {
  const { file } = await renderSources(renderDocument(frames, [], { cues, ...more }), sources, options);
  return { mx: waveFloats(file("mx")), dx: waveFloats(file("dx")), main: waveFloats(file("main")) };
};

/** One generator over the whole length, as the music stem holds it. */
const generated = async (frames: number, source: object) => (await render(frames, [cue("a", 0, frames, source)])).mx;

describe("cues", () => {
  test("a file stands where its cue says, on the bus of its role and on no other", async () => {
    const source = noise(-6, 2 * 10_000, 1);
    const file = { kind: "file", media: "m", sourceInTicks: ticks(1_000) };
    const { mx, dx, main } = await render(40_000, [cue("a", 12_345, 5_000, file)], { m: floatSource(source, 2) });
    expect(largestDifference(mx.subarray(24_690, 34_690), source.subarray(2_000, 12_000))).toBe(0);
    expect(peakDb(mx.subarray(0, 24_690))).toBeLessThan(-500);
    expect(peakDb(mx.subarray(34_690))).toBeLessThan(-500);
    expect(peakDb(dx)).toBeLessThan(-500);
    expect(largestDifference(main, mx)).toBe(0);
  });

  test("a mono file stands on both sides; gain and fades act; a disabled cue is silent", async () => {
    const source = floatSource(new Float32Array(10_000).fill(0.5), 1);
    const file = { kind: "file", media: "m", sourceInTicks: "0" };
    const fade = { durationTicks: ticks(1_000), curve: "constantGain" as const };
    const cues = [
      cue("a", 0, 10_000, file, { gainDb: -6, fadeIn: fade, fadeOut: fade }),
      cue("b", 0, 10_000, file, { enabled: false }),
    ];
    const { mx } = await render(10_000, cues, { m: source });
    const [left, right] = [channelOf(mx, 0), channelOf(mx, 1)];
    expect(largestDifference(left, right)).toBe(0);
    expect(toDb(left[5_000]! / 0.5)).toBeCloseTo(-6, 3);
    expect(toDb(left[500]! / left[5_000]!)).toBeCloseTo(-6.02, 1);
    expect(left[0]).toBe(0);
    expect(toDb(left[9_500]! / left[5_000]!)).toBeCloseTo(-6.02, 1);
  });

  test("a 44.1 kHz file keeps its pitch", async () => {
    const source = floatSource(spread(sine(1000, -6, 44_100, 44_100)), 2, 44_100);
    const { mx } = await render(48_000, [cue("a", 0, 48_000, { kind: "file", media: "m", sourceInTicks: "0" })], {
      m: source,
    });
    expect(toDb(toneAmplitude(channelOf(mx, 0).subarray(4_800, 43_200), 1000))).toBeCloseTo(-6, 2);
  });

  test("overlapping cues add up, and what a cue plays belongs to the media that must be there", async () => {
    const tone = { kind: "tone", frequencyHz: 1000, levelDbfs: -20 };
    const { mx } = await render(9_600, [cue("a", 0, 9_600, tone), cue("b", 0, 9_600, tone)]);
    expect(peakDb(mx)).toBeCloseTo(-13.98, 2);
    const file = { kind: "file", media: "m", sourceInTicks: "0" };
    const cues = [cue("a", 0, 1_000, file), cue("b", 0, 1_000, { ...file, media: "off" }, { enabled: false })];
    expect(soundingMedia(renderDocument(1_000, [], { cues }))).toEqual(["m"]);
  });

  test("neither threads of the bus stage nor the block size nor the order of the list changes a sample", async () => {
    const cues = [
      cue("a", 100, 39_000, { kind: "noise", colour: "pink", levelDbfs: -20, seed: 1 }),
      cue("b", 20_000, 15_000, { kind: "sweep", frequencyHz: 100, toFrequencyHz: 10_000, levelDbfs: -12 }),
      cue("c", 20_000, 9_999, { kind: "tone", frequencyHz: 997, levelDbfs: -18 }),
    ];
    const first = await render(40_000, cues);
    for (const blockFrames of [16, 480, 4_096, 16_384]) {
      const again = await render(40_000, [...cues].reverse(), {}, { blockFrames });
      expect(largestDifference(again.mx, first.mx)).toBe(0);
    }
  });

  test("a mono bus holds the left side on both lanes, and its stem is mono", async () => {
    const buses = [
      bus("dx", "main", { layout: "mono" }),
      bus("mx", "main", { role: "music", layout: "mono" }),
      bus("main", null),
    ];
    const base = renderDocument(4_800, [], { buses });
    const stems = base.stems.map((stem) => (stem.from === "main" ? stem : { ...stem, layout: "mono" as const }));
    const pink = { kind: "noise", colour: "pink", levelDbfs: -20, seed: 3 };
    const { mx, main } = await render(4_800, [cue("a", 0, 4_800, pink)], {}, {}, { buses, stems });
    expect(mx.length).toBe(4_800);
    expect(largestDifference(channelOf(main, 0), mx)).toBe(0);
    expect(largestDifference(channelOf(main, 1), mx)).toBe(0);
  });
});

/** Noise of -20 dBFS straight from the engine: a colour's code, its rate, so many seconds. */
const noiseOf = async (colour: number, sampleRate: number, seconds: number) => {
  const { exports, allocate, floats } = await openEngine();
  const at = allocate(sampleRate * 8);
  const handle = exports.createNoise(sampleRate, colour, -20, 7);
  const left = new Float32Array(seconds * sampleRate);
  const right = new Float32Array(seconds * sampleRate);
  for (let second = 0; second < seconds; second += 1) {
    exports.generate(handle, at, sampleRate);
    left.set(channelOf(floats(at, 2 * sampleRate), 0), second * sampleRate);
    right.set(channelOf(floats(at, 2 * sampleRate), 1), second * sampleRate);
  }
  return { left, right };
};

describe("generators", () => {
  test.each([-3, -20, -60])("a tone of %d dBFS has that peak, its frequency and nothing else", async (levelDbfs) => {
    const mx = await generated(RATE, { kind: "tone", frequencyHz: 1000, levelDbfs });
    const left = channelOf(mx, 0);
    expect(peakDb(left)).toBeCloseTo(levelDbfs, 2);
    expect(rmsDb(left)).toBeCloseTo(levelDbfs - 3.0103, 3);
    const pure = sine(1000, levelDbfs, RATE);
    expect(toDb(largestDifference(left, pure))).toBeLessThan(levelDbfs - 140);
    expect(largestDifference(left, channelOf(mx, 1))).toBe(0);
  });

  test("a tone is still exact after ten minutes", async () => {
    const { exports, allocate, floats } = await openEngine();
    const at = allocate(RATE * 8);
    const tone = exports.createTone(RATE, 12_345, -6);
    for (let second = 0; second < 600; second += 1) exports.generate(tone, at, RATE);
    const end = channelOf(floats(at, 2 * RATE), 0);
    expect(toDb(largestDifference(end, sine(12_345, -6, RATE)))).toBeLessThan(-130);
  });

  test("a sweep starts and ends at its frequencies, spends as long in every octave and keeps its level", async () => {
    const frames = 10 * RATE;
    const sweep = { kind: "sweep", frequencyHz: 20, toFrequencyHz: 20_480, levelDbfs: -12 };
    const left = channelOf(await generated(frames, sweep), 0);
    expect(peakDb(left)).toBeCloseTo(-12, 2);
    // Ten octaves in ten seconds: at second n the frequency is 20 * 2^n Hz.
    for (const second of [2, 4, 6, 8]) {
      const [from, to] = [second * RATE - 2_400, second * RATE + 2_400];
      let crossings = 0;
      for (let i = from + 1; i < to; i += 1) if (left[i - 1]! < 0 && left[i]! >= 0) crossings += 1;
      expect(Math.abs(crossings * 10 - 20 * 2 ** second)).toBeLessThanOrEqual(10 + 0.002 * 20 * 2 ** second);
      expect(rmsDb(left.subarray(from, to))).toBeCloseTo(-15.01, 0);
    }
    const down = channelOf(await generated(RATE, { ...sweep, frequencyHz: 8_000, toFrequencyHz: 100 }), 0);
    expect(peakDb(down)).toBeCloseTo(-12, 1);
    const still = channelOf(await generated(RATE, { ...sweep, frequencyHz: 440, toFrequencyHz: 440 }), 0);
    expect(toDb(toneAmplitude(still, 440))).toBeCloseTo(-12, 3);
  });

  test.each([
    { colour: 0, name: "white", slope: 0, fromHz: 40, within: 0.3 },
    { colour: 1, name: "pink", slope: -3.0103, fromHz: 40, within: 0.5 },
    { colour: 2, name: "brown", slope: -6.0206, fromHz: 80, within: 0.5 },
  ])("$name noise falls by $slope dB per octave from $fromHz Hz to 16 kHz and has its level", async (spec) => {
    const { left, right } = await noiseOf(spec.colour, RATE, 60);
    expect(Math.abs(rmsDb(left) + 20)).toBeLessThan(0.2);
    expect(Math.abs(rmsDb(right) + 20)).toBeLessThan(0.2);
    const power = powerSpectrum(left);
    powerSpectrum(right).forEach((value, bin) => {
      power[bin]! += value;
    });
    const at = (hz: number) => thirdOctaveDensityDb(power, hz) - spec.slope * Math.log2(hz / 1000);
    const errors = [];
    for (let hz = spec.fromHz; hz <= 16_001; hz *= 2 ** (1 / 3)) errors.push(Math.abs(at(hz) - at(1000)));
    expect(Math.max(...errors)).toBeLessThan(spec.within);
  });

  test.each([22_050, 44_100, 96_000])("pink noise keeps slope and level at %d Hz", async (sampleRate) => {
    const { left } = await noiseOf(1, sampleRate, 30);
    expect(Math.abs(rmsDb(left) + 20)).toBeLessThan(0.3);
    const power = powerSpectrum(left);
    const at = (hz: number) => thirdOctaveDensityDb(power, hz, sampleRate) + 3.0103 * Math.log2(hz / 1000);
    for (const hz of [100, 315, 3_150, 8_000]) expect(Math.abs(at(hz) - at(1000))).toBeLessThan(0.5);
  });

  test("noise: another seed is another noise, left and right have nothing in common, the same seed is the same", async () => {
    const pink = { kind: "noise", colour: "pink", levelDbfs: -20, seed: 1 };
    const [one, again, other] = [
      await generated(RATE, pink),
      await generated(RATE, pink),
      await generated(RATE, { ...pink, seed: 2 }),
    ];
    expect(largestDifference(one, again)).toBe(0);
    const correlation = (a: Float32Array, b: Float32Array) => {
      let [ab, aa, bb] = [0, 0, 0];
      a.forEach((value, i) => {
        ab += value * b[i]!;
        aa += value * value;
        bb += b[i]! * b[i]!;
      });
      return Math.abs(ab) / Math.sqrt(aa * bb);
    };
    const white = (seed: number) => generated(10 * RATE, { kind: "noise", colour: "white", levelDbfs: -20, seed });
    const [a, b] = [await white(1), await white(2)];
    expect(correlation(channelOf(a, 0), channelOf(a, 1))).toBeLessThan(0.006);
    expect(correlation(channelOf(a, 0), channelOf(b, 0))).toBeLessThan(0.006);
    expect(correlation(channelOf(a, 0), channelOf(b, 1))).toBeLessThan(0.006);
    expect(largestDifference(one, other)).toBeGreaterThan(0.01);
  });

  test("silence is silent, and a cue may outlast the sequence", async () => {
    expect(peakDb(await generated(4_800, { kind: "silence" }))).toBeLessThan(-500);
    const tone = { kind: "tone", frequencyHz: 1000, levelDbfs: -20 };
    const { mx } = await render(20_000, [cue("a", 10_000, 48_000, tone)]);
    expect(mx.length).toBe(40_000);
    expect(peakDb(mx.subarray(20_000))).toBeCloseTo(-20, 1);
  });
});
