import { createHash, randomBytes } from "node:crypto";
import type * as fs from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import type { ByteSink } from "../files.ts";
import { errnoIs, fileError, kindOf, notReplaceable } from "./file-problem.ts";

/** The part of node:fs that files are read and written with; tests put faults in its place. */
export type NodeFileSystem = Pick<
  typeof fs,
  | "chmodSync"
  | "closeSync"
  | "constants"
  | "fstatSync"
  | "fsyncSync"
  | "lstatSync"
  | "mkdirSync"
  | "openSync"
  | "readSync"
  | "readdirSync"
  | "readlinkSync"
  | "realpathSync"
  | "renameSync"
  | "rmSync"
  | "statSync"
  | "unlinkSync"
  | "writeSync"
> &
  // Premiere's Node 17.7 has no statfs.
  Partial<Pick<typeof fs, "statfsSync">>;

export type AtomicGround = { readonly system: NodeFileSystem; readonly retryForMs: number };

/** Keeps two machines on one shared folder from taking each other's process ids for their own. */
const machineId = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
const temporaryName = /\.tmp-(\d+)-([0-9a-f]{6})[0-9a-f]{10}$/;

const MAX_NAME_BYTES = 255;

const temporaryPath = (finalPath: string): string => {
  const suffix = `.tmp-${process.pid}-${machineId}${randomBytes(5).toString("hex")}`;
  const name = [...path.basename(finalPath)];
  // A name as long as the file system allows still has a temporary one.
  while (Buffer.byteLength(name.join("")) + suffix.length > MAX_NAME_BYTES && name.length > 1) name.pop();
  return path.join(path.dirname(finalPath), name.join("") + suffix);
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return !errnoIs(error, "ESRCH");
  }
};

/** Removes what processes of this machine that no longer run have left in the folder; nothing else is touched. */
const removeStaleTemporaries = (system: NodeFileSystem, folder: string): void => {
  for (const name of system.readdirSync(folder)) {
    const [, pid, machine] = temporaryName.exec(name) ?? [];
    if (pid === undefined || machine !== machineId || isRunning(Number(pid))) continue;
    try {
      system.unlinkSync(path.join(folder, name));
    } catch (error) {
      // Another Premix was faster, or the left-over may not be removed: neither stands in the way of the new file.
      if (!errnoIs(error, "ENOENT", "EPERM", "EACCES", "EBUSY", "EISDIR", "EROFS")) throw error;
    }
  }
};

const freeBytes = (system: NodeFileSystem, folder: string): number | null => {
  try {
    const facts = system.statfsSync?.(folder);
    return facts ? facts.bavail * facts.bsize : null;
  } catch {
    // The message then only says how much is needed.
    return null;
  }
};

const spaceSentence = (system: NodeFileSystem, finalPath: string, neededBytes: number): string => {
  const free = freeBytes(system, path.dirname(finalPath));
  return `At least ${neededBytes} bytes are needed${free === null ? "" : `, ${free} bytes are free`}. `;
};

/** Runs `work` until the lock that a virus scanner or an indexer holds on the file is gone: up to `retryForMs`, with growing pauses. */
const retryWhileLocked = async (work: () => void, retryForMs: number): Promise<void> => {
  const locks = process.platform === "win32" ? ["EPERM", "EBUSY", "EACCES"] : ["EPERM", "EBUSY"];
  let waitedMs = 0;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    try {
      work();
      return;
    } catch (error) {
      if (!errnoIs(error, ...locks) || waitedMs >= retryForMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    waitedMs += pauseMs;
  }
};

/** Makes a rename last through a power cut. Windows has no such call for folders. */
const syncFolder = (system: NodeFileSystem, folder: string): void => {
  if (process.platform === "win32") return;
  const descriptor = system.openSync(folder, system.constants.O_RDONLY);
  try {
    system.fsyncSync(descriptor);
  } finally {
    system.closeSync(descriptor);
  }
};

/** A replaced file keeps its permissions. */
const keepMode = (system: NodeFileSystem, finalPath: string, temporary: string): void => {
  const before = system.lstatSync(finalPath, { throwIfNoEntry: false });
  if (before?.isFile() && process.platform !== "win32") system.chmodSync(temporary, before.mode & 0o777);
};

/** Bytes under a temporary name beside the final one, which they take over by `commit` only. */
class AtomicSink implements ByteSink {
  readonly path: string;
  private readonly ground: AtomicGround;
  private readonly temporary: string;
  private readonly descriptor: number;
  private open = true;

  constructor(ground: AtomicGround, finalPath: string, temporary: string, descriptor: number) {
    this.path = finalPath;
    this.ground = ground;
    this.temporary = temporary;
    this.descriptor = descriptor;
  }

  write(position: number, bytes: Uint8Array): void {
    if (!this.open) throw new TypeError(`${this.path} is already closed`);
    const { system } = this.ground;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += system.writeSync(this.descriptor, bytes, done, bytes.length - done, position + done);
      }
    } catch (error) {
      const space = errnoIs(error, "ENOSPC", "EDQUOT", "EFBIG")
        ? spaceSentence(system, this.path, position + bytes.length)
        : "";
      throw fileError(error, this.path, "write", { space });
    }
  }

  async commit(): Promise<void> {
    if (!this.open) throw new TypeError(`${this.path} is already closed`);
    const { system, retryForMs } = this.ground;
    try {
      // A failed fsync is not tried again: the system may have dropped the bytes and would then report success.
      system.fsyncSync(this.descriptor);
      this.closeDescriptor();
      keepMode(system, this.path, this.temporary);
      await retryWhileLocked(() => system.renameSync(this.temporary, this.path), retryForMs);
      syncFolder(system, path.dirname(this.path));
    } catch (error) {
      // This failure is the one to tell; a temporary file that cannot be removed either goes at a later `create`.
      await this.abort().catch(() => undefined);
      throw fileError(error, this.path, "replace");
    }
  }

  async abort(): Promise<void> {
    try {
      this.closeDescriptor();
      this.ground.system.rmSync(this.temporary, { force: true });
    } catch (error) {
      throw fileError(error, this.temporary, "remove");
    }
  }

  private closeDescriptor(): void {
    if (!this.open) return;
    this.open = false;
    this.ground.system.closeSync(this.descriptor);
  }
}

/** A rename would put the file in the place of a device or a pipe, and would fail at a folder only when all the work is done. */
const refuseOtherKinds = (system: NodeFileSystem, finalPath: string): void => {
  const before = system.lstatSync(finalPath, { throwIfNoEntry: false });
  if (before && !before.isFile() && !before.isSymbolicLink()) throw notReplaceable(finalPath, kindOf(before));
};

/** Opens a sink for `finalPath`, after tidying up what dead processes left in its folder. */
export const createAtomicSink = (ground: AtomicGround, finalPath: string): ByteSink => {
  const { system } = ground;
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = system.constants;
  const temporary = temporaryPath(finalPath);
  try {
    refuseOtherKinds(system, finalPath);
    removeStaleTemporaries(system, path.dirname(finalPath));
    const descriptor = system.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    return new AtomicSink(ground, finalPath, temporary, descriptor);
  } catch (error) {
    throw fileError(error, finalPath, "write");
  }
};
