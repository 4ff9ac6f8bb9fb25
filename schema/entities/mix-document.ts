import type { JsonSchema } from "../json-schema.ts";
import { entity, freeMap, listOf, note, ref, text } from "./shapes.ts";

const version = (description: string): JsonSchema => ({
  type: "string",
  pattern: "^(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})$",
  description,
});

const media: JsonSchema = {
  type: "object",
  description: "The files that clips play, by id.",
  additionalProperties: ref("Media"),
};

export const MixDocument = entity(
  "Everything needed to render one sequence.",
  {
    $schema: text("Where editors find the schema."),
    format: { const: "mix", description: 'Always "mix".' },
    formatVersion: version('"major.minor"; minor versions only add.'),
    minReader: version("Lowest version whose readers understand the sound of this document."),
    extensionsUsed: listOf(text("Name of an extension."), "Names under `extensions` that this document uses."),
    extensionsRequired: listOf(text("Name of an extension."), "Those without which it cannot be rendered."),
    extends: listOf(text("A preset, by package or path."), "Presets, lowest first."),
    sequence: ref("Sequence"),
    media,
    tracks: listOf(ref("Track"), "By `order`."),
    cues: listOf(ref("Cue"), "Sounds that the timeline does not have. By start, then id.", 10_000),
    crossfades: listOf(ref("Crossfade"), "Cross-fades between two clips of one track."),
    buses: listOf(ref("Bus"), "Exactly one is the master.", 1024),
    duckers: listOf(ref("Ducker"), "Rules that lower buses while others speak.", 256),
    targets: ref("Targets"),
    stems: listOf(ref("Stem"), "The files that a render writes.", 256),
    decisions: listOf(ref("Decision"), "Why values stand as they do."),
    note,
    extensions: freeMap("Data of extensions, by name."),
    extras: freeMap("Free data of anybody."),
  },
  ["$schema", "extends", "cues", "note", "extensions", "extras"],
);
