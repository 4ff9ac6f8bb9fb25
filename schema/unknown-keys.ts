import { didYouMean } from "./did-you-mean.ts";
import type { JsonSchema } from "./json-schema.ts";
import { pointerOf } from "./pointer.ts";
import { LISTED_PROBLEMS, type Problem } from "./problem.ts";
import { EXTERNAL_TYPE } from "./processors/index.ts";
import { documentRoot, isStrange, knownKeys, memberSchema } from "./schema-walk.ts";
import { guessSentence, printable } from "./shown.ts";

type Members = Readonly<Record<string, unknown>>;

const strangeKey = (key: string, path: readonly string[], known: readonly string[], present: Members): Problem => {
  const guess = didYouMean(
    key,
    known.filter((name) => !Object.hasOwn(present, name)),
  );
  return {
    code: "schema",
    message: `${printable(pointerOf([...path, key]))} is not known: it is kept but has no effect.${guessSentence(guess)}`,
    pointer: pointerOf([...path, key]),
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

const collect = (value: unknown, schema: JsonSchema | undefined, path: readonly string[], found: Problem[]): void => {
  if (schema === undefined || value === null || typeof value !== "object") return;
  const members = value as Members;
  const known = knownKeys(schema);
  const isOpen = Array.isArray(value) || members["type"] === EXTERNAL_TYPE;
  for (const key of Object.keys(members)) {
    if (found.length === LISTED_PROBLEMS) return;
    if (!isOpen && isStrange(schema, key)) found.push(strangeKey(key, path, known, members));
    const member = members[key];
    if (member !== null && typeof member === "object") {
      collect(member, memberSchema(schema, key, member), [...path, key], found);
    }
  }
};

/** One warning a key (at most 50) that the schema does not know; free maps (`extras`, `host`) and external processors hold what they like. */
export const unknownKeyWarnings = (document: unknown, root: JsonSchema = documentRoot): readonly Problem[] => {
  const found: Problem[] = [];
  collect(document, root, [], found);
  return found;
};
