import { describe, expect, test } from "vitest";
import { type MergeNote, mergeValues } from "../../schema/layers/merge.ts";

const merged = (...layers: readonly unknown[]) => {
  const notes: MergeNote[] = [];
  const place = { locks: undefined, key: "", above: null, note: (note: MergeNote) => void notes.push(note) };
  return { value: layers.reduce((lower, higher) => mergeValues(lower, higher, place)), notes };
};
const chain = (...items: readonly (string | object)[]) => ({
  processors: items.map((item) => (typeof item === "string" ? { id: item } : item)),
});
const ids = (...layers: readonly object[]) =>
  (merged(...layers).value as ReturnType<typeof chain>).processors.map((item) => (item as { id: string }).id).join(" ");

describe("a higher layer on a lower one", () => {
  test.each([
    ["goes into objects", { a: { x: 1, y: 2 } }, { a: { y: 3 } }, { a: { x: 1, y: 3 } }],
    ["replaces plain lists", { channels: [0, 1] }, { channels: [1] }, { channels: [1] }],
    ["deletes with null", { volumeDb: -3, note: "" }, { volumeDb: null }, { note: "" }],
    ["says null where null is a value", { fadeIn: { curve: "constantGain" } }, { fadeIn: null }, { fadeIn: null }],
    ["replaces what belongs to a host", { host: { a: { x: 1 } } }, { host: { b: null } }, { host: { b: null } }],
    [
      "changes an item by its id",
      chain({ id: "a", gainDb: 1, q: 2 }),
      chain({ id: "a", gainDb: 5 }),
      chain({ id: "a", gainDb: 5, q: 2 }),
    ],
  ])("%s", (_, lower, higher, value) => {
    expect(merged(lower, higher)).toEqual({ value, notes: [] });
  });

  test("keeps the order of lists: new items at the end, beside their neighbour, or where $after says", () => {
    expect(ids(chain("a", "b"), chain("x"))).toBe("a b x");
    expect(ids(chain("a", "b"), chain("a", "x"))).toBe("a x b");
    expect(ids(chain("a", "b"), chain("x", "a"))).toBe("x a b");
    expect(ids(chain("a", "b"), chain("b", "a"))).toBe("a b");
    expect(ids(chain("a", "b"), chain({ id: "x", $after: "a" }))).toBe("a x b");
    expect(ids(chain("a", "b"), chain({ id: "b", $after: null }))).toBe("b a");
    expect(ids(chain("a", "b"), chain({ id: "a", $remove: true }))).toBe("b");
  });

  test("says what it could not do", () => {
    const { value, notes } = merged(chain("a"), chain({ id: "x", $remove: true }, { id: "y", $after: "z" }));
    expect(value).toEqual(chain("a", "y"));
    expect(notes).toEqual([
      { kind: "nothing-to-remove", path: ["processors", "x"] },
      { kind: "nothing-to-follow", path: ["processors", "y"], id: "z" },
    ]);
  });

  test("changes neither of the two", () => {
    const lower = Object.freeze({ a: Object.freeze({ x: 1 }) });
    const higher = Object.freeze({ a: Object.freeze({ y: null, x: 2 }) });
    expect(merged(lower, higher).value).toEqual({ a: { x: 2 } });
  });
});
