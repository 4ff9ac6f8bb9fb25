// What holds for every processor of the registry, whatever it does: the laws that make renders reproducible and chains composable.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProcessorDefinition } from "../../schema/processor.ts";
import { processors } from "../../schema/processors/index.ts";
import { effort } from "../support/effort.ts";
import { allFinite, bestLag, channelOf, clickPeak, largestDifference, peakOf } from "../support/measure-signal.ts";
import {
  type OpenOptions,
  type OpenProcessor,
  openProcessor,
  type ProcessorValues,
} from "../support/open-processor.ts";
import { anyValues, parameterJumps } from "../support/processor-values.ts";
import { concat, noise, sine, spread } from "../support/signals.ts";

const RATE = 48_000;
const BLOCK = 480;
const registry: readonly ProcessorDefinition[] = processors;
/** -90 dBFS. */
const INAUDIBLE_CLICK = 10 ** (-90 / 20);

/** A processor that listens gets something to listen to: bursts of noise. */
const key = concat(noise(-12, RATE, 5), new Float32Array(RATE), noise(-20, 4 * RATE, 6));

const open = ({ type, keyed }: ProcessorDefinition, values: ProcessorValues, options: OpenOptions = {}) =>
  openProcessor(type, values, keyed ? { key, ...options } : options);

/** Loud, quiet and silent stretches, stereo, 0.4 s. */
const programme = concat(noise(-1, 9600, 1), noise(-40, 9600, 2), new Float32Array(4800), spread(sine(220, -6, 7200)));

const answersLater: ReadonlySet<string> = new Set(["reverb", "convolution", "delay"]);

const delayed = (input: Float32Array, frames: number): Float32Array =>
  concat(new Float32Array(frames * 2), input).subarray(0, input.length);

/** Plays half a second of sound, as often as it takes to come through the latency. */
const player = (process: OpenProcessor, tone: Float32Array) => () =>
  concat(...Array.from({ length: 1 + Math.floor(process.latencyFrames() / (RATE / 2)) }, () => process(tone)));

describe.each(registry.map((definition) => ({ type: definition.type, definition })))("$type", ({ definition }) => {
  const some = anyValues(definition.params);

  test("gives the same bits twice", () => {
    fc.assert(
      fc.property(some, (values) => {
        expect(largestDifference(open(definition, values)(programme), open(definition, values)(programme))).toBe(0);
      }),
      { numRuns: effort(2, 5) },
    );
  });

  test("does not hear how the sound is cut into blocks", () => {
    fc.assert(
      fc.property(
        some,
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 6 }),
        (values, sizes) => {
          const expected = open(definition, values, { blockFrames: BLOCK })(programme);
          for (const blockFrames of [1, 7, 128, 1000, 4096, sizes]) {
            expect(largestDifference(open(definition, values, { blockFrames })(programme), expected)).toBe(0);
          }
        },
      ),
      { numRuns: effort(2, 4) },
    );
  });

  test("does not hear the blocks while a parameter moves either", () => {
    const [first, second] = [programme.subarray(0, 9600), programme.subarray(9600)];
    fc.assert(
      fc.property(some, some, (before, after) => {
        const run = (blockFrames: number | number[]) => {
          const process = open(definition, before, { blockFrames });
          const head = process(first);
          process.set(after);
          return concat(head, process(second));
        };
        const expected = run(BLOCK);
        for (const blockFrames of [1, [7, 333], 4800]) expect(largestDifference(run(blockFrames), expected)).toBe(0);
      }),
      { numRuns: effort(2, 4) },
    );
  });

  test("takes damaged samples for silence and forgets them at once", () => {
    const damage = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e30];
    const broken = programme.map((value, i) =>
      i % 997 < 30 && i < 9600 ? (damage[i % damage.length] ?? value) : value,
    );
    const mended = programme.map((value, i) => (i % 997 < 30 && i < 9600 ? 0 : value));
    fc.assert(
      fc.property(some, (values) => {
        const output = open(definition, values)(broken);
        expect(allFinite(output)).toBe(true);
        expect(largestDifference(output, open(definition, values)(mended))).toBe(0);
      }),
      { numRuns: effort(4, 8) },
    );
  });

  test("stays finite on the faintest and the loudest sound that a file can hold", () => {
    const extremes = concat(new Float32Array(4800).fill(1e-40), noise(119, 4800, 3), new Float32Array(9600));
    fc.assert(
      fc.property(some, (values) => {
        expect(allFinite(open(definition, values)(extremes))).toBe(true);
      }),
      { numRuns: effort(7, 15) },
    );
  });

  test("is as new after a reset", () => {
    fc.assert(
      fc.property(some, some, (before, values) => {
        const used = open(definition, before);
        used(programme);
        used.set(values);
        used.reset();
        expect(largestDifference(used(programme), open(definition, values)(programme))).toBe(0);
      }),
      { numRuns: effort(2, 5) },
    );
  });

  test("is its input, delayed by the latency, when it is off or mixed to 0 %", () => {
    fc.assert(
      fc.property(some, (values) => {
        const off = open(definition, values);
        off.setEnabled(false);
        expect(largestDifference(off(programme), delayed(programme, off.latencyFrames()))).toBe(0);
        const dry = open(definition, values);
        dry.setMix(0);
        expect(largestDifference(dry(programme), delayed(programme, dry.latencyFrames()))).toBe(0);
      }),
      { numRuns: effort(2, 5) },
    );
  });

  test("is late by exactly its latency", () => {
    const process = openProcessor(definition.type, {});
    const latency = process.latencyFrames();
    const quiet = noise(-60, 2 * (9600 + latency), 8);
    // A room or an echo answers later than it hears: what must be on time is the dry half of the mix.
    if (answersLater.has(definition.type)) process.setMix(50);
    const output = process(quiet);
    expect(bestLag(channelOf(quiet, 0).subarray(0, 9600), channelOf(output, 0), latency + 100)).toBe(latency);
  });

  test("falls silent after its tail", () => {
    fc.assert(
      fc.property(some, (values) => {
        const process = open(definition, values);
        process(noise(-6, 9600, 4));
        const rest = process.tailFrames() + process.latencyFrames();
        const output = process(new Float32Array(2 * (rest + 960)));
        expect(peakOf(output.subarray(2 * rest))).toBeLessThan(1e-6);
      }),
      { numRuns: effort(3, 6) },
    );
  });

  test("takes no memory while it runs", () => {
    const process = open(definition, {});
    const { instance } = process;
    const size = instance.allocate(16);
    const step = instance.allocate(16) - size;
    const before = instance.allocate(16);
    process(programme);
    process.set(parameterJumps(definition)[0]?.after ?? {});
    process(programme);
    expect(instance.allocate(16) - before).toBe(step);
  });

  test.each(parameterJumps(definition))("makes no click when $name", ({ before, after }) => {
    const tone = spread(sine(100, -6, RATE / 2));
    const process = open(definition, before, { key: spread(sine(100, -12, 2 * RATE)) });
    const play = player(process, tone);
    play();
    const steady = play();
    process.set(after);
    const jump = play();
    play();
    const settled = play();
    for (const channel of [0, 1]) {
      const own = Math.max(clickPeak(channelOf(steady, channel)), clickPeak(channelOf(settled, channel)));
      const whole = channelOf(concat(steady.subarray(-64), jump), channel);
      expect(clickPeak(whole)).toBeLessThan(own + INAUDIBLE_CLICK);
    }
  });

  test("makes no click when it is switched off and on, or its mix jumps", () => {
    const tone = spread(sine(100, -6, RATE / 2));
    const values = definition.type === "gain" ? { gainDb: -12 } : {};
    const process = open(definition, values, { key: spread(sine(100, -12, 4 * RATE)) });
    const play = player(process, tone);
    play();
    const parts = [play()];
    for (const change of [
      () => process.setEnabled(false),
      () => process.setEnabled(true),
      () => process.setMix(30),
      () => process.setMix(100),
    ]) {
      change();
      parts.push(play());
    }
    const own = clickPeak(channelOf(parts[0] ?? tone, 0));
    expect(clickPeak(channelOf(concat(...parts), 0))).toBeLessThan(own + INAUDIBLE_CLICK);
  });
});
