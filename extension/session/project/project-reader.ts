import type { FilePort } from "../../../engine/files.ts";
import { type FolderFiles, type FolderFormat, parseFolderFile } from "../../../schema/folder-file.ts";
import { decodeUtf8 } from "../../../schema/json-text.ts";
import { type Problem, ProblemError } from "../../../schema/problem.ts";
import { normalise } from "../media-path.ts";
import { take } from "../settle.ts";
import { tooManyLinks, withoutLinks } from "../without-links.ts";

/** A file that people write, as it was read. */
export type ProjectFile<Format extends FolderFormat = FolderFormat> = {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly format: Format;
  readonly value: FolderFiles[Format];
};

/** Settings and presets are small; what is larger is something else. */
const MAX_FILE_BYTES = 256 * 1024;
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
  /** What stands in the files without effect. */
  readonly hints: Problem[] = [];
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

  /** A file of this format, checked; undefined when there is none. */
  async file<Format extends FolderFormat>(path: string, format: Format): Promise<ProjectFile<Format> | undefined> {
    const known = this.read.get(path);
    if (known !== undefined) return known as ProjectFile<Format>;
    if ((await this.kind(path)) === null) return undefined;
    if (this.read.size === MAX_FILES) {
      throw new ProblemError({ code: "too-large", message: `More than ${MAX_FILES} files make this mix.`, file: path });
    }
    const bytes = await this.bytes(path);
    const text = take(decodeUtf8(bytes, path));
    const value = take(parseFolderFile(text, path, format), this.hints);
    const file = { path, bytes, text, format, value };
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
