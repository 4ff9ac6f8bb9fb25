import { ProblemError } from "../../../schema/problem.ts";
import { TICKS_PER_SECOND } from "../../../schema/ticks.ts";
import { type FrameRate, formatFrameRate, frameRateFrom, nominalRate } from "../frame-rate.ts";
import { element, leaves, type XmlPart } from "../xml-write.ts";

/** A frame rate as the format states it. */
export type WrittenRate = { readonly rate: FrameRate; readonly timebase: number; readonly ntsc: boolean };

/** The timebase and NTSC flag of a rate such as "25" or "30000/1001"; other fractions have no place in the format. */
export const writtenRate = (frameRate: string): WrittenRate => {
  const [numerator = 0, denominator = 1] = frameRate.split("/").map(Number);
  const timebase = nominalRate({ numerator, denominator });
  for (const ntsc of [false, true]) {
    const rate = frameRateFrom(timebase, ntsc);
    if (rate !== null && rate.numerator * denominator === numerator * rate.denominator) return { rate, timebase, ntsc };
  }
  throw new ProblemError({
    code: "unsupported",
    message: `A Final Cut Pro 7 XML cannot state ${frameRate} frames per second. It knows whole rates and their NTSC forms, such as 25 and 30000/1001: change the sequence's frame rate in Premiere.`,
    allowed: ["25", formatFrameRate({ numerator: 30_000, denominator: 1001 })],
  });
};

export const rateElement = ({ timebase, ntsc }: WrittenRate): XmlPart => element("rate", leaves({ timebase, ntsc }));

/** Frame in which `ticks` lies when rounded to the nearest; halves go up. */
export const nearestFrame = (ticks: bigint, rate: FrameRate): number => floorFrame(2n * ticks, rate, 2n, 1n);

/** First frame that starts at `ticks` or later. */
export const frameAtOrAfter = (ticks: bigint, rate: FrameRate): number => -floorFrame(-ticks, rate, 1n, 0n);

/** Floor of (ticks in frames / over + half / 2), exactly. */
const floorFrame = (ticks: bigint, { numerator, denominator }: FrameRate, over: bigint, half: bigint): number => {
  const scaled = ticks * BigInt(numerator);
  const unit = TICKS_PER_SECOND * BigInt(denominator) * over;
  const shifted = scaled + (half * unit) / 2n;
  const whole = shifted / unit;
  return Number(shifted < 0n && whole * unit !== shifted ? whole - 1n : whole);
};

/** Frame in which `ticks` lies. */
export const frameOf = (ticks: bigint, rate: FrameRate): number => floorFrame(ticks, rate, 1n, 0n);
