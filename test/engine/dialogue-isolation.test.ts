// What is left of speech and of everything else, on the demo's speech and noises made here.
import { describe, expect, test } from "vitest";
import { startInProcessWorker } from "../support/in-process-worker.ts";
import { channelOf, largestDifference, rmsDb } from "../support/measure-signal.ts";
import { cleanSpeech, mixNoise, NOISES, siSdrDb } from "../support/noisy-speech.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { clip, floatSource, renderDocument, renderSources, track, waveFloats } from "../support/render-ground.ts";
import { concat, noise as hiss, randomSource, spread } from "../support/signals.ts";
import { demoSpeech } from "../support/take-samples.ts";
import { openEngine } from "../support/wasm.ts";

const RATE = 48_000;
const speech = (await demoSpeech(await openEngine())).map((take) => cleanSpeech(take, 4));

/** A mono signal with all but the speech lowered, the latency taken off. */
const isolate = (input: Float32Array, values: ProcessorValues = {}, type = "dialogueIsolation", sampleRate = RATE) => {
  const process = openProcessor(type, values, { channels: 1, blockFrames: 1024, sampleRate });
  const latency = process.latencyFrames();
  return process(concat(input, new Float32Array(latency))).subarray(latency);
};

const gainDb = (clean: Float32Array, noisy: Float32Array, values?: ProcessorValues, type?: string): number =>
  siSdrDb(clean, isolate(noisy, values, type)) - siSdrDb(clean, noisy);

const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Clatter: bursts of 5 to 60 ms, each at its own level, about nine a second. */
const clatter = (frames: number, seed: number): Float32Array => {
  const random = randomSource(seed);
  const out = new Float32Array(frames);
  for (let at = 0; at < frames; at += Math.round((0.02 + 0.18 * random()) * RATE)) {
    const length = Math.round((0.005 + 0.055 * random()) * RATE);
    const level = 0.1 + random();
    for (let i = 0; i < length && at + i < frames; i += 1)
      out[at + i] = level * (2 * random() - 1) * Math.exp((-4 * i) / length);
  }
  return out;
};

/** What lies above 8 kHz: five one-pole high-passes in a row. */
const highPass = (signal: Float32Array): Float32Array => {
  const pole = Math.exp((-2 * Math.PI * 8000) / RATE);
  let out = signal;
  for (let order = 0; order < 5; order += 1) {
    let [before, state] = [0, 0];
    out = out.map((x) => {
      state = pole * state + ((1 + pole) / 2) * (x - before);
      before = x;
      return state;
    });
  }
  return out;
};

/** A speaker whose words reach 20 kHz, which those of the takes do not: hiss from 8 kHz on in their rhythm, 15 dB below them. */
const brighten = (take: Float32Array): Float32Array => {
  const air = highPass(hiss(-3, take.length, 50));
  let level = 0;
  return take.map((x, i) => {
    level += (Math.abs(x) - level) * 0.002;
    return x + 0.5 * level * (air[i] ?? 0);
  });
};

describe("dialogue isolation: speech in noise", () => {
  const noises = Object.values(NOISES).map((make) => make(4 * RATE, 700));
  const gainsAt = (snrDb: number) =>
    speech.flatMap((clean) => noises.map((noise) => gainDb(clean, mixNoise(clean, noise, snrDb))));

  test.each([
    { snrDb: 0, least: 11.5 },
    { snrDb: 15, least: 7.5 },
  ])("gains $least dB of SI-SDR on average at $snrDb dB, and 4 dB everywhere", ({ snrDb, least }) => {
    const gains = gainsAt(snrDb);
    expect(meanOf(gains)).toBeGreaterThan(least);
    expect(Math.min(...gains)).toBeGreaterThan(4);
  });

  test("takes clatter away, which noise reduction keeps", () => {
    const clean = speech[0] ?? new Float32Array();
    const noisy = mixNoise(clean, clatter(clean.length, 3), 5);
    expect(gainDb(clean, noisy)).toBeGreaterThan(gainDb(clean, noisy, {}, "noiseReduction") + 1.5);
  });

  test("two networks take more of it", () => {
    const clean = speech[1] ?? new Float32Array();
    const noisy = mixNoise(clean, clatter(clean.length, 4), 5);
    expect(gainDb(clean, noisy, { networks: "two" })).toBeGreaterThan(gainDb(clean, noisy) + 0.5);
  });

  test.each(speech.map((take, i) => ({ take, i })))("leaves clean speech alone: take $i", ({ take, i }) => {
    // A quiet room, 54 dB under the speech.
    const room = hiss(-75, take.length, 30 + i);
    const clean = take.map((x, n) => x + (room[n] ?? 0));
    expect(siSdrDb(clean, isolate(clean))).toBeGreaterThan(35);
    expect(siSdrDb(take, isolate(take)), "words cut out of digital silence").toBeGreaterThan(29);
  });

  test.each(["one", "two"])("keeps what speech has above 8 kHz to half a dB, networks: %s", (networks) => {
    const take = brighten(speech[0] ?? new Float32Array());
    const noise = NOISES["hvac"]?.(take.length, 701) ?? new Float32Array();
    const wanted = highPass(take);
    const left = highPass(isolate(mixNoise(take, noise, 10), { networks }));
    // How much of what was wanted is in what was left.
    const common = wanted.reduce((sum, x, i) => sum + x * (left[i] ?? 0), 0);
    const power = wanted.reduce((sum, x) => sum + x * x, 0);
    expect(20 * Math.log10(common / power)).toBeGreaterThan(-0.5);
  });
});

describe("dialogue isolation: the sound", () => {
  test("lowers noise alone by the reduction asked for", () => {
    const steady = hiss(-30, 4 * RATE, 3);
    for (const reductionDb of [12, 30, 60]) {
      const left = isolate(steady, { reductionDb }).subarray(RATE, 3 * RATE);
      expect(rmsDb(left) - rmsDb(steady)).toBeLessThan(-0.85 * Math.min(reductionDb, 45));
      expect(rmsDb(left) - rmsDb(steady)).toBeGreaterThan(-reductionDb - 0.1);
    }
  });

  test("what is left and what was removed add up to the input", () => {
    const clean = speech[1] ?? new Float32Array();
    const noisy = mixNoise(clean, hiss(0, clean.length, 5), 10);
    const removed = isolate(noisy, { output: "removed" });
    const sum = isolate(noisy).map((x, i) => x + (removed[i] ?? 0));
    expect(largestDifference(sum, noisy)).toBeLessThan(1e-6);
    expect(rmsDb(removed)).toBeGreaterThan(-45);
  });

  test("at 0 dB it is its input to -120 dB", () => {
    const input = speech[0] ?? new Float32Array();
    const error = isolate(input, { reductionDb: 0 }).map((x, i) => x - (input[i] ?? 0));
    expect(rmsDb(error) - rmsDb(input)).toBeLessThan(-120);
  });

  test("channels are judged each for itself, and mono is one of them", () => {
    const clean = speech[0] ?? new Float32Array();
    const noisy = mixNoise(clean, hiss(0, clean.length, 9), 10);
    const process = openProcessor("dialogueIsolation");
    const latency = process.latencyFrames();
    const both = spread(noisy).map((x, i) => (i & 1 ? (clean[i >> 1] ?? 0) : x));
    const out = process(concat(both, new Float32Array(2 * latency))).subarray(2 * latency);
    // One transform carries both channels: their rounding differs, nothing else.
    expect(largestDifference(channelOf(out, 0), isolate(noisy))).toBeLessThan(1e-4);
    expect(largestDifference(channelOf(out, 1), isolate(clean))).toBeLessThan(1e-4);
  });

  test("knows no other rate than 48 kHz, where steady noise still goes", () => {
    const steady = hiss(-30, 4 * 44_100, 10);
    const left = isolate(steady, {}, "dialogueIsolation", 44_100).subarray(44_100, 3 * 44_100);
    expect(rmsDb(left) - rmsDb(steady)).toBeLessThan(-17);
  });
});

describe("dialogue isolation: in a mix", () => {
  const clean = speech[2] ?? new Float32Array();
  const noisy = spread(mixNoise(clean, hiss(0, clean.length, 12), 10));
  const inserts = [{ id: "iso", type: "dialogueIsolation" as const, networks: "one" as const }];
  const frames = RATE;
  const twoTracks = renderDocument(frames, [
    track("t1", "dx", [clip("a", "m", 0, frames)], { processors: inserts as never }),
    track("t2", "dx", [clip("b", "m", 0, frames)], { processors: inserts as never }),
  ]);

  test("is the same in workers and in blocks of any size", async () => {
    const source = { m: floatSource(noisy, 2) };
    const inline = await renderSources(twoTracks, source);
    expect(inline.result.warnings).toEqual([]);
    const workers = await renderSources(twoTracks, source, { threads: 2, blockFrames: 333 }, startInProcessWorker);
    expect(waveFloats(workers.file("dx"))).toEqual(waveFloats(inline.file("dx")));
  });

  test("is off, and says so, where the networks are missing", async () => {
    const { file, result } = await renderSources(twoTracks, { m: floatSource(noisy, 2) }, {}, undefined, null);
    expect(result.warnings).toEqual(Array(2).fill(expect.stringMatching(/^Insert iso .* missing .* off in this mix/)));
    expect(rmsDb(waveFloats(file("dx")))).toBeCloseTo(rmsDb(noisy.subarray(0, 2 * frames)) + 6.02, 1);
  });
});
