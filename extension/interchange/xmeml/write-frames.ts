import type { FidelityTally } from "../fidelity.ts";
import { compareTicks, type FrameRate, sourceTicks, ticksOfFrame } from "../frame-rate.ts";
import type { TimelineClip, TimelineTrack, TimelineTransition } from "../timeline.ts";
import { frameAtOrAfter, nearestFrame } from "./write-rate.ts";

/** A transition on the frame grid: over a cut, or at one edge of one clip. */
export type FrameTransition = {
  readonly transition: TimelineTransition;
  readonly alignment: "center" | "start-black" | "end-black";
  readonly from: number;
  readonly to: number;
  readonly cut: number;
};

/** A clip on the frame grid with the handles that the transitions around it use. */
export type FrameClip = {
  readonly clip: TimelineClip;
  /** Where it sounds, handles included. */
  readonly start: number;
  readonly end: number;
  /** Source at `start`, to the tick: moving an edge to its frame moves no sound. */
  readonly inTicks: bigint;
  readonly before: FrameTransition | null;
  readonly after: FrameTransition | null;
};

type Cut = { readonly clip: TimelineClip; readonly start: number; readonly end: number };

/** The frame at which a clip can start at the earliest: where its source begins. */
const earliest = ({ startTicks, inTicks, speed }: TimelineClip, rate: FrameRate): number =>
  frameAtOrAfter(BigInt(startTicks) - sourceTicks(BigInt(inTicks), 1 / speed), rate);

const isOnFrame = (ticks: string, rate: FrameRate): boolean =>
  ticksOfFrame(nearestFrame(BigInt(ticks), rate), rate) === BigInt(ticks);

const cutsOf = (clips: readonly TimelineClip[], rate: FrameRate, tally: FidelityTally): Cut[] =>
  clips.flatMap((clip) => {
    const start = Math.max(nearestFrame(BigInt(clip.startTicks), rate), earliest(clip, rate), 0);
    const end = nearestFrame(BigInt(clip.endTicks), rate);
    if (end <= start) {
      tally.dropNamed("clip shorter than a frame", clip.name);
      return [];
    }
    const moved = [clip.startTicks, clip.endTicks].filter((ticks) => !isOnFrame(ticks, rate)).length;
    if (moved > 0)
      tally.add(
        "clip edge between two frames",
        "dropped",
        moved,
        "moved to the nearest frame; the sound stays in sync",
      );
    return [{ clip, start, end }];
  });

/** The clips that a transition joins or fades, as hosts see it: by where their edges lie under it. */
const sidesOf = (transition: TimelineTransition, clips: readonly TimelineClip[]) => {
  const from = BigInt(transition.startTicks);
  const to = BigInt(transition.endTicks);
  const isUnder = (ticks: string) => BigInt(ticks) >= from && BigInt(ticks) <= to;
  const left = clips.find(({ startTicks, endTicks }) => isUnder(endTicks) && BigInt(startTicks) < from);
  const right = clips.find(({ startTicks, endTicks }) => isUnder(startTicks) && BigInt(endTicks) > to);
  return {
    left: transition.side === "start" ? undefined : left,
    right: transition.side === "end" ? undefined : right,
  };
};

/** Lays a transition on the grid; null when it fades nothing or is shorter than half a frame. */
const frameTransition = (
  transition: TimelineTransition,
  clips: readonly TimelineClip[],
  cuts: ReadonlyMap<TimelineClip, Cut>,
  rate: FrameRate,
): FrameTransition | null => {
  const { left, right } = sidesOf(transition, clips);
  const [leftCut, rightCut] = [left && cuts.get(left), right && cuts.get(right)];
  const from = nearestFrame(BigInt(transition.startTicks), rate);
  const to = nearestFrame(BigInt(transition.endTicks), rate);
  if (leftCut && rightCut && left?.endTicks === right?.startTicks) {
    const start = Math.max(from, earliest(rightCut.clip, rate));
    const cut = start + Math.floor((to - start) / 2);
    return to > start ? { transition, alignment: "center", from: start, to, cut } : null;
  }
  if (leftCut && from < leftCut.end)
    return { transition, alignment: "end-black", from, to: leftCut.end, cut: leftCut.end };
  if (rightCut && to > rightCut.start)
    return { transition, alignment: "start-black", from: rightCut.start, to, cut: rightCut.start };
  return null;
};

const frameClip = (
  { clip, start, end }: Cut,
  before: FrameTransition | null,
  after: FrameTransition | null,
  rate: FrameRate,
): FrameClip => {
  const outerStart = before?.from ?? start;
  const moved = ticksOfFrame(outerStart, rate) - BigInt(clip.startTicks);
  const inTicks = BigInt(clip.inTicks) + sourceTicks(moved, clip.speed);
  return {
    clip,
    start: outerStart,
    end: after?.to ?? end,
    inTicks: inTicks < 0n ? 0n : inTicks,
    before,
    after,
  };
};

/** Moves a track to the frames of its sequence. What has no place there is counted by name. */
export const frameTrack = (track: TimelineTrack, rate: FrameRate, tally: FidelityTally): readonly FrameClip[] => {
  const ordered = [...track.clips].sort((a, b) => compareTicks(BigInt(a.startTicks), BigInt(b.startTicks)));
  const found = cutsOf(ordered, rate, tally);
  const cuts = new Map(found.map((cut) => [cut.clip, cut]));
  const before = new Map<TimelineClip, FrameTransition>();
  const after = new Map<TimelineClip, FrameTransition>();
  for (const transition of track.transitions) {
    const placed = frameTransition(transition, ordered, cuts, rate);
    const { left, right } = sidesOf(transition, ordered);
    if (placed === null) tally.add("fade shorter than a frame", "dropped", 1, "the edge stays a cut");
    else {
      if (left && placed.alignment !== "start-black") after.set(left, placed);
      if (right && placed.alignment !== "end-black") before.set(right, placed);
    }
  }
  return found.map((cut) => frameClip(cut, before.get(cut.clip) ?? null, after.get(cut.clip) ?? null, rate));
};
