import { describe, expect, test } from "vitest";
import { type FolderFormat, parseFolderFile } from "../../schema/folder-file.ts";
import { shippedPresets } from "../../schema/presets/index.ts";

const head = (format: string) => `"format": "${format}", "formatVersion": "1.0"`;

const settings = (members: string) => `{ // by hand\n  ${head("settings")},\n  ${members}\n}`;

const found = (format: FolderFormat, text: string) => {
  const result = parseFolderFile(text, "file.jsonc", format);
  const problems = result.ok ? result.warnings : result.problems;
  return { ok: result.ok, said: problems.map(({ message, line, column }) => `${line}:${column} ${message}`) };
};

const clean = { ok: true, said: [] };

describe("the files of a mix/ folder", () => {
  test.each<[FolderFormat, string]>([
    ["project", `"name": "Film", "extends": ["@acme/house/tv"], "houses": [{ "name": "@acme/house", "path": "../h" }]`],
    ["localSettings", `"variables": { "media": "/Volumes/Rushes" }`],
    ["workspace", `"folders": [{ "path": "one/mix" }], "settings": { "[dialogue]": { "clip": { "gainDb": 1 } } }`],
    ["preset", `"name": "warm", "processors": [{ "type": "gain", "gainDb": 1 }, { "id": "x", "type": "limiter" }]`],
    ["house", `"name": "@acme/house", "version": "2.1.0", "title": "Acme", "layer": "settings.jsonc"`],
    ["house", `"name": "acme", "version": "2.1.0", "title": "Acme", "layer": { "track": { "volumeDb": -1 } }`],
    [
      "houseLock",
      `"houses": [{ "name": "acme", "version": "1.0.0", "source": "house/acme",
        "files": [{ "path": "house.jsonc", "integrity": "sha256-${"A".repeat(43)}=" }] }]`,
    ],
  ])("%s takes what it is for", (format, members) => {
    expect(found(format, `{ ${head(format)}, ${members}, /* last */ }`)).toEqual(clean);
  });

  test("a layer may leave out everything but ids, take back with null, remove, place, and speak of several roles", () => {
    const text = settings(`"targets": { "programme": { "integratedLufs": -24 } },
      "buses": [{ "id": "bus_dx", "volumeDb": null, "processors": [{ "id": "prc_1", "$remove": true }, { "id": "prc_2", "ratio": 9 }] }],
      "duckers": [{ "id": "dck_music", "$after": null, "enabled": false }],
      "stems": [{ "id": "stm_m", "bitDepth": 16 }],
      "[dialogue]": { "track": { "processors": [{ "id": "prc_c", "type": "compressor", "ratio": null }] } },
      "[dialogue][effects]": { "clip": { "fadeIn": { "curve": "constantGain" } }, "bus": { "output": "bus_x" } }`);
    expect(found("settings", text)).toEqual(clean);
  });

  test("every shipped preset is a preset", () => {
    for (const { text } of shippedPresets) expect(found("preset", text)).toEqual(clean);
  });
});

describe("what is wrong in such a file is said with its place", () => {
  test.each<[FolderFormat, string, RegExp]>([
    ["settings", "[]", /^1:1 This is a list of 0.*"format": "settings"/],
    ["settings", `{ ${head("preset")} }`, /^1:13 \/format is "preset".*"format": "settings"/],
    ["settings", `{ "format": "settings", "formatVersion": "9.0" }`, /^1:42 .*9\.0.*Update/],
    [
      "settings",
      settings(`"targets": { "programme": { "truePeakDbtp": 40 } }`),
      /^3:47 \/targets\/programme\/truePeakDbtp is 40, outside -20 to 3/,
    ],
    [
      "settings",
      settings(`"buses": [{ "id": "b", "processors": [{ "id": "p", "type": "limiter", "ceilingDbtp": 1 }] }]`),
      /^3:88 .*ceilingDbtp is 1, outside -12 to 0/,
    ],
    [
      "settings",
      settings(`"[music]": { "track": { "processors": [{ "id": "p", "type": "limitr" }] } }`),
      /^3:63 .*\/type is "limitr"; the processors are.*Did you mean limiter/,
    ],
    ["settings", settings(`"stems": [{ "name": "DX" }]`), /^3:13 \/stems\/0 lacks "id"/],
    ["preset", `{ ${head("preset")}, "name": "x", "processors": [{ "gainDb": 1 }] }`, /^1:77 .*lacks "type"|type/],
    [
      "localSettings",
      `{ ${head("localSettings")}, "variables": { "media": 1 } }`,
      /^1:78 .*media is 1 but must be a text/,
    ],
    ["houseLock", `{ ${head("houseLock")}, "houses": {} }`, /houses is an object but must be a list/],
  ])("%s %#", (format, text, says) => {
    const { ok, said } = found(format, text);
    expect(ok).toBe(false);
    expect(said[0]).toMatch(says);
  });

  test.each<[FolderFormat, string, RegExp]>([
    [
      "settings",
      settings(`"[dialoge]": {}`),
      /^3:16 \/\[dialoge\] is not known: it is kept.*Did you mean \[dialogue\]/,
    ],
    [
      "settings",
      settings(`"[dialogue]": { "track": { "processors": [{ "id": "p", "type": "gain", "gainD": 3 }] } }`),
      /^3:83 .*\/gainD is not known.*Did you mean gainDb/,
    ],
    [
      "localSettings",
      `{ ${head("localSettings")}, "variables": {}, "track": {} }`,
      /\/track is not known: .*no effect/,
    ],
    ["localSettings", `{ ${head("localSettings")}, "variables": { "my media": "/x" } }`, /my media is not known/],
  ])("and what %s does not know is a hint %#", (format, text, says) => {
    const { ok, said } = found(format, text);
    expect(ok).toBe(true);
    expect(said[0]).toMatch(says);
  });
});
