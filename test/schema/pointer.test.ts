import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { getAt, pointerOf, pointerSegments, setAt } from "../../schema/pointer.ts";
import type { Result } from "../../schema/problem.ts";
import { fullDocument } from "../support/mix-documents.ts";

const problemOf = (result: Result<unknown>) => {
  if (result.ok) throw new Error("This should have been refused.");
  return result.problems[0]!;
};

test("pointers and paths are two spellings of the same", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      expect(pointerSegments(pointerOf(path))).toEqual(path);
    }),
  );
});

test.each([
  ["", { foo: ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8 }],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/m~0n", 8],
])("RFC 6901: %j", (pointer, expected) => {
  const document = { foo: ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8 };
  expect(getAt(document, pointer)).toMatchObject({ ok: true, value: expected });
});

describe("setAt", () => {
  test("changes one value in a copy and shares the rest", () => {
    const document = fullDocument();
    const result = setAt(document, "/tracks/0/volumeDb", -6) as { readonly value: MixDocument };
    expect(result.value.tracks[0]!.volumeDb).toBe(-6);
    expect(document.tracks[0]!.volumeDb).toBe(0);
    expect(result.value.tracks[1]).toBe(document.tracks[1]);
    expect(Object.keys(result.value)).toEqual(Object.keys(document));
  });

  test("what was set is got", () => {
    const document = fullDocument();
    const pointers = fc.constantFrom(
      "/note",
      "/tracks/1/clips/0/gainDb",
      "/buses/0/processors/0/ratio",
      "/extras/anything/1",
    );
    fc.assert(
      fc.property(pointers, fc.jsonValue(), (pointer, value) => {
        const changed = setAt(document, pointer, value);
        expect(changed.ok && getAt(changed.value, pointer)).toMatchObject({ ok: true, value });
      }),
    );
  });

  test("adds what the schema knows, appends to lists, and fills free maps", () => {
    expect(setAt(fullDocument(), "/tracks/1/note", "New.").ok).toBe(true);
    expect(setAt(fullDocument(), "/buses/0/processors/0/kneeDb", 3).ok).toBe(true);
    expect(setAt(fullDocument(), "/tracks/0/clips/0/processors/0/bands/0/q", 2).ok).toBe(true);
    expect(setAt(fullDocument(), "/extras/mine", 1).ok).toBe(true);
    const longer = setAt(fullDocument(), "/decisions/-", {}) as { readonly value: MixDocument };
    expect(longer.value.decisions).toHaveLength(3);
  });

  test("names the nearest existing parent, its keys, and what was probably meant", () => {
    const problem = problemOf(setAt(fullDocument(), "/tracks/0/volumDb", 1));
    expect(problem).toMatchObject({ code: "meaning", pointer: "/tracks/0", didYouMean: "volumeDb" });
    expect(problem.allowed).toContain("volumeDb");
    expect(problem.message).toMatch(
      /^There is no \/tracks\/0\/volumDb: \/tracks\/0 has id, order, name.*Did you mean volumeDb\?$/,
    );
  });

  test.each([
    ["/tracks/9/volumeDb", "/tracks is a list whose positions are 0 to 1."],
    ["/tracks/01/volumeDb", "/tracks is a list whose positions are 0 to 1."],
    ["/crossfades/0/from/x", '/crossfades/0/from is "clp_hello" and has no members.'],
    ["/nothing/at/all", "There is no /nothing: The document has format, "],
  ])("refuses %s", (pointer, message) => {
    expect(problemOf(setAt(fullDocument(), pointer, 1)).message).toContain(message);
  });

  test.each(["volumeDb", "/a~2b", "/a~"])("refuses %j, which is no pointer", (pointer) => {
    expect(problemOf(setAt(fullDocument(), pointer, 1))).toMatchObject({ code: "usage" });
  });

  test.each(["/__proto__/gain", "/extras/constructor/prototype/x"])(
    "refuses %s and changes no prototype",
    (pointer) => {
      expect(problemOf(setAt(fullDocument(), pointer, 1)).code).toBe("forbidden-key");
      expect(({} as { gain?: number }).gain).toBeUndefined();
    },
  );
});
