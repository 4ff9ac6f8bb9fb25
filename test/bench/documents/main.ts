import { changeGroups } from "../../../extension/session/change-groups.ts";
import { canonicalText } from "../../../schema/canonical.ts";
import { diffDocuments } from "../../../schema/diff/diff-documents.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { parseDocument } from "../../../schema/json-text.ts";
import { mergeDocuments } from "../../../schema/merge/merge-documents.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { busFixture, clipFixture, masterFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";

const TRACKS = 40;
const CLIPS_PER_TRACK = 100;
const POINTS_PER_TRACK = 600;
const POINTS_PER_CLIP = 4;
const SECONDS = 7200;

const point = (seconds: number): [string, number, "linear"] => [secondsToTicks(seconds), -6, "linear"];

const clipOf = (track: number) => (_: unknown, index: number) =>
  clipFixture({
    id: `clp_${track}_${index}`,
    media: null,
    startTicks: secondsToTicks((index * SECONDS) / CLIPS_PER_TRACK),
    durationTicks: secondsToTicks(60),
    automation: [
      {
        param: "volumeDb",
        timebase: "clip",
        points: Array.from({ length: POINTS_PER_CLIP }, (_point, at) => point(at * 10)),
      },
    ],
  });

const trackOf = (_: unknown, track: number) =>
  trackFixture({
    id: `trk_${track}`,
    order: track,
    output: "bus_dx",
    clips: Array.from({ length: CLIPS_PER_TRACK }, clipOf(track)),
    automation: [
      {
        param: "volumeDb",
        timebase: "sequence",
        points: Array.from({ length: POINTS_PER_TRACK }, (_point, at) => point((at * SECONDS) / POINTS_PER_TRACK)),
      },
    ],
  });

/** Two hours: 40 tracks, 4,000 clips, 40,000 points of automation. */
const longDocument = (): MixDocument =>
  minimalDocument({
    sequence: { ...minimalDocument().sequence, durationTicks: secondsToTicks(SECONDS) },
    tracks: Array.from({ length: TRACKS }, trackOf),
    buses: [busFixture(), masterFixture()],
  });

/** A day's work: every tenth clip louder, one in fifty moved, two points on each track. */
const worked = (document: MixDocument, offset: number): MixDocument => {
  const copy = structuredClone(document);
  for (const track of copy.tracks) {
    for (const [index, clip] of track.clips.entries()) {
      if (index % 10 === offset) clip.gainDb = 1.5;
      if (index % 50 === offset + 10) clip.startTicks = String(BigInt(clip.startTicks) + 254_016_000_000n);
    }
    track.automation[0]!.points[offset]![1] = -3;
    track.automation[0]!.points.push(point(SECONDS + offset));
  }
  return copy;
};

const RUNS = 7;

/** Processor time of the fastest of some runs after one to warm up, in milliseconds: what others do on the machine does not count. */
const fastest = (run: () => unknown): number => {
  run();
  const times = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
};

/** Prints how long comparing and merging a long document takes. */
export const benchDocuments = (): void => {
  const base = longDocument();
  const [ours, theirs] = [worked(base, 1), worked(base, 2)];
  const text = canonicalText(base);
  const changes = diffDocuments(base, ours);
  const merge = mergeDocuments(base, ours, theirs);
  const rows: readonly (readonly [string, number, string])[] = [
    ["parse and check one", fastest(() => parseDocument(text, "long")), `${(text.length / 1e6).toFixed(1)} MB`],
    ["write", fastest(() => canonicalText(base)), "goal 60 ms"],
    ["diff", fastest(() => diffDocuments(base, ours)), `${changes.length} changes; goal 300 ms`],
    ["diff in words", fastest(() => changeGroups(base, ours, changes)), ""],
    [
      "merge, checked",
      fastest(() => mergeDocuments(base, ours, theirs)),
      `${merge.conflicts.length} conflicts; goal 500 ms`,
    ],
  ];
  console.log("2 h, 40 tracks, 4,000 clips, 40,000 points (processor ms of the fastest run)");
  for (const [name, milliseconds, note] of rows)
    console.log(`  ${name.padEnd(20)} ${milliseconds.toFixed(0).padStart(5)}  ${note}`);
};
