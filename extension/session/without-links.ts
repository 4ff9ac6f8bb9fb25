import type { FilePort } from "../../engine/files.ts";
import { liesIn, normalise } from "./media-path.ts";

const MAX_LINKS = 32;

/** Where a path really leads; `outside` is the first place beyond the roots, null when there were only too many links. */
export type Located =
  | { readonly path: string; readonly outside: null }
  | { readonly path: null; readonly outside: string | null };

/**
 * Follows the links of a path from its root down, asking each step only for its link: where one leads out of the roots, its target is
 * not even asked for.
 */
export const withoutLinks = async (files: FilePort, path: string, roots: readonly string[]): Promise<Located> => {
  let at = normalise(path);
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    if (!roots.some((root) => liesIn(at, root))) return { path: null, outside: at };
    const next = await withoutFirstLink(files, at, roots);
    if (next === undefined) return { path: at, outside: null };
    at = next;
  }
  return { path: null, outside: null };
};

export const tooManyLinks = (path: string): string =>
  `"${path}" is reached over more than ${MAX_LINKS} links; name the file itself.`;

const withoutFirstLink = async (
  files: FilePort,
  path: string,
  roots: readonly string[],
): Promise<string | undefined> => {
  const root = roots.filter((one) => liesIn(path, one)).reduce((a, b) => (a.length <= b.length ? a : b));
  const parts = path.slice(root.length).split("/").filter(Boolean);
  for (const index of parts.keys()) {
    const place = [root, ...parts.slice(0, index + 1)].join("/");
    const target = await files.linkTarget?.(place);
    if (typeof target !== "string") continue;
    const isAbsolute = /^([/\\]|[A-Za-z]:)/.test(target);
    const base = isAbsolute ? target : [root, ...parts.slice(0, index), target].join("/");
    return normalise([base, ...parts.slice(index + 1)].join("/"));
  }
  return undefined;
};
