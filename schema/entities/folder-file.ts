import type { JsonSchema } from "../json-schema.ts";
import { Layer, layerEntity } from "./layer.ts";
import { entity, listOf, note, text } from "./shapes.ts";

type Fields = Readonly<Record<string, JsonSchema>>;

const head = (format: string): Fields => ({
  $schema: text("Where editors find the schema."),
  format: { const: format, description: `Always "${format}".` },
  formatVersion: {
    type: "string",
    pattern: "^(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})$",
    description: '"major.minor", such as "1.0"; minor versions only add.',
  },
});

/** A file of a mix/ folder: the keys that all have, then its own; a note at the end. */
export const folderFile = (
  format: string,
  description: string,
  fields: Fields,
  optional: readonly string[] = [],
): JsonSchema => entity(description, { ...head(format), ...fields, note }, ["$schema", "note", ...optional]);

/** A file of a mix/ folder that is a layer. */
export const layerFile = (format: string, description: string): JsonSchema => {
  const { $schema, ...others } = head(format);
  return layerEntity(description, { $schema: $schema!, ...others, note }, ["$schema", "note"]);
};

/** A layer inside another file; with `fileName` the name of a file may stand in its place. */
export const layerIn = (description: string, fileName?: "fileName"): JsonSchema => ({
  ...Layer,
  type: fileName === undefined ? "object" : ["object", "string"],
  description,
});

/** Presets and house packages, lowest first. */
export const extendsList = listOf(
  text("A relative path, or a house package with or without one of its presets: @acme/mix-house/tv-drama."),
  "What this builds on, lowest first: presets and house packages.",
  64,
);

/** Name of a house package, as in npm. */
export const packageName = (description: string): JsonSchema => ({
  type: "string",
  pattern: "^(@[a-z0-9][a-z0-9._-]{0,63}/)?[a-z0-9][a-z0-9._-]{0,63}$",
  description: `${description} Small letters, digits, . _ and -, with or without a scope: @acme/mix-house.`,
});
