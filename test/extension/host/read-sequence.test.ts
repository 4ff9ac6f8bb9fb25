import { describe, expect, test } from "vitest";
import type { SimulatedHost } from "../../../extension/host/simulated-host.ts";
import type { Timeline } from "../../../extension/interchange/timeline.ts";
import type { SequenceSnapshot } from "../../../schema/host-protocol.ts";
import { clip, scene, seconds, simulate, timeline, track } from "../../support/simulated-sequence.ts";

const snapshotOf = async (sim: SimulatedHost): Promise<SequenceSnapshot> => {
  const result = await sim.host.readSequence();
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.value;
};

const only = (...timelines: Timeline[]): SimulatedHost => simulate({ timelines });

describe("reading a sequence", () => {
  test("gives its facts as Premiere has them", async () => {
    const ntsc = timeline("NTSC", [], {
      frameRate: "29.97",
      dropFrame: true,
      zeroPointTicks: seconds(3600),
      layout: "5.1",
    });
    expect((await snapshotOf(only(ntsc))).sequence).toMatchObject({
      name: "NTSC",
      timebaseTicks: "8475667200",
      zeroPointTicks: seconds(3600),
      endTicks: seconds(60),
      sampleRate: 48_000,
      audioChannelType: 2,
      dropFrame: true,
      projectPath: "/projects/Scene.prproj",
      projectName: "Scene.prproj",
    });
  });

  test.each([
    ["23.976", "10594584000"],
    ["24", "10584000000"],
    ["25", "10160640000"],
    ["30000/1001", "8475667200"],
    ["59.94", "4237833600"],
    ["60", "4233600000"],
  ])("%s frames a second are %s ticks each", async (frameRate, ticks) => {
    expect((await snapshotOf(only(timeline("S", [], { frameRate })))).sequence.timebaseTicks).toBe(ticks);
  });

  test("gives every clip with its times, source, speed and state", async () => {
    const [first, boom, guide, music] = (await snapshotOf(simulate())).tracks;
    expect([first, boom, guide, music].map((read) => [read?.name, read?.muted, read?.locked])).toEqual([
      ["Audio 1", false, false],
      ["Boom", false, false],
      ["Guide", true, true],
      ["Music", false, false],
    ]);
    expect(first?.clips[1]).toMatchObject({
      name: "Take 2",
      mediaPath: "/media/take-1.wav",
      startTicks: seconds(4),
      endTicks: seconds(6),
      inTicks: seconds(1),
      outTicks: seconds(3),
      disabled: true,
      volumeDb: -3,
      channelCount: 1,
    });
    expect(boom?.clips[0]).toMatchObject({ speed: 1.5, reversed: true, effects: [] });
    expect(boom?.clips[1]).toMatchObject({ effects: ["AE.ADBE DeNoise"], speed: 1, reversed: false });
    expect(music?.clips[0]).toMatchObject({ volumeDb: -6, channelCount: 2, channelGainsDb: [] });
    expect(music?.transitions).toEqual([
      {
        trackIndex: 3,
        name: "Constant Power",
        matchName: "AE.ADBE Cross Fade",
        startTicks: seconds(3),
        endTicks: seconds(5),
      },
    ]);
  });

  test("gives levels in dB within 0.0001 dB from off to +15 dB", async () => {
    const levels = [-200, -120, -96, -60, -18.3, -3, 0, 6, 15, 40];
    const clips = levels.map((volumeDb, at) => clip(at, { volumeDb }));
    const read = (await snapshotOf(only(timeline("S", [track("A", clips)])))).tracks[0]?.clips;
    expect(read?.map(({ volumeDb }) => volumeDb)).toEqual([-120, -120, -96, -60, -18.3, -3, 0, 6, 15, 15]);
  });

  test("gives volume keys in media time, and no static volume beside them", async () => {
    const volumeKeys = [
      { mediaTicks: seconds(1), levelDb: -12 },
      { mediaTicks: seconds(2), levelDb: 0 },
    ];
    const read = (await snapshotOf(only(timeline("S", [track("A", [clip(0, { volumeKeys })])])))).tracks[0]?.clips[0];
    expect(read).toMatchObject({ volumeDb: null, volumeKeys });
  });

  test("a bypassed Volume lets everything through", async () => {
    const sim = only(timeline("S", [track("A", [clip(0, { volumeDb: -20 })])]));
    await sim.evalScript(
      "app.project.activeSequence.audioTracks[0].clips[0].components[0].properties[0].setValue(true, true);",
    );
    expect((await snapshotOf(sim)).tracks[0]?.clips[0]?.volumeDb).toBe(0);
  });

  test("gives Channel Volume per channel, and names it when it moves, which no reply can hold", async () => {
    const sim = only(
      timeline("S", [track("A", [clip(0, { channels: [0, 1] }), clip(1, { channels: [0, 1, 2, 3, 4, 5] })])]),
    );
    const params = "app.project.activeSequence.audioTracks[0].clips[0].components[1].properties";
    await sim.evalScript(
      `${params}[2].setValue(Math.pow(10, (-4 - 15) / 20), true); ${params}[1].setTimeVarying(true);`,
    );
    const [stereo, surround] = (await snapshotOf(sim)).tracks[0]?.clips ?? [];
    expect(stereo).toMatchObject({ channelGainsDb: [0, -4], effects: ["Internal Channel Volume Stereo (animated)"] });
    expect(surround).toMatchObject({ channelCount: 6, channelGainsDb: [], effects: [] });
  });

  test("clips without media run from 0 for as long as they lie there", async () => {
    const clips = [clip(1, { kind: "synthetic", mediaPath: "" }), clip(2, { kind: "sequence", mediaPath: "" })];
    const [tone, nested] = (await snapshotOf(only(timeline("S", [track("A", clips)])))).tracks[0]?.clips ?? [];
    expect(tone).toMatchObject({ mediaPath: "", inTicks: "0", outTicks: seconds(2), isSequence: false });
    expect(nested).toMatchObject({ mediaPath: "", isSequence: true, inTicks: seconds(2) });
  });

  test("says which media is offline", async () => {
    const sim = simulate({ isOffline: (path) => path.includes("take-1") });
    const offline = (await snapshotOf(sim)).tracks[0]?.clips.map((read) => read.offline);
    expect(offline).toEqual([false, true, false]);
  });
});

describe("pages", () => {
  const long = (): SimulatedHost =>
    only(
      timeline("Long", [
        track(
          "A",
          Array.from({ length: 400 }, (_, at) => clip(at, { channels: [0, 1] })),
        ),
      ]),
    );

  test("a track of 400 clips comes whole and in order, at most 50 clips and 256 KB a call", async () => {
    const sim = long();
    const clips = (await snapshotOf(sim)).tracks[0]?.clips ?? [];
    expect(clips.map(({ name, clipIndex }) => [name, clipIndex])).toEqual(
      Array.from({ length: 400 }, (_, at) => [`Take ${at + 1}`, at]),
    );
    const pages = sim.log.filter(({ op }) => op === "read.clips");
    expect(pages.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...sim.log.map(({ replyCharacters }) => replyCharacters))).toBeLessThan(256_000);
    expect(Math.max(...sim.log.map(({ requestCharacters }) => requestCharacters))).toBeLessThan(100_000);
  });

  test("a page asked for with more than 50 clips holds 50 at most", async () => {
    const sim = long();
    await sim.host.connect();
    const encoded = encodeURIComponent('{"v":1,"id":"1","op":"read.clips","args":{"track":0,"from":0,"count":9999}}');
    const reply = JSON.parse(decodeURIComponent(await sim.evalScript(`$.__premix.call("${encoded}")`)));
    expect(reply.result.clips.length).toBeLessThanOrEqual(50);
    expect(reply.next.from).toBe(reply.result.clips.length);
  });

  test("1,000 keys on one clip and 20 on each neighbour arrive whole", async () => {
    const keys = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ mediaTicks: seconds(at), levelDb: 1 - (at % 40) }));
    const clips = [
      clip(0, { volumeKeys: keys(20) }),
      clip(1, { volumeKeys: keys(1000) }),
      clip(2, { volumeKeys: keys(20) }),
    ];
    const sim = only(timeline("S", [track("A", clips)]));
    const read = (await snapshotOf(sim)).tracks[0]?.clips;
    expect(read?.map(({ volumeKeys }) => volumeKeys)).toEqual(clips.map(({ volumeKeys }) => volumeKeys));
    expect(sim.log.filter(({ op }) => op === "read.keys").length).toBe(10);
  });

  test("120 tracks with 60 transitions arrive whole", async () => {
    const transitions = Array.from({ length: 60 }, (_, at) => ({
      name: `Fade ${at}`,
      matchName: "",
      curve: "other" as const,
      startTicks: seconds(at),
      endTicks: seconds(at + 1),
    }));
    const tracks = Array.from({ length: 120 }, (_, at) => track(`T${at}`, [], at === 7 ? { transitions } : {}));
    const read = (await snapshotOf(only(timeline("S", tracks)))).tracks;
    expect(read.map(({ name }) => name)).toEqual(tracks.map(({ name }) => name));
    expect(read[7]?.transitions.map(({ name }) => name)).toEqual(transitions.map(({ name }) => name));
  });

  test("very long names make pages shorter, never an answer that is too large", async () => {
    const clips = Array.from({ length: 60 }, (_, at) => clip(at, { name: "音".repeat(1000) }));
    const sim = only(timeline("S", [track("A", clips)]));
    expect((await snapshotOf(sim)).tracks[0]?.clips.map(({ name }) => name)).toEqual(clips.map(({ name }) => name));
    expect(Math.max(...sim.log.map(({ replyCharacters }) => replyCharacters))).toBeLessThan(256_000);
  });

  test("progress counts clips up to their number", async () => {
    const seen: (readonly [number, number])[] = [];
    await simulate().host.readSequence((done, total) => seen.push([done, total]));
    expect(seen.at(-1)).toEqual([8, 8]);
  });
});

describe("a sequence that is edited while it is read", () => {
  test.each([
    ["a clip is removed", "app.project.activeSequence.audioTracks[0].clips[0].remove(false, false);"],
    ["a track is added", "app.enableQE(); qe.project.getActiveSequence().addTracks(0, 0, 1, 1, 4, 0, 0, 0);"],
  ])("%s: refused with what to do", async (_name, edit) => {
    const sim = simulate();
    await sim.host.connect();
    sim.beforeCall((index) => {
      if (index === 8) sim.world.realm.run(edit);
    });
    const result = await sim.host.readSequence();
    expect(result.ok ? "" : result.problems[0]?.message).toMatch(/was edited while it was read\. Read it again/);
  });

  test("another sequence comes to the front: refused", async () => {
    const sim = simulate({ quirks: ["userSwitchesSequence"], switchBeforeCall: 6 });
    const result = await sim.host.readSequence();
    expect(result.ok ? "" : result.problems[0]?.message).toMatch(/Another sequence is active now/);
  });
});

describe("nothing to read", () => {
  test("no sequence open is said", async () => {
    const result = await simulate({ timelines: [] }).host.readSequence();
    expect(result.ok ? "" : result.problems[0]?.message).toMatch(/No sequence is open/);
  });

  test("an empty sequence is an empty snapshot", async () => {
    expect((await snapshotOf(only(timeline("Empty", [])))).tracks).toEqual([]);
    expect(scene().tracks.length).toBe(4);
  });
});
