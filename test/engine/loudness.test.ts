import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createLoudnessMeter } from "../../engine/loudness.ts";
import type { Measures } from "../../engine/measures.ts";
import {
  bs2217,
  ebu3341Case11,
  ebu3341Case14,
  ebu3341Loudness,
  ebu3342,
  type LiveStep,
  type LoudnessCase,
  renderCase,
  renderTone,
} from "../support/ebu-cases.ts";
import { effort } from "../support/effort.ts";
import { createMeterBench } from "../support/metered.ts";
import { noise, sine } from "../support/signals.ts";
import { openEngine } from "../support/wasm.ts";

const instance = await openEngine();
const bench = createMeterBench(instance);
const TOLERANCE_LU = 0.1;
const RANGE_TOLERANCE_LU = 0.1;
const SPOT_RATES = effort([44_100], [44_100, 96_000, 192_000, 69_313]);
const spots = new Set([
  "3341-1",
  "3341-5",
  "3341-6",
  "3341-9",
  "3341-12",
  "3341-10 file 2",
  "3341-13 file 2",
  "3342-1",
]);
const isSpot = ({ name }: LoudnessCase) => spots.has(name);

const expectCase = (loudnessCase: LoudnessCase, sampleRate: number): void => {
  const measures = bench.measure(renderCase(loudnessCase, sampleRate), sampleRate);
  for (const [key, expected] of Object.entries(loudnessCase.expected)) {
    const tolerance = key === "loudnessRangeLu" ? RANGE_TOLERANCE_LU : TOLERANCE_LU;
    const measured = measures[key as keyof Measures] ?? Number.NaN;
    expect(Math.abs(measured - expected), `${key} reads ${measured}, expected ${expected}`).toBeLessThan(tolerance);
  }
};

/** Highest reading of a live meter within each step. */
const liveMaxima = (steps: readonly LiveStep[], read: (meter: ReturnType<typeof bench.meter>) => number | null) => {
  const meter = bench.meter(48_000, 2);
  return steps.map(({ segments }) => {
    const mono = renderTone(segments, 1000, 48_000);
    let highest = Number.NEGATIVE_INFINITY;
    for (let from = 0; from < mono.length; from += 480) {
      const hop = mono.subarray(from, from + 480);
      bench.feed(meter, [hop, hop]);
      highest = Math.max(highest, read(meter) ?? Number.NEGATIVE_INFINITY);
    }
    return highest;
  });
};

describe("loudness meter: EBU Tech 3341 and 3342, ITU-R BS.2217", () => {
  test.each([...ebu3341Loudness, ...ebu3342, ...bs2217])("$name at 48 kHz", (loudnessCase) =>
    expectCase(loudnessCase, 48_000),
  );

  test.each(SPOT_RATES)("the cases hold at %i Hz", (sampleRate) => {
    for (const loudnessCase of [...ebu3341Loudness, ...ebu3342].filter(isSpot)) expectCase(loudnessCase, sampleRate);
  });

  test("3341-11: a live meter's short-term maximum follows each 6 s segment", () => {
    for (const [i, highest] of liveMaxima(ebu3341Case11, (meter) => meter.shortTermLufs()).entries())
      expect(Math.abs(highest - (ebu3341Case11[i]?.expectedLufs ?? 0))).toBeLessThan(TOLERANCE_LU);
  });

  test("3341-14: a live meter's momentary maximum follows each 0.8 s segment", () => {
    for (const [i, highest] of liveMaxima(ebu3341Case14, (meter) => meter.momentaryLufs()).entries())
      expect(Math.abs(highest - (ebu3341Case14[i]?.expectedLufs ?? 0))).toBeLessThan(TOLERANCE_LU);
  });

  test("3341-9 and 3341-12 read constant once their windows are full", () => {
    const nine = renderTone(ebu3341Loudness.find(({ name }) => name === "3341-9")?.segments ?? [], 1000, 48_000);
    const meter = bench.meter(48_000, 2);
    for (let from = 0; from < nine.length; from += 480) {
      const hop = nine.subarray(from, from + 480);
      bench.feed(meter, [hop, hop]);
      const shortTerm = meter.shortTermLufs();
      if (shortTerm !== null) expect(Math.abs(shortTerm + 23)).toBeLessThan(TOLERANCE_LU);
    }
    const twelve = renderTone(ebu3341Loudness.find(({ name }) => name === "3341-12")?.segments ?? [], 1000, 48_000);
    const second = bench.meter(48_000, 2);
    bench.feed(second, [twelve, twelve]);
    for (const { momentaryLufs } of second.takeHops().slice(100))
      expect(Math.abs((momentaryLufs ?? 0) + 23)).toBeLessThan(TOLERANCE_LU);
  });
});

describe("loudness meter: channels", () => {
  const tone = sine(1000, -20, 96_000);
  const silent = new Float32Array(tone.length);
  const alone = (channel: number, channels: number) =>
    bench.measure(
      Array.from({ length: channels }, (_, i) => (i === channel ? tone : silent)),
      48_000,
    ).integratedLufs;

  test("997 Hz at full scale in one channel reads -3.01", () => {
    expect(bench.measure([sine(997, 0, 96_000), silent], 48_000).integratedLufs).toBeCloseTo(-3.01, 2);
  });

  test("side channels count +1.5 dB, the LFE nothing, the rear pair of 7.1 once", () => {
    const front = alone(0, 8) ?? 0;
    const over = [0, 1, 2, 3, 4, 5, 6, 7].map((channel) => alone(channel, 8)).map((lufs) => lufs && lufs - front);
    expect(over[3]).toBeNull();
    for (const side of [4, 5]) expect(over[side]).toBeCloseTo(10 * Math.log10(1.41), 6);
    for (const once of [1, 2, 6, 7]) expect(over[once]).toBeCloseTo(0, 6);
    expect((alone(3, 5) ?? 0) - (alone(0, 5) ?? 0)).toBeCloseTo(10 * Math.log10(1.41), 6);
  });

  test("discrete channels count once each, whatever their number", () => {
    const meter = bench.meter(48_000, 6, "discrete");
    bench.feed(meter, [silent, silent, silent, tone, silent, silent]);
    expect(meter.measures().integratedLufs).toBeCloseTo(alone(0, 6) ?? 0, 6);
  });

  test("mono reads 3 dB under the same signal in two channels", () => {
    const mono = bench.measure([tone], 48_000).integratedLufs ?? 0;
    expect((bench.measure([tone, tone], 48_000).integratedLufs ?? 0) - mono).toBeCloseTo(10 * Math.log10(2), 6);
  });
});

describe("loudness meter: laws", () => {
  const programme = [noise(-12, 200_000, 3), noise(-20, 200_000, 4)];

  test("silence and what is shorter than a block measure null", () => {
    const silent = bench.measure([new Float32Array(48_000), new Float32Array(48_000)], 48_000);
    expect(silent).toEqual({
      integratedLufs: null,
      maxMomentaryLufs: null,
      maxShortTermLufs: null,
      loudnessRangeLu: null,
      truePeakDbtp: null,
      samplePeakDbfs: null,
      durationSeconds: 1,
      sampleRate: 48_000,
      channels: 2,
    });
    expect(bench.measure([sine(1000, -6, 19_199)], 48_000).integratedLufs).toBeNull();
    expect(bench.measure([sine(1000, -6, 19_200)], 48_000).integratedLufs).not.toBeNull();
  });

  test.each([1, 7, 480, 1000, 4096])("blocks of %i frames read the same to the last bit", (blockFrames) => {
    expect(bench.measure(programme, 69_313, blockFrames)).toEqual(bench.measure(programme, 69_313, 333));
  });

  test("one damaged sample leaves the rest of the programme measured", () => {
    const clean = bench.measure(programme, 48_000);
    for (const damage of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const damaged = programme.map((channel) => channel.map((x, n) => (n === 50_000 ? damage : x)));
      const measures = bench.measure(damaged, 48_000);
      expect(measures.integratedLufs).toBeCloseTo(clean.integratedLufs ?? 0, 2);
      expect(measures.truePeakDbtp).toBeCloseTo(clean.truePeakDbtp ?? 0, 2);
    }
  });

  test("the 10 ms grid of 69,313 Hz holds after a minute: hop 6000 ends with frame 4,158,780", () => {
    const meter = bench.meter(69_313, 1);
    bench.feed(meter, [new Float32Array(4_158_779)]);
    expect(meter.takeHops()).toHaveLength(1024);
    bench.feed(meter, [new Float32Array(1)]);
    expect(meter.takeHops()).toHaveLength(1);
  });

  test("hops read back give the momentary curve and the energy of each 10 ms", () => {
    const meter = bench.meter(48_000, 1);
    bench.feed(meter, [sine(997, 0, 48_000)]);
    const hops = meter.takeHops();
    expect(hops).toHaveLength(100);
    expect(hops.slice(0, 39).every(({ momentaryLufs }) => momentaryLufs === null)).toBe(true);
    expect(hops[99]?.momentaryLufs).toBeCloseTo(-3.01, 2);
    expect(-0.691 + 10 * Math.log10(hops[99]?.meanSquare ?? 0)).toBeCloseTo(-3.01, 1);
  });

  test("K weighting is the same filter at 8 to 192 kHz, within 0.05 dB", () => {
    for (const hz of [100, 500, 1000, 1682, 3000]) {
      const reference = bench.measure([sine(hz, -20, 96_000)], 48_000).integratedLufs ?? 0;
      for (const sampleRate of [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 69_313, 96_000, 192_000]) {
        const measured = bench.measure([sine(hz, -20, 2 * sampleRate, sampleRate)], sampleRate).integratedLufs;
        expect(Math.abs((measured ?? 0) - reference), `${hz} Hz at ${sampleRate}`).toBeLessThan(0.05);
      }
    }
  });

  test("a wrong rate or number of channels is refused", () => {
    expect(() => createLoudnessMeter(instance, 7999, 2)).toThrow(TypeError);
    expect(() => createLoudnessMeter(instance, 48_000, 9)).toThrow(TypeError);
    expect(() => createLoudnessMeter(instance, 48_000, 0)).toThrow(TypeError);
  });
});

/** Levels that wander over 40 dB, so that both gates and the range have work. */
const wandering = (seed: number): Float32Array =>
  noise(0, 48_000 * 60, seed).map(
    (x, n) => x * 10 ** ((-30 + 20 * Math.sin(n / 800_000) + 3 * Math.sin(n / 131_000)) / 20),
  );

const floatWave = (channels: readonly Float32Array[]): Buffer => {
  const frames = channels[0]?.length ?? 0;
  const data = Buffer.alloc(frames * channels.length * 4);
  channels.forEach((channel, c) => {
    channel.forEach((x, n) => void data.writeFloatLE(x, (n * channels.length + c) * 4));
  });
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(3, 20);
  head.writeUInt16LE(channels.length, 22);
  head.writeUInt32LE(48_000, 24);
  head.writeUInt32LE(48_000 * 4 * channels.length, 28);
  head.writeUInt16LE(4 * channels.length, 32);
  head.writeUInt16LE(32, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
};

type Reading = { readonly integratedLufs: number; readonly rangeLu: number; readonly truePeakDbtp: number };

const ffmpeg = process.env["PREMIX_FFMPEG"] ?? "ffmpeg";
const hasFfmpeg = spawnSync(ffmpeg, ["-version"]).status === 0;

const readWithFfmpeg = (channels: readonly Float32Array[]): Reading => {
  const folder = mkdtempSync(path.join(tmpdir(), "premix-loudness-"));
  const file = path.join(folder, "programme.wav");
  writeFileSync(file, floatWave(channels));
  const filter = "ebur128=metadata=1:peak=true,ametadata=print:file=-";
  const text = execFileSync(ffmpeg, ["-hide_banner", "-nostats", "-i", file, "-af", filter, "-f", "null", "-"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 28,
  });
  rmSync(folder, { recursive: true });
  const last = (key: string) =>
    Number(
      text
        .match(new RegExp(`lavfi\\.r128\\.${key}=(\\S+)`, "g"))
        ?.at(-1)
        ?.split("=")[1],
    );
  const peaks = channels.map((_, c) => last(`true_peaks_ch${c}`));
  return { integratedLufs: last("I"), rangeLu: last("LRA"), truePeakDbtp: 20 * Math.log10(Math.max(...peaks)) };
};

/** The same by the definitions, without the K filter: only for a 1 kHz tone, whose gain is known (BS.1770: -0.691 + 0.698 dB). */
const closedForm = (): Reading => ({ integratedLufs: -19.993, rangeLu: 0, truePeakDbtp: -20 });

test("an independent meter agrees", () => {
  const channels = hasFfmpeg ? [wandering(1), wandering(2)] : [sine(1000, -20, 480_000), sine(1000, -20, 480_000)];
  const theirs = hasFfmpeg ? readWithFfmpeg(channels) : closedForm();
  const ours = bench.measure(channels, 48_000);
  expect(Math.abs((ours.integratedLufs ?? 0) - theirs.integratedLufs)).toBeLessThan(0.02);
  expect(Math.abs((ours.loudnessRangeLu ?? 0) - theirs.rangeLu)).toBeLessThan(0.1);
  // White noise up to half the rate: their shorter interpolator rounds its top octave off.
  expect(Math.abs((ours.truePeakDbtp ?? 0) - theirs.truePeakDbtp)).toBeLessThan(0.6);
});
