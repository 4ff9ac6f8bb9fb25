import type { FilePort } from "../../engine/files.ts";
import { editorSchemas } from "../../schema/editor-schemas.ts";
import { type NewProject, projectFiles, projectFolders } from "./project-template.ts";

/** What `initProject` did, by path as seen from the folder. */
export type InitReport = {
  readonly written: readonly string[];
  /** Was there before and stayed as it was. */
  readonly kept: readonly string[];
};

/** Schemas belong to the program, not to people: a newer program brings newer ones. */
const isOurs = (path: string): boolean => path.startsWith("mix/schema/");

const sameBytes = async (files: FilePort, path: string, bytes: Uint8Array): Promise<boolean> => {
  const present = await files.readBytes(path, bytes.length + 1);
  return present.length === bytes.length && present.every((byte, index) => byte === bytes[index]);
};

/** True when the file is to be written: it is not there, or is an older schema of ours. */
const isWanted = async (files: FilePort, path: string, bytes: Uint8Array, ours: boolean): Promise<boolean> => {
  const facts = await files.facts(path);
  if (facts === null) return true;
  if (!ours || facts.kind !== "file") return false;
  return facts.sizeBytes !== bytes.length || !(await sameBytes(files, path, bytes));
};

/**
 * Makes the folder of a project: settings, schemas for editors, places for documents, presets and houses; `more` adds files of houses.
 * What people own is never overwritten, so a second run changes nothing.
 */
export const initProject = async (
  files: FilePort,
  folder: string,
  project: NewProject,
  more: ReadonlyMap<string, string> = new Map(),
): Promise<InitReport> => {
  for (const name of [...projectFolders, ".vscode"]) await files.makeFolder(files.join(folder, name));
  const schemas = [...editorSchemas()].map(([name, text]) => [`mix/schema/${name}`, text] as const);
  const written: string[] = [];
  const kept: string[] = [];
  for (const [name, text] of [...projectFiles(project), ...more, ...schemas]) {
    const path = files.join(folder, name);
    const bytes = new TextEncoder().encode(text);
    if (await isWanted(files, path, bytes, isOurs(name))) {
      await files.makeFolder(files.folderOf(path));
      await files.writeAtomic(path, bytes);
      written.push(name);
    } else kept.push(name);
  }
  return { written, kept };
};
