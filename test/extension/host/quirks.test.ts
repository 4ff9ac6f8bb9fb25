import { describe, expect, test } from "vitest";
import { levelOfDb } from "../../../extension/host/simulated-host/model.ts";
import {
  type ProfileName,
  type QuirkName,
  quirkTexts,
  usualQuirks,
} from "../../../extension/host/simulated-host/quirks.ts";
import { createSimulatedHost, type SimulatedHost } from "../../../extension/host/simulated-host.ts";
import type { PlaceResult } from "../../../schema/host-protocol.ts";
import type { Result } from "../../../schema/problem.ts";
import { clip, placeRequest, scene, simulate, timeline, track } from "../../support/simulated-sequence.ts";

const twoStems = placeRequest({ stems: placeRequest().stems.slice(0, 2) });

const messagesOf = (result: Result<unknown>): string =>
  (result.ok ? result.warnings : result.problems).map(({ message }) => message).join("\n");

/** Places two stems under a quirk, and what the project was before. */
const placeUnder = async (quirk: QuirkName, options: Parameters<typeof simulate>[0] = {}) => {
  const sim = simulate({ quirks: [quirk], ...options });
  const before = sim.dump();
  await sim.host.readSequence();
  return { sim, before, result: await sim.host.placeStems(twoStems) };
};

const callOf = async (sim: SimulatedHost, op: string, args: unknown): Promise<unknown> => {
  const encoded = encodeURIComponent(JSON.stringify({ v: 1, id: "1", op, args }));
  return JSON.parse(decodeURIComponent(await sim.evalScript(`$.__premix.call("${encoded}")`)));
};

describe("quirks that make a placement impossible: it is refused, said, and everything is as before", () => {
  test.each<[QuirkName, RegExp]>([
    ["addTracksInsertsAtZero", /asked for one new track at the end and made 1\. Track A1 was "Audio 1"/],
    ["addTracksDoesNothing", /asked for one new track at the end and made 0/],
    ["silentOverwrite", /Premiere said it placed "DX.wav", but it is not on its track/],
    ["qeMissing", /QE is missing/],
    ["userSwitchesSequence", /Another sequence is active now/],
  ])("%s", async (quirk, message) => {
    const { sim, before, result } = await placeUnder(quirk);
    expect(result.ok).toBe(false);
    expect(messagesOf(result)).toMatch(message);
    expect(sim.dump().sequences).toEqual(before.sequences);
    expect(sim.dump().items).toEqual(before.items);
  });

  test("silentOverwriteElsewhere: the clips that it destroyed are back", async () => {
    const stereo = [track("A", [clip(0, { channels: [0, 1] }), clip(1, { channels: [0, 1] })])];
    const { sim, before, result } = await placeUnder("silentOverwriteElsewhere", {
      timelines: [timeline("Scene", stereo)],
    });
    expect(messagesOf(await sim.host.placeStems({ ...twoStems, muteTrackIndices: [] }))).toMatch(
      /not on its track. Track A1/,
    );
    expect(result.ok).toBe(false);
    expect(sim.dump()).toEqual(before);
  });

  test("silentOverwriteElsewhere where nothing can be undone: the loss is told by the track's name", async () => {
    const sim = simulate({
      timelines: [timeline("Scene", [track("Boom", [clip(0), clip(1)])])],
      quirks: ["silentOverwriteElsewhere", "undoMissing"],
    });
    const result = await sim.host.placeStems({ ...twoStems, muteTrackIndices: [] });
    expect(result.ok ? [] : result.problems.map(({ code }) => code)).toContain("host-unknown");
    expect(messagesOf(result)).toMatch(/Not everything is as before: .*The clips of track "Boom" are not as they were/);
  });

  test("importsAsMono on a build whose mapping is hidden: half the stem would be lost, so it is refused", async () => {
    const { sim, before, result } = await placeUnder("importsAsMono", { profile: "26.3" });
    expect(messagesOf(result)).toMatch(/Premiere made it 1 channels wide, not 2/);
    expect(sim.dump()).toEqual(before);
  });

  test("importsAsMono and readOnlyChannelMapping: the complaint is caught, then the split is refused", async () => {
    const sim = simulate({ quirks: ["importsAsMono", "readOnlyChannelMapping"] });
    const before = sim.dump();
    const result = await sim.host.placeStems(twoStems);
    expect(messagesOf(result)).toMatch(/Premiere made it 1 channels wide, not 2/);
    expect(sim.dump()).toEqual(before);
  });
});

describe("quirks that a placement survives: it goes on and warns", () => {
  const placedOf = (result: Result<PlaceResult>): PlaceResult => {
    if (!result.ok) throw new Error(messagesOf(result));
    return result.value;
  };

  test("setNameMissing: the tracks keep Premiere's names, and the report finds them by id", async () => {
    const { sim, result } = await placeUnder("setNameMissing");
    expect(placedOf(result).placed.map(({ trackName }) => trackName)).toEqual(["Audio 5", "Audio 6"]);
    expect(messagesOf(result)).toMatch(/The track of "DX" could not be named: it is called "Audio 5"/);
    const ids = sim.dump().sequences[0]?.tracks.map(({ id }) => String(id));
    expect(ids).toEqual(expect.arrayContaining(placedOf(result).placed.map(({ trackId }) => trackId)));
  });

  test("readOnlyChannelMapping: a stem that is already right is not touched", async () => {
    expect(messagesOf((await placeUnder("readOnlyChannelMapping")).result)).toBe("");
  });

  test("importsAsMono: the stem is made one stereo clip before it is placed", async () => {
    const { sim, result } = await placeUnder("importsAsMono");
    expect(placedOf(result).placed).toHaveLength(2);
    expect(sim.world.project.root.children.at(-1)?.children.map(({ channelType }) => channelType)).toEqual([1, 1]);
  });

  test("ignoredWrites: a mute or a name that did not take is not reported as done", async () => {
    const { sim, result } = await placeUnder("ignoredWrites");
    expect(placedOf(result).mutedTrackIndices).toEqual([]);
    expect(messagesOf(result)).toMatch(/3 tracks could not be muted/);
    expect(messagesOf(result)).toMatch(/The track of "DX" could not be named/);
    expect(sim.dump().sequences[0]?.tracks.map(({ muted }) => muted)).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  test("ignoredWrites: a later session takes the stems out but leaves the tracks, which nothing proves to be ours", async () => {
    const { sim, before } = await placeUnder("ignoredWrites");
    const result = await sim.restart().removePlaced("op-1");
    expect(messagesOf(result)).toMatch(/The empty track "Audio 5" stays/);
    expect(sim.dump().sequences[0]?.tracks.slice(0, 4)).toEqual(before.sequences[0]?.tracks);
    expect(
      sim
        .dump()
        .sequences[0]?.tracks.slice(4)
        .map(({ clips }) => clips),
    ).toEqual([[], []]);
  });

  test("ignoredWrites: what was placed can still be removed by the session that placed it", async () => {
    const { sim, before } = await placeUnder("ignoredWrites");
    expect(await sim.host.removePlaced("op-1")).toMatchObject({ ok: true, value: { removedTracks: 2 } });
    expect(sim.dump()).toEqual(before);
  });

  test("placedNotAtUnity: the stem is set to 0 dB, read back, and it is said", async () => {
    const { sim, result } = await placeUnder("placedNotAtUnity");
    expect(messagesOf(result)).toMatch(/Premiere laid "DX" at -6.0 dB; it was set to 0 dB/);
    const levels = sim
      .dump()
      .sequences[0]?.tracks.slice(4)
      .map(({ clips }) => clips[0]?.level.value);
    for (const level of levels ?? []) expect(level).toBeCloseTo(levelOfDb(0), 8);
  });

  test("placedNotAtUnity with ignoredWrites: a stem that would play too low is not left there", async () => {
    const sim = simulate({ quirks: ["placedNotAtUnity", "ignoredWrites"] });
    const before = sim.dump();
    expect(messagesOf(await sim.host.placeStems(twoStems))).toMatch(/was set to 0 dB and reads -6 dB/);
    expect(sim.dump()).toEqual(before);
  });

  test("undoMissing: a failed placement is taken out piece by piece instead", async () => {
    const sim = simulate({ quirks: ["undoMissing", "silentOverwrite"] });
    const before = sim.dump();
    expect((await sim.host.placeStems(twoStems)).ok).toBe(false);
    expect(sim.dump()).toEqual(before);
    expect(sim.log.map(({ op }) => op)).toContain("place.removeTrack");
  });
});

describe("quirks of reading", () => {
  test.each<[string, readonly QuirkName[]]>([
    ["localisedNames", ["localisedNames"]],
    ["noJSON taken away: another panel's broken JSON is there", []],
  ])("%s changes nothing of what is read", async (name, quirks) => {
    const plain = await simulate().host.readSequence();
    const withoutQuirks: QuirkName[] = name.startsWith("noJSON") ? ["noJSON"] : [];
    expect(await simulate({ quirks, withoutQuirks }).host.readSequence()).toEqual(plain);
  });

  test("localisedNames really shows other names", async () => {
    const sim = simulate({ quirks: ["localisedNames"] });
    const name = "app.project.activeSequence.audioTracks[0].clips[0].components[0].displayName";
    expect(await sim.evalScript(name)).toBe("Lautstärke");
  });

  test.each([true, false])(
    "levelClamps %s: a level that Premiere would clamp is refused by our side, others take",
    async (clamps) => {
      const sim = simulate(clamps ? {} : { withoutQuirks: ["levelClamps"] });
      await sim.host.placeStems(twoStems);
      const placed = sim.world.project.sequences[0]?.tracks[4];
      const nodeId = placed?.clips[0]?.item?.nodeId;
      const args = { trackId: String(placed?.id), nodeId };
      const refused = { ok: false, error: { code: "LEVEL_OUT_OF_RANGE" } };
      expect(await callOf(sim, "place.setLevel", { ...args, levelDb: 20 })).toMatchObject(refused);
      expect(placed?.clips[0]?.level.value).toBeCloseTo(levelOfDb(0), 8);
      expect(await callOf(sim, "place.setLevel", { ...args, levelDb: -6 })).toMatchObject({ result: { levelDb: -6 } });
      expect(placed?.clips[0]?.level.value).toBeCloseTo(10 ** (-21 / 20), 8);
      expect(await callOf(sim, "place.setLevel", { ...args, levelDb: -120 })).toMatchObject({
        result: { levelDb: -120 },
      });
      expect(placed?.clips[0]?.level.value).toBe(0);
    },
  );

  test.each<ProfileName>(["25.x", "26.3"])("the same sequence reads the same on %s", async (profile) => {
    const timelines = [
      timeline("Keys", [track("A", [clip(0, { kind: "multicam", volumeKeys: [{ mediaTicks: "0", levelDb: -3 }] })])]),
    ];
    const read = await simulate({ profile, timelines }).host.readSequence();
    expect(read.ok && read.value.tracks[0]?.clips[0]).toMatchObject({
      isMulticam: true,
      volumeKeys: [{ mediaTicks: "0", levelDb: -3 }],
    });
  });
});

describe("the names of quirks", () => {
  test("are told by connect, the usual ones included", async () => {
    const info = await simulate({ quirks: ["localisedNames"], profile: "26.3" }).host.connect();
    expect(info).toMatchObject({
      ok: true,
      value: { application: "Premiere Pro (simulated)", version: "26.3.2", quirks: [...usualQuirks, "localisedNames"] },
    });
  });

  test("a Premiere without QE connects, and says what it cannot do", async () => {
    expect(messagesOf(await simulate({ quirks: ["qeMissing"] }).host.connect())).toMatch(/cannot place stems/);
  });

  test("an unknown one is refused with the list of those that exist", () => {
    const quirks = ["nonsense" as QuirkName];
    expect(() => createSimulatedHost({ timelines: [scene()], projectPath: "/p.prproj", quirks })).toThrow(
      Object.keys(quirkTexts).join(", "),
    );
  });
});
