import { type ChannelLayout, channelCount } from "../../../schema/channel-layout.ts";
import { TICKS_PER_SECOND } from "../../../schema/ticks.ts";
import type { Timeline, TimelineClip, TimelineTrack } from "../../interchange/timeline.ts";
import { itemOf } from "./edits.ts";
import {
  levelOfDb,
  type ModelClip,
  type ModelItem,
  type ModelParam,
  type ModelSequence,
  type ModelTrack,
  still,
  typeOfChannels,
} from "./model.ts";
import type { World } from "./world.ts";

/** Ticks of one picture frame from "25", "30000/1001" or "29.97"; a decimal stands for the NTSC rate below the next whole. */
export const timebaseOf = (frameRate: string): bigint => {
  const [, whole, denominator, decimals] = /^([0-9]+)(?:\/([0-9]+)|\.([0-9]+))?$/.exec(frameRate) ?? [];
  const numerator = BigInt(whole ?? 0);
  if (numerator === 0n || denominator === "0") throw new TypeError(`"${frameRate}" is not a frame rate.`);
  if (decimals !== undefined) return (TICKS_PER_SECOND * 1001n) / ((numerator + 1n) * 1000n);
  return (TICKS_PER_SECOND * BigInt(denominator ?? 1)) / numerator;
};

const displayFormats: { readonly [nominalRate: string]: readonly [nonDrop: number, drop: number] } = {
  "24": [100, 100],
  "25": [101, 101],
  "30": [103, 102],
  "50": [105, 105],
  "60": [107, 106],
};

const displayFormatOf = (timebase: bigint, dropFrame: boolean): number => {
  const nominal = String(Math.round(Number(TICKS_PER_SECOND) / Number(timebase)));
  return (displayFormats[nominal] ?? [109, 109])[dropFrame ? 1 : 0];
};

const sequenceTypes: { readonly [layout in ChannelLayout]: number } = { mono: 0, stereo: 1, "5.1": 2, "7.1": 3 };

/** Premiere holds one key at a time: of a step the first stands a tick earlier. */
const levelParam = (clip: TimelineClip): ModelParam => {
  const keys = clip.volumeKeys.map(({ mediaTicks, levelDb }, index, all) => ({
    ticks: BigInt(mediaTicks) - (all[index + 1]?.mediaTicks === mediaTicks ? 1n : 0n),
    value: levelOfDb(levelDb),
  }));
  return { value: levelOfDb(clip.volumeDb), keys: keys.length > 0 ? keys : null };
};

/** One project item per media file; nested sequences and synthetics each have their own. */
class Items {
  private readonly byKey = new Map<string, ModelItem>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  itemFor(clip: TimelineClip): ModelItem | null {
    if (clip.kind === "synthetic") return null;
    const key = clip.mediaPath || `${clip.kind} ${clip.mediaName || clip.name}`;
    const known = this.byKey.get(key);
    if (known) return known;
    const item = itemOf(this.world, {
      name: clip.mediaName || clip.name,
      type: 1,
      mediaPath: clip.mediaPath,
      durationTicks: BigInt(clip.mediaDurationTicks ?? clip.outTicks),
      isSequence: clip.kind === "sequence",
      isMulticam: clip.kind === "multicam",
      channelType: typeOfChannels(clip.mediaChannels ?? clip.channels.length),
    });
    this.byKey.set(key, item);
    this.world.project.root.children.push(item);
    return item;
  }
}

const clipOf = (world: World, items: Items, track: TimelineTrack, clip: TimelineClip): ModelClip => {
  const channels = clip.channels.length || channelCount(track.layout);
  const unset = clip.kind === "synthetic";
  return {
    nodeId: world.ids.nextNode(),
    name: clip.name,
    item: items.itemFor(clip),
    start: BigInt(clip.startTicks),
    end: BigInt(clip.endTicks),
    inPoint: unset ? null : BigInt(clip.inTicks),
    outPoint: unset ? null : BigInt(clip.outTicks),
    speed: clip.speed,
    reversed: clip.reversed,
    disabled: !clip.enabled,
    channelType: typeOfChannels(channels),
    bypass: still(false),
    level: levelParam(clip),
    channelLevels: channels > 1 ? Array.from({ length: channels }, () => still(levelOfDb(0))) : [],
    effects: clip.effects,
  };
};

const trackOf = (world: World, items: Items, track: TimelineTrack): ModelTrack => ({
  id: world.ids.nextTrack(),
  name: track.name === "" ? null : track.name,
  channelType: typeOfChannels(channelCount(track.layout)),
  muted: track.muted,
  locked: track.locked,
  clips: track.clips.map((clip) => clipOf(world, items, track, clip)),
  transitions: track.transitions.map(({ name, matchName, startTicks, endTicks }) => ({
    nodeId: world.ids.nextNode(),
    name,
    matchName,
    start: BigInt(startTicks),
    end: BigInt(endTicks),
  })),
});

const sequenceOf = (world: World, items: Items, timeline: Timeline): ModelSequence => {
  const timebase = timebaseOf(timeline.frameRate);
  const item = itemOf(world, { name: timeline.name, type: 1, isSequence: true });
  world.project.root.children.push(item);
  return {
    sequenceId: timeline.id,
    name: timeline.name,
    timebase,
    zeroPoint: BigInt(timeline.zeroPointTicks),
    end: BigInt(timeline.durationTicks),
    sampleRate: timeline.sampleRate,
    channelType: sequenceTypes[timeline.layout],
    displayFormat: displayFormatOf(timebase, timeline.dropFrame),
    tracks: timeline.tracks.map((track) => trackOf(world, items, track)),
    item,
  };
};

/** Fills an empty project with one sequence per timeline; the first one is active. */
export const seedProject = (world: World, timelines: readonly Timeline[]): void => {
  const items = new Items(world);
  for (const timeline of timelines) world.project.sequences.push(sequenceOf(world, items, timeline));
  world.project.active = world.project.sequences[0] ?? null;
};
