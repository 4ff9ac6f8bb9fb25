import type { FilePort } from "../../engine/files.ts";
import { kindOfPath, liesIn, normalise, partsOf } from "./media-path.ts";
import { withoutLinks } from "./without-links.ts";

/** Where media may lie. */
export type MediaPlaces = {
  /** Folders the user chose with --media, searched in this order, recursively. */
  readonly mediaFolders: readonly string[];
  /** Folders of this machine by path variable, searched after those. */
  readonly variables?: ReadonlyMap<string, string>;
  /** Folders against which relative paths are read, in this order. */
  readonly baseFolders: readonly string[];
  /** Further folders in which a document may name files (the project that its mix/ folder stands in). */
  readonly projectFolder?: string;
  /** "host": the paths are what the host reported and may lie anywhere; "document": only in the folders named here. */
  readonly trust: "host" | "document";
};

/** Native paths that a written one may mean, and why there is none. */
export type AllowedPaths = { readonly paths: readonly string[]; readonly refused: string | null };

const isWindows = (files: FilePort) => files.join("a", "b") === "a\\b";

/** The folders that are searched for what does not lie where it should. */
export const searchFolders = ({ mediaFolders, variables }: MediaPlaces): readonly string[] => [
  ...new Set([...mediaFolders, ...(variables?.values() ?? [])]),
];

/** A variable stands for its folder; one that this machine does not know stands for each media folder. */
const behindVariable = (files: FilePort, path: string, { mediaFolders, variables }: MediaPlaces): AllowedPaths => {
  const [head = "", ...rest] = partsOf(path);
  const own = variables?.get(head.slice(2, -1));
  const folders = own === undefined ? mediaFolders : [own, ...mediaFolders];
  return { paths: folders.map((folder) => files.join(folder, ...rest)), refused: null };
};

const rootsOf = ({ baseFolders, mediaFolders, variables, projectFolder }: MediaPlaces): readonly string[] => [
  ...baseFolders,
  ...mediaFolders,
  ...(variables?.values() ?? []),
  ...(projectFolder === undefined ? [] : [projectFolder]),
];

const leadsOut = "a link on its way leads out of the folders that may be read; allow the folder behind it with --media";

/** The same without those that a link leads out of the places; what people chose themselves may link to where it likes. */
export const allowedPaths = async (files: FilePort, path: string, places: MediaPlaces): Promise<AllowedPaths> => {
  const written = writtenPaths(files, path, places);
  if (places.trust === "host") return written;
  const roots = rootsOf(places).map(normalise);
  const chosen = searchFolders(places);
  const paths: string[] = [];
  for (const one of written.paths) {
    const isChosen = chosen.some((folder) => liesIn(one, folder));
    if (isChosen || (await withoutLinks(files, one, roots)).path !== null) paths.push(one);
  }
  return { paths, refused: paths.length < written.paths.length && paths.length === 0 ? leadsOut : written.refused };
};

/** The native paths that the written path may mean here, allowed ones only, or why none is. Judged by text alone: nothing is looked up. */
const writtenPaths = (files: FilePort, path: string, places: MediaPlaces): AllowedPaths => {
  const kind = kindOfPath(path);
  const bases = [...places.baseFolders, ...places.mediaFolders];
  const roots = rootsOf(places);
  if (kind === "refused") {
    const why = "a network, device or URL path is never opened; copy the file to a folder and name that with --media";
    return { paths: [], refused: why };
  }
  if (kind === "variable") return behindVariable(files, path, places);
  if (kind === "relative") {
    const inside = bases.map((base) => files.join(base, ...partsOf(path)));
    const allowed = inside.filter((candidate) => roots.some((root) => liesIn(candidate, root)));
    return allowed.length > 0 || bases.length === 0
      ? { paths: allowed, refused: null }
      : { paths: [], refused: "the path leaves the folder of the file that names it" };
  }
  const foreign = kind === "drive" ? !isWindows(files) : isWindows(files);
  if (foreign) return { paths: [], refused: null };
  if (places.trust === "host" || roots.some((root) => liesIn(path, root)))
    return { paths: [normalise(path)], refused: null };
  return { paths: [], refused: "it lies outside the folder of the file that names it; allow its folder with --media" };
};
