import { type Fraction, lowestTerms } from "../../schema/fraction.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";

/** Frames per second as a reduced fraction. */
export type FrameRate = Fraction;

/** Rate of an FCP7 `rate` element: the timebase is nominal, NTSC means 1000/1001 of it; decimals mean the NTSC rate. */
export const frameRateFrom = (timebase: number, ntsc: boolean): FrameRate | null => {
  if (!(timebase > 0) || timebase > 1000) return null;
  const nominal = Math.ceil(timebase);
  return ntsc || nominal !== timebase ? lowestTerms(nominal * 1000, 1001) : lowestTerms(timebase, 1);
};

/** Rate of a frame that lasts `ticks` ticks, or null when it is no rate. */
export const frameRateFromTicks = (ticks: number): FrameRate | null =>
  Number.isSafeInteger(ticks) && ticks > 0 ? lowestTerms(Number(TICKS_PER_SECOND), ticks) : null;

/** "25" or "30000/1001". */
export const formatFrameRate = ({ numerator, denominator }: FrameRate): string =>
  denominator === 1 ? String(numerator) : `${numerator}/${denominator}`;

/** Nominal frames of a second of timecode: 30 for 29.97. */
export const nominalRate = ({ numerator, denominator }: FrameRate): number => Math.round(numerator / denominator);

/** Nearest tick of a frame; exact for every film and video rate. */
export const ticksOfFrame = (frame: number, { numerator, denominator }: FrameRate): bigint => {
  const scaled = BigInt(frame) * TICKS_PER_SECOND * BigInt(denominator) * 2n;
  const half = scaled < 0n ? -BigInt(numerator) : BigInt(numerator);
  return (scaled + half) / (2n * BigInt(numerator));
};

/** Drop frame exists only where the nominal rate runs ahead of the clock by a thousandth: 29.97 and 59.94. */
export const allowsDropFrame = (rate: FrameRate): boolean => rate.denominator === 1001 && nominalRate(rate) % 30 === 0;

/** Ticks of the source that pass while so many pass on the timeline, to the nearest tick; the same backwards as forwards. */
export const sourceTicks = (ticks: bigint, speed: number): bigint => {
  if (speed === 1) return ticks;
  const magnitude = BigInt(Math.round(Math.abs(Number(ticks)) * speed));
  return ticks < 0n ? -magnitude : magnitude;
};

/** The largest of some tick counts, 0 when there are none. */
export const longest = (ticks: readonly bigint[]): bigint => {
  let most = 0n;
  for (const one of ticks) if (one > most) most = one;
  return most;
};

/** Order of two tick counts, for sorting. */
export const compareTicks = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
