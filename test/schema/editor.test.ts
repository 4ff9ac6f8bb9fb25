// A fresh project in VS Code: the JSON support that VS Code comes with, on the files of `premix init`, without a network.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { canonicalText } from "../../schema/canonical.ts";
import { cursor, openEditor } from "../support/editor.ts";
import { fullDocument } from "../support/mix-documents.ts";
import { runMain } from "../support/run-main.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const folderOf = temporaryFolders();
const folder = folderOf();
let editor: Awaited<ReturnType<typeof openEditor>>;

beforeAll(async () => {
  const { exitCode } = await runMain(["init", folder]);
  expect(exitCode).toBe(0);
  editor = await openEditor(folder);
});

const head = (format: string) => `"format": "${format}", "formatVersion": "1.0"`;
const settings = (members: string) => ["mix/settings.jsonc", `{ ${head("settings")}, ${members} }`] as const;
const insert = (members: string) =>
  settings(`"[dialogue]": { "track": { "processors": [{ "id": "prc_1", ${members} }] } }`);
const preset = (members: string) =>
  ["mix/presets/warm.mixpreset.jsonc", `{ ${head("preset")}, "name": "warm", ${members} }`] as const;
const knob = (members: string) =>
  preset(`"parameters": { "warmth": { ${members} } }, "processors": [{ "type": "gain" }]`);
const house = (members: string) =>
  ["mix/house/acme/house.jsonc", `{ ${head("house")}, "name": "acme", "version": "1.0.0", ${members} }`] as const;
const full = canonicalText(fullDocument());
/** A whole document in which one piece of text is written anew, with the cursor in it. */
const document = (marked: string, piece = marked.replace(cursor, "")) =>
  ["mix/documents/a.mix.json", full.replace(piece, marked)] as const;

type Place = readonly [name: string, text: string];

const hovers: readonly (readonly [Place, RegExp])[] = [
  [settings(`"‸targets": {}`), /What the delivery must measure/],
  [settings(`"targets": { "programme": { "‸integratedLufs": -23 } }`), /BS\.1770.*\*\*-70\*\* to \*\*0\*\* LUFS/s],
  [settings(`"targets": { "programme": { "‸truePeakDbtp": -1 } }`), /\*\*-20\*\* to \*\*3\*\* dBTP/],
  [settings(`"targets": { "programme": { "‸toleranceLu": 1 } }`), /\*\*0\*\* to \*\*20\*\* LU/],
  [settings(`"‸[music]": {}`), /What holds for|one role|music/],
  [settings(`"clip": { "‸gainDb": 1 }`), /\*\*-120\*\* to \*\*48\*\* dB|\*\*-120\*\* to \*\*96\*\* dB/],
  [settings(`"stems": [{ "id": "stm_dx", "‸bitDepth": 24 }]`), /16 and 24 are integer PCM/],
  [settings(`"duckers": [{ "id": "d", "‸targetDifferenceLu": 12 }]`), /\*\* LU, default `/],
  [settings(`"buses": [{ "id": "b", "‸layout": "5.1" }]`), /Channels of the bus\..*L R C LFE/],
  [settings(`"buses": [{ "id": "b", "‸$remove": true }]`), /taken out/],
  [insert(`"type": "compressor", "‸attackMs": 5`), /Time constant.*\*\*0\.1\*\* to \*\*200\*\* ms, default `10`/s],
  [insert(`"type": "compressor", "‸detector": "rms"`), /`peak`, `rms`, `loudness`; default `peak`/],
  [insert(`"type": "limiter", "‸ceilingDbtp": -2`), /\*\*-12\*\* to \*\*0\*\* dBTP, default `-1`/],
  [insert(`"type": "equalizer", "bands": [{ "‸frequencyHz": 80 }]`), /\*\*20\*\* to \*\*20000\*\* Hz/],
  [insert(`"type": "reverb", "‸decaySeconds": 1`), /\*\* s, default `/],
  [insert(`"type": "limiter", "‸mixPercent": 50`), /\*\*0\*\* to \*\*100\*\* %/],
  [preset(`"appliesTo": { "‸roles": ["dialogue"] }, "processors": []`), /Roles whose sound it suits/],
  [knob(`"‸default": 1`), /Where it stands until somebody turns it; `min` to `max`/],
  [knob(`"sets": [{ "‸from": 1 }]`), /in its own unit/],
  [house(`"title": "Acme", "‸locked": []`), /What no workspace, project or document may change/],
  [house(`"title": "Acme", "layer": { "targets": { "‸programme": {} } }`), /What the whole mix must measure/],
  [["mix/settings.local.jsonc", `{ ${head("localSettings")}, "‸variables": {} }`], /Path variables by name/],
  [["mix/project.jsonc", `{ ${head("project")}, "name": "Film", "‸extends": [] }`], /lowest first/],
  [document(`"‸startTicks"`), /Timecode of the first frame.*254016000000 are one second/],
  [document(`"‸thresholdDb"`), /\*\*-60\*\* to \*\*0\*\* dB/],
];

const roles = ['"dialogue"', '"music"', '"effects"', '"ambience"'];

const completions: readonly (readonly [Place, readonly string[]])[] = [
  [settings("‸"), ["targets", "buses", "duckers", "stems", "track", "clip", "[dialogue]", "[ambience]"]],
  [settings(`"targets": { "programme": { ‸ } }`), ["profile", "integratedLufs", "truePeakDbtp", "maxShortTermLufs"]],
  [settings(`"[effects]": { ‸ }`), ["track", "clip", "bus"]],
  [settings(`"[effects][music]": { "clip": { ‸ } }`), ["gainDb", "volumeDb", "fadeIn", "processors"]],
  [settings(`"buses": [{ "id": "b", "role": ‸ }]`), roles],
  [settings(`"buses": [{ ‸ }]`), ["id", "volumeDb", "processors", "$remove", "$after"]],
  [insert(`"type": "‸"`), ['"gain"', '"equalizer"', '"compressor"', '"limiter"', '"reverb"', '"noiseReduction"']],
  [insert(`"type": "deEsser", ‸`), ["frequencyHz", "rangeDb", "enabled", "$remove"]],
  [insert(`"type": "equalizer", "bands": [{ "kind": ‸ }]`), ['"bell"', '"lowCut"', '"highShelf"', '"tilt"']],
  [insert(`"type": "equalizer", "phase": "‸"`), ['"minimum"', '"linear"']],
  [preset("‸"), ["description", "appliesTo", "parameters", "processors", "extends"]],
  [preset(`"processors": [{ "type": "compressor", ‸ }]`), ["thresholdDb", "ratio", "kneeDb", "detector"]],
  [preset(`"appliesTo": { "layouts": ["‸"] }, "processors": []`), ['"mono"', '"stereo"', '"5.1"', '"7.1"']],
  [knob("‸"), ["title", "doc", "min", "max", "default", "unit", "sets"]],
  [house("‸"), ["title", "description", "layer", "presets", "profiles", "locked"]],
];

const complaints: readonly (readonly [Place, RegExp])[] = [
  [settings(`"targets": { "programme": { "truePeakDbtp": ‸4 } }`), /^1:\d+ 4 \| .*maximum of 3/],
  [settings(`"‸[dialoge]": {}`), /"\[dialoge\]": \{\} \| Not known here: it is kept but has no effect/],
  [settings(`"stems": [{ "id": "s", "bitDepth": ‸20 }]`), /^1:\d+ 20 \| .*16, 24, 32/],
  [insert(`"type": "‸compresor"`), /"compresor" \| It is one of gain, equalizer, compressor/],
  [insert(`"type": "compressor", "‸rato": 2`), /"rato": 2 \| Not known here/],
  [insert(`"type": "compressor", "detector": "‸loud"`), /"loud" \| .*"peak", "rms", "loudness"/],
  [
    preset(`"processors": [{ "type": "gain", "gainDb": "‸loud" }]`),
    /"loud" \| Incorrect type\. Expected one of number/,
  ],
  [preset(`"processors": [{ "type": "equalizer", "bands": [{ "q": ‸90 }] }]`), /^1:\d+ 90 \| .*maximum of 20/],
  [["mix/project.jsonc", `{ ‸${head("project")} }`], /Missing property "name"/],
  [document(`"formatVersion": ‸"one"`, `"formatVersion": "1.0"`), /"one" \| .*pattern/],
];

/** The text around the cursor, as a test's name. */
const labelled = <Expected>(rows: readonly (readonly [Place, Expected])[]) =>
  rows.map(([[name, text], expected]) => {
    const at = text.indexOf(cursor);
    return { at: `${name}: ${text.slice(Math.max(0, at - 30), at + 25)}`, name, text, expected };
  });

test("fifty places are pinned", () => {
  expect(hovers.length + completions.length + complaints.length).toBe(50);
});

describe("VS Code on a fresh project", () => {
  test.each(labelled(hovers))("explains $at", async ({ name, text, expected }) => {
    const { hover, complaints: said } = await editor.look(name, text);
    expect(hover).toMatch(expected);
    expect(said.filter((line) => line.includes("Problems loading"))).toEqual([]);
  });

  test.each(labelled(completions))("completes $at", async ({ name, text, expected }) => {
    expect((await editor.look(name, text)).completions).toEqual(expect.arrayContaining([...expected]));
  });

  test.each(labelled(complaints))("complains of $at", async ({ name, text, expected }) => {
    const { complaints: said } = await editor.look(name, text);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(expected);
  });

  test("finds nothing wrong with the files of premix init, nor with a whole document", async () => {
    const own = ["mix/project.jsonc", "mix/settings.jsonc", "mix/settings.local.jsonc"];
    for (const name of own) {
      const text = await readFile(join(folder, name), "utf8");
      expect((await editor.look(name, `${text}${cursor}`)).complaints, name).toEqual([]);
    }
    expect((await editor.look("mix/documents/a.mix.json", `${full}${cursor}`)).complaints).toEqual([]);
  });

  test("asks for files of the project alone", () => {
    expect(editor.requested).not.toEqual([]);
    expect(editor.requested.every((uri) => uri.includes("/mix/schema/"))).toBe(true);
  });
});
