import { describe, expect, test } from "vitest";
import { type Cut, soundingRanges } from "../../../extension/session/clip-ranges.ts";
import type { TransitionReply } from "../../../schema/host-protocol.ts";

const frame = 10_160_640_000n;
const cut = (start: number, end: number, sourceIn: number, sourceLength: number | null = 10_000): Cut => ({
  name: `clip at ${start}`,
  start: BigInt(start) * frame,
  end: BigInt(end) * frame,
  sourceIn: BigInt(sourceIn) * frame,
  sourceLength: sourceLength === null ? null : BigInt(sourceLength) * frame,
});
const transition = (start: number, end: number, name = "Constant Power"): TransitionReply => ({
  trackIndex: 0,
  name,
  matchName: "",
  startTicks: String(BigInt(start) * frame),
  endTicks: String(BigInt(end) * frame),
});
const inFrames = (ticks: bigint | string) => Number(BigInt(ticks) / frame);

describe("transitions on a track", () => {
  test("a cross-fade makes both clips sound over its whole span, each from its own handle", () => {
    const { ranges, crossfades } = soundingRanges([cut(0, 762, 0), cut(762, 1834, 802)], [transition(750, 774)]);
    expect([ranges[0]!.start, ranges[0]!.end].map(inFrames)).toEqual([0, 774]);
    expect([ranges[1]!.start, ranges[1]!.end, ranges[1]!.sourceIn].map(inFrames)).toEqual([750, 1834, 790]);
    expect(crossfades).toHaveLength(1);
    expect(inFrames(crossfades[0]!.durationTicks)).toBe(24);
    expect(crossfades[0]).toMatchObject({ from: 0, to: 1, curve: "constantPower" });
  });

  test("a transition at one clip's end alone is its fade-out, at the start its fade-in", () => {
    const { ranges, crossfades } = soundingRanges(
      [cut(0, 100, 0), cut(200, 300, 0)],
      [transition(90, 100, "Constant Gain"), transition(200, 220)],
    );
    expect(crossfades).toEqual([]);
    expect(ranges[0]!.fadeOut).toEqual({ durationTicks: String(10n * frame), curve: "constantGain" });
    expect(ranges[1]!.fadeIn).toEqual({ durationTicks: String(20n * frame), curve: "constantPower" });
    expect(inFrames(ranges[0]!.end)).toBe(100);
  });

  test("media that ends within the cross-fade shortens it, and that is said", () => {
    const { ranges, crossfades, warnings } = soundingRanges([cut(0, 50, 0, 54), cut(50, 100, 2)], [transition(40, 60)]);
    expect(inFrames(ranges[0]!.end)).toBe(54);
    expect(inFrames(ranges[1]!.start)).toBe(48);
    expect(inFrames(ranges[1]!.sourceIn)).toBe(0);
    expect(inFrames(crossfades[0]!.durationTicks)).toBe(6);
    expect(warnings[0]!.message).toContain("shortened");
  });

  test("a fade of a kind nobody knows is played as constant power, and that is said", () => {
    const { warnings, ranges } = soundingRanges([cut(0, 50, 0)], [transition(40, 50, "Exponential Fade")]);
    expect(ranges[0]!.fadeOut!.curve).toBe("constantPower");
    expect(warnings[0]!.message).toContain("Exponential Fade");
  });
});
