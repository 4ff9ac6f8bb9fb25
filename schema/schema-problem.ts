import { didYouMean } from "./did-you-mean.ts";
import { cueKinds } from "./entities/cue.ts";
import type { SchemaError } from "./generated/validate-mix.js";
import type { JsonSchema } from "./json-schema.ts";
import { getAt, pointerSegments } from "./pointer.ts";
import type { Problem } from "./problem.ts";
import { insertTypes } from "./processors/index.ts";
import { documentRoot, knownKeys, schemaAt } from "./schema-walk.ts";
import { guessSentence, printable, shown } from "./shown.ts";

type Place = {
  readonly pointer: string;
  /** How messages name the place. */
  readonly name: string;
  readonly value: unknown;
  readonly schema: JsonSchema | undefined;
};

const kindNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
};

const oneOf = (place: Place, allowed: readonly unknown[], lead = "allowed:"): Problem => {
  const names = allowed.map((option) => (typeof option === "string" ? option : JSON.stringify(option)));
  const guess = typeof place.value === "string" ? didYouMean(place.value, names) : undefined;
  return {
    code: "schema",
    message: `${place.name} is ${shown(place.value)}; ${lead} ${names.join(", ")}.${guessSentence(guess)}`,
    pointer: place.pointer,
    allowed: names,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

const missing = (place: Place, name: string): Problem => {
  const known = knownKeys(place.schema);
  const strangers = Object.keys((place.value ?? {}) as object).filter((key) => !known.includes(key));
  const guess = didYouMean(name, strangers);
  const doc = place.schema?.properties?.[name]?.description;
  const hint = guess === undefined ? "" : ` It has "${guess}": is that what was meant?`;
  return {
    code: "schema",
    message: `${place.name} lacks "${name}"${doc === undefined ? "." : `: ${doc}`}${hint}`,
    pointer: place.pointer,
    ...(guess === undefined ? {} : { didYouMean: name }),
  };
};

const wrongKind = (place: Place, kinds: unknown): Problem => {
  const allowed = [kinds].flat().map((kind) => kindNames[String(kind)] ?? String(kind));
  return {
    code: "schema",
    message: `${place.name} is ${shown(place.value)} but must be ${allowed.join(" or ")}.`,
    pointer: place.pointer,
    allowed,
  };
};

const outOfRange = (place: Place): Problem => {
  const range = `${place.schema?.minimum} to ${place.schema?.maximum}`;
  return {
    code: "schema",
    message: `${place.name} is ${shown(place.value)}, outside ${range}. ${place.schema?.description ?? ""}`.trim(),
    pointer: place.pointer,
    allowed: [range],
  };
};

const tooMany = (place: Place): Problem => ({
  code: "schema",
  message: `${place.name} is ${shown(place.value)}; at most ${place.schema?.maxItems} items are allowed.`,
  pointer: place.pointer,
  allowed: [`at most ${place.schema?.maxItems}`],
});

const described = (place: Place): Problem => ({
  code: "schema",
  message: `${place.name} is ${shown(place.value)}, which is not allowed. ${place.schema?.description ?? ""}`.trim(),
  pointer: place.pointer,
});

/** Names of the alternatives between which a key decides. */
const alternatives: Readonly<Record<string, { readonly names: readonly string[]; readonly lead: string }>> = {
  type: { names: insertTypes, lead: "the processors are" },
  kind: { names: cueKinds, lead: "the kinds are" },
};

const wrongAlternative = (place: Place, tag: string): Problem => {
  const found = alternatives[tag];
  if (!found) throw new TypeError(`nothing is known of alternatives by ${tag}`);
  const pointer = `${place.pointer}/${tag}`;
  const value = (place.value as { readonly [name: string]: unknown })[tag];
  return oneOf({ ...place, pointer, name: `${place.name}/${tag}`, value }, found.names, found.lead);
};

const rootName = (root: JsonSchema) => (root === documentRoot ? "The document" : "The file");

/** A sentence for one finding of the validator: what stands there, what is allowed, in which unit. */
export const schemaProblem = (
  document: unknown,
  { instancePath: pointer, keyword, params }: SchemaError,
  root: JsonSchema = documentRoot,
): Problem => {
  const found = getAt(document, pointer);
  const place: Place = {
    pointer,
    name: pointer === "" ? rootName(root) : printable(pointer),
    value: found.ok ? found.value : undefined,
    schema: schemaAt(document, pointerSegments(pointer), root),
  };
  switch (keyword) {
    case "required":
      return missing(place, String(params["missingProperty"]));
    case "type":
      return wrongKind(place, params["type"]);
    case "enum":
      return oneOf(place, params["allowedValues"] as readonly unknown[]);
    case "const":
      return oneOf(place, [params["allowedValue"]], "it must be");
    case "minimum":
    case "maximum":
      return outOfRange(place);
    case "maxItems":
      return tooMany(place);
    case "discriminator":
      return wrongAlternative(place, String(params["tag"]));
    default:
      return described(place);
  }
};
