import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readTimelines } from "../../../extension/interchange/read-timeline.ts";
import { changeGroups } from "../../../extension/session/change-groups.ts";
import { documentText } from "../../../extension/session/document-text.ts";
import { musicalLines } from "../../../extension/session/musical-words.ts";
import { timelineDocument } from "../../../extension/session/timeline-document.ts";
import { diffDocuments } from "../../../schema/diff/diff-documents.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { editedDocument } from "../../support/concurrent-edits.ts";
import { fullDocument } from "../../support/mix-documents.ts";

const pair = (change: (document: MixDocument) => void, base = editedDocument()) => {
  const document = structuredClone(base);
  change(document);
  return [base, document, diffDocuments(base, document)] as const;
};
const lines = (change: (document: MixDocument) => void, base?: MixDocument) =>
  changeGroups(...pair(change, base)).flatMap(({ title, lines: own }) => [
    title,
    ...own.map(({ text }) => `  ${text}`),
  ]);
const musical = (change: (document: MixDocument) => void, base?: MixDocument) => musicalLines(...pair(change, base));

describe("differences in words", () => {
  test("stand under their track or bus, with timecode and units", () => {
    const told = lines(({ tracks, buses, duckers }) => {
      tracks[0]!.clips[0]!.gainDb = -1.5;
      tracks[0]!.processors[1]!["thresholdDb"] = -20;
      buses[1]!.volumeDb = -3;
      duckers[0]!["attackMs"] = 120;
    });
    expect(told).toEqual([
      "track A0",
      "  Compressor threshold -24.0 -> -20.0 dB",
      '  "take 0.0" at 00:00:00:00 gain 0.0 -> -1.5 dB',
      "bus Music",
      "  volume 0.0 -> -3.0 dB",
      "duckers",
      "  dck_one attack 120 ms added",
    ]);
  });

  test("clips that move alike are one line, so are those that get louder alike", () => {
    const told = lines(({ tracks }) => {
      for (const [index, clip] of tracks[0]!.clips.entries()) {
        clip.startTicks = String(BigInt(clip.startTicks) + BigInt(secondsToTicks(2.4)));
        clip.gainDb = index + 1.5;
      }
      for (const clip of tracks[1]!.clips) clip.volumeDb = 1.5;
    });
    expect(told).toContain("  5 clips moved by 00:00:02:10");
    expect(told).toContain("  5 clips volume +1.5 dB");
    expect(told.filter((line) => line.includes("gain"))).toHaveLength(5);
  });

  test("what moves back has a minus; what is finer than a frame is told in milliseconds", () => {
    expect(lines(({ tracks }) => (tracks[0]!.clips[1]!.startTicks = secondsToTicks(11)))[1]).toBe(
      '  "take 0.1" at 00:00:11:00 moved by -00:00:01:00',
    );
    expect(lines(({ tracks }) => (tracks[0]!.clips[1]!.startTicks = secondsToTicks(12.001)))[1]).toMatch(
      /moved by 1.000 ms/,
    );
    expect(lines(({ buses }) => (buses[1]!.volumeDb = 0.01))[1]).toBe("  volume 0.0000 -> 0.0100 dB");
  });

  test("many points are one line with their range", () => {
    const told = lines(({ tracks }) => {
      const { points } = tracks[0]!.automation[0]!;
      points[1]![1] = -9;
      points.splice(2, 2);
      points.push([secondsToTicks(8), -3, "hold"]);
    });
    expect(told[1]).toBe("  volume automation 00:00:02:00-00:00:08:00: 1 added, 2 removed, 1 changed");
  });

  test("drop-frame timecode and the start of the sequence count", () => {
    const base = editedDocument();
    const startTicks = String((107_892n * 1001n * 254_016_000_000n) / 30_000n);
    Object.assign(base.sequence, { frameRate: "30000/1001", dropFrame: true, startTicks });
    expect(lines(({ tracks }) => (tracks[0]!.clips[0]!.gainDb = 1), base)[1]).toMatch(/at 01:00:00;00 gain/);
  });

  test("a name cannot drive a terminal", async () => {
    const told = lines(({ tracks }) => (tracks[0]!.clips[0]!.name = "\u001b[2J"));
    expect(told[1]).toContain("\\u001b[2J");
  });
});

describe("the history in musical terms", () => {
  test("says louder, quieter, deeper and what was added", () => {
    const told = musical(({ buses, tracks, duckers }) => {
      buses[0]!.volumeDb = 2;
      buses[1]!.volumeDb = -1.25;
      duckers[0]!["targetDifferenceLu"] = 12;
      tracks[0]!.processors.push({ id: "prc_new", type: "deEsser", enabled: true, mixPercent: 100 });
      for (const clip of tracks[1]!.clips) clip.gainDb = 1.5;
    });
    expect(told).toEqual([
      "5 clips on A1 1.5 dB louder",
      "Dialogue 2 dB louder",
      "Music 1.3 dB quieter",
      "Music ducked deeper (10 -> 12 LU)",
      "De-esser added on A0",
    ]);
  });

  test("music whose volume is drawn lower is ducked deeper, and the range is named", () => {
    const base = editedDocument();
    base.tracks[2]!.role = "music";
    const told = musical(({ tracks }) => {
      tracks[2]!.automation[0]!.points = [
        [secondsToTicks(0), -3, "linear"],
        [secondsToTicks(70), -9, "linear"],
        [secondsToTicks(100), -9, "linear"],
      ];
    }, base);
    expect(told).toEqual(["A2 ducked deeper by up to 6 dB on 00:00:02:00-00:01:40:00"]);
    expect(musical(({ tracks }) => (tracks[0]!.automation[0]!.points[1]![1] = 0))).toEqual([
      "A0 raised by up to 3 dB on 00:00:02:00-00:00:02:00",
    ]);
  });
});

const project = readFileSync(
  new URL("../../fixtures/interchange/prproj/two-tracks.prproj.xml", import.meta.url),
  "utf8",
);

const projectText = async (xml: string | Uint8Array): Promise<string> => {
  const bytes = typeof xml === "string" ? new TextEncoder().encode(xml) : xml;
  const timelines = await readTimelines(bytes, "a.prproj");
  if (!timelines.ok) throw new Error(timelines.problems[0]!.message);
  return timelines.value.map((timeline) => documentText(timelineDocument(timeline))).join("\n");
};

describe("a document or project as lines", () => {
  test("holds every track, clip and insert with timecode, and no id", () => {
    const text = documentText(fullDocument());
    expect(text).toMatch(/^sequence "Sequence" {2}25 fps {2}start 00:00:00:00 {2}length 00:00:10:00 {2}48000 Hz/);
    expect(text).toMatch(/ {2}00:00:00:00 - 00:00:03:00 .*gain 2.5 dB.*fade in duration 00:00:00:12/);
    expect(text).toContain("    Equalizer");
    expect(text).toContain('bus "Music"');
    expect(text).not.toMatch(/(clp|trk|bus|prc)_/);
  });

  test("two saves of a project in which no sound changed have no line of difference", async () => {
    const renumbered = project
      .replace(/(Object(?:ID|Ref))="(\d+)"/g, (_, name, id) => `${name}="${Number(id) + 4000}"`)
      .replace(
        "</PremiereData>",
        '<WorkspaceSettings ObjectID="99999"><Zoom>2</Zoom></WorkspaceSettings></PremiereData>',
      );
    expect(renumbered).not.toBe(project);
    expect(await projectText(gzipSync(renumbered))).toBe(await projectText(project));
  });

  test("folders of the disk do not appear", async () => {
    expect(project).toContain("D:\\Show\\media\\Interview.wav");
    expect(await projectText(project)).not.toMatch(/Show|D:|\\media/);
    expect(await projectText(project)).toContain("Interview.wav");
  });

  test("one changed clip name is one changed line", async () => {
    const changed = project.replaceAll("<Name>Interview.wav</Name>", "<Name>Interview 2.wav</Name>");
    expect(changed).not.toBe(project);
    const [was, is] = [(await projectText(project)).split("\n"), (await projectText(changed)).split("\n")];
    const clips = project.match(/<Name>Interview.wav<\/Name>/g)!.length;
    expect(is.filter((line) => !was.includes(line)).length).toBe(clips);
  });
});
