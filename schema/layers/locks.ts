import { pointerSegments } from "../pointer.ts";
import { isMembers, type LayerSource } from "./layer.ts";

/** A tree of paths that may not be changed any more; list items stand under their id. */
export type Locks = { readonly locked: boolean; readonly below: ReadonlyMap<string, Locks> };

const none: ReadonlyMap<string, Locks> = new Map();

/** Both trees in one. */
export const joinLocks = (a: Locks | undefined, b: Locks | undefined): Locks | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  const below = new Map(a.below);
  for (const [key, node] of b.below) below.set(key, joinLocks(below.get(key), node)!);
  return { locked: a.locked || b.locked, below };
};

const closed: Locks = { locked: true, below: none };

const lockAt = (segments: readonly string[]): Locks =>
  segments.reduceRight<Locks>((inner, key) => ({ locked: false, below: new Map([[key, inner]]) }), closed);

const trees = new WeakMap<LayerSource, Locks | undefined>();

const treeOf = (source: LayerSource): Locks | undefined => {
  if (!trees.has(source)) {
    const paths = source.locked.map((pointer) => lockAt(pointerSegments(pointer)));
    trees.set(source, paths.reduce<Locks | undefined>(joinLocks, undefined));
  }
  return trees.get(source);
};

/** All that is said there: a lock on a whole template or bus closes the keys that it has, the others stay free. */
const everyKeyOf = (value: unknown): Locks => ({
  locked: false,
  below: new Map(isMembers(value) ? Object.keys(value).map((key) => [key, closed]) : []),
});

/** What a layer locks in one of its templates, one of its buses, or (without a path) in its own keys. `value` is what stands there. */
export const locksOf = (source: LayerSource, path: readonly string[], value: unknown): Locks | undefined => {
  if (source.locked.length === 0) return undefined;
  let node = treeOf(source);
  for (const key of path) {
    node = node?.locked ? node : node?.below.get(key);
  }
  return node?.locked ? everyKeyOf(value) : node;
};

/** True when the value at a path below the tree may not be changed. */
export const isLocked = (locks: Locks | undefined, path: readonly string[]): boolean => {
  let node = locks;
  for (const key of path) {
    if (node === undefined || node.locked) break;
    node = node.below.get(key);
  }
  return node?.locked ?? false;
};
