import type { ByteSink, ByteSource, FileFacts, FilePort } from "../files.ts";
import type { FileRequest } from "./messages.ts";

/** The worker's file port: every operation is asked of the page. */
export const createRemoteFiles = (ask: (request: FileRequest) => Promise<unknown>, separator: "/" | "\\"): FilePort => {
  const answer = <T>(request: FileRequest) => ask(request) as Promise<T>;
  const lastSeparator = (path: string) => Math.max(path.lastIndexOf("/"), path.lastIndexOf(separator));
  return {
    facts: (path) => answer<FileFacts | null>({ op: "facts", path }),
    open: async (path): Promise<ByteSource> => {
      const { handle, name, sizeBytes } = await answer<{ handle: number; name: string; sizeBytes: number }>({
        op: "open",
        path,
      });
      return {
        name,
        sizeBytes,
        read: async (position, into) => {
          const bytes = await answer<Uint8Array>({ op: "read", handle, position, length: into.length });
          into.set(bytes);
          return bytes.length;
        },
        close: () => answer<void>({ op: "close", handle }),
      };
    },
    create: async (path): Promise<ByteSink> => {
      const handle = await answer<number>({ op: "create", path });
      return {
        path,
        // The bytes are a view on engine memory, which goes on changing: the message takes a copy.
        write: (position, bytes) => answer<void>({ op: "write", handle, position, bytes: bytes.slice() }),
        commit: () => answer<void>({ op: "commit", handle }),
        abort: () => answer<void>({ op: "abort", handle }),
      };
    },
    readBytes: (path, maxBytes) => answer<Uint8Array>({ op: "readBytes", path, maxBytes }),
    writeAtomic: (path, bytes) => answer<void>({ op: "writeAtomic", path, bytes }),
    list: (path) => answer<readonly string[]>({ op: "list", path }),
    makeFolder: (path) => answer<void>({ op: "makeFolder", path }),
    remove: (path) => answer<void>({ op: "remove", path }),
    join: (...parts) => parts.join(separator),
    baseName: (path) => path.slice(lastSeparator(path) + 1),
    folderOf: (path) => path.slice(0, Math.max(0, lastSeparator(path))),
  };
};
