import type { World } from "./world.ts";

/** The last part of a path, whichever slashes it has. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

/** What our scripts may ask of ExtendScript's File and Folder. */
export type DomFile = { readonly exists: boolean; readonly fsName: string; readonly name: string };

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray percent sign is no escape: the path is taken as it is.
    return path;
  }
};

/** A constructor as ExtendScript has it: `File(path)` and `new File(path)` are the same, and %41 in a path means A. */
export const createFileConstructor = (world: World, fs: string): { (path: string): DomFile; readonly fs: string } => {
  const construct = (fsName: string): DomFile => ({
    get exists(): boolean {
      return world.fileExists(fsName);
    },
    fsName,
    name: encodeURIComponent(baseName(fsName)),
  });
  function FileLike(path: string): DomFile {
    return construct(decoded(String(path)));
  }
  FileLike.fs = fs;
  return FileLike;
};
