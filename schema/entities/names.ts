import { channelLayouts } from "../channel-layout.ts";
import type { JsonSchema } from "../json-schema.ts";

export const roles = ["dialogue", "music", "effects", "ambience"];

/** Identifiers are unique in the whole document. */
export const Id: JsonSchema = {
  type: "string",
  pattern: "^[A-Za-z][A-Za-z0-9_-]{0,95}$",
  description: "Unique in the document: a letter, then up to 95 letters, digits, _ or -.",
};

export const Role: JsonSchema = {
  type: "string",
  enum: roles,
  description: "What a sound is for: dialogue, music, effects or ambience.",
};

/** A role, or null where another place decides. */
export const roleOrNull = (description: string): JsonSchema => ({
  type: ["string", "null"],
  enum: [...roles, null],
  description,
});

export const Ticks: JsonSchema = {
  type: "string",
  pattern: "^(0|-?[1-9][0-9]{0,17})$",
  description: "A time as a decimal string of ticks; 254016000000 are one second.",
};

export const ChannelLayout: JsonSchema = {
  type: "string",
  enum: Object.keys(channelLayouts),
  description: "Number and order of the speakers; surround is L R C LFE Ls Rs (Lrs Rrs).",
};

export const FadeCurve: JsonSchema = {
  type: "string",
  enum: ["constantPower", "constantGain"],
  description: "Shape of a fade: constantPower keeps the power of unrelated sounds, constantGain is straight in gain.",
};

export const PointCurve: JsonSchema = {
  type: "string",
  enum: ["linear", "amplitude", "hold"],
  description:
    "How a value moves from this point to the next: straight in dB, straight in linear gain, or not at all until the next point.",
};
