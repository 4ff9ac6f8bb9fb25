import { homesOf, ROOT_KIND } from "../diff/entity-kinds.ts";
import { type EntityTable, entityKey, entityPath, entityTable, homeParts, ROOT_KEY } from "../diff/entity-table.ts";
import { isSame } from "../diff/same.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import { pointerSegments } from "../pointer.ts";
import type { Problem } from "../problem.ts";
import { type Conflict, conflictOf } from "./conflict.ts";
import type { Pin, Pins } from "./merge-entities.ts";
import { eachSide } from "./merge-values.ts";
import { choiceAt, type Policy, type Side, type Three } from "./policy.ts";

/** By these entities meet, in time or in the signal's way; gains and names never make a document invalid. */
const meetingFields = ["startTicks", "durationTicks", "output", "to", "from", "keys", "targets"];

/** The innermost entity on the way to a pointer, and the field of it that the pointer names. */
const entityAt = (
  document: MixDocument,
  pointer: string,
): { readonly key: string; readonly field: string | undefined } => {
  let [key, kind, value] = [ROOT_KEY, ROOT_KIND, document as Readonly<Record<string, unknown>>];
  const segments = [...pointerSegments(pointer)];
  for (let home = homesOf(kind).find(({ name }) => name === segments[0]); home && segments.length > 1; ) {
    const [name, place] = segments.splice(0, 2) as [string, string];
    const item = (value[name] as typeof value)[place] as typeof value | undefined;
    if (item === undefined) break;
    [key, kind, value] = [entityKey(home.kind, home.isMap ? place : String(item["id"])), home.kind, item];
    home = homesOf(kind).find((one) => one.name === segments[0]);
  }
  return { key, field: segments[0] };
};

/** What a round of problems asks of one entity. */
type Wish = { readonly side: Side; readonly fields: Set<string>; readonly message: string };

/** Decides, problem by problem, what has to be taken from one side so that a merged document is valid. */
export class Fitting {
  private readonly tables: Three<EntityTable>;
  private readonly policy: Policy;
  private readonly keysById = new Map<string, Set<string>>();
  private readonly levels = new Map<string, number>();
  private readonly messages = new Map<string, string>();
  private readonly chosen = new Map<string, Pin>();

  constructor(tables: Three<EntityTable>, policy: Policy) {
    this.tables = tables;
    this.policy = policy;
    for (const { entities } of [tables.ours, tables.theirs])
      for (const { id, key } of entities.values()) this.keysById.set(id, (this.keysById.get(id) ?? new Set()).add(key));
  }

  get pins(): Pins {
    return this.chosen;
  }

  /** Takes more of one side at every place that a problem of the merged document names. */
  fit(document: MixDocument, problems: readonly Problem[]): void {
    const merged = entityTable(document);
    const wanted = new Map<string, Wish>();
    for (const { pointer = "", subjects = [], message } of problems) {
      const { key, field } = entityAt(document, pointer);
      const choice = choiceAt(this.policy, entityPath(merged, key));
      const side = choice === "fail" ? "ours" : choice;
      const keys = new Set([key, ...subjects.flatMap((id) => [...(this.keysById.get(id) ?? [])])]);
      for (const one of keys) {
        const wish = wanted.get(one) ?? { side, fields: new Set(meetingFields), message };
        wanted.set(one, wish);
        if (one === key && field !== undefined) wish.fields.add(field);
      }
    }
    for (const [key, wish] of wanted) this.raise(key, wish);
  }

  /** First where it meets others, then all of it, then what holds it. */
  private raise(key: string, wish: Wish): void {
    const level = (this.levels.get(key) ?? 0) + 1;
    this.levels.set(key, level);
    if (!this.messages.has(key)) this.messages.set(key, wish.message);
    this.chosen.set(key, { side: wish.side, fields: level === 1 ? wish.fields : "all" });
    const owner = this.known(key)?.home;
    if (level > 2 && owner) this.raise(homeParts(owner).owner, { ...wish, fields: new Set(meetingFields) });
  }

  private known(key: string) {
    const { base, ours, theirs } = eachSide(this.tables, ({ entities }) => entities.get(key));
    return base ?? ours ?? theirs;
  }

  /** The entities that differ between the sides and of which one side's version was taken. */
  get conflicts(): readonly Conflict[] {
    return [...this.chosen].flatMap(([key, { side }]) => {
      const versions = eachSide(this.tables, ({ entities }) => entities.get(key));
      const entity = this.known(key);
      const [ours, theirs] = [versions.ours, versions.theirs];
      if (!entity || (ours?.home === theirs?.home && isSame(ours?.value, theirs?.value))) return [];
      const values = eachSide(versions, (version) => version?.value);
      const table = Object.values(this.tables).find(({ entities }) => entities.has(key))!;
      const path = entityPath(table, key);
      const isResolved = choiceAt(this.policy, path) !== "fail";
      const message = this.messages.get(key)!;
      return [conflictOf(entity, { reason: "meaning", path, fields: [], values, message }, side, isResolved)];
    });
  }
}
