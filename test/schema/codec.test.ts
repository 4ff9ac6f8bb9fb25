import { encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import { decodeMessagePack, encodeMessagePack } from "../../schema/codec.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { parseDocumentBytes } from "../../schema/json-text.ts";
import { guardMessagePack } from "../../schema/msgpack-guard.ts";
import type { Result } from "../../schema/problem.ts";
import { fullDocument, minimalDocument } from "../support/mix-documents.ts";

const taken = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.value;
};
const refusal = (bytes: Uint8Array) => {
  const result = guardMessagePack(bytes);
  if (result.ok) throw new Error("This should have been refused.");
  return result.problems[0]!;
};
const repeated = (head: readonly number[], times: number) =>
  new Uint8Array(Array.from({ length: times }, () => head).flat());

describe("the MessagePack form", () => {
  test("JSON -> MessagePack -> JSON gives the same bytes", () => {
    const wellFormed = fc.string({ unit: "grapheme" });
    const safeKey = wellFormed.filter((key) => !["__proto__", "constructor", "prototype"].includes(key));
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const scalar = fc.oneof(fc.constant(null), fc.boolean(), number, fc.maxSafeInteger(), wellFormed);
    const extras = fc.dictionary(safeKey, fc.oneof(scalar, fc.array(scalar), fc.dictionary(safeKey, scalar)));
    fc.assert(
      fc.property(extras, wellFormed, (free, name) => {
        const document = fullDocument({ extras: free });
        document.sequence.name = name;
        const text = canonicalText(document);
        const back = taken(decodeMessagePack(taken(encodeMessagePack(document)), "x.mixb"));
        expect(canonicalText(back as MixDocument)).toBe(text);
      }),
    );
  });

  test("is found by its first byte, and validated like the text", () => {
    const bytes = taken(encodeMessagePack(fullDocument()));
    expect(canonicalText(taken(parseDocumentBytes(bytes, "x.mixb")))).toBe(canonicalText(fullDocument()));
    const text = new TextEncoder().encode(canonicalText(minimalDocument()));
    expect(parseDocumentBytes(text, "x.mix.json").ok).toBe(true);
    const wrong = parseDocumentBytes(
      encode({ ...minimalDocument(), sequence: { ...minimalDocument().sequence, durationTicks: "-1" } }),
      "x.mixb",
    );
    expect(wrong).toMatchObject({
      ok: false,
      problems: [{ code: "meaning", file: "x.mixb", pointer: "/sequence/durationTicks" }],
    });
  });

  test("refuses half a character, which it cannot carry, and says where", () => {
    const document = minimalDocument();
    document.sequence.name = "\ud83c";
    expect(encodeMessagePack(document)).toMatchObject({
      ok: false,
      problems: [{ code: "unsupported", pointer: "/sequence/name" }],
    });
  });

  test("refuses to write what its own reader would refuse", () => {
    expect(encodeMessagePack(minimalDocument({ note: "x".repeat(1024 * 1024 + 1) }))).toMatchObject({
      ok: false,
      problems: [{ code: "too-large" }],
    });
  });
});

describe("the guard", () => {
  test.each([
    ["30 nested lists of 30 million items", repeated([0xdd, 0x01, 0xc9, 0xc3, 0x80], 30), "syntax"],
    ["400 nested lists of 65,535 items in 1.2 KB", repeated([0xdc, 0xff, 0xff], 400), "syntax"],
    ["24,000 nested lists", repeated([0xdc, 0x00, 0x01], 24_000), "too-deep"],
    ["a million one-item lists", new Uint8Array(1_000_000).fill(0x91), "too-deep"],
    [
      "many nested lists that share the same bytes",
      new Uint8Array([...repeated([0xdc, 0x03, 0x00], 60), ...new Uint8Array(1000)]),
      "syntax",
    ],
    ["a map of 4 billion", new Uint8Array([0xdf, 0xff, 0xff, 0xff, 0xff]), "syntax"],
    ["a text of 4 GB", new Uint8Array([0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]), "too-large"],
    [
      "a text of 1 MB and one byte",
      new Uint8Array([0xdb, 0, 0x10, 0, 1, ...new Uint8Array(1024 * 1024 + 1)]),
      "too-large",
    ],
    ["an extension type", new Uint8Array([0xd4, 0x01, 0x00]), "syntax"],
    ["a timestamp", encode(new Date(0)), "syntax"],
    ["binary data", encode(new Uint8Array(3)), "syntax"],
    ["the unused code", new Uint8Array([0xc1]), "syntax"],
    ["invalid UTF-8", new Uint8Array([0xa2, 0xc3, 0x28]), "syntax"],
    ["a surrogate in UTF-8", new Uint8Array([0xa3, 0xed, 0xa0, 0xbd]), "syntax"],
    ["a repeated key", new Uint8Array([0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2]), "syntax"],
    ["a number as key", new Uint8Array([0x81, 1, 2]), "syntax"],
    ["__proto__", new Uint8Array([0x81, 0xa9, ...new TextEncoder().encode("__proto__"), 0x80]), "forbidden-key"],
    [
      "constructor inside a list",
      new Uint8Array([0x91, 0x81, 0xab, ...new TextEncoder().encode("constructor"), 0xc0]),
      "forbidden-key",
    ],
    ["NaN", encode(Number.NaN), "syntax"],
    ["float 32 infinity", new Uint8Array([0xca, 0x7f, 0x80, 0, 0]), "syntax"],
    ["an integer above 2^53", new Uint8Array([0xcf, 0x00, 0x20, 0, 0, 0, 0, 0, 1]), "syntax"],
    ["trailing bytes", new Uint8Array([0xc0, 0xc0]), "syntax"],
    ["nothing", new Uint8Array(), "syntax"],
    ["a cut file", encode(fullDocument()).subarray(0, 500), "syntax"],
  ])("refuses %s", (_, bytes, code) => {
    const problem = refusal(bytes);
    expect(problem.code).toBe(code);
    expect(problem.message).toMatch(/^[A-Z].*\.$/);
  });

  test("stops at the header by which more is declared than the file can hold, not at its end", () => {
    const shared = new Uint8Array([...repeated([0xdc, 0x03, 0x00], 60), ...new Uint8Array(1000)]);
    expect(refusal(shared).message).toBe("Lists and maps declare more items than the file has bytes (at byte 6).");
  });

  test("takes everything that JSON can hold", () => {
    const texts = ["", "a".repeat(31), "a".repeat(32), "é".repeat(200), "a".repeat(70_000)];
    const numbers = [
      0,
      127,
      128,
      255,
      256,
      65_535,
      65_536,
      2 ** 32,
      2 ** 53 - 1,
      -1,
      -32,
      -33,
      -129,
      -32_769,
      -(2 ** 31) - 1,
      0.5,
      -1e300,
    ];
    const value = {
      texts,
      numbers,
      flags: [true, false, null],
      empty: [{}, []],
      long: Array.from({ length: 70_000 }, () => 1),
    };
    expect(decodeMessagePack(encode(value), "x")).toEqual({ ok: true, value, warnings: [] });
    const wide = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`k${index}`, index]));
    expect(decodeMessagePack(encode(wide), "x")).toEqual({ ok: true, value: wide, warnings: [] });
  });

  test("never throws, and lets nothing through that breaks the decoder", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const guarded = guardMessagePack(bytes);
        if (guarded.ok) expect(() => decodeMessagePack(bytes, "x")).not.toThrow();
        else expect(guarded.problems[0]!.message).not.toBe("");
      }),
      { numRuns: 3000 },
    );
  });

  test("never throws on a damaged document", () => {
    const whole = encode(fullDocument());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const bytes = whole.slice();
        bytes[at] = byte;
        const result = parseDocumentBytes(bytes, "x.mixb");
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
