import type { ByteSink, ByteSource, FilePort } from "../../engine/files.ts";
import { type ProblemCode, ProblemError } from "../../schema/problem.ts";

/** The part of Node's fs.promises that the panel uses; CEP gives it by `cep_node.require("fs")`. */
export type NodeFileHandle = {
  stat(): Promise<NodeFileFacts>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<unknown>;
  sync(): Promise<void>;
  close(): Promise<void>;
};
export type NodeFileFacts = {
  readonly size: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
};
export type NodeFilePromises = {
  open(path: string, flags: string): Promise<NodeFileHandle>;
  stat(path: string): Promise<NodeFileFacts>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  readdir(path: string): Promise<readonly string[]>;
  mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>;
};

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";

const meanings: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ENOENT: ["missing-file", "is not there; look for it, or choose another place"],
  ENOSPC: ["disk-full", "does not fit: the disk is full; free some space and try again"],
  EROFS: ["read-only", "lies on a read-only disk; choose another folder"],
  EACCES: ["read-only", "may not be touched by this user; choose another folder or change its rights"],
  EPERM: ["locked", "is held by another program; close it there and try again"],
  EBUSY: ["locked", "is held by another program; close it there and try again"],
};

/** Runs a file operation; what the system refuses becomes a problem that names the path. */
const attempt = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const [code, meaning] = meanings[codeOf(error)] ?? ["io", `cannot be used (${String(error)})`];
    throw new ProblemError({ code, message: `"${path}" ${meaning}.`, file: path });
  }
};

const refuseIrregular = (path: string): never => {
  throw new ProblemError({
    code: "path-refused",
    message: `"${path}" is not a regular file (a folder, pipe or device); choose a file.`,
    file: path,
  });
};

/** Files through CEP's Node, asynchronous throughout: the page stays responsive while the engine reads. */
export const createCepFiles = (fs: NodeFilePromises, separator: "/" | "\\"): FilePort => {
  const lastSeparator = (path: string) => Math.max(path.lastIndexOf("/"), path.lastIndexOf(separator));
  const folderOf = (path: string) => path.slice(0, Math.max(0, lastSeparator(path)));
  const baseName = (path: string) => path.slice(lastSeparator(path) + 1);
  let temporaries = 0;

  const factsOf = async (path: string) => {
    try {
      return await fs.stat(path);
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return null;
      throw error;
    }
  };

  const open = (path: string): Promise<ByteSource> =>
    attempt(path, async () => {
      // Asked before opening: opening a pipe would wait for its other end.
      if (!(await fs.stat(path)).isFile()) return refuseIrregular(path);
      const handle = await fs.open(path, "r");
      const { size } = await handle.stat();
      return {
        name: baseName(path),
        sizeBytes: size,
        read: async (position, into) => (await handle.read(into, 0, into.length, position)).bytesRead,
        close: () => handle.close(),
      };
    });

  const syncFolder = async (folder: string) => {
    if (separator === "\\") return; // Windows cannot open a folder; its rename is journalled.
    const handle = await fs.open(folder, "r");
    await handle.sync();
    await handle.close();
  };

  const create = (path: string): Promise<ByteSink> =>
    attempt(path, async () => {
      temporaries += 1;
      const temporary = `${path}.tmp-panel-${Date.now().toString(36)}-${temporaries}`;
      const handle = await fs.open(temporary, "wx");
      return {
        path,
        write: (position, bytes) =>
          attempt(path, async () => {
            await handle.write(bytes, 0, bytes.length, position);
          }),
        commit: () =>
          attempt(path, async () => {
            await handle.sync();
            await handle.close();
            await fs.rename(temporary, path);
            await syncFolder(folderOf(path));
          }),
        abort: () =>
          attempt(path, async () => {
            await handle.close();
            await fs.unlink(temporary);
          }),
      };
    });

  const readBytes = async (path: string, maxBytes: number): Promise<Uint8Array> => {
    const source = await open(path);
    try {
      if (source.sizeBytes > maxBytes)
        throw new ProblemError({
          code: "too-large",
          message: `"${path}" has ${source.sizeBytes} bytes; at most ${maxBytes} are read.`,
          file: path,
        });
      const bytes = new Uint8Array(source.sizeBytes);
      return bytes.subarray(0, await source.read(0, bytes));
    } finally {
      await source.close();
    }
  };

  return {
    facts: (path) =>
      attempt(path, async () => {
        const facts = await factsOf(path);
        if (!facts) return null;
        const kind = facts.isFile() ? "file" : facts.isDirectory() ? "folder" : "other";
        return { sizeBytes: facts.size, modifiedMs: facts.mtimeMs, kind };
      }),
    open,
    create,
    readBytes,
    writeAtomic: async (path, bytes) => {
      const sink = await create(path);
      await sink.write(0, bytes);
      await sink.commit();
    },
    list: (path) => attempt(path, () => fs.readdir(path)),
    makeFolder: (path) =>
      attempt(path, async () => {
        await fs.mkdir(path, { recursive: true });
      }),
    remove: (path) => attempt(path, () => fs.unlink(path)),
    join: (...parts) => parts.join(separator),
    baseName,
    folderOf,
  };
};
