import type { Crossfade, Fade, FadeCurve } from "../../schema/generated/mix-document.ts";
import type { Problem } from "../../schema/problem.ts";
import { sourceTicks } from "../interchange/frame-rate.ts";
import type { TransitionFacts } from "./read-sequence.ts";

/** A cut as a host tells it, in ticks: media that can still be played before and after it bounds the cross-fade's handles. */
export type Cut = {
  readonly name: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly sourceIn: bigint;
  /** Source seconds per second of the sequence; 1 where it is not said. */
  readonly speed?: number;
  /** Null when the media's length is not known. */
  readonly sourceLength: bigint | null;
};

/** The same cut with its handles: the range in which it sounds, and its fades. */
export type SoundingRange = {
  start: bigint;
  end: bigint;
  sourceIn: bigint;
  fadeIn: Fade | null;
  fadeOut: Fade | null;
};

/** Both cuts by their index on the track. */
export type RangeCrossfade = Pick<Crossfade, "startTicks" | "durationTicks" | "curve"> & {
  readonly from: number;
  readonly to: number;
};

export type TrackRanges = {
  readonly ranges: readonly SoundingRange[];
  readonly crossfades: readonly RangeCrossfade[];
  readonly warnings: readonly Problem[];
};

type Curve = { readonly curve: FadeCurve; readonly known: boolean };

const curveOf = ({ name, matchName }: TransitionFacts): Curve => {
  const text = `${matchName} ${name}`;
  if (/constant\s*power|\+3\s*dB|3dB/i.test(text)) return { curve: "constantPower", known: true };
  if (/constant\s*gain|\(\s*0\s*dB|0dB/i.test(text)) return { curve: "constantGain", known: true };
  return { curve: "constantPower", known: false };
};

const fade = (ticks: bigint, curve: FadeCurve): Fade | null =>
  ticks > 0n ? { durationTicks: String(ticks), curve } : null;

const warn = (message: string): Problem => ({ code: "unsupported", message });

const sourceBefore = ({ sourceIn }: Cut): bigint => (sourceIn > 0n ? sourceIn : 0n);
const sourceAfter = ({ start, end, sourceIn, sourceLength, speed = 1 }: Cut): bigint | null => {
  if (sourceLength === null) return null;
  const left = sourceLength - (sourceIn + sourceTicks(end - start, speed));
  return left > 0n ? left : 0n;
};

/** As much of a handle as there is source for; null = its length is not known. */
const atMost = (wanted: bigint, source: bigint | null, { speed = 1 }: Cut): bigint =>
  source === null || sourceTicks(wanted, speed) <= source ? wanted : sourceTicks(source, 1 / speed);

/** Lays a track's transitions over its cuts: two-sided ones extend both cuts by their handles, single-sided ones become fades. */
export const soundingRanges = (cuts: readonly Cut[], transitions: readonly TransitionFacts[]): TrackRanges => {
  const ranges = cuts.map(({ start, end, sourceIn }): SoundingRange => {
    return { start, end, sourceIn, fadeIn: null, fadeOut: null };
  });
  const crossfades: RangeCrossfade[] = [];
  const warnings: Problem[] = [];
  for (const transition of transitions) {
    const from = BigInt(transition.startTicks);
    const to = BigInt(transition.endTicks);
    if (to <= from) continue;
    const { curve, known } = curveOf(transition);
    if (!known) warnings.push(warn(`Transition "${transition.name}" is played as a constant-power fade.`));
    const isLeft = ({ start, end }: Cut) => transition.side !== "start" && end >= from && end <= to && start < from;
    const isRight = ({ start, end }: Cut) => transition.side !== "end" && start >= from && start <= to && end > to;
    const left = cuts.findIndex(isLeft);
    const right = cuts.findIndex(isRight);
    const joined = left >= 0 && right >= 0 && cuts[left]!.end === cuts[right]!.start;
    if (joined) {
      const { end: cut } = cuts[left]!;
      const late = atMost(to - cut, sourceAfter(cuts[left]!), cuts[left]!);
      const early = atMost(cut - from, sourceBefore(cuts[right]!), cuts[right]!);
      if (late !== to - cut || early !== cut - from) {
        const names = `"${cuts[left]!.name}" and "${cuts[right]!.name}"`;
        warnings.push(warn(`The cross-fade between ${names} is shortened: their media ends within it.`));
      }
      if (late + early === 0n) continue;
      ranges[left]!.end = cut + late;
      ranges[right]!.start = cut - early;
      ranges[right]!.sourceIn -= sourceTicks(early, cuts[right]!.speed ?? 1);
      crossfades.push({
        from: left,
        to: right,
        startTicks: String(cut - early),
        durationTicks: String(late + early),
        curve,
      });
      continue;
    }
    if (left >= 0) ranges[left]!.fadeOut = fade(cuts[left]!.end - from, curve);
    if (right >= 0) ranges[right]!.fadeIn = fade(to - cuts[right]!.start, curve);
    if (left < 0 && right < 0) warnings.push(warn(`Transition "${transition.name}" touches no clip and is left out.`));
  }
  return { ranges, crossfades, warnings };
};
