import type { Stats } from "node:fs";
import { type Problem, type ProblemCode, ProblemError } from "../../schema/problem.ts";

/** What was being done when the system refused. */
export type FileTask = "open" | "read" | "write" | "replace" | "list" | "remove" | "make the folder";

/** Adds what only the caller knows, such as bytes needed and free. */
export type FileDetails = { readonly space?: string };

const writes: ReadonlySet<FileTask> = new Set(["write", "replace", "remove", "make the folder"]);

const codeOf = (errno: string, task: FileTask): ProblemCode => {
  switch (errno) {
    case "ENOTDIR":
      return task === "make the folder" ? "path-refused" : "missing-file";
    case "ENOENT":
      return "missing-file";
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return "disk-full";
    case "EBUSY":
    case "ETXTBSY":
      return "locked";
    case "EROFS":
      return "read-only";
    case "EACCES":
    case "EPERM":
      return writes.has(task) ? "read-only" : "io";
    case "EISDIR":
    case "ELOOP":
    case "ENXIO":
    case "EEXIST":
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE":
      return "path-refused";
    default:
      return "io";
  }
};

const sentences: Readonly<Partial<Record<ProblemCode, string>>> = {
  "disk-full": "The disk is full; what was there before is unchanged. Free space or choose another folder",
  locked: "Another program holds it. Close it there and try again",
  "read-only": "This place may not be written to. Choose another folder, or change its permissions",
  io: "The system could not carry it out. Check the disk, the connection and the permissions, then try again",
};

const missing = (task: FileTask): string => {
  if (task === "write" || task === "replace") return "Its folder does not exist. Make the folder or choose another";
  if (task === "list") return "There is no such folder. Name one that exists";
  if (task === "make the folder") return "The system makes no folder at this place. Choose another path";
  return "Nothing is there. Check the path, or relink the file";
};

const refused = (task: FileTask): string =>
  task === "make the folder"
    ? "A file stands where the folder would be, or its name is not allowed. Choose another path"
    : "Only a regular file under a name that the file system takes is allowed. Choose another path";

/** Whether the system refused for one of these reasons. */
export const errnoIs = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && "code" in error && codes.includes(String(error.code));

const errnoOf = (error: unknown): string | null => {
  const code = error instanceof Error && "code" in error ? error.code : null;
  // Node's own ERR_ codes are defects of the caller, but for a NUL in a path, which a document may hold.
  return typeof code === "string" && (!code.startsWith("ERR_") || code === "ERR_INVALID_ARG_VALUE") ? code : null;
};

/** Turns an error of node:fs into the problem that names the path and the way out; any other error is a defect and comes back as it is. */
export const fileError = (error: unknown, path: string, task: FileTask, { space = "" }: FileDetails = {}): unknown => {
  const errno = errnoOf(error);
  if (errno === null || error instanceof ProblemError) return error;
  const code = codeOf(errno, task);
  const advice = code === "missing-file" ? missing(task) : code === "path-refused" ? refused(task) : sentences[code];
  const problem: Problem = {
    code,
    message: `Premix could not ${task} ${path} (${errno}). ${space}${advice}.`,
    file: path,
  };
  return new ProblemError(problem);
};

/** A path that leads to something else than a regular file. `what` is a noun with its article. */
export const notRegular = (path: string, what: string): ProblemError =>
  new ProblemError({
    code: "path-refused",
    message: `${path} is ${what}, not a regular file. Only regular files can be read; choose another.`,
    file: path,
  });

/** A name under which something else than a regular file stands: writing would take its place. */
export const notReplaceable = (path: string, what: string): ProblemError =>
  new ProblemError({
    code: "path-refused",
    message: `${path} is ${what}, which is never replaced by a file. Choose another name.`,
    file: path,
  });

/** What stands at a path that is no regular file, with its article. */
export const kindOf = (stats: Pick<Stats, "isDirectory" | "isFIFO" | "isSocket">): string => {
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
};

/** A file that shrank while it was being read. */
export const changedWhileRead = (path: string): ProblemError =>
  new ProblemError({
    code: "changed-media",
    message: `${path} became shorter while it was being read. Wait until the program that writes it has finished, then try again.`,
    file: path,
  });

/** A file above the size that its reader takes whole. */
export const tooLarge = (path: string, sizeBytes: number, maxBytes: number): ProblemError =>
  new ProblemError({
    code: "too-large",
    message: `${path} has ${sizeBytes} bytes; at most ${maxBytes} bytes are allowed here. Choose a smaller file.`,
    file: path,
  });
