import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readAllPrproj, readPrproj } from "../../../extension/interchange/prproj/read.ts";
import type { Timeline, TimelineClip } from "../../../extension/interchange/timeline.ts";
import { bytesOf, fixtureText, goodOf, problemOf } from "./fixture.ts";

const text = fixtureText("prproj/two-tracks.prproj.xml");

const readText = async (xml: string, sequence?: string): Promise<Timeline> =>
  goodOf(await readPrproj(bytesOf(xml), "x.prproj", sequence === undefined ? {} : { sequence }));

const firstClip = async (xml: string): Promise<TimelineClip> => {
  const clip = (await readText(xml)).tracks[0]?.clips[0];
  if (clip === undefined) throw new Error("the first track has a clip");
  return clip;
};

const atVersion = (version: number, xml = text): string => xml.replace('Version="43"', `Version="${version}"`);

/** The project with a static Level of the interview clip, without keys. */
const atLevel = (raw: string, xml = text): string =>
  xml.replace(
    /<StartKeyframe>-91445760000000000,0\.177827939391.*?<\/Keyframes>/,
    `<StartKeyframe>-91445760000000000,${raw},0,0,0,0,0,0</StartKeyframe>`,
  );

describe("a project file", () => {
  test("gzipped and plain give the same timeline, byte for byte the same each time", async () => {
    const plain = JSON.stringify(await readPrproj(bytesOf(text), "x.prproj"));
    expect(JSON.stringify(await readPrproj(gzipSync(text), "x.prproj"))).toBe(plain);
    expect(JSON.stringify(await readPrproj(bytesOf(text.replaceAll("\n", "\r\n")), "x.prproj"))).toBe(plain);
  });

  test("keeps the sequence's facts", async () => {
    expect({ ...(await readText(text)), tracks: [], fidelity: [] }).toEqual({
      format: "prproj",
      formatVersion: "43",
      id: "aaaaaaaa-0000-4000-8000-000000000001",
      name: "Hauptfilm 5 & 6",
      frameRate: "30000/1001",
      dropFrame: true,
      zeroPointTicks: "914457600000000",
      durationTicks: "1016064000000",
      sampleRate: 48_000,
      layout: "stereo",
      tracks: [],
      fidelity: [],
    });
  });

  test("keeps the tracks' facts, faders and pans, in any language", async () => {
    const { tracks } = await readText(text);
    expect(
      tracks.map((track) => ({ ...track, clips: track.clips.length, transitions: track.transitions.length })),
    ).toEqual([
      {
        id: "track-1",
        name: "Dialogspur",
        layout: "stereo",
        muted: false,
        locked: true,
        volumeDb: expect.closeTo(-6, 4),
        pan: -0.5,
        clips: 3,
        transitions: 1,
      },
      {
        id: "track-2",
        name: "Audio 2",
        layout: "mono",
        muted: true,
        locked: false,
        volumeDb: 0,
        pan: 0,
        clips: 0,
        transitions: 0,
      },
    ]);
  });

  test("reads a clip from its item through sub-clip, clip and source to its media", async () => {
    expect(await firstClip(text)).toEqual({
      id: "11111111-2222-4333-8444-555555555555",
      name: "Interview.wav",
      kind: "media",
      mediaPath: "D:\\Show\\media\\Interview.wav",
      mediaName: "Interview.wav",
      mediaChannels: 4,
      mediaSampleRate: 44_100,
      mediaDurationTicks: "2540160000000",
      startTicks: "0",
      endTicks: "508032000000",
      inTicks: "127008000000",
      outTicks: "635040000000",
      speed: 1,
      reversed: false,
      enabled: true,
      gainDb: expect.closeTo(6, 3),
      volumeDb: 0,
      volumeKeys: [
        { mediaTicks: "127008000000", levelDb: 0 },
        { mediaTicks: "254016000000", levelDb: expect.closeTo(-12, 4) },
        { mediaTicks: "381024000000", levelDb: expect.closeTo(-12, 4) },
        { mediaTicks: "381024000000", levelDb: -120 },
      ],
      pan: 0,
      channels: [2, 3],
      essentialSound: "dialogue",
      effects: ["1095915058 Reverb2"],
    });
  });

  test("nested sequences, disabled, retimed and generated clips keep what they are", async () => {
    const [, nested, fast] = (await readText(text)).tracks[0]?.clips ?? [];
    expect(nested).toMatchObject({
      kind: "sequence",
      mediaName: "Inner",
      mediaPath: "",
      enabled: false,
      essentialSound: "ambience",
      mediaDurationTicks: "1016064000000",
    });
    expect(fast).toMatchObject({
      kind: "synthetic",
      mediaName: "Bars and Tone",
      speed: 2,
      reversed: true,
      channels: [1, 1],
      inTicks: "150",
      outTicks: "254016000150",
    });
  });

  test("a transition is told by its match name, shown by its translated one", async () => {
    expect((await readText(text)).tracks[0]?.transitions).toEqual([
      {
        name: "Konstante Leistung",
        matchName: "Constant Power",
        curve: "constantPower",
        startTicks: "495331200000",
        endTicks: "520732800000",
      },
    ]);
    const other = text.replace("<MatchName>Constant Power</MatchName>", "<MatchName>Exponential Fade</MatchName>");
    expect((await readText(other)).tracks[0]?.transitions[0]?.curve).toBe("other");
    const gain = text.replace("<MatchName>Constant Power</MatchName>", "<MatchName>Constant Gain</MatchName>");
    expect((await readText(gain)).tracks[0]?.transitions[0]?.curve).toBe("constantGain");
  });

  test("what has no place in a timeline is dropped by name", async () => {
    const { fidelity } = await readText(text);
    const find = (property: string) => fidelity.find((entry) => entry.property === property);
    expect(find("effect 1095915058 Reverb2")).toMatchObject({ outcome: "carried", count: 1 });
    expect(find("bypassed effect 1234 Off")).toMatchObject({ outcome: "dropped" });
    expect(find("AudioClipTrackItem/ClipTrackItem/TrackItem/Node/Properties/ESP.RestorationSection.4")).toMatchObject({
      outcome: "dropped",
      count: 1,
    });
    expect(find("AudioClip/Gain")).toMatchObject({ outcome: "mapped", count: 1 });
    expect(find("AudioComponentParam/Keyframes")).toMatchObject({ outcome: "mapped", count: 1 });
  });
});

describe("the scale of a clip's Level", () => {
  test.each([
    [45, "0.177827939391", 0],
    [43, "1.", 15],
    [40, "0.0891250938", -6],
    [36, "0.5", 0],
    [31, "1.", 6.0206],
    [30, "0.25", -6.0206],
  ])("in project version %i a Level of %s is %d dB", async (version, raw, db) => {
    expect((await firstClip(atLevel(raw, atVersion(version)))).volumeDb).toBeCloseTo(db, 3);
  });

  test("in a version between, the track faders tell it: one that ends at +15 dB, or at +6 dB", async () => {
    expect((await firstClip(atLevel("0.177827939391", atVersion(38)))).volumeDb).toBeCloseTo(0, 3);
    const older = atVersion(38).replaceAll("5.6234130859375", "2");
    expect((await firstClip(atLevel("0.5", older))).volumeDb).toBeCloseTo(0, 6);
    expect((await readText(older)).fidelity).toContainEqual(
      expect.objectContaining({ property: "Level", note: expect.stringContaining("6 dB") }),
    );
  });

  test("a Level that states a maximum of 2 is a plain gain", async () => {
    const plain = atLevel("1.", atVersion(25)).replace(
      "<Name>Pegel</Name>",
      "<Name>Pegel</Name><UpperBound>2</UpperBound>",
    );
    expect((await firstClip(plain)).volumeDb).toBe(0);
  });

  test("a muted clip is silent, a bypassed one at its cut gain", async () => {
    const muted = text.replace(
      '<AudioComponentParam ObjectID="27" Version="10"><Name>Stumm</Name>',
      '<AudioComponentParam ObjectID="27" Version="10"><StartKeyframe>-91445760000000000,true,0,0,0,0,0,0</StartKeyframe>',
    );
    expect(await firstClip(muted)).toMatchObject({ volumeDb: -120, volumeKeys: [] });
  });

  test("a clip without a Volume component is at 0 dB", async () => {
    expect(await firstClip(text.replace('<Component Index="0" ObjectRef="26"/>', ""))).toMatchObject({
      volumeDb: 0,
      volumeKeys: [],
    });
  });
});

describe("Essential Sound", () => {
  test.each([
    ["dialog", "", "dialogue"],
    ["music", "", "music"],
    ["sfx", "", "effects"],
    ["ambience", "", "ambience"],
    ["", "1", "dialogue"],
    ["", "2", "music"],
    ["", "4", "effects"],
    ["", "5", "ambience"],
    ["", "3", null],
    ["something new", "", null],
  ])("tag %j with mix type %j is %s", async (tag, mixType, role) => {
    const xml = text.replace(
      "<ESP.Tag>dialog</ESP.Tag><ESP.ClipMixTypeID>1</ESP.ClipMixTypeID>",
      `<ESP.Tag>${tag}</ESP.Tag><ESP.ClipMixTypeID>${mixType}</ESP.ClipMixTypeID>`,
    );
    expect((await firstClip(xml)).essentialSound).toBe(role);
  });
});

describe("odd but honest projects", () => {
  test("an input that is not connected leaves the clip on one side", async () => {
    const xml = text.replace(
      '<Content ObjectRef="30"/><ChannelIndex>3</ChannelIndex>',
      "<ChannelIndex>18446744073709551615</ChannelIndex>",
    );
    expect(await firstClip(xml)).toMatchObject({ channels: [2, 2], pan: -1 });
  });

  test("media that the file does not hold is missing, not an error", async () => {
    const xml = text.replace('ObjectURef="media-1"', 'ObjectURef="gone"');
    expect(await firstClip(xml)).toMatchObject({
      kind: "media",
      mediaPath: "",
      mediaName: "",
      mediaChannels: null,
      mediaDurationTicks: "2540160000000",
    });
  });

  test("relative media is named when nothing else is written", async () => {
    const xml = text
      .replace(/<FilePath>D:.*?<\/FilePath>/, "")
      .replace(/<ActualMediaFilePath>.*?<\/ActualMediaFilePath>/, "");
    expect(await firstClip(xml)).toMatchObject({ mediaPath: "..\\media\\Interview.wav", mediaName: "Interview.wav" });
  });

  test("references in a circle end", async () => {
    const xml = text.replace(
      '<SubClip ObjectID="22" Version="6"><Clip ObjectRef="23"/>',
      '<SubClip ObjectID="22" Version="6"><Clip ObjectRef="22"/>',
    );
    expect(await firstClip(xml)).toMatchObject({ name: "Interview.wav", mediaPath: "" });
  });

  test("before version 40 a muted track says so itself", async () => {
    const muted = text.replace("<IsLocked>true</IsLocked>", "<IsLocked>true</IsLocked><IsMuted>true</IsMuted>");
    expect((await readText(atVersion(38, muted))).tracks[0]?.muted).toBe(true);
    expect((await readText(muted)).tracks[0]?.muted).toBe(false);
  });

  test("names that a file gives to objects cannot reach ours", async () => {
    const xml = text.replaceAll('"media-1"', '"__proto__"');
    expect((await firstClip(xml)).mediaName).toBe("Interview.wav");
  });
});

describe("sequences of a project", () => {
  test("all are read in the order of the file; one is read by name or id", async () => {
    const all = goodOf(await readAllPrproj(bytesOf(text), "x.prproj"));
    expect(all.map(({ name, layout, sampleRate, frameRate }) => [name, layout, sampleRate, frameRate])).toEqual([
      ["Hauptfilm 5 & 6", "stereo", 48_000, "30000/1001"],
      ["Inner", "5.1", 44_100, "25"],
    ]);
    expect((await readText(text, "Inner")).id).toBe("bbbbbbbb-0000-4000-8000-000000000002");
    expect((await readText(text, "bbbbbbbb-0000-4000-8000-000000000002")).name).toBe("Inner");
  });

  test("a sequence that is not there is refused with the names that are", async () => {
    expect(problemOf(await readPrproj(bytesOf(text), "x.prproj", { sequence: "Iner" }))).toMatchObject({
      code: "meaning",
      allowed: ["Hauptfilm 5 & 6", "Inner"],
      didYouMean: "Inner",
    });
  });

  test("a broken sequence does not hide a good one", async () => {
    const result = await readAllPrproj(bytesOf(text.replace("<FrameRate>10160640000</FrameRate>", "")), "x.prproj");
    expect(goodOf(result).map(({ name }) => name)).toEqual(["Hauptfilm 5 & 6"]);
    expect(result.ok && result.warnings[0]?.message).toContain('"Inner"');
  });
});
