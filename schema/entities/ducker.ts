import type { JsonSchema } from "../json-schema.ts";
import { paramSchemas } from "../processor-schema.ts";
import { ducker } from "../processors/ducker.ts";
import { entity, flag, listOf, note, ref } from "./shapes.ts";

const party: JsonSchema = {
  type: "string",
  pattern: "^(role:)?[A-Za-z][A-Za-z0-9_-]{0,95}$",
  description: '"role:dialogue" (music, effects, ambience) or a bus id.',
};

/** The keys of a ducker without its parameters. */
export const duckerRule = entity(
  "A rule, not an insert: buses named by `targets` are turned down while `keys` speak. Parameters of the registry's `ducker` stand flat beside.",
  {
    id: ref("Id"),
    enabled: flag("false: the rule rests."),
    keys: listOf(party, '"role:dialogue" or a bus id.', 64),
    targets: listOf(party, '"role:music" or a bus id.', 64),
    note,
  },
  ["note"],
);

export const Ducker: JsonSchema = {
  ...duckerRule,
  properties: { ...duckerRule.properties, ...paramSchemas(ducker.params) },
};
