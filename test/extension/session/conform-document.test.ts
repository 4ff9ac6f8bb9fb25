import { describe, expect, test } from "vitest";
import { conformDocument } from "../../../extension/session/conform/conform-document.ts";
import type { AutomationPoint, Clip, Cue, MixDocument, Track } from "../../../schema/generated/mix-document.ts";
import { framesToTicks, secondsToTicks } from "../../../schema/ticks.ts";
import { validateDocument } from "../../../schema/validate.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { bareCut, razored, recut } from "../../support/recut.ts";
import { clip, floatSource, renderDocument, renderSources, track } from "../../support/render-ground.ts";

const s = secondsToTicks;
const medium = (name: string) => ({
  path: `${name}.wav`,
  name: `${name}.wav`,
  sizeBytes: 10,
  quickHash: null,
  sampleRate: 48_000,
  channels: 2,
  frames: 4_800_000,
});

const take = (id: string, at: number, length: number, sourceIn: number, more: Partial<Clip> = {}): Clip =>
  clipFixture({
    id,
    name: id,
    media: "med_a",
    startTicks: s(at),
    durationTicks: s(length),
    sourceInTicks: s(sourceIn),
    ...more,
  });

const host = (index: number) => ({ host: { premiere: { trackIndex: index } } });

/** Dialogue at 0-4, 4-8, 8-12 s of one recording, music under all of it, a ride over the dialogue. */
const mix = (more: Partial<MixDocument> = {}): MixDocument =>
  minimalDocument({
    sequence: { ...minimalDocument().sequence, durationTicks: s(12) },
    media: { med_a: medium("a"), med_m: medium("m") },
    tracks: [
      trackFixture({
        id: "trk_dx",
        name: "DX",
        output: "bus_dx",
        ...host(0),
        processors: [{ id: "prc_dx", type: "gain", enabled: true, mixPercent: 100, gainDb: 1 }],
        clips: [
          take("clp_one", 0, 4, 10, { gainDb: 3, note: "loud" }),
          take("clp_two", 4, 4, 30, { gainDb: 5 }),
          take("clp_three", 8, 4, 50, { gainDb: 7 }),
        ],
      }),
      trackFixture({
        id: "trk_mx",
        name: "MX",
        order: 10,
        role: "music",
        ...host(1),
        clips: [take("clp_music", 0, 12, 0, { media: "med_m", gainDb: -9 })],
      }),
    ],
    buses: [busFixture(), masterFixture()],
    decisions: ["clp_one", "clp_two"].map((subject) => ({
      id: `dec_${subject}`,
      rule: "dialogue-level",
      subject,
      measured: -30,
      threshold: -23,
      unit: "LUFS",
      change: "clip gain",
    })),
    ...more,
  });

const clipOf = (document: MixDocument, id: string): Clip =>
  document.tracks.flatMap(({ clips }) => clips).find((one) => one.id === id)!;
const trackOf = (document: MixDocument, id: string): Track => document.tracks.find((one) => one.id === id)!;
const stateOf = (report: ReturnType<typeof conformDocument>["report"], id: string) =>
  report.clips.find((one) => one.id === id || (one.id === null && one.oldId === id))?.state;

describe("conforming a mix", () => {
  test("a clip that is gone stands in the report whole, with its reasons and its medium", () => {
    const document = mix();
    const cut = bareCut(recut(document, (one) => (one.id === "clp_two" || one.id === "clp_music" ? [] : [one])));
    const { document: conformed, report } = conformDocument(document, cut);
    expect(report.counts).toMatchObject({ kept: 2, gone: 2 });
    expect(report.gone.clips.map((one) => one.clip)).toEqual([
      clipOf(document, "clp_two"),
      clipOf(document, "clp_music"),
    ]);
    expect(report.gone.clips[0]!.decisions.map(({ id }) => id)).toEqual(["dec_clp_two"]);
    expect(report.gone.media).toEqual({ med_m: document.media["med_m"] });
    expect(conformed.decisions.map(({ id }) => id)).toEqual(["dec_clp_one"]);
    expect(report.tracks.find(({ id }) => id === "trk_mx")).toMatchObject({ state: "emptied" });
    expect(trackOf(conformed, "trk_mx").volumeDb).toBe(0);
  });

  test("a trimmed clip keeps its gain; automation moves with the material, and nothing bends", () => {
    const points: AutomationPoint[] = [0, 1, 2, 3].map((at) => [s(at), 9 - at, "linear"]);
    const document = mix();
    clipOf(document, "clp_one").automation.push({ param: "volumeDb", timebase: "clip", points });
    const cut = bareCut(
      recut(document, (one) =>
        one.id === "clp_one" ? [{ ...one, startTicks: s(1.5), sourceInTicks: s(11.5), durationTicks: s(1) }] : [one],
      ),
    );
    const { document: conformed, report } = conformDocument(document, cut);
    const now = clipOf(conformed, "clp_one");
    expect(stateOf(report, "clp_one")).toBe("trimmed");
    expect(now).toMatchObject({ gainDb: 3, note: "loud", startTicks: s(1.5) });
    expect(now.automation[0]!.points).toEqual([
      [s(-0.5), 8, "linear"],
      [s(0.5), 7, "linear"],
      [s(1.5), 6, "linear"],
    ]);
    expect(report.clips.find(({ id }) => id === "clp_one")!.dropped).toEqual([
      { what: "automation points beyond its edges", value: [[s(-1.5), 9, "linear"]] },
    ]);
  });

  test("a fade stays where the edge is the same and is named where it is not", () => {
    const fade = { durationTicks: s(1), curve: "constantPower" as const };
    const document = mix();
    Object.assign(clipOf(document, "clp_one"), { fadeIn: fade, fadeOut: fade });
    const cut = bareCut(recut(document, (one) => (one.id === "clp_one" ? [{ ...one, durationTicks: s(3) }] : [one])));
    const { document: conformed, report } = conformDocument(document, cut);
    expect(clipOf(conformed, "clp_one")).toMatchObject({ fadeIn: fade, fadeOut: null });
    const entry = report.clips.find(({ id }) => id === "clp_one")!;
    expect(entry.carried).toContain("fade in");
    expect(entry.dropped).toEqual([{ what: "fade out", value: fade }]);
  });

  test("a new clip is changed as the rest of its recording, and marked for the next balance", () => {
    const document = mix();
    const cut = bareCut(document);
    cut.tracks[0]!.clips.push(take("clp_more", 12, 2, 80), take("clp_other", 14, 2, 0, { media: "med_new" }));
    cut.media["med_new"] = medium("new");
    const { document: conformed, report } = conformDocument(document, cut);
    expect(clipOf(conformed, "clp_more").gainDb).toBe(5);
    expect(clipOf(conformed, "clp_other").gainDb).toBe(5);
    expect(conformed.media["med_new"]).toEqual(medium("new"));
    const marks = conformed.decisions.filter(({ rule }) => rule === "conform-new");
    expect(marks.map(({ subject }) => subject)).toEqual(["clp_more", "clp_other"]);
    expect(marks[0]!.change).toContain("+5.0 dB: new in this cut, moved like the rest of its recording");
    expect(report.warnings[0]).toContain("2 new clips are not balanced yet");
  });

  test("a ride follows the clips under it when the cut inserts time between them", () => {
    const points: AutomationPoint[] = [
      [s(0), 0, "linear"],
      [s(3), -6, "linear"],
      [s(9), -6, "linear"],
      [s(11), 0, "linear"],
    ];
    const document = mix();
    trackOf(document, "trk_dx").automation.push({ param: "volumeDb", timebase: "sequence", points });
    const cut = bareCut(recut(document, (one) => (one.id === "clp_three" ? [{ ...one, startTicks: s(18) }] : [one])));
    const { document: conformed, report } = conformDocument(document, cut);
    expect(trackOf(conformed, "trk_dx").automation[0]!.points).toEqual([
      [s(0), 0, "linear"],
      [s(3), -6, "linear"],
      [s(8), -6, "linear"],
      [s(18), -6, "linear"],
      [s(19), -6, "linear"],
      [s(21), 0, "linear"],
    ]);
    expect(report.tracks[0]).toMatchObject({ ride: "followed its clips", dropped: [] });
  });

  test("two scenes that change places take their parts of the ride along", () => {
    const points: AutomationPoint[] = [
      [s(1), -1, "linear"],
      [s(5), -5, "linear"],
      [s(9), -9, "linear"],
    ];
    const document = mix();
    trackOf(document, "trk_dx").automation.push({ param: "volumeDb", timebase: "sequence", points });
    const at: Record<string, number> = { clp_one: 8, clp_three: 0 };
    const cut = bareCut(
      recut(document, (one) => [{ ...one, startTicks: s(at[one.id] ?? Number(one.startTicks) / Number(s(1))) }]),
    );
    const { document: conformed } = conformDocument(document, cut);
    const now = trackOf(conformed, "trk_dx").automation[0]!.points.map(([ticks, db]) => [
      Number(ticks) / Number(s(1)),
      db,
    ]);
    expect(now).toEqual([
      [0, -8],
      [1, -9],
      [4, -9],
      [4, -4],
      [5, -5],
      [8, -8],
      [8, -1],
      [9, -1],
      [12, -4],
    ]);
    expect(validateDocument(conformed).ok).toBe(true);
  });

  const cue = (id: string, at: number, more: Partial<Cue> = {}): Cue => ({
    id,
    name: id,
    role: "dialogue",
    enabled: true,
    startTicks: s(at),
    gainDb: 0,
    fadeIn: null,
    fadeOut: null,
    source: { kind: "noise", durationTicks: s(1), colour: "pink", levelDbfs: -40, seed: 1 },
    ...more,
  });

  test("a cue between clips that went apart stays at its time and is named", () => {
    const document = mix({ cues: [cue("cue_gap", 5)] });
    const cut = bareCut(
      recut(document, (one) => {
        if (one.id === "clp_two" || one.id === "clp_music") return [];
        return [one.id === "clp_three" ? { ...one, startTicks: s(20) } : one];
      }),
    );
    const { document: conformed, report } = conformDocument(document, cut);
    expect(conformed.cues![0]!.startTicks).toBe(s(5));
    expect(report.cues[0]).toMatchObject({ state: "left", before: "00:00:05:00", after: "00:00:05:00" });
    expect(report.warnings).toEqual(["1 cue stays at its time: nothing around tells where to go."]);
  });

  test("cues go with the clip under which they lie, and room tone learns from another clip of its recording", () => {
    const room = (id: string, at: number, of: string) =>
      cue(id, at, { source: { kind: "roomTone", durationTicks: s(1), clip: of, seed: 1 } });
    const document = mix({ cues: [cue("cue_two", 5), room("cue_room", 9, "clp_two"), cue("cue_lost", 9)] });
    const cut = bareCut(
      recut(document, (one) => {
        if (one.id === "clp_two") return [];
        return [{ ...one, startTicks: String(BigInt(one.startTicks) + BigInt(s(one.id === "clp_music" ? 0 : 20))) }];
      }),
    );
    const { document: conformed, report } = conformDocument(document, cut);
    const at = (id: string) => conformed.cues!.find((one) => one.id === id)!.startTicks;
    expect(at("cue_lost")).toBe(s(29));
    expect(at("cue_two"), "the music is what lies under it now").toBe(s(5));
    const found = conformed.cues!.find(({ id }) => id === "cue_room")!;
    expect(found.source).toMatchObject({ kind: "roomTone", clip: "clp_one" });
    expect(report.cues.map(({ state }) => state)).toEqual(["kept", "moved", "moved"]);
    expect(validateDocument(conformed).ok).toBe(true);
  });

  test("an inserted track moves the others down; their inserts and levels go with their clips", () => {
    const document = mix();
    const cut = bareCut(document);
    const [dx, mx] = cut.tracks;
    const next = {
      ...cut,
      tracks: [
        trackFixture({ id: "trk_new", name: "New", ...host(0), clips: [take("clp_x", 0, 2, 200)] }),
        { ...dx!, id: "trk_a2", order: 10, ...host(1) },
        { ...mx!, id: "trk_a3", order: 20, ...host(2) },
      ],
    };
    const { document: conformed, report } = conformDocument(document, next);
    expect(trackOf(conformed, "trk_dx")).toMatchObject({ order: 10, host: host(1).host });
    expect(trackOf(conformed, "trk_dx").processors).toEqual(trackOf(document, "trk_dx").processors);
    expect(trackOf(conformed, "trk_dx").clips.map(({ id }) => id)).toEqual(["clp_one", "clp_two", "clp_three"]);
    expect(trackOf(conformed, "trk_new").clips.map(({ id }) => id)).toEqual(["clp_x"]);
    expect(report.counts).toMatchObject({ kept: 4, new: 1 });
    expect(validateDocument(conformed).ok).toBe(true);
  });

  test("a role that the mix decided stays, and a cross-fade between two tracks of the cut becomes one of the mix", () => {
    const document = mix();
    const cut = bareCut(document);
    const [dx] = cut.tracks;
    const [one, two, three] = dx!.clips;
    const fade = { durationTicks: s(1), curve: "constantGain" as const };
    const next = {
      ...cut,
      tracks: [
        { ...dx!, clips: [{ ...one!, durationTicks: s(5), fadeOut: fade }, three!] },
        { ...dx!, id: "trk_bg", order: 1, role: "ambience" as const, clips: [{ ...two!, fadeIn: fade }] },
        cut.tracks[1]!,
      ],
    };
    const { document: conformed } = conformDocument(document, next);
    expect(trackOf(conformed, "trk_dx").clips).toHaveLength(3);
    expect(conformed.crossfades).toHaveLength(1);
    expect(conformed.crossfades[0]).toMatchObject({
      from: "clp_one",
      to: "clp_two",
      startTicks: s(4),
      durationTicks: s(1),
    });
    expect(clipOf(conformed, "clp_one").fadeOut).toBeNull();
    expect(validateDocument(conformed).ok).toBe(true);
  });

  test("media are known by their hash under another path, and a changed file keeps the mix's fingerprint", () => {
    const hash = (digit: string) => `sha256:${digit.repeat(64)}`;
    const document = mix();
    document.media["med_a"] = { ...medium("a"), quickHash: hash("a") };
    const cut = bareCut(document);
    const moved = {
      ...cut,
      media: { med_z: { ...medium("z"), quickHash: hash("a") }, med_m: { ...medium("m"), sizeBytes: 99 } },
    };
    const next = recut(moved, (one) => [{ ...one, media: one.media === "med_a" ? "med_z" : one.media }]);
    const { document: conformed, report } = conformDocument(document, next);
    expect(report.counts).toMatchObject({ kept: 4 });
    expect(conformed.media["med_a"]).toMatchObject({ path: "z.wav", quickHash: hash("a") });
    expect(conformed.media["med_m"]!.sizeBytes).toBe(10);
  });

  test("a second use of the same material is a new clip that sounds like the first", () => {
    const document = mix();
    const cut = bareCut(document);
    cut.tracks[0]!.clips.push(take("clp_again", 20, 4, 30));
    const { document: conformed, report } = conformDocument(document, cut);
    expect(clipOf(conformed, "clp_again").gainDb).toBe(5);
    expect(report.clips.find(({ id }) => id === "clp_again")).toMatchObject({
      state: "new",
      by: "copy",
      oldId: "clp_two",
    });
    expect(conformed.decisions.filter(({ subject }) => subject === "clp_again")).toHaveLength(1);
  });

  test("a clip that is cut in two sounds as before, to the bit", async () => {
    const frames = 48_000;
    const points: AutomationPoint[] = [0, 0.2, 0.5, 0.9].map((at, index) => [
      s(at),
      -3 * index,
      index % 2 ? "amplitude" : "linear",
    ]);
    const fade = { durationTicks: s(0.1), curve: "constantPower" as const };
    const own = clip("clp_a", "m", 4_800, 38_400, {
      gainDb: -2,
      fadeIn: fade,
      fadeOut: fade,
      automation: [{ param: "volumeDb", timebase: "clip", points }],
    });
    const ride = { param: "volumeDb" as const, timebase: "sequence" as const, points };
    const document = renderDocument(frames, [track("t1", "dx", [own], { automation: [ride] })]);
    document.media["m"] = medium("m");
    const cut = bareCut(recut(document, (one) => razored(one, BigInt(framesToTicks(17_280, 48_000)))));
    const { document: conformed, report } = conformDocument(document, cut);
    expect(report.counts).toMatchObject({ split: 2 });
    const source = Float32Array.from({ length: frames * 2 }, (_, index) => Math.sin(index * 0.37) / 2);
    const [before, after] = [
      await renderSources(document, { m: floatSource(source, 2) }),
      await renderSources(conformed, { m: floatSource(source, 2) }),
    ];
    expect(after.file("dx")).toEqual(before.file("dx"));
  });
});
