// The laws of every processor in 5.1 and 7.1, where they could differ from stereo: every channel pair has its own state.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProcessorDefinition } from "../../schema/processor.ts";
import { processors } from "../../schema/processors/index.ts";
import { allFinite, largestDifference, peakOf } from "../support/measure-signal.ts";
import { openProcessor, type ProcessorValues } from "../support/open-processor.ts";
import { anyValues } from "../support/processor-values.ts";
import { concat, noise } from "../support/signals.ts";

const registry: readonly ProcessorDefinition[] = processors;

describe.each(registry.map((definition) => ({ type: definition.type, definition })))("$type", ({ definition }) => {
  const some = anyValues(definition.params);

  describe.each([6, 8])("in %i channels", (channels) => {
    const key = noise(-12, 48_000 * channels, 5);
    /** Loud, quiet and silent stretches, 0.25 s. */
    const programme = concat(
      noise(-1, 4800 * channels, 1),
      noise(-40, 4800 * channels, 2),
      new Float32Array(2400 * channels),
    );
    const open = (values: ProcessorValues, blockFrames: number | number[] = 480) =>
      openProcessor(definition.type, values, { channels, blockFrames, ...(definition.keyed ? { key } : {}) });

    test("gives the same bits twice, however it is cut into blocks, and after a reset", () => {
      fc.assert(
        fc.property(some, some, (before, values) => {
          const used = open(before, 1000);
          used(programme.subarray(0, 2400 * channels));
          used.set(values);
          used.reset();
          const expected = open(values)(programme);
          expect(largestDifference(open(values)(programme), expected)).toBe(0);
          for (const blockFrames of [[7, 333, 128], 4096])
            expect(largestDifference(open(values, blockFrames)(programme), expected)).toBe(0);
          expect(largestDifference(used(programme), expected)).toBe(0);
        }),
        { numRuns: 2 },
      );
    });

    test("is its input, delayed by the latency, when it is off", () => {
      fc.assert(
        fc.property(some, (values) => {
          const off = open(values);
          off.setEnabled(false);
          const late = concat(new Float32Array(off.latencyFrames() * channels), programme);
          expect(largestDifference(off(programme), late.subarray(0, programme.length))).toBe(0);
        }),
        { numRuns: 1 },
      );
    });

    test("stays finite, and falls silent after its tail", () => {
      const extremes = concat(new Float32Array(2400 * channels).fill(1e-40), noise(119, 2400 * channels, 3));
      fc.assert(
        fc.property(some, (values) => {
          expect(allFinite(open(values)(extremes))).toBe(true);
          const process = open(values);
          process(noise(-6, 4800 * channels, 4));
          const rest = process.tailFrames() + process.latencyFrames();
          const output = process(new Float32Array(channels * (rest + 960)));
          expect(peakOf(output.subarray(channels * rest))).toBeLessThan(1e-6);
        }),
        { numRuns: 1 },
      );
    });
  });
});
