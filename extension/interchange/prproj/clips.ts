import type { ChannelLayout } from "../../../schema/channel-layout.ts";
import type { Role } from "../../../schema/generated/mix-document.ts";
import { channelMapOf } from "../layout.ts";
import { gainToDb } from "../levels.ts";
import type { TimelineClip } from "../timeline.ts";
import { channelsOfLayout, isTrue, numberIn, type ProjectGraph, ticksAt } from "./graph.ts";
import { sourceOfClip } from "./media.ts";
import { leafOf, type ProjectObject } from "./objects.ts";
import { clipChain, type LevelScale } from "./parameters.ts";

/** A clip and what of it has no place in a timeline. */
export type ReadClip = { readonly clip: TimelineClip; readonly lost: readonly string[] };

const rolesByTag: Readonly<Record<string, Role>> = {
  dialog: "dialogue",
  music: "music",
  sfx: "effects",
  ambience: "ambience",
};
const rolesByMixType: Readonly<Record<string, Role>> = {
  "1": "dialogue",
  "2": "music",
  "4": "effects",
  "5": "ambience",
};

const properties = "ClipTrackItem/TrackItem/Node/Properties";

const essentialSound = (item: ProjectObject): Role | null =>
  rolesByTag[leafOf(item, `${properties}/ESP.Tag`) ?? ""] ??
  rolesByMixType[leafOf(item, `${properties}/ESP.ClipMixTypeID`) ?? ""] ??
  null;

/** Premiere writes the largest 64-bit number where an input of the clip is not connected. */
const disconnected = "18446744073709551615";

/** Source channel of each channel of the clip. */
const sourceChannels = (graph: ProjectGraph, clip: ProjectObject | null): (number | null)[] => {
  const contents = graph.followAll(clip, "SecondaryContents/SecondaryContentItem");
  if (contents.length > 0)
    return contents.map((content) => {
      const index = leafOf(content, "ChannelIndex") ?? "0";
      return index === disconnected || !/^\d{1,3}$/.test(index) ? null : Number(index);
    });
  return Array.from({ length: channelsOfLayout(leafOf(clip, "AudioChannelLayout")) ?? 1 }, (_, channel) => channel);
};

/** A retimed clip stores its source range multiplied by the speed; the DOM gives it divided and cut to a whole tick. */
const sourceTicks = (raw: bigint, speed: number): bigint =>
  speed === 1 ? raw : BigInt(Math.trunc(Number(raw) / speed));

const nameOf = (graph: ProjectGraph, sub: ProjectObject | null): string =>
  (leafOf(sub, "Name") ?? leafOf(graph.follow(sub, "MasterClip"), "Name") ?? "").normalize("NFC");

/** Reads one item of an audio track; null when it has no length. */
export const readClip = (
  graph: ProjectGraph,
  item: ProjectObject,
  layout: ChannelLayout,
  scale: LevelScale,
): ReadClip | null => {
  // Premiere leaves out a start of 0.
  const start = ticksAt(item, "ClipTrackItem/TrackItem/Start") ?? 0n;
  const end = ticksAt(item, "ClipTrackItem/TrackItem/End");
  if (end === null || end <= start) return null;
  const sub = graph.follow(item, "ClipTrackItem/SubClip");
  const clip = graph.follow(sub, "Clip");
  const written = numberIn(clip, "Clip/PlaybackSpeed") ?? 1;
  const speed = written === 0 ? 1 : Math.abs(written);
  const inTicks = sourceTicks(ticksAt(clip, "Clip/InPoint") ?? 0n, speed);
  const outPoint = ticksAt(clip, "Clip/OutPoint");
  const chain = clipChain(graph, graph.follow(item, "ClipTrackItem/ComponentOwner/Components"), scale);
  const map = channelMapOf(sourceChannels(graph, clip), layout);
  return {
    lost: [...chain.lost, ...(leafOf(clip, "Clip/TimeRemapping@") === null ? [] : ["time remapping"])],
    clip: {
      id: leafOf(item, "ID") ?? item.id,
      name: nameOf(graph, sub),
      ...sourceOfClip(graph, clip),
      startTicks: String(start),
      endTicks: String(end),
      inTicks: String(inTicks),
      outTicks: String(speed === 1 || outPoint === null ? inTicks + (end - start) : sourceTicks(outPoint, speed)),
      speed,
      reversed: isTrue(clip, "Clip/PlayBackwards") !== written < 0,
      enabled: !isTrue(item, "ClipTrackItem/IsMuted"),
      gainDb: gainToDb(numberIn(clip, "Gain") ?? 1),
      volumeDb: chain.volumeDb,
      volumeKeys: chain.volumeKeys,
      pan: map.side === 0 ? chain.pan : map.side,
      channels: map.channels,
      essentialSound: essentialSound(item),
      effects: chain.effects,
    },
  };
};
