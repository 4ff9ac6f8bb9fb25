import { hasId } from "./fold.ts";
import {
  busRungs,
  clipTemplates,
  documentRungs,
  ownClipRung,
  ownTrackRung,
  type Rung,
  trackTemplates,
} from "./ladder.ts";
import { isMembers, type LayerSource, type Members, roleOf } from "./layer.ts";
import { isIdList } from "./merge.ts";

const isPosition = (segment: string): boolean => /^(0|[1-9][0-9]*)$/.test(segment);

const keyIn = (value: unknown, segment: string): string => {
  if (!Array.isArray(value) || isPosition(segment)) return segment;
  const index = value.findIndex((item) => hasId(item) && item.id === segment);
  return index < 0 ? segment : String(index);
};

/** A member of its own; undefined for what has none. */
export const memberOf = (value: unknown, key: string): unknown =>
  value !== null && typeof value === "object" && Object.hasOwn(value, key) ? (value as Members)[key] : undefined;

/** The positions that a path means in a value; ids of list items are taken, too. */
export const positionsIn = (value: unknown, path: readonly string[]): readonly string[] => {
  const positions: string[] = [];
  let at = value;
  for (const segment of path) {
    const key = keyIn(at, segment);
    positions.push(key);
    at = memberOf(at, key);
  }
  return positions;
};

/** The ids that a path of positions means in a value. */
export const idsIn = (value: unknown, path: readonly string[]): readonly string[] => {
  const ids: string[] = [];
  let at = value;
  for (const segment of path) {
    const item = memberOf(at, segment);
    ids.push(isIdList(at) && hasId(item) ? item.id : segment);
    at = item;
  }
  return ids;
};

/** A thing with a ladder of its own. */
export type Subject = {
  readonly owner: string;
  readonly rungs: readonly Rung[];
  /** How many parts of the path lead to it. */
  readonly depth: number;
};

const itemAt = (value: unknown, key: string, index: string | undefined): Members | undefined => {
  const list = isMembers(value) ? value[key] : undefined;
  const item = Array.isArray(list) && index !== undefined ? list[Number(index)] : undefined;
  return hasId(item) ? item : undefined;
};

/** Whose ladder decides about a place in the resolved document. */
export const subjectAt = (sources: readonly LayerSource[], document: Members, path: readonly string[]): Subject => {
  const own = sources.at(-1)!;
  const [key, index, inner, innerIndex] = path;
  const track = key === "tracks" ? itemAt(own.layer, "tracks", index) : undefined;
  const clip = track && inner === "clips" ? itemAt(track, "clips", innerIndex) : undefined;
  if (track && clip) {
    const role = roleOf(clip) ?? roleOf(track);
    const rungs = [...clipTemplates(sources, track, role), ...ownClipRung(own, track, clip)];
    return { owner: String(clip["id"]), rungs, depth: 4 };
  }
  if (track && inner !== "clips") {
    const rungs = [...trackTemplates(sources, roleOf(track)), ...ownTrackRung(own, track)];
    return { owner: String(track["id"]), rungs, depth: 2 };
  }
  const bus = key === "buses" ? itemAt(document, "buses", index) : undefined;
  if (bus) {
    const id = String(bus["id"]);
    return { owner: id, rungs: busRungs(sources, id, roleOf(bus)), depth: 2 };
  }
  return { owner: "", rungs: documentRungs(sources), depth: 0 };
};
