import type { Clip, MixDocument, Role, Track } from "../../../schema/generated/mix-document.ts";

/** A clip on its track, with its times as numbers that can be reckoned with. */
export type CutItem = {
  readonly clip: Clip;
  readonly track: Track;
  readonly role: Role | null;
  /** By which the material is known in both documents: a media id of the old one, or the name of what has no file. */
  readonly material: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly sourceIn: bigint;
  readonly sourceOut: bigint;
};

/** Material that is in the old cut and in the new one: [start, end) of the old timeline lies `shift` ticks later now. */
export type Piece = {
  readonly old: CutItem;
  readonly now: CutItem;
  readonly start: bigint;
  readonly end: bigint;
  readonly shift: bigint;
};

export const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Where the material would have started on the timeline: two clips with one origin lie in sync. */
export const originOf = ({ start, sourceIn }: CutItem): bigint => start - sourceIn;

/** Every clip of a document in track order; `materialOf` tells by what its media id is known. */
export const itemsOf = (document: MixDocument, materialOf: (mediaId: string) => string): CutItem[] =>
  document.tracks.flatMap((track) =>
    track.clips.map((clip): CutItem => {
      const start = BigInt(clip.startTicks);
      const sourceIn = BigInt(clip.sourceInTicks);
      const length = BigInt(clip.durationTicks);
      return {
        clip,
        track,
        role: clip.role ?? track.role,
        material: clip.media === null ? `none ${clip.name}` : materialOf(clip.media),
        start,
        end: start + length,
        sourceIn,
        sourceOut: sourceIn + length,
      };
    }),
  );

/** What two clips play of the same material, in ticks; 0 when nothing. */
export const sharedSource = (a: CutItem, b: CutItem): bigint =>
  most(0n, least(a.sourceOut, b.sourceOut) - most(a.sourceIn, b.sourceIn));

/** The part of an old clip that a new one plays; null when they share nothing. */
export const pieceOf = (old: CutItem, now: CutItem): Piece | null => {
  if (sharedSource(old, now) <= 0n) return null;
  const start = old.start + most(old.sourceIn, now.sourceIn) - old.sourceIn;
  const end = old.start + least(old.sourceOut, now.sourceOut) - old.sourceIn;
  return { old, now, start, end, shift: originOf(now) - originOf(old) };
};
