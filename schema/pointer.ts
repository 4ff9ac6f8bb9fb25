import { didYouMean } from "./did-you-mean.ts";
import { forbiddenKeyMessage, isForbiddenKey } from "./input-limits.ts";
import { fail, ok, type Problem, type Result } from "./problem.ts";
import { knownKeys, schemaAt } from "./schema-walk.ts";
import { guessSentence, printable, shown } from "./shown.ts";

/** One key as it stands in an RFC 6901 pointer. */
const escapeSegment = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** The keys of an RFC 6901 pointer. A pointer that does not start with / is a TypeError. */
export const pointerSegments = (pointer: string): readonly string[] => {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new TypeError(`A JSON pointer starts with /, not ${JSON.stringify(pointer)}.`);
  return pointer
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
};

/** The pointer of a path. */
export const pointerOf = (segments: readonly (string | number)[]): string =>
  segments.map((segment) => `/${escapeSegment(String(segment))}`).join("");

type Container = Readonly<Record<string, unknown>>;

const isContainer = (value: unknown): value is Container => value !== null && typeof value === "object";

const childOf = (value: unknown, segment: string): { readonly value: unknown } | undefined => {
  if (!isContainer(value) || !Object.hasOwn(value, segment)) return undefined;
  if (Array.isArray(value) && !/^(0|[1-9][0-9]*)$/.test(segment)) return undefined;
  return { value: value[segment] };
};

const listed = (keys: readonly string[]) =>
  printable(keys.length > 20 ? `${keys.slice(0, 20).join(", ")}, ...` : keys.join(", "));

const contents = (parent: unknown, keys: readonly string[]): string => {
  if (Array.isArray(parent)) {
    return parent.length === 0 ? "is an empty list" : `is a list whose positions are 0 to ${parent.length - 1}`;
  }
  if (!isContainer(parent)) return `is ${shown(parent)} and has no members`;
  return keys.length === 0 ? "is empty" : `has ${listed(keys)}`;
};

const unknownMember = (document: unknown, segments: readonly string[], depth: number, parent: unknown): Problem => {
  const pointer = pointerOf(segments.slice(0, depth));
  const missing = segments[depth]!;
  const keys =
    isContainer(parent) && !Array.isArray(parent)
      ? [...new Set([...Object.keys(parent), ...knownKeys(schemaAt(document, segments.slice(0, depth)))])]
      : [];
  const guess = didYouMean(missing, keys);
  const place = pointer === "" ? "The document" : printable(pointer);
  return {
    code: "meaning",
    message: `There is no ${printable(pointerOf(segments.slice(0, depth + 1)))}: ${place} ${contents(parent, keys)}.${guessSentence(guess)}`,
    pointer,
    ...(keys.length > 0 ? { allowed: keys } : {}),
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

/** The value at an RFC 6901 pointer, or a problem that names the nearest existing parent and its keys. */
export const getAt = (document: unknown, pointer: string): Result<unknown> => {
  const segments = pointerSegments(pointer);
  let value = document;
  for (const [depth, segment] of segments.entries()) {
    const child = childOf(value, segment);
    if (child === undefined) return fail(unknownMember(document, segments, depth, value));
    value = child.value;
  }
  return ok(value);
};

/** A key may be new when the schema knows it there; "-" appends to a list. */
const mayAdd = (document: unknown, segments: readonly string[], depth: number, parent: unknown): boolean => {
  if (depth !== segments.length - 1) return false;
  const key = segments[depth]!;
  if (Array.isArray(parent)) return key === "-" || key === String(parent.length);
  const schema = schemaAt(document, segments.slice(0, depth));
  const isMap = schema?.properties === undefined && schema?.type === "object";
  return isContainer(parent) && (isMap || knownKeys(schema).includes(key));
};

const withMember = (parent: unknown, segment: string, value: unknown): unknown => {
  if (!Array.isArray(parent)) return { ...(parent as Container), [segment]: value };
  const copy = [...parent];
  copy[segment === "-" ? copy.length : Number(segment)] = value;
  return copy;
};

const replace = (
  document: unknown,
  segments: readonly string[],
  depth: number,
  parent: unknown,
  value: unknown,
): Result<unknown> => {
  if (depth === segments.length) return ok(value);
  const segment = segments[depth]!;
  const child = childOf(parent, segment);
  if (child === undefined && !mayAdd(document, segments, depth, parent)) {
    return fail(unknownMember(document, segments, depth, parent));
  }
  const inner = replace(document, segments, depth + 1, child?.value, value);
  return inner.ok ? ok(withMember(parent, segment, inner.value)) : inner;
};

const malformed = (pointer: string): Problem => ({
  code: "usage",
  message: `${shown(pointer)} is no JSON pointer: it starts with / and names keys and list positions, such as /tracks/0/volumeDb.`,
});

/**
 * A copy of the document with another value at an RFC 6901 pointer; untouched parts are shared. New keys are taken only where the
 * schema knows them. The result still has to be validated.
 */
export const setAt = <Document>(document: Document, pointer: string, value: unknown): Result<Document> => {
  if (!/^(\/([^~]|~[01])*)?$/.test(pointer)) return fail(malformed(pointer));
  const segments = pointerSegments(pointer);
  const forbidden = segments.find(isForbiddenKey);
  if (forbidden !== undefined) {
    return fail({ code: "forbidden-key", message: forbiddenKeyMessage(forbidden), pointer });
  }
  return replace(document, segments, 0, document, value) as Result<Document>;
};
