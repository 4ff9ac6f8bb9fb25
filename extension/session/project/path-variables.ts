import type { FilePort } from "../../../engine/files.ts";
import { mixFolderOf, projectFolderAround } from "./mix-folder.ts";
import { ProjectReader } from "./project-reader.ts";
import { localVariables } from "./variables.ts";

/** Folders of this machine by path variable, from the settings.local.jsonc of the document's mix/ folder; none for one that stands alone. */
export const pathVariables = async (files: FilePort, documentFile: string): Promise<ReadonlyMap<string, string>> => {
  const mixFolder = mixFolderOf(files, documentFile);
  if (mixFolder === null) return new Map();
  const reader = new ProjectReader(files, [mixFolder, projectFolderAround(files, mixFolder)]);
  return localVariables(await reader.file(reader.join(mixFolder, "settings.local.jsonc"), "localSettings"));
};
