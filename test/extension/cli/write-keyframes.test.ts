// What a leveler or a ducker does, as volume keyframes: the mix before against the mix after, window by window.
import { describe, expect, test } from "vitest";
import type { KeyframesReport } from "../../../extension/session/write-keyframes.ts";
import type { Automation, MixDocument, Processor } from "../../../schema/generated/mix-document.ts";
import { defaultsOf } from "../../../schema/processor.ts";
import { ducker } from "../../../schema/processors/ducker.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { readDocument, renderMix, writeFolder } from "../../support/document-folder.ts";
import { rmsDb } from "../../support/measure-signal.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { runJson } from "../../support/run-main.ts";
import { noise, spread } from "../../support/signals.ts";
import { speechLike } from "../../support/speech-like.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const RATE = 48_000;
const WINDOW = 2 * 480;
/** Windows that are quieter than this are not compared. */
const LEAST_DBFS = -90;

const voices = speechLike({ levelsDbfs: [-12, -20, -16], phrases: 6, syllablesPerPhrase: 14, floorDbfs: -66, seed: 3 });
const speech = spread(voices.signal);
const seconds = Math.floor(voices.signal.length / RATE);
const bed = spread(noise(-18, 30 * RATE, 5));

const insert = (id: string, type: string, settings: object = {}): Processor =>
  ({ id, type, enabled: true, mixPercent: 100, ...settings }) as Processor;
const rider = insert("ride", "leveler", { targetLufs: -20, rateDbPerSecond: 6 });

/** Two halves of the speech with 3 s of digital silence between. */
const half = Math.floor(seconds / 2);
const ticks = (time: number) => secondsToTicks(time);
const clips = [
  clipFixture({ id: "clp_a", media: "talk", durationTicks: ticks(half) }),
  clipFixture({
    id: "clp_b",
    media: "talk",
    startTicks: ticks(half + 3),
    sourceInTicks: ticks(half),
    durationTicks: ticks(half),
    volumeDb: -2,
  }),
];
const talk = trackFixture({ id: "trk_talk", output: "bus_dx", clips });

const sequence = { ...minimalDocument().sequence, durationTicks: ticks(seconds + 3) };
const documentOf = (more: Partial<MixDocument>): MixDocument =>
  minimalDocument({ sequence, tracks: [talk], buses: [busFixture(), masterFixture()], ...more });
const pathOf = (document: MixDocument) => writeFolder(folder(), document, { talk: speech, bed });

/** Largest difference in level of two mixes over all windows of 10 ms in which there is sound, in dB. */
const largestStepDb = (one: Float32Array, other: Float32Array): number => {
  let most = 0;
  for (let at = 0; at + WINDOW <= one.length; at += WINDOW) {
    const before = rmsDb(one.subarray(at, at + WINDOW));
    if (before > LEAST_DBFS) most = Math.max(most, Math.abs(rmsDb(other.subarray(at, at + WINDOW)) - before));
  }
  return most;
};

const write = (path: string, id = "ride") => runJson<KeyframesReport>(["write-keyframes", path, "--insert", id]);

/** Bakes an insert; checks that the mix stays and that without the insert it would not. */
const bake = async (document: MixDocument, id = "ride") => {
  const path = pathOf(document);
  const before = await renderMix(path, folder());
  const { json, stderr } = await write(path, id);
  expect(json.written, stderr).toBeDefined();
  const after = await renderMix(path, folder());
  expect(largestStepDb(before.samples, after.samples)).toBeLessThan(0.25);
  expect(json.errorDb).toBeLessThan(0.25);
  expect(json.mostDb - json.leastDb).toBeGreaterThan(3);
  return { json, written: readDocument(path) };
};

const lanesOf = ({ tracks }: MixDocument): Record<string, Automation[]> =>
  Object.fromEntries(
    tracks.flatMap((track) => [track, ...track.clips].map(({ id, automation }) => [id, [...automation]])),
  );
const countsOf = (document: MixDocument) =>
  Object.fromEntries(Object.entries(lanesOf(document)).map(([id, [lane]]) => [id, lane?.points.length ?? 0]));

describe("write-keyframes", () => {
  test("a track's leveler becomes keyframes of the track, on top of its volume, across a gap", async () => {
    const { json, written } = await bake(documentOf({ tracks: [{ ...talk, volumeDb: -3, processors: [rider] }] }));
    expect(written.tracks[0]!.processors[0]!.enabled).toBe(false);
    expect(countsOf(written)).toEqual({ trk_talk: json.written[0]!.points, clp_a: 0, clp_b: 0 });
    // Far fewer than the hundred a second in which the gain was heard.
    expect(json.written[0]!.points).toBeLessThan(6 * seconds);
    expect(written.decisions).toMatchObject([{ rule: "ride-as-keyframes", subject: "trk_talk" }]);
  });

  test("in front of an insert that would hear it, it becomes keyframes of the clips, on top of theirs", async () => {
    const automation: Automation[] = [
      {
        param: "volumeDb",
        timebase: "clip",
        points: [
          [ticks(1), 0, "linear"],
          [ticks(3), -6, "hold"],
          [ticks(4), -1, "linear"],
        ],
      },
    ];
    const squeeze = insert("squeeze", "compressor", { thresholdDb: -30, ratio: 4 });
    const fade = { durationTicks: ticks(1), curve: "constantPower" as const };
    const document = documentOf({
      tracks: [
        { ...talk, clips: [{ ...clips[0]!, automation, fadeIn: fade }, clips[1]!], processors: [rider, squeeze] },
      ],
    });
    const { written } = await bake(document);
    const counts = countsOf(written);
    expect(counts["trk_talk"]).toBe(0);
    expect(Math.min(counts["clp_a"]!, counts["clp_b"]!)).toBeGreaterThan(3);
    expect(written.tracks[0]!.clips[0]!.automation[0]!.timebase).toBe("clip");
  });

  test("a clip's leveler becomes keyframes of that clip", async () => {
    const document = documentOf({ tracks: [{ ...talk, clips: [clips[0]!, { ...clips[1]!, processors: [rider] }] }] });
    const { written } = await bake(document);
    expect(countsOf(written)).toMatchObject({ trk_talk: 0, clp_a: 0 });
  });

  test("a bus's leveler becomes keyframes of all tracks of the bus", async () => {
    const second = {
      ...talk,
      id: "trk_more",
      order: 1,
      clips: [{ ...clips[0]!, id: "clp_c", startTicks: ticks(half) }],
    };
    const buses = [busFixture({ processors: [insert("trim", "gain", { gainDb: -2 }), rider] }), masterFixture()];
    const { written } = await bake(documentOf({ tracks: [talk, second], buses }));
    const { trk_talk, trk_more } = lanesOf(written);
    expect(trk_more).toEqual(trk_talk);
  });

  test("a leveler whose sound stands in the centre of 5.1 is heard there", async () => {
    const mono = clips.map((clip) => ({ ...clip, channels: [0], processors: [] }));
    const tracks = [{ ...talk, layout: "mono" as const, clips: mono, processors: [{ ...rider, targetLufs: -25 }] }];
    const buses = [busFixture({ layout: "5.1" }), masterFixture({ layout: "5.1" })];
    const { written } = await bake(documentOf({ tracks, buses }));
    expect(countsOf(written)["trk_talk"]).toBeGreaterThan(3);
  });

  test("a ducker becomes keyframes of the music's track", async () => {
    const music = trackFixture({
      id: "trk_bed",
      order: 1,
      output: "bus_mx",
      clips: [clipFixture({ id: "clp_bed", media: "bed", durationTicks: ticks(seconds + 3) })],
    });
    const rule = { id: "duck", enabled: true, keys: ["role:dialogue"], targets: ["role:music"], ...defaultsOf(ducker) };
    const mx = busFixture({ id: "bus_mx", name: "Music", role: "music" });
    const document = documentOf({ tracks: [talk, music], buses: [busFixture(), mx, masterFixture()], duckers: [rule] });
    const { written } = await bake(document, "duck");
    expect(written.duckers[0]!.enabled).toBe(false);
    expect(countsOf(written)).toMatchObject({ trk_talk: 0, clp_bed: 0 });
  });

  test("the same document gives the same keyframes, byte for byte, and writing twice is refused", async () => {
    const document = documentOf({ tracks: [{ ...talk, processors: [rider] }] });
    const [one, other] = [pathOf(document), pathOf(document)];
    const [first, second] = [await write(one), await write(other)];
    expect(first.json.hash).toBe(second.json.hash);
    const again = await write(one);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("ride is off");
  });

  const squeeze = (id: string) => insert(id, "compressor");
  const cases: { name: string; document: MixDocument; id?: string; says: string }[] = [
    {
      name: "between two inserts that would hear it",
      document: documentOf({ tracks: [{ ...talk, processors: [squeeze("a"), rider, squeeze("b")] }] }),
      says: "insert b stands behind it",
    },
    {
      name: "behind an insert of its bus",
      document: documentOf({ buses: [busFixture({ processors: [squeeze("a"), rider] }), masterFixture()] }),
      says: "insert a of bus bus_dx stands in front of it",
    },
    {
      name: "on a bus that another bus feeds",
      document: documentOf({ buses: [busFixture(), masterFixture({ processors: [rider] })] }),
      says: "bus bus_main also plays bus_dx",
    },
    {
      name: "of an insert that is no gain",
      document: documentOf({ tracks: [{ ...talk, processors: [squeeze("a")] }] }),
      id: "a",
      says: "leveler and ducker",
    },
    {
      name: "where nothing sounds",
      document: documentOf({ tracks: [{ ...talk, clips: [], processors: [rider] }] }),
      says: "Nothing sounds at ride",
    },
  ];
  test.each(cases)("is refused $name, and leaves the document alone", async ({ document, id, says }) => {
    const path = pathOf(document);
    const before = readDocument(path);
    const { exitCode, stderr } = await write(path, id);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(readDocument(path)).toEqual(before);
  });
});
