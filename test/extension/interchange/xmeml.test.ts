import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Timeline, TimelineClip } from "../../../extension/interchange/timeline.ts";
import { readAllXmeml, readXmeml } from "../../../extension/interchange/xmeml/read.ts";
import { at25, clipitem, fixture, goodOf, problemOf, xmeml } from "./fixture.ts";

const read = (bytes: Uint8Array, sequence?: string): Timeline =>
  goodOf(readXmeml(bytes, "x.xml", sequence === undefined ? {} : { sequence }));

const clipsOf = (bytes: Uint8Array): readonly TimelineClip[] => read(bytes).tracks.flatMap(({ clips }) => clips);

const onlyClip = (inside = "", place?: string, rate?: string): TimelineClip => {
  const [clip, ...others] = clipsOf(xmeml(clipitem(inside, place), rate));
  if (clip === undefined || others.length > 0) throw new Error("one clip was written");
  return clip;
};

const ranges = (clip: TimelineClip | undefined): readonly (string | undefined)[] => [
  clip?.startTicks,
  clip?.endTicks,
  clip?.inTicks,
  clip?.outTicks,
];

const levels = (value: string, keys = "", effect = ""): string =>
  `<filter><effect><name>Niveaux</name><effectid>audiolevels</effectid><mediatype>audio</mediatype>${effect}<parameter><parameterid>level</parameterid><name>Niveau</name><value>${value}</value>${keys}</parameter></effect></filter>`;

const key = (when: number, value: number): string => `<keyframe><when>${when}</when><value>${value}</value></keyframe>`;

describe("a sequence as Premiere exports it", () => {
  const timeline = read(fixture("xmeml/crossfade-exploded-stereo.xml"));

  test("keeps its facts", () => {
    expect({ ...timeline, tracks: [], fidelity: [] }).toEqual({
      format: "xmeml",
      formatVersion: "4",
      id: "sequence-1",
      name: "Cross-fade <b>& more</b>",
      frameRate: "25",
      dropFrame: false,
      zeroPointTicks: "914457600000000",
      durationTicks: at25(500),
      sampleRate: 48_000,
      layout: "stereo",
      tracks: [],
      fidelity: [],
    });
  });

  test("has one stereo track where the file has two mono ones", () => {
    const [track, ...others] = timeline.tracks;
    expect(others).toEqual([]);
    expect({ ...track, clips: [], transitions: [] }).toEqual({
      id: "track-1",
      name: "MX",
      layout: "stereo",
      muted: true,
      locked: true,
      volumeDb: 0,
      pan: 0,
      clips: [],
      transitions: [],
    });
    expect(track?.clips.map(({ id, channels }) => [id, channels])).toEqual([
      ["clipitem-1", [0, 1]],
      ["clipitem-2", [0, 1]],
    ]);
  });

  test("its clips meet in one point under the cross-fade and source ranges belong to that cut", () => {
    const [first, second] = timeline.tracks[0]?.clips ?? [];
    expect(ranges(first)).toEqual([at25(100), at25(212), at25(50), at25(162)]);
    expect(ranges(second)).toEqual([at25(212), at25(300), at25(1012), at25(1100)]);
    expect([first?.enabled, second?.enabled]).toEqual([true, false]);
  });

  test("the cross-fade is told once, with its curve", () => {
    expect(timeline.tracks[0]?.transitions).toEqual([
      {
        name: "Cross Fade (+3dB)",
        matchName: "KGAudioTransCrossFade3dB",
        curve: "constantPower",
        startTicks: at25(200),
        endTicks: at25(224),
      },
    ]);
  });

  test("a file defined under a picture is found from the sound", () => {
    expect(timeline.tracks[0]?.clips[0]).toMatchObject({
      kind: "media",
      mediaPath: "D:/Show/Müsic 100%.wav",
      mediaName: "Müsic 100%.wav",
      mediaChannels: 2,
      mediaSampleRate: 44_100,
      mediaDurationTicks: at25(2000),
    });
  });

  test("markers are named as dropped, levels would be mapped", () => {
    const entry = (property: string) => timeline.fidelity.find((one) => one.property === property);
    expect(entry("marker")).toMatchObject({ outcome: "dropped", count: 1 });
    expect(entry("clipitem/start")).toMatchObject({ outcome: "mapped", count: 4 });
    expect(entry("track/outputchannelindex")).toMatchObject({ outcome: "dropped", count: 2 });
    expect(timeline.fidelity.every(({ count }) => count > 0)).toBe(true);
  });
});

describe("a sequence as Final Cut Pro writes it", () => {
  const timeline = read(fixture("xmeml/final-cut-drop-frame.xml"));

  test("has drop-frame time from its timecode", () => {
    expect(timeline).toMatchObject({
      frameRate: "30000/1001",
      dropFrame: true,
      zeroPointTicks: String(107_892n * 8_475_667_200n),
      layout: "stereo",
    });
  });

  test("two linked tracks panned apart are one stereo track in the middle", () => {
    expect(timeline.tracks.map(({ layout, clips }) => [layout, clips.length])).toEqual([
      ["stereo", 1],
      ["mono", 1],
    ]);
    expect(timeline.tracks[0]?.clips[0]).toMatchObject({
      name: "",
      pan: 0,
      channels: [0, 1],
      mediaChannels: 2,
      mediaName: "pa ir.aif",
    });
  });

  test("keyframes count from the media's first frame; two at one frame make a step", () => {
    const frame = 8_475_667_200n;
    expect(timeline.tracks[0]?.clips[0]?.volumeKeys).toEqual([
      { mediaTicks: String(110n * frame), levelDb: 0 },
      { mediaTicks: String(120n * frame), levelDb: 0 },
      { mediaTicks: String(120n * frame), levelDb: -6.0206 },
    ]);
  });

  test("a clip item's own rate counts for its source, the sequence's for its place", () => {
    expect(ranges(timeline.tracks[1]?.clips[0])).toEqual([
      "0",
      String(60n * 8_475_667_200n),
      String(48n * 10_594_584_000n),
      String(48n * 10_594_584_000n + 60n * 8_475_667_200n),
    ]);
  });

  test("media without a path is media that is missing, by name", () => {
    expect(timeline.tracks[1]?.clips[0]).toMatchObject({
      kind: "media",
      mediaPath: "",
      mediaName: "lost.wav",
      mediaChannels: null,
    });
  });
});

describe("rates", () => {
  test("a missing ntsc means the rate around it when the timebase is the same", () => {
    const inside = "<rate><timebase>24</timebase></rate>";
    expect(onlyClip(inside, undefined, "<timebase>24</timebase><ntsc>TRUE</ntsc>").inTicks).toBe(
      String(100n * 10_594_584_000n),
    );
    expect(onlyClip(inside).inTicks).toBe(String(100n * 10_584_000_000n));
  });

  test("a clip item without a rate, or with timebase 0, has the sequence's", () => {
    expect(onlyClip().inTicks).toBe(at25(100));
    expect(onlyClip("<rate><timebase>0</timebase></rate>").inTicks).toBe(at25(100));
  });

  test("a sequence without any rate is refused", () => {
    expect(problemOf(readXmeml(xmeml(clipitem(), ""), "x.xml")).message).toContain("states no frame rate");
  });

  test("source ticks beside the frames are exact and win", () => {
    const ticks = "<pproTicksIn>1016069292000</pproTicksIn><pproTicksOut>1117675692000</pproTicksOut>";
    expect(ranges(onlyClip(ticks))).toEqual([at25(10), at25(20), "1016069292000", "1117675692000"]);
  });

  test("a source end that is a frame short does not shorten the clip", () => {
    expect(ranges(onlyClip("", "<start>10</start><end>20</end><in>100</in><out>109</out>"))).toEqual([
      at25(10),
      at25(20),
      at25(100),
      at25(110),
    ]);
  });
});

describe("transitions", () => {
  const fade = (start: number, end: number, alignment: string, cut = "", id = "KGAudioTransCrossFade0dB"): string =>
    `<transitionitem><start>${start}</start><end>${end}</end><alignment>${alignment}</alignment>${cut}<effect><name>x</name><effectid>${id}</effectid></effect></transitionitem>`;
  const left = clipitem("", "<start>0</start><end>-1</end><in>0</in><out>57</out>");
  const right = clipitem("", "<start>-1</start><end>100</end><in>38</in><out>100</out>");

  test.each([
    ["center", "", 47],
    ["center", "<cutPointTicks>101606400000</cutPointTicks>", 48],
    ["center", "<cutPointTicks>0</cutPointTicks>", 47],
    ["end-black", "<cutPointTicks>0</cutPointTicks>", 57],
    ["end", "", 57],
    ["start-black", "<cutPointTicks>99</cutPointTicks>", 38],
    ["start", "", 38],
  ])("%s %s over frames 38 to 57 cuts at %i", (alignment, cutPoint, cut) => {
    const [first, second] = clipsOf(xmeml(left + fade(38, 57, alignment, cutPoint) + right));
    expect(ranges(first)).toEqual(["0", at25(cut), "0", at25(cut)]);
    expect(ranges(second)).toEqual([at25(cut), at25(100), at25(cut), at25(100)]);
  });

  test("a fade at the head of a clip alone", () => {
    const [clip] = clipsOf(
      xmeml(fade(0, 30, "center") + clipitem("", "<start>-1</start><end>287</end><in>667</in><out>954</out>")),
    );
    expect(ranges(clip)).toEqual([at25(15), at25(287), at25(682), at25(954)]);
  });

  test("clips under a transition keep explicit frames", () => {
    const [clip] = clipsOf(xmeml(clipitem() + fade(18, 20, "end-black")));
    expect(ranges(clip)).toEqual([at25(10), at25(20), at25(100), at25(110)]);
  });

  test("any cross-fade leaves both clips their sounding range when its handles are added back", () => {
    const frames = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(frames, frames, fc.nat(500), fc.nat(500), (before, after, inA, inB) => {
        const [start, end, cut] = [
          100 - before,
          100 + after,
          `<cutPointTicks>${BigInt(before) * 10_160_640_000n}</cutPointTicks>`,
        ];
        const a = clipitem("", `<start>0</start><end>-1</end><in>${inA}</in><out>${inA + end}</out>`);
        const b = clipitem("", `<start>-1</start><end>200</end><in>${inB}</in><out>${inB + 200 - start}</out>`);
        const [first, second] = clipsOf(xmeml(a + fade(start, end, "center", cut) + b));
        expect(ranges(first)).toEqual(["0", at25(100), at25(inA), at25(inA + 100)]);
        expect(ranges(second)).toEqual([at25(100), at25(200), at25(inB + before), at25(inB + 200 - start)]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ["KGAudioTransCrossFade0dB", "constantGain"],
    ["KGAudioTransCrossFade3dB", "constantPower"],
    ["KGAudioTransExponential", "other"],
  ])("%s has the curve %s", (id, curve) => {
    expect(read(xmeml(fade(0, 10, "start-black", "", id))).tracks[0]?.transitions[0]?.curve).toBe(curve);
  });

  test("a side of -1 without a transition follows from the source length", () => {
    expect(ranges(onlyClip("", "<start>10</start><end>-1</end><in>100</in><out>130</out>"))).toEqual([
      at25(10),
      at25(40),
      at25(100),
      at25(130),
    ]);
    expect(ranges(onlyClip("", "<start>-1</start><end>40</end><in>100</in><out>130</out>"))).toEqual([
      at25(10),
      at25(40),
      at25(100),
      at25(130),
    ]);
  });

  test("a clip without a place is left out and named", () => {
    const result = readXmeml(xmeml(clipitem("", "<start>-1</start><end>-1</end>")), "x.xml");
    expect(goodOf(result).tracks[0]?.clips).toEqual([]);
    expect(result.ok && result.warnings[0]?.message).toContain('"clip"');
    expect(goodOf(result).fidelity).toContainEqual({
      property: "clipitem without a place",
      outcome: "dropped",
      count: 1,
    });
  });
});

describe("levels, pan and effects", () => {
  test.each([
    ["1", 0],
    ["2", 6.0206],
    ["0.5", -6.0206],
    ["0", -120],
    ["3.98109", 12.00004],
    ["100", 12.00004],
  ])("a level of %s is %d dB", (value, db) => {
    expect(onlyClip(levels(value)).volumeDb).toBeCloseTo(db, 5);
  });

  test("keys stand in media time and replace the static level", () => {
    const clip = onlyClip(levels("0.5", key(100, 1) + key(105, 0.5)));
    expect(clip.volumeDb).toBe(0);
    expect(clip.volumeKeys).toEqual([
      { mediaTicks: at25(100), levelDb: 0 },
      { mediaTicks: at25(105), levelDb: -6.0206 },
    ]);
  });

  test("keys that can only count from the in point are read so, and it is said", () => {
    const result = readXmeml(xmeml(clipitem(levels("1", key(0, 1) + key(9, 0.5)))), "x.xml");
    expect(goodOf(result).tracks[0]?.clips[0]?.volumeKeys.map(({ mediaTicks }) => mediaTicks)).toEqual([
      at25(100),
      at25(109),
    ]);
    expect(result.ok && result.warnings.some(({ message }) => message.includes("in point"))).toBe(true);
  });

  test("of many keys at one frame only the first and last are heard", () => {
    const clip = onlyClip(levels("1", key(101, 1) + key(101, 0.1) + key(101, 0.2) + key(101, 0.5)));
    expect(clip.volumeKeys.map(({ levelDb }) => levelDb)).toEqual([0, -6.0206]);
  });

  test("Premiere's Gain filter is the clip's Audio Gain as a factor, whatever its name", () => {
    const gain = `<filter><effect><name>Verstärkung</name><effectid>{61756678, 4761696e, 4b657947}</effectid><mediatype>audio</mediatype><parameter><parameterid>1</parameterid><name>Gain(dB)</name><value>2</value></parameter></effect></filter>`;
    const clip = onlyClip(gain + levels("0.5"));
    expect([clip.gainDb, clip.volumeDb, clip.effects]).toEqual([6.0206, -6.0206, []]);
  });

  test("of two stacked Levels the last counts", () => {
    expect(onlyClip(levels("2") + levels("0.5")).volumeDb).toBe(-6.0206);
  });

  test("bypassed and disabled filters do nothing", () => {
    expect(onlyClip(levels("0.5", "", "<pproBypass>true</pproBypass>")).volumeDb).toBe(0);
    expect(onlyClip(levels("0.5").replace("<filter>", "<filter><enabled>FALSE</enabled>")).volumeDb).toBe(0);
  });

  test("pan is -1 to 1 and clamped", () => {
    const pan = (value: string) =>
      `<filter><effect><effectid>audiopan</effectid><parameter><parameterid>pan</parameterid><value>${value}</value></parameter></effect></filter>`;
    expect([onlyClip(pan("-0.5")).pan, onlyClip(pan("7")).pan]).toEqual([-0.5, 1]);
  });

  test("other audio effects are carried by name, picture effects are not the sound's", () => {
    const effect = (id: string, kind: string) =>
      `<filter><effect><name>x</name><effectid>${id}</effectid><mediatype>${kind}</mediatype></effect></filter>`;
    const timeline = read(xmeml(clipitem(effect("PeakLimiter", "audio") + effect("blur", "video"))));
    expect(timeline.tracks[0]?.clips[0]?.effects).toEqual(["PeakLimiter"]);
    expect(timeline.fidelity).toContainEqual(
      expect.objectContaining({ property: "filter PeakLimiter", outcome: "carried", count: 1 }),
    );
  });

  test.each([
    ["200", "FALSE", 2, false],
    ["50", "TRUE", 0.5, true],
    ["-100", "FALSE", 1, true],
    ["-100", "TRUE", 1, false],
  ])("a speed of %s with reverse %s", (percent, reverse, speed, reversed) => {
    const remap = `<filter><effect><effectid>timeremap</effectid><parameter><parameterid>variablespeed</parameterid><value>0</value></parameter><parameter><parameterid>speed</parameterid><value>${percent}</value></parameter><parameter><parameterid>reverse</parameterid><value>${reverse}</value></parameter></effect></filter>`;
    expect(onlyClip(remap)).toMatchObject({ speed, reversed });
  });

  test.each([
    ['PannerName="Balance" PannerCurrentValue="0.5"', 0],
    ['PannerName="Balance" PannerCurrentValue="0.75" PannerIsInverted="true"', 0.5],
    ['PannerName="Pan" PannerCurrentValue="0" PannerIsInverted="true"', -1],
    ['PannerName="Pan" PannerIsInverted="true"', 1],
    ["", 0],
  ])("a track with %s is panned %d", (attributes, pan) => {
    const text = new TextDecoder()
      .decode(xmeml(""))
      .replace("<track>", `<track ${attributes} premiereTrackType="Mono">`);
    expect(read(new TextEncoder().encode(text)).tracks[0]?.pan).toBe(pan);
  });
});

describe("exploded stereo", () => {
  const side = (index: number, items: string, type = "Stereo", total = 2): string =>
    `<track premiereTrackType="${type}" currentExplodedTrackIndex="${index}" totalExplodedTrackCount="${total}">${items}</track>`;
  const source = (channel: number): string =>
    `<sourcetrack><mediatype>audio</mediatype><trackindex>${channel}</trackindex></sourcetrack>`;
  const tracks = (inside: string): Timeline =>
    read(new TextEncoder().encode(new TextDecoder().decode(xmeml("")).replace("<track></track>", inside)));

  test("a mono clip on a stereo track plays its channel on both sides", () => {
    const [track] = tracks(side(0, clipitem(source(1))) + side(1, clipitem(source(1)))).tracks;
    expect(track?.clips[0]).toMatchObject({ channels: [0, 0], pan: 0 });
  });

  test("a clip on one side only sounds on that side", () => {
    expect(tracks(side(0, clipitem(source(1))) + side(1, "")).tracks[0]?.clips[0]).toMatchObject({
      channels: [0, 0],
      pan: -1,
    });
    expect(tracks(side(0, "") + side(1, clipitem(source(2)))).tracks[0]?.clips[0]).toMatchObject({
      channels: [1, 1],
      pan: 1,
    });
  });

  test("channels 3 and 4 of a polyphonic file stay channels 3 and 4", () => {
    expect(tracks(side(0, clipitem(source(3))) + side(1, clipitem(source(4)))).tracks[0]?.clips[0]?.channels).toEqual([
      2, 3,
    ]);
  });

  test("six exploded tracks are one 5.1 track", () => {
    const all = Array.from({ length: 6 }, (_, index) => side(index, clipitem(source(index + 1)), "5.1", 6)).join("");
    expect(tracks(all).tracks.map(({ layout, clips }) => [layout, clips[0]?.channels])).toEqual([
      ["5.1", [0, 1, 2, 3, 4, 5]],
    ]);
  });

  test("mono tracks and broken groups stay apart", () => {
    expect(tracks(side(0, "", "Mono", 1) + side(0, "", "Mono", 1)).tracks.map(({ layout }) => layout)).toEqual([
      "mono",
      "mono",
    ]);
    expect(tracks(side(0, "") + side(0, "") + side(1, "")).tracks.map(({ layout }) => layout)).toEqual([
      "stereo",
      "stereo",
    ]);
  });

  test("where the sides disagree, the one whose ranges agree is right", () => {
    const wrong = clipitem(
      `<pproTicksIn>0</pproTicksIn><pproTicksOut>${at25(82)}</pproTicksOut>${source(1)}`,
      "<start>100</start><end>194</end><in>0</in><out>94</out>",
    );
    const right = clipitem(
      `<pproTicksIn>0</pproTicksIn><pproTicksOut>${at25(82)}</pproTicksOut>${source(2)}`,
      "<start>100</start><end>182</end><in>0</in><out>82</out>",
    );
    expect(ranges(tracks(side(0, wrong) + side(1, right)).tracks[0]?.clips[0])).toEqual([
      at25(100),
      at25(182),
      "0",
      at25(82),
    ]);
  });

  test("clips that are on neither side at the same place are all kept", () => {
    const at = (start: number, name: string): string =>
      clipitem("", `<start>${start}</start><end>${start + 5}</end><in>0</in><out>5</out>`).replace(
        'id="f"',
        `id="${name}"`,
      );
    const timeline = tracks(side(0, at(0, "a") + at(50, "b")) + side(1, at(20, "c") + at(50, "b")));
    expect(timeline.tracks[0]?.clips.map(({ startTicks, pan }) => [startTicks, pan])).toEqual([
      [at25(0), -1],
      [at25(20), 1],
      [at25(50), 0],
    ]);
  });
});

describe("several sequences", () => {
  const bytes = fixture("xmeml/bins-and-nested.xml");

  test("the first with sound is read and the others are named", () => {
    const result = readXmeml(bytes, "x.xml");
    expect(goodOf(result)).toMatchObject({ id: "main", layout: "5.1" });
    expect(result.ok && result.warnings[0]?.message).toContain("Empty, Inner scene");
  });

  test("a named one is read, by name or id, also a nested one", () => {
    expect(read(bytes, "Inner scene").tracks[0]?.clips[0]).toMatchObject({
      name: "inside",
      mediaPath: "\\\\server\\share\\in.wav",
      mediaName: "in.wav",
    });
    expect(read(bytes, "inner").id).toBe("inner");
    expect(read(bytes, "Empty").tracks).toEqual([]);
  });

  test("all are read, those that stand alone first", () => {
    expect(goodOf(readAllXmeml(bytes, "x.xml")).map(({ id }) => id)).toEqual(["empty", "main", "inner"]);
  });

  test("a name that is not there is refused with what is there and what was meant", () => {
    expect(problemOf(readXmeml(bytes, "x.xml", { sequence: "Mian" }))).toMatchObject({
      code: "meaning",
      allowed: ["Empty", "Main", "Inner scene"],
      didYouMean: "Main",
    });
  });

  test("nested sequences, generators and multicam clips keep their kind", () => {
    expect(
      read(bytes, "main").tracks[0]?.clips.map(({ kind, mediaName, mediaChannels, inTicks }) => [
        kind,
        mediaName,
        mediaChannels,
        inTicks,
      ]),
    ).toEqual([
      ["sequence", "Inner scene", 2, "0"],
      ["sequence", "Inner scene", 2, at25(20)],
      ["synthetic", "Bars and Tone", null, "0"],
      ["multicam", "Angles", null, "0"],
    ]);
  });

  test("a file without a sequence is refused", () => {
    const text = new TextEncoder().encode('<xmeml version="4"><bin><name>x</name></bin></xmeml>');
    expect(problemOf(readXmeml(text, "x.xml")).message).toContain("no sequence");
  });
});

test("timecode without a frame number, in its own rate, gives the start", () => {
  const timecode = (inside: string) =>
    read(
      xmeml(
        "",
        "<timebase>30</timebase><ntsc>TRUE</ntsc>",
        `<timecode><rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>${inside}</timecode>`,
      ),
    );
  const frame = 8_475_667_200n;
  expect(timecode("<string>00:59:56:12</string><displayformat>NDF</displayformat>")).toMatchObject({
    dropFrame: false,
    zeroPointTicks: String(107_892n * frame),
  });
  expect(timecode("<string>01:00:00;00</string>")).toMatchObject({
    dropFrame: true,
    zeroPointTicks: String(107_892n * frame),
  });
  expect(timecode("<string>nonsense</string>")).toMatchObject({ dropFrame: false, zeroPointTicks: "0" });
});

test("the same bytes give the same timeline", () => {
  const bytes = fixture("xmeml/crossfade-exploded-stereo.xml");
  expect(JSON.stringify(readXmeml(bytes, "x.xml"))).toBe(JSON.stringify(readXmeml(bytes, "x.xml")));
});
