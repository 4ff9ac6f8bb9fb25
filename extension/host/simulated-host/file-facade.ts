import type { World } from "./world.ts";

const BASE_NAME = /[^\\/]*$/;

/** What our scripts may ask of ExtendScript's File and Folder. */
export type DomFile = { readonly exists: boolean; readonly fsName: string; readonly name: string };

/** A constructor as ExtendScript has it: `File(path)` and `new File(path)` are the same. */
export const createFileConstructor = (world: World, fs: string): { (path: string): DomFile; readonly fs: string } => {
  const construct = (path: string): DomFile => ({
    get exists(): boolean {
      return world.fileExists(String(path));
    },
    fsName: String(path),
    name: encodeURIComponent(BASE_NAME.exec(String(path))?.[0] ?? ""),
  });
  function FileLike(path: string): DomFile {
    return construct(path);
  }
  FileLike.fs = fs;
  return FileLike;
};
