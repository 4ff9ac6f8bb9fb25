import { pointerSegments } from "../pointer.ts";
import type { LayerSource } from "./layer.ts";

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

const lockAt = (segments: readonly string[]): Locks =>
  segments.reduceRight<Locks>((inner, key) => ({ locked: false, below: new Map([[key, inner]]) }), {
    locked: true,
    below: none,
  });

const trees = new WeakMap<LayerSource, Locks | undefined>();

const treeOf = (source: LayerSource): Locks | undefined => {
  if (!trees.has(source)) {
    const paths = source.locked.map((pointer) => lockAt(pointerSegments(pointer)));
    trees.set(source, paths.reduce<Locks | undefined>(joinLocks, undefined));
  }
  return trees.get(source);
};

/** What a layer locks below a path of ids. */
export const locksOf = (source: LayerSource, path: readonly string[]): Locks | undefined => {
  if (source.locked.length === 0) return undefined;
  let node = treeOf(source);
  for (const key of path) {
    if (node?.locked) return node;
    node = node?.below.get(key);
  }
  return node;
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
