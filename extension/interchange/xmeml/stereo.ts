import type { ChannelLayout } from "../../../schema/channel-layout.ts";
import { compareTicks } from "../frame-rate.ts";
import { layoutOf } from "../layout.ts";
import type { XmlAttributes } from "../xml.ts";
import type { XmlElement } from "../xml-tree.ts";
import type { PlacedClip, PlacedTrack } from "./clips.ts";

/** Tracks of the file that are one track in Premiere, and the layout of that track. */
export type ExplodedTrack = {
  readonly layout: ChannelLayout;
  readonly elements: readonly XmlElement[];
  readonly members: readonly PlacedTrack[];
};

/** One clip as Premiere has it: one clip item per channel that was exploded, null where a side is empty. */
export type JoinedClip = { readonly base: PlacedClip; readonly members: readonly (PlacedClip | null)[] };

type Side = { readonly element: XmlElement; readonly track: PlacedTrack };

const whole = (attributes: XmlAttributes, name: string): number | null => {
  const text = attributes[name];
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : null;
};

const typeLayouts: Readonly<Record<string, ChannelLayout>> = { stereo: "stereo", "5.1": "5.1", "7.1": "7.1" };

const trackType = ({ element }: Side): string => element.attributes["premiereTrackType"]?.toLowerCase() ?? "";

/** How many following tracks of the file belong to this one, by Premiere's own attributes. */
const explodedCount = (sides: readonly Side[], at: number): number => {
  const first = sides[at];
  if (first === undefined || trackType(first) === "mono") return 1;
  const total = whole(first.element.attributes, "totalExplodedTrackCount");
  if (total === null || layoutOf(total) === null || whole(first.element.attributes, "currentExplodedTrackIndex") !== 0)
    return 1;
  let count = 1;
  while (
    count < total &&
    whole(sides[at + count]?.element.attributes ?? {}, "currentExplodedTrackIndex") === count &&
    whole(sides[at + count]?.element.attributes ?? {}, "totalExplodedTrackCount") === total
  )
    count += 1;
  return count === total ? total : 1;
};

const isPair = (left: PlacedClip, right: PlacedClip | undefined): boolean =>
  right !== undefined &&
  left.source.key === right.source.key &&
  left.startTicks === right.startTicks &&
  left.endTicks === right.endTicks &&
  left.inTicks === right.inTicks &&
  (left.channel ?? 0) % 2 === 0 &&
  right.channel === (left.channel ?? 0) + 1 &&
  (left.linkedIds.includes(right.id) || right.linkedIds.includes(left.id));

/** Final Cut writes stereo as two linked tracks without saying so: joined only when every clip is linked to its twin. */
const isLinkedPair = (left: Side | undefined, right: Side | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  trackType(left) === "" &&
  trackType(right) === "" &&
  left.track.clips.length > 0 &&
  left.track.clips.length === right.track.clips.length &&
  left.track.clips.every((clip, index) => isPair(clip, right.track.clips[index]));

/** Puts the exploded tracks of a file back together. */
export const joinTracks = (sides: readonly Side[]): ExplodedTrack[] => {
  const joined: ExplodedTrack[] = [];
  for (let at = 0; at < sides.length; ) {
    const first = sides[at] as Side;
    const exploded = explodedCount(sides, at);
    const count = exploded > 1 ? exploded : isLinkedPair(first, sides[at + 1]) ? 2 : 1;
    const group = sides.slice(at, at + count);
    joined.push({
      layout: (count > 1 ? layoutOf(count) : typeLayouts[trackType(first)]) ?? "mono",
      elements: group.map(({ element }) => element),
      members: group.map(({ track }) => track),
    });
    at += count;
  }
  return joined;
};

/** Finds the twin of a clip on another exploded track: linked, else same place and source, else same order and source. */
const twinFinder = (track: PlacedTrack): ((clip: PlacedClip, index: number) => PlacedClip | null) => {
  const placeOf = (clip: PlacedClip): string => `${clip.startTicks} ${clip.source.key}`;
  const byId = new Map(track.clips.map((clip) => [clip.id, clip]));
  const byPlace = new Map(track.clips.map((clip) => [placeOf(clip), clip]));
  const used = new Set<PlacedClip>();
  return (clip, index) => {
    const linked = clip.linkedIds.map((id) => byId.get(id));
    const found = [...linked, byPlace.get(placeOf(clip)), track.clips[index]].find(
      (twin) => twin !== undefined && twin !== clip && !used.has(twin) && twin.source.key === clip.source.key,
    );
    if (found !== undefined) used.add(found);
    return found ?? null;
  };
};

/** Premiere writes wrong frames on one side when a linked picture has a transition: the side whose ranges agree is right. */
const soundest = (members: readonly (PlacedClip | null)[]): PlacedClip =>
  members
    .filter((member): member is PlacedClip => member !== null)
    .reduce((best, member) => (member.disagreementTicks < best.disagreementTicks ? member : best));

/** Puts the clips of an exploded track back together, in timeline order. */
export const joinClips = ({ members }: ExplodedTrack): JoinedClip[] => {
  const [first, ...others] = members;
  if (first === undefined) return [];
  const finders = others.map(twinFinder);
  const taken = new Set<PlacedClip>();
  const rows = first.clips.map((clip, index) => {
    const row = [clip, ...finders.map((find) => find(clip, index))];
    for (const member of row) if (member !== null) taken.add(member);
    return row;
  });
  others.forEach((track, other) => {
    for (const clip of track.clips)
      if (!taken.has(clip))
        rows.push(members.map((_, index): PlacedClip | null => (index === other + 1 ? clip : null)) as PlacedClip[]);
  });
  return rows
    .map((row) => ({ base: soundest(row), members: row }))
    .sort((a, b) => compareTicks(a.base.startTicks, b.base.startTicks));
};
