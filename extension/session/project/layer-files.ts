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
  key: string,
  locked: readonly string[] = [],
): LayerSource => {
  const value = key === "" ? omit(file.value, envelopeKeys) : file.value[key];
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

const rolesOf = (preset: Members): readonly string[] => {
  const applies = preset["appliesTo"];
  const roles = isMembers(applies) ? applies["roles"] : undefined;
  return Array.isArray(roles) ? roles.map(String) : [];
};

/** An item of a chain without an id gets one that is the same on every reading. */
const withId = (item: unknown, index: number, name: string): unknown =>
  isMembers(item) ? { id: `${name}_${index + 1}`, ...item } : item;

/** A preset as a layer: its chain stands on the tracks of its roles, on every track when it names none. */
export const presetLayer = (file: ProjectFile): LayerSource => {
  const { name, processors } = file.value;
  const title = typeof name === "string" ? name : file.path;
  const idName = `prc_${title.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 60)}`;
  const chain = Array.isArray(processors) ? processors.map((item, index) => withId(item, index, idName)) : [];
  const template = { track: { processors: chain } };
  const roles = rolesOf(file.value);
  return {
    kind: "house",
    name: title,
    layer: roles.length === 0 ? template : { [roles.map((role) => `[${role}]`).join("")]: template },
    file: file.path,
    inFile: (pointer) => pointer.slice(Math.max(0, pointer.indexOf("/processors"))),
    locked: [],
  };
};
