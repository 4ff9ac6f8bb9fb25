// "Check this Premiere" on the simulated one, whose quirks it must notice; and that looking leaves everything as it was.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { hostMembers } from "../../../extension/host/examine-host.ts";
import type { QuirkName } from "../../../extension/host/simulated-host/quirks.ts";
import {
  checkHost,
  compareHostChecks,
  type HostCheck,
  levelScaleOf,
  openHostCheck,
  saveHostCheck,
} from "../../../extension/session/check-host.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { clip, simulate, timeline, track } from "../../support/simulated-sequence.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const root = join(import.meta.dirname, "../../..");

const checked = async (options: Parameters<typeof simulate>[0] = {}, scratch = false): Promise<HostCheck> => {
  const result = await checkHost(simulate(options).host, { scratch });
  if (!result.ok) throw new TypeError(result.problems.map(({ message }) => message).join(" "));
  return result.value;
};

const differences = async (quirk: QuirkName, scratch = true) =>
  compareHostChecks(await checked({ quirks: [quirk] }, scratch), await checked({}, scratch)).map(
    ({ what, here, there }) => `${what}: ${here} for ${there}`,
  );

describe("a check that only reads", () => {
  test("tells engine, scale and members, and changes nothing", async () => {
    const sim = simulate();
    const before = sim.dump();
    const result = await checkHost(sim.host, { scratch: false });
    expect(result.ok && result.value).toMatchObject({
      application: "Premiere Pro (simulated)",
      appVersion: "25.6.6",
      levelScale: "expected",
      scratch: null,
      engine: { json: "undefined", jsonWorks: false, ticksOfSecond: "254016000000", ticksKind: "string" },
    });
    expect(sim.dump()).toEqual(before);
    expect(sim.log.map(({ op }) => op).filter((op) => op.startsWith("place."))).toEqual([]);
    expect(Math.max(...sim.log.map(({ replyCharacters }) => replyCharacters))).toBeLessThan(100_000);
  });

  test("finds every object, and every member that the scripts cannot do without", async () => {
    const { members } = await checked();
    expect(Object.keys(members)).toEqual(Object.keys(hostMembers));
    expect(Object.entries(members).filter(([, kinds]) => kinds === null)).toEqual([]);
    const absent = Object.entries(members).flatMap(([subject, kinds]) =>
      Object.entries(kinds!).flatMap(([name, kind]) => (kind === "absent" ? [`${subject}.${name}`] : [])),
    );
    // Productions are not simulated, and the two spellings of one question exclude each other.
    expect(absent).toEqual(["app.production", "item.isMulticamClip"]);
  });

  test("asks for every member of which only hearsay tells", () => {
    const listed = JSON.parse(readFileSync(join(root, "host-scripts/typings/undocumented-members.json"), "utf8"));
    const asked = new Set(Object.values(hostMembers).flat());
    // What a channel mapping holds can only be seen by reading one.
    const inside = ["audioChannelsType", "audioClipsNumber"];
    expect(Object.keys(listed).filter((name) => !asked.has(name) && !inside.includes(name))).toEqual([]);
  });

  test("holds no name, path or id of the project", async () => {
    const text = JSON.stringify(await checked({}, true));
    for (const word of ["Scene", "Take", "Theme", "/media", "/projects", "sequence-", "Boom"])
      expect(text).not.toContain(word);
  });

  test("an empty sequence leaves out what it cannot ask", async () => {
    const check = await checked({ timelines: [timeline("Empty", [track("A", [])])] });
    expect([check.members["clip"], check.members["param"], check.levelScale]).toEqual([null, null, "unknown"]);
    expect(compareHostChecks(check, await checked())).toEqual([]);
  });

  test("without a sequence it is refused in a sentence", async () => {
    const result = await checkHost(simulate({ timelines: [] }).host, { scratch: false });
    expect(!result.ok && result.problems[0]!.message).toMatch(/No sequence is open/);
  });
});

describe("the level scale", () => {
  const level = (raw: number) => ({ matchName: "Internal Volume Mono", raw, moves: false });
  test.each([
    [[0.17782794, 1, 0], "expected"],
    [[0.5], "unknown"],
    [[], "unknown"],
    [[0, -6], "other"],
    [[1.4], "other"],
    [[Number.NaN], "other"],
  ])("raw Levels %j: %s", (raws, scale) => {
    expect(levelScaleOf(raws.map(level))).toBe(scale);
  });
});

describe("adding and naming a track, only when asked", () => {
  test("works on a copy of the sequence, of which nothing is left", async () => {
    const sim = simulate();
    const before = sim.dump();
    const result = await checkHost(sim.host, { scratch: true });
    expect(result.ok && result.value.scratch).toEqual({
      cloneGives: "boolean",
      appended: true,
      named: true,
      removed: true,
      restored: true,
      complaint: "",
    });
    expect(sim.dump()).toEqual(before);
  });

  test.each<[QuirkName, readonly string[]]>([
    ["addTracksInsertsAtZero", ["track on a copy: appended: false for true", "track on a copy: named: false for true"]],
    ["addTracksDoesNothing", ["track on a copy: appended: false for true", "track on a copy: named: false for true"]],
    ["setNameMissing", ["qeTrack.setName: absent for function", "track on a copy: named: false for true"]],
    ["undoMissing", ["qeProject.undo: absent for function", "qeProject.undoStackIndex: absent for function"]],
    ["localisedNames", []],
  ])("%s is noticed", async (quirk, wanted) => {
    expect(await differences(quirk)).toEqual(wanted);
  });

  test.each<QuirkName>(["addTracksInsertsAtZero", "addTracksDoesNothing", "qeMissing"])(
    "%s leaves the project as it was",
    async (quirk) => {
      const sim = simulate({ quirks: [quirk] });
      const before = sim.dump();
      const result = await checkHost(sim.host, { scratch: true });
      expect(result.ok && result.value.scratch).toMatchObject({ appended: false, removed: true, restored: true });
      expect(sim.dump()).toEqual(before);
    },
  );

  test("a time-out is not answered by a second try", async () => {
    const sound = simulate();
    await checkHost(sound.host, { scratch: true });
    const callIndex = sound.log.findIndex(({ op }) => op === "check.scratch");
    const sim = simulate();
    sim.injectFault({ callIndex, kind: "timeout" });
    const result = await checkHost(sim.host, { scratch: true });
    expect(!result.ok && result.problems[0]!.code).toBe("host-unknown");
    expect(sim.log.filter(({ op }) => op === "check.scratch")).toHaveLength(1);
  });
});

test("the two families of builds differ in what was observed of them", async () => {
  const said = compareHostChecks(await checked({ profile: "26.3" }), await checked()).map(({ what }) => what);
  expect(said.sort()).toEqual(["item.getAudioChannelMapping", "item.isMultiCamClip", "item.isMulticamClip"]);
});

describe("a check as a file", () => {
  test("is kept and read again; premix doctor compares it with the simulated Premiere", async () => {
    const path = join(folder(), "premiere.json");
    const check = await checked({ timelines: [timeline("S", [track("A", [clip(0, { channels: [0, 1] })])])] }, true);
    await saveHostCheck(createNodeFiles(), path, check);
    expect(await openHostCheck(createNodeFiles(), path)).toMatchObject({ ok: true, value: check });
    type Told = {
      readonly checks: readonly { readonly id: string; readonly status: string; readonly message: string }[];
    };
    const same = await runJson<Told>(["doctor", "--host-check", path]);
    expect(same.json.checks.filter(({ id }) => id === "host-check")).toMatchObject([{ status: "ok" }]);
    const { members } = check;
    const other = { ...check, levelScale: "other", members: { ...members, qeTrack: { setName: "absent" } } };
    writeFileSync(path, JSON.stringify(other));
    const told = await runJson<Told>(["doctor", "--host-check", path]);
    expect(told.exitCode).toBe(0);
    expect(told.json.checks.filter(({ id }) => id === "host-check").map(({ message }) => message)).toEqual([
      "qeTrack.setName is absent in Premiere Pro (simulated) 25.6.6, and function in the simulated one.",
      "level scale is other in Premiere Pro (simulated) 25.6.6, and expected in the simulated one.",
    ]);
  });

  test.each(["{}", "null", "not JSON", '{"kind":"premix-host-check","formatVersion":2}'])(
    "%s is none",
    async (text) => {
      const path = join(folder(), "odd.json");
      writeFileSync(path, text);
      const { exitCode, stderr } = await runMain(["doctor", "--host-check", path]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is no file that "Check this Premiere" has written');
    },
  );
});
