import { after } from "./clip-reader.ts";
import type { MaybePromise } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import type { RenderPlan } from "./render-plan.ts";
import { type TrackGround, TrackRenderer } from "./track-renderer.ts";

/** Gives the mixer its tracks chunk by chunk, wherever they are rendered. */
export type TrackFeed = {
  open(): Promise<void>;
  /** Addresses in the mixer's instance, in plan order; 0 = silent. Valid until the next call. */
  next(): MaybePromise<readonly number[]>;
  /** What inserts could not do on what was given so far, in the order of the tracks. */
  warnings(): string[];
  close(): Promise<void>;
};

/** All tracks on the calling thread, in the mixer's own instance: no copy at all. */
export const createInlineFeed = (instance: EngineInstance, plan: RenderPlan, ground: TrackGround): TrackFeed => {
  const tracks = plan.tracks.map((track) => new TrackRenderer(instance, track, ground));
  const addresses: number[] = [];
  const collect = (index: number): MaybePromise<readonly number[]> => {
    const track = tracks[index];
    if (!track) return addresses;
    return after(track.next(), (at) => {
      addresses[index] = at;
      return collect(index + 1);
    });
  };
  return {
    open: async () => {
      for (const track of tracks) await track.open();
    },
    next: () => collect(0),
    warnings: () => tracks.flatMap((track) => track.warnings()),
    close: async () => {
      for (const track of tracks) await track.close();
    },
  };
};
