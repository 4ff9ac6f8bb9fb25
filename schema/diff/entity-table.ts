import type { MixDocument } from "../generated/mix-document.ts";
import { pointerOf } from "../pointer.ts";
import { homesOf, ROOT_KIND } from "./entity-kinds.ts";
import type { Members } from "./same.ts";

/** One entity of a document, found by its id wherever it stands. */
export type Entity = {
  readonly key: string;
  readonly kind: string;
  /** "" for the document itself. */
  readonly id: string;
  /** Key of the list that it stands in. */
  readonly home: string;
  /** As it stands in the document, with all that it holds. */
  readonly value: Members;
  /** Its position in a list, its key in a map. */
  readonly place: number | string;
};

/** A document as entities by key, and the order of the ids in each list. */
export type EntityTable = {
  readonly entities: ReadonlyMap<string, Entity>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
};

/** Ids are unique in a document, but two people may give one id to two kinds. */
export const entityKey = (kind: string, id: string): string => `${kind} ${id}`;

export const ROOT_KEY: string = entityKey(ROOT_KIND, "");

/** The list `name` of an owner. */
export const homeKey = (owner: string, name: string): string => `${owner}/${name}`;

/** Owner and name of a list; ids hold no slash. */
export const homeParts = (home: string): { readonly owner: string; readonly name: string } => {
  const slash = home.lastIndexOf("/");
  return { owner: home.slice(0, slash), name: home.slice(slash + 1) };
};

const itemsOf = (list: unknown, isMap: boolean): readonly (readonly [string, Members])[] => {
  if (isMap) return Object.entries((list ?? {}) as Record<string, Members>);
  return ((list ?? []) as readonly (Members & { readonly id: string })[]).map((item) => [item.id, item]);
};

/** Walks through a document once, owners in front of what they hold. undefined gives the empty table. */
export const entityTable = (document: MixDocument | undefined): EntityTable => {
  const entities = new Map<string, Entity>();
  const lists = new Map<string, readonly string[]>();
  const visit = (entity: Entity) => {
    entities.set(entity.key, entity);
    for (const { name, kind, isMap } of homesOf(entity.kind)) {
      const home = homeKey(entity.key, name);
      const items = itemsOf(entity.value[name], isMap);
      lists.set(
        home,
        items.map(([id]) => entityKey(kind, id)),
      );
      for (const [index, [id, value]] of items.entries())
        visit({ key: entityKey(kind, id), kind, id, home, value, place: isMap ? id : index });
    }
  };
  if (document) visit({ key: ROOT_KEY, kind: ROOT_KIND, id: "", home: "", value: document, place: 0 });
  return { entities, lists };
};

const segmentsOf = (
  table: EntityTable,
  key: string,
  segment: (entity: Entity) => string | number,
): readonly (string | number)[] => {
  const entity = table.entities.get(key);
  if (entity === undefined || key === ROOT_KEY) return [];
  const { owner, name } = homeParts(entity.home);
  return [...segmentsOf(table, owner, segment), name, segment(entity)];
};

/** The way to an entity by ids: /tracks/trk_dx/clips/clp_a. */
export const entityPath = (table: EntityTable, key: string): string =>
  pointerOf(segmentsOf(table, key, ({ id }) => id));

/** The way to an entity by positions (RFC 6901): /tracks/0/clips/3. */
export const entityPointer = (table: EntityTable, key: string): string =>
  pointerOf(segmentsOf(table, key, ({ place }) => place));
