// The benchmark's table of processors and what does their job elsewhere: nobody is forgotten, and everybody is measured at work.
import { expect, test } from "vitest";
import { processors } from "../../schema/processors/index.ts";
import { type Case, counterparts } from "../bench/processors/counterparts.ts";
import { stereoProgramme, surroundProgramme } from "../bench/processors/programme.ts";
import { largestDifference } from "../support/measure-signal.ts";
import { openProcessor } from "../support/open-processor.ts";

const programme = stereoProgramme();
const surround = surroundProgramme(programme);

const rows = Object.entries(counterparts).flatMap(([type, cases]) =>
  (cases as readonly Case[]).map((one) => ({ name: [type, one.variant ?? ""].join(" ").trim(), type, one })),
);

test("every processor of the registry has a row, and no other has", () => {
  expect(Object.keys(counterparts).sort()).toEqual(processors.map(({ type }) => type).sort());
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});

test.each(rows)("$name has work to do in the programme that it is timed on", ({ type, one }) => {
  const { values, keyed, channels = 2, outputChannels = channels } = one;
  const input = channels === 2 ? programme : surround;
  const play = (enabled: boolean) => {
    const process = openProcessor(type, values, {
      channels,
      outputChannels,
      blockFrames: 1024,
      ...(keyed ? { key: input } : {}),
    });
    process.setEnabled(enabled);
    return process(input);
  };
  expect(largestDifference(play(true), play(false))).toBeGreaterThan(1e-6);
});
