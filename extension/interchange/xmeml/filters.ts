import { gainToDb } from "../levels.ts";
import { child, children, numberAt, textAt, type XmlElement } from "../xml-tree.ts";
import { flagAt } from "./document.ts";

type FrameKey = { readonly frame: number; readonly levelDb: number };

/** What the filters of one clip item say about its sound. */
export type ClipFilters = {
  readonly volumeDb: number;
  /** Frames at the clip item's rate, as written; equal frames make a step. */
  readonly volumeKeys: readonly FrameKey[];
  readonly gainDb: number;
  readonly pan: number;
  readonly hasPan: boolean;
  readonly speed: number;
  readonly reversed: boolean;
  /** Ids of the other audio effects. */
  readonly effects: readonly string[];
  readonly notes: readonly string[];
};

/** Top of the Level parameter: +12 dB. Premiere clamps what is above (measured by others on its export). */
const maxLevel = 3.98109;
/** Top of the Audio Gain that Premiere accepts from this format: +15 dB. */
const maxGain = 5.623413;
/** Premiere's own Gain effect, which carries the clip's Audio Gain as a linear factor. */
const gainEffectId = /\{\s*61756678\s*,\s*4761696e\s*,\s*4b657947\s*\}/i;

const isOn = (filter: XmlElement, effect: XmlElement): boolean =>
  flagAt(filter, "enabled", true) && flagAt(effect, "enabled", true) && !flagAt(effect, "pproBypass", false);

const parameterOf = (effect: XmlElement, id: string): XmlElement | undefined =>
  children(effect, "parameter").find((parameter) => textAt(parameter, "parameterid")?.toLowerCase() === id);

/** Keys in time order; of more than two at one frame only the first and the last can be heard. */
const keysOf = (level: XmlElement): FrameKey[] => {
  const keys = children(level, "keyframe")
    .map((key) => ({ frame: numberAt(key, "when"), value: numberAt(key, "value") }))
    .filter((key): key is { frame: number; value: number } => key.frame !== null && key.value !== null)
    .map(({ frame, value }) => ({ frame: Math.round(frame), levelDb: gainToDb(Math.min(value, maxLevel)) }));
  return keys
    .sort((a, b) => a.frame - b.frame)
    .filter(({ frame }, index, all) => all[index - 1]?.frame !== frame || all[index + 1]?.frame !== frame);
};

type Mutable = {
  -readonly [Key in keyof ClipFilters]: ClipFilters[Key] extends readonly (infer Item)[] ? Item[] : ClipFilters[Key];
};

const readers: readonly {
  readonly matches: (id: string) => boolean;
  readonly read: (effect: XmlElement, into: Mutable) => void;
}[] = [
  {
    matches: (id) => id === "audiolevels",
    read: (effect, into) => {
      // Stacked Levels collapse into the last one in Premiere.
      const level = parameterOf(effect, "level") ?? child(effect, "parameter");
      if (level === undefined) return;
      const value = numberAt(level, "value") ?? 1;
      into.volumeKeys = keysOf(level);
      into.volumeDb = into.volumeKeys.length > 0 ? 0 : gainToDb(Math.min(value, maxLevel));
      if (child(level, "interpolation") !== undefined && into.volumeKeys.length > 0)
        into.notes.push("FCPCurve: smooth keyframes are read as straight lines");
    },
  },
  {
    matches: (id) => id === "audiopan",
    read: (effect, into) => {
      const pan = parameterOf(effect, "pan") ?? child(effect, "parameter");
      if (pan === undefined) return;
      into.pan = Math.max(-1, Math.min(1, numberAt(pan, "value") ?? 0));
      into.hasPan = true;
    },
  },
  {
    matches: (id) => gainEffectId.test(id),
    read: (effect, into) => {
      const gain = children(effect, "parameter").map((parameter) => numberAt(parameter, "value"));
      into.gainDb = gainToDb(Math.min(gain.find((value) => value !== null) ?? 1, maxGain));
    },
  },
  {
    matches: (id) => id === "timeremap",
    read: (effect, into) => {
      const percent = numberAt(parameterOf(effect, "speed"), "value") ?? 100;
      const backwards = textAt(parameterOf(effect, "reverse"), "value")?.toUpperCase() === "TRUE";
      into.speed = percent === 0 ? 1 : Math.abs(percent) / 100;
      into.reversed = backwards !== percent < 0;
      if ((numberAt(parameterOf(effect, "variablespeed"), "value") ?? 0) !== 0)
        into.notes.push("timeremap: a speed that changes is read as the constant speed");
    },
  },
];

/** Reads the filters of a clip item. Bypassed and disabled ones count as absent. */
export const filtersOf = (clip: XmlElement): ClipFilters => {
  const into: Mutable = {
    volumeDb: 0,
    volumeKeys: [],
    gainDb: 0,
    pan: 0,
    hasPan: false,
    speed: 1,
    reversed: false,
    effects: [],
    notes: [],
  };
  for (const filter of children(clip, "filter"))
    for (const effect of children(filter, "effect")) {
      if (!isOn(filter, effect)) continue;
      const id = textAt(effect, "effectid") ?? textAt(effect, "name") ?? "";
      const reader = readers.find(({ matches }) => matches(id.toLowerCase()));
      if (reader !== undefined) reader.read(effect, into);
      else if (textAt(effect, "mediatype") !== "video") into.effects.push(id);
    }
  return into;
};
