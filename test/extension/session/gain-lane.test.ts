import { describe, expect, test } from "vitest";
import { cutCurve, type GainPoint, gainAt, layGain, simplifyCurve } from "../../../extension/session/gain-lane.ts";
import type { Automation, AutomationPoint } from "../../../schema/generated/mix-document.ts";

/** A gain that swings, one point every 10 units. */
const swing: GainPoint[] = Array.from({ length: 1001 }, (_, i) => ({
  ticks: 10 * i,
  gainDb: 6 * Math.sin(i / 80) + 2 * Math.sin(i / 13),
}));

const lane = (...points: AutomationPoint[]): Automation[] => [{ param: "volumeDb", timebase: "sequence", points }];
const drawn = ({ points }: Automation): GainPoint[] =>
  points.map(([ticks, gainDb]) => ({ ticks: Number(ticks), gainDb }));
const lay = (automation: Automation[], volumeDb = 0, curve = swing) =>
  drawn(layGain(curve, automation, volumeDb, 10_000, "sequence", 0.2));

/** Largest distance of a lane from the sum of the swing and a level, at every point of the swing in a stretch. */
const farthest = (points: readonly GainPoint[], level: (ticks: number) => number, from = 0, to = 10_000): number =>
  Math.max(
    ...swing
      .filter(({ ticks }) => ticks > from && ticks < to)
      .map(({ ticks, gainDb }) => Math.abs(gainAt(points, ticks) - gainDb - level(ticks))),
  );

describe("simplifyCurve", () => {
  test.each([0.05, 0.25, 1])("stays within %d dB at every point, with far fewer points", (toleranceDb) => {
    const simple = simplifyCurve(swing, toleranceDb);
    expect(farthest(simple, () => 0)).toBeLessThanOrEqual(toleranceDb);
    expect(simple.length).toBeLessThan(swing.length / 4);
    expect([simple[0], simple.at(-1)]).toEqual([swing[0], swing.at(-1)]);
  });

  test("a straight line is its two ends, one point is itself", () => {
    const line = Array.from({ length: 100 }, (_, i) => ({ ticks: i, gainDb: i / 7 }));
    expect(simplifyCurve(line, 0.01)).toEqual([line[0], line[99]]);
    expect(simplifyCurve(line.slice(0, 1), 0.01)).toEqual([line[0]]);
  });
});

describe("layGain", () => {
  test("without keyframes it stands on the static volume", () => {
    expect(farthest(lay([], -4), () => -4)).toBeLessThan(0.21);
  });

  test("on keyframes it is their sum: ramps, steps, and what holds outside them", () => {
    const points = lay(lane(["2000", -6, "linear"], ["5000", 0, "hold"], ["8000", -10, "linear"]), 3);
    const level = (ticks: number) => {
      if (ticks < 2000) return -6;
      if (ticks < 5000) return -6 + (ticks - 2000) / 500;
      return ticks < 8000 ? 0 : -10;
    };
    expect(farthest(points, level)).toBeLessThan(0.21);
    const step = points.filter(({ ticks }) => ticks === 8000).map(({ gainDb }) => gainDb);
    expect(step).toHaveLength(2);
    expect(step[1]! - step[0]!).toBeCloseTo(-10, 6);
  });

  test("a ramp of amplitude stays one", () => {
    const points = lay(lane(["0", -20, "amplitude"], ["10000", 0, "hold"]));
    const level = (ticks: number) => 20 * Math.log10(0.1 + (0.9 * ticks) / 10_000);
    expect(farthest(points, level)).toBeLessThan(0.21);
  });

  test("what is off stays off, and no value leaves its range", () => {
    expect(new Set(lay([], -120).map(({ gainDb }) => gainDb))).toEqual(new Set([-120]));
    const loud = lay([], 0, [
      { ticks: 0, gainDb: 200 },
      { ticks: 9000, gainDb: -300 },
    ]);
    expect(Math.max(...loud.map(({ gainDb }) => gainDb))).toBe(96);
    expect(Math.min(...loud.map(({ gainDb }) => gainDb))).toBe(-120);
  });

  test("a curve that is cut out says the same of its stretch", () => {
    const cut = cutCurve(swing, 1_234, 4_321);
    for (const ticks of [1_234, 2_000, 3_333, 4_320])
      expect(gainAt(cut, ticks - 1_234)).toBeCloseTo(gainAt(swing, ticks), 9);
    expect(cut.length).toBeLessThan(320);
  });
});
