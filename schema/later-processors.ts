import { isMembers, type Members } from "./layers/layer.ts";
import { isNewerMinor } from "./migrations.ts";
import { EXTERNAL_TYPE, findProcessor } from "./processors/index.ts";

/** A type that this program has no processor for: another program's, or one of a later version. */
export const isForeign = (type: string): boolean => findProcessor(type) === undefined;

const asExternal = ({ id, enabled, mixPercent }: Members): Members => ({
  id,
  type: EXTERNAL_TYPE,
  enabled,
  ...(mixPercent === undefined ? {} : { mixPercent }),
});

const knownInsert = (insert: unknown): unknown =>
  isMembers(insert) && typeof insert["type"] === "string" && isForeign(insert["type"]) ? asExternal(insert) : insert;

const mapped = (owner: Members, key: string, change: (item: unknown) => unknown): Members =>
  Array.isArray(owner[key]) ? { ...owner, [key]: owner[key].map(change) } : owner;

const knownChain = (owner: unknown): unknown => (isMembers(owner) ? mapped(owner, "processors", knownInsert) : owner);

const knownTrack = (track: unknown): unknown =>
  isMembers(track) ? knownChain(mapped(track, "clips", knownChain)) : track;

/**
 * The document as its schema is to see it: in one of a newer minor version, inserts of types that are not known here stand as those of
 * another program. In all others such a type is a slip of the pen, and is named.
 */
export const withoutLaterProcessors = (document: unknown): unknown =>
  isMembers(document) && isNewerMinor(document)
    ? mapped(mapped(document, "tracks", knownTrack), "buses", knownChain)
    : document;
