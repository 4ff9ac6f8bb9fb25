import { gainToDb, SILENCE_DB } from "../levels.ts";
import type { TimelineClip } from "../timeline.ts";
import { isTrue, numberIn, type ProjectGraph } from "./graph.ts";
import { leafOf, type ProjectObject } from "./objects.ts";

/** Which raw value of a clip's Level means 0 dB, and how that was found. */
export type LevelScale = { readonly unity: number; readonly from: string };

/** The DOM's scale: the top, 1.0, is +15 dB. */
const currentUnity = 10 ** (-15 / 20);

const scaleOfVersion = (version: number | null): LevelScale | null => {
  if (version === null) return null;
  if (version >= 40) return { unity: currentUnity, from: `project version ${version}: 1.0 is +15 dB` };
  if (version <= 36) return { unity: 0.5, from: `project version ${version}: 1.0 is +6 dB` };
  return null;
};

/**
 * Level is stored as a part of its maximum, and the track faders of the same project state that maximum as a linear gain:
 * 5.623 (+15 dB) makes unity 0.1778, 2 (+6 dB) makes it 0.5. So a version between the known ones tells its scale itself.
 */
export const levelScale = (version: number | null, faderMaximum: number | null): LevelScale => {
  const known = scaleOfVersion(version);
  if (known !== null) return known;
  if (faderMaximum !== null && faderMaximum > 1)
    return {
      unity: faderMaximum > 5 && faderMaximum < 6 ? currentUnity : 1 / faderMaximum,
      from: `the track faders of this file end at ${gainToDb(faderMaximum).toFixed(0)} dB`,
    };
  return { unity: currentUnity, from: "neither version nor faders tell, so the scale of today's Premiere is taken" };
};

/** Components of a chain, in order. */
const componentsOf = (graph: ProjectGraph, chain: ProjectObject | null): ProjectObject[] =>
  graph.followAll(chain, "ComponentChain/Components/Component");

const parametersOf = (graph: ProjectGraph, component: ProjectObject | null): ProjectObject[] =>
  graph.followAll(component, "AudioComponent/Component/Params/Param");

const staticText = (parameter: ProjectObject | null | undefined): string | null =>
  leafOf(parameter ?? null, "StartKeyframe")?.split(",")[1] ?? leafOf(parameter ?? null, "CurrentValue");

/** Static value of a parameter; Premiere leaves out a value of 1. */
const staticValue = (parameter: ProjectObject | null | undefined): number => {
  const value = Number(staticText(parameter) ?? "1");
  return Number.isFinite(value) && value >= 0 ? value : 1;
};

const isSwitchedOn = (parameter: ProjectObject | null | undefined): boolean => {
  const text = staticText(parameter);
  return text === "true" || (text !== null && text !== "false" && Number(text) > 0);
};

export const hasKeys = (parameter: ProjectObject | null | undefined): boolean =>
  (leafOf(parameter ?? null, "Keyframes") ?? "").includes(",");

type Key = { readonly ticks: bigint; readonly value: number; readonly interpolation: number };

const hold = 4;

const parseKeys = (text: string): Key[] =>
  text
    .split(";")
    .map((entry) => entry.split(","))
    .filter(
      ([ticks, value]) => /^-?\d{1,20}$/.test(ticks ?? "") && value !== undefined && Number.isFinite(Number(value)),
    )
    .map(([ticks, value, interpolation]) => ({
      ticks: BigInt(ticks ?? "0"),
      value: Number(value),
      interpolation: Number(interpolation ?? 0),
    }))
    .sort((a, b) => (a.ticks < b.ticks ? -1 : a.ticks > b.ticks ? 1 : 0));

/** Level keys in media time. A key that holds is followed by a second one just where the next begins, which makes the step. */
const levelKeys = (parameter: ProjectObject | undefined, unity: number): TimelineClip["volumeKeys"] => {
  const keys = parseKeys(leafOf(parameter ?? null, "Keyframes") ?? "");
  return keys.flatMap((key, index) => {
    const levelDb = gainToDb(key.value / unity);
    const here = { mediaTicks: String(key.ticks), levelDb };
    const next = keys[index + 1];
    return key.interpolation === hold && next !== undefined
      ? [here, { mediaTicks: String(next.ticks), levelDb }]
      : [here];
  });
};

/** What the components of a clip do to its sound. */
export type ClipChain = {
  readonly volumeDb: number;
  readonly volumeKeys: TimelineClip["volumeKeys"];
  readonly pan: number;
  readonly effects: readonly string[];
  readonly lost: readonly string[];
};

/** A Level that states a maximum above 1 (project version 25: 2) is a plain gain. */
const unityOf = (level: ProjectObject | undefined, { unity }: LevelScale): number =>
  (numberIn(level ?? null, "UpperBound") ?? 1) > 1 ? 1 : unity;

const isIntrinsic = (name: string): boolean => name.startsWith("Internal ");

const isUnity = (parameter: ProjectObject, unity: number): boolean =>
  !hasKeys(parameter) && Math.abs(staticValue(parameter) - unity) < 1e-4;

/** Reads a clip's component chain. Names shown to people are never compared: they are translated. */
export const clipChain = (graph: ProjectGraph, chain: ProjectObject | null, scale: LevelScale): ClipChain => {
  const effects: string[] = [];
  const lost: string[] = [];
  let volumeDb = 0;
  let volumeKeys: TimelineClip["volumeKeys"] = [];
  let pan = 0;
  for (const component of componentsOf(graph, chain)) {
    if (component.kind !== "AudioFilterComponent") continue;
    const name = leafOf(component, "FilterMatchName") ?? "unnamed effect";
    if (isTrue(component, "AudioComponent/Component/Bypass")) {
      lost.push(`bypassed effect ${name}`);
      continue;
    }
    const [first, second, third] = parametersOf(graph, component);
    if (name.startsWith("Internal Volume")) {
      const unity = unityOf(second, scale);
      volumeKeys = levelKeys(second, unity);
      volumeDb = isSwitchedOn(first) ? SILENCE_DB : volumeKeys.length > 0 ? 0 : gainToDb(staticValue(second) / unity);
      if (isSwitchedOn(first)) volumeKeys = [];
      if (hasKeys(first)) lost.push("keyframes of the clip's mute");
    } else if (name.startsWith("Internal Channel Volume")) {
      const levels = [second, third].filter((level): level is ProjectObject => level !== undefined);
      if (!isSwitchedOn(first) && !levels.every((level) => isUnity(level, unityOf(level, scale))))
        lost.push("Internal Channel Volume");
    } else if (name === "Internal Audio Balance") pan = 2 * Math.min(1, staticValue(second ?? first)) - 1;
    else if (!isIntrinsic(name)) effects.push(name);
    else lost.push(name);
  }
  return { volumeDb, volumeKeys, pan, effects, lost };
};

/** What the fader of a track says. */
export type TrackFader = {
  readonly volumeDb: number;
  readonly muted: boolean;
  readonly maximum: number | null;
  readonly lost: readonly string[];
};

export const trackFader = (graph: ProjectGraph, chain: ProjectObject | null): TrackFader => {
  const lost: string[] = [];
  let fader: TrackFader = { volumeDb: 0, muted: false, maximum: null, lost };
  for (const component of componentsOf(graph, chain)) {
    if (component.kind === "AudioFader") {
      const [volume, mute] = parametersOf(graph, component);
      if (hasKeys(volume)) lost.push("automation of the track's volume");
      if (hasKeys(mute)) lost.push("automation of the track's mute");
      fader = {
        volumeDb: gainToDb(staticValue(volume)),
        muted: isSwitchedOn(mute),
        maximum: numberIn(volume ?? null, "UpperBound"),
        lost,
      };
    } else if (component.kind === "AudioFilterComponent" && !isTrue(component, "AudioComponent/Component/Bypass"))
      lost.push(`track effect ${leafOf(component, "FilterMatchName") ?? "unnamed effect"}`);
  }
  return fader;
};
