import { itemOf } from "./edits.ts";
import type { ModelItem, ModelSequence } from "./model.ts";
import type { World } from "./world.ts";

const setSequences = (
  world: World,
  next: readonly ModelSequence[],
  active: ModelSequence | null,
  root: ModelItem[],
) => {
  const { project } = world;
  const before = { sequences: [...project.sequences], active: project.active, root: project.root.children };
  const assign = (state: { sequences: readonly ModelSequence[]; active: ModelSequence | null; root: ModelItem[] }) => {
    project.sequences.splice(0, project.sequences.length, ...state.sequences);
    project.active = state.active;
    project.root.children = state.root;
  };
  project.undo.perform(
    () => assign({ sequences: next, active, root }),
    () => assign(before),
  );
};

/** Copies a sequence into the root bin as "<name> Copy" and brings the copy to the front. */
export const cloneSequence = (world: World, original: ModelSequence): void => {
  const { project, ids } = world;
  const name = `${original.name} Copy`;
  const item = itemOf(world, { name, type: 1, isSequence: true });
  const copy: ModelSequence = {
    ...original,
    sequenceId: `${original.sequenceId}-copy-${item.nodeId}`,
    name,
    tracks: original.tracks.map((track) => ({
      ...track,
      id: ids.nextTrack(),
      clips: track.clips.map((clip) => ({ ...clip, nodeId: ids.nextNode() })),
    })),
    item,
  };
  setSequences(world, [...project.sequences, copy], copy, [...project.root.children, item]);
};

/** Takes a sequence and its item out of the project. */
export const deleteSequence = (world: World, gone: ModelSequence): void => {
  const { project } = world;
  const left = project.sequences.filter((sequence) => sequence !== gone);
  const active = project.active === gone ? (left[0] ?? null) : project.active;
  const root = project.root.children.filter((item) => item !== gone.item);
  setSequences(world, left, active, root);
};
