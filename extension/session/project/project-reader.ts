import type { FilePort } from "../../../engine/files.ts";
import { decodeUtf8, parseJsonText } from "../../../schema/json-text.ts";
import { isMembers, type Members } from "../../../schema/layers/layer.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { shown } from "../../../schema/shown.ts";
import { normalise } from "../media-path.ts";
import { take } from "../settle.ts";
import { tooManyLinks, withoutLinks } from "../without-links.ts";

/** A file that people write, as it was read. */
export type ProjectFile = {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly value: Members;
};

/** Settings and presets are small; what is larger is something else. */
const MAX_FILE_BYTES = 1024 * 1024;
/** What one mix may be made of. */
const MAX_FILES = 256;

const outside = (path: string, roots: readonly string[]): Problem => ({
  code: "path-refused",
  message: `"${path}" lies outside the project and was not looked at. Allowed are ${roots.join(", ")}; a house elsewhere is named in "houses" of project.jsonc through a variable of settings.local.jsonc.`,
  file: path,
});

/**
 * Reads the files of a project. Only what lies in its roots is touched, links on the way included: where one leads outside, its target
 * is not even asked for. Holds what was read, so that each file is read once.
 */
export class ProjectReader {
  readonly read = new Map<string, ProjectFile>();
  private readonly files: FilePort;
  private readonly roots: string[];

  constructor(files: FilePort, roots: readonly string[]) {
    this.files = files;
    this.roots = roots.map(normalise);
  }

  /** Lets a further folder be read. */
  allow(folder: string): void {
    this.roots.push(normalise(folder));
  }

  join(...parts: string[]): string {
    return normalise(this.files.join(...parts));
  }

  folderOf(path: string): string {
    return this.files.folderOf(path);
  }

  /** What is at a path; null when nothing is. */
  async kind(path: string): Promise<"file" | "folder" | "other" | null> {
    return (await this.files.facts(await this.locate(path)))?.kind ?? null;
  }

  async list(folder: string): Promise<readonly string[]> {
    return this.files.list(await this.locate(folder));
  }

  async bytes(path: string): Promise<Uint8Array> {
    return this.files.readBytes(await this.locate(path), MAX_FILE_BYTES);
  }

  /** The object in a JSONC file whose `format` is this one; undefined when there is no such file. */
  async file(path: string, format: string): Promise<ProjectFile | undefined> {
    const known = this.read.get(path);
    if (known !== undefined) return known;
    if ((await this.kind(path)) === null) return undefined;
    if (this.read.size === MAX_FILES) {
      throw new ProblemError({ code: "too-large", message: `More than ${MAX_FILES} files make this mix.`, file: path });
    }
    const bytes = await this.bytes(path);
    const text = take(decodeUtf8(bytes, path));
    const value = take(parseJsonText(text, path, { comments: true }));
    if (!isMembers(value) || value["format"] !== format) throw new ProblemError(otherFormat(value, format, path));
    const file = { path, bytes, text, value };
    this.read.set(path, file);
    return file;
  }

  /** The path without links, walked from its root down. */
  private async locate(path: string): Promise<string> {
    const found = await withoutLinks(this.files, path, this.roots);
    if (found.path !== null) return found.path;
    if (found.outside !== null) throw new ProblemError(outside(found.outside, this.roots));
    throw new ProblemError({ code: "path-refused", message: tooManyLinks(path), file: path });
  }
}

const otherFormat = (value: unknown, format: string, path: string): Problem => {
  const found = isMembers(value) ? `its "format" is ${shown(value["format"])}` : `it holds ${shown(value)}`;
  return { code: "schema", message: `This file must be an object with "format": "${format}"; ${found}.`, file: path };
};
