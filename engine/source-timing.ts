import type { Clip } from "../schema/generated/mix-document.ts";
import { TICKS_PER_SECOND, ticksToFrames } from "../schema/ticks.ts";

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** Where in its source a clip starts and how it moves on: source frames x `denominator`, and source frames per output frame in lowest terms. */
export const sourceTiming = (
  clip: Pick<Clip, "startTicks" | "sourceInTicks">,
  startFrame: number,
  sourceRate: number,
  sampleRate: number,
) => {
  const divisor = greatestCommonDivisor(sourceRate, sampleRate);
  const numerator = sourceRate / divisor;
  const denominator = sampleRate / divisor;
  // The clip's first frame may lie up to half a frame beside its tick: the source is read at the frame's own time.
  const frameTicks = (BigInt(startFrame) * TICKS_PER_SECOND) / BigInt(sampleRate);
  const sourceTicks = BigInt(clip.sourceInTicks) + frameTicks - BigInt(clip.startTicks);
  const sourceStart = ticksToFrames(sourceTicks * BigInt(denominator), sourceRate);
  return { sourceStart, sourceStep: { numerator, denominator } };
};
