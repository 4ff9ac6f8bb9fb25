import type { Problem } from "../../../schema/problem.ts";
import { channelMapOf, panOf } from "../layout.ts";
import type { TimelineClip, TimelineTrack } from "../timeline.ts";
import type { XmlElement } from "../xml-tree.ts";
import type { PlacedClip } from "./clips.ts";
import { flagAt } from "./document.ts";
import { type KeyframeOrigin, mediaKeys } from "./keyframes.ts";
import { type ExplodedTrack, type JoinedClip, joinClips } from "./stereo.ts";

/** Everything a track needs to know of the file around it. */
export type TrackContext = { readonly file: string; readonly origin: KeyframeOrigin; readonly warnings: Problem[] };

/** The channel each side takes; a clip item without a source track takes its own side of a source that has one. */
const wantedChannels = ({ members }: JoinedClip, layout: TimelineTrack["layout"]): (number | null)[] => {
  if (members.length === 1) {
    const [clip] = members;
    const sourceChannels = clip?.source.mediaChannels ?? 1;
    const channel = clip?.channel ?? null;
    if (layout === "mono" || channel !== null) return [channel ?? 0];
    return Array.from({ length: sourceChannels }, (_, index) => index);
  }
  return members.map((member, side) => {
    if (member === null) return null;
    const last = (member.source.mediaChannels ?? members.length) - 1;
    return member.channel ?? Math.min(side, last);
  });
};

/** Final Cut pans the two halves of a stereo clip apart; joined they are centred again. */
const joinedPan = (members: readonly (PlacedClip | null)[]): { readonly pan: number; readonly agreed: boolean } => {
  const pans = members.flatMap((member) => (member === null ? [] : [member.filters.pan]));
  const [first = 0] = pans;
  if (pans.every((pan) => pan === first)) return { pan: first, agreed: true };
  return { pan: 0, agreed: pans.length === 2 && first === -1 && pans[1] === 1 };
};

const isSameLevel = (a: PlacedClip, b: PlacedClip | null): boolean =>
  b === null || (a.filters.volumeDb === b.filters.volumeDb && a.filters.gainDb === b.filters.gainDb);

const warn = (context: TrackContext, clip: PlacedClip, message: string): void => {
  context.warnings.push({
    code: "meaning",
    message: `Clip "${clip.name}" (${clip.id}): ${message}`,
    file: context.file,
  });
};

const clipOf = (joined: JoinedClip, layout: TimelineTrack["layout"], context: TrackContext): TimelineClip => {
  const { base, members } = joined;
  const { source, filters } = base;
  const map = channelMapOf(wantedChannels(joined, layout), layout);
  const { pan, agreed } = joinedPan(members);
  if (!agreed) warn(context, base, "its channels are panned differently; the clip is read as centred.");
  if (!members.every((member) => isSameLevel(base, member)))
    warn(context, base, `its channels have different levels; ${filters.volumeDb} dB is used for all.`);
  if (base.disagreementTicks > 0n && members.filter((member) => member !== null).length === 1)
    warn(context, base, "its timeline range and its source range differ; the timeline range is used.");
  for (const note of filters.notes) warn(context, base, `${note}.`);
  return {
    id: base.id,
    name: base.name,
    kind: source.kind,
    mediaPath: source.mediaPath,
    mediaName: source.mediaName,
    mediaChannels: source.mediaChannels,
    mediaSampleRate: source.mediaSampleRate,
    mediaDurationTicks: source.mediaDurationTicks,
    startTicks: String(base.startTicks),
    endTicks: String(base.endTicks),
    inTicks: String(base.inTicks),
    outTicks: String(base.outTicks),
    speed: filters.speed,
    reversed: filters.reversed,
    enabled: base.enabled,
    gainDb: filters.gainDb,
    volumeDb: filters.volumeDb,
    volumeKeys: mediaKeys(base, context.origin),
    pan: map.side === 0 ? pan : map.side,
    channels: map.channels,
    essentialSound: null,
    effects: filters.effects,
    ...(base.carried === null ? {} : { carried: base.carried }),
  };
};

/** Balance or pan that Premiere leaves on the track element. */
const trackPan = ({ attributes }: XmlElement): number =>
  attributes["PannerName"] === undefined ? 0 : panOf(attributes["PannerCurrentValue"]);

/** Makes a timeline track of the exploded tracks of the file; `number` counts from 1 like Premiere's own names. */
export const trackOf = (exploded: ExplodedTrack, number: number, context: TrackContext): TimelineTrack => {
  const [first] = exploded.elements;
  if (first === undefined) throw new TypeError("A track stands for at least one track of the file.");
  const name = first.attributes["MZ.TrackName"];
  return {
    id: `track-${number}`,
    name: name === undefined || name === "" ? `Audio ${number}` : name.normalize("NFC"),
    layout: exploded.layout,
    muted: !flagAt(first, "enabled", true),
    locked: flagAt(first, "locked", false),
    volumeDb: 0,
    pan: trackPan(first),
    clips: joinClips(exploded).map((joined) => clipOf(joined, exploded.layout, context)),
    transitions: exploded.members[0]?.transitions.map(({ transition }) => transition) ?? [],
  };
};
