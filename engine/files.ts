export type MaybePromise<T> = T | Promise<T>;

/** Random access to the bytes of one regular file. Synchronous where the platform allows (Node workers), else a promise. */
export type ByteSource = {
  readonly name: string;
  readonly sizeBytes: number;
  /** Fills `into` from `position`; gives the number of bytes read, less than asked only at the end. */
  read(position: number, into: Uint8Array): MaybePromise<number>;
  close(): MaybePromise<void>;
};

/** Bytes on their way to a final name: they get it only by `commit` (fsync, rename, fsync of the folder). */
export type ByteSink = {
  readonly path: string;
  /** Writes at `position`; positions may be revisited (headers). */
  write(position: number, bytes: Uint8Array): MaybePromise<void>;
  commit(): Promise<void>;
  /** Removes the temporary file; the old file under the final name stays. */
  abort(): Promise<void>;
};

export type FileFacts = {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly kind: "file" | "folder" | "other";
};

/** A running SHA-256. */
export type RunningSha256 = {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal; ends the hash. */
  digestHex(): string;
};

/** The only way in which engine and session touch files. Errors are ProblemErrors (missing-file, disk-full, read-only, io ...). */
export type FilePort = {
  /** null when nothing is there. */
  facts(path: string): Promise<FileFacts | null>;
  /** Opens a regular file; anything else (FIFO, device, folder) is refused without blocking. */
  open(path: string): Promise<ByteSource>;
  create(path: string): Promise<ByteSink>;
  /** Whole small files (documents). */
  readBytes(path: string, maxBytes: number): Promise<Uint8Array>;
  writeAtomic(path: string, bytes: Uint8Array): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
  makeFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  join(...parts: string[]): string;
  baseName(path: string): string;
  folderOf(path: string): string;
  /** The same place without links on the way, by which a walk knows where it has been; absent where there are no links. */
  realPath?(path: string): Promise<string>;
  /** Where the link at `path` leads, as it is written there; null when no link is there. Asks for nothing else. */
  linkTarget?(path: string): Promise<string | null>;
  /** The platform's own SHA-256 where it has a running one (10 times the speed of the portable one). */
  createSha256?(): RunningSha256;
};
