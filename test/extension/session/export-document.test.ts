import { readFileSync } from "node:fs";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import type { FidelityEntry } from "../../../extension/interchange/timeline.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { Clip, MixDocument, Track } from "../../../schema/generated/mix-document.ts";
import { validateDocument } from "../../../schema/validate.ts";
import { clipFixture, fullDocument, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { randomMix } from "../../support/random-mix.ts";
import { exportXml, importBytes } from "../../support/round-trip.ts";

const fixtures = new URL("../../fixtures/interchange/", import.meta.url);

const hasClips = ({ tracks }: MixDocument): boolean => tracks.some(({ clips }) => clips.length > 0);

const checkWellFormed = (xml: Uint8Array): void => {
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(new TextDecoder("utf-8", { fatal: true }).decode(xml)).close();
};

const roundTrip = async (document: MixDocument): Promise<MixDocument> => importBytes((await exportXml(document)).xml);

describe("documents of any kind", () => {
  test("give well-formed bytes, the same ones twice", async () => {
    await fc.assert(
      fc.asyncProperty(randomMix, async (document) => {
        expect(validateDocument(document).ok).toBe(true);
        const [{ xml }, again] = [await exportXml(document), await exportXml(document)];
        expect(again.xml).toEqual(xml);
        checkWellFormed(xml);
      }),
      { numRuns: 20 },
    );
  });

  test("that came back once come back for ever: the second generation is the first", async () => {
    await fc.assert(
      fc.asyncProperty(randomMix.filter(hasClips), async (document) => {
        const first = await roundTrip(document);
        const { xml } = await exportXml(first);
        const second = await importBytes(xml);
        expect(canonicalText(second)).toBe(canonicalText(first));
        expect((await exportXml(second)).xml).toEqual(xml);
      }),
      { numRuns: 15 },
    );
  });
});

const frame = (count: number): string => String(BigInt(count) * 10_160_640_000n);

const media: MixDocument["media"] = Object.fromEntries(
  ["one", "two"].map((name) => [
    `med_${name}`,
    {
      path: `sounds/${name}.wav`,
      name: `${name}.wav`,
      sizeBytes: 9,
      quickHash: null,
      sampleRate: 48_000,
      channels: 2,
      frames: null,
    },
  ]),
);

const clipAt = (id: string, start: number, length: number, changes: Partial<Clip> = {}): Clip =>
  clipFixture({
    id,
    name: id,
    startTicks: frame(start),
    durationTicks: frame(length),
    sourceInTicks: frame(500),
    ...changes,
  });

/** A document whose tracks lead to the bus of their role, as an import makes them. */
const documentOf = (tracks: readonly Track[], changes: Partial<MixDocument> = {}): MixDocument =>
  minimalDocument({ media, tracks: [...tracks], ...changes });

const onlyClip = ({ tracks }: MixDocument): Clip => {
  expect(tracks.flatMap(({ clips }) => clips)).toHaveLength(1);
  return tracks[0]!.clips[0]!;
};

/** Its preset lies nowhere, and presets are resolved before anything is written. */
const everything = (): MixDocument => fullDocument({ extends: [] });

const entry = (properties: readonly FidelityEntry[], property: string) =>
  properties.filter((each) => each.property === property);

describe("what comes back", () => {
  test("place, source, role, ids and note of a clip are the same", async () => {
    const clip = clipAt("clp_kept", 10, 90, { role: "ambience", roleSource: "by hand", note: "wind = good\nuse it" });
    const document = documentOf([trackFixture({ clips: [clip] })]);
    const back = await roundTrip(document);
    const { id, startTicks, durationTicks, sourceInTicks, channels, note, roleSource, media: medium } = onlyClip(back);
    expect({ id, startTicks, durationTicks, sourceInTicks, channels, note, roleSource, medium }).toEqual({
      id: clip.id,
      startTicks: clip.startTicks,
      durationTicks: clip.durationTicks,
      sourceInTicks: clip.sourceInTicks,
      channels: clip.channels,
      note: clip.note,
      roleSource: "by hand",
      medium: "med_one",
    });
    expect(back.tracks[0]!.role).toBe("ambience");
    expect(back.sequence.id).toBe(document.sequence.id);
  });

  test("tracks that the importer split by role are one track again, at their old place", async () => {
    const host = { premiere: { trackIndex: 2 } };
    const document = documentOf([
      trackFixture({ id: "trk_a", order: 20, role: "dialogue", host, clips: [clipAt("clp_a", 0, 50)] }),
      trackFixture({ id: "trk_b", order: 21, role: "music", host, clips: [clipAt("clp_b", 50, 50)] }),
    ]);
    const back = await roundTrip(document);
    expect(back.tracks.map(({ role, order, host: anchor }) => [role, order, anchor])).toEqual([
      ["dialogue", 20, host],
      ["music", 21, host],
    ]);
  });

  test("a cross-fade between two roles is one transition, and both its halves come back as fades", async () => {
    const host = { premiere: { trackIndex: 0 } };
    const half = { durationTicks: frame(10), curve: "constantPower" as const };
    const document = documentOf([
      trackFixture({ id: "trk_a", role: "dialogue", host, clips: [clipAt("clp_a", 0, 60, { fadeOut: half })] }),
      trackFixture({ id: "trk_b", order: 1, role: "music", host, clips: [clipAt("clp_b", 50, 50, { fadeIn: half })] }),
    ]);
    const { xml } = await exportXml(document);
    expect(new TextDecoder().decode(xml).match(/<alignment>center/g)).toHaveLength(2);
    const back = await importBytes(xml);
    const [a, b] = back.tracks.map(({ clips }) => clips[0]!);
    expect([a!.fadeOut, b!.fadeIn]).toEqual([half, half]);
    expect([a!.startTicks, a!.durationTicks, b!.startTicks, b!.durationTicks]).toEqual(
      document.tracks.flatMap(({ clips }) => [clips[0]!.startTicks, clips[0]!.durationTicks]),
    );
  });

  test("clips of one host track that were moved over each other get tracks of their own", async () => {
    const host = { premiere: { trackIndex: 0 } };
    const document = documentOf([
      trackFixture({ id: "trk_a", role: "dialogue", host, clips: [clipAt("clp_a", 0, 60)] }),
      trackFixture({ id: "trk_b", order: 1, role: "music", host, clips: [clipAt("clp_b", 30, 50)] }),
    ]);
    const back = await roundTrip(document);
    expect(back.tracks.map(({ host: anchor, clips }) => [anchor, clips[0]!.startTicks])).toEqual([
      [{ premiere: { trackIndex: 0 } }, frame(0)],
      [{ premiere: { trackIndex: 1 } }, frame(30)],
    ]);
  });

  test("a fade beside the next clip stays a fade, and becomes no cross-fade", async () => {
    const fadeOut = { durationTicks: frame(10), curve: "constantGain" as const };
    const clips = [clipAt("clp_a", 0, 50, { fadeOut }), clipAt("clp_b", 50, 50)];
    const back = await roundTrip(documentOf([trackFixture({ clips })]));
    expect(back.crossfades).toEqual([]);
    expect(back.tracks[0]!.clips.map(({ fadeIn, fadeOut: out }) => [fadeIn, out])).toEqual([
      [null, fadeOut],
      [null, null],
    ]);
  });

  test("a clip that Premix cannot render goes back switched on, as the editor had it", async () => {
    const host = { premiere: { clipIndex: 0, silenced: true } };
    const note = "Silent: it plays at 50 % speed.";
    const document = documentOf([
      trackFixture({ clips: [clipAt("clp_a", 0, 50, { speed: "1/2", enabled: false, host, note })] }),
    ]);
    const { xml } = await exportXml(document);
    expect(new TextDecoder().decode(xml).match(/<clipitem[\s\S]*?<enabled>TRUE/g)).toHaveLength(2);
    expect(onlyClip(await importBytes(xml))).toMatchObject({ enabled: false, speed: "1/2", note, host });
  });

  test("a lock of the host is kept for it", async () => {
    const host = { premiere: { trackIndex: 0, locked: true } };
    const back = await roundTrip(documentOf([trackFixture({ host, clips: [clipAt("clp_a", 0, 50)] })]));
    expect(back.tracks[0]!.host).toEqual(host);
  });

  test("two files of one name stay two files", async () => {
    const path = ["$", "{media}/C0001.MP4"].join("");
    const twins = {
      med_one: { ...media["med_one"]!, path },
      med_two: { ...media["med_two"]!, path },
    };
    const clips = [clipAt("clp_a", 0, 50), clipAt("clp_b", 50, 50, { media: "med_two" })];
    const back = await roundTrip(documentOf([trackFixture({ clips })], { media: twins }));
    expect(back.tracks[0]!.clips.map((clip) => clip.media)).toEqual(["med_one", "med_two"]);
  });

  test("a clip that an editor copied in the host gets an id of its own", async () => {
    const { xml } = await exportXml(
      documentOf([trackFixture({ layout: "mono", clips: [clipAt("clp_a", 0, 50, { channels: [0] })] })]),
    );
    const text = new TextDecoder().decode(xml);
    const [item] = /<clipitem[\s\S]*<\/clipitem>/.exec(text)!;
    const copy = item
      .replace("clipitem-1", "clipitem-2")
      .replace("<start>0<", "<start>80<")
      .replace("<end>50<", "<end>130<");
    const back = await importBytes(new TextEncoder().encode(text.replace(item, item + copy)));
    expect(validateDocument(back).ok).toBe(true);
    const ids = back.tracks[0]!.clips.map(({ id }) => id);
    expect(ids[0]).toBe("clp_a");
    expect(ids[1]).toMatch(/^clp_[a-z2-7]{16}$/);
  });
});

describe("levels", () => {
  const pointsOf = async (document: MixDocument) => onlyClip(await roundTrip(document)).automation[0]?.points;

  test("volume, gain and track volume become one level", async () => {
    const clips = [clipAt("clp_a", 0, 50, { gainDb: 4, volumeDb: -10 })];
    const back = await roundTrip(documentOf([trackFixture({ volumeDb: 2.5, clips })]));
    expect(back.tracks[0]!.volumeDb).toBe(0);
    expect(onlyClip(back)).toMatchObject({ gainDb: 0, volumeDb: -3.5 });
  });

  test("a track that moves moves its clips", async () => {
    const automation: Track["automation"] = [
      {
        param: "volumeDb",
        timebase: "sequence",
        points: [
          [frame(100), 0, "amplitude"],
          [frame(140), -20, "hold"],
        ],
      },
    ];
    const clips = [clipAt("clp_a", 50, 150, { volumeDb: -3, gainDb: 1 })];
    const points = await pointsOf(documentOf([trackFixture({ volumeDb: 99 - 60, automation, clips })]));
    expect(points).toEqual([
      ["0", -2, "amplitude"],
      [frame(50), -2, "amplitude"],
      [frame(90), -22, "amplitude"],
      [frame(150), -22, "amplitude"],
    ]);
  });

  test("a move that is straight in dB is followed within 0.1 dB and half a frame of its slope", async () => {
    const automation: Clip["automation"] = [
      {
        param: "volumeDb",
        timebase: "clip",
        points: [
          ["0", -40, "linear"],
          [frame(100), 0, "linear"],
        ],
      },
    ];
    const points = (await pointsOf(documentOf([trackFixture({ clips: [clipAt("clp_a", 0, 100, { automation })] })])))!;
    const gainOf = (db: number) => 10 ** (db / 20);
    for (let at = 0; at < 100; at += 1) {
      const next = points.findIndex(([ticks]) => BigInt(ticks) > BigInt(frame(at)));
      const [from, to] = [points[next - 1]!, points[next]!];
      const share = Number(BigInt(frame(at)) - BigInt(from[0])) / Number(BigInt(to[0]) - BigInt(from[0]));
      const db = 20 * Math.log10(gainOf(from[1]) * (1 - share) + gainOf(to[1]) * share);
      expect(Math.abs(db - (-40 + 0.4 * at))).toBeLessThanOrEqual(0.1 + 0.2 + 1e-9);
    }
  });
});

test("a step of a project file is a step of its document", async () => {
  const document = await importBytes(readFileSync(new URL("xmeml/final-cut-drop-frame.xml", fixtures)));
  const levels = document.tracks[0]!.clips[0]!.automation[0]!.points.map(([, db]) => db);
  expect(levels).toEqual([0, 0, 0, -6.0206, -6.0206]);
});

describe("the fidelity report", () => {
  /** Every property of an entity that says something, as the report would name it. */
  const propertiesOf = (owner: string, entity: object): string[] =>
    Object.entries(entity)
      .filter(
        ([, value]) =>
          value !== null && value !== "" && !(typeof value === "object" && Object.keys(value).length === 0),
      )
      .map(([key]) => `${owner}/${key}`);

  test("names every property of a document that uses everything", async () => {
    const document = everything();
    const { report } = await exportXml(document);
    const named = new Set(report.properties.map(({ property }) => property));
    const filled = document.tracks.filter(({ clips }) => clips.length > 0);
    const wanted = [
      ...propertiesOf("sequence", document.sequence),
      ...Object.values(document.media).flatMap((medium) => propertiesOf("media", medium)),
      ...filled.flatMap((track) => propertiesOf("track", track)),
      ...filled.flatMap(({ clips }) => clips.flatMap((clip) => propertiesOf("clip", clip))),
      ...document.crossfades.flatMap((crossfade) => propertiesOf("crossfade", crossfade)),
    ];
    const grouped = ["track/clips", "track/processors", "track/sends", "clip/processors", "sequence/tickRate"];
    expect([...new Set(wanted)].filter((name) => !named.has(name) && !grouped.includes(name))).toEqual([]);
    const { counts, properties } = report;
    const total = properties.reduce((sum, { count }) => sum + count, 0);
    expect(counts.mapped + counts.carried + counts.dropped).toBe(total);
  });

  test.each([
    ["bus", "Dialogue, Music, Room, Main"],
    ["bus/processor compressor", "stems"],
    ["bus/processor limiter", "stems"],
    ["clip/processor equalizer", "stems"],
    ["clip/processor external", "stems"],
    ["clip/channelGainsDb", "one level"],
    ["track/send", "snd_room"],
    ["track/processor panner/law", ""],
    ["ducker", "dck_music"],
    ["cue tone", "cue_tone"],
    ["cue roomTone", "cue_room"],
    ["stem", "DX, MIX"],
    ["target", "ebu-r128"],
    ["decision", "programme-loudness bus_main"],
    ["document/extensions", ""],
    ["document/extras", ""],
    ["document/note", ""],
    ["clip without a file", "One"],
  ])("%s is dropped by name", async (property, note) => {
    const { report } = await exportXml(everything());
    const [found] = entry(report.properties, property);
    expect(found).toMatchObject({ outcome: "dropped" });
    expect(found!.note ?? "").toContain(note);
  });

  test("an unknown field of anybody is named, too", async () => {
    const clip = { ...clipAt("clp_a", 0, 50), acmeMood: "blue" };
    const { report } = await exportXml(documentOf([trackFixture({ clips: [clip] })]));
    expect(entry(report.properties, "clip/acmeMood")).toEqual([
      { property: "clip/acmeMood", outcome: "dropped", count: 1 },
    ]);
  });

  test("a track without clips and a cross-fade that no host holds are named", async () => {
    const clips = [clipAt("clp_a", 0, 10), clipAt("clp_b", 0, 50)];
    const crossfades = [
      {
        id: "xfd_a",
        from: "clp_a",
        to: "clp_b",
        startTicks: "0",
        durationTicks: frame(10),
        curve: "constantGain" as const,
      },
    ];
    const tracks = [trackFixture({ clips }), trackFixture({ id: "trk_none", order: 1, name: "Spare" })];
    const { report } = await exportXml(documentOf(tracks, { crossfades }));
    expect(entry(report.properties, "track without clips")[0]?.note).toBe("Spare");
    expect(entry(report.properties, "cross-fade over a whole clip")[0]?.count).toBe(1);
  });

  test("no path of this machine stands in the file without a media folder", async () => {
    const { xml, report } = await exportXml(documentOf([trackFixture({ clips: [clipAt("clp_a", 0, 50)] })]));
    expect(new TextDecoder().decode(xml)).toContain("<pathurl>sounds/one.wav</pathurl>");
    expect(report.warnings.join()).toContain("one.wav");
  });
});

/** Files that other people's programs wrote; without them the hand-written ones. */
const material = process.env["PREMIX_MATERIAL"];
type Real = readonly [path: string, mapped: number, carried: number, dropped: number];
const real: readonly Real[] =
  material === undefined
    ? [
        ["xmeml/crossfade-exploded-stereo.xml", 42, 7, 24],
        ["xmeml/final-cut-drop-frame.xml", 46, 9, 27],
      ]
    : [
        ["interchange/xmeml/ccnmtl_Conecta_Test_XML.xml", 1494, 271, 223],
        ["interchange/xmeml/otio_premiere_enable_property.xml", 80, 16, 28],
        ["interchange/xmeml/otio_premiere_example.xml", 115, 24, 35],
        ["interchange/prproj/sergei_test.prproj", 26, 5, 22],
        ["scene/scene.xml", 381, 73, 63],
      ];

describe("files that other programs wrote", () => {
  test.each(real)(
    "%s: imported twice the same bytes; out and in again, the second generation is the first",
    async (path, ...counts) => {
      const bytes = readFileSync(material === undefined ? new URL(path, fixtures) : `${material}/${path}`);
      const [document, again] = [await importBytes(bytes), await importBytes(bytes)];
      expect(canonicalText(again)).toBe(canonicalText(document));
      const { xml, report } = await exportXml(document);
      checkWellFormed(xml);
      const second = await importBytes(xml);
      expect((await exportXml(second)).xml).toEqual(xml);
      expect(canonicalText(await importBytes((await exportXml(second)).xml))).toBe(canonicalText(second));
      const soundOf = ({ tracks, crossfades }: MixDocument) => [
        tracks.map(({ clips, ...track }) => [
          track.name,
          track.role,
          track.layout,
          track.muted,
          track.processors.length,
          clips.map(({ host: _, note: __, automation, ...clip }) => [clip, automation[0]?.points.map(([, db]) => db)]),
        ]),
        crossfades,
      ];
      expect(soundOf(second)).toEqual(soundOf(document));
      expect([report.counts.mapped, report.counts.carried, report.counts.dropped]).toEqual(counts);
    },
  );
});
