import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXmeml } from "../../../extension/interchange/xmeml/read.ts";
import { bytesOf, clipitem, fixtureText, goodOf, problemOf, xmeml } from "./fixture.ts";
import { listed, readTree } from "./xml-trees.ts";

describe("hostile XML is refused with its place", () => {
  const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
  test.each([
    ["billion laughs", `<!DOCTYPE xmeml [<!ENTITY l0 "lol">${lol}]><xmeml>&l9;</xmeml>`, "unsupported"],
    [
      "quadratic blow-up",
      `<!DOCTYPE xmeml [<!ENTITY a "${"a".repeat(100_000)}">]><xmeml>${"&a;".repeat(1000)}</xmeml>`,
      "unsupported",
    ],
    [
      "external file entity",
      `<!DOCTYPE xmeml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xmeml>&x;</xmeml>`,
      "unsupported",
    ],
    ["external http DTD", `<!DOCTYPE xmeml SYSTEM "http://example.org/x.dtd"><xmeml/>`, "unsupported"],
    ["parameter entity", `<!DOCTYPE xmeml [<!ENTITY % p SYSTEM "http://example.org/p">%p;]><xmeml/>`, "unsupported"],
    ["doctype of another root", `<!DOCTYPE html><xmeml version="4"/>`, "unsupported"],
    ["undefined entity", `<xmeml>&d;</xmeml>`, "syntax"],
    ["entity that is a property of every object", `<xmeml>&constructor;</xmeml>`, "syntax"],
    ["entity that is the prototype", `<xmeml>&__proto__;</xmeml>`, "syntax"],
    ["50,000 deep", "<xmeml>".repeat(50_000), "too-deep"],
    ["200,000 deep attributes", '<a b="1">'.repeat(200_000), "too-deep"],
    ["attribute over 1 MB", `<xmeml a="${"x".repeat(1_100_000)}"/>`, "too-large"],
    ["cut short", `<xmeml version="4"><sequence>`, "syntax"],
    ["crossed tags", `<xmeml><a></xmeml></a>`, "syntax"],
    ["two roots", `<xmeml/><xmeml/>`, "syntax"],
    ["duplicate attributes", `<xmeml a="1" a="2"/>`, "syntax"],
    ["character that XML forbids", `<xmeml>\u0001</xmeml>`, "syntax"],
    ["encoding nobody has", `<?xml version="1.0" encoding="UTF-7"?><xmeml/>`, "unsupported"],
    ["empty file", "", "syntax"],
  ])("%s", (_, text, code) => {
    const problem = problemOf(readXmeml(bytesOf(text), "evil.xml"));
    expect(problem.code).toBe(code);
    expect(problem.file).toBe("evil.xml");
    expect(problem.message.length).toBeGreaterThan(20);
  });

  test("bytes that are no UTF-8 are refused, not replaced", () => {
    const bytes = new Uint8Array([...bytesOf("<xmeml>"), 0xff, 0xfe, 0xfd, ...bytesOf("</xmeml>")]);
    expect(problemOf(readXmeml(bytes, "x.xml")).code).toBe("syntax");
  });

  test("more than 64 MB are refused", () => {
    expect(problemOf(readXmeml(new Uint8Array(64 * 1024 * 1024 + 1).fill(0x20), "x.xml")).code).toBe("too-large");
  });

  test("a problem names line and column, counted from 1", () => {
    const problem = problemOf(readXmeml(bytesOf('<?xml version="1.0"?>\n<xmeml>\n  <a>&nope;</a>\n</xmeml>'), "x.xml"));
    expect([problem.line, problem.column]).toEqual([3, 12]);
  });

  test("200,000 character references are text, not a bomb", () => {
    const tree = readTree(bytesOf(`<a>${"&#65;".repeat(200_000)}</a>`));
    expect(tree.text).toBe("A".repeat(200_000));
  });

  test("names from a file never reach the prototype of objects", () => {
    readTree(bytesOf('<a __proto__="x" constructor="y"><__proto__><polluted>1</polluted></__proto__></a>'));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("every honest encoding gives the same timeline", () => {
  const text = fixtureText("xmeml/crossfade-exploded-stereo.xml");
  const expected = goodOf(readXmeml(bytesOf(text), "x.xml"));
  const utf16 = (source: string, littleEndian: boolean, mark: boolean): Uint8Array => {
    const units = mark ? `\uFEFF${source}` : source;
    const bytes = new Uint8Array(units.length * 2);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < units.length; index += 1)
      view.setUint16(index * 2, units.charCodeAt(index), littleEndian);
    return bytes;
  };
  test.each([
    ["UTF-8 with a byte order mark", bytesOf(`\uFEFF${text}`)],
    ["UTF-16 little-endian", utf16(text, true, true)],
    ["UTF-16 big-endian", utf16(text, false, true)],
    ["UTF-16 without a mark", utf16(text, true, false)],
    ["CRLF line ends", bytesOf(text.replaceAll("\n", "\r\n"))],
    ["CR line ends", bytesOf(text.replaceAll("\n", "\r"))],
    [
      "single quotes and no doctype",
      bytesOf(text.replace("<!DOCTYPE xmeml>", "").replace('version="4"', "version='4'")),
    ],
  ])("%s", (_, bytes) => {
    expect(goodOf(readXmeml(bytes, "x.xml"))).toEqual(expected);
  });

  test("ISO-8859-1 names are read as written", () => {
    const latin = `<?xml version="1.0" encoding="ISO-8859-1"?><xmeml version="4"><sequence id="s"><name>Müller</name><rate><timebase>25</timebase></rate></sequence></xmeml>`;
    expect(goodOf(readXmeml(new Uint8Array([...latin].map((char) => char.charCodeAt(0))), "x.xml")).name).toBe(
      "Müller",
    );
  });
});

test("any tree that is written is read back the same", () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9._-]{0,10}$/);
  const text = fc
    .string({ unit: "grapheme", maxLength: 20 })
    .filter((one) => [...one].every((char) => char >= " " && char !== "\u007f" && char < "\ufffe"));
  fc.assert(
    fc.property(
      name,
      fc.dictionary(name, text, { maxKeys: 4, noNullPrototype: true }),
      text,
      (root, attributes, inside) => {
        expect(listed(readTree(bytesOf(listed.write(root, attributes, inside))))).toEqual({ root, attributes, inside });
      },
    ),
    { numRuns: 200 },
  );
});

test("one cut byte anywhere never crashes the reader", () => {
  const whole = xmeml(clipitem());
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const damaged = whole.slice();
      damaged[at] = byte;
      const result = readXmeml(damaged, "x.xml");
      expect(result.ok || result.problems.length > 0).toBe(true);
    }),
    { numRuns: 400 },
  );
});
