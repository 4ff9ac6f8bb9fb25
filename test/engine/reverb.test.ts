import { describe, expect, test } from "vitest";
import { channelOf, largestDifference, peakOf, rmsDb, toDb } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { clarityDb, correlationAbove, echoDensity, idealOctaveDecay, octaveDecay } from "../support/room-measures.ts";
import { impulse, noise } from "../support/signals.ts";

const RATE = 48_000;
/** Nothing before the room, nothing taken from its ends. */
const open: ProcessorValues = { preDelayMs: 0, lowCutHz: 20, highCutHz: 20_000 };

type Room = { readonly decaySeconds?: number; readonly lowRatio?: number; readonly highRatio?: number };

/** What both channels answer to an impulse in one of them. */
const responses = (values: ProcessorValues, source: 0 | 1, seconds: number): [Float32Array, Float32Array] => {
  const frames = Math.ceil(seconds * RATE);
  const out = openProcessor("reverb", { ...open, ...values })(impulse(2 * frames, source));
  return [channelOf(out, 0), channelOf(out, 1)];
};

/** dB per second at a frequency, as the parameters promise. */
const decayRate = ({ decaySeconds = 1.2, lowRatio = 1.1, highRatio = 0.5 }: Room) => {
  const [middle, low, high] = [decaySeconds, decaySeconds * lowRatio, decaySeconds * highRatio].map((t) => 60 / t) as [
    number,
    number,
    number,
  ];
  return (f: number) => middle + (low - middle) / (1 + (f / 200) ** 2) + (high - middle) / (1 + (4000 / f) ** 2);
};

/** The largest relative error of an octave's decay time; three rooms of nearly the same size, so that chance is averaged out. */
const worstDecayError = (room: Room & { readonly sizeMetres?: number }): number => {
  const { decaySeconds = 1.2, lowRatio = 1.1, sizeMetres = 12 } = room;
  const seconds = Math.max(0.5, 0.3 + decaySeconds * Math.max(1, lowRatio));
  const all = [0.95, 1, 1.05].flatMap((scale) =>
    ([0, 1] as const).flatMap((source) => responses({ ...room, sizeMetres: sizeMetres * scale }, source, seconds)),
  );
  const errors = [63, 125, 250, 500, 1000, 2000, 4000, 8000].map((centreHz) =>
    Math.abs(octaveDecay(all, centreHz) / idealOctaveDecay(decayRate(room), centreHz) - 1),
  );
  return Math.max(...errors);
};

describe("reverb: decay", () => {
  test.each([
    {},
    { decaySeconds: 0.4 },
    { decaySeconds: 3, sizeMetres: 30 },
    { decaySeconds: 2, sizeMetres: 20, highRatio: 0.3, lowRatio: 1.5 },
    { decaySeconds: 0.3, sizeMetres: 4 },
    { decaySeconds: 5, sizeMetres: 50, lowRatio: 0.7 },
    { decaySeconds: 0.6, highRatio: 0.2 },
  ])("%j: every octave's decay time is right within 5 %%", (room) => {
    expect(worstDecayError(room)).toBeLessThan(0.05);
  });

  test("at the ends of the ratios it is right within 8 %", () => {
    expect(worstDecayError({ highRatio: 0.1, lowRatio: 2 })).toBeLessThan(0.08);
  });

  test.each([44_100, 96_000])("it is the same at %i Hz", (sampleRate) => {
    const frames = 1.5 * sampleRate;
    const out = openProcessor("reverb", open, { sampleRate })(impulse(2 * frames));
    const both = [channelOf(out, 0), channelOf(out, 1)];
    for (const centreHz of [500, 2000]) {
      const ideal = idealOctaveDecay(decayRate({}), centreHz);
      expect(Math.abs(octaveDecay(both, centreHz, sampleRate) / ideal - 1)).toBeLessThan(0.05);
    }
  });

  test.each([{ decaySeconds: 0.5 }, { decaySeconds: 1.2 }, { decaySeconds: 3, sizeMetres: 30 }])(
    "%o: clarity at 1 kHz is that of an exponential decay within 1 dB",
    (room) => {
      const all = [...responses(room, 0, 3.5), ...responses(room, 1, 3.5)];
      const clarity = all.reduce((sum, response) => sum + clarityDb(response, 1000), 0) / all.length;
      const rate = decayRate(room)(1000) / 10;
      const early = 1 - 10 ** (-rate * 0.05);
      expect(Math.abs(clarity - 10 * Math.log10(early / (1 - early)))).toBeLessThan(1);
    },
  );
});

describe("reverb: density", () => {
  test.each([
    { name: "a room", values: {}, ms: 80 },
    { name: "a hall", values: { sizeMetres: 25, decaySeconds: 2.5 }, ms: 150 },
  ])("$name is as dense as noise after $ms ms", ({ values, ms }) => {
    const all = [...responses(values, 0, 1), ...responses(values, 1, 1)];
    for (const later of [0, 20, 50]) {
      const densities = all.flatMap((response) =>
        [-8, -4, 0, 4, 8].map((shift) => echoDensity(response, (ms + later + shift) / 1000)),
      );
      expect(densities.reduce((sum, value) => sum + value, 0) / densities.length).toBeGreaterThan(0.9);
    }
  });

  test("the channels of the tail have little in common above 500 Hz", () => {
    for (const values of [{}, { sizeMetres: 4, decaySeconds: 0.5 }, { sizeMetres: 40, decaySeconds: 4 }]) {
      const out = openProcessor("reverb", { ...open, ...values })(
        Float32Array.from(impulse(96_000), (_, i) => (i < 2 ? 1 : 0)),
      );
      const tail = [0, 1].map((channel) => channelOf(out, channel).subarray(4800)) as [Float32Array, Float32Array];
      expect(Math.abs(correlationAbove(tail[0], tail[1], 500))).toBeLessThan(0.15);
    }
  });
});

describe("reverb: level and time", () => {
  test.each([{ decaySeconds: 0.3 }, { decaySeconds: 5 }, { sizeMetres: 3 }, { sizeMetres: 50 }])(
    "%o: as loud as what goes in, within 2 dB",
    (values) => {
      const input = noise(-12, 2 * 12 * RATE, 3);
      const out = openProcessor("reverb", { ...open, highRatio: 1, lowRatio: 1, ...values })(input);
      expect(Math.abs(rmsDb(out.subarray(12 * RATE)) - rmsDb(input))).toBeLessThan(2);
    },
  );

  test("nothing is heard before the pre-delay", () => {
    const out = openProcessor("reverb", { preDelayMs: 100 })(impulse(2 * RATE));
    expect(peakOf(out.subarray(0, 2 * 4800))).toBe(0);
    expect(peakOf(out.subarray(2 * 4800, 2 * 6000))).toBeGreaterThan(0.01);
  });

  test("the cuts take 3 dB at their frequencies and 12 dB per octave beyond", () => {
    const band = (values: ProcessorValues, centreHz: number) => {
      const [left] = responses(values, 0, 2);
      const step = (2 * Math.PI * centreHz) / RATE;
      let power = 0;
      for (let shift = -20; shift <= 20; shift += 1) {
        const w = step * 2 ** (shift / 60);
        let [re, im] = [0, 0];
        for (let i = 0; i < left.length; i += 1) {
          re += (left[i] ?? 0) * Math.cos(w * i);
          im += (left[i] ?? 0) * Math.sin(w * i);
        }
        power += re * re + im * im;
      }
      return 0.5 * toDb(power);
    };
    const difference = (values: ProcessorValues, frequencyHz: number) =>
      band(values, frequencyHz) - band({}, frequencyHz);
    for (const [values, frequencyHz, expectedDb] of [
      [{ highCutHz: 2000 }, 2000, -3],
      [{ highCutHz: 2000 }, 4000, -12.3],
      [{ lowCutHz: 400 }, 400, -3],
      [{ lowCutHz: 400 }, 200, -12.3],
    ] as const)
      expect(Math.abs(difference(values, frequencyHz) - expectedDb)).toBeLessThan(1);
  });

  test("a mono room stays mono; in 5.1 the LFE stays out of it and every other channel answers", () => {
    const mono = openProcessor("reverb", open, { channels: 1 })(impulse(RATE));
    expect(rmsDb(mono)).toBeGreaterThan(-60);
    const surround = openProcessor("reverb", open, { channels: 6 })(impulse(6 * RATE, 2));
    const levels = [0, 1, 2, 3, 4, 5].map((channel) => peakOf(channelOf(surround, channel, 6)));
    expect(levels[3]).toBe(0);
    for (const channel of [0, 1, 2, 4, 5]) expect(levels[channel]).toBeGreaterThan(1e-3);
    const lfe = openProcessor("reverb", open, { channels: 6 })(impulse(6 * RATE, 3));
    expect(peakOf(lfe)).toBe(0);
  });

  test("another room leaves the tail of the last one as it was", () => {
    const settings = { ...open, decaySeconds: 2 };
    const [steady, moved] = [openProcessor("reverb", settings), openProcessor("reverb", settings)];
    const silence = new Float32Array(RATE);
    const burst = noise(-6, 9600, 9);
    expect(largestDifference(steady(burst), moved(burst))).toBe(0);
    moved.set({ ...open, decaySeconds: 0.2, sizeMetres: 5 });
    expect(largestDifference(steady(silence), moved(silence))).toBe(0);
  });
});
