import type { Media, MixDocument, Track } from "../../../schema/generated/mix-document.ts";
import { hostTrackOf } from "../document-timeline.ts";
import { formatTimecode, type TimecodeBase } from "../timecode.ts";
import type { Laid, Rides } from "./conform-document.ts";
import type { ClipPlace, ConformedClip, ConformedTrack, ConformReport, ConformState, Gone } from "./conform-report.ts";
import { type CutItem, compare } from "./cut-item.ts";
import type { MovedCues } from "./move-cues.ts";

export type ConformFacts = {
  readonly document: MixDocument;
  readonly next: MixDocument;
  readonly conformed: MixDocument;
  readonly laid: readonly Laid[];
  readonly gone: readonly CutItem[];
  readonly goneMedia: Readonly<Record<string, Media>>;
  readonly rides: Rides;
  readonly cues: MovedCues;
  readonly bases: { readonly before: TimecodeBase; readonly after: TimecodeBase };
};

const placeOf = ({ clip, track, start, end }: CutItem, base: TimecodeBase): ClipPlace => ({
  track: `A${hostTrackOf(track) + 1}`,
  startTicks: clip.startTicks,
  durationTicks: clip.durationTicks,
  sourceInTicks: clip.sourceInTicks,
  from: formatTimecode(String(start), base),
  to: formatTimecode(String(end), base),
});

const stateOf = ({ carry: { match, now, pieces }, trackId }: Laid): ConformState => {
  if (match === null || match.by === "copy") return "new";
  const { old } = match;
  if (pieces > 1) return "split";
  if (old.sourceIn !== now.sourceIn || old.sourceOut !== now.sourceOut) return "trimmed";
  return old.start === now.start && old.track.id === trackId ? "kept" : "moved";
};

/** On another track its sound meets other inserts and another ride: that is what moving it means, and it is said. */
const leftBehind = ({ carry: { match }, trackId }: Laid) => {
  const track = match?.old.track;
  if (!track || track.id === trackId) return [];
  const left = { processors: track.processors, sends: track.sends, volumeDb: track.volumeDb };
  return track.processors.length + track.sends.length + track.automation.length > 0 || track.volumeDb !== 0
    ? [{ what: `the channel of track ${track.name}`, value: { ...left, automation: track.automation } }]
    : [];
};

const clipEntry = (laid: Laid, { bases }: ConformFacts): ConformedClip => {
  const { carry, clip, carried, added } = laid;
  const { match, now, parts } = carry;
  const joined = (parts?.length ?? 1) - 1;
  return {
    state: stateOf(laid),
    id: clip.id,
    oldId: match?.old.clip.id ?? null,
    name: clip.name,
    role: (match?.old ?? now).role,
    by: match?.by ?? null,
    before: match && match.by !== "copy" ? placeOf(match.old, bases.before) : null,
    after: placeOf(now, bases.after),
    carried: [...(carried?.carried ?? []), ...(joined > 0 ? [`automation of ${joined} more that it joins`] : [])],
    dropped: [...(carried?.dropped ?? []), ...leftBehind(laid)],
    overruled: carried?.overruled ?? (added ? ["gain"] : []),
  };
};

const goneEntry = (old: CutItem, { laid, bases, document }: ConformFacts): ConformedClip => {
  const heir = laid.find(({ carry: { parts, match } }) => match?.old !== old && parts?.includes(old));
  const decisions = document.decisions.filter(({ subject }) => subject === old.clip.id);
  return {
    state: "gone",
    id: null,
    oldId: old.clip.id,
    name: old.clip.name,
    role: old.role,
    by: null,
    before: placeOf(old, bases.before),
    after: null,
    carried: [],
    dropped: [{ what: "clip", value: old.clip }, ...decisions.map((value) => ({ what: "decision", value }))],
    overruled: [],
    ...(heir ? { joinedInto: heir.clip.id } : {}),
  };
};

const trackEntry = (track: Track, { document, rides }: ConformFacts): ConformedTrack => {
  const old = document.tracks.find(({ id }) => id === track.id);
  const ride = rides.get(track.id);
  const isEmptied = track.clips.length === 0 && (old?.clips.length ?? 0) > 0;
  const isWidened = old !== undefined && old.layout !== track.layout;
  const isMoved = old !== undefined && hostTrackOf(old) !== hostTrackOf(track);
  const lane = old?.automation.at(-1);
  const rideState = ride === undefined ? null : ride.lane === lane ? "left at its time" : "followed its clips";
  const isSame = ride !== undefined && lane !== undefined && String(ride.lane.points) === String(lane.points);
  return {
    id: track.id,
    name: track.name,
    state: old === undefined ? "new" : isEmptied ? "emptied" : isWidened ? "widened" : isMoved ? "moved" : "kept",
    layout: track.layout,
    ride: isSame && !isEmptied ? "kept" : rideState,
    dropped: ride && ride.dropped.length > 0 ? [{ what: "points of the ride", value: ride.dropped }] : [],
  };
};

const goneOf = ({ document, conformed, gone, goneMedia, cues }: ConformFacts): Gone => {
  const kept = new Set(conformed.crossfades.map(({ id }) => id));
  return {
    clips: gone.map(({ clip, track }) => ({
      track: track.id,
      clip,
      decisions: document.decisions.filter(({ subject }) => subject === clip.id),
    })),
    crossfades: document.crossfades.filter(({ id }) => !kept.has(id)),
    cues: cues.gone,
    media: goneMedia,
  };
};

const warningsOf = ({ document, next, laid, cues }: ConformFacts): string[] => {
  const { sampleRate, layout } = next.sequence;
  const isOther = sampleRate !== document.sequence.sampleRate || layout !== document.sequence.layout;
  const added = laid.filter(({ carry }) => carry.match === null).length;
  const left = cues.said.filter(({ state }) => state === "left").length;
  return [
    ...(isOther
      ? [
          `The new sequence is ${sampleRate} Hz ${layout}; the mix stays ${document.sequence.sampleRate} Hz ${document.sequence.layout}, for which its buses and stems are made.`,
        ]
      : []),
    ...(added > 0
      ? [`${added} new clip${added === 1 ? " is" : "s are"} not balanced yet: see the decisions "conform-new".`]
      : []),
    ...(left > 0
      ? [`${left} cue${left === 1 ? " stays at its" : "s stay at their"} time: nothing around tells where to go.`]
      : []),
  ];
};

/** What became of every clip, track and cue, in the order of the new cut and then what is gone. */
export const reportConform = (facts: ConformFacts): ConformReport => {
  const inOrder = [...facts.laid].sort((a, b) => compare(a.carry.now.start, b.carry.now.start));
  const clips = [...inOrder.map((laid) => clipEntry(laid, facts)), ...facts.gone.map((old) => goneEntry(old, facts))];
  const counts = { kept: 0, moved: 0, trimmed: 0, split: 0, new: 0, gone: 0 };
  for (const { state } of clips) counts[state] += 1;
  return {
    counts,
    clips,
    tracks: facts.conformed.tracks.map((track) => trackEntry(track, facts)),
    cues: facts.cues.said,
    gone: goneOf(facts),
    warnings: warningsOf(facts),
  };
};
