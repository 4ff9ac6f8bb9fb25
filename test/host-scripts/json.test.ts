import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asciiJson } from "../../extension/host/bridge.ts";
import { createRealm } from "../../extension/host/simulated-host/realm.ts";

/** json.jsx alone in the ES3 engine; `failure` comes from dispatch.jsx in the joined text. */
const openJson = () => {
  const realm = createRealm();
  const json = readFileSync(new URL("../../host-scripts/json.jsx", import.meta.url), "utf8");
  realm.run(`function failure(code, message) { return new Error(code + " " + message); }\n${json}`);
  const rewrite = realm.run("(function (text) { return writeJson(readJson(text)); })") as (text: string) => string;
  return { rewrite, realm };
};

const value = fc.jsonValue({ maxDepth: 5, stringUnit: "binary" });

describe("JSON in the host", () => {
  const { rewrite, realm } = openJson();

  test("reads and writes what any JSON can hold, in ASCII", () => {
    fc.assert(
      fc.property(
        value.filter((data) => !JSON.stringify(data).includes("__proto__")),
        (data) => {
          const out = rewrite(asciiJson(data));
          expect(out).toMatch(/^[\x20-\x7e]*$/);
          expect(JSON.parse(out)).toEqual(JSON.parse(asciiJson(data)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("writes lone surrogates and line separators as escapes", () => {
    expect(realm.run('writeJson("\\ud800\\u2028\\u0001\\u007f\\"\\\\")')).toBe('"\\ud800\\u2028\\u0001\\u007f\\"\\\\"');
  });

  test("writes numbers that are not finite as null and leaves undefined out", () => {
    expect(realm.run("writeJson({a: 0/0, b: 1/0, c: undefined, d: [undefined], e: -0})")).toBe(
      '{"a":null,"b":null,"d":[null],"e":0}',
    );
  });

  test.each([
    "",
    "{",
    "[1,]",
    "{a:1}",
    "01",
    "'x'",
    "nul",
    "[1] 2",
    '"\\x"',
    '"\\u12"',
    '"abc',
    '{"__proto__":1}',
    "app.quit()",
  ])("refuses %j and says where", (text) => {
    expect(() => rewrite(text)).toThrow(/BAD_REQUEST .* at character \d+/);
  });

  test("refuses to nest deeper than 32 levels in either direction", () => {
    expect(() => rewrite(`${"[".repeat(40)}${"]".repeat(40)}`)).toThrow(/TOO_DEEP/);
    expect(() => realm.run("(function () { var a = []; a[0] = a; return writeJson(a); }())")).toThrow(/TOO_DEEP/);
  });
});
