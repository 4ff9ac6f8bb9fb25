import { collection } from "./collection.ts";
import type { DomApplication, DomProject, DomProjectItem, DomSequence, DomSequenceCollection } from "./dom-surface.ts";
import { importFile } from "./edits.ts";
import type { ModelItem, ModelSequence } from "./model.ts";
import { itemModelOf, ProjectItemFacade } from "./project-item-facade.ts";
import { createQe } from "./qe-facade.ts";
import { deleteSequence } from "./sequence-edits.ts";
import { SequenceFacade, sequenceModelOf } from "./sequence-facade.ts";
import type { World } from "./world.ts";

/** The open project. */
class ProjectFacade implements DomProject {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  get name(): string {
    return this.world.project.name;
  }

  get path(): string {
    return this.world.project.path;
  }

  get documentID(): string {
    return this.world.project.documentId;
  }

  get rootItem(): DomProjectItem {
    return new ProjectItemFacade(this.world, this.world.project.root);
  }

  get sequences(): DomSequenceCollection {
    const { world } = this;
    return collection(
      "numSequences",
      () => world.project.sequences.length,
      (index): DomSequence => new SequenceFacade(world, world.project.sequences[index] as ModelSequence),
    );
  }

  get activeSequence(): DomSequence | undefined {
    const { active } = this.world.project;
    return active ? new SequenceFacade(this.world, active) : undefined;
  }

  openSequence(sequenceId: string): boolean {
    const found = this.world.project.sequences.find((sequence) => sequence.sequenceId === String(sequenceId));
    if (found) this.world.project.active = found;
    return found !== undefined;
  }

  deleteSequence(sequence: unknown): boolean {
    const model = sequenceModelOf(sequence);
    if (model) deleteSequence(this.world, model);
    return model !== null;
  }

  /** A path that does not exist opens a modal dialog even with suppressUI, and the script never goes on. */
  importFiles(paths: unknown, _suppressUI?: boolean, bin?: unknown): boolean {
    const { world } = this;
    const list = Array.from(paths as ArrayLike<unknown>, String);
    const missing = list.find((path) => !world.fileExists(path));
    if (missing !== undefined) {
      world.modalDialog = `File not found: ${missing}`;
      return false;
    }
    const target: ModelItem = itemModelOf(bin) ?? world.project.root;
    return list.map((path) => importFile(world, target, path)).every(Boolean);
  }

  getInsertionBin(): DomProjectItem {
    return this.rootItem;
  }

  save(): void {}
}

/** The global `app`; `quit` is a trip-wire that only counts. */
export const createApplication = (world: World): DomApplication => ({
  version: world.profile.version,
  build: world.profile.build,
  get project(): DomProject {
    return new ProjectFacade(world);
  },
  enableQE: (): boolean => {
    if (world.quirks.has("qeMissing")) return false;
    world.realm.define("qe", createQe(world));
    return true;
  },
  quit: (): void => {
    world.quits += 1;
  },
});
