import { isMembers, type Members } from "./layer.ts";
import { isIdList } from "./merge.ts";

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const carryMembers = (own: Members, before: Members, after: Members): Members => {
  const carried: Record<string, unknown> = { ...own };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isSame(before[key], after[key])) continue;
    if (after[key] !== undefined) carried[key] = carry(own[key], before[key], after[key]);
    else if (own[key] !== undefined) delete carried[key];
    else carried[key] = null;
  }
  return carried;
};

type Items = readonly (Members & { readonly id: string })[];

const carryList = (own: Items, before: Items, after: Items): readonly Members[] => {
  const carried: Members[] = own.filter(
    ({ id }) => after.some((item) => item.id === id) || !before.some((item) => item.id === id),
  );
  for (const item of after) {
    const old = before.find(({ id }) => id === item.id);
    if (old !== undefined && isSame(old, item)) continue;
    const at = carried.findIndex(({ id }) => id === item.id);
    const changed = old === undefined ? item : { id: item.id, ...carryMembers(carried[at] ?? {}, old, item) };
    carried.splice(at < 0 ? carried.length : at, at < 0 ? 0 : 1, changed);
  }
  const gone = before.filter(({ id }) => !after.some((item) => item.id === id) && !own.some((item) => item.id === id));
  return [...carried, ...gone.map(({ id }) => ({ id, $remove: true }))];
};

const carry = (own: unknown, before: unknown, after: unknown): unknown => {
  if (isMembers(before) && isMembers(after)) return carryMembers(isMembers(own) ? own : {}, before, after);
  if (isIdList(before) && isIdList(after)) return carryList(isIdList(own) ? own : [], before, after);
  return after;
};

/**
 * What a document has to say itself so that it resolves to `after` where it resolved to `before`: what did not change stays as it was
 * written, or unsaid where its layers say it.
 */
export const carryOver = (own: Members, before: Members, after: Members): Members => carryMembers(own, before, after);
