import { describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument, Processor } from "../../schema/generated/mix-document.ts";
import { mergeDocuments } from "../../schema/merge/merge-documents.ts";
import { mergeOrder } from "../../schema/merge/merge-order.ts";
import { choiceAt, type Policy, parsePolicy } from "../../schema/merge/policy.ts";
import { secondsToTicks } from "../../schema/ticks.ts";
import { validateDocument } from "../../schema/validate.ts";
import { editedDocument } from "../support/concurrent-edits.ts";
import { editsOfPair, tryPair } from "../support/merge-oracle.ts";
import { busFixture, clipFixture, trackFixture } from "../support/mix-documents.ts";

type Hand = (document: MixDocument) => void;

const edited = (hand: Hand): MixDocument => {
  const document = editedDocument();
  hand(document);
  return document;
};
const policy = (...words: string[]): Policy => {
  const parsed = parsePolicy(words);
  if (!parsed.ok) throw new Error(words.join());
  return parsed.value;
};
const merged = (ours: Hand, theirs: Hand, ...words: string[]) =>
  mergeDocuments(editedDocument(), edited(ours), edited(theirs), policy(...words));

const deEsser = (id: string): Processor => ({ id, type: "deEsser", enabled: true, mixPercent: 100 });
const chain = ({ buses }: MixDocument) => buses[0]!.processors.map(({ id }) => id.replace("prc_bus_dx_", ""));

describe("merge of random concurrent edits", () => {
  test.each([0, 1, 2])(
    "block %i of 70 pairs: no false conflict, no lost edit, no invalid document, commutative",
    (block) => {
      const outcomes = Array.from({ length: 70 }, (_, pair) => tryPair(block * 70 + pair, editsOfPair(pair)));
      expect(outcomes.flatMap(({ complaints }) => complaints)).toEqual([]);
      expect(outcomes.some(({ isColliding }) => isColliding)).toBe(true);
      expect(outcomes.some(({ isUnfit }) => isUnfit)).toBe(true);
    },
  );
});

describe("merge", () => {
  test("a value that both changed is a conflict with its three values; ours stays and the document is valid", () => {
    const { document, conflicts } = merged(
      ({ buses }) => (buses[1]!.volumeDb = 2),
      ({ buses }) => (buses[1]!.volumeDb = -6),
    );
    expect(conflicts).toEqual([
      {
        reason: "value",
        path: "/buses/bus_mx/volumeDb",
        pointer: "/buses/1/volumeDb",
        kind: "Bus",
        id: "bus_mx",
        name: "Music",
        field: "volumeDb",
        unit: "dB",
        base: 0,
        ours: 2,
        theirs: -6,
        taken: "ours",
        isResolved: false,
      },
    ]);
    expect(document.buses[1]!.volumeDb).toBe(2);
    expect(validateDocument(document).ok).toBe(true);
  });

  test.each([
    [["theirs"], -6, true],
    [["base"], 0, true],
    [["ours"], 2, true],
    [["theirs", "/buses/*/volumeDb=ours"], 2, true],
    [["/tracks=theirs"], 2, false],
    [["/buses/bus_mx=theirs", "/buses/bus_mx/name=ours"], -6, true],
  ])("the policy %j gives %d dB", (words, volumeDb, isResolved) => {
    const { document, conflicts } = merged(
      ({ buses }) => (buses[1]!.volumeDb = 2),
      ({ buses }) => (buses[1]!.volumeDb = -6),
      ...words,
    );
    expect(document.buses[1]!.volumeDb).toBe(volumeDb);
    expect(conflicts[0]!.isResolved).toBe(isResolved);
  });

  test("policies that make no sense are refused with the choices", () => {
    for (const word of ["mine", "buses=ours", "/buses=", "=ours"])
      expect(parsePolicy([word])).toMatchObject({
        ok: false,
        problems: [{ allowed: ["ours", "theirs", "base", "fail"] }],
      });
    expect(choiceAt(policy("/a/*/c=theirs"), "/a/b/c/d")).toBe("theirs");
    expect(choiceAt(policy("/a/*/c=theirs"), "/a/b")).toBe("fail");
  });

  test("points that two people add at other times both stay, in time order; at one time they collide", () => {
    const add =
      (seconds: number, db: number): Hand =>
      ({ tracks }) => {
        const { points } = tracks[0]!.automation[0]!;
        points.push([secondsToTicks(seconds), db, "linear"]);
        points.sort(([a], [b]) => Number(BigInt(a) - BigInt(b)));
      };
    const clean = merged(add(1, -9), add(3, -1));
    expect(clean.conflicts).toEqual([]);
    expect(clean.document.tracks[0]!.automation[0]!.points.map(([, db]) => db)).toEqual([-3, -9, -3, -1, -3, -3]);
    expect(merged(add(1, -9), add(1, -1)).conflicts).toMatchObject([
      { field: `automation/volumeDb/points/${secondsToTicks(1)}/1`, unit: "dB", base: null, ours: -9, theirs: -1 },
    ]);
  });

  test("a clip that one moves to another track keeps what the other does to it", () => {
    const { document, conflicts } = merged(
      ({ tracks }) => tracks[1]!.clips.push(...tracks[0]!.clips.splice(1, 1)),
      ({ tracks }) => (tracks[0]!.clips[1]!.gainDb = 4),
    );
    expect(conflicts).toEqual([]);
    expect(document.tracks[1]!.clips.find(({ id }) => id === "clp_0_1")!.gainDb).toBe(4);
    expect(document.tracks[0]!.clips.map(({ id }) => id)).not.toContain("clp_0_1");
  });

  test("two tracks for one clip are a conflict, and the clip stands once", () => {
    const move =
      (to: number): Hand =>
      ({ tracks }) =>
        tracks[to]!.clips.push(...tracks[0]!.clips.splice(1, 1));
    const { document, conflicts } = merged(move(1), move(2));
    expect(conflicts).toMatchObject([
      { reason: "owner", base: "trk_0", ours: "trk_1", theirs: "trk_2", taken: "ours" },
    ]);
    expect(canonicalText(document).match(/"id": "clp_0_1"/g)).toHaveLength(1);
  });

  test.each([
    ["ours", "removed", false],
    ["theirs", "kept with the new clip", true],
  ])("a track that one removes while the other adds a clip to it: with policy %s it is %s", (side, _, isKept) => {
    const { document, conflicts } = merged(
      ({ tracks }) => tracks.shift(),
      ({ tracks }) => tracks[0]!.clips.push(clipFixture({ id: "clp_new", startTicks: secondsToTicks(70) })),
      side,
    );
    expect(conflicts).toMatchObject([{ reason: "removed", kind: "Track", id: "trk_0", ours: null, taken: side }]);
    const clips = document.tracks.find(({ id }) => id === "trk_0")?.clips.map(({ id }) => id);
    expect(clips === undefined ? false : clips.includes("clp_new") && clips.includes("clp_0_4")).toBe(isKept);
    expect(validateDocument(document).ok).toBe(true);
  });

  test("what one removes and the other leaves alone goes, with all that it holds", () => {
    const { document, conflicts } = merged(
      ({ tracks }) => tracks.shift(),
      ({ tracks }) => (tracks[1]!.name = "VO"),
    );
    expect(conflicts).toEqual([]);
    expect(document.tracks.map(({ name }) => name)).toEqual(["VO", "A2"]);
  });

  test("inserts and a swap of others in one chain both happen", () => {
    const { document, conflicts } = merged(
      ({ buses }) => buses[0]!.processors.splice(1, 0, deEsser("prc_new")),
      ({ buses }) => buses[0]!.processors.push(buses[0]!.processors.splice(1, 1)[0]!),
    );
    expect(conflicts).toEqual([]);
    expect(chain(document)).toEqual(["eq", "prc_new", "gain", "comp"]);
  });

  test("two inserts at one place stand by id whoever is ours, and both are told", () => {
    const insert =
      (id: string): Hand =>
      ({ buses }) =>
        buses[0]!.processors.push(deEsser(id));
    const one = merged(insert("prc_b"), insert("prc_a"));
    expect(one.conflicts).toEqual([]);
    expect(chain(one.document)).toEqual(["eq", "comp", "gain", "prc_a", "prc_b"]);
    expect(merged(insert("prc_a"), insert("prc_b")).document).toEqual(one.document);
    expect(one.warnings[0]!.message).toMatch(/prc_a.*prc_b/);
  });

  test("two bands of one equalizer, a new band and a removed one all come together", () => {
    type Band = { frequencyHz: number; gainDb: number };
    const bands = ({ buses }: MixDocument) => buses[0]!.processors[0]!["bands"] as Band[];
    const { document, conflicts } = merged(
      (own) => {
        bands(own)[1]!.gainDb = 4;
        bands(own).push({ ...bands(own)[0]!, frequencyHz: 300 });
      },
      (own) => {
        bands(own)[2]!.gainDb = -2;
        bands(own).shift();
      },
    );
    expect(conflicts).toEqual([]);
    expect(bands(document).map(({ frequencyHz, gainDb }) => [frequencyHz, gainDb])).toEqual([
      [1000, 4],
      [8000, -2],
      [300, 0],
    ]);
  });

  test("targets that two people add to one ducker are both there", () => {
    const { document, conflicts } = merged(
      ({ duckers }) => duckers[0]!.targets.push("bus_fx"),
      ({ duckers }) => duckers[0]!.targets.push("role:ambience"),
    );
    expect(conflicts).toEqual([]);
    expect(document.duckers[0]!.targets).toEqual(["bus_mx", "bus_fx", "role:ambience"]);
  });

  test("orders that go in a circle are a conflict", () => {
    const swap =
      (at: number): Hand =>
      ({ buses }) => {
        const { processors } = buses[0]!;
        processors.splice(at, 2, processors[at + 1]!, processors[at]!);
      };
    const { document, conflicts } = merged(swap(0), swap(1));
    expect(conflicts).toMatchObject([{ reason: "order", path: "/buses/bus_dx/processors", taken: "ours" }]);
    expect(chain(document)).toEqual(["comp", "eq", "gain"]);
  });

  test("the state of a foreign plug-in is never mixed from two", () => {
    const base = editedDocument();
    const external = (state: object): Processor => ({
      ...deEsser("prc_ext"),
      type: "external",
      hostMatchName: "AU",
      state,
    });
    const withState = (state: object) => {
      const document = editedDocument();
      document.buses[0]!.processors.push(external(state));
      return document;
    };
    base.buses[0]!.processors.push(external({ a: 1, b: 1 }));
    const { conflicts } = mergeDocuments(base, withState({ a: 2, b: 1 }), withState({ a: 1, b: 2 }));
    expect(conflicts).toMatchObject([{ field: "state" }]);
  });

  test("a processor whose type one changes does not take parameters of the other's type", () => {
    const { conflicts, document } = merged(
      ({ buses }) => (buses[0]!.processors[1] = { ...deEsser("prc_bus_dx_comp"), type: "gate" }),
      ({ buses }) => (buses[0]!.processors[1]!["ratio"] = 8),
    );
    expect(conflicts).toMatchObject([{ reason: "value", id: "prc_bus_dx_comp", field: "" }]);
    expect(document.buses[0]!.processors[1]).not.toHaveProperty("ratio");
  });

  test("without a common ancestor what is equal stays, what one has is taken, what differs is a conflict", () => {
    const { document, conflicts } = mergeDocuments(
      null,
      edited(({ tracks }) => tracks[0]!.clips.pop()),
      edited(({ buses }) => (buses[1]!.volumeDb = -6)),
    );
    expect(conflicts).toMatchObject([{ path: "/buses/bus_mx/volumeDb", base: null, ours: 0, theirs: -6 }]);
    expect(document.tracks[0]!.clips).toHaveLength(5);
  });
});

describe("what each side may do but both together may not", () => {
  test("clips that overlap after the merge are named, and the written document keeps ours", () => {
    const { document, conflicts, problems } = merged(
      ({ tracks }) => (tracks[0]!.clips[0]!.startTicks = secondsToTicks(7)),
      ({ tracks }) => tracks[0]!.clips.push(clipFixture({ id: "clp_new", startTicks: secondsToTicks(8) })),
    );
    expect(problems[0]!.message).toMatch(/clp_0_0.*clp_new.*overlap/);
    expect(conflicts.map(({ reason, id, isResolved }) => [reason, id, isResolved])).toContainEqual([
      "meaning",
      "clp_new",
      false,
    ]);
    expect(document.tracks[0]!.clips.map(({ id }) => id)).not.toContain("clp_new");
    expect(validateDocument(document).ok).toBe(true);
  });

  test("only the place of an overlapping clip is given up, not what else was done to it", () => {
    const { document } = merged(
      ({ tracks }) => (tracks[0]!.clips[0]!.startTicks = secondsToTicks(7)),
      ({ tracks }) => {
        tracks[0]!.clips[1]!.startTicks = secondsToTicks(9);
        tracks[0]!.clips[1]!.gainDb = 3;
      },
    );
    const clip = document.tracks[0]!.clips.find(({ id }) => id === "clp_0_1")!;
    expect([clip.startTicks, clip.gainDb]).toEqual([secondsToTicks(12), 3]);
  });

  test("a bus that one removes and another's new track needs is named", () => {
    const { document, problems, conflicts } = merged(
      ({ buses }) => buses.splice(2, 1),
      ({ tracks }) => tracks.push(trackFixture({ id: "trk_new", order: 99, output: "bus_fx" })),
    );
    expect(problems[0]!.message).toMatch(/bus_fx/);
    expect(conflicts.map(({ id }) => id).sort()).toEqual(["bus_fx", "trk_new"]);
    expect(document.tracks.map(({ id }) => id)).not.toContain("trk_new");
  });

  test("a circle of buses is named", () => {
    const { document, problems } = merged(
      ({ buses }) => (buses[1]!.output = "bus_fx"),
      ({ buses }) => (buses[2]!.output = "bus_mx"),
    );
    expect(problems[0]!.message).toMatch(/circle/);
    expect(document.buses.map(({ output }) => output)).toEqual(["bus_main", "bus_fx", "bus_main", null]);
  });

  test("media that one cleans away and another's new clip plays comes with ours or goes with it", () => {
    const lonely = { ...editedDocument().media["med_one"]!, name: "b.wav" };
    const base = { ...editedDocument(), media: { ...editedDocument().media, med_two: lonely } };
    const ours = {
      ...base,
      tracks: edited(({ tracks }) =>
        tracks[0]!.clips.push(clipFixture({ id: "clp_new", media: "med_two", startTicks: secondsToTicks(70) })),
      ).tracks,
    };
    const theirs = { ...base, media: editedDocument().media };
    const { document, problems } = mergeDocuments(base, ours, theirs);
    expect(problems[0]!.message).toMatch(/med_two/);
    expect(Object.keys(document.media)).toEqual(["med_one", "med_two"]);
  });

  test("two stems of one name are named", () => {
    const stem =
      (id: string): Hand =>
      ({ stems }) =>
        stems.push({ ...stems[0]!, id, name: "M&E" });
    const { document, problems } = merged(stem("stm_a"), stem("stm_b"));
    expect(problems[0]!.message).toMatch(/M&E/);
    expect(document.stems.map(({ id }) => id)).toContain("stm_a");
  });

  test("one id for two things is named", () => {
    const { problems, document } = merged(
      ({ buses }) => buses.push(busFixture({ id: "new", name: "New" })),
      ({ tracks }) => tracks.push(trackFixture({ id: "new", order: 99 })),
    );
    expect(problems[0]!.message).toMatch(/new/);
    expect(document.buses.map(({ id }) => id)).toContain("new");
  });
});

describe("order of a list out of three", () => {
  const order = (base: string, ours: string, theirs: string, members = `${base}${ours}${theirs}`) =>
    mergeOrder({ base: [...base], ours: [...ours], theirs: [...theirs] }, new Set(members)).order?.join("") ?? null;

  test.each([
    ["abcd", "bacd", "abdc", "badc"],
    ["abcd", "dabc", "bcda", "dbca"],
    ["abc", "axbc", "abcy", "axbcy"],
    ["abc", "cab", "abxc", "cabx"],
    ["abc", "xabc", "yabc", "xyabc"],
    ["", "ab", "ba", "ab"],
    ["abc", "bac", "acb", null],
  ])("%s, %s and %s give %s", (base, ours, theirs, wanted) => {
    expect(order(base, ours, theirs)).toBe(wanted);
    expect(order(base, theirs, ours)).toBe(wanted);
  });
});
