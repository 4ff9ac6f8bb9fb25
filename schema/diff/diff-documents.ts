import { isSortedList } from "../canonical.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import { pointerOf } from "../pointer.ts";
import { entitySchema } from "../schema-walk.ts";
import { type Change, nameOfEntity } from "./change.ts";
import { atStart, diffValues, type ValueChange } from "./diff-values.ts";
import { homeNames, homesOf } from "./entity-kinds.ts";
import {
  type Entity,
  type EntityTable,
  entityPath,
  entityPointer,
  entityTable,
  homeKey,
  homeParts,
  ROOT_KEY,
} from "./entity-table.ts";
import { movedItems } from "./moved-items.ts";
import { unitOfName } from "./units.ts";

type Tables = { readonly before: EntityTable; readonly after: EntityTable };

const identity = (entity: Entity) => ({
  kind: entity.kind,
  id: entity.key === ROOT_KEY ? null : entity.id,
  name: nameOfEntity(entity),
});

/** A whole entity that came or went. */
const whole = (op: "add" | "remove", table: EntityTable, entity: Entity): Change => ({
  op,
  pointer: entityPointer(table, entity.key),
  path: entityPath(table, entity.key),
  ...identity(entity),
  field: "",
  before: op === "add" ? null : entity.value,
  after: op === "add" ? entity.value : null,
  unit: null,
});

/** An entity that stands elsewhere: in another list, or at another position of its own. */
const moved = (
  tables: Tables,
  entity: Entity,
  unit: "owner" | "position",
  before: unknown,
  after: unknown,
): Change => ({
  ...whole("add", tables.after, entity),
  op: "move",
  before,
  after,
  unit,
});

/** Points have the unit of their parameter, other things that of their name. */
const unitOf = ({ path, values: [was, is] }: ValueChange): string | null => {
  const unit =
    path[0] === "automation" && path[2] === "points" ? unitOfName(String(path[1])) : unitOfName(String(path.at(-1)));
  return typeof (is ?? was) === "string" && unit !== "ticks" ? null : unit;
};

const fieldChange = ({ before, after }: Tables, entity: Entity, change: ValueChange): Change => {
  const isGone = change.op === "remove";
  const own = isGone ? entityPointer(before, entity.key) : entityPointer(after, entity.key);
  const [was, is] = change.values;
  const isMove = change.op === "change" && change.path.length === 1 && change.path[0] === "startTicks";
  return {
    op: isMove ? "move" : change.op,
    pointer: own + pointerOf(isGone ? change.before : change.after),
    path: entityPath(isGone ? before : after, entity.key) + pointerOf(change.path),
    ...identity(entity),
    field: change.path.join("/"),
    before: was ?? null,
    after: is ?? null,
    unit: change.op === "move" ? "position" : unitOf(change),
  };
};

const entityChanges = (tables: Tables, was: Entity, is: Entity): readonly Change[] => {
  const ownerMove =
    was.home === is.home ? [] : [moved(tables, is, "owner", ownerId(tables.before, was), ownerId(tables.after, is))];
  const schema = entitySchema(is.kind, is.value);
  const fields = diffValues(was.value, is.value, schema, atStart, homeNames(is.kind));
  return [...ownerMove, ...fields.map((change) => fieldChange(tables, is, change))];
};

const ownerId = ({ entities }: EntityTable, { home }: Entity) => entities.get(homeParts(home).owner)!.id;

/** Items of the entity's lists that changed places among those that stayed. */
const orderChanges = (tables: Tables, owner: Entity): readonly Change[] =>
  homesOf(owner.kind).flatMap(({ name, schema, isMap }) => {
    if (isMap || isSortedList(schema)) return [];
    const home = homeKey(owner.key, name);
    const [was, is] = [tables.before.lists.get(home) ?? [], tables.after.lists.get(home) ?? []];
    return movedItems(was, is).map((key) =>
      moved(tables, tables.after.entities.get(key)!, "position", was.indexOf(key), is.indexOf(key)),
    );
  });

/**
 * What differs between two documents: entities by id wherever they stand, automation by parameter and time, unknown data too, in
 * document order, what went away last. Entities that come or go are one change with all that they hold.
 */
export const diffDocuments = (before: MixDocument, after: MixDocument): readonly Change[] => {
  const tables = { before: entityTable(before), after: entityTable(after) };
  const changes: Change[] = [];
  for (const is of tables.after.entities.values()) {
    const was = tables.before.entities.get(is.key);
    if (was !== undefined) changes.push(...entityChanges(tables, was, is), ...orderChanges(tables, is));
    else if (tables.before.entities.has(homeParts(is.home).owner)) changes.push(whole("add", tables.after, is));
  }
  for (const was of tables.before.entities.values()) {
    const isGone = !tables.after.entities.has(was.key);
    if (isGone && tables.after.entities.has(homeParts(was.home).owner))
      changes.push(whole("remove", tables.before, was));
  }
  return changes;
};
