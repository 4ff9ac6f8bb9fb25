import type { Media, MixDocument } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import { audioFactsOf } from "./fingerprint.ts";
import { kindOfPath, normalise, partsOf } from "./media-path.ts";
import type { SessionPorts } from "./ports.ts";
import { type MediaReference, type RelinkedMedia, relinkMedia } from "./relink.ts";

/** Path under which a host will look for each medium, by its id. */
export type ExportPaths = ReadonlyMap<string, string>;

const clipMedia = (document: MixDocument): string[] => [
  ...new Set(document.tracks.flatMap(({ clips }) => clips.flatMap(({ media }) => media ?? []))),
];

/** A path without anything of this machine: below its variable or the document, or the name alone. */
const sharedPath = ({ path, name }: Media): string => {
  const kind = kindOfPath(path);
  if (kind === "absolute" || kind === "drive") return path;
  if (kind === "refused") return mediaNameOf(path) || name;
  return normalise(kind === "variable" ? partsOf(path).slice(1).join("/") : path).replace(/^(?:\.\.\/)+/, "");
};

/** Two media under one path would become one: the later one stands in a folder of its id. */
const distinct = (paths: readonly (readonly [id: string, path: string])[]): ExportPaths => {
  const taken = new Set<string>();
  return new Map(
    paths.map(([id, path]) => {
      const own = taken.has(path) ? `${id}/${mediaNameOf(path)}` : path;
      taken.add(own);
      return [id, own];
    }),
  );
};

const byNameOnly = (names: readonly string[], isSearched: boolean): Problem[] => {
  if (names.length === 0) return [];
  const shown = names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
  const where = isSearched ? "is not in the --media folders" : "was not looked for, as no --media folder was given";
  const message = `${names.length === 1 ? "A medium" : `${names.length} media`} (${shown}) ${where}: the file names it without its folder, and Premiere will ask where it is.`;
  return [{ code: "missing-media", message }];
};

/** Where the media of a document's clips lie. A path of this machine is written only for what lies in a folder that the user named. */
export const exportMedia = async (
  ports: SessionPorts,
  document: MixDocument,
  mediaFolders: readonly string[],
): Promise<Result<ExportPaths>> => {
  const ids = clipMedia(document);
  const references = ids.map((id): MediaReference => {
    const medium = document.media[id]!;
    return { id, path: medium.path, fingerprint: medium, uses: [] };
  });
  const relinked = await relinkMedia(ports.files, mediaFolders.length === 0 ? [] : references, {
    mediaFolders,
    baseFolders: [],
    trust: "document",
    probe: async (path) => {
      const probed = await ports.engine.probe(path);
      return probed.ok ? audioFactsOf(probed.value) : null;
    },
    ...(ports.signal ? { signal: ports.signal } : {}),
  });
  const isHere = ({ state }: RelinkedMedia): boolean => state === "found" || state === "moved";
  const found = new Map(relinked.filter(isHere).map(({ id, path }) => [id, path!]));
  const absent = ids.filter((id) => !found.has(id)).map((id) => document.media[id]!.name);
  const paths = ids.map((id) => [id, found.get(id) ?? sharedPath(document.media[id]!)] as const);
  return ok(distinct(paths), byNameOnly(absent, mediaFolders.length > 0));
};
