import { collection } from "./collection.ts";
import type { DomComponent, DomComponentCollection, DomComponentParam } from "./dom-surface.ts";
import { levelOfDb, type ModelClip, type ModelParam, still } from "./model.ts";
import { ParamFacade } from "./param-facade.ts";
import type { World } from "./world.ts";

/** A clip's Channel Volume shows 33 parameters whatever its layout; what follows the channels is blank padding. */
const CHANNEL_VOLUME_PARAMS = 33;

const layoutNames = { 0: "Mono", 1: "Stereo", 2: "5.1" } as const;

const english = { volume: "Volume", bypass: "Bypass", level: "Level", channelVolume: "Channel Volume" };
const german = { volume: "Lautstärke", bypass: "Umgehen", level: "Pegel", channelVolume: "Kanallautstärke" };

type Names = typeof english;
type NamedParam = { readonly name: string; readonly param: ModelParam };

const componentOf = (world: World, matchName: string, displayName: string, params: readonly NamedParam[]) => {
  const properties = collection(
    "numItems",
    () => params.length,
    (index): DomComponentParam => {
      const { name, param } = params[index] as NamedParam;
      return new ParamFacade(world, name, param);
    },
  );
  return { matchName, displayName, properties } satisfies DomComponent;
};

const volumeOf = (world: World, clip: ModelClip, names: Names): DomComponent =>
  componentOf(world, `Internal Volume ${layoutNames[clip.channelType]}`, names.volume, [
    { name: names.bypass, param: clip.bypass },
    { name: names.level, param: clip.level },
  ]);

const channelVolumeOf = (world: World, clip: ModelClip, names: Names): DomComponent => {
  const params = clip.channelLevels.map((param, channel) => ({ name: `Channel ${channel + 1}`, param }));
  const padding = Array.from({ length: CHANNEL_VOLUME_PARAMS - 1 - params.length }, () => ({
    name: "",
    param: still(levelOfDb(0)),
  }));
  const all = [{ name: names.bypass, param: still(false) }, ...params, ...padding];
  return componentOf(world, `Internal Channel Volume ${layoutNames[clip.channelType]}`, names.channelVolume, all);
};

/** The components of a clip: Volume, Channel Volume unless it is mono, then its effects. No panner is ever there. */
export const componentsOf = (world: World, clip: ModelClip): DomComponentCollection => {
  const names = world.quirks.has("localisedNames") ? german : english;
  const intrinsic = clip.channelLevels.length > 0 ? 2 : 1;
  return collection(
    "numItems",
    () => intrinsic + clip.effects.length,
    (index): DomComponent => {
      if (index === 0) return volumeOf(world, clip, names);
      if (index < intrinsic) return channelVolumeOf(world, clip, names);
      const matchName = clip.effects[index - intrinsic] as string;
      return componentOf(world, matchName, matchName, []);
    },
  );
};
