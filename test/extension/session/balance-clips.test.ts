import { describe, expect, test } from "vitest";
import type { ClipAnalysis, Measures } from "../../../engine/measures.ts";
import { balanceClips } from "../../../extension/session/balance-clips.ts";
import type { Automation, Role } from "../../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../../schema/ticks.ts";
import { clipFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";

type Given = {
  readonly id: string;
  readonly role: Role;
  readonly lufs: number;
  readonly seconds?: number;
  readonly speechRatio?: number;
  readonly peakDbtp?: number;
  readonly media?: string;
  readonly gainDb?: number;
  readonly volumeDb?: number;
  readonly automation?: Automation[];
  readonly enabled?: boolean;
  readonly layout?: "mono" | "stereo";
};

const measures = (lufs: number, seconds: number, peakDbtp: number): Measures => ({
  integratedLufs: lufs,
  maxMomentaryLufs: lufs,
  maxShortTermLufs: seconds >= 3 ? lufs : null,
  loudnessRangeLu: 0,
  truePeakDbtp: peakDbtp,
  samplePeakDbfs: peakDbtp,
  durationSeconds: seconds,
  sampleRate: 48_000,
  channels: 1,
});

const analysisOf = ({ id, role, lufs, seconds = 4, speechRatio, peakDbtp = -12 }: Given): ClipAnalysis => ({
  clipId: id,
  measures: measures(lufs, seconds, peakDbtp),
  speechLufs: role === "dialogue" && speechRatio !== 0 ? lufs : null,
  speechRatio: speechRatio ?? (role === "dialogue" ? 0.8 : 0),
  noiseFloorLufs: -60,
  musicLikelihood: role === "music" ? 0.9 : 0,
});

/** The change in dB that the balance makes to each clip, dialogue at -23 LUFS, true peaks under -1 dBTP. */
const balanced = (given: readonly Given[]) => {
  const tracks = given.map((one) =>
    trackFixture({
      id: `trk_${one.id}`,
      role: one.role,
      layout: one.layout ?? "stereo",
      clips: [
        clipFixture({
          id: one.id,
          media: one.media ?? one.id,
          durationTicks: secondsToTicks(one.seconds ?? 4),
          gainDb: one.gainDb ?? 0,
          volumeDb: one.volumeDb ?? 0,
          automation: one.automation ?? [],
          enabled: one.enabled ?? true,
        }),
      ],
    }),
  );
  const analyses = new Map(given.map((one) => [one.id, analysisOf(one)]));
  const result = balanceClips(minimalDocument({ tracks }), analyses, -23, -1);
  const clips = result.document.tracks.flatMap(({ clips: list }) => list);
  const changes = Object.fromEntries(clips.map(({ id, gainDb }, at) => [id, gainDb - (given[at]!.gainDb ?? 0)]));
  return { changes, clips, decisions: result.decisions };
};

describe("the balance of clips", () => {
  test("all dialogue comes to one speech loudness, whatever the editor's gain and volume were", () => {
    const { changes } = balanced([
      { id: "a", role: "dialogue", lufs: -30 },
      { id: "b", role: "dialogue", lufs: -26, volumeDb: 2 },
      { id: "c", role: "dialogue", lufs: -31, gainDb: 6 },
    ]);
    expect(changes["a"]).toBeCloseTo(7, 2);
    expect(changes["b"]).toBeCloseTo(1, 2);
    expect(changes["c"]).toBeCloseTo(2, 2);
  });

  test("a mono recording counts as it sounds in the stereo mix: in both channels, 3 LU more", () => {
    const { changes } = balanced([
      { id: "mono", role: "dialogue", lufs: -26, layout: "mono", media: "boom" },
      { id: "stereo", role: "dialogue", lufs: -26, media: "camera" },
    ]);
    expect(changes["mono"]).toBeCloseTo(0, 1);
    expect(changes["stereo"]).toBeCloseTo(3, 1);
  });

  test("recordings of different level meet, but within one no clip moves more than 9 dB: a whisper stays a whisper", () => {
    const { changes, decisions } = balanced([
      { id: "a", role: "dialogue", lufs: -23, media: "boom" },
      { id: "b", role: "dialogue", lufs: -23, media: "boom" },
      { id: "whisper", role: "dialogue", lufs: -45, media: "boom" },
      { id: "voice-over", role: "dialogue", lufs: -11, media: "vo" },
    ]);
    expect(changes["whisper"]).toBeCloseTo(9, 2);
    expect(changes["voice-over"]).toBeCloseTo(-12, 2);
    expect(decisions.find(({ subject }) => subject === "whisper")!.change).toContain("held at 9 dB");
  });

  test("a dialogue clip without measurable speech follows the rest of its recording", () => {
    const { changes } = balanced([
      { id: "a", role: "dialogue", lufs: -33, media: "boom" },
      { id: "breath", role: "dialogue", lufs: -60, speechRatio: 0, media: "boom" },
    ]);
    expect(changes["breath"]).toBeCloseTo(10, 2);
  });

  test("music alone stands 4 LU under dialogue, ambience 16.5 LU", () => {
    const { changes } = balanced([
      { id: "a", role: "dialogue", lufs: -23 },
      { id: "cue", role: "music", lufs: -10, seconds: 30 },
      { id: "room", role: "ambience", lufs: -50, seconds: 30 },
    ]);
    expect(-10 + changes["cue"]!).toBeCloseTo(-27, 1);
    expect(-50 + changes["room"]!).toBeCloseTo(-39.5, 1);
  });

  test("the editor's keyframes stay as they are; only the static gain moves", () => {
    const automation: Automation[] = [
      {
        param: "volumeDb",
        timebase: "clip",
        points: [
          ["0", -6, "amplitude"],
          [secondsToTicks(4), -6, "amplitude"],
        ],
      },
    ];
    const { changes, clips } = balanced([
      { id: "a", role: "dialogue", lufs: -23 },
      { id: "cue", role: "music", lufs: -14, automation },
    ]);
    expect(clips[1]!.automation).toEqual(automation);
    expect(changes["cue"]).toBeCloseTo(-7, 1);
  });

  test("effects move with the dialogue, but never more than 6 LU over it nor near the peak limit", () => {
    const { changes, decisions } = balanced([
      { id: "a", role: "dialogue", lufs: -33 },
      { id: "step", role: "effects", lufs: -40, peakDbtp: -25 },
      { id: "crash", role: "effects", lufs: -10, seconds: 4, peakDbtp: -12 },
      { id: "click", role: "effects", lufs: -40, seconds: 0.5, peakDbtp: -1 },
    ]);
    expect(changes["step"]).toBeCloseTo(10, 2);
    expect(-10 + changes["crash"]!).toBeCloseTo(-17, 1);
    expect(-1 + changes["click"]!).toBeCloseTo(-3, 1);
    expect(decisions.find(({ subject }) => subject === "crash")!.change).toContain("6 LU");
    expect(decisions.find(({ subject }) => subject === "click")!.unit).toBe("dBTP");
  });

  test("every change has its reason: rule, clip, figures, unit and a sentence", () => {
    const { decisions } = balanced([
      { id: "a", role: "dialogue", lufs: -30 },
      { id: "cue", role: "music", lufs: -10 },
      { id: "off", role: "effects", lufs: -10, enabled: false },
    ]);
    expect(decisions.map(({ subject }) => subject)).toEqual(["a", "cue"]);
    for (const { rule, measured, threshold, unit, change } of decisions) {
      expect(rule).toMatch(/-level$/);
      expect(typeof measured).toBe("number");
      expect(typeof threshold).toBe("number");
      expect(unit).toBe("LUFS");
      expect(change).toMatch(/clip gain [+-]\d/);
    }
  });

  test("without dialogue nothing is invented: effects stay, and music keeps its place under the target", () => {
    const { changes } = balanced([
      { id: "step", role: "effects", lufs: -40, peakDbtp: -20 },
      { id: "cue", role: "music", lufs: -20 },
    ]);
    expect(changes["step"]).toBeCloseTo(0, 5);
    expect(changes["cue"]).toBeCloseTo(-7, 1);
  });
});
