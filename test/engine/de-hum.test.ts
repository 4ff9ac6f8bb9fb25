// Hum under the demo's speech: found, followed and taken away; speech alone stays.
import { describe, expect, test } from "vitest";
import { effort } from "../support/effort.ts";
import { channelOf, largestDifference, rmsDb, toDb, toneAmplitude } from "../support/measure-signal.ts";
import { cleanSpeech, mainsHum, mixNoise, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, sine } from "../support/signals.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const speech = (await demoSpeech(await openEngine())).map((take) => cleanSpeech(take));

const deHum = (input: Float32Array, values: ProcessorValues = {}, channels = 1, sampleRate = RATE): Float32Array => {
  const process = openProcessor("deHum", values, { channels, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames() * channels;
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

/** SI-SDR gained by speech in hum; `skipSeconds` of the lead-in are cut off. */
const gainOf = (clean: Float32Array, hum: Float32Array, snrDb: number, values = {}, skipSeconds = 0): number => {
  const cut = (signal: Float32Array) => signal.subarray(skipSeconds * RATE);
  const noisy = mixNoise(clean, hum, snrDb);
  return siSdrDb(cut(clean), deHum(cut(noisy), values)) - siSdrDb(cut(clean), cut(noisy));
};

describe("de-hum: speech in hum", () => {
  const cases = [50.03, 59.94, 47.3].flatMap((f0Hz) => [0, 10].map((snrDb) => ({ f0Hz, snrDb })));
  test.each(effort(cases.slice(0, 2), cases))(
    "gains 18 dB on steady hum at $f0Hz Hz, $snrDb dB under the speech",
    ({ f0Hz, snrDb }) => {
      const hum = mainsHum(9.6 * RATE, f0Hz);
      const gains = speech.map((clean) => gainOf(clean, hum, snrDb));
      expect(gains.reduce((sum, x) => sum + x, 0) / gains.length).toBeGreaterThan(18);
      for (const gain of gains) expect(gain).toBeGreaterThan(16);
    },
  );

  test.each([50, 60])("follows hum that drifts by 0.2 Hz around %i Hz and gains 15 dB at least", (f0Hz) => {
    const hum = mainsHum(9.6 * RATE, f0Hz, 0.2, 3);
    for (const clean of speech) expect(gainOf(clean, hum, 5)).toBeGreaterThan(15);
  });

  test("needs no noise before the first word, and can be told where to look", () => {
    const hum = mainsHum(9.6 * RATE, 60.05, 0, 5);
    for (const clean of speech) {
      expect(gainOf(clean, hum, 5, {}, 0.8)).toBeGreaterThan(15);
      expect(gainOf(clean, hum, 5, { findFundamental: false, fundamentalHz: 60 })).toBeGreaterThan(18);
    }
  });

  test("leaves clean speech alone", () => {
    for (const [i, take] of speech.entries()) {
      const room = noise(-75, take.length, 40 + i);
      const clean = take.map((x, n) => x + (room[n] ?? 0));
      expect(siSdrDb(clean, deHum(clean))).toBeGreaterThan(35);
      expect(siSdrDb(take, deHum(take)), "words cut out of digital silence").toBeGreaterThan(35);
    }
  });
});

/** Six tones over faint hiss. */
const plainHum = (frames: number): Float32Array => {
  const floor = noise(-80, frames, 9);
  return [1, 2, 3, 4, 5, 6].reduce(
    (sum, k) => sine(50 * k, -20 - k, frames, RATE, k).map((x, i) => x + (sum[i] ?? 0)),
    floor,
  );
};

describe("de-hum: the sound", () => {
  const steady = plainHum(6 * RATE);
  const levelOf = (signal: Float32Array, hz: number) => toDb(toneAmplitude(signal.subarray(3 * RATE, 4 * RATE), hz));

  test("takes away as many harmonics as asked for, by 40 dB and more", () => {
    const left = deHum(steady, { harmonics: 4 });
    for (const k of [1, 2, 3, 4]) expect(levelOf(left, 50 * k)).toBeLessThan(levelOf(steady, 50 * k) - 40);
    for (const k of [5, 6]) expect(levelOf(left, 50 * k)).toBeCloseTo(levelOf(steady, 50 * k), 1);
  });

  test.each([6, 20])("lowers hum by the depth: %i dB", (depthDb) => {
    expect(levelOf(deHum(steady, { depthDb }), 100)).toBeCloseTo(levelOf(steady, 100) - depthDb, 0);
  });

  test("sound without hum stays as it is", () => {
    const hiss = noise(-20, 4 * RATE, 11);
    expect(rmsDb(deHum(hiss).map((x, i) => x - (hiss[i] ?? 0)))).toBeLessThan(-65);
    const silence = new Float32Array(4 * RATE);
    expect(largestDifference(deHum(silence), silence)).toBe(0);
  });

  test("a tone that is no harmonic keeps its level", () => {
    const tone = sine(440, -20, 6 * RATE);
    const left = deHum(steady.map((x, i) => x + (tone[i] ?? 0)));
    expect(levelOf(left, 440)).toBeCloseTo(-20, 1);
  });

  test("channels have their own hum on one frequency", () => {
    const both = Float32Array.from({ length: 2 * steady.length }, (_, i) =>
      i & 1 ? 0.1 * (steady[(i >> 1) + 333] ?? 0) : (steady[i >> 1] ?? 0),
    );
    const left = deHum(both, {}, 2);
    for (const channel of [0, 1]) {
      const [before, after] = [channelOf(both, channel), channelOf(left, channel)];
      expect(levelOf(after, 150)).toBeLessThan(levelOf(before, 150) - 30);
    }
  });

  test.each([16_000, 44_100, 96_000])("works at %i Hz", (sampleRate) => {
    const hum = sine(100, -20, 6 * sampleRate, sampleRate).map(
      (x, i) => x + 0.05 * Math.sin((2 * Math.PI * 50 * i) / sampleRate),
    );
    const left = deHum(hum, {}, 1, sampleRate);
    expect(rmsDb(left.subarray(2 * sampleRate, 4 * sampleRate)) - rmsDb(hum)).toBeLessThan(-40);
  });
});
