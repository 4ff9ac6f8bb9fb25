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

/** Holds the way to where the walk stands. */
class StrangeKeys {
  readonly found: Problem[] = [];
  private readonly path: string[] = [];

  collect(value: object, schema: JsonSchema | undefined): void {
    if (schema === undefined || this.found.length === LISTED_PROBLEMS) return;
    if (!Array.isArray(value)) this.members(value as Members, schema);
    // The parts of a tuple are plain values.
    else if (!Array.isArray(schema.items)) this.items(value, schema);
  }

  private items(items: readonly unknown[], schema: JsonSchema): void {
    for (const [index, item] of items.entries()) this.member(item, schema, String(index));
  }

  private members(value: Members, schema: JsonSchema): void {
    const known = knownKeys(schema);
    const isOpen = value["type"] === EXTERNAL_TYPE;
    for (const key of Object.keys(value)) {
      if (!isOpen && isStrange(schema, key) && this.found.length < LISTED_PROBLEMS) {
        this.found.push(strangeKey(key, this.path, known, value));
      }
      this.member(value[key], schema, key);
    }
  }

  private member(value: unknown, schema: JsonSchema, key: string): void {
    if (value === null || typeof value !== "object") return;
    this.path.push(key);
    this.collect(value, memberSchema(schema, key, value));
    this.path.pop();
  }
}

/** One warning a key (at most 50) that the schema does not know; free maps (`extras`, `host`) and external processors hold what they like. */
export const unknownKeyWarnings = (document: object, root: JsonSchema = documentRoot): readonly Problem[] => {
  const walk = new StrangeKeys();
  walk.collect(document, root);
  return walk.found;
};
