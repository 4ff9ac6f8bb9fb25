import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import { decodeUtf8, parseDocument, parseDocumentBytes, parseJsonText } from "../../schema/json-text.ts";
import { locatePointers } from "../../schema/locate-problems.ts";
import type { Result } from "../../schema/problem.ts";
import { fullDocument, minimalDocument } from "../support/mix-documents.ts";

const problemOf = (result: Result<unknown>) => {
  if (result.ok) throw new Error("This should have been refused.");
  return result.problems[0]!;
};
const taken = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problems[0]!.message);
  return result.value;
};

describe("strict JSON", () => {
  test("reads every JSON value as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, "\t"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        if (/"(__proto__|constructor|prototype)"/.test(text)) return;
        expect(parseJsonText(text, "x.json")).toEqual({ ok: true, value: JSON.parse(text), warnings: [] });
      }),
    );
  });

  test("takes no text that JSON.parse refuses", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      '"a"',
      '"\\u12"',
      "1",
      "-",
      "01",
      ".5",
      "true",
      "nul",
      " ",
      "\\",
      '"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
        const text = parts.join("");
        const own = parseJsonText(text, "x.json");
        const native = (() => {
          try {
            return { value: JSON.parse(text) as unknown };
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
            return undefined;
          }
        })();
        if (own.ok) expect(native).toEqual({ value: own.value });
        else if (native !== undefined) expect(own.problems[0]!.message).toMatch(/stands twice/);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /comma or \} is missing: found "\\""/],
    ['{"a": 1,}', 1, 9, /comma too much/],
    ["[1 2]", 1, 4, /comma or \] is missing/],
    ['{"a" 1}', 1, 6, /colon is missing/],
    ["{a: 1}", 1, 2, /key in double quotes/],
    ['"open', 1, 1, /not closed/],
    ['"tab\t"', 1, 5, /must be escaped/],
    ['"\\x"', 1, 2, /After \\ only/],
    ["01", 1, 2, /number is written like/],
    ["1e999", 1, 1, /too large/],
    ["NaN", 1, 1, /found NaN/],
    ["", 1, 1, /the text ends here/],
    ["1 2", 1, 3, /Nothing may follow/],
    ['{"a":1, // why\n"b":2}', 1, 9, /Comments are not allowed.*"note"/],
    ['\r\n{"a":1,\r\n "a":2}', 3, 2, /stands twice/],
  ])("refuses %j at line %i column %i", (text, line, column, message) => {
    const problem = problemOf(parseJsonText(text, "cut.json"));
    expect(problem).toMatchObject({ code: "syntax", file: "cut.json", line, column });
    expect(problem.message).toMatch(message);
  });

  test.each(["__proto__", "constructor", "prototype"])("refuses the key %s and leaves every prototype alone", (key) => {
    const problem = problemOf(parseJsonText(`{"a":[{"${key}":{"polluted":true}}]}`, "x.json"));
    expect(problem).toMatchObject({ code: "forbidden-key", line: 1, column: 8 });
    expect(problemOf(parseJsonText(`{"\\u005f_proto__":1}`.replace("__proto__", "_proto__"), "x.json")).code).toBe(
      "forbidden-key",
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("keeps members that only look dangerous", () => {
    expect(taken(parseJsonText('{"toString":1,"hasOwnProperty":2}', "x.json"))).toEqual({
      toString: 1,
      hasOwnProperty: 2,
    });
  });

  test("takes 64 levels and refuses more, however many", () => {
    expect(parseJsonText(`${"[".repeat(64)}${"]".repeat(64)}`, "x.json").ok).toBe(true);
    expect(problemOf(parseJsonText(`${"[".repeat(65)}${"]".repeat(65)}`, "x.json")).code).toBe("too-deep");
    expect(problemOf(parseJsonText('{"a":'.repeat(200_000), "x.json")).code).toBe("too-deep");
  });

  test("a byte order mark and CR LF change nothing", () => {
    expect(taken(parseJsonText('\ufeff{\r\n"a": [1]\r\n}\r\n', "x.json"))).toEqual({ a: [1] });
  });
});

describe("JSONC", () => {
  test("allows comments and trailing commas where people write", () => {
    const text = '// head\n{ "a": 1, /* why */ "b": [1, 2,], } // end';
    expect(taken(parseJsonText(text, "x.jsonc", { comments: true }))).toEqual({ a: 1, b: [1, 2] });
    expect(problemOf(parseJsonText("[1, /* open", "x.jsonc", { comments: true })).message).toMatch(/not closed/);
    expect(problemOf(parseJsonText("[,]", "x.jsonc", { comments: true })).code).toBe("syntax");
  });
});

describe("bytes", () => {
  test("UTF-16 and broken UTF-8 are refused with the cure", () => {
    expect(problemOf(decodeUtf8(new Uint8Array([0xff, 0xfe, 0x7b, 0]), "x.json")).message).toMatch(
      /UTF-16.*Save it as UTF-8/,
    );
    expect(problemOf(decodeUtf8(new Uint8Array([0x7b, 0xc3, 0x28]), "x.json")).message).toMatch(
      /not UTF-8.*Save it as UTF-8/,
    );
  });

  test("files over 64 MB are refused before they are read", () => {
    expect(problemOf(parseDocumentBytes(new Uint8Array(64 * 1024 * 1024 + 1), "x.json")).code).toBe("too-large");
  });

  test("an empty file is a syntax problem", () => {
    expect(problemOf(parseDocumentBytes(new Uint8Array(), "x.mix.json"))).toMatchObject({ code: "syntax", line: 1 });
  });
});

describe("parseDocument", () => {
  const text = canonicalText(fullDocument());

  test("gives the document and its warnings with their place", () => {
    const result = parseDocument(text, "reel.mix.json");
    expect(taken(result).tracks).toHaveLength(2);
    const line = text.split("\n").findIndex((row) => row.includes('"prc_ext"'));
    expect(result.ok && result.warnings).toMatchObject([{ file: "reel.mix.json", line, column: 13 }]);
  });

  test("puts file, line and column on a wrong value", () => {
    const broken = text.replace('"role": "music"', '"role": "musik"');
    const line = broken.split("\n").findIndex((row) => row.includes("musik")) + 1;
    expect(problemOf(parseDocument(broken, "reel.mix.json"))).toEqual({
      code: "schema",
      message: '/tracks/1/role is "musik"; allowed: dialogue, music, effects, ambience, null. Did you mean music?',
      file: "reel.mix.json",
      line,
      column: 15,
      pointer: "/tracks/1/role",
      allowed: ["dialogue", "music", "effects", "ambience", "null"],
      didYouMean: "music",
    });
  });

  test("points a missing key at its object and guesses what was mistyped", () => {
    const broken = text.replace('"volumeDb": -3', '"volumDb": -3');
    expect(problemOf(parseDocument(broken, "x"))).toMatchObject({
      pointer: "/tracks/1",
      didYouMean: "volumeDb",
      column: 5,
    });
  });

  test("lists 50 problems and counts all", () => {
    const result = parseDocument(
      text
        .replaceAll(/"(enabled|muted)": (true|false)/g, '"$1": 0')
        .replaceAll(/Db": -?[0-9.]+/g, 'Db": "loud"')
        .replaceAll(/"id": "[^"]*"/g, '"id": 5'),
      "x",
    );
    expect(result).toMatchObject({ ok: false });
    if (result.ok) return;
    expect(result.problems).toHaveLength(50);
    expect(result.total).toBeGreaterThan(50);
  });

  test.each([
    ["[]", "a list of 0"],
    ["null", "null"],
    ["{}", "has no format"],
    ['"mix"', '"mix"'],
  ])("refuses %s as a document", (json, found) => {
    const problem = problemOf(parseDocument(json, "x"));
    expect(problem.code).toBe("schema");
    expect(problem.message).toContain(found);
  });
});

describe("hostile names", () => {
  test.each(["\u001b[2J", "\u202e", "\n", "\u0000", "\u2028"])("%j in a key reaches no message as it is", (key) => {
    const warned = parseDocument(JSON.stringify({ ...minimalDocument(), [key]: 1 }), "x");
    expect(warned.ok && warned.warnings[0]!.message).not.toContain(key);
    const refused = parseDocument(JSON.stringify({ ...minimalDocument(), format: key }), "x");
    expect(problemOf(refused).message).not.toContain(key);
  });
});

describe("locatePointers", () => {
  test("finds escaped keys, and the nearest parent of what is absent", () => {
    const text = '{\n "a/b": [1,\r\n  {"~": 2}]\n}';
    const places = locatePointers(text, ["/a~1b/1/~0", "/a~1b/7/x", "", "/a~1b/1"]);
    expect([...places.values()]).toEqual([
      { line: 3, column: 9 },
      { line: 2, column: 9 },
      { line: 1, column: 1 },
      { line: 3, column: 3 },
    ]);
  });
});
