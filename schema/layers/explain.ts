import { getAt, pointerOf, pointerSegments } from "../pointer.ts";
import { ok, type Problem, type Result } from "../problem.ts";
import { schemaAt } from "../schema-walk.ts";
import { printable } from "../shown.ts";
import { copiedId, fold, nothingFolded } from "./fold.ts";
import type { Rung } from "./ladder.ts";
import { isMembers, type LayerSource, type Members } from "./layer.ts";
import { isLocked, locksOf } from "./locks.ts";
import { isIdList, isOpaque, nullableKeys } from "./merge.ts";
import { idsIn, memberOf, positionsIn, subjectAt } from "./subject.ts";

/** What one layer says about a value. */
export type Saying = {
  readonly source: LayerSource;
  /** Pointer into the layer; "" for the engine's defaults. */
  readonly pointer: string;
  /** null where the schema has no null: the layer takes away what is below. */
  readonly value: unknown;
  /** True when the layer lets no later one change it. */
  readonly locked: boolean;
};

export type Explanation = {
  /** Pointer into the resolved document, by positions. */
  readonly pointer: string;
  readonly value: unknown;
  /** From the lowest layer up. */
  readonly sayings: readonly Saying[];
  /** The one of `sayings` whose value stands in the document. */
  readonly winner: Saying;
};

/** The source of what no layer says. */
const defaultsSource: LayerSource = {
  kind: "defaults",
  name: "engine defaults",
  layer: {},
  file: null,
  inFile: (pointer) => pointer,
  locked: [],
};

type Said = { readonly value: unknown };

/** A list that replaces whole. */
const isOneValue = (value: unknown): value is readonly unknown[] => Array.isArray(value) && !isIdList(value);

/** A member by key, an item of a list by id or, where items have none, by position. */
const childOf = (value: unknown, key: string): unknown =>
  isIdList(value) ? value.find(({ id }) => id === key) : memberOf(value, key);

/**
 * What a layer says at a path of ids below a value of its own; null when it takes something away on the way. Lists without ids and
 * opaque data replace whole, so what they lack is taken away.
 */
const saidAt = (value: unknown, path: readonly string[]): Said | undefined => {
  let at: unknown = value;
  let isOneWord = false;
  for (const key of path) {
    if (at === null || typeof at !== "object") return { value: null };
    isOneWord ||= isOneValue(at);
    at = childOf(at, key);
    if (at === undefined) return isOneWord ? { value: null } : undefined;
    if (isMembers(at) && at["$remove"] === true) return { value: null };
    isOneWord ||= isOpaque(key);
  }
  return { value: at };
};

/** What a house locks although it says nothing there. */
export const lockHints = ({ layer, locked, name, file }: LayerSource): readonly Problem[] =>
  locked
    .filter((pointer) => !pointer.startsWith("/") || saidAt(layer, pointerSegments(pointer)) === undefined)
    .map((pointer) => ({
      code: "meaning",
      message: `${printable(name)} locks ${printable(pointer)}, but says nothing there; so nothing is locked.`,
      ...(file === null ? {} : { file }),
    }));

/** Where the ladder keeps a value: items that a template brought in stand there under the template's id. */
type Place = { readonly path: readonly string[]; readonly copies: ReadonlyMap<string, string> };

const sayingOf = (rung: Rung, { path, copies }: Place): readonly Saying[] => {
  const copied = path.map((key) => copies.get(key) ?? key);
  const plain = saidAt(rung.value, path);
  const said = plain ?? (rung.isTemplate ? undefined : saidAt(rung.value, copied));
  if (said === undefined) return [];
  const inLayer = positionsIn(rung.source.layer, [...rung.path, ...(plain ? path : copied)]);
  const locked = isLocked(locksOf(rung.source, rung.path, rung.value), path);
  return [{ source: rung.source, pointer: pointerOf(inLayer), value: said.value, locked }];
};

/** A value that remembers its rung: to the merge it is a list without ids, which replaces and is replaced whole. */
type Marked = readonly [value: unknown, rung: Rung];

const nameKeys = new Set(["id", "$remove", "$after"]);

const marked = (value: unknown, key: string, rung: Rung): unknown => {
  if (value === null && !nullableKeys.has(key)) return null;
  if (isOpaque(key)) return [value, rung];
  if (isIdList(value)) return value.map((item) => markedMembers(item, rung));
  return isMembers(value) ? markedMembers(value, rung) : [value, rung];
};

const markedMembers = (value: Members, rung: Rung): Members =>
  Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, nameKeys.has(key) ? member : marked(member, key, rung)]),
  );

const rungsIn = (value: unknown): readonly Rung[] => {
  if (isOneValue(value)) return [(value as unknown as Marked)[1]];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(rungsIn) : [];
};

/** Whose words stand at a path of the marked and merged value: one rung, or all that had a hand in an object or list. */
const rungsAt = (value: unknown, path: readonly string[]): readonly Rung[] => {
  let at = value;
  for (const key of path) {
    if (isOneValue(at)) break;
    at = childOf(at, key);
  }
  return rungsIn(at);
};

/** Where no word stands (an id, an empty list, or a value that was taken away): the highest layer that speaks of it, else the defaults. */
const nameWinner = (sayings: readonly Saying[], value: unknown): Saying | undefined =>
  sayings
    .filter((saying) => value === undefined || (saying.value !== null && isEmpty(saying.value) === isEmpty(value)))
    .at(-1);

const isEmpty = (value: unknown): boolean =>
  value !== null && typeof value === "object" && Object.keys(value).length === 0;

/**
 * Who says what about a value of the resolved document, and whose word stands. `pointer` is RFC 6901 into the resolved document, list
 * items by position or by id; a parameter that no layer names has the default of the registry.
 */
export const explain = (sources: readonly LayerSource[], document: Members, pointer: string): Result<Explanation> => {
  const positions = positionsIn(document, pointerSegments(pointer));
  const { rungs, owner, depth } = subjectAt(sources, document, positions);
  const marks = rungs.map((rung) => ({ ...rung, value: markedMembers(rung.value, rung) }));
  const folded = fold(nothingFolded, marks, owner, null);
  const copies = new Map([...folded.shared].map((id) => [id, copiedId(owner, id)]));
  const templates = new Map([...copies].map(([id, copy]) => [copy, id]));
  const path = idsIn(document, positions)
    .slice(depth)
    .map((key) => templates.get(key) ?? key);
  const said = rungs.flatMap((rung) => sayingOf(rung, { path, copies }).map((saying) => ({ rung, saying })));
  const sayings = said.map(({ saying }) => saying);
  const found = getAt(document, pointerOf(positions));
  const usual = schemaAt(document, positions)?.default;
  if (!found.ok && usual === undefined && sayings.length === 0) return found;
  const value = found.ok ? found.value : usual;
  const standing = new Set(rungsAt(folded.value, path));
  const winner = said.filter(({ rung }) => standing.has(rung)).at(-1)?.saying ?? nameWinner(sayings, value);
  if (winner !== undefined) return ok({ pointer: pointerOf(positions), value, sayings, winner });
  const usually: Saying = { source: defaultsSource, pointer: "", value, locked: false };
  return ok({ pointer: pointerOf(positions), value, sayings: [usually, ...sayings], winner: usually });
};
