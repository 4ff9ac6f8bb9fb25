import type { FilePort } from "../../engine/files.ts";
import { createNodeFiles } from "../../engine/node/node-files.ts";

/** The real disk, with every path that was looked at or opened. */
export const spyingFiles = (): FilePort & { readonly touched: Set<string>; readonly opened: string[] } => {
  const files = createNodeFiles();
  const touched = new Set<string>();
  const opened: string[] = [];
  const seen = (path: string): string => {
    touched.add(path);
    return path;
  };
  return {
    ...files,
    touched,
    opened,
    facts: (path) => files.facts(seen(path)),
    list: (folder) => files.list(seen(folder)),
    realPath: (path) => files.realPath!(seen(path)),
    linkTarget: (path) => files.linkTarget!(seen(path)),
    readBytes: (path, most) => files.readBytes(seen(path), most),
    open: (path) => {
      opened.push(path);
      return files.open(seen(path));
    },
  };
};
