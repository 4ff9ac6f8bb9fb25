import { byCodePoint, inCanonicalOrder, isSortedList } from "../canonical.ts";
import { type EntityHome, entityKinds, homeNames, homesOf } from "../diff/entity-kinds.ts";
import { type Entity, type EntityTable, entityPath, homeKey, homeParts, ROOT_KEY } from "../diff/entity-table.ts";
import type { Members } from "../diff/same.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import { pointerOf } from "../pointer.ts";
import { entitySchema } from "../schema-walk.ts";
import { type Clash, type Conflict, conflictOf } from "./conflict.ts";
import { mergeOrder } from "./merge-order.ts";
import { eachSide, mergeValues } from "./merge-values.ts";
import { choiceAt, type Policy, type Side, type Three } from "./policy.ts";
import { type Touched, touchedBy } from "./touched.ts";

/** What is taken from one side whatever the merge would say: the fields named, or all of the entity. */
export type Pin = { readonly side: Side; readonly fields: ReadonlySet<string> | "all" };
export type Pins = ReadonlyMap<string, Pin>;

/** Two chains that both sides lengthened at one place. */
export type Together = { readonly owner: Entity; readonly keys: readonly string[] };

export type Attempt = {
  readonly document: MixDocument;
  readonly conflicts: readonly Conflict[];
  readonly together: readonly Together[];
};

type Versions = Three<Entity | undefined>;

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

const withoutHomes = ({ kind, value }: Entity): Members => {
  const own: Record<string, unknown> = { ...value };
  for (const name of homeNames(kind)) delete own[name];
  return own;
};

/** Merges three documents entity by entity: who stays, where it stands, what it says, in which order. */
export class EntityMerger {
  private readonly tables: Three<EntityTable>;
  private readonly policy: Policy;
  private readonly pins: Pins;
  private readonly touched: { readonly ours: Touched; readonly theirs: Touched };
  /** Home of every entity that stays. */
  private readonly homes = new Map<string, string>();
  /** Entities that are taken from one side as a whole, or not at all. */
  private readonly fixed = new Map<string, Side>();
  private readonly members = new Map<string, string[]>();
  private readonly conflicts: Conflict[] = [];
  private readonly together: Together[] = [];

  constructor(tables: Three<EntityTable>, policy: Policy, pins: Pins) {
    this.tables = tables;
    this.policy = policy;
    this.pins = pins;
    this.touched = { ours: touchedBy(tables.base, tables.ours), theirs: touchedBy(tables.base, tables.theirs) };
  }

  merge(): Attempt {
    for (const key of this.keys()) this.place(key);
    const document = this.build(ROOT_KEY) as MixDocument;
    return { document, conflicts: this.conflicts, together: this.together };
  }

  /** Owners in front of what they hold. */
  private keys(): readonly string[] {
    const { base, ours, theirs } = this.tables;
    const byKind = new Map(entityKinds.map((kind) => [kind, new Set<string>()]));
    for (const { entities } of [ours, theirs, base])
      for (const { key, kind } of entities.values()) byKind.get(kind)!.add(key);
    return [...byKind.values()].flatMap((keys) => [...keys]);
  }

  private versions(key: string): Versions {
    return eachSide(this.tables, ({ entities }) => entities.get(key));
  }

  private known(key: string): Entity {
    const { base, ours, theirs } = this.versions(key);
    return (base ?? ours ?? theirs)!;
  }

  private path(key: string): string {
    const home = this.homes.get(key);
    if (home === undefined) {
      const table = Object.values(this.tables).find(({ entities }) => entities.has(key));
      return entityPath(table!, key);
    }
    if (home === "") return "";
    const { owner, name } = homeParts(home);
    return this.path(owner) + pointerOf([name, this.known(key).id]);
  }

  private clash(key: string, clash: Omit<Clash, "path">): Side {
    const path = this.path(key) + pointerOf(clash.fields);
    const choice = choiceAt(this.policy, path);
    const taken = choice === "fail" ? "ours" : choice;
    this.conflicts.push(conflictOf(this.known(key), { ...clash, path }, taken, choice !== "fail"));
    return taken;
  }

  /** The side that decided about everything that holds this entity. */
  private inherited(versions: Versions): Side | undefined {
    const owners = Object.values(versions)
      .filter(isDefined)
      .map(({ home }) => this.fixed.get(homeParts(home).owner));
    return owners.every((side) => side === owners[0]) ? owners[0] : undefined;
  }

  private place(key: string): void {
    const versions = this.versions(key);
    const pin = this.pins.get(key);
    const side = pin?.fields === "all" ? pin.side : this.inherited(versions);
    const home = side === undefined ? this.mergedHome(key, versions, pin) : this.take(key, versions, side);
    if (home !== undefined) this.settle(key, home, versions);
  }

  private take(key: string, versions: Versions, side: Side): string | undefined {
    this.fixed.set(key, side);
    return versions[side]?.home;
  }

  /** undefined: the entity goes. */
  private mergedHome(key: string, versions: Versions, pin: Pin | undefined): string | undefined {
    const { base, ours, theirs } = versions;
    if (pin !== undefined && (versions[pin.side] === undefined || !ours || !theirs))
      return this.take(key, versions, pin.side);
    if (pin !== undefined) return versions[pin.side]!.home;
    if (!ours && !theirs) return undefined;
    if (base && !(ours && theirs)) {
      const isChanged = this.touched[ours ? "ours" : "theirs"].any.has(key);
      if (!isChanged) return undefined;
      const values = eachSide(versions, (version) => version?.value);
      return this.take(key, versions, this.clash(key, { reason: "removed", fields: [], values }));
    }
    if (!ours || !theirs) return (ours ?? theirs)!.home;
    if (ours.home === theirs.home || base?.home === theirs.home) return ours.home;
    if (base?.home === ours.home) return theirs.home;

    const values = eachSide(versions, (version) => version && this.known(homeParts(version.home).owner).id);
    return versions[this.clash(key, { reason: "owner", fields: [], values })]?.home ?? ours.home;
  }

  /** Enters the entity where it belongs; when that went away by decision of a side, where that side has it. */
  private settle(key: string, home: string, versions: Versions): void {
    const isThere = (place: string) => place === "" || this.homes.has(homeParts(place).owner);
    const decided = home === "" ? undefined : this.fixed.get(homeParts(home).owner);
    const other = decided && versions[decided]?.home;
    const place = isThere(home) ? home : other;
    if (place === undefined || !isThere(place)) return;
    this.homes.set(key, place);
    const members = this.members.get(place);
    if (members === undefined) this.members.set(place, [key]);
    else members.push(key);
  }

  private fields(key: string): Members {
    const versions = this.versions(key);
    const { base, ours, theirs } = versions;
    const side = this.fixed.get(key);
    if (side !== undefined) return withoutHomes(versions[side]!);
    if (!ours || !theirs) return withoutHomes((ours ?? theirs)!);
    const pin = this.pins.get(key);
    const merged = this.mergedFields(key, { base, ours, theirs });
    if (pin === undefined || pin.fields === "all") return merged;
    const own = versions[pin.side]!.value;
    return { ...merged, ...Object.fromEntries([...pin.fields].map((name) => [name, own[name]])) };
  }

  private mergedFields(key: string, versions: { base: Entity | undefined; ours: Entity; theirs: Entity }): Members {
    const { base, ours, theirs } = versions;
    if (!this.touched.theirs.fields.has(key)) return withoutHomes(ours);
    if (!this.touched.ours.fields.has(key)) return withoutHomes(theirs);
    const values = { base: base && withoutHomes(base), ours: withoutHomes(ours), theirs: withoutHomes(theirs) };
    const schemas = eachSide(versions as Versions, (version) => entitySchema(ours.kind, version?.value));
    return mergeValues(values, schemas, [], ({ path, reason, values: each }) =>
      this.clash(key, { reason, fields: path, values: each }),
    ) as Members;
  }

  private build(key: string): Members {
    const value: Record<string, unknown> = { ...this.fields(key) };
    const { kind } = this.known(key);
    for (const home of homesOf(kind)) {
      const keys = this.members.get(homeKey(key, home.name)) ?? [];
      const isNamed = Object.values(this.versions(key)).some((version) => version?.value[home.name] !== undefined);
      if (keys.length > 0 || isNamed) value[home.name] = this.list(key, home, keys);
    }
    return value;
  }

  private list(owner: string, { name, schema, isMap }: EntityHome, keys: readonly string[]): unknown {
    if (isMap) return Object.fromEntries(keys.map((key) => [this.known(key).id, this.build(key)]));
    const ordered = isSortedList(schema) ? keys : this.ordered(owner, name, keys);
    return inCanonicalOrder(
      ordered.map((key) => this.build(key)),
      schema,
    );
  }

  private ordered(owner: string, name: string, keys: readonly string[]): readonly string[] {
    const lists = eachSide(this.tables, (table) => table.lists.get(homeKey(owner, name)) ?? []);
    const members = new Set(keys);
    const side = this.fixed.get(owner);
    const merged = mergeOrder(lists, members);
    if (merged.order === null) {
      const values = eachSide(lists, (list) => list.map((key) => this.known(key).id));
      const taken = side ?? this.clash(owner, { reason: "order", fields: [name], values });
      return [...new Set([...lists[taken].filter((key) => members.has(key)), ...[...keys].sort(byCodePoint)])];
    }
    const told = merged.together.filter((run) => this.known(run[0]!).kind === "Processor");
    for (const run of told) this.together.push({ owner: this.known(owner), keys: run });
    return [...new Set([...merged.order, ...[...keys].sort(byCodePoint)])];
  }
}
