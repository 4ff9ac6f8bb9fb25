import { isSame } from "../../../schema/diff/same.ts";
import { isMembers, type Members } from "../../../schema/layers/layer.ts";

const idOf = (value: unknown): unknown => (isMembers(value) ? value["id"] : undefined);

const isEntityList = (value: unknown): value is readonly Members[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof idOf(one) === "string");

const leftList = (now: readonly Members[], resolved: unknown, own: unknown): readonly unknown[] => {
  const find = (list: unknown, id: unknown) => (Array.isArray(list) ? list.find((one) => idOf(one) === id) : undefined);
  return now.flatMap((entity) => {
    const [before, written] = [find(resolved, entity["id"]), find(own, entity["id"])];
    if (before === undefined) return [entity];
    if (written === undefined) return isSame(entity, before) ? [] : [entity];
    return [leftToLayers(entity, before, written)];
  });
};

/**
 * What a file has to say itself so that with its layers it is the value `now`: everything that the layers gave (it stands in the
 * resolved value and not in the file's own) and that did not change is left out again.
 */
export const leftToLayers = (now: unknown, resolved: unknown, own: unknown): unknown => {
  if (isEntityList(now) && Array.isArray(own)) return leftList(now, resolved, own);
  if (!isMembers(now) || !isMembers(resolved) || !isMembers(own)) return now;
  return Object.fromEntries(
    Object.entries(now).flatMap(([key, value]) => {
      if (!(key in own) && isSame(value, resolved[key])) return [];
      return [[key, leftToLayers(value, resolved[key], own[key])]];
    }),
  );
};
