import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MixReport } from "../../../extension/session/mix-report.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import type { Cue, CueSource } from "../../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { floatWave } from "../../support/float-wave.ts";
import { busFixture, clipFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { runJson } from "../../support/run-main.ts";
import { noise, sine, spread } from "../../support/signals.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const folder = temporaryFolders();

const cue = (id: string, startSeconds: number, source: CueSource): Cue => ({
  id,
  name: `The ${id}`,
  role: "dialogue",
  enabled: true,
  startTicks: secondsToTicks(startSeconds),
  gainDb: 0,
  fadeIn: null,
  fadeOut: null,
  source,
});

const media = { path: "sounds/knock.wav", name: "knock.wav", sizeBytes: null, quickHash: null, sampleRate: 48_000 };

const room = clipFixture({ id: "clp_room", media: "med_room", enabled: false, durationTicks: secondsToTicks(3) });

/** A document with nothing but cues to be heard: a tone, noise, a file and the room of a clip. */
const documentFile = (withFile: boolean): string => {
  const place = folder();
  const path = join(place, "cues.mix.json");
  const document = minimalDocument({
    media: {
      med_knock: { ...media, channels: 2, frames: 48_000 },
      med_room: { ...media, path: "sounds/room.wav", name: "room.wav", channels: 2, frames: 144_000 },
    },
    tracks: [trackFixture({ clips: [room] })],
    buses: [busFixture(), ...minimalDocument().buses],
    cues: [
      cue("tone", 0, { kind: "tone", durationTicks: secondsToTicks(4), frequencyHz: 1000, levelDbfs: -23 }),
      cue("bed", 4, { kind: "noise", durationTicks: secondsToTicks(2), colour: "pink", levelDbfs: -40, seed: 4 }),
      cue("knock", 6, { kind: "file", durationTicks: secondsToTicks(1), media: "med_knock", sourceInTicks: "0" }),
      cue("room", 7, { kind: "roomTone", durationTicks: secondsToTicks(2), clip: "clp_room", seed: 1 }),
    ],
  });
  writeFileSync(path, canonicalText(document));
  if (withFile) {
    mkdirSync(join(place, "sounds"));
    writeFileSync(join(place, "sounds/knock.wav"), floatWave(spread(sine(500, -12, 48_000)), 2));
    writeFileSync(join(place, "sounds/room.wav"), floatWave(spread(noise(-40, 144_000, 3)), 2));
  }
  return path;
};

describe("a document of cues", () => {
  test("renders to the same bytes on one thread and on two, in any block", async () => {
    const document = documentFile(true);
    const hashes = [];
    for (const more of [
      ["--threads", "1"],
      ["--threads", "2"],
      ["--threads", "2", "--block", "480"],
    ]) {
      const { json, stderr } = await runJson<MixReport>(["render", document, "-o", folder(), ...more]);
      expect(json.mix, stderr).toBeDefined();
      hashes.push(json.mix.sha256);
      expect(json.warnings.filter((warning) => warning.includes("Cue"))).toEqual([]);
      expect(json.mix.measures.samplePeakDbfs).toBeCloseTo(-12, 1);
    }
    expect(new Set(hashes).size).toBe(1);
  });

  test("a cue whose file is not there stops the render before it starts, and is named", async () => {
    const { exitCode, json } = await runJson<{
      readonly errors: readonly { readonly code: string; readonly message: string }[];
    }>(["render", documentFile(false), "-o", folder()]);
    expect(exitCode).toBe(3);
    expect(json.errors[0]!.code).toBe("missing-media");
    expect(json.errors[0]!.message).toContain("knock.wav");
    expect(json.errors[0]!.message).toContain("The knock");
  });

  test("set changes a cue, and refuses what no cue can be", async () => {
    const document = documentFile(true);
    expect((await runJson(["set", document, "/cues/0/source/levelDbfs=-30"])).exitCode).toBe(0);
    const { exitCode, json } = await runJson<{ readonly errors: readonly { readonly message: string }[] }>([
      "set",
      document,
      "/cues/0/source/levelDbfs=6",
    ]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toContain("-120 to 0");
  });
});
