import { expect, test } from "vitest";
import { formatTimecode } from "../../../extension/session/timecode.ts";

const ticksOfFrame = (frame: number, ticksPerFrame: bigint) => String(BigInt(frame) * ticksPerFrame);

test.each([
  [1799, "00:00:59;29"],
  [1800, "00:01:00;02"],
  [3598, "00:02:00;02"],
  [17981, "00:09:59;29"],
  [17982, "00:10:00;00"],
  [107892, "01:00:00;00"],
  [2589407, "23:59:59;29"],
])("frame %i at 29.97 drop-frame reads %s", (frame, text) => {
  const base = { frameRate: "30000/1001", dropFrame: true, startTicks: "0" };
  expect(formatTimecode(ticksOfFrame(frame, 8_475_667_200n), base)).toBe(text);
});

test.each([
  [3599, "00:00:59;59"],
  [3600, "00:01:00;04"],
  [35964, "00:10:00;00"],
])("frame %i at 59.94 drop-frame reads %s", (frame, text) => {
  const base = { frameRate: "60000/1001", dropFrame: true, startTicks: "0" };
  expect(formatTimecode(ticksOfFrame(frame, 4_237_833_600n), base)).toBe(text);
});

test("a sequence that starts at one hour counts from there", () => {
  const base = { frameRate: "25", dropFrame: false, startTicks: String(254_016_000_000n * 3600n) };
  expect(formatTimecode(ticksOfFrame(26, 10_160_640_000n), base)).toBe("01:00:01:01");
});

test("23.976 counts 24 frames a second without dropping any", () => {
  const base = { frameRate: "24000/1001", dropFrame: false, startTicks: "0" };
  expect(formatTimecode(ticksOfFrame(24 * 60, 10_594_584_000n), base)).toBe("00:01:00:00");
});
