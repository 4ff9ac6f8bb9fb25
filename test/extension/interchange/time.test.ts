import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type FrameRate,
  formatFrameRate,
  frameRateFrom,
  frameRateFromTicks,
  ticksOfFrame,
} from "../../../extension/interchange/frame-rate.ts";
import { framesOfTimecode, isDropFrameDisplay } from "../../../extension/interchange/timecode.ts";
import { formatTimecode } from "../../../extension/session/timecode.ts";

const rate = (timebase: number, ntsc: boolean): FrameRate => {
  const found = frameRateFrom(timebase, ntsc);
  if (found === null) throw new Error(`${timebase} is a rate`);
  return found;
};

/** The session's way from ticks to timecode, written apart from this one: each checks the other. */
const shown = (frame: number, one: FrameRate, dropFrame: boolean): string =>
  formatTimecode(String(ticksOfFrame(frame, one)), { frameRate: formatFrameRate(one), dropFrame, startTicks: "0" });

describe("frame rates", () => {
  test.each([
    [24, true, "24000/1001", 10_594_584_000n],
    [24, false, "24", 10_584_000_000n],
    [25, false, "25", 10_160_640_000n],
    [30, true, "30000/1001", 8_475_667_200n],
    [30, false, "30", 8_467_200_000n],
    [50, false, "50", 5_080_320_000n],
    [60, true, "60000/1001", 4_237_833_600n],
    [60, false, "60", 4_233_600_000n],
    [29.97, false, "30000/1001", 8_475_667_200n],
    [23.976, false, "24000/1001", 10_594_584_000n],
    [23.98, false, "24000/1001", 10_594_584_000n],
    [59.94, true, "60000/1001", 4_237_833_600n],
  ])("timebase %s with ntsc %s is %s frames a second, %s ticks a frame", (timebase, ntsc, text, ticks) => {
    expect(formatFrameRate(rate(timebase, ntsc))).toBe(text);
    expect(ticksOfFrame(1, rate(timebase, ntsc))).toBe(ticks);
    expect(formatFrameRate(frameRateFromTicks(Number(ticks)) as FrameRate)).toBe(text);
  });

  test.each([0, -25, Number.NaN, 1001, Number.POSITIVE_INFINITY])("timebase %s is no rate", (timebase) => {
    expect(frameRateFrom(timebase, false)).toBeNull();
  });

  test("frames keep their exact place over 30 hours at every rate", () => {
    const rates = fc.constantFrom(
      rate(24, true),
      rate(24, false),
      rate(25, false),
      rate(30, true),
      rate(50, false),
      rate(60, true),
    );
    fc.assert(
      fc.property(rates, fc.nat(6_480_000), fc.nat(6_480_000), (one, a, b) => {
        expect(ticksOfFrame(a, one) + ticksOfFrame(b, one)).toBe(ticksOfFrame(a + b, one));
        expect((ticksOfFrame(a, one) * BigInt(one.numerator)) / (254_016_000_000n * BigInt(one.denominator))).toBe(
          BigInt(a),
        );
      }),
    );
  });

  test("a rate that no tick divides is rounded to the nearest tick, both ways from zero", () => {
    const odd = { numerator: 11, denominator: 1 };
    expect(ticksOfFrame(1, odd)).toBe(23_092_363_636n);
    expect(ticksOfFrame(-1, odd)).toBe(-23_092_363_636n);
  });
});

describe("timecode", () => {
  test.each([
    [1799, 30, "00:00:59;29"],
    [1800, 30, "00:01:00;02"],
    [3598, 30, "00:02:00;02"],
    [17_981, 30, "00:09:59;29"],
    [17_982, 30, "00:10:00;00"],
    [107_892, 30, "01:00:00;00"],
    [1_084_319, 30, "10:03:00;05"],
    [2_589_407, 30, "23:59:59;29"],
    [3599, 60, "00:00:59;59"],
    [3600, 60, "00:01:00;04"],
    [35_964, 60, "00:10:00;00"],
  ])("drop frame %i at %i is %s, and back", (frame, timebase, timecode) => {
    expect(shown(frame, rate(timebase, true), true)).toBe(timecode);
    expect(framesOfTimecode(timecode, rate(timebase, true), true)).toBe(frame);
  });

  test("both ends and the middle of every minute of a drop-frame day come back from their timecode", () => {
    const drop = rate(30, true);
    for (let minute = 0; minute < 1440; minute += 1) {
      const first = 1800 * minute - 2 * (minute - Math.floor(minute / 10));
      for (const frame of [first, first + 1, first + 2, first + 899, first + 1796, first + 1797])
        expect(framesOfTimecode(shown(frame, drop, true), drop, true)).toBe(frame);
    }
  });

  test("any frame comes back from its timecode at any rate", () => {
    const kinds = fc.constantFrom(
      [24, true, false],
      [24, false, false],
      [25, false, false],
      [30, true, true],
      [30, true, false],
      [60, true, true],
      [60, false, false],
    );
    fc.assert(
      fc.property(kinds, fc.nat(2_073_599), ([timebase, ntsc, drop], frame) => {
        const one = rate(Number(timebase), Boolean(ntsc));
        expect(framesOfTimecode(shown(frame, one, Boolean(drop)), one, Boolean(drop))).toBe(frame);
      }),
    );
  });

  test.each([
    ["00:01:00;00", 30, true],
    ["00:01:00;01", 30, true],
    ["00:01:00;03", 60, true],
    ["00:00:00;00", 24, true],
    ["00:00:00:25", 25, false],
    ["00:00:60:00", 25, false],
    ["24:00:00:00", 25, false],
    ["-1:00:00:00", 25, false],
    ["", 25, false],
  ])("%s names no frame at %i (drop %s)", (timecode, timebase, drop) => {
    expect(framesOfTimecode(timecode, rate(timebase, drop), drop)).toBeNull();
  });

  test("only Premiere's formats 102 and 106 drop frames", () => {
    expect([100, 101, 102, 103, 104, 105, 106, 107, 108, 110, null].filter(isDropFrameDisplay)).toEqual([102, 106]);
  });
});
