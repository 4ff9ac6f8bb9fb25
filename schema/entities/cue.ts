import type { Definitions, JsonSchema } from "../json-schema.ts";
import { Fade } from "./fade.ts";
import { entity, entityOrNull, flag, integer, note, number, ref, text } from "./shapes.ts";

const durationTicks = ref("Ticks", "Sounding length, in ticks; more than 0.");
const frequency = (description: string) => number(description, 1, 20_000, "Hz");
const peakLevel = number("Peak of the sine, 0 dBFS = full scale; -120 is off.", -120, 0, "dBFS");

const source = (kind: string, description: string, fields: Readonly<Record<string, JsonSchema>>) =>
  entity(description, { kind: { const: kind, description: `Always "${kind}".` }, durationTicks, ...fields });

const sources = {
  file: source("file", "A stretch of a sound file.", {
    media: ref("Id", "Id in `media`. A mono file stands on both sides; of more channels the first two are heard."),
    sourceInTicks: ref("Ticks", "Place in the media at which the cue starts, in ticks."),
  }),
  tone: source("tone", "A sine, the same on both sides.", {
    frequencyHz: frequency("Below half the sequence's sample rate."),
    levelDbfs: peakLevel,
  }),
  sweep: source("sweep", "A sine that moves as long through every octave, the same on both sides.", {
    frequencyHz: frequency("Where it starts; below half the sequence's sample rate."),
    toFrequencyHz: frequency("Where it ends, above or below the start."),
    levelDbfs: peakLevel,
  }),
  noise: source("noise", "A noise bed; left and right know nothing of each other.", {
    colour: {
      type: "string",
      enum: ["white", "pink", "brown"],
      description: "white: as much in every hertz; pink: -3 dB per octave; brown: -6 dB per octave, level below 20 Hz.",
    },
    levelDbfs: number("RMS of each side, 0 dBFS = 1.0; -120 is off.", -120, 0, "dBFS"),
    seed: integer("The same seed gives the same noise on every machine.", 0, 0xffff_ffff, ""),
  }),
  roomTone: source(
    "roomTone",
    "The sound of a room, endless and never twice the same, learned from the pauses of a clip.",
    {
      clip: ref(
        "Id",
        "Clip between whose words the room is heard (in its first ten minutes), disabled or not. The tone is as loud as the room there: gain and volume of the clip and volume of its track count, their keyframes and inserts do not.",
      ),
      seed: integer("Another number is another stretch of the same tone.", 0, 0xffff_ffff, ""),
    },
  ),
  silence: source("silence", "Nothing: a place that is kept free.", {}),
};

const schemaName = (kind: string) => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Source`;

/** What a cue may play. */
export const cueKinds: readonly string[] = Object.keys(sources);

/** One schema a kind of source. */
export const cueDefinitions: Definitions = Object.fromEntries(
  Object.entries(sources).map(([kind, schema]) => [schemaName(kind), schema]),
);

/** Any source, told apart by `kind`. */
export const CueSource: JsonSchema = {
  type: "object",
  description: "What a cue plays: a file, or a sound that needs none.",
  discriminator: { propertyName: "kind" },
  oneOf: Object.keys(cueDefinitions).map((name) => ref(name)),
};

export const Cue = entity(
  "A sound that the timeline does not have. It goes into the first bus of its role; cues may overlap.",
  {
    id: ref("Id", "Unique in the document."),
    name: text("For people."),
    role: ref("Role", "What it is for: decides the bus."),
    enabled: flag("false: not heard."),
    startTicks: ref("Ticks", "First sounding tick, counted from the sequence start; never negative."),
    gainDb: number("Gain of the cue; -120 is off.", -120, 48, "dB"),
    fadeIn: entityOrNull(Fade, "Fade at the start; null = none."),
    fadeOut: entityOrNull(Fade, "Fade at the end; null = none."),
    source: ref("CueSource", "What it plays; its `kind` decides what else stands in it."),
    note,
  },
  ["note"],
);
