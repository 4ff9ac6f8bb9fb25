import { readFileSync } from "node:fs";
import type { Problem, Result } from "../../../schema/problem.ts";

const folder = new URL("../../fixtures/interchange/", import.meta.url);

/** Bytes of a hand-written fixture. */
export const fixture = (name: string): Uint8Array => readFileSync(new URL(name, folder));

export const fixtureText = (name: string): string => readFileSync(new URL(name, folder), "utf8");

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The value of a result that must be good; a test fails with the problems otherwise. */
export const goodOf = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(({ message }) => message).join("\n"));
};

/** The first problem of a result that must be refused. */
export const problemOf = (result: Result<unknown>): Problem => {
  if (result.ok) throw new Error("It was read although it should have been refused.");
  const [problem] = result.problems;
  if (problem === undefined) throw new Error("It was refused without a problem.");
  return problem;
};

/** A file whose one track holds the given items, at 25 frames a second unless another rate is given. */
export const xmeml = (items: string, rate = "<timebase>25</timebase><ntsc>FALSE</ntsc>", rest = ""): Uint8Array =>
  bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE xmeml><xmeml version="4"><sequence id="s"><name>S</name><rate>${rate}</rate>${rest}<media><audio><track>${items}</track></audio></media></sequence></xmeml>`,
  );

/** A clip item from frame 10 to 20 that plays frames 100 to 110 of a file; `inside` is put into it. */
export const clipitem = (inside = "", place = "<start>10</start><end>20</end><in>100</in><out>110</out>"): string =>
  `<clipitem id="c"><name>clip</name>${place}<file id="f"><name>a.wav</name><pathurl>file:///m/a.wav</pathurl></file>${inside}</clipitem>`;

/** Ticks of a frame at 25 frames a second. */
export const at25 = (frame: number): string => String(BigInt(frame) * 10_160_640_000n);
