import type { FilePort } from "../../engine/files.ts";
import { foldName } from "./media-path.ts";

/** Files of one folder and its sub-folders by folded name; sorted, so that the same tree always gives the same answer. */
export type MediaIndex = {
  readonly folder: string;
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** True when the folder holds more than was looked at. */
  readonly truncated: boolean;
};

const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 32;

/**
 * Walks a media folder breadth first, at most 200,000 entries and 32 levels deep; hidden entries are left out, and a folder to which
 * several ways lead (links, even in a circle) is walked once.
 */
export const indexMedia = async (files: FilePort, folder: string, signal?: AbortSignal): Promise<MediaIndex> => {
  const byName = new Map<string, string[]>();
  const walked = new Set<string>();
  let level = await newPlaces(files, [folder], walked);
  let seen = 0;
  let truncated = false;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) truncated = true;
    if (truncated) break;
    const next: string[] = [];
    for (const at of level) {
      for (const name of [...(await files.list(at))].sort()) {
        signal?.throwIfAborted();
        if (name.startsWith(".")) continue;
        seen += 1;
        if (seen > MAX_ENTRIES) truncated = true;
        if (truncated) break;
        const path = files.join(at, name);
        if (looksLikeFile(name)) add(byName, foldName(name), path);
        else next.push(path);
      }
    }
    level = await newPlaces(files, await onlyFolders(files, next, byName), walked);
  }
  return { folder, byName, truncated };
};

/** The folders that were not walked yet. */
const newPlaces = async (files: FilePort, folders: readonly string[], walked: Set<string>): Promise<string[]> => {
  const fresh: string[] = [];
  for (const folder of folders) {
    const place = (await files.realPath?.(folder)) ?? folder;
    if (walked.has(place)) continue;
    walked.add(place);
    fresh.push(folder);
  }
  return fresh;
};

const mediaName =
  /\.(wav|bwf|wave|w64|rf64|aiff?|aifc|caf|flac|mp3|m4a|aac|ogg|oga|opus|ac3|wma|mp4|mov|mxf|mkv|webm|avi|mts|m2ts|wmv)$/i;

/** A name with a usual media extension is taken for a file without asking the disk; the rest is looked at. */
const looksLikeFile = (name: string): boolean => mediaName.test(name);

const onlyFolders = async (files: FilePort, paths: readonly string[], byName: Map<string, string[]>) => {
  const folders: string[] = [];
  for (const path of paths) {
    const facts = await files.facts(path);
    if (facts?.kind === "folder") folders.push(path);
    else if (facts?.kind === "file") add(byName, foldName(files.baseName(path)), path);
  }
  return folders;
};

const add = (byName: Map<string, string[]>, key: string, path: string) => {
  const list = byName.get(key);
  if (list) list.push(path);
  else byName.set(key, [path]);
};
