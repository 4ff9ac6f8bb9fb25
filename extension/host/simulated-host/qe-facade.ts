import type { QeProject, QeSequence, QeTrack } from "./dom-surface.ts";
import { addTracks, removeTracks } from "./edits.ts";
import type { ChannelType, ModelSequence, ModelTrack } from "./model.ts";
import { shownName } from "./track-facade.ts";
import { type World, writes } from "./world.ts";

const qeTrack = (world: World, sequence: ModelSequence, track: ModelTrack): QeTrack => ({
  get name(): string {
    return shownName(track, sequence.tracks.indexOf(track));
  },
  get numItems(): number {
    return track.clips.length;
  },
  ...(world.quirks.has("setNameMissing")
    ? {}
    : {
        setName: (name: string): void => {
          if (writes(world)) track.name = String(name);
        },
      }),
  setMute: (mute: boolean): void => {
    if (writes(world)) track.muted = Boolean(mute);
  },
  setLock: (lock: boolean): void => {
    if (writes(world)) track.locked = Boolean(lock);
  },
});

/** Defaults as observed: no arguments at all put one video and one audio track at index 0. */
const ADD_TRACKS_DEFAULTS = [1, 0, 1, 1, 0, 0, 1, 0] as const;

const addTracksOf =
  (world: World, sequence: ModelSequence) =>
  (...places: number[]): boolean => {
    const [, , count, type, index] = ADD_TRACKS_DEFAULTS.map((usual, at) => places[at] ?? usual) as number[];
    if (world.quirks.has("addTracksDoesNothing")) return true;
    const at = world.quirks.has("addTracksInsertsAtZero") ? 0 : Math.min(index as number, sequence.tracks.length);
    addTracks(world, sequence, count as number, type as number as ChannelType, at);
    return true;
  };

/** A sequence as QE sees it: the one that was active when it was asked for. */
const qeSequence = (world: World, sequence: ModelSequence): QeSequence => ({
  get name(): string {
    return sequence.name;
  },
  get numAudioTracks(): number {
    return sequence.tracks.length;
  },
  getAudioTrackAt: (index) => {
    const track = sequence.tracks[index];
    return track ? qeTrack(world, sequence, track) : null;
  },
  addTracks: addTracksOf(world, sequence),
  removeAudioTrack: (index) => {
    removeTracks(world, sequence, (_track, at) => at === index);
    return true;
  },
  removeEmptyAudioTracks: () => {
    removeTracks(world, sequence, ({ clips }) => clips.length === 0);
    return true;
  },
});

const undoOf = ({ project: { undo } }: World): Partial<QeProject> => ({
  undo: () => {
    undo.undo();
    return true;
  },
  redo: () => {
    undo.redo();
    return true;
  },
  undoStackIndex: () => undo.index,
});

/** The undocumented global `qe`, as `app.enableQE()` puts it there. */
export const createQe = (world: World): { readonly project: QeProject } => ({
  project: {
    name: world.project.name,
    getActiveSequence: () => (world.project.active ? qeSequence(world, world.project.active) : null),
    ...(world.quirks.has("undoMissing") ? {} : undoOf(world)),
  },
});
