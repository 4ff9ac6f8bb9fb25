import type { JsonSchema } from "../json-schema.ts";
import { extendsList, folderFile } from "./folder-file.ts";
import { entity, listOf, ref, text } from "./shapes.ts";

const anyNumber = (description: string): JsonSchema => ({ type: "number", description });

const pointer: JsonSchema = {
  type: "string",
  pattern: "^/processors/[^/]+(/[^/]+){1,8}$",
  description:
    "Which parameter, as a JSON pointer; a processor by its id or position: /processors/prc_1/gainDb, /processors/0/bands/1/gainDb.",
};

export const KnobTarget = entity("What a knob turns.", {
  pointer,
  from: anyNumber("Value of the parameter at the knob's `min`, in its own unit."),
  to: anyNumber(
    "Value of the parameter at the knob's `max`; between them it travels as its own control does (frequencies by octaves).",
  ),
});

export const Knob = entity(
  "A macro knob: one number for people that turns several parameters together.",
  {
    title: text("Name on the knob."),
    doc: text("What it does to the sound, in one sentence."),
    unit: text("Unit of its number, for people."),
    min: anyNumber("Its number all the way down."),
    max: anyNumber("Its number all the way up; more than `min`."),
    default: anyNumber("Where it stands until somebody turns it; `min` to `max`."),
    sets: listOf(ref("KnobTarget"), "The parameters that it turns.", 64),
  },
  ["doc", "unit"],
);

const appliesTo = entity(
  "What the preset is made for; for people and for lists, never a reason to refuse.",
  {
    roles: listOf(ref("Role"), "Roles whose sound it suits.", 4),
    layouts: listOf(ref("ChannelLayout"), "Layouts that it suits.", 8),
  },
  ["roles", "layouts"],
);

export const Preset = folderFile(
  "preset",
  "A named chain of processors, with knobs.",
  {
    name: {
      type: "string",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
      description: "By which it is chosen: letters, digits, . _ and -.",
    },
    description: text("What it does to the sound, in one sentence."),
    extends: extendsList,
    appliesTo,
    parameters: {
      type: "object",
      description: "Macro knobs, by name (letters and digits).",
      additionalProperties: true,
      patternProperties: { "^[a-z][A-Za-z0-9]{0,39}$": ref("Knob") },
    },
    processors: listOf(ref("PresetProcessor"), "The chain, in order.", 64),
  },
  ["description", "extends", "appliesTo", "parameters"],
);
