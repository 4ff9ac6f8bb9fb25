import type { MixDocument } from "../schema/generated/mix-document.ts";
import { fail, ok, type Result } from "../schema/problem.ts";
import { findProcessor } from "../schema/processors/index.ts";
import { ticksToFrames } from "../schema/ticks.ts";
import { cueMedia, planCues } from "./cue-plan.ts";
import { orderBuses, planBuses } from "./plan-buses.ts";
import type { PlanGround } from "./plan-slots.ts";
import { planStems, stemProblems } from "./plan-stems.ts";
import { planTracks, silentReason } from "./plan-tracks.ts";
import type { PlanMedia, RenderPlan } from "./render-plan.ts";

/** Media ids that clips and cues of the document will really read. */
export const soundingMedia = (document: MixDocument): string[] => [
  ...new Set([
    ...document.tracks
      .filter(({ muted }) => !muted)
      .flatMap(({ clips }) =>
        clips.filter((clip) => clip.enabled && silentReason(clip) === null).map(({ media }) => media!),
      ),
    ...cueMedia(document),
  ]),
];

/** Media ids that inserts work with (impulse responses); a mix goes on without one that cannot be opened. */
export const insertMedia = (document: MixDocument): string[] => {
  const chains = [...document.tracks, ...document.tracks.flatMap(({ clips }) => clips), ...document.buses];
  const inserts = chains.flatMap(({ processors }) => processors);
  const named = inserts.flatMap(({ type, file }) =>
    findProcessor(type)?.file !== undefined && typeof file === "string" ? [file] : [],
  );
  return [...new Set(named)];
};

/** Resolves a validated document against its opened media. */
export const planRender = (
  document: MixDocument,
  media: ReadonlyMap<string, PlanMedia>,
  refusals: ReadonlyMap<string, string> = new Map(),
): Result<RenderPlan> => {
  const { sampleRate, durationTicks, startTicks } = document.sequence;
  const busIndex = (id: string) => document.buses.findIndex((bus) => bus.id === id);
  const mediaName = (id: string) => document.media[id]?.name ?? id;
  const ground: PlanGround = { media, refusals, mediaName, busIndex, warnings: [], problems: stemProblems(document) };
  const frames = ticksToFrames(durationTicks, sampleRate);
  const buses = planBuses(document, ground);
  const busOrder = orderBuses(buses);
  if (!busOrder)
    ground.problems.push({
      code: "meaning",
      message: "The buses feed each other in a circle; a mix needs one way from the tracks to the master.",
      pointer: "/buses",
    });
  if (ground.problems.length > 0 || !busOrder) return fail(...ground.problems);
  const tracks = [...planTracks(document, frames, ground), ...planCues(document, ground)];
  return ok({
    sampleRate,
    frames,
    timeReferenceFrames: ticksToFrames(startTicks, sampleRate),
    tracks,
    buses,
    busOrder,
    stems: planStems(document, busIndex),
    warnings: ground.warnings,
  });
};
