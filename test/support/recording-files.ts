import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FilePort } from "../../engine/files.ts";

const refuse = (): never => {
  throw new Error("this file port only looks");
};

/** A file port that looks at the real disk and remembers every path it was asked about; it opens and writes nothing. */
export const recordingFiles = (): FilePort & { readonly touched: string[] } => {
  const touched: string[] = [];
  return {
    touched,
    facts: async (path) => {
      touched.push(path);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (!stats) return null;
      const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
      return { sizeBytes: stats.size, modifiedMs: stats.mtimeMs, kind };
    },
    list: async (folder) => {
      touched.push(folder);
      return readdirSync(folder);
    },
    open: refuse,
    create: refuse,
    readBytes: refuse,
    writeAtomic: refuse,
    makeFolder: refuse,
    remove: refuse,
    join,
    baseName: (path) => basename(path),
    folderOf: (path) => dirname(path),
  };
};
