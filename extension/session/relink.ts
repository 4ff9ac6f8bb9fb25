import type { FilePort } from "../../engine/files.ts";
import type { Ticks } from "../../schema/ticks.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import { allowedPaths, type MediaPlaces, searchFolders } from "./allowed-paths.ts";
import type { AudioFacts, Fingerprint } from "./fingerprint.ts";
import { foldName, partsOf } from "./media-path.ts";
import { type Difference, MediaSearch } from "./media-search.ts";

/** One medium that a document or a host names, and the clips that need it. */
export type MediaReference = {
  readonly id: string;
  /** As written; may be a Windows path, relative, or start with a variable. */
  readonly path: string;
  readonly fingerprint: Fingerprint;
  readonly uses: readonly { readonly clip: string; readonly startTicks: Ticks }[];
};

/** `changed`: under its path lies another file, and the one that is meant is in none of the folders. */
export type MediaState = "found" | "moved" | "changed" | "missing" | "ambiguous";

export type RelinkedMedia = {
  readonly id: string;
  readonly reference: MediaReference;
  readonly state: MediaState;
  /** Native path; of the other file when changed, null when missing or ambiguous. */
  readonly path: string | null;
  /** By what it was found. */
  readonly by: "path" | "name" | "content" | null;
  /** The files between which nothing decides; of a moved one, further copies with the same fingerprint. */
  readonly candidates: readonly string[];
  /** What differs in a changed one. */
  readonly difference: Difference;
  /** Why a path was not even looked at; null when it was. */
  readonly refused: string | null;
};

export type RelinkOptions = MediaPlaces & {
  /** Reads a sound file's header; needed only where a document knows no hash. null = no sound file. */
  readonly probe?: (path: string) => Promise<AudioFacts | null>;
  readonly signal?: AbortSignal;
};

/** How many parts from the end two paths share, folded: the more, the more surely it is the moved file. */
const sharedTail = (a: string, b: string): number => {
  const left = partsOf(a).map(foldName);
  const right = partsOf(b).map(foldName);
  let shared = 0;
  while (shared < left.length && shared < right.length && left.at(-1 - shared) === right.at(-1 - shared)) shared += 1;
  return shared;
};

/** Narrows equal names by exact spelling, then by the longest shared folder tail; more than one left means nothing decides. */
const narrow = (candidates: readonly string[], written: string): readonly string[] => {
  const name = mediaNameOf(written).normalize("NFC");
  const exact = candidates.filter((path) => mediaNameOf(path).normalize("NFC") === name);
  const named = exact.length > 0 ? exact : candidates;
  const longest = Math.max(...named.map((path) => sharedTail(path, written)));
  const closest = named.filter((path) => sharedTail(path, written) === longest);
  return longest > 1 || named.length === 1 ? closest : named;
};

type Found = Pick<RelinkedMedia, "state" | "path" | "by" | "candidates">;

/** Files with one fingerprint are copies of one medium: the nearest is taken and the others are named. */
const choose = (fitting: readonly string[], { path, fingerprint }: MediaReference, by: "name" | "content"): Found => {
  const nearest = narrow(fitting, path);
  if (fingerprint.quickHash === null && nearest.length > 1)
    return { state: "ambiguous", path: null, by: null, candidates: nearest };
  const chosen = nearest[0]!;
  return { state: "moved", path: chosen, by, candidates: fitting.filter((one) => one !== chosen) };
};

const lookElsewhere = async (search: MediaSearch, reference: MediaReference): Promise<Found | null> => {
  const name = foldName(mediaNameOf(reference.path));
  const named = name === "" ? [] : await search.byName(name, reference.fingerprint);
  if (named.length > 0) return choose(named, reference, "name");
  const renamed = await search.byContent(reference.fingerprint);
  return renamed.length > 0 ? choose(renamed, reference, "content") : null;
};

const relinkOne = async (
  files: FilePort,
  reference: MediaReference,
  search: MediaSearch,
  places: MediaPlaces,
): Promise<RelinkedMedia> => {
  const { paths, refused } = await allowedPaths(files, reference.path, places);
  const base = { id: reference.id, reference, refused, candidates: [], difference: null, by: null };
  let other: { readonly path: string; readonly difference: Difference } | null = null;
  for (const path of paths) {
    const difference = await search.compare(path, reference.fingerprint);
    if (difference === null) return { ...base, state: "found", path, by: "path" };
    if (difference !== undefined) other ??= { path, difference };
  }
  const elsewhere = await lookElsewhere(search, reference);
  if (elsewhere) return { ...base, ...elsewhere };
  return other ? { ...base, ...other, state: "changed", by: "path" } : { ...base, state: "missing", path: null };
};

/**
 * Finds every medium here: at its own path where that is allowed, else under the media folders by name, else by content alone. A file
 * counts only when all that is known of the medium fits it (size and quick hash; without a hash its audio format).
 */
export const relinkMedia = async (
  files: FilePort,
  references: readonly MediaReference[],
  options: RelinkOptions,
): Promise<readonly RelinkedMedia[]> => {
  const { probe, signal } = options;
  const search = new MediaSearch(files, {
    folders: searchFolders(options),
    ...(probe ? { probe } : {}),
    ...(signal ? { signal } : {}),
  });
  const relinked: RelinkedMedia[] = [];
  for (const reference of references) {
    signal?.throwIfAborted();
    relinked.push(await relinkOne(files, reference, search, options));
  }
  return relinked;
};
