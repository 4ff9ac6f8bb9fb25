import type { FidelityTally } from "../fidelity.ts";
import { type FrameRate, ticksOfFrame } from "../frame-rate.ts";
import { addDb, SILENCE_DB } from "../levels.ts";
import type { TimelineClip } from "../timeline.ts";
import { element, leaves, type XmlPart } from "../xml-write.ts";
import type { FrameClip } from "./write-frames.ts";
import { frameOf, nearestFrame } from "./write-rate.ts";

/** What Premiere takes from this format (measured by others on its import): more is clamped there. */
const maxLevelDb = 12;
const maxGainDb = 15;
const maxLevel = 3.98109;

type LevelKey = { readonly frame: number; readonly levelDb: number };

/** Linear factor with eight digits: 0.0001 dB is far more than the last of them. */
const factorOf = (db: number): string => (db <= SILENCE_DB ? "0" : String(Number((10 ** (db / 20)).toPrecision(8))));

/** Keys on the frames of the timeline, counted from the media's first frame; a step becomes a move over one frame. */
const frameKeys = ({ clip, start, inTicks }: FrameClip, rate: FrameRate, tally: FidelityTally): LevelKey[] => {
  const inFrame = frameOf(inTicks, rate);
  const keys: LevelKey[] = [];
  for (const { mediaTicks, levelDb } of clip.volumeKeys) {
    const at = BigInt(clip.startTicks) + BigInt(mediaTicks) - BigInt(clip.inTicks);
    const place = nearestFrame(at, rate);
    if (ticksOfFrame(place, rate) !== at)
      tally.add("keyframe between two frames", "dropped", 1, "moved to the nearest frame");
    const frame = inFrame + place - start;
    const last = keys.at(-1);
    if (last?.frame === frame) {
      keys.pop();
      const isFree = last.levelDb !== levelDb && keys.at(-1)?.frame !== frame - 1 && frame > inFrame;
      if (isFree) keys.push({ frame: frame - 1, levelDb: last.levelDb });
    }
    keys.push({ frame, levelDb });
  }
  return keys;
};

/** The level of a clip as Premiere can hold it: up to +12 dB in Levels, up to +15 dB more in its Gain filter. */
export type WrittenLevels = {
  readonly gainDb: number;
  readonly levelDb: number;
  readonly keys: readonly LevelKey[];
};

/** Adds up the gains of a clip and its track and shares them out between the two filters. */
export const levelsOf = (placed: FrameClip, trackDb: number, rate: FrameRate, tally: FidelityTally): WrittenLevels => {
  const { gainDb: clipDb, volumeDb } = placed.clip;
  const total = (db: number): number => addDb(addDb(db, clipDb), trackDb);
  const moving = frameKeys(placed, rate, tally).map(({ frame, levelDb }) => ({ frame, levelDb: total(levelDb) }));
  const still = total(volumeDb);
  const peak = moving.length === 0 ? still : Math.max(...moving.map(({ levelDb }) => levelDb));
  if (peak > maxLevelDb) tally.add("level above +12 dB", "mapped", 1, "what is more goes into Premiere's Gain filter");
  if (peak > maxLevelDb + maxGainDb)
    tally.add("level above +27 dB", "dropped", 1, "Premiere takes no more than +27 dB");
  const gainDb = Math.min(Math.max(addDb(peak, -maxLevelDb), 0), maxGainDb);
  const rest = (db: number): number => Math.min(addDb(db, -gainDb), maxLevelDb);
  return {
    gainDb,
    levelDb: rest(moving[0]?.levelDb ?? still),
    keys: moving.map(({ frame, levelDb }) => ({ frame, levelDb: rest(levelDb) })),
  };
};

type Parameter = {
  readonly id: string;
  readonly name: string;
  readonly range: readonly [number, number];
  readonly content: readonly XmlPart[];
};

const filter = (name: string, id: string, parameters: readonly Parameter[]): XmlPart =>
  element("filter", [
    element("effect", [
      ...leaves({ name, effectid: id, effectcategory: id, effecttype: id, mediatype: "audio" }),
      ...parameters.map(({ id: parameterid, name: shown, range: [valuemin, valuemax], content }) =>
        element("parameter", [...leaves({ parameterid, name: shown, valuemin, valuemax }), ...content]),
      ),
    ]),
  ]);

const gainFilter = (gainDb: number): XmlPart =>
  filter("Gain", "{61756678, 4761696e, 4b657947}", [
    // Premiere names it in dB and takes a factor.
    { id: "1", name: "Gain(dB)", range: [0, 5.623413], content: leaves({ value: factorOf(gainDb) }) },
  ]);

const levelsFilter = ({ levelDb, keys }: WrittenLevels): XmlPart => {
  const content = [
    ...leaves({ value: factorOf(levelDb) }),
    ...keys.map((key) => element("keyframe", leaves({ when: key.frame, value: factorOf(key.levelDb) }))),
  ];
  return filter("Audio Levels", "audiolevels", [{ id: "level", name: "Level", range: [0, maxLevel], content }]);
};

const panFilter = (pan: number): XmlPart =>
  filter("Audio Pan", "audiopan", [{ id: "pan", name: "Pan", range: [-1, 1], content: leaves({ value: pan }) }]);

const speedFilter = ({ speed, reversed }: TimelineClip): XmlPart =>
  filter("Time Remap", "timeremap", [
    {
      id: "speed",
      name: "speed",
      range: [-100_000, 100_000],
      content: leaves({ value: Number((speed * 100).toFixed(6)) }),
    },
    { id: "reverse", name: "reverse", range: [0, 1], content: leaves({ value: reversed }) },
  ]);

/** Every filter of a clip item; what stands at its default is left out. */
export const filtersOf = (clip: TimelineClip, levels: WrittenLevels): XmlPart[] => [
  ...(clip.speed === 1 && !clip.reversed ? [] : [speedFilter(clip)]),
  ...(levels.gainDb === 0 ? [] : [gainFilter(levels.gainDb)]),
  ...(levels.levelDb === 0 && levels.keys.length === 0 ? [] : [levelsFilter(levels)]),
  ...(clip.pan === 0 ? [] : [panFilter(clip.pan)]),
];
