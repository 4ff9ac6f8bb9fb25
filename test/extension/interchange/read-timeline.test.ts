import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readTimelines } from "../../../extension/interchange/read-timeline.ts";
import { bytesOf, fixture, goodOf, problemOf } from "./fixture.ts";

const project = fixture("prproj/two-tracks.prproj.xml");
const xmeml = fixture("xmeml/bins-and-nested.xml");

describe("the first bytes tell the format, whatever the name", () => {
  test.each([
    ["a gzipped project", gzipSync(project), "cut.xml", ["Hauptfilm 5 & 6", "Inner"]],
    ["a plain project", project, "cut.xml", ["Hauptfilm 5 & 6", "Inner"]],
    ["Final Cut Pro XML", xmeml, "cut.prproj", ["Empty", "Main", "Inner scene"]],
    [
      "XML behind comments and a mark",
      bytesOf(`\uFEFF<!-- <sesx> -->\n${new TextDecoder().decode(xmeml).slice(38)}`),
      "x",
      ["Empty", "Main", "Inner scene"],
    ],
  ])("%s", async (_, bytes, name, sequences) => {
    expect(goodOf(await readTimelines(bytes, name)).map((timeline) => timeline.name)).toEqual(sequences);
  });

  test("one sequence alone when it is named", async () => {
    expect(goodOf(await readTimelines(project, "x", { sequence: "Inner" })).map(({ name }) => name)).toEqual(["Inner"]);
    expect(goodOf(await readTimelines(xmeml, "x", { sequence: "main" })).map(({ id }) => id)).toEqual(["main"]);
    expect(problemOf(await readTimelines(xmeml, "x", { sequence: "nope" })).allowed).toEqual([
      "Empty",
      "Main",
      "Inner scene",
    ]);
  });
});

describe("everything else is refused with what is supported", () => {
  test.each([
    ["Audition session", bytesOf('<?xml version="1.0"?><!DOCTYPE sesx><sesx version="1.9"/>'), "not read yet"],
    ["Final Cut Pro X", bytesOf("<fcpxml/>"), "Final Cut Pro X"],
    ["unknown XML", bytesOf("<html/>"), "<html>"],
    ["zip", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), "zip archive"],
    ["AAF", new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), "AAF"],
    ["WAV", bytesOf("RIFF....WAVE"), "sound"],
    ["JSON", bytesOf('{"OTIO_SCHEMA":"Timeline.1"}'), "OpenTimelineIO"],
    ["text", bytesOf("hello"), "not an XML"],
    ["noise", new Uint8Array(64).fill(0xff), "known"],
    ["nothing", new Uint8Array(0), "empty"],
  ])("%s", async (_, bytes, words) => {
    const problem = problemOf(await readTimelines(bytes, "some.file"));
    expect(problem.code).toBe("unsupported");
    expect(problem.file).toBe("some.file");
    expect(problem.message).toContain(words);
    expect(problem.message).toContain(".prproj");
    expect(problem.message).toContain("<xmeml>");
  });
});
