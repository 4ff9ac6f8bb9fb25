// Clicks are found where they are and nowhere else, and what is put in their place is near to what was there.
import { describe, expect, test } from "vitest";
import { addClicks, editsOf, f1OfEdits } from "../support/clicks.ts";
import { channelOf, largestDifference, rmsOf, toDb } from "../support/measure-signal.ts";
import { cleanSpeech, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { concat, noise, randomSource, sine } from "../support/signals.ts";
import { synthesiseMusic } from "../support/synthetic-speech.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;

const withRoom = (signal: Float32Array, seed: number): Float32Array => {
  const room = noise(-75, signal.length, seed);
  return signal.map((x, i) => x + (room[i] ?? 0));
};

const speech = (await demoSpeech(await openEngine())).map((take, i) => withRoom(cleanSpeech(take), 60 + i));
const music = withRoom(synthesiseMusic(8, 0.05), 70);

/** Three notes of three partials. */
const chord = withRoom(
  [220, 277.18, 329.63].reduce<Float32Array>(
    (sum, hz) =>
      [1, 2, 3].reduce(
        (all, k) => sine(k * hz, -26 - 6 * k, sum.length, RATE, k).map((x, i) => x + (all[i] ?? 0)),
        sum,
      ),
    new Float32Array(8 * RATE),
  ),
  71,
);

const deClick = (input: Float32Array, values: ProcessorValues = {}, channels = 1, sampleRate = RATE): Float32Array => {
  const process = openProcessor("deClick", values, { channels, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames() * channels;
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

/** Hits that decay, four a second: kick, snare, hi-hat, clave and wood block. */
const drums = (): Float32Array => {
  const random = randomSource(12);
  const hits: ((t: number) => number)[] = [
    (t) => Math.sin(2 * Math.PI * (50 * t + 8 * (1 - Math.exp(-30 * t)))) * Math.exp(-9 * t),
    (t) => (0.5 * Math.sin(2 * Math.PI * 190 * t) + random() - 0.5) * Math.exp(-22 * t),
    (t) => 0.4 * (random() - 0.5) * Math.exp(-60 * t),
    (t) => Math.sin(2 * Math.PI * 2500 * t) * Math.exp(-60 * t),
    (t) => Math.sin(2 * Math.PI * 900 * t) * Math.exp(-90 * t),
  ];
  const out = noise(-80, 10 * RATE, 13);
  for (let beat = 0; beat < 38; beat += 1) {
    const hit = hits[beat % hits.length] ?? (() => 0);
    for (let i = 0; i < RATE / 2; i += 1) {
      const at = beat * 12_000 + 2000 + i;
      if (at < out.length) out[at] = (out[at] ?? 0) + 0.3 * hit(i / RATE);
    }
  }
  return out;
};

describe("de-click: finding", () => {
  const sounds = [...speech.map((take, i) => ({ name: `speech ${i}`, take })), { name: "music", take: music }];

  test.each(sounds)("F1 of at least 0.95 on $name with clicks 20 dB down", ({ take }) => {
    for (const frames of [
      [1, 1],
      [4, 48],
    ] as const) {
      const { damaged, clicks } = addClicks(take, { perSecond: 12, frames, snrDb: 20, seed: 3 });
      expect(f1OfEdits(clicks, editsOf(damaged, deClick(damaged)))).toBeGreaterThanOrEqual(0.95);
    }
  });

  test.each(sounds)("leaves clean $name as it is", ({ take }) => {
    const out = deClick(take);
    // The takes are words cut out of digital silence: one such cut may well pass for a click.
    expect(editsOf(take, out).length).toBeLessThanOrEqual(1);
    expect(siSdrDb(take, out)).toBeGreaterThan(35);
  });

  test("leaves clean percussion as it is, bit for bit", () => {
    const clean = drums();
    expect(largestDifference(deClick(clean), clean)).toBe(0);
  });

  test("leaves what lasts longer than a click", () => {
    const { damaged } = addClicks(music, { perSecond: 4, frames: [120, 140], snrDb: 15, seed: 5 });
    expect(editsOf(damaged, deClick(damaged, { maxLengthMs: 1 })).length).toBeLessThan(3);
    expect(editsOf(damaged, deClick(damaged, { maxLengthMs: 5 })).length).toBeGreaterThan(25);
  });

  test("finds more at a higher sensitivity", () => {
    const { damaged } = addClicks(speech[0] ?? music, { perSecond: 12, frames: [2, 8], snrDb: 42, seed: 6 });
    const counts = [0, 50, 100].map(
      (sensitivityPercent) => editsOf(damaged, deClick(damaged, { sensitivityPercent })).length,
    );
    expect(counts[0]).toBeLessThan(counts[1] ?? 0);
    expect(counts[1]).toBeLessThan(counts[2] ?? 0);
  });
});

/** How right in dB is what was put into each gap of 1 ms that was filled with noise, ascending. */
const repairRatios = (sound: Float32Array, gaps: readonly number[]): number[] => {
  const random = randomSource(20);
  const damaged = sound.slice();
  for (const gap of gaps) for (let i = 0; i < 48; i += 1) damaged[gap + i] = 0.15 * (2 * random() - 1);
  const repaired = deClick(damaged);
  const ratios = gaps.map((gap) => {
    const part = (signal: Float32Array) => signal.subarray(gap, gap + 48);
    const error = part(repaired).map((x, i) => x - (sound[gap + i] ?? 0));
    return toDb(rmsOf(part(sound)) / rmsOf(error));
  });
  return ratios.sort((a, b) => a - b);
};

describe("de-click: repairing", () => {
  test.each([
    { name: "a chord", sound: chord, leastDb: 20 },
    { name: "changing chords of 24 partials", sound: music, leastDb: 14 },
  ])("what is put into a gap of 1 ms in $name is right to $leastDb dB", ({ sound, leastDb }) => {
    const ratios = repairRatios(
      sound,
      Array.from({ length: 40 }, (_, k) => 6000 + 9000 * k),
    );
    expect(ratios[20]).toBeGreaterThan(leastDb);
  });

  test("what is put into gaps of 1 ms in recorded voices is right to 17 dB", () => {
    const ratios = speech.flatMap((take) => {
      const places = Array.from({ length: 160 }, (_, k) => 40_000 + 2500 * k);
      const usual = rmsOf(take);
      return repairRatios(
        take,
        places.filter((at) => rmsOf(take.subarray(at - 240, at + 288)) > usual),
      );
    });
    ratios.sort((a, b) => a - b);
    expect(ratios[ratios.length >> 1]).toBeGreaterThan(17);
  });

  test("clicks in one channel leave the other alone", () => {
    const { damaged } = addClicks(music, { perSecond: 8, frames: [1, 20], snrDb: 15 });
    const both = Float32Array.from({ length: 2 * music.length }, (_, i) => (i & 1 ? music : damaged)[i >> 1] ?? 0);
    const out = deClick(both, {}, 2);
    expect(largestDifference(channelOf(out, 1), music)).toBe(0);
    expect(largestDifference(channelOf(out, 0), deClick(damaged))).toBe(0);
  });

  test.each([16_000, 44_100, 96_000])("works at %i Hz", (sampleRate) => {
    const tone = sine(440, -12, 2 * sampleRate, sampleRate).map((x, i) => x + 1e-4 * Math.sin(i * i));
    const damaged = tone.map((x, i) => (i % 5000 === 3000 ? x + 0.3 : x));
    const error = deClick(damaged, {}, 1, sampleRate).map((x, i) => x - (tone[i] ?? 0));
    expect(toDb(rmsOf(tone) / rmsOf(error))).toBeGreaterThan(35);
  });
});
