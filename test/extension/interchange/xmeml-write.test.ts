import { describe, expect, test } from "vitest";
import { formatCarried, parseCarried } from "../../../extension/interchange/carried.ts";
import { FidelityTally } from "../../../extension/interchange/fidelity.ts";
import type { FidelityEntry, Timeline, TimelineClip } from "../../../extension/interchange/timeline.ts";
import { readXmeml } from "../../../extension/interchange/xmeml/read.ts";
import { writeXmeml } from "../../../extension/interchange/xmeml/write.ts";
import { pathUrl } from "../../../extension/interchange/xmeml/write-file.ts";
import { clip, scene, seconds, timeline, track } from "../../support/simulated-sequence.ts";
import { at25, goodOf, problemOf } from "./fixture.ts";
import { all, attribute, inside, type PlainElement, plainTree, value } from "./plain-tree.ts";

type Written = { readonly tree: PlainElement; readonly back: Timeline; readonly lost: readonly FidelityEntry[] };

const write = (line: Timeline, startTimecode = "00:00:00:00"): Written => {
  const tally = new FidelityTally();
  const bytes = goodOf(writeXmeml(line, { startTimecode, tally }));
  const tree = plainTree(new TextDecoder().decode(bytes));
  return { tree, back: goodOf(readXmeml(bytes, "back.xml")), lost: tally.entries() };
};

const one = (changes: Partial<TimelineClip>, trackChanges = {}): Written =>
  write(
    timeline("S", [
      track("A", [clip(0, { mediaDurationTicks: seconds(60), ...changes })], { layout: "mono", ...trackChanges }),
    ]),
  );

const filterOf = (tree: PlainElement, id: string): PlainElement | undefined =>
  all(tree, "filter").find((filter) => value(filter, "effect/effectid") === id);
const gainId = "{61756678, 4761696e, 4b657947}";
const filterValue = (tree: PlainElement, id: string) => value(filterOf(tree, id), "effect/parameter/value");
const backClip = ({ back }: Written): TimelineClip => back.tracks[0]!.clips[0]!;

describe("a stereo clip", () => {
  const { tree } = write(timeline("S", [track("MX", [clip(0, { mediaChannels: 2, channels: [0, 1] })])]));
  const tracks = all(tree, "track");
  const items = all(tree, "clipitem");

  test("stands as two mono tracks that know of each other", () => {
    expect(tracks.map((element) => attribute(element, "currentExplodedTrackIndex"))).toEqual(["0", "1"]);
    expect(tracks.map((element) => attribute(element, "totalExplodedTrackCount"))).toEqual(["2", "2"]);
    expect(tracks.map((element) => attribute(element, "premiereTrackType"))).toEqual(["Stereo", "Stereo"]);
  });

  test("its halves play their own channels and are linked in one group", () => {
    expect(items.map((item) => value(item, "sourcetrack/trackindex"))).toEqual(["1", "2"]);
    for (const item of items) {
      const links = item.children.filter(({ name }) => name === "link");
      expect(links.map((link) => value(link, "linkclipref"))).toEqual(items.map((each) => attribute(each, "id")));
      expect(links.map((link) => value(link, "trackindex"))).toEqual(["1", "2"]);
      expect(links.map((link) => value(link, "groupindex"))).toEqual(["1", "1"]);
    }
  });

  test("its file is described once and then only named", () => {
    const files = all(tree, "file");
    expect(files.map((file) => attribute(file, "id"))).toEqual(["file-1", "file-1"]);
    expect(files.map(({ children }) => children.length > 0)).toEqual([true, false]);
  });
});

describe("levels within Premiere's own limits", () => {
  test.each([
    ["a level", { volumeDb: -6 }, 0, "0.50118723", undefined],
    ["gain and volume add up", { volumeDb: -9, gainDb: 3 }, 0, "0.50118723", undefined],
    ["the track's volume too", { volumeDb: -3 }, -3, "0.50118723", undefined],
    ["+12 dB is the top of Levels", { volumeDb: 12 }, 0, "3.9810717", undefined],
    ["+18 dB is 12 in Levels and 6 in Gain", { volumeDb: 12, gainDb: 6 }, 0, "3.9810717", "1.9952623"],
    ["+27 dB is the most", { volumeDb: 12, gainDb: 15 }, 0, "3.9810717", "5.6234133"],
    ["off is off, whatever is added", { volumeDb: -120, gainDb: 30 }, 0, "0", undefined],
  ])("%s", (_, changes: Partial<TimelineClip>, volumeDb, level, gain) => {
    const written = one(changes, { volumeDb });
    expect(filterValue(written.tree, "audiolevels")).toBe(level);
    expect(filterValue(written.tree, gainId)).toBe(gain);
    const { gainDb, volumeDb: backDb } = backClip(written);
    const wanted = changes.volumeDb === -120 ? -120 : changes.volumeDb! + (changes.gainDb ?? 0) + volumeDb;
    expect(gainDb + backDb).toBeCloseTo(wanted, 4);
  });

  test("0 dB needs no filter", () => {
    expect(all(one({}).tree, "filter")).toEqual([]);
  });

  test("more than +27 dB is cut there and named", () => {
    const written = one({ volumeDb: 12, gainDb: 20 });
    expect(backClip(written).gainDb + backClip(written).volumeDb).toBeCloseTo(27, 4);
    expect(written.lost).toContainEqual(
      expect.objectContaining({ property: "level above +27 dB", outcome: "dropped", count: 1 }),
    );
  });

  test("keyframes give all they have over +12 dB to one Gain, so that their moves stay", () => {
    const volumeKeys = [
      { mediaTicks: at25(0), levelDb: -20 },
      { mediaTicks: at25(10), levelDb: 10 },
      { mediaTicks: at25(50), levelDb: -120 },
    ];
    const written = one({ startTicks: "0", endTicks: at25(50), inTicks: "0", volumeKeys, gainDb: 8 });
    expect(backClip(written).gainDb).toBeCloseTo(6, 4);
    const levels = backClip(written).volumeKeys.map(({ mediaTicks, levelDb }) => [
      mediaTicks,
      Math.round(levelDb * 1e4) / 1e4,
    ]);
    expect(levels).toEqual([
      [at25(0), -18],
      [at25(10), 12],
      [at25(50), -120],
    ]);
  });

  test("a step becomes a move over one frame", () => {
    const volumeKeys = [0, 10, 10, 50].map((frame, index) => ({
      mediaTicks: at25(frame),
      levelDb: index < 2 ? 0 : -20,
    }));
    const { tree } = one({ startTicks: "0", endTicks: at25(50), inTicks: "0", volumeKeys });
    expect(all(tree, "keyframe").map((key) => [value(key, "when"), value(key, "value")])).toEqual([
      ["0", "1"],
      ["9", "1"],
      ["10", "0.1"],
      ["50", "0.1"],
    ]);
  });
});

describe("places", () => {
  test("frames on the timeline, exact ticks in the source", () => {
    const { tree } = one({
      startTicks: at25(10),
      endTicks: at25(20),
      inTicks: "1016064000001",
      outTicks: "1117670400001",
    });
    const [item] = all(tree, "clipitem");
    expect(["start", "end", "in", "pproTicksIn", "pproTicksOut"].map((name) => value(item, name))).toEqual([
      "10",
      "20",
      "100",
      "1016064000001",
      "1117670400001",
    ]);
  });

  test("an edge between two frames moves to the nearest one and takes its source along", () => {
    const third = 3_386_880_000n;
    const off = (frame: number) => String(BigInt(at25(frame)) + third);
    const written = one({ startTicks: off(10), endTicks: off(20), inTicks: at25(100), outTicks: at25(110) });
    const { startTicks, endTicks, inTicks } = backClip(written);
    expect([startTicks, endTicks]).toEqual([at25(10), at25(20)]);
    expect(BigInt(inTicks) - BigInt(startTicks)).toBe(BigInt(at25(100)) - BigInt(off(10)));
    expect(written.lost).toContainEqual(
      expect.objectContaining({ property: "clip edge between two frames", count: 2 }),
    );
  });

  test("where the media begins, the edge moves into it, never in front", () => {
    const written = one({ startTicks: "3386880000", endTicks: at25(20), inTicks: "0" });
    expect(backClip(written)).toMatchObject({ startTicks: at25(1), inTicks: String(BigInt(at25(1)) - 3_386_880_000n) });
  });

  test("keyframes stay with the timeline's frames when the source starts within a frame", () => {
    const volumeKeys = [0, 5, 10].map((frame) => ({
      mediaTicks: String(BigInt(at25(100 + frame)) + 7n),
      levelDb: -frame,
    }));
    const written = one({
      startTicks: at25(10),
      endTicks: at25(20),
      inTicks: String(BigInt(at25(100)) + 7n),
      volumeKeys,
    });
    expect(backClip(written).volumeKeys.map(({ mediaTicks }) => mediaTicks)).toEqual(
      volumeKeys.map(({ mediaTicks }) => mediaTicks),
    );
  });

  test("what is shorter than a frame is left out by name", () => {
    const written = one({ name: "click", startTicks: at25(10), endTicks: String(BigInt(at25(10)) + 9n) });
    expect(all(written.tree, "clipitem")).toEqual([]);
    expect(written.lost).toContainEqual({
      property: "clip shorter than a frame",
      outcome: "dropped",
      count: 1,
      note: "click",
    });
  });

  test("a mono clip on a 5.1 track stands in the centre alone", () => {
    const written = one({ channels: [0] }, { layout: "5.1" });
    const filled = all(written.tree, "track").map((element) => all(element, "clipitem").length);
    expect(filled).toEqual([0, 0, 1, 0, 0, 0]);
    expect(backClip(written).channels).toEqual([0]);
  });
});

const cut = (curve: "constantPower" | "constantGain", from: number, to: number, side?: "start" | "end") => ({
  name: "x",
  matchName: "x",
  curve,
  startTicks: at25(from),
  endTicks: at25(to),
  ...(side === undefined ? {} : { side }),
});
const pair = [
  clip(0, { startTicks: "0", endTicks: at25(100), inTicks: at25(50), outTicks: at25(150) }),
  clip(1, { startTicks: at25(100), endTicks: at25(200), inTicks: at25(50), outTicks: at25(150) }),
];
const faded = (...transitions: ReturnType<typeof cut>[]) =>
  write(timeline("S", [track("A", pair, { layout: "mono", transitions })]));

describe("transitions", () => {
  test("a cross-fade lies over the cut: its clips end in -1 and play its handles", () => {
    const { tree, back } = faded(cut("constantPower", 95, 105));
    const items = all(tree, "clipitem").map((item) => ["start", "end", "in", "out"].map((name) => value(item, name)));
    expect(items).toEqual([
      ["0", "-1", "50", "155"],
      ["-1", "200", "45", "150"],
    ]);
    const [transition] = all(tree, "transitionitem");
    expect(value(transition, "alignment")).toBe("center");
    expect(value(transition, "effect/effectid")).toBe("KGAudioTransCrossFade3dB");
    expect(back.tracks[0]!.clips.map(({ startTicks, endTicks, inTicks }) => [startTicks, endTicks, inTicks])).toEqual(
      pair.map(({ startTicks, endTicks, inTicks }) => [startTicks, endTicks, inTicks]),
    );
  });

  test.each([
    ["start", 100, 110, "start-black"],
    ["end", 90, 100, "end-black"],
  ] as const)("a fade at the %s of one clip stays its own beside another clip", (side, from, to, alignment) => {
    const { tree, back } = faded(cut("constantGain", from, to, side));
    expect(value(all(tree, "transitionitem")[0], "alignment")).toBe(alignment);
    expect(back.tracks[0]!.transitions).toEqual([
      expect.objectContaining({ curve: "constantGain", startTicks: at25(from), endTicks: at25(to), side }),
    ]);
  });

  test("both at once: one clip out, the other in", () => {
    const { back } = faded(cut("constantGain", 90, 100, "end"), cut("constantPower", 100, 120, "start"));
    expect(back.tracks[0]!.transitions.map(({ side, curve }) => [side, curve])).toEqual([
      ["end", "constantGain"],
      ["start", "constantPower"],
    ]);
  });

  test("a fade that is too short for a frame is named", () => {
    const short = { ...cut("constantGain", 100, 100, "start" as const), endTicks: String(BigInt(at25(100)) + 9n) };
    expect(faded(short).lost).toEqual([
      expect.objectContaining({ property: "fade shorter than a frame", outcome: "dropped" }),
    ]);
  });
});

describe("the sequence", () => {
  test("rate, drop frame, start, sample rate and layout come back", () => {
    const facts = {
      frameRate: "30000/1001",
      dropFrame: true,
      zeroPointTicks: "914457600000000",
      sampleRate: 44_100,
      layout: "5.1",
    } as const;
    const { back, tree } = write(timeline("S", [track("A", [clip(0)])], facts), "01:00:00;00");
    expect(back).toMatchObject(facts);
    expect(value(all(tree, "timecode")[0], "string")).toBe("01:00:00;00");
  });

  test.each(["24", "25", "30", "50", "60", "24000/1001", "30000/1001", "60000/1001", "120000/1001"])(
    "%s frames per second",
    (frameRate) => {
      expect(write(timeline("S", [track("A", [clip(0)])], { frameRate })).back.frameRate).toBe(frameRate);
    },
  );

  test("a rate that the format cannot state is refused in words", () => {
    const tally = new FidelityTally();
    const problem = problemOf(writeXmeml(timeline("S", [], { frameRate: "25/2" }), { startTimecode: "", tally }));
    expect(problem.message).toContain("25/2");
  });

  test("mute, lock, pan and disabled clips come back, also on a track without clips", () => {
    const line = timeline("S", [
      track("A", [clip(0, { enabled: false, pan: 0.25 })], { muted: true, pan: -0.5 }),
      track("", [], { locked: true, layout: "mono" }),
    ]);
    const { back } = write(line);
    expect(back.tracks[0]).toMatchObject({ name: "A", muted: true, locked: false, pan: -0.5 });
    expect(back.tracks[0]!.clips[0]).toMatchObject({ enabled: false, pan: 0.25 });
    expect(back.tracks[1]).toMatchObject({ muted: false, locked: true, layout: "mono", clips: [] });
  });

  test("speed and direction come back, also under a cross-fade", () => {
    const clips = pair.map((each) => ({ ...each, speed: 1.5, reversed: true }));
    const { back } = write(
      timeline("S", [track("A", clips, { layout: "mono", transitions: [cut("constantGain", 95, 105)] })]),
    );
    expect(back.tracks[0]!.clips.map(({ speed, reversed, inTicks }) => [speed, reversed, inTicks])).toEqual(
      clips.map(({ inTicks }) => [1.5, true, inTicks]),
    );
  });

  test("the small scene of the host tests comes back with every clip in its place", () => {
    const placeOf = ({ name, startTicks, endTicks, inTicks, enabled, speed, reversed, mediaPath }: TimelineClip) => {
      return { name, startTicks, endTicks, inTicks, enabled, speed, reversed, mediaPath };
    };
    const { back } = write(scene());
    expect(back.tracks.map(({ clips }) => clips.map(placeOf))).toEqual(
      scene().tracks.map(({ clips }) => clips.map(placeOf)),
    );
  });
});

describe("names and paths", () => {
  test.each([
    "Say \"hello\" & <b>'bye'</b> ]]>",
    "first\nsecond\rthird\ttab",
    "  spaces  ",
    "é NFC",
    "🎬 \u202e",
    "</name><clipitem>",
    "&amp;amp; &#65;",
    "%41 $x} `y`",
  ])("%j is read back as it is", (name) => {
    const { back, lost } = write(
      timeline(name, [track(name, [clip(0, { name, mediaName: name, mediaPath: `/m/${name}` })])]),
    );
    const [first] = back.tracks;
    expect([back.name, first!.name, first!.clips[0]!.name]).toEqual([name, name, name]);
    expect(first!.clips[0]!.mediaPath).toBe(`/m/${name}`);
    expect(lost.filter(({ outcome }) => outcome === "dropped")).toEqual([]);
  });

  test("what XML cannot hold is shown as such, and counted", () => {
    const { back, lost } = write(timeline("S", [track("A", [clip(0, { name: "a\u0000b\u0001c\ud800d\uffff" })])]));
    expect(back.tracks[0]!.clips[0]!.name).toBe("a\ufffdb\ufffdc\ufffdd\ufffd");
    expect(lost).toContainEqual(expect.objectContaining({ property: "character that XML cannot hold", count: 1 }));
  });

  test.each([
    ["/Users/me/a b/100%.wav", "file://localhost/Users/me/a%20b/100%25.wav"],
    ["D:\\Show\\a&b.wav", "file://localhost/D%3A/Show/a%26b.wav"],
    ["\\\\server\\share\\é.wav", "file://server/share/%C3%A9.wav"],
    ["day 1/a.wav", "day 1/a.wav"],
  ])("%s is written as %s", (path, url) => {
    expect(pathUrl(path)).toBe(url);
  });
});

describe("what is carried in a log note", () => {
  const carried = {
    id: "clp_a-1",
    role: "music",
    roleSource: "by ear & eye",
    media: "med_x",
    note: "two\nlines = 100 % €",
  } as const;

  test("comes back, beside the clip and beside the sequence", () => {
    const line = timeline("S", [track("A", [clip(0, { carried })])], { carriedId: "seq_7" });
    const { back } = write(line);
    expect(back.carriedId).toBe("seq_7");
    expect(back.tracks[0]!.clips[0]!.carried).toEqual(carried);
    expect(back.fidelity).toContainEqual(
      expect.objectContaining({ property: "clipitem/logginginfo/lognote of Premix", outcome: "mapped" }),
    );
  });

  test("is one line of plain ASCII", () => {
    expect(formatCarried(carried)).toMatch(/^premix [!-~ ]+$/);
    expect(formatCarried({})).toBe("");
  });

  test.each(["", "good take", "premixed", "Premix id=clp_a"])("%j is somebody else's note", (text) => {
    expect(parseCarried(text)).toBeNull();
  });

  test("values that cannot be are left out", () => {
    expect(parseCarried("premix id=1bad role=loud media=%zz note=ok%zz other=1 __proto__=x id")).toEqual({});
    expect(parseCarried("premix role=music constructor=1")).toEqual({ role: "music" });
  });
});

test("the elements stand in the order of Premiere's own files", () => {
  const { tree } = one({ volumeDb: -3, carried: { id: "clp_1" } });
  const names = inside(tree, "xmeml/sequence/media/audio/track/clipitem")!.children.map(({ name }) => name);
  expect(names).toEqual(
    [
      "masterclipid",
      "name",
      "enabled",
      "duration",
      "rate",
      "start",
      "end",
      "in",
      "out",
      "pproTicksIn",
      "pproTicksOut",
    ].concat(["file", "filter", "sourcetrack", "logginginfo"]),
  );
});
