import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openMedia } from "../../../engine/media/probe.ts";
import { ProblemError } from "../../../schema/problem.ts";
import { type FlacFacts, type FlacWriter, flacFrame, flacHeader } from "./flac-writer.ts";
import { readOut, sourceOf } from "./sources.ts";
import { bytes } from "./wave-bytes.ts";

const decode = async (file: Uint8Array): Promise<number[]> => {
  const opened = await openMedia(sourceOf(file), "a.flac");
  if (!opened.ok || opened.value.stream === undefined) throw new Error("the file was not opened");
  return Array.from(await readOut(await opened.value.stream()));
};

const mono = (bits: number, blockFrames: number): FlacFacts => ({ bits, channels: 1, blockFrames });

const one = (facts: FlacFacts, subframe: (writer: FlacWriter) => void, assignment = facts.channels - 1) =>
  bytes(flacHeader(facts, facts.blockFrames), flacFrame(facts, 0, assignment, subframe));

const verbatim = (samples: readonly number[], bits: number) => (writer: FlacWriter) => {
  writer.put(0b0_000001_0, 8);
  for (const sample of samples) writer.signed(sample, bits);
};

const range = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });

describe("subframes", () => {
  test("a constant fills its block", async () => {
    const file = one(mono(16, 5), (writer) => writer.put(0, 8).signed(-3, 16));
    expect(await decode(file)).toEqual(new Array(5).fill(-3 / 32_768));
  });

  test.each([8, 12, 16, 20, 24, 32])("verbatim samples of %i bits are exact", async (bits) => {
    await fc.assert(
      fc.asyncProperty(fc.array(range(bits), { minLength: 1, maxLength: 20 }), async (samples) => {
        const decoded = await decode(one(mono(bits, samples.length), verbatim(samples, bits)));
        expect(decoded).toEqual(samples.map((sample) => Math.fround(sample / 2 ** (bits - 1))));
      }),
      { numRuns: 30 },
    );
  });

  test.each([0, 1, 2, 3, 4])("the fixed predictor of order %i adds up its differences", async (order) => {
    const samples = [100, -250, 4000, 3999, -8000, 7, 7, 7];
    const difference = (values: readonly number[]) => values.slice(1).map((value, index) => value - values[index]!);
    let residual: readonly number[] = samples;
    for (let step = 0; step < order; ++step) residual = difference(residual);
    const file = one(mono(16, 8), (writer) => {
      writer.put(8 + order, 7).put(0, 1);
      for (const sample of samples.slice(0, order)) writer.signed(sample, 16);
      writer.put(0, 2).put(0, 4).put(9, 4).rice(residual, 9);
    });
    expect(await decode(file)).toEqual(samples.map((sample) => sample / 32_768));
  });

  test("a linear predictor rounds its sum down, also below zero", async () => {
    // Order 2, precision 5 bits, shift 2: (3 a + -6 b) / 4 of the two samples before.
    const file = one(mono(16, 4), (writer) => {
      writer
        .put(32 + 1, 7)
        .put(0, 1)
        .signed(10, 16)
        .signed(-7, 16);
      writer
        .put(5 - 1, 4)
        .signed(2, 5)
        .signed(3, 5)
        .signed(-6, 5);
      writer.put(0, 2).put(0, 4).put(3, 4).rice([0, 1], 3);
    });
    const third = Math.floor((3 * -7 + -6 * 10) / 4);
    const fourth = Math.floor((3 * third + -6 * -7) / 4) + 1;
    expect(await decode(file)).toEqual([10, -7, third, fourth].map((sample) => sample / 32_768));
  });

  test("raw residuals, partitions and wasted bits are understood", async () => {
    const file = one(mono(16, 4), (writer) => {
      // Fixed order 0 with 3 wasted bits; two partitions, the first raw with 6 bits.
      writer.put(8, 7).put(1, 1).put(0b001, 3);
      writer.put(0, 2).put(1, 4);
      writer.put(15, 4).put(6, 5).signed(-30, 6).signed(31, 6);
      writer.put(2, 4).rice([5, -6], 2);
    });
    expect(await decode(file)).toEqual([-30, 31, 5, -6].map((sample) => (sample * 8) / 32_768));
  });

  test.each([
    [8, [1000, -500], [400, 0]],
    [9, [1000, 400], [600, -500]],
  ])("stereo with a side channel (assignment %i)", async (assignment, first, second) => {
    const bits = [assignment === 9 ? 17 : 16, assignment === 9 ? 16 : 17] as const;
    const file = one(
      { bits: 16, channels: 2, blockFrames: 2 },
      (writer) => {
        verbatim(first, bits[0])(writer);
        verbatim(second, bits[1])(writer);
      },
      assignment,
    );
    const expected = assignment === 8 ? [1000, 600, -500, -500] : [1600, 600, -100, -500];
    expect(await decode(file)).toEqual(expected.map((sample) => sample / 32_768));
  });

  test("mid and side give every pair of samples back, at 16 and at 32 bits", async () => {
    for (const bits of [16, 32]) {
      await fc.assert(
        fc.asyncProperty(range(bits), range(bits), async (left, right) => {
          const file = one(
            { bits, channels: 2, blockFrames: 1 },
            (writer) => {
              verbatim([Math.floor((left + right) / 2)], bits)(writer);
              verbatim([left - right], bits + 1)(writer);
            },
            10,
          );
          const scale = 2 ** (bits - 1);
          expect(await decode(file)).toEqual([Math.fround(left / scale), Math.fround(right / scale)]);
        }),
        { numRuns: 50 },
      );
    }
  });
});

describe("streams", () => {
  const facts = mono(16, 3);
  const frame = (number: number) => flacFrame(facts, number, 0, verbatim([number, number + 1, number + 2], 16));
  const samples = (count: number) =>
    Array.from({ length: count }, (_, number) =>
      [number, number + 1, number + 2].map((value) => value / 32_768),
    ).flat();
  const frames = (count: number) => Array.from({ length: count }, (_, number) => frame(number));

  test("frames follow one another, more than one group of them", async () => {
    expect(await decode(bytes(flacHeader(facts, 60), ...frames(20)))).toEqual(samples(20));
  });

  test("tags in front and behind are no sound", async () => {
    const id3 = bytes("ID3", [4, 0, 0, 0, 0, 0, 5], new Uint8Array(5));
    const tag = bytes("TAG", new Uint8Array(125));
    expect(await decode(bytes(id3, flacHeader(facts, 9), ...frames(3), tag))).toEqual(samples(3));
  });

  test("metadata blocks are stepped over, whatever size they claim", async () => {
    const header = flacHeader(facts, 9);
    header[4] = 0;
    expect(await decode(bytes(header, [0x81, 0, 0, 3, 1, 2, 3], ...frames(3)))).toEqual(samples(3));
    expect(await decode(bytes(header, [0x81, 0xff, 0xff, 0xff, 1, 2, 3], ...frames(3)))).toEqual([]);
  });

  test("a file that is cut off gives its whole frames", async () => {
    const whole = bytes(flacHeader(facts, 9), ...frames(3));
    expect(await decode(whole.subarray(0, whole.length - 4))).toEqual(samples(2));
  });

  test.each(["a sample", "a header"])("damage of %s in the middle is said, with its place", async (what) => {
    const file = bytes(flacHeader(facts, 30), ...frames(10));
    const at = 42 + 4 * frame(0).length;
    file[at + (what === "a sample" ? 12 : 1)]! ^= 0x40;
    const decoded = decode(file);
    await expect(decoded).rejects.toThrow(ProblemError);
    await expect(decoded).rejects.toThrow(/a\.flac is damaged: .* byte \d+/);
  });

  test("eight channels and blocks of 65,535 frames fit", async () => {
    const wide: FlacFacts = { bits: 24, channels: 8, blockFrames: 65_535 };
    const file = one(wide, (writer) => {
      for (let channel = 0; channel < 8; ++channel) writer.put(0, 8).signed(channel - 4, 24);
    });
    const decoded = await decode(file);
    expect(decoded.length).toBe(8 * 65_535);
    expect(decoded.slice(-8)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3].map((value) => value / 2 ** 23));
  });
});
