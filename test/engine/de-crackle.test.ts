// Many small cracks get fewer; sound without them stays.
import { describe, expect, test } from "vitest";
import { addClicks, editsOf } from "../support/clicks.ts";
import { effort } from "../support/effort.ts";
import { largestDifference, rmsOf, toDb } from "../support/measure-signal.ts";
import { cleanSpeech, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise } from "../support/signals.ts";
import { synthesiseMusic } from "../support/synthetic-speech.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const withRoom = (signal: Float32Array, seed: number): Float32Array => {
  const room = noise(-75, signal.length, seed);
  return signal.map((x, i) => x + (room[i] ?? 0));
};
const speech = (await demoSpeech(await openEngine())).map((take, i) => withRoom(cleanSpeech(take), 60 + i));
const music = withRoom(synthesiseMusic(8, 0.05), 70);
const sounds = [...speech.map((take, i) => ({ name: `speech ${i}`, take })), { name: "music", take: music }];

const deCrackle = (input: Float32Array, values: ProcessorValues = {}): Float32Array => {
  const process = openProcessor("deCrackle", values, { channels: 1, blockFrames: 1024 });
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

describe("de-crackle", () => {
  test.each(effort(sounds.slice(0, 2), sounds))("takes cracks of $name down by 4 dB and more", ({ take }) => {
    for (const [perSecond, snrDb] of [
      [40, 25],
      [150, 20],
    ] as const) {
      const { damaged } = addClicks(take, { perSecond, frames: [1, 4], snrDb, seed: 9 });
      expect(siSdrDb(take, deCrackle(damaged)) - siSdrDb(take, damaged)).toBeGreaterThan(4);
    }
  });

  test.each(effort(sounds.slice(0, 2), sounds))("leaves clean $name as it is", ({ take }) => {
    const out = deCrackle(take);
    expect(siSdrDb(take, out)).toBeGreaterThan(40);
    expect(editsOf(take, out).length).toBeLessThan(5);
  });

  test("leaves what lasts longer than a crack", () => {
    const { damaged } = addClicks(music, { perSecond: 20, frames: [60, 80], snrDb: 20, seed: 5 });
    const out = deCrackle(damaged, { maxLengthMs: 0.3 });
    expect(toDb(rmsOf(out.map((x, i) => x - (damaged[i] ?? 0))) / rmsOf(damaged))).toBeLessThan(-35);
  });

  test("silence stays silence", () => {
    const silence = new Float32Array(20_000);
    expect(largestDifference(deCrackle(silence), silence)).toBe(0);
  });
});
