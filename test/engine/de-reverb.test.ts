// Speech in simulated rooms comes out clearer.
import { describe, expect, test } from "vitest";
import { rmsDb } from "../support/measure-signal.ts";
import { cleanSpeech, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { inRoom, weightedSegmentalSnrDb } from "../support/reverberant-speech.ts";
import { concat, noise } from "../support/signals.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const speech = (await demoSpeech(await openEngine())).map((take, i) => {
  const room = noise(-75, take.length, 90 + i);
  return cleanSpeech(take, 5).map((x, n) => x + (room[n] ?? 0));
});

const deReverb = (input: Float32Array, values: ProcessorValues = {}, sampleRate = RATE): Float32Array => {
  const process = openProcessor("deReverb", values, { channels: 1, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

const rooms = [0.5, 0.7, 1].flatMap((decaySeconds) =>
  speech.map((dry, i) => ({ decaySeconds, ...inRoom(dry, decaySeconds, 2, 7 + i) })),
);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe("de-reverb", () => {
  test("gains 2 dB of weighted segmental SNR in rooms of 0.5 to 1 s, and loses nowhere", () => {
    const gains = rooms.map(
      ({ heard, early }) => weightedSegmentalSnrDb(early, deReverb(heard)) - weightedSegmentalSnrDb(early, heard),
    );
    expect(mean(gains)).toBeGreaterThan(2);
    for (const gain of gains) expect(gain).toBeGreaterThan(0.5);
  });

  test("comes nearer to the early sound", () => {
    for (const { heard, early } of rooms)
      expect(siSdrDb(early, deReverb(heard))).toBeGreaterThan(siSdrDb(early, heard) + 0.5);
  });

  test.each([4, 8, 16])("lowers what rings on after a word by about the reduction: %i dB", (reductionDb) => {
    const burst = noise(-20, 0.3 * RATE, 5);
    const dry = concat(...Array.from({ length: 6 }, () => concat(burst, new Float32Array(0.9 * RATE))));
    const { heard } = inRoom(dry, 0.8, 0, 3);
    const left = deReverb(heard, { reductionDb });
    const tail = (signal: Float32Array) => rmsDb(signal.subarray(5.25 * RATE, 5.45 * RATE));
    expect(tail(left) - tail(heard)).toBeLessThan(-0.5 * reductionDb);
    expect(tail(left) - tail(heard)).toBeGreaterThan(-reductionDb - 0.1);
  });

  test("finds the decay nearly as well as one who is told", () => {
    for (const { heard, early, decaySeconds } of rooms) {
      const told = deReverb(heard, { findDecay: false, decaySeconds });
      expect(siSdrDb(early, deReverb(heard))).toBeGreaterThan(siSdrDb(early, told) - 0.7);
    }
  });

  test("dry speech loses no level, and little of its shape", () => {
    for (const dry of speech) {
      const left = deReverb(dry);
      expect(Math.abs(rmsDb(left) - rmsDb(dry))).toBeLessThan(0.6);
      expect(siSdrDb(dry, left)).toBeGreaterThan(17);
    }
  });

  test("at 0 dB it is its input to -120 dB", () => {
    const input = speech[0] ?? new Float32Array();
    const error = deReverb(input, { reductionDb: 0 }).map((x, i) => x - (input[i] ?? 0));
    expect(rmsDb(error) - rmsDb(input)).toBeLessThan(-120);
  });
});
