import type { AutomationPoint, Clip, Crossfade, Fade, FadeCurve } from "../schema/generated/mix-document.ts";
import { ticksToFrames } from "../schema/ticks.ts";

/** "Off" for a level; the engine takes it as gain 0. */
const OFF_DB = -120;

/** Codes of the kernel `applySegment`; a gain is a pure function of the frame, so block borders never show. */
export const SEGMENT_SHAPES = {
  hold: 0,
  amplitude: 1,
  decibel: 2,
  powerIn: 3,
  powerOut: 4,
} as const;
export type SegmentShape = keyof typeof SEGMENT_SHAPES;

/** One stretch of gain over [startFrame, startFrame + lengthFrames). Ends are in dB; power shapes ignore them. */
export type GainSegment = {
  readonly startFrame: number;
  readonly lengthFrames: number;
  readonly shape: SegmentShape;
  readonly fromDb: number;
  readonly toDb: number;
};

const shapeOf = { linear: "decibel", amplitude: "amplitude", hold: "hold" } as const;

/** Segments of an automation lane between `startFrame` and `endFrame`; the first and last value hold outside their points. */
export const automationSegments = (
  points: readonly AutomationPoint[],
  originFrame: number,
  startFrame: number,
  endFrame: number,
  sampleRate: number,
): GainSegment[] => {
  const at = points.map(([ticks, db, curve]) => ({ frame: originFrame + ticksToFrames(ticks, sampleRate), db, curve }));
  const first = at[0];
  const last = at.at(-1);
  if (!first || !last) return [];
  const segments: GainSegment[] = [];
  const add = (from: number, to: number, shape: SegmentShape, fromDb: number, toDb: number) => {
    if (to > from && to > startFrame && from < endFrame)
      segments.push({ startFrame: from, lengthFrames: to - from, shape, fromDb, toDb });
  };
  add(startFrame, first.frame, "hold", first.db, first.db);
  for (let i = 0; i + 1 < at.length; i += 1) {
    const here = at[i]!;
    const next = at[i + 1]!;
    add(here.frame, next.frame, shapeOf[here.curve], here.db, next.db);
  }
  add(last.frame, endFrame, "hold", last.db, last.db);
  return segments.filter(({ shape, fromDb }) => !(shape === "hold" && fromDb === 0));
};

const rising = (curve: FadeCurve, startFrame: number, lengthFrames: number): GainSegment =>
  curve === "constantPower"
    ? { startFrame, lengthFrames, shape: "powerIn", fromDb: OFF_DB, toDb: 0 }
    : { startFrame, lengthFrames, shape: "amplitude", fromDb: OFF_DB, toDb: 0 };

const falling = (curve: FadeCurve, startFrame: number, lengthFrames: number): GainSegment =>
  curve === "constantPower"
    ? { startFrame, lengthFrames, shape: "powerOut", fromDb: 0, toDb: OFF_DB }
    : { startFrame, lengthFrames, shape: "amplitude", fromDb: 0, toDb: OFF_DB };

const fadeFrames = (fade: Fade | null, sampleRate: number) =>
  fade ? ticksToFrames(fade.durationTicks, sampleRate) : 0;

/** The fades at both ends of [startFrame, endFrame). */
export const fadeSegments = (
  fadeIn: Fade | null,
  fadeOut: Fade | null,
  startFrame: number,
  endFrame: number,
  sampleRate: number,
): GainSegment[] => {
  const segments: GainSegment[] = [];
  const inFrames = fadeFrames(fadeIn, sampleRate);
  const outFrames = fadeFrames(fadeOut, sampleRate);
  if (fadeIn && inFrames > 0) segments.push(rising(fadeIn.curve, startFrame, inFrames));
  if (fadeOut && outFrames > 0) segments.push(falling(fadeOut.curve, endFrame - outFrames, outFrames));
  return segments;
};

/** Every gain movement of a clip: volume automation, fades, and its side of each cross-fade. */
export const clipSegments = (
  clip: Clip,
  crossfades: readonly Crossfade[],
  startFrame: number,
  endFrame: number,
  sampleRate: number,
): GainSegment[] => {
  const volume = clip.automation.find(({ param }) => param === "volumeDb");
  const segments = volume ? automationSegments(volume.points, startFrame, startFrame, endFrame, sampleRate) : [];
  segments.push(...fadeSegments(clip.fadeIn, clip.fadeOut, startFrame, endFrame, sampleRate));
  for (const { from, to, startTicks, durationTicks, curve } of crossfades) {
    const start = ticksToFrames(startTicks, sampleRate);
    const length = ticksToFrames(BigInt(startTicks) + BigInt(durationTicks), sampleRate) - start;
    if (to === clip.id) segments.push(rising(curve, start, length));
    if (from === clip.id) segments.push(falling(curve, start, length));
  }
  return segments;
};

/** Volume of a clip in dB where it is not automated; automation takes its place. */
export const clipVolumeDb = (clip: Clip): number => (clip.automation.length > 0 ? 0 : clip.volumeDb);
