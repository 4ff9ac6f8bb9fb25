import { type FrameRate, frameRateFrom } from "../frame-rate.ts";
import { child, numberAt, type XmlElement } from "../xml-tree.ts";
import { flagAt } from "./document.ts";

/** Rate that an element states, else the one it inherits; a timebase of 0 states nothing. */
export const rateOf = (element: XmlElement | undefined, inherited: FrameRate): FrameRate => {
  const rate = element === undefined ? undefined : child(element, "rate");
  if (rate === undefined) return inherited;
  const timebase = numberAt(rate, "timebase");
  return (timebase === null ? null : frameRateFrom(timebase, flagAt(rate, "ntsc", false))) ?? inherited;
};
