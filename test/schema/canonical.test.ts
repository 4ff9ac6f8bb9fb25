import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText, documentHash } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { clipFixture, fullDocument, minimalDocument, trackFixture } from "../support/mix-documents.ts";

const reread = (text: string) => JSON.parse(text) as MixDocument;

/** The same data with the members of every object in another order. */
const shuffled = (value: unknown, seed: number): unknown => {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed + 1));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member, seed + 1)] as const);
  const turn = seed % Math.max(1, entries.length);
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)].reverse());
};

describe("canonical text", () => {
  test("is a fixed point, whatever unknown data a document carries", () => {
    const unknown = fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(unknown, unknown, fc.string({ unit: "grapheme" }), (extras, strange, name) => {
        const document = fullDocument({ ...strange, ...fullDocument(), extras });
        document.sequence.name = name;
        const text = canonicalText(document);
        expect(canonicalText(reread(text))).toBe(text);
      }),
    );
  });

  test("does not depend on the order of keys, tracks and clips", () => {
    const text = canonicalText(fullDocument());
    fc.assert(
      fc.property(fc.nat(50), (seed) => {
        const other = shuffled(fullDocument(), seed) as MixDocument;
        other.tracks.reverse();
        for (const { clips } of other.tracks) clips.reverse();
        expect(canonicalText(other)).toBe(text);
        expect(documentHash(other)).toBe(documentHash(fullDocument()));
      }),
    );
  });

  test("clips that start together stand by id", () => {
    const clips = ["clp_b", "clp_a", "clp_c"].map((id) => clipFixture({ id }));
    const text = canonicalText(minimalDocument({ tracks: [trackFixture({ clips })] }));
    expect(text.match(/clp_./g)).toEqual(["clp_a", "clp_b", "clp_c"]);
  });

  test("has schema keys first, then unknown ones by code point", () => {
    const document = minimalDocument({ zebra: 1, "10": 1, "2": 1, "\u{1f3ac}": 1, "\uffee": 1 });
    const keys = canonicalText(document).matchAll(/^ {2}"([^"]+)":/gm);
    const names = [...keys].map(([, key]) => key);
    expect(names.slice(0, 3)).toEqual(["format", "formatVersion", "minReader"]);
    expect(names.slice(-5)).toEqual(["10", "2", "zebra", "\uffee", "\u{1f3ac}"]);
  });

  test("has two spaces, LF, one scalar a line, points and channels on one line", () => {
    const text = canonicalText(fullDocument());
    expect(text).toMatch(/^\{\n {2}"\$schema"/);
    expect(text).not.toContain("\r");
    expect(text.endsWith("}\n")).toBe(true);
    expect(text).toContain('\n                ["254016000000", -6.5, "amplitude"],\n');
    expect(text).toContain('"channels": [0, 0],\n');
    expect(text).toContain('"keys": [\n        "role:dialogue"\n      ],\n');
  });

  test("rounds dB to 1e-4 and writes no negative zero and no exponent", () => {
    const document = minimalDocument({
      tracks: [
        trackFixture({
          volumeDb: -6.000_04,
          clips: [clipFixture({ gainDb: -0, volumeDb: -0.000_01, channelGainsDb: [1 / 3, 0] })],
        }),
      ],
      decisions: [
        { id: "dec_one", rule: "r", subject: "trk_one", measured: 1.5e-7, threshold: 1e21, unit: "", change: "" },
      ],
      extras: { level: 0.123_456_789, small: -2.5e-9 },
    });
    const text = canonicalText(document);
    expect(text).toContain('"volumeDb": -6,');
    expect(text).toContain('"gainDb": 0,\n          "volumeDb": 0,\n          "channelGainsDb": [0.3333, 0],');
    expect(text).toContain('"measured": 0.00000015,\n      "threshold": 1000000000000000000000,');
    expect(text).toContain('"level": 0.123456789,\n    "small": -0.0000000025');
    expect(reread(text).decisions[0]).toMatchObject({ measured: 1.5e-7, threshold: 1e21 });
  });

  test("every finite number reads back as it was", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = canonicalText(minimalDocument({ extras: { value } }));
        expect(text).not.toMatch(/"value": .*e/);
        expect(reread(text).extras).toEqual({ value: value + 0 });
      }),
    );
  });

  test("composes names to NFC, but leaves paths and free data as they were", () => {
    const decomposed = "Cafe\u0301";
    const document = fullDocument({ note: decomposed, extras: { decomposed } });
    document.media["med_music"]!.path = decomposed;
    const back = reread(canonicalText(document));
    expect(back.note).toBe("Caf\u00e9");
    expect(back.extras).toEqual({ decomposed });
    expect(back.media["med_music"]!.path).toBe(decomposed);
  });

  test.each(['"quoted"', "two\nlines", "</script>", "🎬", "\ud83c alone", "\u2028", "\0", "‮evil"])(
    "carries the name %j",
    (name) => {
      const document = minimalDocument();
      document.sequence.name = name;
      expect(reread(canonicalText(document)).sequence.name).toBe(name);
    },
  );

  test.each([
    [Number.NaN, "/extras/value is NaN"],
    [Number.POSITIVE_INFINITY, "/extras/value is Infinity"],
    [10n, "/extras/value is a bigint"],
  ])("refuses %s and says where it stands", (value, message) => {
    expect(() => canonicalText(minimalDocument({ extras: { value } }))).toThrow(message);
  });
});

describe("documentHash", () => {
  const hash = documentHash(fullDocument());

  test("does not see analyses and what a panel keeps for its view", () => {
    const document = fullDocument({ analysis: { med_music: { file: "x" } } });
    (document.tracks[0]!.clips[0]!.host!["premiere"] as Record<string, unknown>)["view"] = { selected: false };
    expect(documentHash(document)).toBe(hash);
  });

  test("sees every other change", () => {
    expect(documentHash(fullDocument({ note: "Another." }))).not.toBe(hash);
    const { extras } = fullDocument();
    expect(documentHash(fullDocument({ extras: { ...extras, view: 1 } }))).not.toBe(hash);
    const document = fullDocument();
    document.tracks[1]!.volumeDb += 0.0001;
    expect(documentHash(document)).not.toBe(hash);
    document.tracks[1]!.volumeDb -= 0.0001;
    (document.tracks[0]!.clips[0]!.host!["premiere"] as Record<string, unknown>)["itemGuid"] = "other";
    expect(documentHash(document)).not.toBe(hash);
  });
});
