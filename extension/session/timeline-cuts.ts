import type { Clip, Crossfade, FadeCurve } from "../../schema/generated/mix-document.ts";
import type { FidelityTally } from "../interchange/fidelity.ts";
import { sourceTicks } from "../interchange/frame-rate.ts";
import type { TimelineTransition } from "../interchange/timeline.ts";
import { speedOf } from "./build-clip.ts";

/** A clip between its cuts: what a host shows of it. */
export type Cut = { readonly clip: Clip; start: bigint; end: bigint; sourceIn: bigint };

type Span = { from: bigint; to: bigint };

/** A cross-fade that is being fitted, with the cuts on both sides. */
type Joint = Span & { readonly left: Cut; readonly right: Cut; readonly curve: FadeCurve };

const endOf = ({ startTicks, durationTicks }: Clip): bigint => BigInt(startTicks) + BigInt(durationTicks);

const cutOf = (clip: Clip): Cut => ({
  clip,
  start: BigInt(clip.startTicks),
  end: endOf(clip),
  sourceIn: BigInt(clip.sourceInTicks),
});

/** A host joins two clips at a cut that lies inside both; a cross-fade over the whole of one has no such place. */
const jointOf = ({ from, to, startTicks, durationTicks, curve }: Crossfade, cuts: ReadonlyMap<string, Cut>) => {
  const [left, right] = [cuts.get(from), cuts.get(to)];
  const span = { from: BigInt(startTicks), to: BigInt(startTicks) + BigInt(durationTicks) };
  if (left === undefined || right === undefined) return null;
  const isUsual = left.end === span.to && right.start === span.from;
  return isUsual && left.start < span.from && right.end > span.to ? { ...span, left, right, curve } : null;
};

const middle = (a: bigint, b: bigint): bigint => (a + b) / 2n;

/** Where two transitions of one clip overlap, both end in the middle: no host lays one over the other. */
const separate = (first: Span | undefined, second: Span | undefined, tally: FidelityTally): void => {
  if (first === undefined || second === undefined || first.to <= second.from) return;
  const border = middle(first.to, second.from);
  first.to = border;
  second.from = border;
  tally.add("fade that overlaps another", "dropped", 1, "shortened: transitions of a host lie side by side");
};

const names: Readonly<Record<FadeCurve, string>> = { constantPower: "Constant Power", constantGain: "Constant Gain" };

const transitionOf = ({ from, to }: Span, curve: FadeCurve, side?: "start" | "end"): TimelineTransition => ({
  name: names[curve],
  matchName: names[curve],
  curve,
  startTicks: String(from),
  endTicks: String(to),
  ...(side === undefined ? {} : { side }),
});

const fadeSpans = ({ clip, start, end }: Cut): { readonly in: Span | undefined; readonly out: Span | undefined } => ({
  in: clip.fadeIn ? { from: start, to: start + BigInt(clip.fadeIn.durationTicks) } : undefined,
  out: clip.fadeOut ? { from: end - BigInt(clip.fadeOut.durationTicks), to: end } : undefined,
});

const isLong = ({ from, to }: Span): boolean => to > from;

/** Cuts that still overlap end where the next one starts. */
const untangle = (cuts: readonly Cut[], tally: FidelityTally): readonly Cut[] => {
  const ordered = [...cuts].sort((a, b) => Number(a.start - b.start) || (a.clip.id < b.clip.id ? -1 : 1));
  for (const [index, cut] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next === undefined || cut.end <= next.start) continue;
    cut.end = next.start;
    tally.dropNamed("overlap that no host holds", cut.clip.name, "ends where the next clip starts");
  }
  return ordered.filter((cut) => cut.end > cut.start);
};

/**
 * The clips of one host track as cuts with transitions over them: a cross-fade meets in its middle, a fade belongs to the edge
 * of its clip. What no host could hold is fitted and counted.
 */
export const cutsOf = (
  clips: readonly Clip[],
  crossfades: readonly Crossfade[],
  tally: FidelityTally,
): { readonly cuts: readonly Cut[]; readonly transitions: readonly TimelineTransition[] } => {
  const cuts = new Map(clips.map((clip) => [clip.id, cutOf(clip)]));
  const joints = crossfades.flatMap((crossfade): Joint[] => {
    const joint = jointOf(crossfade, cuts);
    if (joint === null) tally.add("cross-fade over a whole clip", "dropped", 1, "the clips meet in a cut");
    return joint === null ? [] : [joint];
  });
  const spans = [...cuts.values()].map((cut) => {
    const before = joints.find(({ right }) => right === cut);
    const after = joints.find(({ left }) => left === cut);
    const fades = fadeSpans(cut);
    return { cut, before, after, in: before ? undefined : fades.in, out: after ? undefined : fades.out };
  });
  for (const one of spans) separate(one.before ?? one.in, one.after ?? one.out, tally);
  for (const { left, right, from, to } of joints) {
    const at = middle(from, to);
    left.end = at;
    right.sourceIn += sourceTicks(at - right.start, speedOf(right.clip));
    right.start = at;
  }
  const transitions = [
    ...joints.filter(isLong).map((joint) => transitionOf(joint, joint.curve)),
    ...spans.flatMap(({ cut, in: fadeIn, out: fadeOut }) => [
      ...(fadeIn && isLong(fadeIn) ? [transitionOf(fadeIn, cut.clip.fadeIn!.curve, "start")] : []),
      ...(fadeOut && isLong(fadeOut) ? [transitionOf(fadeOut, cut.clip.fadeOut!.curve, "end")] : []),
    ]),
  ];
  const inTime = transitions.sort((a, b) => Number(BigInt(a.startTicks) - BigInt(b.startTicks)));
  return { cuts: untangle([...cuts.values()], tally), transitions: inTime };
};
