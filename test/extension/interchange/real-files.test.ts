import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readTimelines } from "../../../extension/interchange/read-timeline.ts";
import type { Timeline, TimelineClip, TimelineTrack } from "../../../extension/interchange/timeline.ts";
import { at25, fixture, goodOf, problemOf } from "./fixture.ts";
import { all, attribute, inside, type PlainElement, plainTree, value } from "./plain-tree.ts";

/** Folder of files that other people's programs wrote; without it the hand-written fixtures go through the same checks. */
const material = process.env["PREMIX_MATERIAL"];

const bytesAt = (path: string): Uint8Array => readFileSync(`${material}/${path}`);

/** Ticks of a frame at the rate of an element, worked out apart from the reader: 254,016,000,000 * 1001 / (timebase * 1000). */
const ticksOf = (frame: string | undefined, rate: PlainElement | undefined): string => {
  const timebase = BigInt(value(rate, "timebase") ?? "0");
  const ticks = value(rate, "ntsc") === "TRUE" ? (254_016_000n * 1001n) / timebase : 254_016_000_000n / timebase;
  return String(BigInt(frame ?? "0") * ticks);
};

/** Tracks of a sequence in the file, those that Premiere exploded put together. */
const groupsOf = (sequence: PlainElement | undefined): PlainElement[][] => {
  const groups: PlainElement[][] = [];
  for (const track of inside(sequence, "media/audio")?.children.filter(({ name }) => name === "track") ?? []) {
    const index = Number(attribute(track, "currentExplodedTrackIndex") ?? "0");
    if (index > 0) groups.at(-1)?.push(track);
    else groups.push([track]);
  }
  return groups;
};

const clipitems = (track: PlainElement | undefined): PlainElement[] =>
  track?.children.filter(({ name }) => name === "clipitem") ?? [];

const filtersOf = (clip: PlainElement, id: string): PlainElement[] =>
  clip.children.filter(({ name }) => name === "filter").filter((filter) => value(filter, "effect/effectid") === id);

const expectSameAsFile = (timeline: Timeline, sequence: PlainElement | undefined): void => {
  const groups = groupsOf(sequence);
  const rate = inside(sequence, "rate");
  expect(timeline.tracks.map(({ layout }) => layout)).toEqual(
    groups.map((tracks) => (tracks.length === 2 ? "stereo" : "mono")),
  );
  for (const [index, group] of groups.entries()) {
    const items = clipitems(group[0]);
    const track = timeline.tracks[index] as TimelineTrack;
    expect(track.clips).toHaveLength(items.length);
    expect(track.muted).toBe(value(group[0], "enabled") === "FALSE");
    expect(track.locked).toBe(value(group[0], "locked") === "TRUE");
    for (const [at, item] of items.entries()) expectSameClip(track.clips[at] as TimelineClip, item, group, at, rate);
  }
};

const expectSameClip = (
  clip: TimelineClip,
  item: PlainElement,
  group: readonly PlainElement[],
  at: number,
  rate: PlainElement | undefined,
): void => {
  const twins = group.map((track) => clipitems(track)[at] as PlainElement);
  const edges = (name: string) =>
    twins
      .map((twin) => value(twin, name))
      .filter((frame) => frame !== "-1")
      .map((frame) => ticksOf(frame, rate));
  if (edges("start").length === twins.length) expect(edges("start")).toContain(clip.startTicks);
  if (edges("end").length === twins.length) expect(edges("end")).toContain(clip.endTicks);
  if (!twins.some((twin) => value(twin, "start") === "-1"))
    expect(
      twins.map((twin) => value(twin, "pproTicksIn") ?? ticksOf(value(twin, "in"), inside(twin, "rate"))),
    ).toContain(clip.inTicks);
  expect(clip.enabled).toBe(value(item, "enabled") !== "FALSE");
  const level = filtersOf(item, "audiolevels").flatMap((filter) => all(filter, "parameter"))[0];
  const keys = all(level, "keyframe");
  expect(clip.volumeKeys).toHaveLength(keys.length);
  keys.forEach((key, index) => {
    expect(clip.volumeKeys[index]?.mediaTicks).toBe(ticksOf(value(key, "when"), inside(item, "rate")));
    expect(clip.volumeKeys[index]?.levelDb).toBeCloseTo(
      Math.max(-120, 20 * Math.log10(Number(value(key, "value")))),
      5,
    );
  });
  if (level !== undefined && keys.length === 0)
    expect(clip.volumeDb).toBeCloseTo(20 * Math.log10(Number(value(level, "value"))), 5);
};

const countOf = (timeline: Timeline, property: string): number =>
  timeline.fidelity.filter((entry) => entry.property === property).reduce((sum, { count }) => sum + count, 0);

const files =
  material === undefined
    ? ["xmeml/crossfade-exploded-stereo.xml"]
    : [
        "interchange/xmeml/ccnmtl_Conecta_Test_XML.xml",
        "interchange/xmeml/otio_premiere_enable_property.xml",
        "interchange/xmeml/otio_premiere_example.xml",
        "interchange/xmeml/otio_sample_just_track.xml",
        "scene/scene.xml",
      ];

describe("every sequence holds exactly what an independent count finds in the file", () => {
  test.each(files)("%s", async (path) => {
    const bytes = material === undefined ? fixture(path) : bytesAt(path);
    const timelines = goodOf(await readTimelines(bytes, path));
    const tree = plainTree(new TextDecoder().decode(bytes));
    const sequences = all(tree, "sequence").filter(({ children }) => children.length > 0);
    expect(timelines.map(({ name }) => name).sort()).toEqual(
      sequences
        .map((one) => value(one, "name")?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"))
        .sort(),
    );
    for (const timeline of timelines) {
      const sequence = sequences.find((one) => attribute(one, "id") === timeline.id);
      expectSameAsFile(timeline, sequence);
      const items = groupsOf(sequence).flat().flatMap(clipitems);
      expect(countOf(timeline, "clipitem/start")).toBe(items.length);
      expect(countOf(timeline, "filter audiolevels/level")).toBe(
        items.flatMap((item) => filtersOf(item, "audiolevels")).length,
      );
      expect(
        countOf(timeline, "filter audiolevels/level/keyframe") + countOf(timeline, "filter audiopan/pan/keyframe"),
      ).toBe(items.flatMap((item) => all(item, "keyframe")).length);
    }
  });
});

type TruthClip = {
  readonly f: string;
  readonly at: number;
  readonly in: number;
  readonly out: number;
  readonly gain?: number;
  readonly keys?: readonly (readonly [number, number])[];
  readonly enabled?: boolean;
};

/** What is heard of a clip: its cut widened by the handles that the transitions around it use. */
const sounding = (clip: TimelineClip, track: TimelineTrack) => {
  const under = (ticks: string) =>
    track.transitions.find(
      ({ startTicks, endTicks }) => BigInt(startTicks) < BigInt(ticks) && BigInt(ticks) < BigInt(endTicks),
    );
  const before = BigInt(clip.startTicks) - BigInt(under(clip.startTicks)?.startTicks ?? clip.startTicks);
  const after = BigInt(under(clip.endTicks)?.endTicks ?? clip.endTicks) - BigInt(clip.endTicks);
  return {
    at: String(BigInt(clip.startTicks) - before),
    in: String(BigInt(clip.inTicks) - before),
    out: String(BigInt(clip.outTicks) + after),
  };
};

const gainOf = (db: number): number => (db <= -120 ? 0 : 10 ** (db / 20));

const expectTruth = (timeline: Timeline, truth: readonly TruthClip[]): void => {
  const placed = timeline.tracks.flatMap((track) => track.clips.map((clip) => ({ clip, ...sounding(clip, track) })));
  expect(placed).toHaveLength(truth.length);
  for (const wanted of truth) {
    const found = placed.find(({ clip, at }) => clip.mediaName === wanted.f && at === at25(wanted.at));
    expect(found, `${wanted.f} at ${wanted.at}`).toMatchObject({ in: at25(wanted.in), out: at25(wanted.out) });
    expect(found?.clip.enabled).toBe(wanted.enabled ?? true);
    expect(gainOf(found?.clip.volumeDb ?? 0)).toBeCloseTo(wanted.gain ?? 1, 6);
    const keys = found?.clip.volumeKeys.map(({ mediaTicks, levelDb }) => [
      mediaTicks,
      Number(gainOf(levelDb).toFixed(6)),
    ]);
    expect(keys).toEqual((wanted.keys ?? []).map(([frame, gain]) => [at25(frame), gain]));
  }
};

test("every clip of the scene sounds where its maker put it", async () => {
  const bytes = material === undefined ? fixture("xmeml/crossfade-exploded-stereo.xml") : bytesAt("scene/scene.xml");
  const truth: readonly TruthClip[] =
    material === undefined
      ? [
          { f: "Müsic 100%.wav", at: 100, in: 50, out: 174 },
          { f: "Müsic 100%.wav", at: 200, in: 1000, out: 1100, enabled: false },
        ]
      : JSON.parse(readFileSync(`${material}/scene/truth.json`, "utf8")).clips;
  expectTruth(goodOf(await readTimelines(bytes, "scene.xml"))[0] as Timeline, truth);
});

/**
 * Worked out by reading the XML of that project by hand (Premiere 14.3, version 38): one sequence, display format 102, four
 * stereo tracks at 44.1 kHz whose faders end at 5.623 and are untouched, balance 0.5, and one clip on the first track, from
 * frame 149 to 2596, with no component of its own, so at 0 dB. The other three tracks are empty.
 */
const projectByHand = {
  formatVersion: "38",
  id: "90b9a44d-f408-4616-b5d0-d48bf905137a",
  name: "video maquetas 2",
  frameRate: "30000/1001",
  dropFrame: true,
  zeroPointTicks: "0",
  durationTicks: String(2596n * 8_475_667_200n),
  sampleRate: 44_100,
  layout: "stereo",
};

const emptyTrack = { layout: "stereo", muted: false, locked: false, volumeDb: 0, pan: 0, clips: [], transitions: [] };

test("a project that Premiere wrote holds what its XML says, read by hand", async () => {
  if (material === undefined) {
    expect(problemOf(await readTimelines(new Uint8Array([0x1f, 0x8b, 8, 0]), "cut.prproj")).code).toBe("syntax");
    return;
  }
  const timelines = goodOf(await readTimelines(bytesAt("interchange/prproj/sergei_test.prproj"), "test.prproj"));
  expect(timelines).toHaveLength(1);
  const [timeline] = timelines;
  expect(timeline).toMatchObject(projectByHand);
  const [first, ...others] = timeline?.tracks ?? [];
  expect(first).toMatchObject({ ...emptyTrack, id: "c20197b7-0fc0-43e1-bd30-3dfc1a27d89f", clips: [{}] });
  expect(others.map(({ id: _, name: __, ...track }) => track)).toEqual([emptyTrack, emptyTrack, emptyTrack]);
  expect(first?.clips).toEqual([
    {
      id: "46a89a3c-8782-48d4-a0b7-c9bca49a9957",
      name: "Obertura 1.wav",
      kind: "media",
      mediaPath: expect.stringMatching(/^\/Users\/[^/]+\/Downloads\/Obertura 1\.wav$/),
      mediaName: "Obertura 1.wav",
      mediaChannels: 2,
      mediaSampleRate: 44_100,
      mediaDurationTicks: "20742635520000",
      startTicks: String(149n * 8_475_667_200n),
      endTicks: String(2596n * 8_475_667_200n),
      inTicks: "0",
      outTicks: String(2447n * 8_475_667_200n),
      speed: 1,
      reversed: false,
      enabled: true,
      gainDb: 0,
      volumeDb: 0,
      volumeKeys: [],
      pan: 0,
      channels: [0, 1],
      essentialSound: null,
      effects: [],
    },
  ]);
  expect(timeline?.fidelity).toContainEqual({
    property: "Level",
    outcome: "mapped",
    count: 1,
    note: "the track faders of this file end at 15 dB",
  });
});

test("a piece of a file that is no project is refused", async () => {
  const bytes =
    material === undefined
      ? new TextEncoder().encode('<?xml version="1.0" ?>\n<filter/>')
      : bytesAt("interchange/xmeml/otio_premiere_example_filter.xml");
  expect(problemOf(await readTimelines(bytes, "filter.xml")).message).toContain("<filter>");
});
