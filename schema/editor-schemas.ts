import { fileDefinitions } from "./entities/index.ts";
import { inPlace } from "./entities/shapes.ts";
import type { Definitions, JsonSchema } from "./json-schema.ts";

type Kind = {
  readonly name: string;
  readonly title: string;
  /** Name of its entity. */
  readonly entity: string;
  /** Files of this kind, as editors match them: a pattern without a leading slash fits at any depth. */
  readonly files: readonly string[];
};

/** Every kind of file that people open in an editor. */
const kinds: readonly Kind[] = [
  { name: "mix-document", title: "Premix mix document", entity: "MixFile", files: ["*.mix.json"] },
  { name: "project", title: "Premix project", entity: "Project", files: ["mix/project.jsonc"] },
  {
    name: "settings",
    title: "Premix settings",
    entity: "Settings",
    files: ["mix/settings.jsonc", "mix/house/**/settings.jsonc"],
  },
  {
    name: "local-settings",
    title: "Premix settings of this machine",
    entity: "LocalSettings",
    files: ["mix/settings.local.jsonc"],
  },
  { name: "preset", title: "Premix preset", entity: "Preset", files: ["*.mixpreset.jsonc"] },
  { name: "house", title: "Premix house package", entity: "House", files: ["mix/house/**/house.jsonc"] },
  { name: "house-lock", title: "Premix house lock", entity: "HouseLock", files: ["mix/house.lock.json"] },
  { name: "workspace", title: "Premix workspace", entity: "Workspace", files: ["*.mix-workspace.jsonc"] },
];

const schemaFile = (name: string) => `${name}.schema.json`;
const shared = schemaFile("premix");

/** Marks that Markdown would take for its own, outside `code`. */
const escapedMarks = (text: string): string =>
  text
    .split("`")
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(/[\\*_[\]<>#]/g, "\\$&")))
    .join("`");

/** The description as a hover shows it, with the range in bold. */
const markdownOf = ({ description = "", minimum, maximum }: JsonSchema): string => {
  const text = escapedMarks(description);
  return minimum === undefined
    ? text
    : text.replace(`${minimum} to ${maximum}`, `\n\n**${minimum}** to **${maximum}**`).replace(" \n\n", "\n\n");
};

const withHover = (schema: JsonSchema): JsonSchema =>
  schema.description === undefined || schema.markdownDescription !== undefined
    ? schema
    : { ...schema, markdownDescription: markdownOf(schema) };

/** Editors let the description of a definition win over the one beside its $ref, so simple ones stand in place. */
const inlined = (schema: JsonSchema): JsonSchema => {
  if (schema.$ref === undefined || schema.description === undefined) return schema;
  const found = fileDefinitions[schema.$ref.slice("#/definitions/".length)]!;
  const isSimple = found.properties === undefined && found.oneOf === undefined;
  return isSimple ? inPlace(found, schema) : schema;
};

/** Keys that are not known are kept without effect; an editor marks them, so that a slip is seen. */
const strangeText = "Not known here: it is kept but has no effect.";
const strangeKeys: JsonSchema = { description: strangeText, deprecationMessage: strangeText };

/** Of each alternative: the key that tells it apart, and what all alternatives hold there. */
const tags: ReadonlyMap<string, { readonly key: string; readonly message: string }> = new Map(
  Object.values(fileDefinitions)
    .flatMap(({ dependencies = {}, ...schema }) => [schema, ...Object.values(dependencies)])
    .flatMap(({ discriminator, oneOf = [] }) => {
      const names = oneOf.map(({ $ref }) => $ref!.slice("#/definitions/".length));
      const key = discriminator?.propertyName ?? "";
      const allowed = names.map((name) => fileDefinitions[name]!.properties?.[key]?.const);
      const tag = { key, message: `It is one of ${allowed.join(", ")}.` };
      return key === "" ? [] : names.map((name) => [name, tag] as const);
    }),
);

/** An alternative that says what all of them are called, when none is meant. */
const withTag = (name: string, schema: JsonSchema): JsonSchema => {
  const tag = tags.get(name);
  if (tag === undefined) return schema;
  const value = schema.properties![tag.key]!;
  return { ...schema, properties: { ...schema.properties, [tag.key]: { ...value, errorMessage: tag.message } } };
};

const isClosed = ({ properties, oneOf, dependencies }: JsonSchema): boolean =>
  properties !== undefined &&
  oneOf === undefined &&
  dependencies === undefined &&
  properties["hostMatchName"] === undefined;

const mapValues = (map: Definitions): Definitions =>
  Object.fromEntries(Object.entries(map).map(([key, schema]) => [key, forEditors(schema)]));

const forEditors = (source: JsonSchema): JsonSchema => {
  const schema = withHover(inlined(source));
  const { items, properties, patternProperties, additionalProperties, dependencies, oneOf } = schema;
  const others = isClosed(schema) ? strangeKeys : additionalProperties;
  return {
    ...schema,
    ...(items === undefined
      ? {}
      : { items: Array.isArray(items) ? items.map(forEditors) : forEditors(items as JsonSchema) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties) }),
    ...(patternProperties === undefined ? {} : { patternProperties: mapValues(patternProperties) }),
    ...(others === undefined ? {} : { additionalProperties: others === true ? true : forEditors(others) }),
    ...(dependencies === undefined ? {} : { dependencies: mapValues(dependencies) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(forEditors) }),
  };
};

const refPattern = /"#\/definitions\/(\w+)"/g;

/** The definitions that these entities need, in the order of the list. */
const reachable = (entities: readonly string[]): Definitions => {
  const found = new Set(entities);
  for (const name of found) {
    for (const [, other] of JSON.stringify(fileDefinitions[name]).matchAll(refPattern)) found.add(other!);
  }
  return Object.fromEntries(Object.entries(fileDefinitions).filter(([name]) => found.has(name)));
};

const textOf = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
const $schema = "http://json-schema.org/draft-07/schema#";

/** The schemas that editors read, by file name: one with every definition, and one a kind of file that refers to it. */
export const editorSchemas = (): ReadonlyMap<string, string> => {
  const found = Object.entries(reachable(kinds.map(({ entity }) => entity)));
  const definitions = mapValues(Object.fromEntries(found.map(([name, schema]) => [name, withTag(name, schema)])));
  return new Map([
    ...kinds.map(({ name, title, entity }): [string, string] => [
      schemaFile(name),
      textOf({ $schema, title, $ref: `${shared}#/definitions/${entity}` }),
    ]),
    [shared, textOf({ $schema, title: "Premix: what the files of a mix are made of", definitions })],
  ]);
};

/** What VS Code's `json.schemas` says: which files have which schema, seen from the folder that holds `mix/`. */
export const editorAssociations = (): readonly { readonly fileMatch: readonly string[]; readonly url: string }[] =>
  kinds.map(({ name, files }) => ({ fileMatch: files, url: `./mix/schema/${schemaFile(name)}` }));
