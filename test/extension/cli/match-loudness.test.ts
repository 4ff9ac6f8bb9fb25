// The measured makeup: what leaves a compressor is as loud as what enters it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Processor } from "../../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { readDocument, renderMix, writeFolder } from "../../support/document-folder.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { runJson } from "../../support/run-main.ts";
import { dbToGain, spread } from "../../support/signals.ts";
import { speechLike } from "../../support/speech-like.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();
const RATE = 48_000;
const SECONDS = 12;

/** Plucked notes over a held chord. */
const music = (): Float32Array => {
  const out = new Float32Array(SECONDS * RATE);
  for (let note = 0; note < 4 * SECONDS; note += 1) {
    const hz = 110 * 2 ** (((note * 7) % 24) / 12);
    const start = (note * RATE) / 4;
    const level = dbToGain(-14 - (note % 4) * 3);
    for (let i = start; i < Math.min(out.length, start + RATE); i += 1)
      out[i]! += level * Math.exp((start - i) / 9600) * Math.sin((2 * Math.PI * hz * (i - start)) / RATE);
  }
  for (const hz of [220, 277.2, 329.6])
    out.forEach((x, i) => {
      out[i] = x + dbToGain(-32) * Math.sin((2 * Math.PI * hz * i) / RATE);
    });
  return out;
};

const sounds = {
  speech: speechLike({ levelsDbfs: [-10, -22], phrases: 6, sibilantDb: -14 }).signal.subarray(0, SECONDS * RATE),
  music: music(),
};

const insert = (type: string, settings: object = {}): Processor =>
  ({ id: "squeeze", type, enabled: true, mixPercent: 100, ...settings }) as Processor;

/** One clip with the insert on the clip, its track or its bus. */
const documentOf = (sound: Float32Array, processor: Processor, on: "clip" | "track" | "bus" = "bus"): string => {
  const at = (place: string) => (place === on ? [processor] : []);
  const durationTicks = secondsToTicks(SECONDS);
  const base = minimalDocument();
  return writeFolder(
    folder(),
    minimalDocument({
      sequence: { ...base.sequence, durationTicks },
      tracks: [
        trackFixture({
          output: "bus_dx",
          processors: at("track"),
          clips: [clipFixture({ media: "med", durationTicks, processors: at("clip") })],
        }),
      ],
      buses: [busFixture({ processors: at("bus") }), masterFixture()],
    }),
    { med: spread(sound) },
  );
};

type Matched = { readonly makeupDb: number; readonly beforeLufs: number; readonly afterLufs: number };
const match = (path: string) => runJson<Matched>(["match-loudness", path, "--insert", "squeeze"]);

const hard = { thresholdDb: -40, ratio: 6 };

describe("match-loudness", () => {
  test.each([
    { name: "speech", type: "compressor", settings: hard },
    { name: "music", type: "compressor", settings: hard },
    { name: "speech", type: "compressor", settings: { ...hard, autoMakeup: true, makeupDb: 12 } },
    { name: "music", type: "compressor", settings: { ...hard, mixPercent: 60 } },
    { name: "music", type: "glueCompressor", settings: { thresholdDb: -30 } },
  ] as const)("$name leaves a $type with $settings as loud as it came, within 0.1 LU", async ({ name, ...at }) => {
    const path = documentOf(sounds[name], insert(at.type, at.settings));
    const [before, squeezed] = [
      await renderMix(documentOf(sounds[name], insert("gain")), folder()),
      await renderMix(path, folder()),
    ];
    expect(Math.abs(squeezed.lufs - before.lufs)).toBeGreaterThan(1);
    const { json, stderr } = await match(path);
    expect(json.makeupDb, stderr).toBeDefined();
    const after = await renderMix(path, folder());
    expect(Math.abs(after.lufs - before.lufs)).toBeLessThan(0.05);
    expect(json.afterLufs).toBeCloseTo(after.lufs, 2);
    expect(json.beforeLufs).toBeCloseTo(before.lufs, 2);
  });

  test.each(["clip", "track"] as const)(
    "an insert of a %s is heard alone: volumes behind it do not count",
    async (on) => {
      const path = documentOf(sounds.speech, insert("compressor", hard), on);
      for (const pointer of ["/tracks/0/volumeDb", "/tracks/0/clips/0/volumeDb", "/buses/0/volumeDb"])
        await runJson(["set", path, `${pointer}=-3`]);
      const { json } = await match(path);
      expect(Math.abs(json.afterLufs - json.beforeLufs)).toBeLessThan(0.1);
      const plain = await match(documentOf(sounds.speech, insert("compressor", hard)));
      const quieter = on === "track" ? 3 : 0;
      expect(json.beforeLufs).toBeCloseTo(plain.json.beforeLufs - quieter, 2);
    },
  );

  test("stores the makeup with its reason, and a second look changes no byte", async () => {
    const path = documentOf(sounds.speech, insert("compressor", { ...hard, autoMakeup: true }));
    const { json } = await match(path);
    const document = readDocument(path);
    expect(document.buses[0]!.processors[0]).toMatchObject({ makeupDb: json.makeupDb, autoMakeup: false });
    expect(document.decisions).toMatchObject([{ rule: "matched-makeup", subject: "bus_dx", unit: "LUFS" }]);
    const text = readFileSync(path, "utf8");
    expect((await match(path)).exitCode).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("says what it cannot match: no such insert, no makeup, silence, too little range", async () => {
    const path = documentOf(sounds.speech, insert("gain"));
    type Failure = { readonly errors: readonly { readonly message: string; readonly didYouMean?: string }[] };
    const misspelt = await runJson<Failure>(["match-loudness", path, "--insert", "squeze"]);
    expect([misspelt.exitCode, misspelt.json.errors[0]!.didYouMean]).toEqual([2, "squeeze"]);
    const other = await runJson<Failure>(["match-loudness", path, "--insert", "squeeze"]);
    expect([other.exitCode, other.json.errors[0]!.message]).toEqual([2, expect.stringContaining("compressor")]);
    const silent = await runJson<Failure>([
      "match-loudness",
      documentOf(new Float32Array(RATE), insert("compressor")),
      "--insert",
      "squeeze",
    ]);
    expect([silent.exitCode, silent.json.errors[0]!.message]).toEqual([2, expect.stringContaining("Nothing enters")]);
    const beyond = await runJson<{ readonly warnings: readonly string[] }>([
      "match-loudness",
      documentOf(sounds.music, insert("glueCompressor", { thresholdDb: -60, ratio: 4 })),
      "--insert",
      "squeeze",
    ]);
    expect(beyond.json.warnings).toEqual([expect.stringContaining("its range ends there")]);
  });
});
