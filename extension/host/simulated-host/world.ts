import type { MediaFacts, ModelItem, ModelProject } from "./model.ts";
import type { Profile, QuirkName } from "./quirks.ts";
import type { Realm } from "./realm.ts";

/** Everything that the facade objects share: one simulated Premiere. */
export type World = {
  readonly project: ModelProject;
  readonly profile: Profile;
  readonly quirks: ReadonlySet<QuirkName>;
  readonly ids: Ids;
  /** null = Premiere cannot read the file. */
  readonly mediaFacts: (path: string) => MediaFacts | null;
  readonly fileExists: (path: string) => boolean;
  readonly isOffline: (path: string) => boolean;
  /** The engine that scripts run in now; a restart gives another one. */
  realm: Realm;
  /** A modal dialog stands open: the running script never ends. */
  modalDialog: string | null;
  /** How often a script asked Premiere to quit. */
  quits: number;
};

/** Running numbers as Premiere gives them: node ids are hexadecimal strings, track ids numbers. */
export class Ids {
  private nodes = 0x000f4240;
  private tracks = 0;

  nextNode(): string {
    this.nodes += 1;
    return this.nodes.toString(16).padStart(8, "0");
  }

  nextTrack(): number {
    this.tracks += 1;
    return this.tracks;
  }
}

/** Whether a setter really writes. */
export const writes = (world: World): boolean => !world.quirks.has("ignoredWrites");

/** Every item below one, depth first. */
export const itemsBelow = (item: ModelItem): ModelItem[] =>
  item.children.flatMap((child) => [child, ...itemsBelow(child)]);
