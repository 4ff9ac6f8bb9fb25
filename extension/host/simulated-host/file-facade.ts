import type { World } from "./world.ts";

/** The last part of a path, whichever slashes it has. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

/** What our scripts may ask of ExtendScript's File and Folder. */
export type DomFile = { readonly exists: boolean; readonly fsName: string; readonly name: string };

/** A constructor as ExtendScript has it: `File(path)` and `new File(path)` are the same. */
export const createFileConstructor = (world: World, fs: string): { (path: string): DomFile; readonly fs: string } => {
  const construct = (path: string): DomFile => ({
    get exists(): boolean {
      return world.fileExists(String(path));
    },
    fsName: String(path),
    name: encodeURIComponent(baseName(String(path))),
  });
  function FileLike(path: string): DomFile {
    return construct(path);
  }
  FileLike.fs = fs;
  return FileLike;
};
