import { type FrameRate, ticksOfFrame } from "../frame-rate.ts";
import type { TimelineTransition } from "../timeline.ts";
import { child, integerAt, textAt, type XmlElement } from "../xml-tree.ts";
import { nameOf } from "./document.ts";

/** A transition with the one point on the timeline where its clips meet. */
export type PlacedTransition = {
  readonly transition: TimelineTransition;
  readonly startTicks: bigint;
  readonly endTicks: bigint;
  readonly cutTicks: bigint;
};

const curves: Readonly<Record<string, TimelineTransition["curve"]>> = {
  kgaudiotranscrossfade0db: "constantGain",
  kgaudiotranscrossfade3db: "constantPower",
};

/** A fade from or to black belongs to one clip, even where two meet. */
const sideOf = (item: XmlElement): Pick<TimelineTransition, "side"> => {
  const alignment = textAt(item, "alignment")?.toLowerCase();
  return alignment === "start-black" ? { side: "start" } : alignment === "end-black" ? { side: "end" } : {};
};

/** The alignment decides; only a transition over the cut needs the cut point, or else its middle (rounded down, as Premiere does). */
const cutOf = (item: XmlElement, start: number, end: number, rate: FrameRate): bigint => {
  const alignment = textAt(item, "alignment")?.toLowerCase() ?? "center";
  if (alignment.startsWith("start")) return ticksOfFrame(start, rate);
  if (alignment.startsWith("end")) return ticksOfFrame(end, rate);
  const offset = textAt(item, "cutPointTicks");
  const span = ticksOfFrame(end, rate) - ticksOfFrame(start, rate);
  if (offset !== null && /^\d{1,20}$/.test(offset)) {
    const ticks = BigInt(offset);
    if (ticks > 0n && ticks < span) return ticksOfFrame(start, rate) + ticks;
  }
  return ticksOfFrame(start + Math.floor((end - start) / 2), rate);
};

/** Reads a transition item; null when it has no span. */
export const transitionOf = (item: XmlElement, rate: FrameRate): PlacedTransition | null => {
  const start = integerAt(item, "start");
  const end = integerAt(item, "end");
  if (start === null || end === null || end <= start) return null;
  const effect = child(item, "effect");
  const matchName = textAt(effect, "effectid") ?? "";
  const startTicks = ticksOfFrame(start, rate);
  const endTicks = ticksOfFrame(end, rate);
  return {
    startTicks,
    endTicks,
    cutTicks: cutOf(item, start, end, rate),
    transition: {
      name: nameOf(effect),
      matchName,
      curve: curves[matchName.toLowerCase()] ?? "other",
      startTicks: String(startTicks),
      endTicks: String(endTicks),
      ...sideOf(item),
    },
  };
};
