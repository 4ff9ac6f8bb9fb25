import type { Definitions, JsonSchema } from "../json-schema.ts";
import { insertSchema, toJsonSchema } from "../processor-schema.ts";
import { EXTERNAL_TYPE, processors } from "../processors/index.ts";
import { entity, ref, textOrNull } from "./shapes.ts";

const schemaName = (type: string) => `${type.charAt(0).toUpperCase()}${type.slice(1)}Processor`;

/** The common keys alone: what every insert is to code that does not know its type. */
export const insert = entity(
  "One insert: the common keys and, flat beside them, the parameters that the registry declares for `type`.",
  insertSchema({ type: "string", description: "A type of the registry, or external." }),
  ["note"],
);

const external = entity(
  "A processor that another program owns: kept, bypassed and warned about.",
  {
    ...insertSchema({ const: EXTERNAL_TYPE, description: "Owned by another program." }),
    hostMatchName: textOrNull("Name by which the host knows it."),
    state: { description: "Its settings, opaque." },
  },
  ["note", "hostMatchName", "state"],
);

const inserts = processors.filter((definition) => !("rule" in definition));

/** One schema a type of insert. */
export const insertDefinitions: Definitions = {
  ...Object.fromEntries(inserts.map((definition) => [schemaName(definition.type), toJsonSchema(definition)])),
  [schemaName(EXTERNAL_TYPE)]: external,
};

/** Any insert, told apart by `type`. */
export const Processor: JsonSchema = {
  type: "object",
  description: insert.description ?? "",
  discriminator: { propertyName: "type" },
  oneOf: Object.keys(insertDefinitions).map((name) => ref(name)),
};
