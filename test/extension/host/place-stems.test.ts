import { describe, expect, test } from "vitest";
import type { SimulatedHost } from "../../../extension/host/simulated-host.ts";
import type { Problem, Result } from "../../../schema/problem.ts";
import { placeRequest, STEMS, scene, seconds, simulate, timeline, track } from "../../support/simulated-sequence.ts";

const given = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.value;
};

const problemsOf = (result: Result<unknown>): readonly Problem[] => {
  if (result.ok) throw new Error("This was expected to fail.");
  return result.problems;
};

const tracksOf = (sim: SimulatedHost) => sim.dump().sequences[0]?.tracks ?? [];

describe("placing five stems", () => {
  test("they lie whole at the start of five new tracks at the end, at unity, and the sources are muted", async () => {
    const sim = simulate();
    await sim.host.readSequence();
    const result = given(await sim.host.placeStems(placeRequest()));
    expect(result.placed.map(({ trackName, trackIndex }) => [trackName, trackIndex])).toEqual(
      STEMS.map((name, at) => [name, 4 + at]),
    );
    expect(result).toMatchObject({ originalsUnchanged: true, mutedTrackIndices: [0, 1, 3], warnings: [] });
    const fresh = tracksOf(sim).slice(4);
    expect(fresh.map(({ name, muted }) => [name, muted])).toEqual(STEMS.map((name) => [name, false]));
    for (const { clips } of fresh) {
      expect(clips).toHaveLength(1);
      expect(clips[0]).toMatchObject({ startTicks: "0", endTicks: seconds(20), inTicks: "0", disabled: false });
      expect(clips[0]?.level.value).toBeCloseTo(0.17782794, 8);
    }
  });

  test("the editor's own tracks differ from before in nothing but the mutes that were asked for", async () => {
    const sim = simulate();
    const before = tracksOf(sim);
    await sim.host.placeStems(placeRequest());
    const after = tracksOf(sim).slice(0, 4);
    expect(after).toEqual(before.map((old, at) => ({ ...old, muted: old.muted || [0, 1, 3].includes(at) })));
  });

  test("the muting is the last edit, after every stem was read back and the originals compared", async () => {
    const sim = simulate();
    await sim.host.placeStems(placeRequest());
    const ops = sim.log.map(({ op }) => op);
    expect(ops.at(-1)).toBe("place.mute");
    expect(ops.lastIndexOf("place.readBack")).toBeLessThan(ops.lastIndexOf("read.fingerprint"));
    expect(ops.filter((op) => op === "place.readBack")).toHaveLength(5);
  });

  test("the imported files stand in a bin of their own, and nothing else was added to the project", async () => {
    const sim = simulate();
    const before = sim.dump().items;
    await sim.host.placeStems(placeRequest());
    const added = sim.dump().items.slice(before.length);
    expect(added).toHaveLength(1);
    expect(added[0]?.name).toMatch(/^Scene Mix \[premix op-1 /);
    expect(added[0]?.children.map(({ mediaPath }) => mediaPath)).toEqual(placeRequest().stems.map(({ file }) => file));
  });

  test("a second run of the same operation changes nothing and answers the same", async () => {
    const sim = simulate();
    const first = given(await sim.host.placeStems(placeRequest()));
    const dumped = sim.dump();
    const calls = sim.log.length;
    expect(given(await sim.host.placeStems(placeRequest()))).toEqual(first);
    expect(sim.dump()).toEqual(dumped);
    const ops = sim.log.slice(calls).map(({ op }) => op);
    expect(ops.filter((op) => /import|addTrack|overwrite|remove|undo/.test(op))).toEqual([]);
  });

  test("another operation goes beside the first one", async () => {
    const sim = simulate();
    await sim.host.placeStems(placeRequest());
    const stems = placeRequest()
      .stems.slice(0, 1)
      .map((stem) => ({ ...stem, file: "/projects/mix/two.wav" }));
    const second = given(await sim.host.placeStems(placeRequest({ operationId: "op-2", stems })));
    expect(second.placed[0]?.trackIndex).toBe(9);
    expect(tracksOf(sim)).toHaveLength(10);
  });

  test("progress rises to its total", async () => {
    const sim = simulate();
    const seen: number[] = [];
    let last = 0;
    given(
      await sim.host.placeStems(placeRequest(), (done, total) => {
        seen.push(done);
        last = total;
      }),
    );
    expect(seen).toEqual([...seen].sort((left, right) => left - right));
    expect(seen.at(-1)).toBeLessThanOrEqual(last);
    expect(seen.length).toBeGreaterThan(20);
  });

  test("mono and 5.1 stems get tracks of their own kind", async () => {
    const channels = new Map([
      ["/m.wav", 1],
      ["/s.wav", 6],
    ]);
    const sim = simulate({
      mediaFacts: (path) => ({ durationTicks: BigInt(seconds(20)), channels: channels.get(path) ?? 2 }),
    });
    const stem = (trackName: string, file: string, channelType: 0 | 1 | 2) => ({
      trackName,
      file,
      channelType,
      durationTicks: seconds(20),
    });
    const stems = [stem("Mono", "/m.wav", 0), stem("Surround", "/s.wav", 2)];
    given(await sim.host.placeStems(placeRequest({ stems })));
    expect(sim.world.project.sequences[0]?.tracks.slice(4).map(({ channelType }) => channelType)).toEqual([0, 2]);
    expect(tracksOf(sim)[5]?.clips[0]?.channelLevels).toHaveLength(6);
  });

  test("a start in the middle is allowed on a frame of the sequence and refused off it", async () => {
    const sim = simulate({ timelines: [timeline("NTSC", scene().tracks, { frameRate: "29.97" })] });
    const before = sim.dump();
    const off = problemsOf(await sim.host.placeStems(placeRequest({ startTicks: seconds(1) })));
    expect(off[0]?.message).toMatch(/not on a picture frame of "NTSC" \(8475667200 ticks each\)/);
    expect(sim.dump()).toEqual(before);
    const startTicks = String(8_475_667_200n * 300n);
    const placed = given(await sim.host.placeStems(placeRequest({ startTicks }))).placed;
    expect(placed.map((stem) => stem.startTicks)).toEqual(STEMS.map(() => startTicks));
  });
});

describe("what is refused before anything is touched", () => {
  test.each([
    ["a project that was never saved", { projectPath: "" }, /never saved/],
    ["a stem that does not exist", { fileExists: (path: string) => !path.includes("FX") }, /FX\.wav/],
    ["a Premiere without QE", { quirks: ["qeMissing"] as const }, /QE is missing/],
    ["no sequence", { timelines: [] }, /No sequence is open/],
  ])("%s", async (_name, options, message) => {
    const sim = simulate(options);
    const before = sim.dump();
    const problems = problemsOf(await sim.host.placeStems(placeRequest()));
    expect(problems[0]).toMatchObject({ code: "host", message: expect.stringMatching(message) });
    expect(sim.dump()).toEqual(before);
    expect(sim.world.modalDialog).toBeNull();
  });

  test("a track to mute that is not there", async () => {
    const sim = simulate();
    const problems = problemsOf(await sim.host.placeStems(placeRequest({ muteTrackIndices: [17] })));
    expect(problems[0]?.message).toMatch(/no audio track A18 to mute: the sequence has 4/);
  });

  test("a sequence other than the one that was read", async () => {
    const sim = simulate();
    await sim.host.readSequence();
    const before = sim.dump();
    sim.setActiveSequence(1);
    const problems = problemsOf(await sim.host.placeStems(placeRequest()));
    expect(problems[0]?.message).toMatch(/Another sequence is active now/);
    expect(sim.dump().sequences).toEqual(before.sequences);
  });

  test.each([
    { operationId: "a b" },
    { stems: [] },
    { startTicks: "-1" },
    { startTicks: "1.5" },
    { stems: [placeRequest().stems[0], placeRequest().stems[0]].flatMap((stem) => stem ?? []) },
  ])("a request that no sequence could take is the caller's mistake: %j", async (changes) => {
    await expect(simulate().host.placeStems(placeRequest(changes))).rejects.toThrow(TypeError);
  });
});

test("a percent sign in a path is a percent sign, although File reads escapes", async () => {
  const file = "/projects/100%41.wav";
  const sim = simulate({ fileExists: (path) => path === file });
  const stems = placeRequest()
    .stems.slice(0, 1)
    .map((stem) => ({ ...stem, file }));
  expect(given(await sim.host.placeStems(placeRequest({ stems }))).placed[0]?.file).toBe(file);
  expect(sim.dump().items.at(-1)?.children[0]?.mediaPath).toBe(file);
});

describe("removing what was placed", () => {
  test("gives back the project as it was, mutes included", async () => {
    const sim = simulate();
    const before = sim.dump();
    await sim.host.placeStems(placeRequest());
    expect(given(await sim.host.removePlaced("op-1"))).toEqual({ removedTracks: 5 });
    expect(sim.dump()).toEqual(before);
    expect(given(await sim.host.removePlaced("op-1"))).toEqual({ removedTracks: 0 });
  });

  test("works in a later session, from the bin's name alone, and after tracks were added in front", async () => {
    const sim = simulate();
    const before = tracksOf(sim);
    await sim.host.placeStems(placeRequest());
    const later = sim.restart();
    await sim.evalScript("app.enableQE(); qe.project.getActiveSequence().addTracks(0, 0, 1, 1, 0, 0, 0, 0);");
    expect(given(await later.removePlaced("op-1"))).toEqual({ removedTracks: 5 });
    expect(
      tracksOf(sim)
        .slice(1)
        .map(({ clips, muted }) => [clips, muted]),
    ).toEqual(before.map(({ clips, muted }) => [clips, muted]));
  });

  test("a track of ours on which the editor put a clip stays, with that clip, and is named", async () => {
    const sim = simulate();
    await sim.host.placeStems(placeRequest());
    await sim.evalScript(
      "var s = app.project.activeSequence; s.audioTracks[4].overwriteClip(app.project.rootItem.children[1], 30);",
    );
    const result = await sim.host.removePlaced("op-1");
    expect(given(result)).toEqual({ removedTracks: 4 });
    expect(result.ok && result.warnings.map(({ message }) => message)).toEqual([
      'Track "DX" stays: it carries other clips too.',
    ]);
    expect(tracksOf(sim)).toHaveLength(5);
    expect(tracksOf(sim)[4]?.clips.map(({ mediaPath }) => mediaPath)).toEqual(["/media/take-0.wav"]);
  });

  test("stems that another sequence uses stay in their bin", async () => {
    const sim = simulate({ timelines: [scene(), timeline("Other", [track("A", [])])] });
    await sim.host.placeStems(placeRequest());
    const bin = sim.dump().items.length - 1;
    await sim.evalScript(
      `app.project.sequences[1].audioTracks[0].overwriteClip(app.project.rootItem.children[${bin}].children[0], 0);`,
    );
    const result = await sim.host.removePlaced("op-1");
    expect(result.ok && result.warnings.map(({ message }) => message)).toEqual([
      'The imported stems stay in their bin: sequence "Other" uses them.',
    ]);
    expect(tracksOf(sim)).toHaveLength(4);
    expect(sim.dump().sequences[1]?.tracks[0]?.clips).toHaveLength(1);
  });
});

describe("cancelling", () => {
  test("at any step takes out what was placed so far and says cancelled", async () => {
    for (let stopAt = 1; ; stopAt += 3) {
      const sim = simulate();
      const before = sim.dump();
      const stop = new AbortController();
      const result = await sim.host.placeStems(
        placeRequest(),
        (done) => {
          if (done >= stopAt) stop.abort();
        },
        stop.signal,
      );
      if (result.ok) {
        expect(stopAt).toBeGreaterThan(25);
        return;
      }
      expect(problemsOf(result)[0]?.code).toBe("cancelled");
      expect(sim.dump()).toEqual(before);
    }
  });

  test("before the start touches nothing and asks nothing", async () => {
    const sim = simulate();
    const result = await sim.host.readSequence(undefined, AbortSignal.abort());
    expect(problemsOf(result)[0]?.code).toBe("cancelled");
    expect(sim.log.filter(({ op }) => op !== "")).toEqual([]);
  });
});

describe("an editor who works meanwhile", () => {
  test("keeps every edit of theirs: ours goes, theirs is neither undone nor overwritten", async () => {
    const sim = simulate();
    await sim.host.readSequence();
    const start = sim.log.length;
    sim.beforeCall((index) => {
      if (index === start + 30)
        sim.world.realm.run("app.project.activeSequence.audioTracks[0].clips[0].remove(false, false);");
    });
    const before = tracksOf(sim);
    const problems = problemsOf(await sim.host.placeStems(placeRequest()));
    expect(problems.map(({ message }) => message).join(" ")).toMatch(
      /The clips of track "Audio 1" are not as they were/,
    );
    expect(tracksOf(sim)).toEqual(before.map((old, at) => (at === 0 ? { ...old, clips: old.clips.slice(1) } : old)));
    expect(sim.dump().items.some(({ kind }) => kind === "bin")).toBe(false);
  });

  test("may go to another sequence between any two calls: refused, cleaned up, and their sequence is in front", async () => {
    let refused = 0;
    for (let switchBeforeCall = 10; ; switchBeforeCall += 2) {
      const sim = simulate({ quirks: ["userSwitchesSequence"], switchBeforeCall });
      const before = sim.dump();
      await sim.host.readSequence();
      if (sim.log.length > switchBeforeCall) continue;
      const result = await sim.host.placeStems(placeRequest());
      if (sim.log.length <= switchBeforeCall) break;
      refused += 1;
      expect(problemsOf(result)[0]?.message).toMatch(/Another sequence is active now/);
      expect(sim.dump()).toEqual({ ...before, activeSequenceId: "sequence-Other" });
    }
    expect(refused).toBeGreaterThan(15);
  });
});
