import type { Media, MixDocument } from "../../../schema/generated/mix-document.ts";
import { sameAudio } from "../fingerprint.ts";
import { foldName } from "../media-path.ts";

const known = <T>(a: T | null, b: T | null): boolean => a !== null && b !== null;

const sameSize = (a: Media, b: Media): boolean => !known(a.sizeBytes, b.sizeBytes) || a.sizeBytes === b.sizeBytes;

const mayBeSame = (a: Media, b: Media): boolean =>
  foldName(a.name) === foldName(b.name) && sameSize(a, b) && sameAudio(a, b);

/** The one that fits; null when none or more than one does. */
const only = <T>(candidates: readonly T[]): T | null => (candidates.length === 1 ? candidates[0]! : null);

/** Media ids of the new cut by those of the mix; and what both call one material. */
export type MediaMatch = {
  readonly ids: ReadonlyMap<string, string>;
  readonly materialOfOld: (id: string) => string;
  readonly materialOfNext: (id: string) => string;
};

const twinsOf = (document: MixDocument, quickHash: string | null): readonly string[] =>
  quickHash === null
    ? []
    : Object.entries(document.media)
        .filter(([, medium]) => medium.quickHash === quickHash)
        .map(([id]) => id);

const oldIdOf = (document: MixDocument, id: string, medium: Media): string | null => {
  const twins = twinsOf(document, medium.quickHash);
  if (twins.length > 0) return twins.includes(id) ? id : twins[0]!;
  if (document.media[id]) return id;
  const named = Object.entries(document.media).filter(([, other]) => mayBeSame(other, medium));
  return only(named)?.[0] ?? null;
};

/**
 * Which medium of a mix each medium of a new cut is: by its quick hash, else its id (the path as the host told it), else by a name that
 * is there once and whatever else both know of it. Copies of one file are one material.
 */
export const matchMedia = (document: MixDocument, next: MixDocument): MediaMatch => {
  const ids = new Map<string, string>();
  for (const [id, medium] of Object.entries(next.media)) {
    const old = oldIdOf(document, id, medium);
    if (old !== null) ids.set(id, old);
  }
  const materials = new Map(
    Object.entries(document.media).map(([id, { quickHash }]) => [id, twinsOf(document, quickHash)[0] ?? id]),
  );
  const materialOfOld = (id: string) => materials.get(id) ?? id;
  const materialOfNext = (id: string) => (ids.has(id) ? materialOfOld(ids.get(id)!) : `new ${id}`);
  return { ids, materialOfOld, materialOfNext };
};
