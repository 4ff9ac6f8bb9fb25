import type { FilePort } from "../../engine/files.ts";
import { ProblemError } from "../../schema/problem.ts";

/** A file port over a map: for tests of sound, where the disk has no say. */
export const createMemoryFiles = (initial: Readonly<Record<string, Uint8Array>> = {}) => {
  const stored = new Map<string, Uint8Array>(Object.entries(initial));
  const must = (path: string): Uint8Array => {
    const bytes = stored.get(path);
    if (!bytes) throw new ProblemError({ code: "missing-file", message: `"${path}" is not there.`, file: path });
    return bytes;
  };
  const files: FilePort = {
    facts: async (path) => {
      const bytes = stored.get(path);
      return bytes ? { sizeBytes: bytes.length, modifiedMs: 0, kind: "file" } : null;
    },
    open: async (path) => {
      const bytes = must(path);
      return {
        name: path,
        sizeBytes: bytes.length,
        read: (position, into) => {
          const piece = bytes.subarray(position, position + into.length);
          into.set(piece);
          return piece.length;
        },
        close: () => {},
      };
    },
    create: async (path) => {
      let bytes = new Uint8Array(0);
      return {
        path,
        write: (position, piece) => {
          if (position + piece.length > bytes.length) {
            const longer = new Uint8Array(position + piece.length);
            longer.set(bytes);
            bytes = longer;
          }
          bytes.set(piece, position);
        },
        commit: async () => {
          stored.set(path, bytes);
        },
        abort: async () => {},
      };
    },
    readBytes: async (path) => must(path),
    writeAtomic: async (path, bytes) => {
      stored.set(path, bytes.slice());
    },
    list: async () => [...stored.keys()],
    makeFolder: async () => {},
    remove: async (path) => {
      stored.delete(path);
    },
    join: (...parts) => parts.join("/"),
    baseName: (path) => path.slice(path.lastIndexOf("/") + 1),
    folderOf: (path) => path.slice(0, Math.max(0, path.lastIndexOf("/"))),
  };
  return { files, stored };
};
