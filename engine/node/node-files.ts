import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { ByteSource, FileFacts, FilePort, RunningSha256 } from "../files.ts";
import { createAtomicSink, type NodeFileSystem } from "./atomic-sink.ts";
import { changedWhileRead, errnoIs, type FileTask, fileError, kindOf, notRegular, tooLarge } from "./file-problem.ts";

export type NodeFilesOptions = {
  /** node:fs, or a test's stand-in that fails. */
  readonly system?: NodeFileSystem;
  /** How long a locked file is tried again. Defaults to 10,000 ms. */
  readonly retryForMs?: number;
};

const attempt = <T>(file: string, task: FileTask, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw fileError(error, file, task);
  }
};

const factsOf = (stats: fs.Stats): FileFacts => ({
  sizeBytes: stats.size,
  modifiedMs: stats.mtimeMs,
  kind: stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other",
});

const factsAt = (system: NodeFileSystem, file: string): FileFacts | null => {
  try {
    return factsOf(system.statSync(file));
  } catch (error) {
    // ENOTDIR: a part of the path is a file.
    if (errnoIs(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
};

const linkTargetAt = (system: NodeFileSystem, file: string): string | null => {
  try {
    return system.readlinkSync(file);
  } catch (error) {
    // EINVAL: something else than a link is there. UNKNOWN: the same on Windows.
    if (errnoIs(error, "EINVAL", "UNKNOWN", "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
};

/** Synchronous random access; a worker's render spends no turn of the event loop on reading. */
class NodeSource implements ByteSource {
  readonly name: string;
  readonly sizeBytes: number;
  private readonly system: NodeFileSystem;
  private readonly path: string;
  private readonly descriptor: number;
  private open = true;

  constructor(system: NodeFileSystem, file: string, descriptor: number, sizeBytes: number) {
    this.name = path.basename(file);
    this.sizeBytes = sizeBytes;
    this.system = system;
    this.path = file;
    this.descriptor = descriptor;
  }

  read(position: number, into: Uint8Array): number {
    if (!this.open) throw new TypeError(`${this.path} is already closed`);
    const wanted = Math.max(0, Math.min(into.length, this.sizeBytes - position));
    const done = attempt(this.path, "read", () => readFully(this.system, this.descriptor, position, into, wanted));
    if (done < wanted) throw changedWhileRead(this.path);
    return done;
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.system.closeSync(this.descriptor);
  }
}

const readFully = (system: NodeFileSystem, descriptor: number, position: number, into: Uint8Array, wanted: number) => {
  let done = 0;
  while (done < wanted) {
    const read = system.readSync(descriptor, into, done, wanted - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
};

/** Node's own recursive mkdir never returns where the system makes no folder although its parent is there (/proc, a removed folder). */
const makeFolders = (system: NodeFileSystem, folder: string): void => {
  const missing: string[] = [];
  for (let at = path.resolve(folder); factsAt(system, at)?.kind !== "folder"; at = path.dirname(at)) {
    missing.unshift(at);
    if (path.dirname(at) === at) break;
  }
  for (const at of missing) {
    try {
      system.mkdirSync(at);
    } catch (error) {
      // Another process may have been faster.
      if (!errnoIs(error, "EEXIST") || factsAt(system, at)?.kind !== "folder") throw error;
    }
  }
};

/** Links are followed, but only to a regular file: it is asked before the opening (a device may act on it) and again after. */
const openRegular = (system: NodeFileSystem, file: string): NodeSource => {
  const before = system.statSync(file);
  if (!before.isFile()) throw notRegular(file, kindOf(before));
  const { O_RDONLY, O_NONBLOCK = 0 } = system.constants;
  const descriptor = system.openSync(file, O_RDONLY | O_NONBLOCK);
  const stats = system.fstatSync(descriptor);
  if (stats.isFile()) return new NodeSource(system, file, descriptor, stats.size);
  system.closeSync(descriptor);
  throw notRegular(file, kindOf(stats));
};

const createSha256 = (): RunningSha256 => {
  const hash = createHash("sha256");
  return { update: (bytes) => void hash.update(bytes), digestHex: () => hash.digest("hex") };
};

/** Files by node:fs: reads are synchronous, files appear whole under their final name or not at all. */
export const createNodeFiles = (options: NodeFilesOptions = {}): FilePort => {
  const system = options.system ?? fs;
  const ground = { system, retryForMs: options.retryForMs ?? 10_000 };
  const files: FilePort = {
    facts: async (file) => attempt(file, "open", () => factsAt(system, file)),
    open: async (file) => attempt(file, "open", () => openRegular(system, file)),
    create: async (file) => createAtomicSink(ground, file),
    readBytes: async (file, maxBytes) => {
      const source = attempt(file, "open", () => openRegular(system, file));
      try {
        if (source.sizeBytes > maxBytes) throw tooLarge(file, source.sizeBytes, maxBytes);
        const bytes = new Uint8Array(source.sizeBytes);
        source.read(0, bytes);
        return bytes;
      } finally {
        source.close();
      }
    },
    writeAtomic: async (file, bytes) => {
      const sink = createAtomicSink(ground, file);
      try {
        await sink.write(0, bytes);
      } catch (error) {
        await sink.abort();
        throw error;
      }
      await sink.commit();
    },
    list: async (folder) => attempt(folder, "list", () => system.readdirSync(folder).sort()),
    makeFolder: async (folder) => attempt(folder, "make the folder", () => makeFolders(system, folder)),
    remove: async (file) => attempt(file, "remove", () => system.rmSync(file, { force: true })),
    join: (...parts) => path.join(...parts),
    baseName: (file) => path.basename(file),
    folderOf: (file) => path.dirname(file),
    realPath: async (file) => attempt(file, "open", () => system.realpathSync(file)),
    linkTarget: async (file) => attempt(file, "open", () => linkTargetAt(system, file)),
    createSha256,
  };
  return files;
};
