import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createSpeechMeter, speechLoudnessLufs } from "../../engine/speech.ts";
import { createMeterBench } from "../support/metered.ts";
import { concat, noise, sine } from "../support/signals.ts";
import { detectSpeech, f1Of, shareOf, stretchesOf } from "../support/speech-measures.ts";
import { synthesiseMusic, synthesiseSpeech } from "../support/synthetic-speech.ts";
import { openEngine } from "../support/wasm.ts";

const instance = await openEngine();
const RATE = 48_000;
const MAX_FALSE_SHARE = 0.1;

/** A dialogue: 3 s of pause, 5 s of speech, three times over, with noise under it. */
const dialogue = (noiseDbfs: number, seed: number): { mono: Float32Array; spans: [number, number][] } => {
  const parts = [1, 2, 3].map((turn) => synthesiseSpeech(5, 0.05, RATE, seed + turn, turn === 2 ? 210 : 120));
  const clean = concat(...parts.flatMap((speech) => [new Float32Array(3 * RATE), speech]), new Float32Array(2 * RATE));
  const floor = noise(noiseDbfs, clean.length, seed);
  const mono = clean.map((x, n) => x + (floor[n] ?? 0));
  return { mono, spans: [0, 1, 2].map((turn) => [8 * turn + 3, 8 * turn + 8]) };
};

describe("speech detector", () => {
  test.each([-90, -50, -40])("finds synthetic speech over noise peaking at %i dBFS", (noiseDbfs) => {
    const { mono, spans } = dialogue(noiseDbfs, 1);
    const { decisions, musicLikelihood } = detectSpeech(instance, mono, RATE);
    expect(decisions).toHaveLength(mono.length / 480);
    expect(f1Of(decisions, spans)).toBeGreaterThan(0.9);
    expect(musicLikelihood).toBeLessThan(0.5);
  });

  test.each([8000, 16_000, 44_100, 96_000])("finds it at %i Hz", (sampleRate) => {
    const speech = synthesiseSpeech(5, 0.05, sampleRate, 2);
    const mono = concat(new Float32Array(3 * sampleRate), speech, new Float32Array(2 * sampleRate));
    expect(f1Of(detectSpeech(instance, mono, sampleRate).decisions, [[3, 8]])).toBeGreaterThan(0.85);
  });

  test.each([
    ["white noise", () => noise(-20, 20 * RATE, 4)],
    ["hum", () => sine(50, -20, 20 * RATE).map((x, n) => x + 0.03 * Math.sin((2 * Math.PI * 150 * n) / RATE))],
    ["chords", () => synthesiseMusic(20, 0.05)],
    ["silence", () => new Float32Array(20 * RATE)],
  ] as const)("hears no speech in %s", (_, make) => {
    const { decisions } = detectSpeech(instance, make(), RATE);
    expect(shareOf(decisions)).toBeLessThan(0.02);
    expect(stretchesOf(decisions).filter(([from, to]) => to - from > 0.25)).toEqual([]);
  });

  test("chords are music, noise and silence are not", () => {
    expect(detectSpeech(instance, synthesiseMusic(10, 0.05), RATE).musicLikelihood).toBeGreaterThan(0.8);
    expect(detectSpeech(instance, noise(-20, 10 * RATE, 4), RATE).musicLikelihood).toBe(0);
    expect(detectSpeech(instance, new Float32Array(RATE), RATE).musicLikelihood).toBe(0);
  });

  test("does not hear how the sound is cut into blocks, nor one damaged sample", () => {
    const mono = dialogue(-50, 5).mono.subarray(0, 9 * RATE);
    const expected = detectSpeech(instance, mono, RATE);
    for (const blockFrames of [1, 7, 1000]) expect(detectSpeech(instance, mono, RATE, blockFrames)).toEqual(expected);
    const damaged = mono.map((x, n) => (n === 4 * RATE ? Number.NaN : x));
    expect(detectSpeech(instance, damaged, RATE).decisions).toEqual(expected.decisions);
  });

  test("is as new after a reset", () => {
    const meter = createSpeechMeter(instance, RATE, 1);
    const io = instance.allocate(480 * 8);
    const hear = (mono: Float32Array): boolean[] => {
      const decisions: boolean[] = [];
      for (let from = 0; from + 480 <= mono.length; from += 480) {
        const block = instance.floats(io, 960);
        for (let i = 0; i < 480; i += 1) block.fill(mono[from + i] ?? 0, 2 * i, 2 * i + 2);
        meter.feed(io, 480);
        decisions.push(...meter.takeDecisions());
      }
      return decisions.concat(meter.takeRest());
    };
    const first = hear(dialogue(-50, 6).mono.subarray(0, 9 * RATE));
    meter.reset();
    expect(hear(dialogue(-50, 6).mono.subarray(0, 9 * RATE))).toEqual(first);
  });

  test("a wrong rate or number of channels is refused", () => {
    expect(() => createSpeechMeter(instance, 4000, 1)).toThrow(TypeError);
    expect(() => createSpeechMeter(instance, RATE, 0)).toThrow(TypeError);
  });
});

describe("loudness of speech", () => {
  const bench = createMeterBench(instance);
  const hopsOf = (mono: Float32Array) => {
    const meter = bench.meter(RATE, 1);
    bench.feed(meter, [mono]);
    return Float64Array.from(meter.takeHops(), ({ meanSquare }) => meanSquare);
  };

  test("counts the speech and not the noise between", () => {
    const { mono } = dialogue(-50, 8);
    const stretch = mono.subarray(0, 10 * RATE);
    const { decisions } = detectSpeech(instance, stretch, RATE);
    const alone = bench.measure([mono.subarray(3 * RATE, 8 * RATE)], RATE).integratedLufs ?? 0;
    expect(
      Math.abs((speechLoudnessLufs(hopsOf(stretch), Uint8Array.from(decisions, Number)) ?? 0) - alone),
    ).toBeLessThan(1);
  });

  test("is null without speech and measures a word shorter than a block", () => {
    const tone = sine(997, -20, RATE / 4);
    const hops = hopsOf(tone);
    expect(speechLoudnessLufs(hops, new Uint8Array(hops.length))).toBeNull();
    expect(speechLoudnessLufs(hops, new Uint8Array(hops.length).fill(1))).toBeCloseTo(-23.01, 1);
  });
});

const material = process.env["PREMIX_MATERIAL"] ?? "";
const ffmpeg = process.env["PREMIX_FFMPEG"] ?? "ffmpeg";

const decode = (file: string): Float32Array => {
  const args = ["-v", "error", "-i", path.join(material, file), "-f", "f32le", "-ac", "1", "-ar", String(RATE), "-"];
  const bytes = execFileSync(ffmpeg, args, { maxBuffer: 1 << 28 });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

type Takes = Readonly<Record<string, { readonly speech: readonly (readonly [number, number, string])[] }>>;

/** The recorded scene where there is one, else the same figures of what the test synthesises. */
const scene = () => {
  const file = path.join(material, "scene/truth.json");
  if (material === "" || !existsSync(file)) {
    const { mono, spans } = dialogue(-45, 11);
    return { takes: [{ mono, spans }], others: [synthesiseMusic(30, 0.05, RATE, 6), noise(-30, 30 * RATE, 12)] };
  }
  const { takes } = JSON.parse(readFileSync(file, "utf8")) as { readonly takes: Takes };
  return {
    takes: Object.entries(takes).map(([name, { speech }]) => ({
      mono: decode(`scene/media/${name}`),
      spans: speech.map(([from, to]): [number, number] => [from, to]),
    })),
    others: ["scene/media/Cue_07.mp3", "scene/media/AMB_room_tone.flac"].map(decode),
  };
};

test("on the scene, F1 is over 0.85 and at most a tenth of music and ambience passes for speech", () => {
  const { takes, others } = scene();
  for (const { mono, spans } of takes)
    expect(f1Of(detectSpeech(instance, mono, RATE).decisions, spans)).toBeGreaterThan(0.85);
  for (const mono of others)
    expect(shareOf(detectSpeech(instance, mono, RATE).decisions)).toBeLessThanOrEqual(MAX_FALSE_SHARE);
});
