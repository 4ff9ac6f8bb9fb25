import type { FilePort } from "../../engine/files.ts";
import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import type { Ticks } from "../../schema/ticks.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import { indexMedia, type MediaIndex } from "./media-index.ts";
import { foldName, kindOfPath, liesIn, normalise, partsOf } from "./media-path.ts";
import { formatTimecode, type TimecodeBase } from "./timecode.ts";

/** One medium that a document or a host names, and the clips that need it. */
export type MediaReference = {
  readonly id: string;
  /** As written; may be a Windows path, relative, or start with ${media}. */
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly uses: readonly { readonly clip: string; readonly startTicks: Ticks }[];
};

/** `changed` and fingerprints come with documents that carry hashes; these four are what a name and a size can tell. */
export type MediaState = "found" | "moved" | "missing" | "ambiguous";

export type RelinkedMedia = {
  readonly id: string;
  readonly reference: MediaReference;
  readonly state: MediaState;
  /** Native path; null when missing or ambiguous. */
  readonly path: string | null;
  /** The files between which nothing decides. */
  readonly candidates: readonly string[];
  /** Why a path was not even looked at; null when it was. */
  readonly refused: string | null;
};

export type RelinkOptions = {
  /** Folders the user chose with --media, searched in this order, recursively. */
  readonly mediaFolders: readonly string[];
  /** Folders against which relative paths are read, in this order. */
  readonly baseFolders: readonly string[];
  /** Further folders in which a document may name files (the project that its mix/ folder stands in). */
  readonly projectFolder?: string;
  /** "host": the paths are what the host reported and may lie anywhere; "document": only in the folders named here. */
  readonly trust: "host" | "document";
  readonly timecode: TimecodeBase;
  readonly signal?: AbortSignal;
};

const isWindows = (files: FilePort) => files.join("a", "b") === "a\\b";

/** The native paths that the written path may mean here, allowed ones only, or why none is. */
const ownPaths = (
  files: FilePort,
  path: string,
  options: RelinkOptions,
): { paths: string[]; refused: string | null } => {
  const kind = kindOfPath(path);
  const bases = [...options.baseFolders, ...options.mediaFolders];
  const roots = options.projectFolder === undefined ? bases : [...bases, options.projectFolder];
  if (kind === "refused") {
    const why = "a network, device or URL path is never opened; copy the file to a folder and name that with --media";
    return { paths: [], refused: why };
  }
  if (kind === "variable") {
    const rest = partsOf(path).slice(1);
    return { paths: options.mediaFolders.map((folder) => files.join(folder, ...rest)), refused: null };
  }
  if (kind === "relative") {
    const inside = bases.map((base) => files.join(base, ...partsOf(path)));
    const allowed = inside.filter((candidate) => roots.some((root) => liesIn(candidate, root)));
    return allowed.length > 0 || bases.length === 0
      ? { paths: allowed, refused: null }
      : { paths: [], refused: "the path leaves the folder of the file that names it" };
  }
  const foreign = kind === "drive" ? !isWindows(files) : isWindows(files);
  if (foreign) return { paths: [], refused: null };
  if (options.trust === "host" || roots.some((root) => liesIn(path, root)))
    return { paths: [normalise(path)], refused: null };
  return { paths: [], refused: "it lies outside the folder of the file that names it; allow its folder with --media" };
};

const isFile = async (files: FilePort, path: string) => (await files.facts(path))?.kind === "file";

/** How many parts from the end two paths share, folded: the more, the more surely it is the moved file. */
const sharedTail = (a: string, b: string): number => {
  const left = partsOf(a).map(foldName);
  const right = partsOf(b).map(foldName);
  let shared = 0;
  while (shared < left.length && shared < right.length && left.at(-1 - shared) === right.at(-1 - shared)) shared += 1;
  return shared;
};

const withSize = async (files: FilePort, paths: readonly string[], sizeBytes: number | null) => {
  const kept: string[] = [];
  for (const path of paths) {
    const facts = await files.facts(path);
    if (facts?.kind === "file" && (sizeBytes === null || facts.sizeBytes === sizeBytes)) kept.push(path);
  }
  return kept;
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

const searchByName = async (files: FilePort, reference: MediaReference, indexes: readonly MediaIndex[]) => {
  for (const { byName } of indexes) {
    const named = byName.get(foldName(mediaNameOf(reference.path))) ?? [];
    const fitting = await withSize(files, named, reference.sizeBytes);
    if (fitting.length > 0) return narrow(fitting, reference.path);
  }
  return [];
};

const relinkOne = async (
  files: FilePort,
  reference: MediaReference,
  indexes: () => Promise<readonly MediaIndex[]>,
  options: RelinkOptions,
): Promise<RelinkedMedia> => {
  const own = ownPaths(files, reference.path, options);
  const base = { id: reference.id, reference, refused: own.refused, candidates: [] };
  for (const path of own.paths) if (await isFile(files, path)) return { ...base, state: "found", path };
  if (mediaNameOf(reference.path) === "") return { ...base, state: "missing", path: null };
  const candidates = await searchByName(files, reference, await indexes());
  if (candidates.length === 1) return { ...base, state: "moved", path: candidates[0]! };
  return { ...base, state: candidates.length === 0 ? "missing" : "ambiguous", path: null, candidates };
};

/** Finds every medium here: by its own path when that is allowed, else by name (and size when known) under the media folders. */
export const relinkMedia = async (
  files: FilePort,
  references: readonly MediaReference[],
  options: RelinkOptions,
): Promise<readonly RelinkedMedia[]> => {
  let built: Promise<readonly MediaIndex[]> | null = null;
  const build = async () => {
    const all: MediaIndex[] = [];
    for (const folder of options.mediaFolders) all.push(await indexMedia(files, folder, options.signal));
    return all;
  };
  const indexes = () => {
    built ??= build();
    return built;
  };
  const relinked: RelinkedMedia[] = [];
  for (const reference of references) {
    options.signal?.throwIfAborted();
    relinked.push(await relinkOne(files, reference, indexes, options));
  }
  return relinked;
};

const usesText = ({ uses }: MediaReference, base: TimecodeBase): string => {
  const shown = uses.slice(0, 5).map(({ clip, startTicks }) => `"${clip}" at ${formatTimecode(startTicks, base)}`);
  return shown.length < uses.length ? `${shown.join(", ")} and ${uses.length - shown.length} more` : shown.join(", ");
};

const missingProblem = ({ reference, state, candidates, refused }: RelinkedMedia, base: TimecodeBase): Problem => {
  const needed = reference.uses.length > 0 ? ` It is needed by ${usesText(reference, base)}.` : "";
  const name = mediaNameOf(reference.path) || reference.id;
  if (state === "ambiguous") {
    const several = `Media "${name}" is there more than once and nothing tells which is meant: ${candidates.join(", ")}.`;
    const remedy = "Name a narrower folder with --media, or remove the copies.";
    return {
      code: "missing-media",
      message: `${several}${needed} ${remedy}`,
      file: reference.path,
      allowed: candidates,
    };
  }
  const why = refused ? ` was not looked for: ${refused}.` : " is not here.";
  const remedy = refused ? "" : " Give the folder that holds it with --media <folder>.";
  return { code: "missing-media", message: `Media "${name}"${why}${needed}${remedy}`, file: reference.path };
};

const movedWarning = (moved: readonly RelinkedMedia[]): Problem => {
  const places = moved.map(({ reference, path }) => `"${mediaNameOf(reference.path)}" = ${path}`).join(", ");
  const what = moved.length === 1 ? "1 medium was" : `${moved.length} media were`;
  return { code: "missing-media", message: `${what} found at another place by name: ${places}.` };
};

/** Media id -> native path when all are here, with one warning for those found elsewhere; else every missing or ambiguous one by name. */
export const requireAllMedia = (
  relinked: readonly RelinkedMedia[],
  base: TimecodeBase,
): Result<Readonly<Record<string, string>>> => {
  const bad = relinked.filter(({ path }) => path === null);
  if (bad.length > 0) return fail(...bad.map((one) => missingProblem(one, base)));
  const moved = relinked.filter(({ state }) => state === "moved");
  const warnings = moved.length > 0 ? [movedWarning(moved)] : [];
  return ok(Object.fromEntries(relinked.map(({ id, path }) => [id, path!])), warnings);
};
