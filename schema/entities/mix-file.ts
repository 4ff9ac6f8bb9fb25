import type { Definitions, JsonSchema } from "../json-schema.ts";
import { Clip } from "./clip.ts";
import { layeredFields, layerFields, roleBlocks, templateKeys } from "./layer.ts";
import { MixDocument } from "./mix-document.ts";
import { listOf, ref } from "./shapes.ts";
import { Track } from "./track.ts";

type Fields = Readonly<Record<string, JsonSchema>>;

/** The entity with fields that may be left out, because layers give them. */
const relaxed = (schema: JsonSchema, fields: Fields): JsonSchema => ({
  ...schema,
  required: schema.required!.filter((name) => !(name in fields)),
  properties: { ...schema.properties, ...fields },
});

const FileClip = relaxed(Clip, layeredFields(Clip, templateKeys.clip));

const FileTrack = relaxed(Track, {
  ...layeredFields(Track, templateKeys.track),
  clip: ref("ClipTemplate"),
  clips: listOf(ref("FileClip"), "By start, then id."),
});

/** A document as its file holds it: what the layers give may be left out. */
const MixFile: JsonSchema = {
  ...relaxed(MixDocument, { ...layerFields, tracks: listOf(ref("FileTrack"), "By `order`.") }),
  patternProperties: roleBlocks,
};

export const mixFileDefinitions: Definitions = { MixFile, FileTrack, FileClip };
