import { type FrameRate, frameRateFrom, nominalRate } from "../frame-rate.ts";
import { child, numberAt, type XmlElement } from "../xml-tree.ts";
import { flagAt } from "./document.ts";

/**
 * Rate that an element states, else the one it inherits; a timebase of 0 states nothing. Where NTSC is not stated, the same
 * timebase as the one around it means the same rate.
 */
export const rateOf = (element: XmlElement | undefined, inherited: FrameRate): FrameRate => {
  const rate = element === undefined ? undefined : child(element, "rate");
  const timebase = numberAt(rate, "timebase");
  if (rate === undefined || timebase === null) return inherited;
  if (child(rate, "ntsc") === undefined && nominalRate(inherited) === timebase) return inherited;
  return frameRateFrom(timebase, flagAt(rate, "ntsc", false)) ?? inherited;
};
