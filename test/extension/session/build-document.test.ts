import { describe, expect, test } from "vitest";
import type { ClipAnalysis } from "../../../engine/measures.ts";
import type { Timeline } from "../../../extension/interchange/timeline.ts";
import type { ClipMedia } from "../../../extension/session/build-clip.ts";
import { buildDocument } from "../../../extension/session/build-document.ts";
import { enrich } from "../../../extension/session/read-sequence.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { Clip, MixDocument } from "../../../schema/generated/mix-document.ts";
import { targetProfiles } from "../../../schema/target-profiles.ts";
import { validateDocument } from "../../../schema/validate.ts";
import { clip, seconds, simulate, timeline, track } from "../../support/simulated-sequence.ts";

const medium = (path: string, channels: number): ClipMedia => {
  const name = path.split("/").at(-1)!;
  const media = { path: name, name, sizeBytes: 1, quickHash: null, sampleRate: 48_000, channels, frames: 60 * 48_000 };
  return { id: `med_${name.replace(/\W/g, "")}`, media };
};

/** Reads a timeline through the real host scripts, joins it with itself as the saved file, and writes it down. */
const writeDown = async (line: Timeline, saved: Timeline | null = line, analyses = new Map<string, ClipAnalysis>()) => {
  const { host } = simulate({ timelines: [line] });
  const connected = await host.connect();
  expect(connected.ok).toBe(true);
  const read = await host.readSequence();
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const facts = enrich(read.value, saved);
  const media = new Map(
    line.tracks
      .flatMap(({ clips }) => clips)
      .filter(({ mediaPath }) => mediaPath !== "")
      .map(({ mediaPath, mediaChannels }) => [mediaPath, medium(mediaPath, mediaChannels ?? 1)]),
  );
  const built = buildDocument({ facts: facts.value, media, profile: targetProfiles[0]!, analyses });
  const checked = validateDocument(built.document);
  expect(checked.ok ? [] : checked.problems).toEqual([]);
  return { ...built, facts };
};

const clipsOf = (document: MixDocument): Clip[] => document.tracks.flatMap(({ clips }) => clips);
const dialogue = (at: number, changes = {}) => clip(at, { name: `DX take ${at}`, ...changes });

describe("a sequence written down", () => {
  test("each clip keeps its place, its source and its levels, and the document is valid", async () => {
    const { document } = await writeDown(
      timeline("S", [track("", [dialogue(0, { gainDb: 3, volumeDb: -6 }), dialogue(2)])]),
    );
    const [first, second] = clipsOf(document);
    expect(first).toMatchObject({ startTicks: "0", durationTicks: seconds(2), sourceInTicks: "0", gainDb: 3 });
    expect(first!.volumeDb).toBeCloseTo(-6, 2);
    expect(second).toMatchObject({ startTicks: seconds(8), sourceInTicks: seconds(2), gainDb: 0 });
  });

  test("the same sequence gives the same bytes twice, and other ids for other clips", async () => {
    const line = timeline("S", [track("", [dialogue(0), dialogue(1)])]);
    const [one, two] = [await writeDown(line), await writeDown(line)];
    expect(canonicalText(one.document)).toBe(canonicalText(two.document));
    expect(new Set(clipsOf(one.document).map(({ id }) => id)).size).toBe(2);
  });

  test("clip volume keys become automation from the clip's own start, moving straight in gain", async () => {
    const volumeKeys = [
      { mediaTicks: seconds(5), levelDb: 0 },
      { mediaTicks: seconds(6), levelDb: -12 },
    ];
    const { document } = await writeDown(timeline("S", [track("", [dialogue(5, { volumeKeys })])]));
    const [lane] = clipsOf(document)[0]!.automation;
    expect(lane!.points.map(([ticks]) => ticks)).toEqual(["0", seconds(1), seconds(2)]);
    expect(lane!.points.map(([, db]) => Math.round(db))).toEqual([0, -12, -12]);
    expect(lane!.points.every(([, , curve]) => curve === "amplitude")).toBe(true);
  });

  test("a cross-fade lies over both clips' handles, and both clips name it", async () => {
    const clips = [
      clip(0, {
        name: "MX a",
        mediaChannels: 2,
        channels: [0, 1],
        startTicks: "0",
        endTicks: seconds(4),
        inTicks: seconds(2),
      }),
      clip(1, {
        name: "MX b",
        mediaChannels: 2,
        channels: [0, 1],
        startTicks: seconds(4),
        endTicks: seconds(8),
        inTicks: seconds(3),
      }),
    ];
    const transitions = [
      {
        name: "Constant Power",
        matchName: "",
        curve: "constantPower" as const,
        startTicks: seconds(3.5),
        endTicks: seconds(4.5),
      },
    ];
    const { document } = await writeDown(timeline("S", [track("", clips, { transitions })]));
    const [a, b] = clipsOf(document);
    expect(BigInt(a!.startTicks) + BigInt(a!.durationTicks)).toBe(BigInt(seconds(4.5)));
    expect(b).toMatchObject({ startTicks: seconds(3.5), sourceInTicks: seconds(2.5) });
    expect(document.crossfades).toMatchObject([
      { from: a!.id, to: b!.id, startTicks: seconds(3.5), durationTicks: seconds(1), curve: "constantPower" },
    ]);
  });

  test("a clip that its project pans stands where it was panned, by a panner of its own", async () => {
    const clips = [
      clip(0, { name: "left", mediaChannels: 1, channels: [0], pan: -1 }),
      clip(1, { name: "right", mediaChannels: 2, channels: [0, 1], pan: 0.5 }),
      clip(2, { name: "middle", mediaChannels: 1, channels: [0] }),
    ];
    const { document } = await writeDown(timeline("S", [track("", clips)]));
    const panOf = (name: string) => clipsOf(document).find((one) => one.name === name)!.processors;
    expect(panOf("left")).toMatchObject([{ type: "panner", azimuthDegrees: -90, law: "sinCos" }]);
    expect(panOf("right")).toMatchObject([{ type: "panner", azimuthDegrees: 45, law: "balance" }]);
    expect(panOf("middle")).toEqual([]);
  });

  test("clips of two roles on one track go to two buses, and say where they came from", async () => {
    const clips = [
      clip(0, { name: "SFX_door.wav" }),
      clip(1, { name: "Sting.ogg", mediaChannels: 2, channels: [0, 1] }),
    ];
    const { document } = await writeDown(timeline("S", [track("Audio 1", clips)]));
    expect(document.tracks.map(({ role, output, layout }) => [role, output, layout])).toEqual([
      ["music", "bus_mx", "stereo"],
      ["effects", "bus_fx", "mono"],
    ]);
    expect(document.tracks.every(({ host }) => JSON.stringify(host).includes('"trackIndex":0'))).toBe(true);
  });

  test("what cannot be rendered is kept, silent and named; what can is not touched by it", async () => {
    const clips = [
      dialogue(0, { speed: 2 }),
      dialogue(1, { reversed: true }),
      dialogue(2, { kind: "sequence", mediaPath: "" }),
      dialogue(3, { effects: ["AE.ADBE DeNoise"] }),
      dialogue(4),
    ];
    const { document, warnings } = await writeDown(timeline("S", [track("", clips)]));
    expect(clipsOf(document).map(({ enabled }) => enabled)).toEqual([false, false, false, false, true]);
    expect(warnings).toHaveLength(4);
    expect(warnings.map(({ message }) => message).join("\n")).toMatch(
      /200 % speed[\s\S]*backwards[\s\S]*nested[\s\S]*DeNoise/,
    );
  });

  test("muted tracks and disabled clips stay in the document and stay silent", async () => {
    const line = timeline("S", [
      track("", [dialogue(0, { enabled: false })]),
      track("", [dialogue(1)], { muted: true }),
    ]);
    const { document } = await writeDown(line);
    expect(clipsOf(document)).toHaveLength(2);
    expect(document.tracks.map(({ muted, clips }) => [muted, clips[0]!.enabled])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  test("what only the saved project knows is joined by start, end and name; what does not match is said", async () => {
    const line = timeline("S", [track("", [clip(0), clip(1)])]);
    const saved = timeline("S", [
      track("", [clip(0, { gainDb: 4.5, essentialSound: "music" }), clip(1, { endTicks: seconds(5), gainDb: 9 })], {
        volumeDb: -2,
        pan: 1,
      }),
    ]);
    const { document, facts } = await writeDown(line, saved);
    const music = document.tracks.find(({ role }) => role === "music")!;
    expect(music.clips[0]).toMatchObject({ gainDb: 4.5, roleSource: "premiere.essentialSound" });
    expect(music.volumeDb).toBe(-2);
    expect(music.processors).toMatchObject([{ type: "panner", azimuthDegrees: 90 }]);
    expect(clipsOf(document).find(({ name }) => name === "Take 2")!.gainDb).toBe(0);
    expect(facts.warnings.map(({ message }) => message).join()).toContain('"Take 2"');
  });

  test("the frame has four role buses under one limited master, two ducking rules and five stems", async () => {
    const { document } = await writeDown(timeline("S", [track("", [dialogue(0)])]));
    expect(document.buses.map(({ id, output }) => [id, output])).toEqual([
      ["bus_dx", "bus_main"],
      ["bus_mx", "bus_main"],
      ["bus_fx", "bus_main"],
      ["bus_bg", "bus_main"],
      ["bus_main", null],
    ]);
    expect(document.buses[4]!.processors).toMatchObject([{ type: "limiter", ceilingDbtp: -1 }]);
    expect(document.duckers.map(({ targets, targetDifferenceLu }) => [targets, targetDifferenceLu])).toEqual([
      [["role:music"], 11.5],
      [["role:ambience"], 16.5],
    ]);
    expect(document.stems.map(({ name, bitDepth }) => [name, bitDepth])).toEqual(
      ["DX", "MX", "FX", "BG", "MIX"].map((name) => [name, 24]),
    );
  });

  test("no absolute path of anybody's machine is in the document", async () => {
    const { document } = await writeDown(timeline("S", [track("", [dialogue(0)])]));
    expect(canonicalText(document)).not.toMatch(/"(\/|[A-Za-z]:\\)[^"]*\.wav"/);
  });
});
