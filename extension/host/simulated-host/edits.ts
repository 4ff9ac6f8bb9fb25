import { baseName } from "./file-facade.ts";
import {
  type ChannelType,
  channelsOfType,
  levelOfDb,
  type ModelClip,
  type ModelItem,
  type ModelSequence,
  type ModelTrack,
  still,
  typeOfChannels,
} from "./model.ts";
import { itemsBelow, type World } from "./world.ts";

/** A clip of a whole project item at a point of the timeline, at unity. */
const clipOf = (world: World, item: ModelItem, start: bigint): ModelClip => ({
  nodeId: world.ids.nextNode(),
  name: item.name,
  item,
  start,
  end: start + item.durationTicks,
  inPoint: 0n,
  outPoint: item.durationTicks,
  speed: 1,
  reversed: false,
  disabled: false,
  channelType: item.channelType,
  bypass: still(false),
  level: still(levelOfDb(world.quirks.has("placedNotAtUnity") ? -6 : 0)),
  channelLevels:
    item.channelType === 0 ? [] : Array.from({ length: channelsOfType[item.channelType] }, () => still(levelOfDb(0))),
  effects: [],
});

/** What is left of a clip outside [from, to): 0, 1 or 2 clips. The originals stay as they are, for undo. */
const outside = (world: World, clip: ModelClip, from: bigint, to: bigint): ModelClip[] => {
  if (clip.end <= from || clip.start >= to) return [clip];
  const left = { ...clip, end: from, outPoint: clip.inPoint === null ? null : clip.inPoint + (from - clip.start) };
  const right = {
    ...clip,
    nodeId: world.ids.nextNode(),
    start: to,
    inPoint: clip.inPoint === null ? null : clip.inPoint + (to - clip.start),
  };
  return [...(clip.start < from ? [left] : []), ...(clip.end > to ? [right] : [])];
};

const setClips = (world: World, tracks: readonly ModelTrack[], next: readonly ModelClip[][]): void => {
  const before = tracks.map(({ clips }) => clips);
  const assign = (lists: readonly ModelClip[][]) => () => {
    tracks.forEach((track, at) => {
      track.clips = lists[at] as ModelClip[];
    });
  };
  world.project.undo.perform(assign(next), assign(before));
};

/** Standard tracks take mono and stereo clips, others only their own kind. */
const takes = (track: ModelTrack, type: ChannelType): boolean =>
  track.channelType === type || (track.channelType === 1 && type === 0);

/** Overwrites with a whole item; a source split into several clips falls on as many tracks, downward. */
export const overwrite = (world: World, sequence: ModelSequence, first: number, item: ModelItem, at: bigint): void => {
  const tracks = sequence.tracks.slice(first, first + item.clipsNumber);
  if (!tracks.every((track) => takes(track, item.channelType))) return;
  const end = at + item.durationTicks;
  const next = tracks.map(({ clips }) =>
    [...clips.flatMap((clip) => outside(world, clip, at, end)), clipOf(world, item, at)].sort((left, right) =>
      left.start < right.start ? -1 : 1,
    ),
  );
  setClips(world, tracks, next);
};

/** Removes one clip; nothing ripples. */
export const removeClip = (world: World, track: ModelTrack, clip: ModelClip): void =>
  setClips(world, [track], [track.clips.filter((other) => other !== clip)]);

const setTracks = (world: World, sequence: ModelSequence, next: ModelTrack[]): void => {
  const before = sequence.tracks;
  world.project.undo.perform(
    () => {
      sequence.tracks = next;
    },
    () => {
      sequence.tracks = before;
    },
  );
};

/** Adds empty audio tracks of one type before `index`. */
export const addTracks = (
  world: World,
  sequence: ModelSequence,
  count: number,
  type: ChannelType,
  index: number,
): void => {
  const fresh = Array.from(
    { length: count },
    (): ModelTrack => ({
      id: world.ids.nextTrack(),
      name: null,
      channelType: type,
      muted: false,
      locked: false,
      clips: [],
      transitions: [],
    }),
  );
  setTracks(world, sequence, [...sequence.tracks.slice(0, index), ...fresh, ...sequence.tracks.slice(index)]);
};

/** Removes the tracks that a test picks out, with all their clips. */
export const removeTracks = (
  world: World,
  sequence: ModelSequence,
  gone: (track: ModelTrack, index: number) => boolean,
): void =>
  setTracks(
    world,
    sequence,
    sequence.tracks.filter((track, index) => !gone(track, index)),
  );

const setChildren = (world: World, bin: ModelItem, next: ModelItem[]): void => {
  const before = bin.children;
  world.project.undo.perform(
    () => {
      bin.children = next;
    },
    () => {
      bin.children = before;
    },
  );
};

/** An item that stands in a bin, without children. */
export const itemOf = (world: World, facts: Partial<ModelItem> & Pick<ModelItem, "name" | "type">): ModelItem => ({
  nodeId: world.ids.nextNode(),
  mediaPath: "",
  durationTicks: 0n,
  isSequence: false,
  isMulticam: false,
  channelType: 1,
  clipsNumber: 1,
  children: [],
  ...facts,
});

/** Makes an empty bin. */
export const createBin = (world: World, parent: ModelItem, name: string): ModelItem => {
  const bin = itemOf(world, { name, type: 2 });
  setChildren(world, parent, [...parent.children, bin]);
  return bin;
};

/** Imports one file that exists and that Premiere can read; false when it cannot. */
export const importFile = (world: World, bin: ModelItem, mediaPath: string): boolean => {
  const facts = world.mediaFacts(mediaPath);
  if (!facts) return false;
  const split = world.quirks.has("importsAsMono");
  const item = itemOf(world, {
    name: baseName(mediaPath),
    type: 1,
    mediaPath,
    durationTicks: facts.durationTicks,
    channelType: split ? 0 : typeOfChannels(facts.channels),
    clipsNumber: split ? facts.channels : 1,
  });
  setChildren(world, bin, [...bin.children, item]);
  return true;
};

/** Deletes a bin; whatever uses its items goes from every sequence too. */
export const deleteBin = (world: World, parent: ModelItem, bin: ModelItem): void => {
  const gone = new Set([bin, ...itemsBelow(bin)]);
  const tracks = world.project.sequences.flatMap((sequence) => sequence.tracks);
  const before = { children: parent.children, clips: tracks.map(({ clips }) => clips) };
  const keep = (clip: ModelClip): boolean => !clip.item || !gone.has(clip.item);
  world.project.undo.perform(
    () => {
      parent.children = parent.children.filter((item) => item !== bin);
      for (const track of tracks) if (!track.clips.every(keep)) track.clips = track.clips.filter(keep);
    },
    () => {
      parent.children = before.children;
      tracks.forEach((track, at) => {
        track.clips = before.clips[at] as ModelClip[];
      });
    },
  );
};
