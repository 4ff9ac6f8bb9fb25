import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import type { Change } from "../../schema/diff/change.ts";
import { diffDocuments } from "../../schema/diff/diff-documents.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { getAt } from "../../schema/pointer.ts";
import { secondsToTicks } from "../../schema/ticks.ts";
import { editedDocument, randomEdits, withEdits } from "../support/concurrent-edits.ts";
import { fullDocument } from "../support/mix-documents.ts";
import { randomFrom } from "../support/random.ts";

/** What differs after a change by hand. */
const changesOf = (change: (document: MixDocument) => void, base = fullDocument()): readonly Change[] => {
  const document = structuredClone(base);
  change(document);
  return diffDocuments(base, document);
};

describe("diff", () => {
  test("equal documents have no difference, whatever the order of keys, tracks and clips", () => {
    const other = fullDocument();
    other.tracks.reverse();
    for (const { clips } of other.tracks) clips.reverse();
    expect(diffDocuments(fullDocument(), other)).toEqual([]);
  });

  test("there is a difference exactly when the canonical texts differ", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const base = editedDocument();
        const edited = withEdits(base, randomEdits(base, randomFrom(seed), 3, "o"));
        const isEqual = canonicalText(base) === canonicalText(edited);
        expect(diffDocuments(base, edited).length === 0).toBe(isEqual);
        expect(diffDocuments(edited, base).length).toBe(diffDocuments(base, edited).length);
      }),
    );
  });

  test("a change of a level names the entity, both values, the unit, the way by ids and the pointer", () => {
    expect(changesOf(({ tracks }) => (tracks[0]!.clips[0]!.gainDb = -1.5))).toEqual([
      {
        op: "change",
        pointer: "/tracks/0/clips/0/gainDb",
        path: "/tracks/trk_dx/clips/clp_hello/gainDb",
        kind: "Clip",
        id: "clp_hello",
        name: 'Say "hello"\n</script> 🎬',
        field: "gainDb",
        before: 2.5,
        after: -1.5,
        unit: "dB",
      },
    ]);
  });

  test("pointers of what is there lead to the new value, of what went to the old one", () => {
    const base = fullDocument();
    const document = structuredClone(base);
    document.tracks[0]!.clips[0]!.automation[0]!.points.splice(1, 1, ["1", -3, "hold"]);
    document.buses[0]!.processors.shift();
    const changes = diffDocuments(base, document);
    expect(changes.map(({ op }) => op).sort()).toEqual(["add", "remove", "remove"]);
    for (const { op, pointer, before, after: is } of changes) {
      const found = getAt(op === "remove" ? base : document, pointer);
      expect(found).toMatchObject({ ok: true, value: op === "remove" ? before : is });
    }
  });

  test("a clip on another track and a clip at another time are moves, nothing else", () => {
    const changes = changesOf(({ tracks }) => {
      tracks[1]!.clips.push(...tracks[0]!.clips.splice(1, 1));
      tracks[1]!.clips[0]!.startTicks = secondsToTicks(1);
    });
    expect(changes).toMatchObject([
      { op: "move", id: "clp_music", field: "startTicks", before: "0", after: secondsToTicks(1), unit: "ticks" },
      { op: "move", id: "clp_answer", before: "trk_dx", after: "trk_mx", unit: "owner" },
    ]);
  });

  test("a chain in another order is one move of the processor that changed places", () => {
    const changes = changesOf(({ tracks }) => tracks[0]!.clips[0]!.processors.reverse());
    expect(changes).toMatchObject([{ op: "move", kind: "Processor", unit: "position", before: 1, after: 0 }]);
  });

  test("one band of an equalizer, one unknown key and one key of extras are one change each", () => {
    const changes = changesOf((document) => {
      (document.tracks[0]!.clips[0]!.processors[0]!["bands"] as { gainDb: number }[])[1]!.gainDb = 4;
      document.tracks[0]!["colour"] = "red";
      (document.extras as { anything: unknown }).anything = 1;
    });
    expect(changes.map(({ op, path }) => `${op} ${path}`)).toEqual([
      "change /extras/anything",
      "add /tracks/trk_dx/colour",
      "change /tracks/trk_dx/clips/clp_hello/processors/prc_eq/bands/1/gainDb",
    ]);
  });

  test("a removed track is one change with all that it holds", () => {
    expect(changesOf(({ tracks }) => tracks.pop())).toMatchObject([
      { op: "remove", kind: "Track", id: "trk_mx", after: null },
    ]);
  });
});
