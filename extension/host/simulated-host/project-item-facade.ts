import { collection } from "./collection.ts";
import type { DomChannelMapping, DomProjectItem, DomProjectItemCollection } from "./dom-surface.ts";
import { createBin, deleteBin } from "./edits.ts";
import type { ChannelType, ModelItem } from "./model.ts";
import { itemsBelow, type World, writes } from "./world.ts";

const models = new WeakMap<object, ModelItem>();

/** The model behind a project item that a script holds; null for anything else. */
export const itemModelOf = (facade: unknown): ModelItem | null =>
  typeof facade === "object" && facade !== null ? (models.get(facade) ?? null) : null;

const parentOf = (world: World, item: ModelItem): ModelItem | null =>
  [world.project.root, ...itemsBelow(world.project.root)].find(({ children }) => children.includes(item)) ?? null;

const treePathOf = (world: World, item: ModelItem): string => {
  const parent = parentOf(world, item);
  return parent ? `${treePathOf(world, parent)}\\${item.name}` : `\\${item.name}`;
};

class ChannelMapping implements DomChannelMapping {
  private readonly world: World;
  private type: number;
  audioClipsNumber: number;

  constructor(world: World, item: ModelItem) {
    this.world = world;
    this.type = item.channelType;
    this.audioClipsNumber = item.clipsNumber;
  }

  get audioChannelsType(): number {
    return this.type;
  }

  set audioChannelsType(type: number) {
    if (this.world.quirks.has("readOnlyChannelMapping")) {
      throw this.world.realm.error("Cannot set property audioChannelsType");
    }
    this.type = Number(type);
  }

  setMappingForChannel(): boolean {
    return true;
  }
}

/** A project item. The mapping is a copy: it takes effect only by `setAudioChannelMapping`. */
export class ProjectItemFacade implements DomProjectItem {
  private readonly world: World;
  private readonly model: ModelItem;
  declare readonly isMultiCamClip?: () => boolean;
  declare readonly isMulticamClip?: () => boolean;

  constructor(world: World, model: ModelItem) {
    this.world = world;
    this.model = model;
    models.set(this, model);
    Object.defineProperty(this, world.profile.multicamMember, { value: () => model.isMulticam });
  }

  get name(): string {
    return this.model.name;
  }

  set name(name: string) {
    if (writes(this.world)) this.model.name = String(name);
  }

  get nodeId(): string {
    return this.model.nodeId;
  }

  get type(): number {
    return this.model.type;
  }

  get treePath(): string {
    return treePathOf(this.world, this.model);
  }

  get children(): DomProjectItemCollection {
    const { world, model } = this;
    return collection(
      "numItems",
      () => model.children.length,
      (index): DomProjectItem => new ProjectItemFacade(world, model.children[index] as ModelItem),
    );
  }

  getMediaPath(): string {
    return this.model.mediaPath;
  }

  isOffline(): boolean {
    return this.model.mediaPath !== "" && this.world.isOffline(this.model.mediaPath);
  }

  /** Also true for multicam sources. */
  isSequence(): boolean {
    return this.model.isSequence || this.model.isMulticam;
  }

  isMergedClip(): boolean {
    return false;
  }

  createBin(name: string): DomProjectItem | 0 {
    if (this.model.type !== 2 && this.model.type !== 3) return 0;
    return new ProjectItemFacade(this.world, createBin(this.world, this.model, String(name)));
  }

  renameBin(name: string): boolean {
    if (this.model.type === 2) this.name = name;
    return true;
  }

  /** A silent no-op on anything that is not a bin. */
  deleteBin(): number {
    const parent = parentOf(this.world, this.model);
    if (parent && this.model.type === 2) deleteBin(this.world, parent, this.model);
    return 0;
  }

  get getAudioChannelMapping(): DomChannelMapping | undefined {
    return this.world.profile.hasChannelMapping && this.model.type === 1
      ? new ChannelMapping(this.world, this.model)
      : undefined;
  }

  setAudioChannelMapping(mapping: unknown): boolean {
    if (!(mapping instanceof ChannelMapping)) throw this.world.realm.error("Illegal Parameter type");
    if (writes(this.world)) {
      this.model.channelType = mapping.audioChannelsType as ChannelType;
      this.model.clipsNumber = mapping.audioClipsNumber;
    }
    return true;
  }
}
