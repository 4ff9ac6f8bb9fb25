import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planRender } from "../../engine/plan-render.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { framesToTicks } from "../../schema/ticks.ts";
import {
  bus,
  clip,
  floatSource,
  int24Source,
  RATE,
  renderDocument,
  renderSources,
  track,
  waveFloats,
  waveInt24,
} from "../support/render-ground.ts";

const FRAMES = 40_000;

/** Stereo noise, seeded, at most +-0.5. */
const noise = (frames: number, seed: number): Float32Array => {
  let state = seed >>> 0;
  return Float32Array.from({ length: frames * 2 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
};

const constant = (frames: number, value: number) => new Float32Array(frames * 2).fill(value);
const left = (samples: Float32Array, frame: number) => samples[frame * 2]!;

describe("a document that does nothing", () => {
  test("gives a float source back bit for bit in its range, and silence around it", async () => {
    const source = noise(10_000, 1);
    const document = renderDocument(FRAMES, [track("t1", "dx", [clip("a", "m", 12_345, 10_000)])]);
    const { file } = await renderSources(document, { m: floatSource(source, 2) });
    const stem = waveFloats(file("dx"));
    expect(stem.length).toBe(FRAMES * 2);
    expect(stem.subarray(12_345 * 2, 22_345 * 2)).toEqual(source);
    expect(stem.subarray(0, 12_345 * 2).every((value) => value === 0)).toBe(true);
    expect(stem.subarray(22_345 * 2).every((value) => value === 0)).toBe(true);
    expect(waveFloats(file("main"))).toEqual(stem);
  });

  test("gives a 24-bit source back to the last bit", async () => {
    const source = Int32Array.from({ length: 8_000 }, (_, index) => ((index * 7_919_777) % 16_777_216) - 8_388_608);
    const stems = renderDocument(0, []).stems.map((stem) => ({ ...stem, bitDepth: 24 as const }));
    const document = renderDocument(4_000, [track("t1", "dx", [clip("a", "m", 0, 4_000)])], { stems });
    const { file } = await renderSources(document, { m: int24Source(source, 2) });
    expect(waveInt24(file("dx"))).toEqual(source);
    expect(waveInt24(file("main"))).toEqual(source);
  });

  test("puts a mono source on both sides at its own level", async () => {
    const source = Float32Array.from({ length: 1_000 }, (_, index) => Math.fround(index / 1_000));
    const document = renderDocument(1_000, [
      track("t1", "dx", [clip("a", "m", 0, 1_000, { channels: [0] })], { layout: "mono" }),
    ]);
    const { file } = await renderSources(document, { m: floatSource(source, 1) });
    const stem = waveFloats(file("dx"));
    expect(Array.from({ length: 1_000 }, (_, frame) => left(stem, frame))).toEqual([...source]);
    expect(Array.from({ length: 1_000 }, (_, frame) => stem[frame * 2 + 1]!)).toEqual([...source]);
  });

  test("reads the source from its in point, and silence where the file has ended", async () => {
    const source = noise(5_000, 3);
    const document = renderDocument(FRAMES, [
      track("t1", "dx", [clip("a", "m", 100, 4_000, { sourceInTicks: framesToTicks(3_000, RATE) })]),
    ]);
    const stem = waveFloats((await renderSources(document, { m: floatSource(source, 2) })).file("dx"));
    expect(stem.subarray(200, 200 + 4_000)).toEqual(source.subarray(6_000, 10_000));
    expect(stem.subarray(200 + 4_000, 200 + 8_000).every((value) => value === 0)).toBe(true);
  });
});

describe("clips", () => {
  test("a disabled clip and a muted track are silent", async () => {
    const document = renderDocument(1_000, [
      track("t1", "dx", [clip("a", "m", 0, 1_000, { enabled: false })]),
      track("t2", "mx", [clip("b", "m", 0, 1_000)], { muted: true }),
    ]);
    const { file } = await renderSources(document, { m: floatSource(noise(1_000, 4), 2) });
    expect(waveFloats(file("main")).every((value) => value === 0)).toBe(true);
  });

  test("clip gain and volume add in dB; -120 dB is off", async () => {
    const document = renderDocument(1_000, [
      track("t1", "dx", [clip("a", "m", 0, 1_000, { gainDb: -3, volumeDb: -3 })]),
      track("t2", "mx", [clip("b", "m", 0, 1_000, { volumeDb: -120 })]),
    ]);
    const { file } = await renderSources(document, { m: floatSource(constant(1_000, 0.5), 2) });
    expect(left(waveFloats(file("dx")), 500)).toBeCloseTo(0.5 * 10 ** (-6 / 20), 6);
    expect(left(waveFloats(file("mx")), 500)).toBe(0);
  });

  test("a key moves straight in linear gain, straight in dB, or holds", async () => {
    const at = (frame: number) => framesToTicks(frame, RATE);
    const points = [
      [at(1_000), -120, "amplitude"],
      [at(3_000), 0, "linear"],
      [at(5_000), -20, "hold"],
      [at(7_000), 0, "hold"],
    ] as MixDocument["tracks"][number]["automation"][number]["points"];
    const automation = [{ param: "volumeDb" as const, timebase: "clip" as const, points }];
    const document = renderDocument(8_000, [track("t1", "dx", [clip("a", "m", 0, 8_000, { automation })])]);
    const stem = waveFloats((await renderSources(document, { m: floatSource(constant(8_000, 1), 2) })).file("dx"));
    expect(left(stem, 999)).toBe(0);
    expect(left(stem, 2_000)).toBeCloseTo(0.5, 4);
    expect(20 * Math.log10(left(stem, 4_000))).toBeCloseTo(-10, 2);
    expect(20 * Math.log10(left(stem, 6_000))).toBeCloseTo(-20, 4);
    expect(left(stem, 7_500)).toBe(1);
  });

  test.each([
    { curve: "constantPower" as const, middle: Math.SQRT1_2 },
    { curve: "constantGain" as const, middle: 0.5 },
  ])("a $curve cross-fade keeps its law through the overlap", async ({ curve, middle }) => {
    const crossfades = [
      {
        id: "x",
        from: "a",
        to: "b",
        startTicks: framesToTicks(4_000, RATE),
        durationTicks: framesToTicks(2_000, RATE),
        curve,
      },
    ];
    const sides = (from: number, to: number) =>
      renderSources(
        renderDocument(10_000, [track("t1", "dx", [clip("a", "m", 0, 6_000), clip("b", "n", 4_000, 6_000)])], {
          crossfades,
        }),
        { m: floatSource(constant(6_000, from), 2), n: floatSource(constant(6_000, to), 2) },
      ).then(({ file }) => waveFloats(file("dx")));
    const falling = await sides(1, 0);
    const rising = await sides(0, 1);
    expect(left(falling, 3_999)).toBe(1);
    expect(left(falling, 5_000)).toBeCloseTo(middle, 4);
    expect(left(rising, 5_000)).toBeCloseTo(middle, 4);
    expect(left(rising, 6_001)).toBe(1);
    for (let frame = 4_000; frame < 6_000; frame += 97) {
      const [a, b] = [left(falling, frame), left(rising, frame)];
      expect(curve === "constantPower" ? a * a + b * b : a + b).toBeCloseTo(1, 4);
    }
  });

  test("a 44.1 kHz clip keeps pitch, level and place at 48 kHz", async () => {
    const source = Float32Array.from(
      { length: 44_100 * 2 },
      (_, index) => 0.5 * Math.sin((2 * Math.PI * 997 * (index >> 1)) / 44_100),
    );
    const document = renderDocument(48_000, [track("t1", "dx", [clip("a", "m", 0, 48_000)])]);
    const stem = waveFloats((await renderSources(document, { m: floatSource(source, 2, 44_100) })).file("dx"));
    for (let frame = 5_000; frame < 40_000; frame += 101)
      expect(left(stem, frame)).toBeCloseTo(0.5 * Math.sin((2 * Math.PI * 997 * frame) / 48_000), 5);
  });

  test("damaged samples in a float file become silence and touch nothing else, at any rate", async () => {
    const clean = new Float32Array(20_000 * 2).fill(0.25);
    const broken = clean.slice();
    [Number.NaN, Number.POSITIVE_INFINITY, -1e30].forEach((value, index) => {
      broken[(8_000 + index) * 2] = value;
    });
    const render = async (source: Float32Array, sampleRate: number) =>
      waveFloats(
        (
          await renderSources(renderDocument(18_000, [track("t1", "dx", [clip("a", "m", 0, 18_000)])]), {
            m: floatSource(source, 2, sampleRate),
          })
        ).file("main"),
      );
    for (const sampleRate of [48_000, 44_100]) {
      const [good, bad] = [await render(clean, sampleRate), await render(broken, sampleRate)];
      expect(bad.every(Number.isFinite)).toBe(true);
      expect(bad.subarray(0, 15_000)).toEqual(good.subarray(0, 15_000));
      expect(bad.subarray(19_000)).toEqual(good.subarray(19_000));
    }
  });
});

describe("buses", () => {
  const stems24 = renderDocument(0, []).stems.map((stem) => ({ ...stem, bitDepth: 24 as const }));

  test("the 24-bit stems add up to the mix exactly", async () => {
    const document = renderDocument(
      FRAMES,
      [
        track("t1", "dx", [clip("a", "m", 0, FRAMES, { gainDb: -4.4 })]),
        track("t2", "mx", [clip("b", "n", 0, FRAMES, { gainDb: -7.7 })], { volumeDb: -1.3 }),
      ],
      { stems: stems24 },
    );
    const { file } = await renderSources(document, {
      m: floatSource(noise(FRAMES, 5), 2),
      n: floatSource(noise(FRAMES, 6), 2),
    });
    const [dx, mx, main] = ["dx", "mx", "main"].map((name) => waveInt24(file(name)));
    expect(main!.every((value, index) => value === dx![index]! + mx![index]!)).toBe(true);
  });

  test("a send adds its share to another bus; pre ignores the fader, post follows it", async () => {
    const send = (tap: "pre" | "post") => [{ id: "s", to: "mx", levelDb: -6, tap }];
    const level = async (tap: "pre" | "post") => {
      const document = renderDocument(1_000, [
        track("t1", "dx", [clip("a", "m", 0, 1_000)], { volumeDb: -20, sends: send(tap) }),
      ]);
      return left(
        waveFloats((await renderSources(document, { m: floatSource(constant(1_000, 0.5), 2) })).file("mx")),
        500,
      );
    };
    expect(20 * Math.log10((await level("pre")) / 0.5)).toBeCloseTo(-6, 3);
    expect(20 * Math.log10((await level("post")) / 0.5)).toBeCloseTo(-26, 3);
  });

  test("a limiter's look-ahead on one bus leaves every stem in time", async () => {
    const limiter = [{ id: "lim", type: "limiter", enabled: true, mixPercent: 100, ceilingDbtp: 0, lookaheadMs: 5 }];
    const source = floatSource(noise(FRAMES, 8), 2);
    const document = renderDocument(FRAMES, [track("t1", "dx", [clip("a", "m", 0, FRAMES)]), track("t2", "mx", [])], {
      buses: [
        bus("dx", "main", { role: "dialogue" }),
        bus("mx", "main", { processors: limiter }),
        bus("main", null, { processors: limiter }),
      ],
    });
    const { file } = await renderSources(document, { m: source });
    expect(waveFloats(file("dx"))).toEqual(waveFloats(file("main")));
    expect(waveFloats(file("dx")).subarray(0, 1_000)).toEqual(noise(FRAMES, 8).subarray(0, 1_000));
  });

  test("an insert on a clip or a track with look-ahead does not move it", async () => {
    const processors = [{ id: "lim", type: "limiter", enabled: true, mixPercent: 100, ceilingDbtp: 0, lookaheadMs: 5 }];
    const source = noise(FRAMES, 9);
    const document = renderDocument(FRAMES, [
      track("t1", "dx", [clip("a", "m", 777, 20_000, { processors })]),
      track("t2", "mx", [clip("b", "m", 777, 20_000)], { processors }),
    ]);
    const { file } = await renderSources(document, { m: floatSource(source, 2) });
    expect(waveFloats(file("dx")).subarray(777 * 2, 20_777 * 2)).toEqual(source.subarray(0, 40_000));
    expect(waveFloats(file("mx")).subarray(777 * 2, 20_777 * 2)).toEqual(source.subarray(0, 40_000));
  });

  test("a compressor listens to the bus that its side-chain names, and is in time with it", async () => {
    const key = new Float32Array(FRAMES * 2).fill(0.5, 20_000 * 2, 30_000 * 2);
    const settings = { thresholdDb: -20, ratio: 20, kneeDb: 0, attackMs: 0.1, releaseMs: 5, lookaheadMs: 5 };
    const compressor = { id: "cmp", type: "compressor", enabled: true, mixPercent: 100, sidechain: "dx", ...settings };
    const buses = [bus("dx", "main"), bus("mx", "main", { processors: [compressor] }), bus("main", null)];
    const document = renderDocument(
      FRAMES,
      [track("t1", "dx", [clip("a", "k", 0, FRAMES)]), track("t2", "mx", [clip("b", "m", 0, FRAMES)])],
      { buses },
    );
    const { file } = await renderSources(document, {
      k: floatSource(key, 2),
      m: floatSource(constant(FRAMES, 0.01), 2),
    });
    const music = waveFloats(file("mx"));
    expect(left(music, 15_000)).toBeCloseTo(0.01, 6);
    expect(20 * Math.log10(left(music, 25_000) / 0.01)).toBeCloseTo(-14 * 0.95, 0);
    expect(left(music, 19_700)).toBeCloseTo(0.01, 5);
    expect(left(music, 20_100)).toBeLessThan(0.004);
    expect(left(music, 39_000)).toBeCloseTo(0.01, 4);
  });

  test("an impulse response comes from its file; one that cannot be opened switches only its insert off", async () => {
    const response = new Float32Array(4_800 * 2);
    response.fill(1, 2_400 * 2, 2_400 * 2 + 2);
    const insert = (file: string) => [{ id: `ir_${file}`, type: "convolution", enabled: true, mixPercent: 100, file }];
    const buses = [
      bus("dx", "main", { processors: insert("ir") }),
      bus("mx", "main", { processors: insert("lost") }),
      bus("main", null),
    ];
    const click = new Float32Array(FRAMES * 2);
    click.fill(0.5, 2_000, 2_002);
    const document = renderDocument(
      FRAMES,
      [track("t1", "dx", [clip("a", "m", 0, FRAMES)]), track("t2", "mx", [clip("b", "m", 0, FRAMES)])],
      { buses },
    );
    const { file, result } = await renderSources(document, { m: floatSource(click, 2), ir: floatSource(response, 2) });
    const wet = waveFloats(file("dx"));
    const loudest = wet.reduce((best, value, index) => (Math.abs(value) > Math.abs(wet[best]!) ? index : best), 0);
    expect(loudest >> 1).toBe(1_000 + 2_400);
    expect(waveFloats(file("mx"))).toEqual(click);
    expect(result.warnings.join()).toMatch(/Media "lost" of insert ir_lost cannot be opened/);
  });

  test("buses in a circle are refused", () => {
    const document = renderDocument(10, [], {
      buses: [bus("dx", "mx"), bus("mx", "dx"), bus("main", null)],
      stems: [],
    });
    const plan = planRender(document, new Map());
    expect(plan.ok ? [] : plan.problems.map(({ pointer }) => pointer)).toEqual(["/buses"]);
  });
});

test("the block size never changes a byte", async () => {
  const compressor = { id: "c", type: "compressor", enabled: true, mixPercent: 100, thresholdDb: -30, ratio: 4 };
  const equalizer = {
    id: "e",
    type: "equalizer",
    enabled: true,
    mixPercent: 80,
    bands: [{ kind: "bell", frequencyHz: 3_000, gainDb: 6, q: 1 }],
  };
  const document = renderDocument(FRAMES, [
    track("t1", "dx", [clip("a", "m", 333, 9_000), clip("b", "m", 30_000, 9_000)], {
      processors: [equalizer, compressor],
    }),
    track("t2", "mx", [clip("c", "n", 0, FRAMES)], { processors: [compressor] }),
  ]);
  const sources = { m: floatSource(noise(9_000, 11), 2), n: floatSource(noise(FRAMES, 12), 2, 44_100) };
  const hashes = async (blockFrames: number) =>
    (await renderSources(document, sources, { blockFrames })).result.files.map(({ sha256 }) => sha256);
  const expected = await hashes(1_024);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 16, max: 5_000 }), async (blockFrames) => {
      expect(await hashes(blockFrames)).toEqual(expected);
    }),
    { numRuns: 6, examples: [[64], [480], [4_096]] },
  );
});
