import { isMembers, type LayerKind, type LayerSource, type Members, omit } from "../../../schema/layers/layer.ts";
import { pointerOf } from "../../../schema/pointer.ts";
import type { ProjectFile } from "./project-reader.ts";

/** Keys of a file that are about the file and no part of its layer. */
const envelopeKeys = ["$schema", "format", "formatVersion", "extends", "note"];

/** A layer that stands under a key of its file; "" = the file itself. */
export const layerIn = (
  kind: LayerKind,
  name: string,
  file: ProjectFile,
  key: "" | "settings" | "layer",
  locked: readonly string[] = [],
): LayerSource => {
  const value = key === "" ? omit(file.value, envelopeKeys) : (file.value as Members)[key];
  const base = key === "" ? "" : pointerOf([key]);
  return {
    kind,
    name,
    layer: isMembers(value) ? value : {},
    file: file.path,
    inFile: (pointer) => `${base}${pointer}`,
    locked,
  };
};

/** An item of a chain without an id gets one that is the same on every reading. */
const withId = (item: Members, index: number, name: string): Members => ({ id: `prc_${name}_${index + 1}`, ...item });

/** A preset as a layer: its chain stands on the tracks of its roles, on every track when it names none. */
export const presetLayer = ({ path, value }: ProjectFile<"preset">): LayerSource => {
  const { name, appliesTo, processors } = value;
  const idName = name.replaceAll(".", "_");
  const template = { track: { processors: processors.map((item, index) => withId(item, index, idName)) } };
  const roles = appliesTo?.roles ?? [];
  return {
    kind: "house",
    name,
    layer: roles.length === 0 ? template : { [roles.map((role) => `[${role}]`).join("")]: template },
    file: path,
    inFile: (pointer) => pointer.slice(Math.max(0, pointer.indexOf("/processors"))),
    locked: [],
  };
};
