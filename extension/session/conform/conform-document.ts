import type { Clip, Decision, Media, MixDocument, Track } from "../../../schema/generated/mix-document.ts";
import { stableId } from "../../../schema/ids.ts";
import { documentTimecode } from "../document-report.ts";
import { type CarriedClip, carryClip } from "./carry-clip.ts";
import { type Carry, ownProcessors, planCarries } from "./carry-plan.ts";
import type { ConformReport } from "./conform-report.ts";
import { type CutItem, itemsOf, type Piece, pieceOf } from "./cut-item.ts";
import { joinCrossfades } from "./join-crossfades.ts";
import { matchHostTracks, TrackLayout } from "./lay-tracks.ts";
import { matchClips } from "./match-clips.ts";
import { matchMedia } from "./match-media.ts";
import { moveCues } from "./move-cues.ts";
import { type NewGain, newClipGain } from "./new-clip-gain.ts";
import { reportConform } from "./report-conform.ts";
import { type ShiftedLane, shiftLane } from "./shift-lane.ts";

export type Conformed = { readonly document: MixDocument; readonly report: ConformReport };

/** A clip of the conformed mix with all that is known of how it came about. */
export type Laid = {
  readonly carry: Carry;
  readonly trackId: string;
  readonly clip: Clip;
  readonly carried: CarriedClip | null;
  readonly added: NewGain | null;
};

type MediaIds = ReadonlyMap<string, string>;

const layClips = (carries: readonly Carry[], layout: TrackLayout, mediaIds: MediaIds): Laid[] => {
  const gainOf = newClipGain(carries);
  const laid = carries.map((carry): Laid => {
    const { now, match, parts, id } = carry;
    const trackId = layout.trackFor(now, match?.old ?? null);
    if (match && parts) {
      const carried = carryClip(now, parts, match.old, { clip: id, processors: ownProcessors(carry) });
      return { carry, trackId, clip: carried.clip, carried, added: null };
    }
    const media = now.clip.media === null ? null : (mediaIds.get(now.clip.media) ?? now.clip.media);
    const added = gainOf(now, id);
    return { carry, trackId, clip: { ...now.clip, id, media, gainDb: added.gainDb }, carried: null, added };
  });
  for (const trackId of new Set(laid.map((one) => one.trackId))) {
    const own = laid.filter((one) => one.trackId === trackId);
    layout.place(
      trackId,
      own.map(({ clip, carry }) => ({ clip, now: carry.now })),
    );
  }
  return laid;
};

/** Only what goes on being its clip tells where its place on the timeline went. */
const piecesOf = (carries: readonly Carry[]): Piece[] =>
  carries.flatMap(({ now, match, parts }) =>
    match && parts && match.by !== "copy" ? parts.flatMap((part) => pieceOf(part, now) ?? []) : [],
  );

export type Rides = ReadonlyMap<string, ShiftedLane>;

/** Rides of tracks follow the clips that lie on the same track as before. */
const moveRides = (tracks: readonly Track[], laid: readonly Laid[], pieces: readonly Piece[]) => {
  const trackOf = new Map(laid.map(({ carry, trackId }) => [carry.now, trackId]));
  const rides = new Map<string, ShiftedLane>();
  const moved = tracks.map((track): Track => {
    if (track.automation.length === 0) return track;
    const own = pieces.filter(({ old, now }) => old.track.id === track.id && trackOf.get(now) === track.id);
    const automation = track.automation.map((lane) => {
      const shifted = shiftLane(lane, own);
      rides.set(track.id, shifted);
      return shifted.lane;
    });
    return { ...track, automation };
  });
  return { tracks: moved, rides };
};

/** Reasons stay with what they are about: those of gone clips go, further pieces get their own, new clips say that they are new. */
const carryDecisions = (document: MixDocument, laid: readonly Laid[], goneIds: ReadonlySet<string>): Decision[] => {
  const copies = laid.flatMap(({ carry: { match, isHeir, id } }) =>
    match === null || isHeir
      ? []
      : document.decisions
          .filter(({ subject }) => subject === match.old.clip.id)
          .map((decision) => ({ ...decision, id: stableId("dec", decision.id, id), subject: id })),
  );
  return [
    ...document.decisions.filter(({ subject }) => !goneIds.has(subject)),
    ...copies,
    ...laid.flatMap(({ added }) => (added ? [added.decision] : [])),
  ];
};

/** The mix's fingerprints with the cut's way to them: what is another file now is still refused when it is rendered. */
const conformedMedium = (old: Media, now: Media | undefined): Media =>
  now === undefined || now.sizeBytes === null ? old : { ...now, ...knownOf(old), path: now.path, name: now.name };

const knownOf = (medium: Media) => Object.fromEntries(Object.entries(medium).filter(([, value]) => value !== null));

/** Media that clips play now, those that nothing played before, and those of inserts and cues; what only gone clips played goes. */
const conformMedia = (document: MixDocument, next: MixDocument, laid: readonly Laid[], ids: MediaIds) => {
  const now = new Map([...ids].map(([nextId, oldId]) => [oldId, next.media[nextId]]));
  const playing = new Set(laid.map(({ clip }) => clip.media));
  const played = new Set(document.tracks.flatMap(({ clips }) => clips.map(({ media }) => media)));
  const others = new Set([
    ...(document.cues ?? []).map(({ source }) => (source.kind === "file" ? source.media : null)),
    ...[...document.tracks, ...document.tracks.flatMap(({ clips }) => clips), ...document.buses].flatMap(
      ({ processors }) => processors.map(({ file }) => file),
    ),
  ]);
  const stays = (id: string) => playing.has(id) || others.has(id) || !played.has(id);
  const old = Object.entries(document.media);
  const fresh = Object.entries(next.media).filter(([id]) => !ids.has(id) && playing.has(id));
  return {
    media: Object.fromEntries([
      ...old.filter(([id]) => stays(id)).map(([id, medium]) => [id, conformedMedium(medium, now.get(id))] as const),
      ...fresh,
    ]),
    gone: Object.fromEntries(old.filter(([id]) => !stays(id))),
  };
};

/** The new cut's times; rate and layout stay the mix's, because its buses and stems are made for them. */
const conformSequence = ({ sequence: old }: MixDocument, { sequence: now }: MixDocument): MixDocument["sequence"] => ({
  ...old,
  ...now,
  sampleRate: old.sampleRate,
  layout: old.layout,
});

/**
 * Carries a mix onto a changed cut: where the clips lie comes from `next` (an import of the new cut, or a mix of it whose sound is not
 * read), how they sound from `document`. Both name their media as seen from one folder. Buses, ducking rules, targets, stems and the
 * inserts of tracks stay; nothing is left out without standing in the report.
 */
export const conformDocument = (document: MixDocument, next: MixDocument): Conformed => {
  const { ids: mediaIds, materialOfOld, materialOfNext } = matchMedia(document, next);
  const olds = itemsOf(document, materialOfOld);
  const nows = itemsOf(next, materialOfNext);
  const matches = matchClips(olds, nows);
  const carries = planCarries(olds, nows, matches);
  const layout = new TrackLayout(document, next, matchHostTracks(document, next, matches));
  const laid = layClips(carries, layout, mediaIds);
  const pieces = piecesOf(carries);
  const ridden = moveRides(layout.tracks, laid, pieces);
  const joined = joinCrossfades(ridden.tracks, carries, document, next);
  const clips = joined.tracks.flatMap((track) => track.clips);
  const heirs = new Set(carries.flatMap(({ isHeir, match }) => (isHeir && match ? [match.old] : [])));
  const gone: CutItem[] = olds.filter((old) => !heirs.has(old));
  const goneIds = new Set(gone.map(({ clip }) => clip.id));
  const sequence = conformSequence(document, next);
  const playing = new Map(clips.map(({ id, media }) => [id, media]));
  const bases = { before: documentTimecode(document), after: documentTimecode({ ...document, sequence }) };
  const cues = moveCues(document, pieces, playing, bases);
  const { media, gone: goneMedia } = conformMedia(document, next, laid, mediaIds);
  const conformed: MixDocument = {
    ...document,
    sequence,
    media,
    tracks: [...joined.tracks],
    ...(document.cues === undefined ? {} : { cues: [...cues.cues] }),
    crossfades: [...joined.crossfades],
    decisions: carryDecisions(document, laid, goneIds),
  };
  const report = reportConform({ document, next, conformed, laid, gone, goneMedia, rides: ridden.rides, cues, bases });
  return { document: conformed, report };
};
