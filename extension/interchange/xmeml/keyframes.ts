import { ticksOfFrame } from "../frame-rate.ts";
import type { TimelineClip } from "../timeline.ts";
import type { PlacedClip } from "./clips.ts";

/** From where the `when` of a keyframe counts: the first frame of the media (Final Cut, Premiere) or the clip's in point. */
export type KeyframeOrigin = "media" | "clip";

/**
 * Final Cut's own files count from the media's first frame (a clip from 12041 to 13909 has its keys at 13236 ...). Some other
 * writers count from the in point. A file is read that way only when all its trimmed clips fit it and at least one fits nothing else.
 */
export const keyframeOrigin = (clips: readonly PlacedClip[]): KeyframeOrigin => {
  const trimmed = clips.filter(({ inFrame, filters }) => inFrame > 0 && filters.volumeKeys.length > 0);
  const fitsClip = ({ inFrame, outFrame, filters }: PlacedClip): boolean =>
    filters.volumeKeys.every(({ frame }) => frame >= 0 && frame <= outFrame - inFrame);
  const fitsMedia = ({ inFrame, outFrame, filters }: PlacedClip): boolean =>
    filters.volumeKeys.some(({ frame }) => frame >= inFrame && frame <= outFrame);
  return trimmed.every(fitsClip) && trimmed.some((clip) => !fitsMedia(clip)) ? "clip" : "media";
};

/** Volume keys in media time; where the source starts within a frame they lie on the timeline's frames, as the clip's own edges do. */
export const mediaKeys = (clip: PlacedClip, origin: KeyframeOrigin): TimelineClip["volumeKeys"] =>
  clip.filters.volumeKeys.map(({ frame, levelDb }) => ({
    mediaTicks: String(ticksOfFrame(origin === "clip" ? frame + clip.inFrame : frame, clip.rate) + clip.keyShiftTicks),
    levelDb,
  }));
