import { lowestTerms } from "../schema/fraction.ts";
import type { Clip } from "../schema/generated/mix-document.ts";
import { TICKS_PER_SECOND, ticksToFrames } from "../schema/ticks.ts";

/** Where in its source a clip starts and how it moves on: source frames x `denominator`, and source frames per output frame in lowest terms. */
export const sourceTiming = (
  clip: Pick<Clip, "startTicks" | "sourceInTicks">,
  startFrame: number,
  sourceRate: number,
  sampleRate: number,
) => {
  const sourceStep = lowestTerms(sourceRate, sampleRate);
  // The clip's first frame may lie up to half a frame beside its tick: the source is read at the frame's own time.
  const frameTicks = (BigInt(startFrame) * TICKS_PER_SECOND) / BigInt(sampleRate);
  const sourceTicks = BigInt(clip.sourceInTicks) + frameTicks - BigInt(clip.startTicks);
  const sourceStart = ticksToFrames(sourceTicks * BigInt(sourceStep.denominator), sourceRate);
  return { sourceStart, sourceStep };
};
