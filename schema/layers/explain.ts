import { getAt, pointerOf, pointerSegments } from "../pointer.ts";
import { ok, type Result } from "../problem.ts";
import { schemaAt } from "../schema-walk.ts";
import { copiedId, fold, nothingFolded } from "./fold.ts";
import type { Rung } from "./ladder.ts";
import { isMembers, type LayerSource, type Members } from "./layer.ts";
import { isLocked, locksOf } from "./locks.ts";
import { isIdList, isOpaque, nullableKeys } from "./merge.ts";
import { idsIn, positionsIn, subjectAt } from "./subject.ts";

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

/** What a layer says at a path of ids below a value of its own; null when it takes something away on the way. */
export const saidAt = (value: unknown, path: readonly string[]): Said | undefined => {
  let at: unknown = value;
  let isWhole = false;
  for (const key of path) {
    if (at === null || typeof at !== "object") return { value: null };
    if (isIdList(at)) at = at.find(({ id }) => id === key);
    else {
      isWhole ||= Array.isArray(at) || isOpaque(key);
      at = Object.hasOwn(at, key) ? (at as Members)[key] : undefined;
    }
    if (at === undefined) return isWhole ? { value: null } : undefined;
    if (isMembers(at) && at["$remove"] === true) return { value: null };
  }
  return { value: at };
};

/** Where the ladder keeps a value: items that a template brought in stand there under the template's id. */
type Place = { readonly path: readonly string[]; readonly copies: ReadonlyMap<string, string> };

const sayingOf = (rung: Rung, { path, copies }: Place): readonly Saying[] => {
  const copied = path.map((key) => copies.get(key) ?? key);
  const plain = saidAt(rung.value, path);
  const said = plain ?? (rung.isTemplate ? undefined : saidAt(rung.value, copied));
  if (said === undefined) return [];
  const inLayer = positionsIn(rung.source.layer, [...rung.path, ...(plain ? path : copied)]);
  const locked = isLocked(locksOf(rung.source, rung.path), path);
  return [{ source: rung.source, pointer: pointerOf(inLayer), value: said.value, locked }];
};

const isEmpty = (value: unknown): boolean =>
  value !== null && typeof value === "object" && Object.keys(value).length === 0;

/** The highest that says something, but nothing above the layer that locks the value. */
const winnerOf = (sayings: readonly Saying[]): Saying | undefined => {
  const lock = sayings.find(({ locked }) => locked)?.source;
  const end = lock === undefined ? sayings.length : sayings.map(({ source }) => source).lastIndexOf(lock) + 1;
  const effective = sayings.slice(0, end);
  return effective.filter(({ value }) => !isEmpty(value)).at(-1) ?? effective.at(-1);
};

const takesAway = ({ value, pointer }: Saying): boolean =>
  value === null && !nullableKeys.has(pointerSegments(pointer).at(-1) ?? "");

/**
 * Who says what about a value of the resolved document, and whose word stands. `pointer` is RFC 6901 into the resolved document, list
 * items by position or by id; a parameter that no layer names has the default of the registry.
 */
export const explain = (sources: readonly LayerSource[], document: Members, pointer: string): Result<Explanation> => {
  const positions = positionsIn(document, pointerSegments(pointer));
  const { rungs, owner, depth } = subjectAt(sources, document, positions);
  const { shared } = fold(nothingFolded, rungs, owner, () => {});
  const copies = new Map([...shared].map((id) => [id, copiedId(owner, id)]));
  const templates = new Map([...copies].map(([id, copy]) => [copy, id]));
  const path = idsIn(document, positions)
    .slice(depth)
    .map((key) => templates.get(key) ?? key);
  const sayings = rungs.flatMap((rung) => sayingOf(rung, { path, copies }));
  const found = getAt(document, pointerOf(positions));
  const usual = schemaAt(document, positions)?.default;
  if (!found.ok && usual === undefined && sayings.length === 0) return found;
  const value = found.ok ? found.value : usual;
  const winner = winnerOf(sayings);
  if (winner !== undefined && !(takesAway(winner) && value !== undefined)) {
    return ok({ pointer: pointerOf(positions), value, sayings, winner });
  }
  const standing: Saying = { source: defaultsSource, pointer: "", value, locked: false };
  return ok({ pointer: pointerOf(positions), value, sayings: [standing, ...sayings], winner: standing });
};
