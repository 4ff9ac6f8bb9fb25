import type { Definitions, JsonSchema } from "../json-schema.ts";
import { Bus } from "./bus.ts";
import { Clip } from "./clip.ts";
import { Ducker } from "./ducker.ts";
import { ChannelLayout, FadeCurve, Id, Role, roles, Ticks } from "./names.ts";
import { insert, insertDefinitions } from "./processor.ts";
import { Send } from "./send.ts";
import { entity, inPlace, ref } from "./shapes.ts";
import { Stem } from "./stem.ts";
import { Programme, Targets } from "./targets.ts";
import { Track } from "./track.ts";

type Fields = Readonly<Record<string, JsonSchema>>;

/** What a layer may say of every track, clip or bus: what can be heard, nothing that says what a thing is or where it lies. */
export const templateKeys = {
  track: ["muted", "volumeDb", "sends", "processors", "output"],
  clip: ["enabled", "gainDb", "volumeDb", "channelGainsDb", "fadeIn", "fadeOut", "processors", "automation"],
  bus: ["volumeDb", "sends", "processors", "output"],
} as const;

/** Simple definitions stand in place, so that null may stand beside them. */
const simple: Definitions = { Id, Role, Ticks, ChannelLayout, FadeCurve };

/** Lists whose items are merged by id. */
const itemsById: Readonly<Record<string, string>> = { Processor: "LayerProcessor", Send: "LayerSend" };

const refName = ($ref: string) => $ref.slice("#/definitions/".length);

const mapFields = (fields: Fields, change: (schema: JsonSchema) => JsonSchema): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, change(schema)]));

const layeredItems = (items: JsonSchema): JsonSchema => {
  const name = items.$ref === undefined ? undefined : itemsById[refName(items.$ref)];
  return name === undefined ? items : ref(name);
};

/** A value as a layer holds it: nothing is obligatory, and null takes back what a lower layer says. */
const layered = (schema: JsonSchema): JsonSchema => {
  if (schema.$ref !== undefined) {
    const found = simple[refName(schema.$ref)];
    return found === undefined ? schema : layered(inPlace(found, schema));
  }
  if (schema.type === undefined) return schema;
  const { required: _, items, properties, enum: options, ...rest } = schema;
  return {
    ...rest,
    type: [...new Set([schema.type, "null"].flat())],
    ...(options === undefined ? {} : { enum: [...new Set([...options, null])] }),
    ...(items === undefined ? {} : { items: Array.isArray(items) ? items : layeredItems(items as JsonSchema) }),
    ...(properties === undefined ? {} : { properties: mapFields(properties, layered) }),
  };
};

/** Some fields of an entity as a layer holds them. */
export const layeredFields = (schema: JsonSchema, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, layered(schema.properties![name]!)]));

/** How an item stands among those of lower layers. */
const directives: Fields = {
  $remove: { type: "boolean", description: "true: the item of this id that a lower layer gives is taken out." },
  $after: {
    type: ["string", "null"],
    description: "Id of the item behind which this one is placed; null = in front of all.",
  },
};

/** An item of a list that is merged by id. */
const itemOf = (schema: JsonSchema, description = schema.description ?? ""): JsonSchema => ({
  ...entity(description, { id: ref("Id"), ...directives }, ["$remove", "$after"]),
  properties: { ...mapFields(schema.properties!, layered), id: ref("Id"), ...directives },
});

const layerName = (name: string) => `Layer${name}`;

/** Types of inserts in a layer: `type` may be left out where a lower layer names it. */
export const layerInserts: Definitions = Object.fromEntries(
  Object.entries(insertDefinitions).map(([name, schema]) => {
    const { required: _, ...item } = itemOf(schema);
    return [layerName(name), item];
  }),
);

const insertByType = {
  type: "object",
  discriminator: { propertyName: "type" },
  required: ["type"],
  oneOf: Object.keys(layerInserts).map((name) => ref(name)),
};

const typeName: JsonSchema = { type: "string", description: "A type of the registry (premix describe), or external." };

/** An insert in a layer; what is left out comes from a lower layer or stands at its default. */
export const LayerProcessor: JsonSchema = {
  type: "object",
  description:
    "One insert: merged by `id` with that of lower layers; repeat its `type` to have its parameters checked.",
  required: ["id"],
  properties: { id: ref("Id"), type: typeName },
  dependencies: { type: insertByType },
};

/** An insert of a preset, which stands alone: what is left out stands at its default. */
export const PresetProcessor: JsonSchema = {
  ...insertByType,
  description: insert.description!,
  properties: { id: ref("Id"), type: typeName },
};

const template = (schema: JsonSchema, kind: keyof typeof templateKeys, description: string): JsonSchema => {
  const fields = layeredFields(schema, templateKeys[kind]);
  return entity(description, fields, Object.keys(fields));
};

const templates: Definitions = {
  TrackTemplate: template(Track, "track", "What every track has where it says nothing itself."),
  ClipTemplate: template(Clip, "clip", "What every clip has where it and its track say nothing themselves."),
  BusTemplate: template(Bus, "bus", "What the bus of the role has where it says nothing itself."),
};

const RoleBlock = entity(
  "What holds for one role: it goes over the same layer's `track` and `clip`.",
  { track: ref("TrackTemplate"), clip: ref("ClipTemplate"), bus: ref("BusTemplate") },
  ["track", "clip", "bus"],
);

const blockTitle = (role: string) => ref("RoleBlock", `What holds for ${role} alone.`);

/** The keys of a layer; none is obligatory. */
export const layerFields: Fields = {
  targets: layered({ ...Targets, properties: { programme: Programme } }),
  buses: { type: ["array", "null"], description: "Buses, merged by id.", maxItems: 1024, items: ref("LayerBus") },
  duckers: {
    type: ["array", "null"],
    description: "Rules that lower buses while others speak, merged by id.",
    maxItems: 256,
    items: ref("LayerDucker"),
  },
  stems: {
    type: ["array", "null"],
    description: "The files that a render writes, merged by id.",
    maxItems: 256,
    items: ref("LayerStem"),
  },
  track: ref("TrackTemplate"),
  clip: ref("ClipTemplate"),
  ...Object.fromEntries(roles.map((role) => [`[${role}]`, blockTitle(role)])),
};

/** Blocks for several roles: "[dialogue][effects]". */
export const roleBlocks = { [`^(\\[(${roles.join("|")})\\]){2,4}$`]: ref("RoleBlock") };

/** An object with a layer's keys among its own. */
export const layerEntity = (description: string, fields: Fields, optional: readonly string[]): JsonSchema => ({
  ...entity(description, { ...fields, ...layerFields }, [...optional, ...Object.keys(layerFields)]),
  patternProperties: roleBlocks,
});

export const Layer: JsonSchema = {
  type: "object",
  description: "One layer of a mix.",
  additionalProperties: true,
  patternProperties: roleBlocks,
  properties: layerFields,
};

/** Everything that a layer refers to and a document does not. */
export const layerDefinitions: Definitions = {
  Layer,
  RoleBlock,
  ...templates,
  LayerBus: itemOf(Bus),
  LayerDucker: itemOf(Ducker),
  LayerStem: itemOf(Stem),
  LayerSend: itemOf(Send),
  LayerProcessor,
  ...layerInserts,
};
